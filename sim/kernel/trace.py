"""Reading the mechanisms: one month run on symbols instead of arrays.

The mechanisms are array expressions without loops over worlds. Run on symbols, which remember what
is done to them, they give the graph of a month: from state, dials and parameters to the next state
and to what each actor gets. The text in `sim.world` is thereby the only place where the model is
written.

A mechanism may ask a yes-or-no question in plain Python (`if`) about a parameter only. It is
answered from all values that the parameter can take in the scenario, not from those of the worlds
at hand, so that worlds computed together do not change each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, Self, cast

import numpy as np

from agents import menus
from agents.actor import Incentive
from agents.outlook import Array, Outlook
from sim.kernel.graph import UFUNCS, Graph
from sim.world.controls import Controls, controls
from sim.world.month import advance
from sim.world.projection import weights
from sim.world.state import State

_NAMES = {ufunc: name for name, ufunc in UFUNCS.items()} | {np.true_divide: "divide"}

BELIEVED = "optimism"
"""Name of the input that is the factor on Russia's power."""


class Symbol:
    """Stands for an array over worlds, and remembers what is done to it."""

    __array_priority__ = 1000

    def __init__(self, graph: Graph, node: int, possible: Possible) -> None:
        self.graph, self.node, self.possible = graph, node, possible

    def _do(self, op: str, *args: object) -> Symbol:
        return Symbol(self.graph, self.graph.node(op, *map(self._node, args)), self.possible)

    def _node(self, value: object) -> int:
        if isinstance(value, Symbol):
            return value.node
        if isinstance(value, int | float | np.number | np.bool_) or (
            isinstance(value, np.ndarray) and value.ndim == 0
        ):
            return self.graph.constant(float(value))
        raise TypeError(f"a mechanism may combine arrays over worlds with numbers, not {value!r}")

    def __array_ufunc__(self, ufunc: np.ufunc, way: str, *args: object, **rest: object) -> Symbol:
        name = _NAMES.get(ufunc)
        if name is None or way != "__call__" or rest:
            raise TypeError(f"np.{ufunc.__name__} is not among what a mechanism may use: {_may()}")
        return self._do(name, *args)

    def __array_function__(
        self, function: Callable[..., Any], _: object, args: tuple[Any, ...], rest: dict[str, Any]
    ) -> Symbol:
        if function is np.where and len(args) == 3 and not rest:
            return self._do("where", *args)
        if function is np.clip and len(args) == 3 and not rest:
            return self._clipped(*args)
        raise TypeError(f"np.{function.__name__} is not among what a mechanism may use: {_may()}")

    def _clipped(self, value: object, low: object, high: object) -> Symbol:
        low = -np.inf if low is None else low
        return self._do("clip", value, low, np.inf if high is None else high)

    def clip(self, low: object = None, high: object = None) -> Symbol:
        """As of arrays."""
        return self._clipped(self, low, high)

    def all(self) -> bool:
        """Whether it is true of every value that the scenario's parameters can take."""
        return bool(np.all(self.possible.of(self)))

    def any(self) -> bool:
        """Whether it is true of any value that the scenario's parameters can take."""
        return bool(np.any(self.possible.of(self)))

    def __bool__(self) -> bool:
        raise TypeError("a mechanism may not choose its way by the state of a world: use np.where")

    def __add__(self, other: object) -> Symbol:
        return self._do("add", self, other)

    def __radd__(self, other: object) -> Symbol:
        return self._do("add", other, self)

    def __sub__(self, other: object) -> Symbol:
        return self._do("subtract", self, other)

    def __rsub__(self, other: object) -> Symbol:
        return self._do("subtract", other, self)

    def __mul__(self, other: object) -> Symbol:
        return self._do("multiply", self, other)

    def __rmul__(self, other: object) -> Symbol:
        return self._do("multiply", other, self)

    def __truediv__(self, other: object) -> Symbol:
        return self._do("divide", self, other)

    def __rtruediv__(self, other: object) -> Symbol:
        return self._do("divide", other, self)

    def __pow__(self, other: object) -> Symbol:
        return self._do("power", self, other)

    def __rpow__(self, other: object) -> Symbol:
        return self._do("power", other, self)

    def __neg__(self) -> Symbol:
        return self._do("negative", self)

    def __pos__(self) -> Self:
        return self

    def __abs__(self) -> Symbol:
        return self._do("absolute", self)

    def __lt__(self, other: object) -> Symbol:
        return self._do("less", self, other)

    def __le__(self, other: object) -> Symbol:
        return self._do("less_equal", self, other)

    def __gt__(self, other: object) -> Symbol:
        return self._do("greater", self, other)

    def __ge__(self, other: object) -> Symbol:
        return self._do("greater_equal", self, other)

    def __eq__(self, other: object) -> Symbol:  # type: ignore[override]
        return self._do("equal", self, other)

    def __ne__(self, other: object) -> Symbol:  # type: ignore[override]
        return self._do("not_equal", self, other)

    def __and__(self, other: object) -> Symbol:
        return self._do("logical_and", self, other)

    def __or__(self, other: object) -> Symbol:
        return self._do("logical_or", self, other)

    def __invert__(self) -> Symbol:
        return self._do("logical_not", self)

    __hash__ = None  # type: ignore[assignment]


def _may() -> str:
    return ", ".join(sorted([*UFUNCS, "where", "clip"]))


class Possible:
    """Values that parameters can take in a scenario, for questions about one of them.

    Attributes:
        values: parameter -> all its values, or some of them where they are without number.
        asked: parameters that a question was asked about.
    """

    def __init__(self, values: Mapping[str, Array]) -> None:
        self.values = values
        self.asked: set[str] = set()

    def of(self, symbol: Symbol) -> Array:
        """What an expression of one parameter can be.

        Raises:
            TypeError: it depends on something else than one parameter of the scenario.
        """
        graph = symbol.graph
        asked = {graph.names[n] for n in graph.needed([symbol.node]) if graph.ops[n] == "input"}
        if len(asked) != 1 or not asked <= set(self.values):
            raise TypeError(
                "a mechanism may choose its way by one parameter of the scenario, not by "
                + (", ".join(sorted(asked)) or "nothing")
            )
        self.asked |= asked
        [found] = graph.evaluate([symbol.node], self.values)
        return np.asarray(found)


class _Named(Mapping[str, Symbol]):
    """A mapping that has a symbol for every name asked for."""

    def __init__(self, graph: Graph, possible: Possible, prefix: str = "") -> None:
        self._graph, self._possible, self._prefix = graph, possible, prefix

    def __getitem__(self, name: str) -> Symbol:
        return Symbol(self._graph, self._graph.input(self._prefix + name), self._possible)

    def __contains__(self, name: object) -> bool:
        return True

    def __iter__(self) -> Iterator[str]:
        raise TypeError("a mechanism reads parameters by name, not all of them")

    def __len__(self) -> int:
        raise TypeError("a mechanism reads parameters by name, not all of them")


class _Levels:
    """The probabilities of a lever's levels, a symbol each."""

    def __init__(self, graph: Graph, possible: Possible, prefix: str) -> None:
        self._named = _Named(graph, possible, prefix)

    def __getitem__(self, level: int) -> Symbol:
        return self._named[str(level)]


@dataclass(frozen=True, eq=False)
class Trace:
    """A month as a graph. Each mapping is from a name to a node.

    Inputs are called "state.front", "dial.host", "weight.belarus.rents", "boost.russia.arms",
    `BELIEVED`, and parameters by their own names.

    Attributes:
        graph: the operations.
        asked: parameters that the text chose its way by.
        state: fields of the state at the month's end.
        outlook: fields of the month's outlook.
        payoff: actors' payoffs of the month.
    """

    graph: Graph
    asked: frozenset[str]
    state: dict[str, int]
    outlook: dict[str, int]
    payoff: dict[str, int]


def trace(
    incentives: Mapping[str, tuple[Incentive, ...]],
    possible: Mapping[str, Array],
    *,
    believed: bool = False,
    boosted: bool = False,
) -> Trace:
    """Run a month on symbols.

    Args:
        incentives: actor -> terms of its payoff.
        possible: parameter -> values that it can take in the scenario.
        believed: whether the month is seen by someone who has its own odds.
        boosted: whether efficiencies of functions carry factors.
    """
    graph, held = Graph(), Possible(possible)
    state, dial = _Named(graph, held, "state."), _Named(graph, held, "dial.")
    given: Any = _Named(graph, held)
    after, seen = advance(
        State(**{f.name: state[f.name] for f in fields(State)}),  # type: ignore[arg-type]
        Controls(**{f.name: dial[f.name] for f in fields(Controls)}),  # type: ignore[arg-type]
        given,
        boost=_Named(graph, held, "boost.") if boosted else None,  # type: ignore[arg-type]
        optimism=given[BELIEVED] if believed else None,
    )
    payoff = {}
    for actor, terms in incentives.items():
        weight = _Named(graph, held, f"weight.{actor}.")
        total: Any = 0.0
        for term in terms:
            total = total + weight[term.name] * term.primitive(seen)
        payoff[actor] = _node_of(graph, total)
    return Trace(
        graph,
        frozenset(held.asked),
        {f.name: _node_of(graph, getattr(after, f.name)) for f in fields(State)},
        {f.name: _node_of(graph, getattr(seen, f.name)) for f in fields(Outlook)},
        payoff,
    )


@cache
def levers_of_dials() -> dict[str, tuple[tuple[str, str], ...]]:
    """Which levers each dial reads: dial -> (actor, lever) pairs."""
    graph, held = Graph(), Possible({})
    play: Any = {
        actor: {lever: _Levels(graph, held, f"play.{actor}.{lever}.") for lever in levers}
        for actor, levers in menus().items()
    }
    found = controls(play, cast("Any", _Named(graph, held)))
    out = {}
    for dial in fields(Controls):
        node = _node_of(graph, getattr(found, dial.name))
        names = [graph.names[n] for n in graph.needed([node])]
        read = [name.split(".")[1:3] for name in names if name.startswith("play.")]
        out[dial.name] = tuple(dict.fromkeys((actor, lever) for actor, lever in read))
    return out


def trace_weights(horizon: int, *, terminal: bool) -> tuple[Graph, list[int]]:
    """What months count for, as nodes of a graph of parameters."""
    graph = Graph()
    given: Any = _Named(graph, Possible({}))
    return graph, [_node_of(graph, w) for w in weights(given, horizon, terminal=terminal)]


def _node_of(graph: Graph, value: Any) -> int:  # noqa: ANN401 - a symbol, or a number
    return value.node if isinstance(value, Symbol) else graph.constant(float(value))
