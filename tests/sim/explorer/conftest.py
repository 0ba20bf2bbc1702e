"""What tests of the explorer share: a catalogue, and a service that costs nothing."""

import threading
import time
from collections.abc import Callable, Iterator
from functools import cache
from multiprocessing import Pipe
from multiprocessing.connection import Connection

import numpy as np
import pytest

from sim.analysis.decision import Decision
from sim.analysis.history import explain
from sim.ensemble.recording import VARIABLES, sizes
from sim.explorer.catalogue import Catalogue, open_catalogue
from sim.explorer.runs import Part
from sim.explorer.service import Service
from sim.explorer.workers import KEPT, Arrays, Question, Task


@cache
def the_catalogue() -> Catalogue:
    """The project's scenarios."""
    return open_catalogue()


@pytest.fixture
def catalogue() -> Catalogue:
    return the_catalogue()


def made_up(task: Task, first: int, stop: int) -> Arrays:
    """Months of numbers that are a function of world, month and the scenario's rents."""
    worlds = np.arange(task.start, task.stop)
    rents = task.scenario.parameters["actors.belarus.incentives.rents"]
    level = rents if isinstance(rents, float) else rents.median
    months = np.arange(first, stop)[:, None]
    value = 0.3 + 0.1 * level + 0.001 * months + 0.01 * np.sin(worlds)
    out = {}
    for name in KEPT:
        dims = [len(sizes()[dim]) for dim in VARIABLES[name].dims]
        shape = (stop - first, *dims, worlds.size)
        spread = value.reshape(stop - first, *[1] * len(dims), worlds.size)
        kind = VARIABLES[name].dtype
        out[name] = np.zeros(shape, "i1") if kind == "i1" else np.broadcast_to(spread, shape).copy()
    return out


@cache
def some_choices() -> dict[str, Decision]:
    """The choices of a month of a real world, which stand for those of any."""
    return explain("status_quo", 3, "2023-12")


class Pretender:
    """Stands in for the processes: answers tasks from a thread, a month at a time.

    Attributes:
        pause: seconds that a month takes.
        taken: worlds of every task begun, by the rents of its scenario.
        questions: world and month of every inquiry answered.
        dropped: how many tasks were given up.
        dies_on: number of the start at which it ends without an answer.
        trouble: what it fails with, if anything.
    """

    def __init__(self, pause: float = 0.0) -> None:
        self.pause = pause
        self.taken: list[tuple[object, int, int]] = []
        self.questions: list[tuple[int, str]] = []
        self.dropped = 0
        self.starts = 0
        self.dies_on = 0
        self.trouble = ""

    def start(self) -> tuple[Connection, Callable[[], None]]:
        ours, theirs = Pipe()
        self.starts += 1
        number = self.starts
        thread = threading.Thread(target=self._serve, args=(theirs, number), daemon=True)
        thread.start()
        return ours, lambda: None

    def _serve(self, pipe: Connection, number: int) -> None:
        try:
            while True:
                task = pipe.recv()
                if isinstance(task, Question):
                    if number == self.dies_on:
                        pipe.close()
                        return
                    self.questions.append((task.world, task.month))
                    answer = ("failed", task.number, self.trouble) if self.trouble else None
                    pipe.send(answer or ("told", task.number, some_choices()))
                    continue
                if not isinstance(task, Task):
                    continue
                if number == self.dies_on:
                    pipe.close()
                    return
                rents = task.scenario.parameters["actors.belarus.incentives.rents"]
                self.taken.append((rents, task.start, task.stop))
                if self.trouble:
                    pipe.send(("failed", task.number, self.trouble))
                    continue
                pipe.send((self._months(pipe, task), task.number))
        except (EOFError, OSError):
            return

    def _months(self, pipe: Connection, task: Task) -> str:
        for month in range(task.scenario.months):
            time.sleep(self.pause)
            if pipe.poll() and pipe.recv() == task.number:
                self.dropped += 1
                return "dropped"
            pipe.send(("months", task.number, month, made_up(task, month, month + 1)))
        return "done"


@pytest.fixture
def pretender() -> Pretender:
    return Pretender()


@pytest.fixture
def service(pretender: Pretender) -> Iterator[Service]:
    one = Service(2, start=pretender.start)
    yield one
    one.close()


def part_of(span: tuple[int, int], arrays: Arrays) -> Part:
    """A finished part that holds these months."""
    part = Part(span)
    part.add(0, arrays)
    part.state = "done"
    return part
