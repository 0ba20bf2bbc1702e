"""The stages of a month, in their fixed order. The order is data: see `STAGES` at the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from agents.outlook import Array
from sim.deliberation.answers import expected_answers
from sim.deliberation.options import design, request, respond, weigh
from sim.deliberation.table import Table
from sim.influence.behavioural import influence_of_the_month
from sim.influence.coleman import control, interests, power
from sim.influence.emerson import dependence, marginal_values
from sim.influence.fbic import bandwidth, capacity
from sim.scenario.quantiles import standard_normal
from sim.scenario.shocks import SHOCKS
from sim.world.controls import controls
from sim.world.deal import bargain, breaches, deal_stage
from sim.world.functions import supplies
from sim.world.masks import Fixed, live, open_levels
from sim.world.minsk import compliance
from sim.world.month import WORLD_STAGES, Month, begin, closed
from sim.world.state import share
from sim.world.war import Chance

if TYPE_CHECKING:
    from sim.model import ConflictModel


@dataclass(frozen=True)
class Stage:
    """A named step of the month."""

    name: str
    does: str
    run: Callable[[ConflictModel], None]


def shocks(model: ConflictModel) -> None:
    """Events of the month move the drivers they name, within the bounds of those."""
    now = model.what_if.start + model.month
    moved: dict[str, Array] = {}
    for event in model.what_if.events:
        if event.at == now:
            for name, size in event.shock.items():
                field = name.replace(".", "_")
                value = moved.get(field, getattr(model.state, field)) + size
                moved[field] = share(value) if SHOCKS[name].unit == "0-1" else value.clip(0.0)
    model.state = replace(model.state, **moved)


def beliefs(model: ConflictModel) -> None:
    """Actors watch what the others play as they stand; the month's open levels are found."""
    for actor in model.actors.values():
        for other in model.actors.values():
            if other is not actor:
                actor.expect(other)
    fixed = fixed_of(model)
    menus = {name: actor.menu for name, actor in model.actors.items()}
    unscripted = open_levels(model.state, menus)
    model.open = open_levels(model.state, menus, fixed) if fixed else unscripted
    model.live = {
        name: {lever: live(levels) for lever, levels in unscripted[name].items()} for name in menus
    }


def fixed_of(model: ConflictModel) -> list[Fixed]:
    """Levers that the scenario holds this month."""
    now = model.what_if.start + model.month
    return [
        Fixed(m.actor, m.lever, _level(model, m.actor, m.lever, m.level))
        for m in model.what_if.moves
        if m.first <= now <= m.last
    ]


def table_of(model: ConflictModel) -> Table:
    """What the actors deliberate with, once the month's beliefs are formed."""
    return Table(
        state=model.state,
        parameters=model.parameters,
        light=model.light,
        actors=model.actors,
        plays=model.what_if.plays,
        open=model.open,
        horizon=model.what_if.horizon,
        exact=model.exact,
    )


def choices(model: ConflictModel) -> None:
    """All actors weigh every option at once and draw one; influence is taken before they move."""
    table = table_of(model)
    answers = expected_answers(table)
    asked = []
    for actor in model.actors.values():
        rows = design(table, actor)
        asked.append((rows, request(table, actor, rows, table.believed_play(actor), answers)))
    model.weighed = {weighed.actor.name: weighed for weighed in weigh(table, asked)}
    responses = {name: respond(table, weighed) for name, weighed in model.weighed.items()}
    model.influence = influence_of_the_month(table, model.weighed, model.in_all_pairs)
    allowed = {name: table.feasible(actor) for name, actor in model.actors.items()}
    model.interests = interests(model.weighed, allowed)
    for name, actor in model.actors.items():
        draws = {lever: model.chance(f"choice.{name}.{lever}") for lever in actor.menu.names}
        actor.choose(responses[name], draws)


def deal(model: ConflictModel) -> None:
    """Each quarter Minsk and Moscow may replace the standing deal; in January gas follows."""
    now = model.what_if.start + model.month
    model.bargain = None
    if now.month % 3 == 1:
        russia, belarus = model.actors["russia"], model.actors["belarus"]
        play = {
            **russia.beliefs,
            "russia": russia.standing(),
            "belarus": belarus.standing(),
        }
        model.bargain = bargain(
            model.state,
            play,
            model.parameters,
            russia,
            belarus,
            model.what_if.horizon,
            model.light.payoffs,
            months_to_january=(13 - now.month) % 12,
        )
    model.promised = deal_stage(model.state, model.bargain, now.month == 1)


def influence(model: ConflictModel) -> None:
    """The month closes: the new deal stands, and it is measured who depends on and moves whom."""
    month = model.last
    model.compliance = compliance(month.start, month.c, month.p)
    model.breaches = breaches(month.start, month.c, month.p)
    model.state = replace(closed(month), **model.promised)
    given = supplies(model.state, month.c, model.parameters)
    worth = marginal_values(model.state, month.c, given, model.light, model.what_if.horizon)
    names = list(model.actors)
    model.dependence = dependence(given, worth, model.parameters["world.substitution"], names)
    model.coleman, _ = power(model.interests, control(model.dependence))
    for key, with_access in (("fbic", False), ("fbic_access", True)):
        passed = bandwidth(model.state, month.c, model.parameters, names, with_access=with_access)
        model.capacity[key] = capacity(passed, model.dependence)


def record(model: ConflictModel) -> None:
    """Mesa's collector, if any, takes down the month."""
    model.month += 1
    model.running = model.month < model.what_if.months
    if model.datacollector is not None:
        model.datacollector.collect(model)


def _world(name: str, run: Callable[[Month], None]) -> Callable[[ConflictModel], None]:
    """A stage of the world, run on the month under way; the first of them opens the month."""

    def stage(model: ConflictModel) -> None:
        if name == WORLD_STAGES[0][0]:
            model.underway = _open(model)
        run(model.last)

    return stage


def _open(model: ConflictModel) -> Month:
    """Begin the month on the path of each world: the play chosen, luck and endings drawn."""
    play = {name: actor.standing() for name, actor in model.actors.items()}
    draws = [
        model.chance(f"ending.{kind}") for kind in ("russian", "ukrainian", "talks", "relapse")
    ]
    return begin(
        model.state,
        controls(play, model.parameters),
        model.parameters,
        luck=_luck(model),
        draws=np.stack(draws),
    )


def _luck(model: ConflictModel) -> Chance:
    """Log-normal multipliers of mean 1, so that nothing goes negative."""

    def multiplier(purpose: str, spread: Array) -> Array:
        z = standard_normal(model.chance(purpose))
        return np.exp(spread * z - 0.5 * spread * spread)

    push, losses = model.parameters["world.noise_push"], model.parameters["world.noise_losses"]
    return Chance(
        push_russia=multiplier("push.russia", push),
        push_ukraine=multiplier("push.ukraine", push),
        losses_russia=multiplier("losses.russia", losses),
        losses_ukraine=multiplier("losses.ukraine", losses),
        oil=multiplier("oil", model.parameters["world.noise_oil"]),
        gas=multiplier("gas", model.parameters["world.noise_gas"]),
    )


def _level(model: ConflictModel, actor: str, lever: str, level: str) -> int:
    """Index of a named level."""
    return model.actors[actor].menu.levels()[lever].index(level)


def _words(run: Callable[..., None]) -> str:
    """What a stage does, from its docstring."""
    return " ".join((run.__doc__ or "").split())


STAGES: tuple[Stage, ...] = (
    Stage("shocks", _words(shocks), shocks),
    Stage("beliefs", _words(beliefs), beliefs),
    Stage("choices", _words(choices), choices),
    Stage("deal", _words(deal), deal),
    *(Stage(name, _words(run), _world(name, run)) for name, run in WORLD_STAGES),
    Stage("influence", _words(influence), influence),
    Stage("record", _words(record), record),
)
"""The month."""
