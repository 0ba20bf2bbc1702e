"""`make bench`: one table of ratios, all measured in one run on one core."""

import platform
import time
from collections.abc import Callable

import numpy as np

from benchmarks import cold_start, empty_world, floor
from sim import __version__, load_scenario, simulate
from sim.draws import BLOCK
from sim.ensemble.engine import warm_up
from sim.kernel import ENGINES, Engine, EngineMissingError, check_engine
from sim.model import ConflictModel

WORLDS = 2048
REPEATS = 3
"""The best of these counts: other work on the machine can only slow a measurement down."""


def best(measure: Callable[[], float]) -> float:
    """The smallest of a few measurements."""
    return min(measure() for _ in range(REPEATS))


def main() -> None:
    """Measure, and print the table. Times are of the processor, not of the clock on the wall."""
    scenario = load_scenario("status_quo")
    world_months = WORLDS * scenario.months
    run = simulate(scenario, worlds=WORLDS)  # kept as a pattern for the floor; warms everything up
    purposes = floor.purposes_by_month(scenario)

    def model(engine: Engine) -> float:
        began = time.process_time()
        simulate(scenario, worlds=WORLDS, engine=engine)
        return (time.process_time() - began) / world_months * 1e6

    def alone() -> float:
        one = ConflictModel(scenario)
        began = time.process_time()
        for _ in range(scenario.months):
            one.step()
        return (time.process_time() - began) / scenario.months * 1e6

    yardsticks = {
        "(a) an empty Mesa world": best(empty_world.microseconds_per_month),
        "(b) its draws and outputs alone": best(
            lambda: floor.microseconds_per_month(scenario, run, purposes, BLOCK)
        ),
        "(c) NumPy, one world as a Mesa model": best(alone),
    }
    ours: dict[str, float | str] = {}
    for engine in ENGINES:
        try:
            check_engine(engine)
        except EngineMissingError as missing:
            ours[engine] = str(missing)
            continue
        if engine == "numba":
            warm_up(scenario)
        ours[engine] = best(lambda engine=engine: model(engine))  # type: ignore[misc]
    print(
        f"fulcrum {__version__}, {WORLDS} worlds x {scenario.months} months, best of {REPEATS}, "
        f"one core; Python {platform.python_version()}, NumPy {np.__version__}, "
        f"{platform.machine()}"
    )
    print(f"\n{'':40}{'us a world-month':>18}" + "".join(f"{f'{e} is':>14}" for e in ours))
    for name, cost in {f"this model, {e}": c for e, c in ours.items()}.items():
        print(f"{name:40}" + (f"{cost:>18,.2f}" if isinstance(cost, float) else f"  {cost}"))
    for name, cost in yardsticks.items():
        ratios = [f"{c / cost:,.3g} x" if isinstance(c, float) else "-" for c in ours.values()]
        print(f"{name:40}{cost:>18,.2f}" + "".join(f"{ratio:>14}" for ratio in ratios))
    waited = best(cold_start.seconds)
    print(f"\n{f'fulcrum run --worlds {cold_start.WORLDS}, cold':40}{waited:>16.2f} s")


if __name__ == "__main__":
    main()
