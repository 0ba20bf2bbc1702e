"""`make bench`: one table of ratios, all measured in one run on one core.

A month of the model is that of a run that keeps what reports need: all four actors deciding, all
options weighed, influence of families 1 to 3, and of the fourth Russia and Belarus over each other.
The influence of all pairs, measured in a few worlds of a run that keeps everything, stands beside
it.
"""

import platform
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial

import numpy as np

from benchmarks import cold_start, empty_world, floor, scale
from sim import __version__, load_scenario, simulate
from sim.draws import BLOCK
from sim.ensemble.engine import warm_up
from sim.ensemble.levels import KEEP, Keep
from sim.influence.behavioural import Measured
from sim.kernel import ENGINES, Engine, EngineMissingError, check_engine
from sim.model import ConflictModel

WORLDS = 2048
REPEATS = 3
"""The best of these counts: other work on the machine can only slow a measurement down. They are
taken in turns, so that what slows the machine for a while slows all of them."""

ALONE = "this model in NumPy, one world as a Mesa model"
EMPTY = "(a) an empty Mesa world"
FLOOR = "(b) its draws and outputs alone"


def best(measures: dict[str, Callable[[], float]]) -> dict[str, float]:
    """The smallest of a few measurements of each."""
    taken = [{name: measure() for name, measure in measures.items()} for _ in range(REPEATS)]
    return {name: min(one[name] for one in taken) for name in measures}


def main() -> None:
    """Measure, and print the table. Times are of the processor, not of the clock on the wall."""
    scenario = load_scenario("status_quo")
    world_months = WORLDS * scenario.months
    # kept as a pattern for the floor; warms everything up
    run = simulate(scenario, worlds=WORLDS, keep="headline")
    purposes = floor.purposes_by_month(scenario)

    def model(engine: Engine, keep: Keep) -> float:
        began = time.process_time()
        simulate(scenario, worlds=WORLDS, engine=engine, keep=keep)
        return (time.process_time() - began) / world_months * 1e6

    def alone() -> float:
        one = ConflictModel(scenario, measured=Measured(all_pairs=False))
        began = time.process_time()
        for _ in range(scenario.months):
            one.step()
        return (time.process_time() - began) / scenario.months * 1e6

    measures: dict[str, Callable[[], float]] = {
        EMPTY: empty_world.microseconds_per_month,
        FLOOR: lambda: floor.microseconds_per_month(scenario, run, purposes, BLOCK),
        ALONE: alone,
    }
    ours: list[str] = []
    missing: list[str] = []
    for engine in ENGINES:
        try:
            check_engine(engine)
        except EngineMissingError as error:
            missing.append(str(error))
            continue
        if engine == "numba":
            warm_up(scenario)
        for keep in KEEP:
            which = "" if keep == "headline" else ", with the influence of all pairs"
            ours.append(f"this model, {engine}{which}")
            measures[ours[-1]] = partial(model, engine, keep)
    cost = best(measures)
    print(
        f"fulcrum {__version__}, {WORLDS} worlds x {scenario.months} months, best of {REPEATS}, "
        f"one core; Python {platform.python_version()}, NumPy {np.__version__}, "
        f"{platform.machine()}"
    )
    print(f"\n{'':52}{'us a world-month':>17}{'times (a)':>12}{'times (b)':>12}")
    for name in (*ours, ALONE, EMPTY, FLOOR):
        ratios = "".join(f"{cost[name] / cost[one]:>12,.3g}" for one in (EMPTY, FLOOR))
        print(f"{name:52}{cost[name]:>17,.2f}{ratios}")
    for why in missing:
        print(why)
    waited = min(cold_start.seconds() for _ in range(REPEATS))
    print(f"\n{f'fulcrum run --worlds {cold_start.WORLDS}, cold':52}{waited:>15.2f} s")
    sys.stdout.flush()
    # by itself: the kernel counts what a parent held before `exec` as its child's most memory
    subprocess.run([sys.executable, "-m", scale.__name__], check=True)


if __name__ == "__main__":
    main()
