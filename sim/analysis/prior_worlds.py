"""Worlds drawn from the priors and kept, so that a stopped calibration goes on where it stopped.

Each part of some worlds is a file of its own in a folder named after everything that made it.
World k has parameter set k: parameters are what is learned about, so each meets chance once.
"""

from __future__ import annotations

import uuid
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np

from agents.outlook import Array
from sim.analysis.trajectories import Paths, observe_batch
from sim.ensemble.executors import Executor, InProcess
from sim.ensemble.identity import Json, digest, world_makers
from sim.kernel import Engine
from sim.scenario import Scenario
from sim.scenario.month import Month

PART: Final = 512
"""Worlds kept in one file."""


def prior_paths(
    scenario: Scenario,
    worlds: int,
    seed: int,
    names: Sequence[str],
    until: Month,
    results: Path,
    *,
    engine: Engine = "numpy",
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Paths:
    """Simulate worlds with one parameter set each, or read those that are kept.

    Args:
        scenario: to run.
        worlds: how many, a multiple of `PART`.
        seed: of the keyed draws.
        names: quantities to watch.
        until: last month that is needed.
        results: folder of all results.
        engine: what does the arithmetic of projections; no part of what comes out.
        executor: where worlds are computed; here unless given.
        progress: told (worlds done, worlds).
    """
    asked = tuple(sorted(names))
    shorter = replace(scenario, months=until - scenario.start + 1)
    folder = results / f"prior-worlds-{identity(shorter, seed, asked)[:12]}"
    starts = range(0, worlds, PART)
    kept = {at: found for at in starts if (found := _read(folder, at, asked)) is not None}
    missing = [at for at in starts if at not in kept]
    calls = [
        partial(observe_batch, shorter, range(at, at + PART), seed, asked, 1, engine, None)
        for at in missing
    ]
    if progress is not None:
        progress(len(kept) * PART, worlds)
    where = executor or InProcess()
    for at, values in zip(missing, where.in_order(calls), strict=True):
        _write(folder, at, asked, values)
        kept[at] = values
        if progress is not None:
            progress(len(kept) * PART, worlds)
    joined = {
        name: np.concatenate([kept[at][k] for at in starts], axis=1) for k, name in enumerate(asked)
    }
    return Paths(scenario.start, joined, 1)


def identity(scenario: Scenario, seed: int, names: Sequence[str]) -> str:
    """Everything that decides what the worlds are."""
    made: dict[str, Json] = {
        "makers": dict(world_makers()),
        "scenario": scenario.effective(),
        "seed": seed,
        "names": list(names),
    }
    return digest(made)


def _place(folder: Path, at: int) -> Path:
    return folder / f"worlds-{at:08d}.npz"


def _read(folder: Path, at: int, names: Sequence[str]) -> list[Array] | None:
    """What is kept of a part; None if it is not there or was cut off."""
    try:
        with np.load(_place(folder, at)) as kept:
            return [kept[name] for name in names]
    except (FileNotFoundError, KeyError, ValueError, EOFError, zipfile.BadZipFile):
        return None


def _write(folder: Path, at: int, names: Sequence[str], values: Sequence[Array]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{uuid.uuid4().hex}.npz"
    try:
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as whole:
            for name, value in zip(names, values, strict=True):
                with whole.open(f"{name}.npy", "w") as part:
                    np.lib.format.write_array(part, value)
        draft.replace(_place(folder, at))
    finally:
        draft.unlink(missing_ok=True)
