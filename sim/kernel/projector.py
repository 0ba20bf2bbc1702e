"""Payoffs of many rows of play: traced once, planned once, carried out by the engine chosen.

`sim.world.projection.project` is the reference. What is here gives the payoffs of its outlooks, in
the last digits rounded differently.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from agents import roster
from agents.outlook import Array
from sim.kernel import Engine, check_engine
from sim.kernel.plan import Plan, Precision, Prepared, Rows
from sim.kernel.trace import BELIEVED, Trace, trace, trace_weights
from sim.kernel.unroll import Projection, unroll
from sim.scenario.distributions import Distribution
from sim.scenario.registry import load_registry
from sim.scenario.values import Value
from sim.world.controls import Controls
from sim.world.state import State


class Possibilities(Mapping[str, Array]):
    """Values that each parameter can take in a scenario: all, or five where they are many."""

    def __init__(self, parameters: Mapping[str, Value]) -> None:
        self._parameters = parameters

    def __getitem__(self, name: str) -> Array:
        value = self._parameters[name]
        count = 1
        if isinstance(value, Distribution):
            count = len(value.args) if value.kind == "choice" else 5
        [known] = [p for p in load_registry() if p.name == name]
        return known.quantile(value, (np.arange(count) + 0.5) / count)

    def __iter__(self) -> Iterator[str]:
        return iter(self._parameters)

    def __len__(self) -> int:
        return len(self._parameters)


class Projector:
    """Projects the worlds of a block: the same parameters, many states and plays.

    Attributes:
        engine: what does the arithmetic.
    """

    def __init__(
        self,
        scenario: Mapping[str, Value],
        parameters: Mapping[str, Array],
        weights: Mapping[str, Mapping[str, Array]],
        engine: Engine = "numpy",
    ) -> None:
        """Keep what all projections of a block of worlds have in common.

        Args:
            scenario: what it says of each parameter.
            parameters: values of the worlds at hand, shape (worlds,).
            weights: actor -> incentive -> weight, shape (worlds,).
            engine: what does the arithmetic.

        Raises:
            ValueError: there is no engine of this name.
            EngineMissingError: the engine needs what is not installed.
        """
        check_engine(engine)
        self.engine = engine
        self._scenario = scenario
        self._parameters, self._weights = parameters, weights
        self._prepared: dict[tuple[object, ...], Prepared] = {}
        self._parts: dict[bytes, Projector] = {}

    def at(self, columns: NDArray[np.int64]) -> Projector:
        """The same for some of the worlds, kept for the next time.

        Args:
            columns: positions of the worlds, a multiple of 64 of them.
        """
        key = columns.tobytes()
        if key not in self._parts:
            self._parts[key] = Projector(
                self._scenario,
                {name: value[columns] for name, value in self._parameters.items()},
                {
                    actor: {name: value[columns] for name, value in by_incentive.items()}
                    for actor, by_incentive in self._weights.items()
                },
                self.engine,
            )
        return self._parts[key]

    def weighing(self, weights: Mapping[str, Mapping[str, Array]]) -> Projector:
        """The same worlds, with payoffs that weigh their terms otherwise.

        Args:
            weights: actor -> incentive -> weight, shape (worlds,), of all actors.
        """
        return Projector(self._scenario, self._parameters, weights, self.engine)

    def payoffs(
        self,
        s: State,
        c: Controls | Mapping[str, Rows],
        horizon: int,
        *,
        terminal: bool = True,
        boost: Mapping[str, Array] | None = None,
        optimism: Array | Rows | None = None,
        precision: Precision = np.float64,
        wanted: tuple[str, ...] | None = None,
    ) -> dict[str, Array]:
        """Discounted payoffs of play that is held, as of `sim.world.projection.project`.

        Every array that differs by row has shape (rows, worlds), every other (worlds,).

        Args:
            s: state now.
            c: dials held throughout; by name, where rows have them from few kinds.
            horizon: months for which the play is held, >= 1.
            terminal: whether the last month's flow goes on for the terminal span.
            boost: factors on functions' efficiencies; on all of them.
            optimism: factor on Russia's power, as believed by whoever projects.
            precision: of the arithmetic.
            wanted: actors whose payoffs are asked for, which is less work than None for all; those
                that come out have the same bits.

        Returns:
            Actor -> payoffs, shape (rows, worlds), in that precision.
        """
        width = s.front.shape[-1]
        dials = c if isinstance(c, Mapping) else {f.name: getattr(c, f.name) for f in fields(c)}
        given: dict[str, Array | Rows] = {
            f"state.{f.name}": getattr(s, f.name) for f in fields(State)
        }
        given |= {f"dial.{name}": dial for name, dial in dials.items()}
        given |= {f"boost.{name}": factor for name, factor in (boost or {}).items()}
        if optimism is not None:
            given[BELIEVED] = optimism
        rows = {
            name: value if isinstance(value, Rows) else Rows.each(value, width)
            for name, value in given.items()
            if isinstance(value, Rows) or value.ndim == 2
        }
        worlds = {
            name: value if value.shape == (width,) else np.broadcast_to(value, width)
            for name, value in given.items()
            if not isinstance(value, Rows) and value.ndim < 2
        }
        count = max((len(value.which) for value in rows.values()), default=1)
        for name, value in rows.items():
            if len(value.which) != count:  # one row stands for all
                rows[name] = Rows(value.kinds, np.zeros(count, dtype=np.int64))
        by_row = tuple(rows)
        prepared = self._for(
            horizon, terminal, boost is not None, optimism is not None, by_row, precision, wanted
        )
        found = prepared.run(worlds, rows, count)
        return dict(zip(prepared.actors, found, strict=True))

    def _for(
        self,
        horizon: int,
        terminal: bool,
        boosted: bool,
        believed: bool,
        by_row: tuple[str, ...],
        precision: Precision,
        wanted: tuple[str, ...] | None,
    ) -> Prepared:
        key = (horizon, terminal, boosted, believed, by_row, precision, wanted)
        if key not in self._prepared:
            month = month_of(self._scenario, believed=believed, boosted=boosted)
            projection = _projection(month, horizon, terminal, by_row, wanted)
            weights = {
                f"weight.{actor}.{incentive}": weight
                for actor, by_incentive in self._weights.items()
                for incentive, weight in by_incentive.items()
            }
            given = ChainMap(weights, self._parameters)  # type: ignore[arg-type]
            self._prepared[key] = _engine(self.engine)(projection, given, precision)
        return self._prepared[key]


def _engine(name: Engine) -> type[Prepared]:
    if name == "numpy":
        return Plan
    from sim.kernel.compiled import Compiled

    return Compiled


_traced: dict[tuple[object, ...], list[tuple[dict[str, Value], Trace]]] = {}


def month_of(scenario: Mapping[str, Value], *, believed: bool, boosted: bool) -> Trace:
    """The graph of a month in a scenario; one that was made before serves again."""
    incentives = {name: kind.incentives for name, kind in roster().items()}
    made = _traced.setdefault((*incentives.items(), believed, boosted), [])
    for asked, known in made:
        if all(scenario[name] == value for name, value in asked.items()):
            return known
    new = trace(incentives, Possibilities(scenario), believed=believed, boosted=boosted)
    made.append(({name: scenario[name] for name in new.asked}, new))
    return new


@lru_cache(maxsize=64)
def _projection(
    month: Trace,
    horizon: int,
    terminal: bool,
    by_row: tuple[str, ...],
    wanted: tuple[str, ...] | None,
) -> Projection:
    if wanted is not None:
        whole = _projection(month, horizon, terminal, by_row, None)
        return replace(whole, payoff={actor: whole.payoff[actor] for actor in wanted})
    weights = trace_weights(horizon, terminal=terminal)
    return unroll(month, weights, tuple(month.payoff), by_row)
