"""What a worker process does: simulate a span of worlds, tell every few months, stop when told.

A process stays for the life of the server, so imports, traced mechanisms and compiled code are
paid for once. It ends by itself when the server's end of the pipe is gone.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.influence.behavioural import Measured

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from sim.analysis.decision import Decision
    from sim.kernel import Engine
    from sim.scenario import Scenario

TELL_FIRST: Final = 0.06
TELL_EVERY: Final = 0.2
"""Seconds before the first report of months done, and between two: drawing them takes time too."""

KEPT: Final = (
    *("front", "status", "fighting", "attention", "transfers", "concessions", "autonomy"),
    *("regime_security", "payoff", "dependence", "coleman", "influence", "choice"),
)
"""Variables of a run that pictures and tables of the explorer read."""

MEASURED: Final = Measured(entry_allowed=False, capacity=False)
"""What those are read from, and nothing that is not shown: it would take a tenth longer."""

type Arrays = dict[str, np.ndarray]


@dataclass(frozen=True)
class Task:
    """Worlds to be simulated.

    Attributes:
        number: names it in messages.
        scenario: to run.
        seed: of the keyed draws.
        draws: worlds per parameter set.
        start: first world.
        stop: world after the last.
        engine: what does the arithmetic.
    """

    number: int
    scenario: Scenario
    seed: int
    draws: int
    start: int
    stop: int
    engine: Engine


@dataclass(frozen=True)
class Question:
    """A month of a world whose choices are to be explained.

    Attributes:
        number: names it in messages.
        scenario: of the run.
        seed: of the keyed draws.
        draws: worlds per parameter set.
        world: which.
        month: as `2024-03`.
        engine: what does the arithmetic.
    """

    number: int
    scenario: Scenario
    seed: int
    draws: int
    world: int
    month: str
    engine: Engine


def serve(pipe: Connection, engine: Engine) -> None:
    """Take tasks from a pipe until it closes.

    Before the first, a month is played, so that what is slow the first time is behind it.

    Messages in: a `Task`, the number of one to drop, or a `Question`. Messages out: `("months",
    number, first, arrays)` with arrays (months, ..., worlds), `("done", number)`, `("dropped",
    number)`, `("told", number, decisions)`, `("failed", number, words)`.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _warm(engine)
    with suppress(EOFError, OSError):  # the server is gone
        while True:
            message = pipe.recv()
            if isinstance(message, Task | Question):
                _carry_out(message, pipe)


def _warm(engine: Engine) -> None:
    from sim.model import ConflictModel

    model = ConflictModel(
        "status_quo", worlds=range(1), collect=False, engine=engine, measured=MEASURED
    )
    model.step()


def _carry_out(asked: Task | Question, pipe: Connection) -> None:
    try:
        if isinstance(asked, Question):
            reply: tuple[Any, ...] = ("told", asked.number, _explained(asked))
        else:
            reply = ("done" if _simulate(asked, pipe) else "dropped", asked.number)
    except (EOFError, OSError):
        raise
    except Exception as error:  # whatever it is, somebody waits for the answer
        reply = ("failed", asked.number, f"{type(error).__name__}: {error}")
    pipe.send(reply)


def _explained(question: Question) -> dict[str, Decision]:
    """Live through a world to a month, and weigh its choices anew."""
    from sim.analysis.history import explain

    return explain(
        question.scenario,
        question.world,
        question.month,
        seed=question.seed,
        draws=question.draws,
        engine=question.engine,
    )


def _simulate(task: Task, pipe: Connection) -> bool:
    """Run the worlds of a task; False if it was dropped."""
    from sim.ensemble.recording import empty, write
    from sim.model import ConflictModel

    model = ConflictModel(
        task.scenario,
        worlds=range(task.start, task.stop),
        rng=task.seed,
        draws=task.draws,
        collect=False,
        engine=task.engine,
        measured=MEASURED,
    )
    months, count = task.scenario.months, task.stop - task.start
    blank = empty(months, model.width)
    arrays = {name: blank[name] for name in KEPT}
    told, last = 0, time.monotonic()
    for month in range(months):
        while pipe.poll():
            if pipe.recv() == task.number:
                return False
        model.step()
        write(model, arrays, month)
        now = time.monotonic()
        due = now - last >= (TELL_EVERY if told else TELL_FIRST) and month > 0
        if due or month + 1 == months:
            part = _cut(arrays, told, month + 1, count)
            pipe.send(("months", task.number, told, part))
            told, last = month + 1, now
    return True


def _cut(arrays: Mapping[str, np.ndarray], first: int, stop: int, count: int) -> Arrays:
    return {name: np.ascontiguousarray(a[first:stop, ..., :count]) for name, a in arrays.items()}
