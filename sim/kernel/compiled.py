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
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.outlook import Array
from sim.kernel import EngineMissingError, elementary, machine
from sim.kernel.algebra import Varies
from sim.kernel.machine import BYTES, Layout, write
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
        read = {arg for node in self.by_row for arg in graph.args[node]}
        read |= set(projection.payoff.values())
        first = {arg for node in self.by_world for arg in graph.args[node]}
        of_parameters = [
            node
            for node in self.fixed
            if node in read | first and projection.varies[node] == Varies.PARAMETERS
        ]
        of_worlds = [node for node in self.by_world if node in read]
        layout = Layout(
            self.by_world, self.by_row, (*of_parameters, *of_worlds), len(of_parameters)
        )
        lanes = BYTES // np.dtype(precision).itemsize
        # what one vector of worlds needs lies together, so that it stays close while rows go by
        self._shared = np.empty((self.width // lanes, len(layout.shared), lanes), dtype=precision)
        for k, node in enumerate(of_parameters):
            self._shared[:, k] = np.broadcast_to(self.fixed[node], self.width).reshape(-1, lanes)
        self._world_inputs = [graph.names[n] for n in self.by_world if graph.ops[n] == "input"]
        self._prepare, self._project = load(projection, layout, precision)

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
        Path(machine.__file__).read_text(encoding="utf-8"),
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
        `prepare(shared, inputs, worlds)` and `project(shared, kinds, which, out, rows, worlds)`.
    """
    llvm = _llvm()
    name = key(projection, layout, precision)
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
            for tell in _listeners:
                tell(f"compiling a projection for this processor, once; kept in {kept.parent}")
            module = llvm.parse_assembly(str(write(projection, layout, precision)))
            passes = llvm.create_pass_builder(target, llvm.create_pipeline_tuning_options(2))
            passes.getModulePassManager().run(module, passes)
            code = target.emit_object(module)
            _keep(kept, code)
        engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), target)
        engine.add_object_file(llvm.ObjectFileRef.from_data(code))
        engine.finalize_object()
        pointer, number = ctypes.c_void_p, ctypes.c_int64
        prepare = ctypes.CFUNCTYPE(None, pointer, pointer, number)
        project = ctypes.CFUNCTYPE(None, *[pointer] * 4, number, number)
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
