"""An engine that costs nothing and keeps the promise that world k is the same in every run."""

import numpy as np
import xarray as xr

from sim.draws import Vary
from sim.ensemble.levels import Keep
from sim.ensemble.store import Progress
from sim.scenario.month import Month
from sim.scenario.scenario import Scenario

SCENARIO = Scenario(
    name="toy",
    title="Toy",
    question="Does it keep?",
    note="",
    start=Month(2023, 12),
    months=6,
    horizon=6,
    parameters={"world.oil": 80.0},
    claims_off=frozenset(),
    plays={"belarus": "itself"},
    events=(),
    moves=(),
)


def simulate(
    scenario: Scenario,
    worlds: int,
    seed: int,
    *,
    draws: int,
    first: int,
    vary: Vary = "both",
    keep: Keep = "all",
    progress: Progress | None,
) -> xr.Dataset:
    """Worlds whose every number is a function of seed, world and month."""
    world = np.arange(first, first + worlds)
    month = np.arange(scenario.months)
    base = (np.sin(seed + 1.7 * world[:, None] + 0.3 * month) + 1) / 2
    actors = np.array(["russia", "belarus"])
    start = np.datetime64(str(scenario.start), "M")
    two = np.stack([base, base**2], axis=-1)
    ds = xr.Dataset(
        {
            "front": (("world", "month"), base, {"long_name": "front", "units": "share"}),
            "status": (
                ("world", "month"),
                (base > 0.5).astype(np.int8),
                {"flag_values": np.array([0, 1], np.int8), "flag_meanings": "active settled"},
            ),
            "trust": (("world", "month"), base / 3, {"units": "1"}),
            "force": (("world", "month", "actor"), two.astype(np.float32), {"units": "thousand"}),
            "payoff": (("world", "month", "actor"), np.where(two > 0.9, np.nan, two)),
            "parameter": (("world", "name"), base[:, :1].repeat(3, axis=1)),
        },
        {
            "world": ("world", world, {"long_name": "possible history"}),
            "month": (start + month).astype("datetime64[ns]"),
            "actor": actors,
            "name": ["a", "b", "c"],
        },
        {"scenario": scenario.name, "worlds": worlds, "seed": seed, "draws": draws, "vary": vary}
        | {"keep": keep},
    )
    if progress is not None:
        progress(worlds, worlds)
    return ds
