"""The graph of a projection written out as code of LLVM, many worlds in one instruction.

Every operation is the one that NumPy does, in the same order and precision, none fused or
rearranged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.kernel import elementary
from sim.kernel.graph import TRUTHS, Graph
from sim.kernel.plan import Precision
from sim.kernel.unroll import Projection

if TYPE_CHECKING:
    from llvmlite import ir

BYTES = 64
"""Width of a vector; processors with narrower ones take it in pieces."""


@dataclass(frozen=True)
class Layout:
    """What is computed where.

    Attributes:
        by_world: nodes that are worked out once for all rows.
        by_row: nodes that are worked out for every row.
        shared: nodes kept in memory that rows, and worlds, read.
        parameters: how many of these depend on parameters alone; the others are of worlds.
    """

    by_world: list[int]
    by_row: list[int]
    shared: tuple[int, ...]
    parameters: int


def write(projection: Projection, layout: Layout, precision: Precision) -> ir.Module:
    """The code of a projection: what worlds have in common, then all their rows."""
    from llvmlite import ir

    module = ir.Module()
    _write_prepare(module, projection, layout, precision)
    _write_project(module, projection, layout, precision)
    return module


def write_pass(
    graph: Graph, inputs: Mapping[int, np.dtype[Any]], outputs: Sequence[int]
) -> ir.Module:
    """The code of `apply(given, out, worlds)`: a graph over worlds, in double precision.

    Args:
        graph: the operations.
        inputs: nodes given from outside, with how each lies in memory: f8, f4 or b1.
        outputs: nodes to write, one row each.
    """
    from llvmlite import ir

    module, desk = ir.Module(), _Desk(np.float64)
    numbers = ir.PointerType(desk.single)
    kinds = [ir.PointerType(numbers), numbers, desk.count]
    function = _function(module, "apply", desk, kinds)
    given, out, width = function.args
    start, each, done = (function.append_basic_block(n) for n in ("start", "vector", "done"))
    ir.IRBuilder(start).branch(each)
    desk.at = at = ir.IRBuilder(each)
    column = at.phi(desk.count)
    column.add_incoming(desk.count(0), start)
    place = {node: k for k, node in enumerate(inputs)}
    values: dict[int, Any] = {}
    for node in graph.needed(outputs):
        if node in place:
            base = at.load(at.gep(given, [desk.count(place[node])]))
            values[node] = desk.load_as(inputs[node], base, column)
        elif graph.ops[node] == "constant":
            values[node] = desk.constant(graph.constants[node])
        else:
            values[node] = desk.carry_out(graph.ops[node], [values[a] for a in graph.args[node]])
    for k, node in enumerate(outputs):
        desk.store(values[node], at.gep(out, [at.add(at.mul(desk.count(k), width), column)]))
    following = at.add(column, desk.count(desk.lanes))
    column.add_incoming(following, each)
    at.cbranch(at.icmp_signed("<", following, width), each, done)
    ir.IRBuilder(done).ret_void()
    return module


def _function(module: ir.Module, name: str, desk: _Desk, kinds: list[Any]) -> Any:  # noqa: ANN401
    """An empty function; no two of its pointers lead to the same place."""
    from llvmlite import ir

    function = ir.Function(module, ir.FunctionType(ir.VoidType(), kinds), name)
    for argument in function.args:
        if isinstance(argument.type, ir.PointerType):
            argument.add_attribute("noalias")
    return function


def _write_prepare(
    module: ir.Module, projection: Projection, layout: Layout, precision: Precision
) -> None:
    """A loop over worlds, a vector at a time."""
    from llvmlite import ir

    desk = _Desk(precision)
    numbers = ir.PointerType(desk.single)
    kinds = [numbers, ir.PointerType(numbers), desk.count]
    function = _function(module, "prepare", desk, kinds)
    shared, given, width = function.args
    start, each, done = (function.append_basic_block(n) for n in ("start", "vector", "done"))
    ir.IRBuilder(start).branch(each)
    desk.at = at = ir.IRBuilder(each)
    column = at.phi(desk.count)
    column.add_incoming(desk.count(0), start)
    here = at.gep(shared, [at.mul(column, desk.count(len(layout.shared)))])
    first = layout.parameters
    known = {node: k for k, node in enumerate(layout.shared[:first])}
    values = desk.carry_out_all(projection, layout.by_world, here, known, given, lambda _: column)
    for k, node in enumerate(layout.shared[first:], start=first):
        value = values[node]
        if projection.graph.ops[node] in TRUTHS:
            value = at.uitofp(value, desk.vector)
        desk.store(value, at.gep(here, [desk.count(k * desk.lanes)]))
    following = at.add(column, desk.count(desk.lanes))
    column.add_incoming(following, each)
    at.cbranch(at.icmp_signed("<", following, width), each, done)
    ir.IRBuilder(done).ret_void()


def _write_project(
    module: ir.Module, projection: Projection, layout: Layout, precision: Precision
) -> None:
    """A loop over worlds, a vector at a time, and within it over rows."""
    from llvmlite import ir

    desk = _Desk(precision)
    numbers, counts = ir.PointerType(desk.single), ir.PointerType(desk.count)
    kinds = [numbers, ir.PointerType(numbers), ir.PointerType(counts), numbers]
    function = _function(module, "project", desk, [*kinds, desk.count, desk.count])
    shared, given, which, out, rows, width = function.args
    start, each_vector, each_row, vector_done, done = (
        function.append_basic_block(n) for n in ("start", "vector", "row", "next", "done")
    )
    at = ir.IRBuilder(start)
    total = at.mul(rows, width)
    at.branch(each_vector)
    at = ir.IRBuilder(each_vector)
    column = at.phi(desk.count)
    column.add_incoming(desk.count(0), start)
    here = at.gep(shared, [at.mul(column, desk.count(len(layout.shared)))])
    at.branch(each_row)
    desk.at = at = ir.IRBuilder(each_row)
    row = at.phi(desk.count)
    row.add_incoming(desk.count(0), each_vector)
    place = at.phi(desk.count)
    place.add_incoming(column, each_vector)
    known = {node: k for k, node in enumerate(layout.shared)}

    def of_row(number: int) -> Any:  # noqa: ANN401 - a value of llvmlite
        """Where the row's kind of an input begins."""
        of_input = at.load(at.gep(which, [desk.count(number)]))
        return at.add(at.load(at.gep(of_input, [row])), column)

    values = desk.carry_out_all(projection, layout.by_row, here, known, given, of_row)
    for k, node in enumerate(projection.payoff.values()):
        value = values[node] if node in values else desk.shared(here, known[node])
        desk.store(value, at.gep(out, [at.add(at.mul(desk.count(k), total), place)]))
    after = at.add(row, desk.count(1))
    row.add_incoming(after, each_row)
    place.add_incoming(at.add(place, width), each_row)
    at.cbranch(at.icmp_signed("<", after, rows), each_row, vector_done)
    at = ir.IRBuilder(vector_done)
    following = at.add(column, desk.count(desk.lanes))
    column.add_incoming(following, vector_done)
    at.cbranch(at.icmp_signed("<", following, width), each_vector, done)
    ir.IRBuilder(done).ret_void()


_PLAIN = {"add": "fadd", "subtract": "fsub", "multiply": "fmul", "divide": "fdiv"}
_COMPARED = {
    "less": "<",
    "less_equal": "<=",
    "greater": ">",
    "greater_equal": ">=",
    "equal": "==",
    "not_equal": "!=",
}
_ELEMENTARY: dict[str, Callable[..., Any]] = {
    "log1p": elementary.log_of_one_more,
    "log": elementary.logarithm,
    "exp": elementary.exponential,
    "power": elementary.power,
}


class _Desk:
    """Operations on vectors, as `sim.kernel.elementary` asks for them."""

    def __init__(self, precision: Precision) -> None:
        from llvmlite import ir

        self.precision = precision
        self.size = np.dtype(precision).itemsize
        self.lanes = BYTES // self.size
        self.single = ir.FloatType() if self.size == 4 else ir.DoubleType()
        self.vector = ir.VectorType(self.single, self.lanes)
        self.count = ir.IntType(64)
        self.whole = ir.VectorType(ir.IntType(8 * self.size), self.lanes)
        self.unary = ir.FunctionType(self.vector, [self.vector])
        self.at: Any = None

    def carry_out_all(
        self,
        projection: Projection,
        nodes: list[int],
        here: Any,  # noqa: ANN401 - values of llvmlite
        known: Mapping[int, int],
        given: Any,  # noqa: ANN401
        place: Callable[[int], Any],
    ) -> dict[int, Any]:
        """Operations one after the other.

        Args:
            projection: whose graph it is.
            nodes: operations and inputs, in order.
            here: where nodes that were worked out before lie, for the worlds at hand.
            known: such a node -> which of them it is.
            given: where the addresses of inputs lie.
            place: from the number of an input to where the worlds at hand are in it.
        """
        graph = projection.graph
        values: dict[int, Any] = {}
        inputs = 0
        for node in nodes:
            if graph.ops[node] == "input":
                base = self.at.load(self.at.gep(given, [self.count(inputs)]))
                values[node] = self.load(self.at.gep(base, [place(inputs)]))
                inputs += 1
                continue
            args = []
            for arg in graph.args[node]:
                if arg in values:
                    args.append(values[arg])
                elif graph.ops[arg] == "constant":
                    args.append(self.constant(graph.constants[arg]))
                else:
                    # read anew each time: from the cache it costs less than keeping it
                    value = self.shared(here, known[arg])
                    if graph.ops[arg] in TRUTHS:
                        value = self.at.fcmp_ordered("!=", value, self.constant(0.0))
                    args.append(value)
            values[node] = self.carry_out(graph.ops[node], args)
        return values

    def shared(self, here: Any, which: int) -> Any:  # noqa: ANN401
        """A node that was worked out before."""
        return self.load(self.at.gep(here, [self.count(which * self.lanes)]))

    def load(self, pointer: Any) -> Any:  # noqa: ANN401 - values of llvmlite
        """A vector from memory."""
        from llvmlite import ir

        return self.at.load(self.at.bitcast(pointer, ir.PointerType(self.vector)), align=self.size)

    def load_as(self, kind: np.dtype[Any], base: Any, column: Any) -> Any:  # noqa: ANN401
        """A vector from numbers of some kind, which begin at an address, from a column on."""
        from llvmlite import ir

        held = {"f8": self.single, "f4": ir.FloatType(), "b1": ir.IntType(8)}[kind.str[1:]]
        first = self.at.gep(self.at.bitcast(base, ir.PointerType(held)), [column])
        vector = ir.VectorType(held, self.lanes)
        value = self.at.load(self.at.bitcast(first, ir.PointerType(vector)), align=kind.itemsize)
        if kind.kind == "b":
            return self.at.icmp_unsigned("!=", value, ir.Constant(vector, [0] * self.lanes))
        return value if kind.itemsize == self.size else self.at.fpext(value, self.vector)

    def store(self, value: Any, pointer: Any) -> None:  # noqa: ANN401
        """A vector to memory."""
        from llvmlite import ir

        self.at.store(value, self.at.bitcast(pointer, ir.PointerType(self.vector)), align=self.size)

    def carry_out(self, op: str, args: list[Any]) -> Any:  # noqa: ANN401
        """An operation of the graph."""
        if op in _PLAIN:
            return getattr(self.at, _PLAIN[op])(*args)
        if op in _COMPARED:
            return self.at.fcmp_ordered(_COMPARED[op], *args)
        if op in _ELEMENTARY:
            return _ELEMENTARY[op](self, *args, self.precision)
        match op:
            case "where":
                return self.at.select(*args)
            case "clip":
                return self.clip(*args)
            case "number":
                return self.at.uitofp(args[0], self.vector)
            case "maximum":
                return self.at.select(self.at.fcmp_ordered(">", *args), *args)
            case "minimum":
                return self.at.select(self.at.fcmp_ordered("<", *args), *args)
            case "negative":
                return self.at.fneg(args[0])
            case "sqrt" | "absolute":
                name = "sqrt" if op == "sqrt" else "fabs"
                named = f"llvm.{name}.v{self.lanes}f{8 * self.size}"
                function = self.at.module.declare_intrinsic(named, (), self.unary)
                return self.at.call(function, args)
            case "logical_and":
                return self.at.and_(*args)
            case "logical_or":
                return self.at.or_(*args)
            case "logical_not":
                return self.at.not_(args[0])
        raise NotImplementedError(f"the compiled engine knows no {op}")

    def constant(self, value: float) -> Any:  # noqa: ANN401
        """A number in every lane."""
        from llvmlite import ir

        one = ir.Constant(self.single, float(self.precision(value)))
        return ir.Constant(self.vector, [one] * self.lanes)

    def integer(self, value: int) -> Any:  # noqa: ANN401
        """A whole number in every lane."""
        from llvmlite import ir

        return ir.Constant(self.whole, [value] * self.lanes)

    def add(self, a: Any, b: Any, into: Any = None) -> Any:  # noqa: ANN401
        """Sum."""
        return self.at.fadd(a, b)

    def subtract(self, a: Any, b: Any, into: Any = None) -> Any:  # noqa: ANN401
        """Difference."""
        return self.at.fsub(a, b)

    def multiply(self, a: Any, b: Any, into: Any = None) -> Any:  # noqa: ANN401
        """Product."""
        return self.at.fmul(a, b)

    def divide(self, a: Any, b: Any, into: Any = None) -> Any:  # noqa: ANN401
        """Quotient."""
        return self.at.fdiv(a, b)

    def clip(self, a: Any, low: Any, high: Any, into: Any = None) -> Any:  # noqa: ANN401
        """Within bounds."""
        above = self.at.select(self.at.fcmp_ordered(">", a, low), a, low)
        return self.at.select(self.at.fcmp_ordered("<", above, high), above, high)

    def positive(self, a: Any, value: Any, into: Any = None) -> Any:  # noqa: ANN401
        """The value where a > 0, otherwise 0."""
        zero = self.constant(0.0)
        return self.at.select(self.at.fcmp_ordered(">", a, zero), value, zero)

    def bits(self, a: Any) -> Any:  # noqa: ANN401
        """As integers."""
        return self.at.bitcast(a, self.whole)

    def from_bits(self, a: Any) -> Any:  # noqa: ANN401
        """As numbers."""
        return self.at.bitcast(a, self.vector)

    def add_integers(self, a: Any, b: Any, into: Any = None) -> Any:  # noqa: ANN401
        """Sum of integers."""
        return self.at.add(a, b)

    def subtract_integers(self, a: Any, b: Any, into: Any = None) -> Any:  # noqa: ANN401
        """Difference of integers."""
        return self.at.sub(a, b)

    def both_bits(self, a: Any, b: Any, into: Any = None) -> Any:  # noqa: ANN401
        """Bits set in both."""
        return self.at.and_(a, b)

    def shift_left(self, a: Any, by: Any, into: Any = None) -> Any:  # noqa: ANN401
        """Towards the high end."""
        return self.at.shl(a, by)

    def shift_right(self, a: Any, by: Any, into: Any = None) -> Any:  # noqa: ANN401
        """Towards the low end, the sign kept."""
        return self.at.ashr(a, by)

    def to_number(self, a: Any, into: Any = None) -> Any:  # noqa: ANN401
        """As the numbers they stand for."""
        return self.at.sitofp(a, self.vector)
