"""Quantities of the model month by month, as the record and the facts ask for them.

What the dataset of a run does not hold (exports, prices, launches) is read off the model itself.
A run can be *restarted* on the way: at the end of a month chosen fields of the state are put where
they were observed, everything else is carried on as each world has it, and no event of the scenario
dated later happens. That is how a forecast is issued at a later date.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from agents.outlook import Array
from sim.draws import DEFAULT_DRAWS, TILE, uniforms
from sim.ensemble.executors import Executor, InProcess, spans
from sim.influence.behavioural import NOTHING
from sim.kernel import Engine
from sim.model import ConflictModel
from sim.scenario import Scenario
from sim.scenario.month import Month
from sim.scenario.quantiles import standard_normal
from sim.world.functions import supplies

BATCH = 512
"""Worlds run side by side, at most."""

ELSEWHERE = 6.4
"""Goods that Belarus sells neither to Russia nor to the West, USD bn a year: of 39.7 bn in 2021,
what is left by the 16.3 bn to Russia and the 17 bn that were barred later (seeds/history.csv)."""


def _of_state(name: str) -> Callable[[ConflictModel], Array]:
    return lambda model: getattr(model.state, name)


def _launching(model: ConflictModel) -> Array:
    if model.underway is None:
        return model.actors["belarus"].standing()["access"][2]
    return model.last.c.launch * model.last.start.active


def _ammunition(model: ConflictModel) -> Array:
    if model.underway is None:
        return 0.0 * model.state.front
    return supplies(model.last.start, model.last.c, model.parameters)["russia.arms"]["belarus"]


def _export_share(model: ConflictModel) -> Array:
    s = model.state
    sold = s.exports_russia + s.exports_transit + s.exports_west + ELSEWHERE
    return s.exports_russia / sold


QUANTITIES: dict[str, Callable[[ConflictModel], Array]] = {
    "launching": _launching,
    "ammunition": _ammunition,
    "export_share_russia": _export_share,
    "gas_price_paid": lambda model: model.parameters["world.gas_price"],
}
"""Quantities that are no field of the state, by name."""


@dataclass(frozen=True)
class Placed:
    """Where a field of the state is put at a restart.

    Attributes:
        field: of `State`.
        value: in the field's own unit.
        error: standard deviation of what is not known of it, each world drawing its own.
        log: whether the error is one of the logarithm.
        most: largest value that the field can have, None without a limit.
    """

    field: str
    value: float
    error: float
    log: bool
    most: float | None = None


@dataclass(frozen=True)
class Restart:
    """A forecast that is issued at the end of a month.

    Attributes:
        after: the last month that is known.
        placed: what is set to its observed value then.
    """

    after: Month
    placed: tuple[Placed, ...]


@dataclass(frozen=True)
class Paths:
    """What was seen of many worlds.

    Attributes:
        start: first month of the scenario.
        values: quantity -> (months + 1, worlds); row 0 is the state before the first month.
        draws: worlds per parameter set.
    """

    start: Month
    values: Mapping[str, Array]
    draws: int

    @property
    def worlds(self) -> int:
        """How many."""
        return next(iter(self.values.values())).shape[1]

    @property
    def last(self) -> Month:
        """The last month seen."""
        return self.start + (len(next(iter(self.values.values()))) - 2)

    def row(self, month: Month) -> int:
        """Row of a month's end; months before the start count as the state at the start."""
        return max(0, month - self.start + 1)


def observe(
    scenario: Scenario,
    worlds: int,
    seed: int,
    names: Sequence[str],
    *,
    draws: int = DEFAULT_DRAWS,
    engine: Engine = "numpy",
    executor: Executor | None = None,
    restart: Restart | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Paths:
    """Run a scenario and keep the quantities named, month by month.

    Args:
        scenario: to run, to its end.
        worlds: how many.
        seed: of the keyed draws.
        names: fields of the state, or names in `QUANTITIES`.
        draws: worlds per parameter set.
        engine: what does the arithmetic of projections.
        executor: where worlds are computed; here unless given.
        restart: a date from which the run goes on from what was observed.
        progress: called with (worlds done, worlds).
    """
    where = executor or InProcess()
    asked = tuple(sorted(names))
    if restart is not None:
        known = tuple(event for event in scenario.events if event.at <= restart.after)
        scenario = replace(scenario, events=known)
    parts = spans(0, worlds, BATCH, where.slots, TILE)
    calls = [
        partial(observe_batch, scenario, range(*part), seed, asked, draws, engine, restart)
        for part in parts
    ]
    batches = []
    for (_, stop), batch in zip(parts, where.in_order(calls), strict=True):
        batches.append(batch)
        if progress is not None:
            progress(stop, worlds)
    values = {
        name: np.concatenate([batch[k] for batch in batches], axis=1)
        for k, name in enumerate(asked)
    }
    return Paths(scenario.start, values, draws)


def observe_batch(
    scenario: Scenario,
    worlds: range,
    seed: int,
    names: Sequence[str],
    draws: int,
    engine: Engine,
    restart: Restart | None,
) -> list[Array]:
    """Quantities of some worlds side by side, one array (months + 1, worlds) a name."""
    model = ConflictModel(
        scenario,
        worlds,
        rng=seed,
        draws=draws,
        collect=False,
        engine=engine,
        measured=NOTHING,
    )
    rows = {name: [_take(name, model)] for name in names}
    for month in range(scenario.months):
        model.step()
        if restart is not None and scenario.start + month == restart.after:
            model.state = replace(
                model.state, **{p.field: _place(p, model) for p in restart.placed}
            )
        for name in names:
            rows[name].append(_take(name, model))
    return [np.stack(rows[name]) for name in names]


def _place(placed: Placed, model: ConflictModel) -> Array:
    luck = standard_normal(
        uniforms(
            model.seed, f"restart.{placed.field}", model.month, model.worlds.start, model.width
        )
    )
    if placed.log:
        value = placed.value * np.exp(placed.error * luck)
    else:
        value = placed.value + placed.error * luck
    return value.clip(0.0, placed.most)


def _take(name: str, model: ConflictModel) -> Array:
    quantity = QUANTITIES.get(name) or _of_state(name)
    return np.broadcast_to(quantity(model), (model.width,))[: len(model.worlds)].copy()
