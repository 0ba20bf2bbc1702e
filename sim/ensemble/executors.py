"""Where blocks of worlds are computed: in this process, in others, or on a Dask cluster.

An executor takes calls and hands out their results in the order of the calls. A few calls are under
way at a time, whatever the number of calls, so memory stays flat; what is finished before its turn
waits. A worker that dies costs time, not results: its calls are made again.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from concurrent.futures import Future
    from multiprocessing.connection import Connection

BATCH = 2048
"""Worlds run side by side, at most. Any multiple of the tile gives the same bits; with this many,
the calls that every month makes weigh little. A projection takes its rows a few at a time."""

MOST_LOSSES = 5
"""Times that workers may die with no result handed out in between."""

_ANSWER_WITHIN = 10.0  # seconds in which a scheduler has to answer


class WorkersError(RuntimeError):
    """Those who were to compute worlds are gone or cannot be used; the message says what to do."""


class ClusterMissingError(WorkersError):
    """A cluster was asked for where Dask's scheduler is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "a cluster needs Dask's scheduler, which is not installed: "
            "pip install 'fulcrum-sim[cluster]'"
        )


class Executor(Protocol):
    """Somewhere to make calls.

    Attributes:
        remote: whether calls are made in other processes, so that they have to be picklable.
        slots: calls that can be under way at the same moment.
    """

    @property
    def remote(self) -> bool:
        """Whether calls are made in other processes."""

    @property
    def slots(self) -> int:
        """Calls that can be under way at the same moment."""

    def sharing(self, worlds: int) -> Executor:
        """Where so many worlds are best computed: this executor, or this process."""

    def in_order[T](self, calls: Iterable[Callable[[], T]]) -> Iterator[T]:
        """Results in the order of the calls."""


class InProcess:
    """Calls made here, each when its result is asked for."""

    remote = False
    slots = 1

    def sharing(self, worlds: int) -> InProcess:
        """This process."""
        return self

    def in_order[T](self, calls: Iterable[Callable[[], T]]) -> Iterator[T]:
        """Results in the order of the calls."""
        for call in calls:
            yield call()


class _Elsewhere:
    """Calls made in other processes, a few ahead of the result that is asked for."""

    remote = True
    losses: tuple[type[Exception], ...] = ()
    advice = ""

    @property
    def slots(self) -> int:
        """Calls that can be under way at the same moment."""
        raise NotImplementedError

    def sharing(self, worlds: int) -> Executor:
        """Where so many worlds are best computed: there."""
        return self

    def in_order[T](self, calls: Iterable[Callable[[], T]]) -> Iterator[T]:
        """Results in the order of the calls.

        Raises:
            WorkersError: workers died again and again, or their scheduler is gone.
        """
        source = iter(calls)
        waiting: deque[tuple[Callable[[], T], Any]] = deque()
        lost = 0
        try:
            while True:
                room = self._window() - len(waiting)
                for _, call in zip(range(room), source, strict=False):
                    waiting.append((call, self._submit(call)))
                if not waiting:
                    return
                try:
                    result = waiting[0][1].result()
                except self.losses as error:
                    lost += 1
                    if lost > MOST_LOSSES:
                        raise WorkersError(
                            f"workers died {lost} times in a row without finishing; {self.advice}"
                        ) from error
                    self._mend()
                    waiting = deque(
                        (call, self._submit(call) if self._is_lost(future) else future)
                        for call, future in waiting
                    )
                    continue
                waiting.popleft()
                lost = 0
                yield result
        finally:
            for _, future in waiting:
                future.cancel()

    def _window(self) -> int:
        """Calls that may be under way or finished before their turn."""
        raise NotImplementedError

    def _submit(self, call: Callable[[], Any]) -> Any:  # noqa: ANN401 - a future of either kind
        """A future of the call's result."""
        raise NotImplementedError

    def _mend(self) -> None:
        """Makes it possible to submit again after a loss."""

    def _is_lost(self, future: Any) -> bool:  # noqa: ANN401 - a future of either kind
        if not future.done() or future.cancelled():
            return bool(future.cancelled())
        return isinstance(future.exception(), self.losses)


class Processes(_Elsewhere):
    """Calls made by other processes on this machine; they live as long as the executor.

    Args:
        workers: how many processes. They begin with the first call.
        worth: worlds from which sharing them pays for the start of the processes.
    """

    advice = (
        "is there enough memory for so many? A script that asks for workers must keep its own "
        "work under `if __name__ == '__main__':`"
    )

    def __init__(self, workers: int, worth: int = 0) -> None:
        from concurrent.futures.process import BrokenProcessPool

        self.losses = (BrokenProcessPool,)
        self._workers, self._worth = workers, worth
        self._open()

    @property
    def slots(self) -> int:
        """Processes."""
        return self._workers

    def sharing(self, worlds: int) -> Executor:
        """Where so many worlds are best computed: with few of them, in this process."""
        return self if worlds >= self._worth else InProcess()

    def close(self, at_once: bool) -> None:
        """Ends the processes.

        Args:
            at_once: whether to leave calls that are under way unfinished.
        """
        if at_once:
            self._lifeline.close()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._lifeline.close()

    def _open(self) -> None:
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        # fresh interpreters: forking a process that has threads is unsafe
        context = get_context("spawn")
        held, self._lifeline = context.Pipe(duplex=False)
        self._pool = ProcessPoolExecutor(
            self._workers, mp_context=context, initializer=_serve, initargs=(held,)
        )

    def _window(self) -> int:
        return self._workers + 1  # one more, so that nobody waits while a result is put away

    def _submit(self, call: Callable[[], Any]) -> Future[Any]:
        from concurrent.futures import Future

        try:
            return self._pool.submit(call)
        except self.losses as error:  # met again, and dealt with, when its turn comes
            broken: Future[Any] = Future()
            broken.set_exception(error)
            return broken

    def _mend(self) -> None:
        self.close(at_once=True)
        self._open()


class Cluster(_Elsewhere):
    """Calls made by the workers of a Dask cluster that is already running.

    Dask itself makes a call anew when its worker dies, up to its setting
    `distributed.scheduler.allowed-failures`; beyond that the calls are submitted again from here.
    Results stay with the workers until their turn comes.

    Args:
        address: of the scheduler, such as tcp://10.0.0.1:8786.
        say: told when the cluster has no workers yet.

    Raises:
        ClusterMissingError: `distributed` is not installed.
        WorkersError: no scheduler answers at the address.
    """

    def __init__(self, address: str, say: Callable[[str], object] = lambda _: None) -> None:
        check_cluster()
        from distributed import Client, KilledWorker

        from sim.ensemble.identity import world_makers

        self.losses = (KilledWorker,)
        self.advice = f"look at the logs of the workers of {address}"
        self._address = address
        self._makers = world_makers()
        try:
            self._client = Client(address, timeout=_ANSWER_WITHIN, set_as_default=False)
        except (OSError, ValueError) as error:
            raise WorkersError(f"{address}: no Dask scheduler answers there") from error
        if not self._threads():
            say(f"{address} has no workers yet; waiting for them")

    @property
    def slots(self) -> int:
        """Threads of all workers there are now."""
        return max(self._threads(), 1)

    def in_order[T](self, calls: Iterable[Callable[[], T]]) -> Iterator[T]:
        """Results in the order of the calls.

        Raises:
            WorkersError: workers died again and again, compute other worlds than this program
                does, or their scheduler is gone.
        """
        from concurrent.futures import CancelledError

        try:
            yield from super().in_order(calls)
        except (CancelledError, OSError) as error:
            raise WorkersError(f"{self._address}: the scheduler is gone") from error

    def close(self, at_once: bool) -> None:
        """Parts from the cluster, which goes on; calls under way there are dropped.

        Args:
            at_once: whether to go without a goodbye.
        """
        self._client.close(timeout=1 if at_once else 10)

    def _threads(self) -> int:
        return sum(self._client.nthreads().values())

    def _window(self) -> int:
        return 2 * self.slots

    def _submit(self, call: Callable[[], Any]) -> Any:  # noqa: ANN401 - a future of Dask's
        # not pure: a key of its own, so that nothing is shared with what others asked for
        return self._client.submit(_same_worlds, call, self._makers, pure=False)


def check_cluster() -> None:
    """See that a cluster can be talked to.

    Raises:
        ClusterMissingError: `distributed` is not installed.
    """
    if find_spec("distributed") is None:
        raise ClusterMissingError


@contextmanager
def open_executor(
    workers: int = 1,
    scheduler: str | None = None,
    say: Callable[[str], object] = lambda _: None,
    worth: int = 0,
) -> Iterator[Executor]:
    """An executor for as long as the block runs; leaving it in a hurry stops what is under way.

    Args:
        workers: processes on this machine; 1 is this process.
        scheduler: address of a Dask scheduler; goes before `workers`.
        say: told what the user may wonder about.
        worth: worlds from which sharing them among processes pays.

    Raises:
        WorkersError: the cluster cannot be used.
    """
    if scheduler is None and workers == 1:
        yield InProcess()
        return
    executor = Processes(workers, worth) if scheduler is None else Cluster(scheduler, say)
    try:
        yield executor
    except BaseException:
        executor.close(at_once=True)
        raise
    executor.close(at_once=False)


def spans(first: int, stop: int, block: int, slots: int, tile: int) -> list[tuple[int, int]]:
    """Cuts worlds first .. stop-1 into the parts that are computed as one.

    Args:
        first: index of the first world.
        stop: index after the last.
        block: worlds of a part, which ends on a multiple of it; parts are smaller when there
            would be fewer parts than can be computed at the same moment.
        slots: parts that can be computed at the same moment.
        tile: worlds that are padded to; a smaller part is a multiple of it.

    Returns:
        (first, stop) of each part, in order.
    """
    step = min(block, -(-(stop - first) // (slots * tile)) * tile)
    cuts = [first, *range((first // step + 1) * step, stop, step), stop]
    return list(pairwise(cuts))


def _serve(lifeline: Connection) -> None:
    """Begins a worker process: it ends when its owner does, and leaves Ctrl-C to the owner."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(lifeline,), daemon=True).start()


def _end_with(lifeline: Connection) -> None:
    # nothing is ever sent: what wakes it is that the other end is closed, by hand or by death
    with suppress(EOFError, OSError):
        lifeline.recv_bytes()
    os._exit(1)


def _same_worlds[T](call: Callable[[], T], makers: dict[str, str]) -> T:
    """Makes a call on a worker that would make the same worlds as whoever asked for them.

    Raises:
        WorkersError: its code, data or NumPy differ.
    """
    from sim.ensemble.identity import world_makers

    differ = [name for name, value in world_makers().items() if makers[name] != value]
    if differ:
        raise WorkersError(
            f"a worker of the cluster has other {', '.join(differ)} than this program and would "
            "make other worlds: install the same release of fulcrum-sim and NumPy on both"
        )
    return call()
