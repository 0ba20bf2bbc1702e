"""Two short scenarios that part for a known reason, run for real: rents mean nothing to Minsk."""

from functools import cache
from typing import Literal

import xarray as xr

from sim.analysis.compare import Comparison, pair
from sim.ensemble.engine import simulate
from sim.ensemble.levels import Keep
from sim.scenario import Scenario, load_scenario

MONTHS = 4
WORLDS = 80
HOSTILE = "<b>Bold</b> & $x$ %{y} </script>"
SETTINGS: dict[str, object] = {"title": HOSTILE, "actors.belarus.incentives.rents": 0.0}

type Which = Literal["base", "other"]


@cache
def scenario(which: Which) -> Scenario:
    """The baseline, or the one that parts, whose title must stay text."""
    return load_scenario("status_quo", {"months": MONTHS} | (SETTINGS if which == "other" else {}))


@cache
def real_run(which: Which, keep: Keep = "all") -> xr.Dataset:
    """Some worlds of it."""
    return simulate(scenario(which), WORLDS, 1, keep=keep)


def real_comparison(*which: Which, keep: Keep = "all") -> Comparison:
    """Runs of them, the first as the baseline."""
    return pair([real_run(one, keep) for one in which], [scenario(one) for one in which])
