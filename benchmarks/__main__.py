"""`make bench`: one table of ratios, all measured in one run on one core."""

import platform
import time
from collections.abc import Callable

import numpy as np

from benchmarks import cold_start, empty_world, floor
from sim import __version__, load_scenario, simulate
from sim.draws import BLOCK
from sim.ensemble.engine import ENGINE
from sim.model import ConflictModel

WORLDS = 256
REPEATS = 3
"""The best of these counts: other work on the machine can only slow a measurement down."""


def best(measure: Callable[[], float]) -> float:
    """The smallest of a few measurements."""
    return min(measure() for _ in range(REPEATS))


def main() -> None:
    """Measure, and print the table."""
    scenario = load_scenario("status_quo")
    world_months = WORLDS * scenario.months
    run = simulate(scenario, worlds=WORLDS)  # kept as a pattern for the floor; warms everything up
    purposes = floor.purposes_by_month(scenario)

    def model() -> float:
        began = time.perf_counter()
        simulate(scenario, worlds=WORLDS)
        return (time.perf_counter() - began) / world_months * 1e6

    def alone() -> float:
        one = ConflictModel(scenario)
        began = time.perf_counter()
        for _ in range(scenario.months):
            one.step()
        return (time.perf_counter() - began) / scenario.months * 1e6

    ours = best(model)
    compared = {
        "this model, one core": ours,
        "(a) an empty Mesa world": best(empty_world.microseconds_per_month),
        "(b) its draws and outputs alone": best(
            lambda: floor.microseconds_per_month(scenario, run, purposes, BLOCK)
        ),
        "(c) this model, one world as a Mesa model": best(alone),
    }
    print(
        f"fulcrum {__version__}, engine {ENGINE}, {WORLDS} worlds x {scenario.months} months, "
        f"best of {REPEATS}; Python {platform.python_version()}, NumPy {np.__version__}, "
        f"{platform.machine()}"
    )
    print(f"\n{'':44}{'us a world-month':>18}{'this model is':>18}")
    for name, cost in compared.items():
        ratio = "" if cost is ours else f"{ours / cost:,.2f} x"
        print(f"{name:44}{cost:>18,.2f}{ratio:>18}")
    waited = best(cold_start.seconds)
    print(f"\n{f'fulcrum run --worlds {cold_start.WORLDS}, cold':44}{waited:>16.2f} s")


if __name__ == "__main__":
    main()
