"""The processes that simulate: started when first needed, and again where one has died."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.explorer.workers import serve

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from sim.kernel import Engine

type Start = Callable[[], tuple[Connection, Callable[[], None]]]


class Worker:
    """A process that simulates.

    Args:
        start: starts it, and gives a pipe to it and how to end it.
    """

    def __init__(self, start: Start) -> None:
        self._start = start
        self._started: tuple[Connection, Callable[[], None]] | None = None

    def pipe(self) -> Connection:
        """The pipe to the process."""
        if self._started is None:
            self._started = self._start()
        return self._started[0]

    def close(self) -> None:
        """End the process."""
        if self._started is not None:
            self._started[0].close()
            self._started[1]()
        self._started = None


def start_process(engine: Engine) -> tuple[Connection, Callable[[], None]]:
    """A process that simulates with an engine: a pipe to it, and how to end it."""
    from multiprocessing import get_context

    # fresh interpreters: forking a process that has threads is unsafe
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(theirs, engine), daemon=True)
    process.start()
    theirs.close()

    def end() -> None:
        process.terminate()
        process.join(timeout=5)

    return ours, end
