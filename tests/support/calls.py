"""Calls that worker processes can be asked to make, and what befalls them there."""

import os
import signal
import time
from pathlib import Path
from typing import Any

import xarray as xr

from sim.scenario.scenario import Scenario
from tests.support import fake_engine


def square(number: int, seconds: float = 0.0) -> int:
    """The square of a number, after a while."""
    time.sleep(seconds)
    return number**2


def tell_pid(place: Path) -> None:
    """Leaves the process's number behind and then takes very long."""
    (place / str(os.getpid())).touch()
    time.sleep(600)


def die(number: int) -> int:
    """Never gives an answer."""
    os.kill(os.getpid(), signal.SIGKILL)
    return number


def die_once(marker: Path, number: int) -> int:
    """The square of a number, but for the one process that is first to see no marker."""
    try:
        marker.touch(exist_ok=False)
    except FileExistsError:
        return number**2
    return die(number)


def simulate_but_die_once(
    marker: Path,
    dies_at: int,
    scenario: Scenario,
    worlds: int,
    seed: int,
    **options: Any,  # noqa: ANN401 - handed on as they are
) -> xr.Dataset:
    """The fake engine's worlds; the first process to be asked for world `dies_at` is killed."""
    if options["first"] == dies_at:
        die_once(marker, dies_at)
    return fake_engine.simulate(scenario, worlds, seed, **options)


def simulate_and_say_where(
    scenario: Scenario,
    worlds: int,
    seed: int,
    **options: Any,  # noqa: ANN401 - handed on as they are
) -> xr.Dataset:
    """The fake engine's worlds, with the process that made them as their engine."""
    made = fake_engine.simulate(scenario, worlds, seed, **options)
    return made.assign_attrs(engine=f"process {os.getpid()}")
