"""How a run grows: worlds a second and memory against worlds, with one worker and with two.

Whole processes, from nothing to the stored run and its report, because that is what is waited for.
`python -m benchmarks.scale 100000` adds larger runs.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.kernel import EngineMissingError, check_engine

SIZES = (100, 1_000, 10_000)
WORKERS = (1, 2)


@dataclass(frozen=True)
class Took:
    """What one run took.

    Attributes:
        wall: seconds by the clock.
        processor: seconds of all its processes.
        memory: most of any one of them, in MB.
        stored: what lies on disk, in MB.
    """

    wall: float
    processor: float
    memory: float
    stored: float


def took(worlds: int, workers: int) -> Took:
    """A run of so many worlds of `status_quo` at the level `headline`, compiled.

    Raises:
        subprocess.CalledProcessError: the command failed; what it said is on stderr.
    """
    command = [
        str(Path(sys.executable).with_name("fulcrum")),
        *("run", "status_quo", "--keep", "headline", "--engine", "numba"),
        *("--worlds", str(worlds), "--workers", str(workers)),
    ]
    with tempfile.TemporaryDirectory() as empty:
        began = time.perf_counter()
        process = subprocess.Popen([*command, "--results", empty], stdout=subprocess.DEVNULL)
        # the kernel's account of the process and of all that it waited for
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, command)
        stored = sum(path.stat().st_size for path in Path(empty).rglob("*") if path.is_file())
    a_megabyte = 1e6 if sys.platform == "darwin" else 1e3
    return Took(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / a_megabyte, stored / 1e6)


def table(sizes: Sequence[int]) -> None:
    """Measure and print."""
    print(
        f"\n{'worlds':>9}{'workers':>9}{'s':>9}{'worlds/s':>10}{'processor s':>13}"
        f"{'most MB':>9}{'MB stored':>11}"
    )
    for worlds in sizes:
        for workers in WORKERS:
            one = took(worlds, workers)
            print(
                f"{worlds:>9,}{workers:>9}{one.wall:>9.1f}{worlds / one.wall:>10.0f}"
                f"{one.processor:>13.1f}{one.memory:>9.0f}{one.stored:>11.1f}"
            )


def main() -> None:
    """The table for the usual sizes and those that were asked for."""
    try:
        check_engine("numba")
    except EngineMissingError as error:
        print(error)
        return
    table([*SIZES, *(int(worlds) for worlds in sys.argv[1:])])


if __name__ == "__main__":
    main()
