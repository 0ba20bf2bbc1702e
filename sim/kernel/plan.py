"""A projection carried out in NumPy: the graph as a flat list of calls into a few reused arrays.

Rows are taken a few at a time, so that everything a month needs stays in the processor's cache. An
array that nobody will read again is written over. All operations are elementwise, so a world has
the same bits whatever is computed beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.outlook import Array
from sim.kernel.elementary import exponential, log_of_one_more, logarithm, power
from sim.kernel.graph import TRUTHS, UFUNCS
from sim.kernel.unroll import Projection

CHUNK = 32768
"""Numbers in an array that is worked on: enough to outweigh the cost of a call."""

CALL = 1800
"""Numbers that could be worked on in the time that a call costs by itself."""

WIDE = 512
"""From this many worlds on, what no row changes is left to NumPy to repeat; below it is repeated
beforehand, since NumPy takes long to start on each short row."""

type Precision = type[np.floating[Any]]

_LINE = 64  # bytes in a line of the processor's cache

# np.clip as a plain ufunc: the function around it costs more than the work on a short array
_CLIP: Callable[..., Any] = np._core.umath.clip  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Rows:
    """An input that differs by row, and is the same in many rows.

    Attributes:
        kinds: what it can be, shape (kinds, worlds).
        which: kind of every row.
    """

    kinds: Array
    which: NDArray[np.int64]

    @classmethod
    def each(cls, rows: Array, worlds: int) -> Rows:
        """Rows that all differ, broadcastable to (rows, worlds)."""
        return cls(np.broadcast_to(rows, (rows.shape[0], worlds)), np.arange(rows.shape[0]))

    @classmethod
    def stacked(cls, parts: list[Rows]) -> Rows:
        """One after the other."""
        starts = accumulate((part.kinds.shape[0] for part in parts), initial=0)
        return cls(
            np.concatenate([part.kinds for part in parts]),
            np.concatenate([p.which + start for p, start in zip(parts, starts, strict=False)]),
        )

    def all(self) -> Array:
        """Every row, shape (rows, worlds)."""
        return self.kinds[self.which]


class Prepared:
    """What engines share: everything that does not differ by row, worked out plainly.

    Attributes:
        projection: what is carried out.
        precision: of all but parameters, which are combined in double precision first.
        width: number of worlds.
        fixed: nodes that depend on parameters alone, with their values.
        by_world: nodes that differ by world.
        by_row: nodes that differ by row.
        inputs: names of the inputs that differ by row.
        actors: whose payoffs come out, in order.
    """

    def __init__(
        self, projection: Projection, parameters: Mapping[str, Array], precision: Precision
    ) -> None:
        """Work out what depends on parameters alone.

        Args:
            projection: from `unroll`.
            parameters: values by name, in double precision, shape (worlds,).
            precision: of everything else.
        """
        self.projection, self.precision = projection, precision
        graph = projection.graph
        of_parameters, self.by_world, self.by_row = projection.apart
        self.width = next(iter(parameters.values())).shape[0]
        values: dict[int, Any] = {}
        for node in of_parameters:
            values[node] = graph.carry_out(node, values, parameters)
        self.fixed: dict[int, Any] = {
            node: np.asarray(value, dtype=bool if graph.ops[node] in TRUTHS else precision)
            for node, value in values.items()
        }
        self.inputs = [graph.names[n] for n in self.by_row if graph.ops[n] == "input"]
        self.actors = list(projection.payoff)

    def run(self, worlds: Mapping[str, Array], rows: Mapping[str, Rows], count: int) -> Array:
        """Discounted payoffs of rows.

        Args:
            worlds: inputs that do not differ by row, shape (worlds,).
            rows: inputs that do.
            count: number of rows.

        Returns:
            Shape (actors, rows, worlds).
        """
        raise NotImplementedError


def rows_at_a_time(count: int, width: int) -> int:
    """How many of some rows to take at a time, so that few calls do little for nothing.

    Args:
        count: rows in all; the last few may be gone over twice.
        width: number of worlds.
    """
    most = max(1, CHUNK // width)
    few = {max(1, most * quarters // 4) for quarters in (1, 2, 3, 4)}
    chunks = {min(step, count): -(-count // step) for step in sorted(few)}
    return min(chunks, key=lambda step: chunks[step] * (step + CALL / width))


@dataclass(frozen=True)
class _Bound:
    """Calls, with the arrays they read and write.

    Attributes:
        calls: in order.
        inputs: arrays to be filled with inputs before the calls.
        before: arrays to be filled with nodes that were worked out before.
        after: nodes that others will read.
    """

    calls: list[Callable[[], object]]
    inputs: dict[str, Array]
    before: dict[int, Array]
    after: dict[int, Array]


class Plan(Prepared):
    """Carries out one projection for given parameters in NumPy."""

    def __init__(
        self, projection: Projection, parameters: Mapping[str, Array], precision: Precision
    ) -> None:
        super().__init__(projection, parameters, precision)
        read = {arg for node in self.by_row for arg in projection.graph.args[node]}
        wanted = (read | set(projection.payoff.values())) & set(self.by_world)
        self._once = self._bind(self.by_world, wanted, 1)
        self._bound: dict[int, _Bound] = {}

    def run(self, worlds: Mapping[str, Array], rows: Mapping[str, Rows], count: int) -> Array:
        """As `Prepared.run`."""
        width = self.width
        kinds = {name: rows[name].kinds.astype(self.precision) for name in self.inputs}
        nodes = list(self.projection.payoff.values())
        out = np.empty((len(nodes), count, width), dtype=self.precision)
        step = rows_at_a_time(count, width)
        if step not in self._bound:
            self._bound[step] = self._bind(self.by_row, set(nodes), step)
        bound = self._bound[step]
        for name, array in self._once.inputs.items():
            array[...] = worlds[name]
        for call in self._once.calls:
            call()
        known = self.fixed | self._once.after
        for node, tiled in bound.before.items():
            tiled[...] = known[node]
        for start in range(0, count, step):
            first = min(start, count - step)  # the last chunk may go over some rows again
            for name, array in bound.inputs.items():
                which = rows[name].which[first : first + step]
                np.take(kinds[name], which, axis=0, out=array, mode="clip")
            for call in bound.calls:
                call()
            for k, node in enumerate(nodes):
                result = bound.after.get(node)
                out[k, first : first + step] = known[node] if result is None else result
        return out

    def _bind(self, nodes: list[int], wanted: set[int], step: int) -> _Bound:
        """The calls that carry out nodes for a number of rows."""
        graph = self.projection.graph
        ops, args = graph.ops, graph.args
        last: dict[int, int] = {}
        for node in nodes:
            for arg in args[node]:
                last[arg] = node
        desk = _Desk((step, self.width), self.precision)
        one = _Desk((1 if self.width >= WIDE else step, self.width), self.precision)
        here = set(nodes)
        arrays: dict[int, NDArray[Any]] = {}
        inputs: dict[str, Array] = {}
        before: dict[int, Array] = {}

        def read(node: int) -> NDArray[Any]:
            if node not in arrays:
                fixed = self.fixed.get(node)
                if fixed is not None and (fixed.ndim == 0 or step == 1):
                    arrays[node] = fixed
                    return fixed
                arrays[node] = one.new(truth=ops[node] in TRUTHS)
                if fixed is None:
                    before[node] = arrays[node]
                else:
                    arrays[node][...] = fixed
            return arrays[node]

        for node in nodes:
            if ops[node] == "input":
                arrays[node] = inputs[graph.names[node]] = desk.new()
                continue
            given = [read(arg) for arg in args[node]]
            done = [
                arrays[arg]
                for arg in set(args[node])
                if last[arg] == node and arg in here and arg not in wanted and ops[arg] != "input"
            ]
            arrays[node] = desk.carry_out(ops[node], given, done)
        after = {node: arrays[node] for node in wanted if node in here}
        return _Bound(desk.calls, inputs, before, after)


_ELEMENTARY: dict[str, Callable[..., NDArray[Any]]] = {
    "log1p": log_of_one_more,
    "log": logarithm,
    "exp": exponential,
    "power": power,
}


@dataclass
class _Desk:
    """Arrays of one size that are taken up and laid aside while calls are written down.

    It is the `Arithmetic` that `sim.kernel.elementary` asks for.
    """

    shape: tuple[int, ...]
    precision: Precision
    calls: list[Callable[[], object]] = field(default_factory=list)
    free: dict[bool, list[NDArray[Any]]] = field(default_factory=lambda: {True: [], False: []})
    taken: list[NDArray[Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.whole = np.dtype(f"i{np.dtype(self.precision).itemsize}")

    def new(self, *, truth: bool = False) -> NDArray[Any]:
        """An array that begins where a line of the cache does, which makes loads a third faster."""
        dtype = np.dtype(bool if truth else self.precision)
        size = int(np.prod(self.shape)) * dtype.itemsize
        raw = np.empty(size + _LINE, dtype=np.uint8)
        start = -raw.ctypes.data % _LINE
        return raw[start : start + size].view(dtype).reshape(self.shape)

    def take(self, *, truth: bool = False) -> NDArray[Any]:
        """An array that is free, or a new one."""
        return self.free[truth].pop() if self.free[truth] else self.new(truth=truth)

    def lay_aside(self, arrays: list[NDArray[Any]]) -> None:
        """Give back arrays that nobody will read again."""
        for array in arrays:
            self.free[array.dtype == bool].append(array)

    def carry_out(
        self, op: str, inputs: list[NDArray[Any]], done: list[NDArray[Any]]
    ) -> NDArray[Any]:
        """Write down an operation; `done` are inputs that are not needed after it."""
        if op in _ELEMENTARY:
            self.taken = []
            out = _ELEMENTARY[op](self, *inputs, self.precision).view(self.precision)
            self.lay_aside([a for a in self.taken if a.ctypes.data != out.ctypes.data])
            self.lay_aside(done)
            return out
        if op == "where":
            condition, then, otherwise = inputs
            out = self.take()
            self.calls.append(partial(np.copyto, out, otherwise))
            self.calls.append(partial(np.copyto, out, then, where=condition))
            self.lay_aside(done)
            return out
        # an elementwise operation may write over what it reads
        self.lay_aside(done)
        out = self.take(truth=op in TRUTHS)
        if op == "clip":
            self.calls.append(partial(_CLIP, *inputs, out))
        elif op == "number":
            self.calls.append(partial(np.copyto, out, inputs[0]))
        else:
            self.calls.append(partial(UFUNCS[op], *inputs, out=out))
        return out

    def _do(
        self, ufunc: Callable[..., Any], *inputs: NDArray[Any], into: NDArray[Any] | None
    ) -> NDArray[Any]:
        if into is None:
            into = self.take()
            self.taken.append(into)
        out = into.view(inputs[0].dtype)
        self.calls.append(partial(ufunc, *inputs, out))
        return out

    def constant(self, value: float) -> NDArray[Any]:
        """A number."""
        return np.asarray(value, dtype=self.precision)

    def integer(self, value: int) -> NDArray[Any]:
        """A whole number."""
        return np.asarray(value, dtype=self.whole)

    def add(
        self, a: NDArray[Any], b: NDArray[Any], into: NDArray[Any] | None = None
    ) -> NDArray[Any]:
        """Sum."""
        return self._do(np.add, a, b, into=into)

    def subtract(
        self, a: NDArray[Any], b: NDArray[Any], into: NDArray[Any] | None = None
    ) -> NDArray[Any]:
        """Difference."""
        return self._do(np.subtract, a, b, into=into)

    def multiply(
        self, a: NDArray[Any], b: NDArray[Any], into: NDArray[Any] | None = None
    ) -> NDArray[Any]:
        """Product."""
        return self._do(np.multiply, a, b, into=into)

    def divide(
        self, a: NDArray[Any], b: NDArray[Any], into: NDArray[Any] | None = None
    ) -> NDArray[Any]:
        """Quotient."""
        return self._do(np.divide, a, b, into=into)

    def clip(
        self,
        a: NDArray[Any],
        low: NDArray[Any],
        high: NDArray[Any],
        into: NDArray[Any] | None = None,
    ) -> NDArray[Any]:
        """Within bounds."""
        return self._do(_CLIP, a, low, high, into=into)

    def positive(
        self, a: NDArray[Any], value: NDArray[Any], into: NDArray[Any] | None = None
    ) -> NDArray[Any]:
        """The value where a > 0, otherwise 0."""
        above = self.take(truth=True)
        self.calls.append(partial(np.greater, a, self.constant(0.0), above))
        one = self.take()
        self.calls.append(partial(np.copyto, one, above))
        self.lay_aside([above])
        self.taken.append(one)
        return self._do(np.multiply, value, one, into=into)

    def bits(self, a: NDArray[Any]) -> NDArray[Any]:
        """As integers."""
        return a.view(self.whole)

    def from_bits(self, a: NDArray[Any]) -> NDArray[Any]:
        """As numbers."""
        return a.view(self.precision)

    add_integers = add
    subtract_integers = subtract

    def both_bits(
        self, a: NDArray[Any], b: NDArray[Any], into: NDArray[Any] | None = None
    ) -> NDArray[Any]:
        """Bits set in both."""
        return self._do(np.bitwise_and, a, b, into=into)

    def shift_left(
        self, a: NDArray[Any], by: NDArray[Any], into: NDArray[Any] | None = None
    ) -> NDArray[Any]:
        """Towards the high end."""
        return self._do(np.left_shift, a, by, into=into)

    def shift_right(
        self, a: NDArray[Any], by: NDArray[Any], into: NDArray[Any] | None = None
    ) -> NDArray[Any]:
        """Towards the low end, the sign kept."""
        return self._do(np.right_shift, a, by, into=into)

    def to_number(self, a: NDArray[Any], into: NDArray[Any] | None = None) -> NDArray[Any]:
        """As the numbers they stand for."""
        if into is None:
            into = self.take()
            self.taken.append(into)
        out = into.view(self.precision)
        self.calls.append(partial(np.copyto, out, a, casting="unsafe"))
        return out
