"""A projection carried out in NumPy: the graph as a flat list of calls into a few reused arrays.

Rows are taken a few at a time, so that everything a month needs stays in the processor's cache. An
array that nobody will read again is written over. All operations are elementwise, so a world has
the same bits whatever is computed beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.outlook import Array
from sim.kernel.graph import TRUTHS, UFUNCS
from sim.kernel.unroll import Projection, Varies

CHUNK = 4096
"""Numbers in an array that is worked on; about a hundred such arrays are alive at a time."""

_LINE = 64  # bytes in a line of the processor's cache

# np.clip as a plain ufunc: the function around it costs more than the work on a short array
_CLIP: Callable[..., Any] = np._core.umath.clip  # type: ignore[attr-defined]


@dataclass(frozen=True)
class _Bound:
    """The calls for a number of rows and worlds, with the arrays they read and write."""

    calls: list[Callable[[], object]]
    rows: dict[str, Array]  # inputs that differ by row, to be filled before the calls
    worlds: dict[int, Array]  # nodes that differ by world only, to be filled once a projection
    results: dict[str, Array]


class Plan:
    """Carries out one projection for given parameters."""

    def __init__(
        self,
        projection: Projection,
        parameters: Mapping[str, Array],
        precision: type[np.floating[Any]],
    ) -> None:
        """Work out what depends on parameters alone.

        Args:
            projection: from `unroll`.
            parameters: values by name, in double precision, shape (worlds,).
            precision: of everything else.
        """
        self.projection, self.precision = projection, precision
        graph, varies = projection.graph, projection.varies
        self.nodes = graph.needed(projection.payoff.values())
        self.width = next(iter(parameters.values())).shape[0]
        values: dict[int, Any] = {}
        for node in self.nodes:
            if varies[node] <= Varies.PARAMETERS:
                values[node] = graph.carry_out(node, values, parameters)
        self.fixed = {
            node: np.asarray(
                value, dtype=bool if graph.ops[node] in TRUTHS else precision
            )
            for node, value in values.items()
        }
        self.by_world = [n for n in self.nodes if varies[n] == Varies.WORLDS]
        self.by_row = [n for n in self.nodes if varies[n] == Varies.ROWS]
        self._bound: dict[int, _Bound] = {}

    def run(
        self, worlds: Mapping[str, Array], rows: Mapping[str, Array], count: int
    ) -> dict[str, Array]:
        """Discounted payoffs of rows.

        Args:
            worlds: inputs that do not differ by row, shape (worlds,).
            rows: inputs that do, shape (rows, worlds).
            count: number of rows.

        Returns:
            Actor -> shape (rows, worlds), double precision; one row where nothing differs by row.
        """
        graph, width = self.projection.graph, self.width
        values: dict[int, Any] = dict(self.fixed)
        given = {name: np.asarray(a, dtype=self.precision) for name, a in worlds.items()}
        for node in self.by_world:
            values[node] = graph.carry_out(node, values, given)
        payoff = self.projection.payoff
        out = {actor: np.empty((count, width)) for actor in payoff}
        step = min(count, max(1, CHUNK // width))
        bound = self._for(step)
        for node, tiled in bound.worlds.items():
            tiled.reshape(step, width)[...] = values[node]
        for start in range(0, count, step):
            first = min(start, count - step)  # the last chunk may go over some rows again
            for name, array in bound.rows.items():
                array.reshape(step, width)[...] = rows[name][first : first + step]
            for call in bound.calls:
                call()
            for actor, node in payoff.items():
                result = bound.results.get(actor)
                out[actor][first : first + step] = (
                    values[node] if result is None else result.reshape(step, width)
                )
        return out

    def _for(self, step: int) -> _Bound:
        """Calls for a number of rows, worked out once."""
        if step not in self._bound:
            self._bound[step] = self._bind(step)
        return self._bound[step]

    def _bind(self, step: int) -> _Bound:
        graph, size = self.projection.graph, step * self.width
        ops, args = graph.ops, graph.args
        kept = {self.projection.payoff[a] for a in self.projection.payoff}
        last: dict[int, int] = {}
        for node in self.by_row:
            for arg in args[node]:
                last[arg] = node
        arrays: dict[int, NDArray[Any]] = {}
        free: dict[bool, list[NDArray[Any]]] = {True: [], False: []}
        calls: list[Callable[[], object]] = []
        rows: dict[str, Array] = {}
        worlds: dict[int, Array] = {}

        def take(truth: bool) -> NDArray[Any]:
            return free[truth].pop() if free[truth] else _aligned(size, bool if truth else self.precision)

        def read(node: int) -> NDArray[Any]:
            if node not in arrays:
                fixed = self.fixed.get(node)
                if fixed is not None and fixed.ndim == 0:
                    arrays[node] = fixed
                else:
                    array = _aligned(size, bool if ops[node] in TRUTHS else self.precision)
                    if fixed is None:
                        worlds[node] = array
                    else:
                        array.reshape(step, self.width)[...] = fixed
                    arrays[node] = array
            return arrays[node]

        for node in self.by_row:
            truth = ops[node] in TRUTHS
            if ops[node] == "input":
                arrays[node] = rows[graph.names[node]] = _aligned(size, self.precision)
                continue
            inputs = [read(arg) for arg in args[node]]
            done = {a for a in args[node] if last[a] == node and a not in kept}
            # an operation may write over what it reads, a choice between two may not
            reusable = ops[node] != "where"
            if reusable:
                self._release(done, arrays, free)
            arrays[node] = take(truth)
            calls += _calls(ops[node], inputs, arrays[node])
            if not reusable:
                self._release(done, arrays, free)
        results = {
            actor: arrays[node]
            for actor, node in self.projection.payoff.items()
            if self.projection.varies[node] == Varies.ROWS
        }
        return _Bound(calls, rows, worlds, results)

    def _release(
        self,
        done: set[int],
        arrays: Mapping[int, NDArray[Any]],
        free: Mapping[bool, list[NDArray[Any]]],
    ) -> None:
        """Give back the arrays of nodes that nobody will read again."""
        graph = self.projection.graph
        for node in done:
            if self.projection.varies[node] == Varies.ROWS and graph.ops[node] != "input":
                free[graph.ops[node] in TRUTHS].append(arrays[node])


def _calls(op: str, inputs: list[NDArray[Any]], out: NDArray[Any]) -> list[Callable[[], object]]:
    if op == "where":
        condition, then, otherwise = inputs
        return [
            partial(np.copyto, out, otherwise),
            partial(np.copyto, out, then, where=condition),
        ]
    if op == "clip":
        return [partial(_CLIP, *inputs, out)]
    if op == "number":
        return [partial(np.copyto, out, inputs[0])]
    if op in ("maximum", "minimum"):
        return [partial(UFUNCS[op], *inputs, out=out)]
    return [partial(UFUNCS[op], *inputs, out)]


def _aligned(size: int, precision: Any) -> NDArray[Any]:  # noqa: ANN401 - a dtype
    """An array that starts on a line of the cache: loads that straddle lines cost half as much again."""
    dtype = np.dtype(precision)
    raw = np.empty(size * dtype.itemsize + _LINE, dtype=np.uint8)
    start = -raw.ctypes.data % _LINE
    return raw[start : start + size * dtype.itemsize].view(dtype)
