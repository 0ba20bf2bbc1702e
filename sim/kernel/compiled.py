"""A projection compiled: the same graph as machine code, many worlds in one instruction.

The graph is written out as code of LLVM, the compiler beneath Numba, through `llvmlite`. Numba
itself, given the same graph as Python, takes a minute where this takes half a second, and does not
find the vector instructions. Every operation is the one that NumPy does, in the same order and
precision, none fused or rearranged, so both engines give the same bits.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from agents.outlook import Array
from sim.kernel import elementary
from sim.kernel.graph import TRUTHS
from sim.kernel.plan import Precision, Prepared
from sim.kernel.unroll import Projection, Varies

if TYPE_CHECKING:
    from llvmlite import ir

BYTES = 64
"""Width of a vector; processors with narrower ones take it in pieces."""


class EngineMissingError(RuntimeError):
    """The compiled engine was asked for where its compiler is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "the numba engine needs Numba's compiler, which is not installed: "
            "pip install 'fulcrum-sim[fast]'"
        )


class Compiled(Prepared):
    """Carries out one projection for given parameters in machine code."""

    def __init__(
        self, projection: Projection, parameters: Mapping[str, Array], precision: Precision
    ) -> None:
        """Load the code, or compile it if this machine has not yet.

        Raises:
            EngineMissingError: llvmlite is not installed.
        """
        super().__init__(projection, parameters, precision)
        graph = projection.graph
        read = {arg for node in self.by_row for arg in graph.args[node]}
        read |= set(projection.payoff.values())
        first = {arg for node in self.by_world for arg in graph.args[node]}
        of_parameters = [
            node
            for node in self.fixed
            if node in read | first and projection.varies[node] == Varies.PARAMETERS
        ]
        of_worlds = [node for node in self.by_world if node in read]
        layout = Layout(self.by_world, self.by_row, (*of_parameters, *of_worlds), len(of_parameters))
        lanes = BYTES // np.dtype(precision).itemsize
        # what one vector of worlds needs lies together, so that it stays close while rows go by
        self._shared = np.empty((self.width // lanes, len(layout.shared), lanes), dtype=precision)
        for k, node in enumerate(of_parameters):
            self._shared[:, k] = np.broadcast_to(self.fixed[node], self.width).reshape(-1, lanes)
        self._world_inputs = [graph.names[n] for n in self.by_world if graph.ops[n] == "input"]
        self._prepare, self._project = load(projection, layout, precision)

    def run(self, worlds: Mapping[str, Array], rows: Mapping[str, Array], count: int) -> Array:
        """As `Prepared.run`."""
        shared = self._shared.ctypes.data
        kept, places = self._places(worlds, self._world_inputs)
        self._prepare(shared, places.ctypes.data, self.width)
        kept, places = self._places(rows, self.inputs)
        out = np.empty((len(self.actors), count, self.width), dtype=self.precision)
        self._project(shared, places.ctypes.data, out.ctypes.data, count, self.width)
        del kept
        return out

    def _places(
        self, given: Mapping[str, Array], names: list[str]
    ) -> tuple[list[Array], NDArray[np.uintp]]:
        """Arrays in the kernel's precision, and where they lie."""
        arrays = [np.ascontiguousarray(given[name], dtype=self.precision) for name in names]
        return arrays, np.array([array.ctypes.data for array in arrays], dtype=np.uintp)


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


@cache
def _llvm() -> Any:  # noqa: ANN401 - a module without types
    """The compiler, made ready."""
    try:
        import llvmlite.binding as llvm
    except ImportError as missing:
        raise EngineMissingError from missing
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return llvm


def cache_folder() -> Path:
    """Where compiled code is kept between runs."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "fulcrum"


def key(projection: Projection, layout: Layout, precision: Precision) -> str:
    """Name of the code of a projection: all that it depends on."""
    llvm = _llvm()
    graph = projection.graph
    digest = hashlib.sha256()
    for part in (
        version("llvmlite"),
        llvm.get_host_cpu_name(),
        llvm.get_host_cpu_features().flatten(),
        np.dtype(precision).name,
        Path(__file__).read_text(encoding="utf-8"),
        Path(elementary.__file__).read_text(encoding="utf-8"),
        repr((layout.shared, layout.parameters, list(projection.payoff.values()))),
    ):
        digest.update(part.encode() + b"\0")
    for node in (*layout.by_world, *layout.by_row):
        args = [graph.constants[a] if graph.ops[a] == "constant" else a for a in graph.args[node]]
        digest.update(f"{node} {graph.ops[node]} {args}\n".encode())
    return digest.hexdigest()


_loaded: dict[str, Any] = {}


def load(projection: Projection, layout: Layout, precision: Precision) -> tuple[Any, Any]:
    """The two functions of a projection, compiled only if no file of them is kept.

    Returns:
        `prepare(shared, inputs, worlds)` and `project(shared, inputs, out, rows, worlds)`.
    """
    llvm = _llvm()
    name = key(projection, layout, precision)
    if name not in _loaded:
        machine = llvm.Target.from_default_triple().create_target_machine(
            cpu=llvm.get_host_cpu_name(),
            features=llvm.get_host_cpu_features().flatten(),
            opt=2,
            jit=True,
        )
        kept = cache_folder() / f"{name[:32]}.o"
        if kept.exists():
            code = kept.read_bytes()
        else:
            module = llvm.parse_assembly(str(write(projection, layout, precision)))
            passes = llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options(2))
            passes.getModulePassManager().run(module, passes)
            code = machine.emit_object(module)
            _keep(kept, code)
        engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)
        engine.add_object_file(llvm.ObjectFileRef.from_data(code))
        engine.finalize_object()
        pointer, number = ctypes.c_void_p, ctypes.c_int64
        prepare = ctypes.CFUNCTYPE(None, pointer, pointer, number)
        project = ctypes.CFUNCTYPE(None, pointer, pointer, pointer, number, number)
        _loaded[name] = (
            engine,  # owns the code
            prepare(engine.get_function_address("prepare")),
            project(engine.get_function_address("project")),
        )
    return _loaded[name][1:]


def _keep(path: Path, code: bytes) -> None:
    """Write a file so that nobody sees it half-written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_bytes(code)
    draft.replace(path)


def write(projection: Projection, layout: Layout, precision: Precision) -> ir.Module:
    """The code of a projection: what worlds have in common, then all their rows."""
    from llvmlite import ir

    module = ir.Module()
    _write_prepare(module, projection, layout, precision)
    _write_project(module, projection, layout, precision)
    return module


def _function(
    module: ir.Module, name: str, pointers: int, counts: int, precision: Precision
) -> tuple[_Desk, Any]:
    """An empty function of (numbers, addresses of inputs, [results,] counts ...)."""
    from llvmlite import ir

    desk = _Desk(precision)
    numbers = ir.PointerType(desk.single)
    kinds = [numbers, ir.PointerType(numbers), numbers][:pointers] + [desk.count] * counts
    function = ir.Function(module, ir.FunctionType(ir.VoidType(), kinds), name)
    for argument in function.args[:pointers]:
        argument.add_attribute("noalias")
    return desk, function


def _write_prepare(
    module: ir.Module, projection: Projection, layout: Layout, precision: Precision
) -> None:
    """A loop over worlds, a vector at a time."""
    from llvmlite import ir

    desk, function = _function(module, "prepare", 2, 1, precision)
    shared, given, width = function.args
    start, each, done = (function.append_basic_block(n) for n in ("start", "vector", "done"))
    ir.IRBuilder(start).branch(each)
    desk.at = at = ir.IRBuilder(each)
    column = at.phi(desk.count)
    column.add_incoming(desk.count(0), start)
    here = at.gep(shared, [at.mul(column, desk.count(len(layout.shared)))])
    first = layout.parameters
    known = {node: k for k, node in enumerate(layout.shared[:first])}
    values = desk.carry_out_all(projection, layout.by_world, here, known, given, column)
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

    desk, function = _function(module, "project", 3, 2, precision)
    shared, given, out, rows, width = function.args
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
    values = desk.carry_out_all(projection, layout.by_row, here, known, given, place)
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
_ELEMENTARY = {
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

    def _named(self, name: str) -> str:
        """LLVM's name of one of its own functions on these vectors."""
        return f"llvm.{name}.v{self.lanes}f{8 * self.size}"

    def carry_out_all(
        self,
        projection: Projection,
        nodes: list[int],
        here: Any,  # noqa: ANN401 - values of llvmlite
        known: Mapping[int, int],
        given: Any,  # noqa: ANN401
        place: Any,  # noqa: ANN401
    ) -> dict[int, Any]:
        """Operations one after the other.

        Args:
            projection: whose graph it is.
            nodes: operations and inputs, in order.
            here: where nodes that were worked out before lie, for the worlds at hand.
            known: such a node -> which of them it is.
            given: where the addresses of inputs lie.
            place: of the worlds at hand in an input.
        """
        graph = projection.graph
        values: dict[int, Any] = {}
        inputs = 0
        for node in nodes:
            if graph.ops[node] == "input":
                base = self.at.load(self.at.gep(given, [self.count(inputs)]))
                values[node] = self.load(self.at.gep(base, [place]))
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

        return self.at.load(
            self.at.bitcast(pointer, ir.PointerType(self.vector)), align=self.size
        )

    def store(self, value: Any, pointer: Any) -> None:  # noqa: ANN401
        """A vector to memory."""
        from llvmlite import ir

        self.at.store(
            value, self.at.bitcast(pointer, ir.PointerType(self.vector)), align=self.size
        )

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
                return self.at.call(self.at.module.declare_intrinsic(self._named(name), (), self.unary), args)
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
