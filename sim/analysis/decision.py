"""Why an actor did what it did: its options, what each was worth and why, and how it was drawn.

A world is stepped stage by stage up to the choices of a month. There every feasible option is
rolled out once more, exactly: month by month, by the mechanisms in double precision, each payoff
term apart. The world itself draws from probabilities that are put together from fewer rollouts in
single precision (`sim/deliberation/options.py`), so an option has two of them: the one that it was
drawn with, and the one that its exact worth gives.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from agents.actor import Actor
from agents.outlook import Array
from agents.stand_ins import response, served_by
from sim.deliberation.answers import Answers, expected_answers
from sim.deliberation.options import design, request, weigh
from sim.deliberation.rollouts import foresee
from sim.deliberation.table import Table
from sim.model import ConflictModel
from sim.scenario.month import Month
from sim.stages import after_choices, choices, until_choices
from sim.world.masks import closures
from sim.world.projection import weights

if TYPE_CHECKING:
    import pandas as pd

type Levels = dict[str, str]
"""Lever -> name of a level."""


@dataclass(frozen=True)
class Term:
    """What one term of a payoff adds to the worth of an option, in units of that payoff.

    Attributes:
        held: over the months for which the option is held, discounted.
        after: over the terminal span, in which the flow of the last of these months goes on.
    """

    held: float
    after: float

    @property
    def whole(self) -> float:
        """Both together."""
        return self.held + self.after


@dataclass(frozen=True)
class Option:
    """One feasible option as its actor saw it.

    Attributes:
        levels: a level for every lever.
        probability: with which the world drew it.
        exact: the probability that its exact worth gives.
        terms: incentive of whom the actor serves -> what it adds.
        value: their sum, in units of that payoff.
        cost: of moving the levers there, in units of scale.
        net: worth in units of scale, less the cost: what the logit response goes by.
    """

    levels: Levels
    probability: float
    exact: float
    terms: dict[str, Term]
    value: float
    cost: float
    net: float


@dataclass(frozen=True)
class Closed:
    """A level that could not be chosen, and why."""

    lever: str
    level: str
    why: str


@dataclass(frozen=True)
class Draw:
    """How one lever was drawn.

    Attributes:
        lever: its name.
        chances: level -> probability, given the levers drawn before it.
        uniform: the number in (0, 1) that decided.
        level: the one in whose slice it fell.
    """

    lever: str
    chances: dict[str, float]
    uniform: float
    level: str


@dataclass(frozen=True)
class Answer:
    """What an actor expected in answer to one of its levers.

    Attributes:
        lever: its own lever.
        other: who answers.
        answer: with which lever.
        given: level of its own lever -> level of the answer -> probability.
    """

    lever: str
    other: str
    answer: str
    given: dict[str, dict[str, float]]


@dataclass(frozen=True)
class Beliefs:
    """What an actor held to be true when it chose.

    Attributes:
        odds: that Russia prevails, of those who fight; None for those who see the odds as they are.
        optimism: factor on Russia's power in their projections that goes with these odds.
        entry: Ukraine's probability that Belarus enters within a year; None for the others.
        play: other actor -> lever -> level -> probability, from what was watched.
        answers: what was expected in answer to own levers instead.
    """

    odds: float | None
    optimism: float
    entry: float | None
    play: dict[str, dict[str, dict[str, float]]]
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Decision:
    """A choice of one actor in one month of one world, explained.

    Attributes:
        month: in which it was made.
        actor: who chose.
        plays: its way of playing, as in scenarios.
        serves: whose payoff it weighed: its own, or its master's.
        standing: where its levers stood before.
        levels: what it chose.
        options: all that were feasible, likeliest first.
        of: number of options of the menu, feasible or not.
        closed: levels that could not be chosen.
        draws: how the choice was drawn, lever by lever.
        beliefs: held at the time.
        precision: of the logit response, per unit of scale.
        scale: what one unit of worth is in the payoff served.
        months: for which an option is held in a projection.
        after: months of the terminal span.
    """

    month: Month
    actor: str
    plays: str
    serves: str
    standing: Levels
    levels: Levels
    options: tuple[Option, ...]
    of: int
    closed: tuple[Closed, ...]
    draws: tuple[Draw, ...]
    beliefs: Beliefs
    precision: float
    scale: float
    months: int
    after: float

    def option(self, levels: Levels) -> Option | None:
        """The option with these levels, None if it was not feasible."""
        return next((one for one in self.options if one.levels == levels), None)

    @property
    def chosen(self) -> Option:
        """The option that was chosen."""
        found = self.option(self.levels)
        assert found is not None, "a choice is feasible"
        return found

    @property
    def runner_up(self) -> Option | None:
        """Of the options that were not chosen, the one worth most; None where there was no other.

        It is worth more than the one chosen where chance drew another than the best.
        """
        others = (one for one in self.options if one.levels != self.levels)
        return max(others, key=lambda one: one.net, default=None)

    @property
    def margin(self) -> float | None:
        """Worth of the option chosen less that of the runner-up, units of scale, costs counted."""
        return None if self.runner_up is None else self.chosen.net - self.runner_up.net

    @property
    def approximation(self) -> float:
        """Total variation between the probabilities drawn with and the exact ones."""
        return 0.5 * sum(abs(one.probability - one.exact) for one in self.options)

    def table(self) -> pd.DataFrame:
        """Every feasible option, likeliest first: its levels, probabilities, terms and worth."""
        import pandas as pd

        rows = [
            one.levels
            | {"probability": one.probability, "exact": one.exact}
            | {name: term.whole for name, term in one.terms.items()}
            | {"value": one.value, "cost": one.cost, "net": one.net}
            for one in self.options
        ]
        return pd.DataFrame(rows)

    def moved(self) -> Iterator[tuple[str, str, str]]:
        """Levers that changed: name, level before, level after."""
        for lever, level in self.levels.items():
            if self.standing[lever] != level:
                yield lever, self.standing[lever], level


def explained_month(model: ConflictModel, *, movers: bool = False) -> dict[str, Decision]:
    """Play a month and explain every actor's choice in it, in the model's first world.

    Args:
        model: before the month; after it as if `step` had been called.
        movers: whether to explain only the choices of those who move a lever.

    Returns:
        Actor -> decision.
    """
    now = model.what_if.start + model.month
    table = replace(until_choices(model), exact=True).at(np.zeros(1, dtype=np.int64))
    choices(model)
    asked = [name for name in table.actors if not movers or _moves(model, table, name)]
    answers = expected_answers(table) if asked else {}
    out = {name: _decision(model, table, name, answers, now) for name in asked}
    after_choices(model)
    return out


def _moves(model: ConflictModel, table: Table, name: str) -> bool:
    before, after = table.actors[name].levels[:, 0], model.actors[name].levels[:, 0]
    return not np.array_equal(before, after)


def _decision(
    model: ConflictModel, table: Table, name: str, answers: Answers, now: Month
) -> Decision:
    """One actor's choice.

    Args:
        model: in which everybody has just chosen.
        table: the first world as it was before, exact.
        name: of the actor.
        answers: exact ones.
        now: the month.
    """
    actor, played = table.actors[name], model.actors[name]
    probabilities = played.probabilities[:, 0]
    levels = tuple(int(level) for level in played.levels[:, 0])
    plays = table.plays[name]
    served = served_by(actor, plays, table.actors)
    return Decision(
        month=now,
        actor=name,
        plays=plays,
        serves=served.name,
        standing=_named(actor, tuple(int(level) for level in actor.levels[:, 0])),
        levels=_named(actor, levels),
        options=_options(table, actor, served, answers, probabilities),
        of=len(actor.menu),
        closed=tuple(_closed(table, actor)),
        draws=tuple(_draws(model, played, probabilities, levels)),
        beliefs=_beliefs(table, actor, answers),
        precision=float(actor.precision[0]),
        scale=float(served.scale[0]),
        months=table.ahead(actor)[0],
        after=float(table.parameters["world.terminal_months"][0]),
    )


def _options(
    table: Table, actor: Actor, served: Actor, answers: Answers, probabilities: Array
) -> tuple[Option, ...]:
    """All feasible options with what they were worth, likeliest first."""
    rows = design(table, actor)
    asked = request(table, actor, rows, table.believed_play(actor), answers)
    [weighed] = weigh(table, [(rows, asked)])
    values = weighed.values(served)
    probable = response(
        actor, table.plays[actor.name], values / served.scale, table.feasible(actor)
    )
    cost = actor.switching_cost()
    horizon, terminal = table.ahead(actor)
    held = weights(table.parameters, horizon, terminal=False)
    after = weights(table.parameters, horizon, terminal=terminal)[-1] - held[-1]
    shape = (rows.rows, table.worlds)
    sums: dict[str, Array] = {i.name: np.zeros(shape) for i in served.incentives}
    ends = dict(sums)
    for weight, seen in zip(held, foresee(table, asked), strict=True):
        flow = served.terms(seen)
        sums = {name: total + weight * flow[name] for name, total in sums.items()}
        ends = {name: after * np.broadcast_to(one, shape) for name, one in flow.items()}
    assert rows.options is not None, "an exact table weighs every option by itself"
    found = [
        Option(
            levels=_named(actor, actor.menu.options[number]),
            probability=float(probabilities[number]),
            exact=float(probable[number, 0]),
            terms={i: Term(float(sums[i][row, 0]), float(ends[i][row, 0])) for i in sums},
            value=float(values[number, 0]),
            cost=float(cost[number, 0]),
            net=float(values[number, 0] / served.scale[0] - cost[number, 0]),
        )
        for row, number in enumerate(int(option) for option in rows.options)
    ]
    return tuple(sorted(found, key=lambda one: (-one.probability, -one.net)))


def _closed(table: Table, actor: Actor) -> Iterator[Closed]:
    """Levels closed to an actor, each with its reason or reasons."""
    reasons = [one for one in closures(table.state) if one.actor == actor.name and one.where[0]]
    for lever in actor.menu.levers:
        open_levels = table.open[actor.name][lever.name][:, 0]
        for k, level in enumerate(lever.levels):
            if open_levels[k]:
                continue
            why = [one.why for one in reasons if one.lever == lever.name and one.closes(k)]
            held = lever.levels[int(open_levels.argmax())]
            yield Closed(lever.name, level, why[0] if why else f"the scenario holds it at {held}")


def _draws(
    model: ConflictModel, actor: Actor, probabilities: Array, levels: tuple[int, ...]
) -> Iterator[Draw]:
    """The draw of each lever given those before it, as `agents.response.draw` makes it."""
    rest = probabilities.reshape(actor.menu.shape)
    for lever, level in zip(actor.menu.levers, levels, strict=True):
        weight = rest.reshape(len(lever.levels), -1).sum(axis=1)
        chances = weight / weight.sum()
        yield Draw(
            lever.name,
            dict(zip(lever.levels, chances.tolist(), strict=True)),
            float(model.chance(f"choice.{actor.name}.{lever.name}")[0]),
            lever.levels[level],
        )
        rest = rest[level]


def _beliefs(table: Table, actor: Actor, answers: Answers) -> Beliefs:
    """What an actor believed when it weighed its options."""
    optimism = table.optimism(actor)
    odds = {"russia": table.state.belief_russia, "ukraine": table.state.belief_ukraine}
    return Beliefs(
        odds=None if optimism is None else float(odds[actor.name][0]),
        optimism=1.0 if optimism is None else float(optimism[0]),
        entry=float(table.state.entry_belief[0]) if actor.name == "ukraine" else None,
        play={
            other: {
                lever.name: _by_level(lever.levels, held[lever.name][:, 0])
                for lever in table.actors[other].menu.levers
            }
            for other, held in actor.beliefs.items()
        },
        answers=tuple(
            Answer(
                pair.lever,
                pair.other,
                pair.answer,
                {
                    level: _by_level(
                        table.actors[pair.other].menu.levels()[pair.answer], found[k, :, 0]
                    )
                    for k, level in enumerate(actor.menu.levels()[pair.lever])
                },
            )
            for pair, found in answers.items()
            if pair.actor == actor.name
        ),
    )


def _by_level(levels: tuple[str, ...], probabilities: Array) -> dict[str, float]:
    return {level: float(p) for level, p in zip(levels, probabilities, strict=True)}


def _named(actor: Actor, levels: tuple[int, ...]) -> Levels:
    """Level indices as names."""
    return {
        lever.name: lever.levels[level]
        for lever, level in zip(actor.menu.levers, levels, strict=True)
    }
