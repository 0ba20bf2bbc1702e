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
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from sim.kernel import Engine
    from sim.model import ConflictModel
    from sim.scenario import Scenario

TELL_FIRST: Final = 0.06
TELL_EVERY: Final = 0.2
"""Seconds before the first report of months done, and between two: drawing them takes time too."""

KEPT: Final = (
    *("front", "status", "fighting", "attention", "transfers", "concessions", "autonomy"),
    *("regime_security", "payoff", "dependence", "coleman", "influence", "choice"),
)
"""Variables of a run that pictures and tables of the explorer read."""

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


@cache
def conducts() -> tuple[str, ...]:
    """Every level of every lever, as `actor.lever.level`, in the order of the actors' menus."""
    from agents import menus

    return tuple(
        f"{actor}.{lever}.{level}"
        for actor, menu in menus().items()
        for lever, levels in menu.items()
        for level in levels
    )


@cache
def terms() -> tuple[str, ...]:
    """Every term of every payoff, as `actor.incentive`."""
    from agents import roster

    return tuple(
        f"{name}.{term.name}" for name, kind in roster().items() for term in kind.incentives
    )


def serve(pipe: Connection) -> None:
    """Take tasks from a pipe until it closes.

    Messages in: a `Task`, or the number of one to drop. Messages out: `("months", number, first,
    arrays)` with arrays (months, ..., worlds), `("done", number)`, `("dropped", number)`,
    `("failed", number, words)`.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(EOFError, OSError):  # the server is gone
        while True:
            task = pipe.recv()
            if isinstance(task, Task):
                _carry_out(task, pipe)


def _carry_out(task: Task, pipe: Connection) -> None:
    try:
        finished = _simulate(task, pipe)
    except (EOFError, OSError):
        raise
    except Exception as error:  # whatever it is, somebody waits for the answer
        pipe.send(("failed", task.number, f"{type(error).__name__}: {error}"))
        return
    pipe.send(("done" if finished else "dropped", task.number))


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
    )
    months, count = task.scenario.months, task.stop - task.start
    arrays = empty(months, model.width)
    own = _empty(months, model.width)
    told, last = 0, time.monotonic()
    for month in range(months):
        while pipe.poll():
            if pipe.recv() == task.number:
                return False
        model.step()
        write(model, arrays, month)
        _write(model, own, month)
        now = time.monotonic()
        due = now - last >= (TELL_EVERY if told else TELL_FIRST) and month > 0
        if due or month + 1 == months:
            part = _cut({**{k: arrays[k] for k in KEPT}, **own}, told, month + 1, count)
            pipe.send(("months", task.number, told, part))
            told, last = month + 1, now
    return True


def _cut(arrays: Mapping[str, np.ndarray], first: int, stop: int, count: int) -> Arrays:
    return {name: np.ascontiguousarray(a[first:stop, ..., :count]) for name, a in arrays.items()}


def _empty(months: int, width: int) -> Arrays:
    return {
        "probability": np.zeros((months, len(conducts()), width), dtype="f4"),
        "term": np.zeros((months, len(terms()), width), dtype="f4"),
    }


def _write(model: ConflictModel, into: Arrays, month: int) -> None:
    """Take down how likely every level was and what every term of every payoff came to."""
    from agents.response import marginals

    chances: list[Any] = []
    worths: list[Any] = []
    seen = model.seen_month
    for actor in model.actors.values():
        by_lever = marginals(actor.probabilities, actor.menu)
        chances += [row for lever in actor.menu.names for row in by_lever[lever]]
        worths += list(actor.terms(seen).values())
    into["probability"][month] = np.stack(chances)
    for k, worth in enumerate(worths):
        into["term"][month, k] = worth
