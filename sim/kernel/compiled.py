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
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from agents.outlook import Array
from sim.kernel import elementary
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
        read = {arg for node in self.by_row for arg in projection.graph.args[node]}
        read |= set(projection.payoff.values())
        self._of_parameters = [
            n for n in self.fixed if n in read and projection.varies[n] == Varies.PARAMETERS
        ]
        self._of_worlds = [n for n in self.by_world if n in read]
        shared = [*self._of_parameters, *self._of_worlds]
        lanes = BYTES // np.dtype(precision).itemsize
        # what one vector of worlds needs lies together, so that it stays close while rows go by
        self._shared = np.empty((self.width // lanes, len(shared), lanes), dtype=precision)
        for k, node in enumerate(self._of_parameters):
            self._shared[:, k] = np.broadcast_to(self.fixed[node], self.width).reshape(-1, lanes)
        self._code = load(projection, self.by_row, shared, precision)

    def run(self, worlds: Mapping[str, Array], rows: Mapping[str, Array], count: int) -> Array:
        """As `Prepared.run`."""
        values = self.by_worlds(worlds)
        for k, node in enumerate(self._of_worlds, start=len(self._of_parameters)):
            self._shared[:, k] = values[node].reshape(self._shared.shape[0], -1)
        given = [np.ascontiguousarray(rows[name], dtype=self.precision) for name in self.inputs]
        out = np.empty((len(self.actors), count, self.width), dtype=self.precision)
        pointers = np.array([array.ctypes.data for array in given], dtype=np.uintp)
        self._code(
            self._shared.ctypes.data, pointers.ctypes.data, out.ctypes.data, count, self.width
        )
        return out


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


def key(projection: Projection, by_row: list[int], shared: list[int], precision: Precision) -> str:
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
        repr(shared),
        repr(list(projection.payoff.values())),
    ):
        digest.update(part.encode() + b"\0")
    for node in by_row:
        args = [
            graph.constants[a] if graph.ops[a] == "constant" else a for a in graph.args[node]
        ]
        digest.update(f"{node} {graph.ops[node]} {args}\n".encode())
    return digest.hexdigest()


_loaded: dict[str, Any] = {}


def load(
    projection: Projection, by_row: list[int], shared: list[int], precision: Precision
) -> Any:  # noqa: ANN401 - a foreign function
    """The code of a projection as a function, compiled only if no file of it is kept."""
    llvm = _llvm()
    name = key(projection, by_row, shared, precision)
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
            module = llvm.parse_assembly(str(write(projection, by_row, shared, precision)))
            passes = llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options(2))
            passes.getModulePassManager().run(module, passes)
            code = machine.emit_object(module)
            _keep(kept, code)
        engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)
        engine.add_object_file(llvm.ObjectFileRef.from_data(code))
        engine.finalize_object()
        pointer, number = ctypes.c_void_p, ctypes.c_int64
        kind = ctypes.CFUNCTYPE(None, pointer, pointer, pointer, number, number)
        _loaded[name] = (engine, kind(engine.get_function_address("project")))
    return _loaded[name][1]


def _keep(path: Path, code: bytes) -> None:
    """Write a file so that nobody sees it half-written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_bytes(code)
    draft.replace(path)


def write(
    projection: Projection, by_row: list[int], shared: list[int], precision: Precision
) -> ir.Module:
    """The code of a projection: a loop over worlds, a vector at a time, and within it over rows."""
    from llvmlite import ir

    graph = projection.graph
    desk = _Desk(precision)
    module = ir.Module()
    count = ir.IntType(64)
    numbers = ir.PointerType(desk.single)
    kinds = [numbers, ir.PointerType(numbers), numbers, count, count]
    function = ir.Function(module, ir.FunctionType(ir.VoidType(), kinds), "project")
    for argument in function.args[:3]:
        argument.add_attribute("noalias")
    in_common, given, out, rows, width = function.args
    start, each_vector, each_row, vector_done, done = (
        function.append_basic_block(n) for n in ("start", "vector", "row", "next", "done")
    )
    at = ir.IRBuilder(start)
    total = at.mul(rows, width)
    at.branch(each_vector)
    at = ir.IRBuilder(each_vector)
    column = at.phi(count)
    column.add_incoming(count(0), start)
    common = at.gep(in_common, [at.mul(column, count(len(shared)))])
    at.branch(each_row)
    desk.at = at = ir.IRBuilder(each_row)
    row = at.phi(count)
    row.add_incoming(count(0), each_vector)
    place = at.phi(count)
    place.add_incoming(column, each_vector)

    values: dict[int, Any] = {}
    position = {node: k for k, node in enumerate(shared)}
    inputs = 0
    for node in by_row:
        if graph.ops[node] == "input":
            base = at.load(at.gep(given, [count(inputs)]))
            values[node] = desk.load(at.gep(base, [place]))
            inputs += 1
            continue
        args = []
        for arg in graph.args[node]:
            if arg in values:
                args.append(values[arg])
            elif graph.ops[arg] == "constant":
                args.append(desk.constant(graph.constants[arg]))
            else:
                offset = count(position[arg] * desk.lanes)
                args.append(desk.load(at.gep(common, [offset])))
        values[node] = desk.carry_out(graph.ops[node], args)
    for k, node in enumerate(projection.payoff.values()):
        offset = at.add(at.mul(count(k), total), place)
        if node in values:
            value = values[node]
        else:
            value = desk.load(at.gep(common, [count(position[node] * desk.lanes)]))
        desk.store(value, at.gep(out, [offset]))
    after = at.add(row, count(1))
    row.add_incoming(after, each_row)
    place.add_incoming(at.add(place, width), each_row)
    at.cbranch(at.icmp_signed("<", after, rows), each_row, vector_done)
    at = ir.IRBuilder(vector_done)
    following = at.add(column, count(desk.lanes))
    column.add_incoming(following, vector_done)
    at.cbranch(at.icmp_signed("<", following, width), each_vector, done)
    ir.IRBuilder(done).ret_void()
    return module


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
        self.whole = ir.VectorType(ir.IntType(8 * self.size), self.lanes)
        self.unary = ir.FunctionType(self.vector, [self.vector])
        self.at: Any = None

    def _named(self, name: str) -> str:
        """LLVM's name of one of its own functions on these vectors."""
        return f"llvm.{name}.v{self.lanes}f{8 * self.size}"

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
