"""Runs of any length that look like the engine's and cost only random numbers.

Every variable of a level of recording is there, under its name and type, with numbers in its
range; world k is the same in every run, block by block. For what has to hold of many worlds:
memory, size on disk, time of analysis.
"""

from __future__ import annotations

import numpy as np
import xarray as xr

from sim.draws import BLOCK, FORMAT, Vary
from sim.ensemble import recording
from sim.ensemble.levels import Keep
from sim.ensemble.store import Progress
from sim.scenario.registry import load_registry
from sim.scenario.scenario import Scenario

_EVENTS = {"status", "fighting", "deal_round", "promised_access", "promised_voice", "choice"}


def simulate(
    scenario: Scenario,
    worlds: int,
    seed: int,
    *,
    draws: int = 4,
    first: int = 0,
    vary: Vary = "both",
    keep: Keep = "all",
    progress: Progress | None = None,
) -> xr.Dataset:
    """Worlds whose every number is a function of scenario, seed and world."""
    blocks = range(first // BLOCK, -(-(first + worlds) // BLOCK))
    parts = [_block(scenario, seed, draws, block, keep) for block in blocks]
    inside = slice(first - blocks[0] * BLOCK, first - blocks[0] * BLOCK + worlds)
    arrays = {
        name: np.concatenate([part[0][name] for part in parts], axis=-1)[..., inside]
        for name in parts[0][0]
    }
    parameters = {
        name: np.concatenate([part[1][name] for part in parts])[inside] for name in parts[0][1]
    }
    if progress is not None:
        progress(worlds, worlds)
    about: dict[str, str | int] = {
        "seed": seed,
        "draws": draws,
        "format": FORMAT,
        "fulcrum_version": "test",
        "engine": "none",
        "vary": vary,
    }
    return recording.as_dataset(scenario, arrays, parameters, first, about, keep)


def _block(
    scenario: Scenario, seed: int, draws: int, block: int, keep: Keep
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    rng = np.random.default_rng([seed, block, *scenario.name.encode()])
    arrays = recording.empty(scenario.months, BLOCK, keep)
    sets = np.arange(BLOCK) // draws
    for name, into in arrays.items():
        if name in _EVENTS:
            at = rng.random((scenario.months, *into.shape[1:])) < 0.3
            into[...] = rng.integers(0, 2, into.shape) if name != "deal_round" else -1
            if name == "deal_round":
                into[::3] = rng.integers(0, 5, into[::3].shape)
            if name == "choice":
                into[at[..., 0]] = -1
            continue
        level = rng.random((*into.shape[1:-1], sets[-1] + 1))[..., sets]
        into[...] = 0.5 * level + 0.5 * rng.random(into.shape)
        if name == "concessions":
            into[...] = np.maximum.accumulate(rng.random(into.shape) < 0.001, axis=0)
        nothing = recording.left_out(name, keep)
        if nothing is not None:
            into[:, nothing] = np.nan
    if "status" in arrays:
        ended = np.maximum.accumulate(rng.random(arrays["status"].shape) < 0.015, axis=0)
        arrays["status"][...] = ended * rng.integers(1, 5, BLOCK)
        if "fighting" in arrays:
            arrays["fighting"][...] = arrays["status"] == 0
    names = [parameter.name for parameter in load_registry()]
    values = rng.random((len(names), sets[-1] + 1))[:, sets]
    return arrays, dict(zip(names, values, strict=True))
