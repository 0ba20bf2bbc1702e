"""Fulcrum: who moves whom in the Russia-Ukraine war, and Belarus's part in it.

    from sim import load_scenario, simulate, compare, explain, ConflictModel

The names are loaded when they are first used, so that importing the package, and asking the
command line for help, stays quick.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.analysis.compare import compare as compare
    from sim.analysis.history import explain as explain
    from sim.ensemble.engine import simulate as simulate
    from sim.model import ConflictModel as ConflictModel
    from sim.scenario import load_scenario as load_scenario

__version__ = "0.1.0"

_HOMES = {
    "ConflictModel": "sim.model",
    "compare": "sim.analysis.compare",
    "explain": "sim.analysis.history",
    "load_scenario": "sim.scenario",
    "simulate": "sim.ensemble.engine",
}

__all__ = ["ConflictModel", "__version__", "compare", "explain", "load_scenario", "simulate"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a class or a function
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
