"""What a run is: everything that determines its numbers, in one fingerprint.

The fingerprint covers the format of the draws, the effective scenario, the data in `seeds/`, the
engine and NumPy's minor version, the seed, the draws per set, what is varied and the level of
recording. The number of worlds stays out of it: a longer run continues a shorter one.

The code of the model is fingerprinted apart (`code_digest`). It is not part of a run's identity, so
that a run keeps its name over a change that does not touch its numbers, but the store reads it
before it trusts what it kept.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sim.ensemble.levels import DEFAULT_KEEP, Keep

if TYPE_CHECKING:
    from sim.draws import Vary
    from sim.scenario import Scenario
    from sim.scenario.fork import Fork

type Json = bool | int | float | str | list[Json] | tuple[Json, ...] | dict[str, Json] | None

ENGINE = "numpy"
"""Whose bits a run has. The compiled engine gives the same, so it is no part of what a run is."""

_EXACT_INTEGERS = 2**53
_NO_MODEL = ("_scenarios", "_seeds", "adapters", "analysis", "cli", "explorer", "report")
"""What lies in `sim/` and has no part in making worlds."""


def canonical(value: Json) -> str:
    """The one JSON text of a value: keys sorted, no spaces, equal numbers written equally.

    A whole number is written without a decimal point whether it came as `1` or `1.0`, as in
    RFC 8785; other floats are written in the fewest digits that give them back.

    Raises:
        ValueError: a number is infinite or not a number.
        TypeError: a value has no JSON form, or a key is not text.
    """
    return json.dumps(_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _plain(value: Json) -> Json:
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"{value} has no canonical form")
        whole = value.is_integer() and abs(value) < _EXACT_INTEGERS
        return int(value) if whole else float(value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise TypeError("keys of canonical JSON are text")
        return {key: _plain(item) for key, item in value.items()}
    raise TypeError(f"{type(value).__name__} has no canonical form")


def digest(value: Json) -> str:
    """SHA-256 of a value's canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def files_digest(root: Path, files: Iterable[Path]) -> str:
    """SHA-256 over the names and contents of text files, whatever their line ends.

    Args:
        root: what the names are taken relative to.
        files: in any order.
    """
    return digest(
        {
            path.relative_to(root).as_posix(): hashlib.sha256(
                path.read_bytes().replace(b"\r\n", b"\n")
            ).hexdigest()
            for path in files
        }
    )


@cache
def seeds_digest() -> str:
    """Fingerprint of every data file in `seeds/`."""
    from sim.scenario.registry import seeds_path

    seeds = seeds_path()
    return files_digest(seeds, (p for p in seeds.iterdir() if p.suffix in {".csv", ".yaml"}))


@cache
def code_digest() -> str:
    """Fingerprint of the code that worlds come from: all but analysis, reports and commands."""
    import agents
    import sim

    digests: dict[str, Json] = {}
    for package in (agents, sim):
        root = Path(package.__path__[0])
        files = (
            path
            for path in root.rglob("*.py")
            if package is agents or path.relative_to(root).parts[0] not in _NO_MODEL
        )
        digests[package.__name__] = files_digest(root, files)
    return digest(digests)


def world_makers() -> dict[str, str]:
    """What worlds are made by: two machines on which these agree make the same ones."""
    import numpy as np

    minor = ".".join(np.__version__.split(".")[:2])
    return {"code": code_digest(), "data in seeds/": seeds_digest(), "NumPy": minor}


def run_id(
    scenario: Scenario,
    *,
    seed: int,
    draws: int,
    engine: str = ENGINE,
    keep: Keep = DEFAULT_KEEP,
    vary: Vary = "both",
    fork: Fork | None = None,
) -> str:
    """Identity of a run: 64 hexadecimal digits, the same for the same inputs anywhere.

    Args:
        scenario: only its effective form counts, not where it was written or what it extends.
        seed: of all chance and of the parameter draws.
        draws: draws of chance per parameter set.
        engine: which engine computes the months.
        keep: what is recorded.
        vary: what differs between worlds.
        fork: where one of its worlds takes another path, of which the run then is.
    """
    import numpy as np

    from sim.draws import FORMAT

    numpy_minor = ".".join(np.__version__.split(".")[:2])
    # said of forks alone, so that other runs keep their names
    forked: dict[str, Json] = {}
    if fork is not None:
        path = fork.scenario.effective()
        forked["fork"] = {"world": fork.world, "at": str(fork.at), "scenario": path}
    return digest(
        forked
        | {
            "format": FORMAT,
            "scenario": scenario.effective(),
            "seeds": seeds_digest(),
            "engine": engine,
            "numpy": numpy_minor,
            "seed": seed,
            "draws": draws,
            # an empty list is what stood here before there was a choice
            "vary": [] if vary == "both" else vary,
            "level": keep,
        }
    )
