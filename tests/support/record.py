"""Figures and worlds made for the back-test, so that what ought to come out is known."""

from pathlib import Path

import numpy as np

from agents.outlook import Array
from sim.analysis.observed import Record, Span, load_record
from sim.analysis.trajectories import Paths
from sim.scenario.month import Month

START = Month(2022, 3)
MONTHS = 21
WINDOW = Span(START, START + (MONTHS - 1))


def walks(worlds: int, seed: int = 4) -> Array:
    """Territory of worlds that wander about a common course, (months + 1, worlds)."""
    rng = np.random.default_rng(seed)
    course = 0.2 + 0.05 * np.sin(np.arange(MONTHS + 1) / 3.0)
    steps = rng.normal(0.0, 0.004, (MONTHS + 1, worlds)).cumsum(axis=0)
    return course[:, None] + steps


def paths_of(record: Record, front: Array) -> Paths:
    """Worlds with this territory and nothing else of interest."""
    zero = np.zeros_like(front) + 0.5
    values = {name: zero for name in record.quantities()}
    return Paths(START, values | {"front": front}, 4)


def write_figures(path: Path, front: Array, name: str = "ru_control_share_isw") -> Path:
    """A file in long format: territory in per cent, from the first month on."""
    rows = [f"{name},{START + k},{100 * value:.4f},high," for k, value in enumerate(front)]
    path.write_text("series,date,value,confidence,note\n" + "\n".join(rows) + "\n")
    return path


def record_of(path: Path, front: Array) -> Record:
    """The record with this territory and no other series scored."""
    return load_record(write_figures(path, front))
