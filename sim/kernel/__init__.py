"""The projection made fast: mechanisms are read once, rearranged, and run by an engine.

Nothing of the model is written here. `trace` runs the text of `sim.world` on symbols and keeps what
it does to them (`graph`); `unroll` strings months together and, with `algebra`, moves everything
that does not change out of the way; `plan` carries it out in NumPy, `compiled` in machine code
(`machine`). `elementary` has the few functions that processors disagree about, so both engines give
the same bits. `projector` is what the rest of the model asks.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import Literal

type Engine = Literal["numpy", "numba"]

ENGINES: tuple[Engine, ...] = ("numpy", "numba")
"""NumPy, and code compiled by the compiler of Numba. Both give the same bits."""


class EngineMissingError(RuntimeError):
    """The compiled engine was asked for where its compiler is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "the numba engine needs llvmlite, the compiler beneath Numba, which is not installed: "
            "pip install 'fulcrum-sim[fast]', or leave the engine at numpy"
        )


def check_engine(name: str) -> None:
    """See that an engine can be used.

    Raises:
        ValueError: there is no engine of this name.
        EngineMissingError: it needs what is not installed.
    """
    if name not in ENGINES:
        raise ValueError(f"unknown engine {name!r}; known are {' and '.join(ENGINES)}")
    if name == "numba" and find_spec("llvmlite") is None:
        raise EngineMissingError
