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
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.outlook import Array
from sim.kernel import EngineMissingError, elementary, machine
from sim.kernel.algebra import Varies
from sim.kernel.graph import Graph
from sim.kernel.machine import BYTES, Layout, write, write_pass
from sim.kernel.plan import Precision, Prepared, Rows
from sim.kernel.unroll import Projection


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
        layout, name = _laid_out(projection, double=precision is np.float64)
        lanes = BYTES // np.dtype(precision).itemsize
        # what one vector of worlds needs lies together, so that it stays close while rows go by
        self._shared = np.empty((self.width // lanes, len(layout.shared), lanes), dtype=precision)
        for k, node in enumerate(layout.shared[: layout.parameters]):
            self._shared[:, k] = np.broadcast_to(self.fixed[node], self.width).reshape(-1, lanes)
        self._world_inputs = [graph.names[n] for n in self.by_world if graph.ops[n] == "input"]
        # the engine owns the code
        self._engine, self._prepare, self._project = load(projection, layout, precision, name)

    def run(self, worlds: Mapping[str, Array], rows: Mapping[str, Rows], count: int) -> Array:
        """As `Prepared.run`."""
        shared, width = self._shared.ctypes.data, self.width
        given = [self._flat(worlds[name]) for name in self._world_inputs]
        of_given = _places(given)
        self._prepare(shared, of_given.ctypes.data, width)
        kinds = [self._flat(rows[name].kinds) for name in self.inputs]
        which = [np.ascontiguousarray(rows[name].which * width) for name in self.inputs]
        out = np.empty((len(self.actors), count, width), dtype=self.precision)
        of_kinds, of_which = _places(kinds), _places(which)
        self._project(
            shared,
            of_kinds.ctypes.data,
            of_which.ctypes.data,
            out.ctypes.data,
            count,
            width,
        )
        return out

    def _flat(self, array: Array) -> Array:
        """In the kernel's precision, without gaps."""
        return np.ascontiguousarray(array, dtype=self.precision)


@lru_cache(maxsize=128)
def _laid_out(projection: Projection, *, double: bool) -> tuple[Layout, str]:
    """What is computed where, and the name of the code that does it: for all parameters."""
    graph, precision = projection.graph, np.float64 if double else np.float32
    fixed, by_world, by_row = projection.apart
    read = {arg for node in by_row for arg in graph.args[node]} | set(projection.payoff.values())
    first = read | {arg for node in by_world for arg in graph.args[node]}
    of_parameters = [
        node for node in fixed if node in first and projection.varies[node] == Varies.PARAMETERS
    ]
    of_worlds = [node for node in by_world if node in read]
    layout = Layout(by_world, by_row, (*of_parameters, *of_worlds), len(of_parameters))
    return layout, key(projection, layout, precision)


def _places(arrays: Sequence[NDArray[Any]]) -> NDArray[np.uintp]:
    """Where arrays lie in memory."""
    return np.array([array.ctypes.data for array in arrays], dtype=np.uintp)


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


_listeners: list[Callable[[str], object]] = []


def announce_to(listener: Callable[[str], object]) -> None:
    """Tell this one, in a sentence, when somebody has to wait for the compiler."""
    _listeners[:] = [listener]


def tell(sentence: str) -> None:
    """Say that somebody has to wait for the compiler."""
    for listener in _listeners:
        listener(sentence)


def cache_folder() -> Path:
    """Where compiled code is kept between runs."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "fulcrum"


def key(projection: Projection, layout: Layout, precision: Precision) -> str:
    """Name of the code of a projection: all that it depends on."""
    graph = projection.graph
    nodes = (*layout.by_world, *layout.by_row)
    return _named(
        (
            np.dtype(precision).name,
            repr((layout.shared, layout.parameters, list(projection.payoff.values()))),
        ),
        graph,
        nodes,
    )


def _named(parts: Sequence[str], graph: Graph, nodes: Sequence[int]) -> str:
    """Name of the code of some operations on this processor with these versions of everything."""
    llvm = _llvm()
    digest = hashlib.sha256()
    for part in (
        version("llvmlite"),
        llvm.get_host_cpu_name(),
        llvm.get_host_cpu_features().flatten(),
        Path(machine.__file__).read_text(encoding="utf-8"),
        Path(elementary.__file__).read_text(encoding="utf-8"),
        *parts,
    ):
        digest.update(part.encode() + b"\0")
    for node in nodes:
        args = [graph.constants[a] if graph.ops[a] == "constant" else a for a in graph.args[node]]
        digest.update(f"{node} {graph.ops[node]} {args}\n".encode())
    return digest.hexdigest()


_loaded: dict[str, Any] = {}

_ADDRESS, _NUMBER = ctypes.c_void_p, ctypes.c_int64


def load(
    projection: Projection, layout: Layout, precision: Precision, name: str
) -> tuple[Any, Any, Any]:
    """The two functions of a projection, compiled only if no file of them is kept.

    Returns:
        What owns them; `prepare(shared, inputs, worlds)`; and `project(shared, kinds, which, out,
        rows, worlds)`.
    """
    engine = _code(
        name,
        "a projection",
        lambda: write(projection, layout, precision),
    )
    prepare = ctypes.CFUNCTYPE(None, _ADDRESS, _ADDRESS, _NUMBER)
    project = ctypes.CFUNCTYPE(None, *[_ADDRESS] * 4, _NUMBER, _NUMBER)
    return (
        engine,
        prepare(engine.get_function_address("prepare")),
        project(engine.get_function_address("project")),
    )


type Given = NDArray[Any] | tuple[NDArray[Any], NDArray[np.int64]]
"""Inputs in order, a row of worlds each: one or several rows, or some rows of an array."""


class Pass:
    """A graph over worlds in machine code: one pass over memory, whatever is done on the way."""

    def __init__(
        self, graph: Graph, inputs: Mapping[int, np.dtype[Any]], outputs: Sequence[int]
    ) -> None:
        """Load the code, or compile it if this machine has not yet.

        Args:
            graph: the operations.
            inputs: nodes given from outside, with how each lies in memory: f8, f4 or b1.
            outputs: nodes wanted.

        Raises:
            EngineMissingError: llvmlite is not installed.
        """
        self._kinds, self._outputs = list(inputs.values()), len(outputs)
        self._known: set[tuple[tuple[np.dtype[Any], int, int], ...]] = set()
        # the engine owns the code
        self._engine = _code(
            _named((repr((inputs, outputs)),), graph, graph.needed(outputs)),
            "what weighs options",
            lambda: write_pass(graph, inputs, outputs),
        )
        apply = ctypes.CFUNCTYPE(None, _ADDRESS, _ADDRESS, _NUMBER)
        self._apply = apply(self._engine.get_function_address("apply"))

    def run(self, *given: Given) -> Array:
        """Carry it out.

        Args:
            given: the inputs in order. The number of worlds is a multiple of 8.

        Returns:
            Shape (outputs, worlds).
        """
        held, places, form = [], [], []
        for one in given:
            rows, which = one if isinstance(one, tuple) else (one, None)
            rows = np.ascontiguousarray(np.atleast_2d(rows))
            held.append(rows)
            chosen = np.arange(rows.shape[0]) if which is None else which
            places.append(rows.ctypes.data + chosen * rows.strides[0])
            form.append((rows.dtype, len(chosen), rows.shape[1]))
        self._check(tuple(form))
        width = held[0].shape[1]
        of_given = np.concatenate(places).astype(np.uintp)
        out = np.empty((self._outputs, width))
        self._apply(of_given.ctypes.data, out.ctypes.data, width)
        return out

    def _check(self, form: tuple[tuple[np.dtype[Any], int, int], ...]) -> None:
        """See that inputs are those that the code was written for: it would read them anyway."""
        if form in self._known:
            return
        kinds = [kind for kind, count, _ in form for _ in range(count)]
        widths = {width for _, _, width in form}
        if kinds != self._kinds or len(widths) != 1 or widths.pop() % VECTOR:
            raise ValueError("not the inputs that this code was written for")
        self._known.add(form)


VECTOR = BYTES // 8
"""Worlds in one vector of double precision."""


def _code(name: str, what: str, write: Callable[[], object]) -> Any:  # noqa: ANN401
    """Code of a name, compiled only if no file of it is kept, as LLVM holds it."""
    llvm = _llvm()
    if name not in _loaded:
        target = llvm.Target.from_default_triple().create_target_machine(
            cpu=llvm.get_host_cpu_name(),
            features=llvm.get_host_cpu_features().flatten(),
            opt=2,
            jit=True,
        )
        kept = cache_folder() / f"{name[:32]}.o"
        if kept.exists():
            code = kept.read_bytes()
        else:
            tell(f"compiling {what} for this processor, once; kept in {kept.parent}")
            module = llvm.parse_assembly(str(write()))
            passes = llvm.create_pass_builder(target, llvm.create_pipeline_tuning_options(2))
            passes.getModulePassManager().run(module, passes)
            code = target.emit_object(module)
            _keep(kept, code)
        engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), target)
        engine.add_object_file(llvm.ObjectFileRef.from_data(code))
        engine.finalize_object()
        _loaded[name] = engine
    return _loaded[name]


def _keep(path: Path, code: bytes) -> None:
    """Write a file so that nobody sees it half-written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_bytes(code)
    draft.replace(path)
