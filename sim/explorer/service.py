"""Worlds on demand: what anybody wants is computed once, what nobody wants any longer is stopped.

Nothing is kept about who asks. A page names itself by a ticket of its own making; its latest wish
takes the place of the one before, and lapses if the page is not heard of. Runs are shared by all
who want the same numbers, and kept in memory up to a bound.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from sim.explorer.inquiries import Inquiries, Inquiry, Told
from sim.explorer.processes import Start, Worker, start_process
from sim.explorer.runs import Part, Run, Snapshot, Span, Work
from sim.explorer.workers import Question, Task

if TYPE_CHECKING:
    from sim.kernel import Engine

LAPSES_AFTER: Final = 5.0
"""Seconds after which a wish that is not renewed is forgotten."""
CACHE_BYTES: Final = 600_000_000
MOST_TICKETS: Final = 200
DIED: Final = "the process that simulates worlds ended unexpectedly"
_LOOK_EVERY: Final = 0.02
_ATTEMPTS: Final = 3


@dataclass(frozen=True)
class Wish:
    """What one page wants.

    Attributes:
        parts: runs with the worlds wanted of each, most urgent first.
        order: wishes are numbered as they come.
        until: when it lapses.
        behind: how far in the background it is; what has less goes first.
    """

    parts: tuple[tuple[str, Span], ...]
    order: int
    until: float
    behind: int = 0


class Service:
    """Runs for any number of pages at once.

    Args:
        workers: processes that simulate.
        engine: what does the arithmetic in them.
        cache_bytes: memory that finished runs may take.
        clock: tells the time in seconds.
        start: starts what simulates; `start_process` when None.
    """

    def __init__(
        self,
        workers: int = 2,
        engine: Engine = "numpy",
        cache_bytes: int = CACHE_BYTES,
        clock: Callable[[], float] = time.monotonic,
        start: Start | None = None,
    ) -> None:
        self.slots, self.engine = workers, engine
        self._cache_bytes, self._clock = cache_bytes, clock
        self._start = start or partial(start_process, engine)
        self._runs: OrderedDict[str, Run] = OrderedDict()
        self._wishes: dict[str, Wish] = {}
        self._inquiries = Inquiries()
        self._numbers = count(1)
        self._changed = threading.Condition()
        self._closed = False
        self._threads = [
            threading.Thread(target=self._work, name=f"worlds-{k}", daemon=True)
            for k in range(workers)
        ]
        for thread in self._threads:
            thread.start()

    def want(
        self, ticket: str, works: Sequence[Work], *, preview: bool = False, behind: int = 0
    ) -> None:
        """Want runs, in the place of what the same ticket wanted before.

        Args:
            ticket: of the page.
            works: most wanted first.
            preview: whether the first few worlds of each will do.
            behind: how far in the background: whatever is wanted with less goes first.
        """
        with self._changed:
            now = self._clock()
            self._forget(now)
            if len(self._wishes) >= MOST_TICKETS and ticket not in self._wishes:
                del self._wishes[min(self._wishes, key=lambda one: self._wishes[one].until)]
            rounds: list[list[tuple[str, Span]]] = []
            for work in works:
                run = self._runs.setdefault(work.key, Run(work))
                self._runs.move_to_end(work.key)
                for rank, span in enumerate(self.spans(work, preview=preview)):
                    run.part(span)
                    rounds += [[] for _ in range(rank + 1 - len(rounds))]
                    rounds[rank].append((work.key, span))
            parts = tuple(pair for one in rounds for pair in one)
            before = self._wishes.get(ticket)
            if before is None or before.parts != parts:
                for work in works:  # asked anew: what failed is tried again
                    self._runs[work.key].trouble = ""
                order = next(self._numbers)
            else:
                order = before.order
            self._wishes[ticket] = Wish(parts, order, now + LAPSES_AFTER, behind)
            self._evict()
            self._changed.notify_all()

    def inquire(self, ticket: str, inquiries: Sequence[Inquiry]) -> None:
        """Want choices explained, in the place of what the same ticket asked before."""
        with self._changed:
            now = self._clock()
            self._inquiries.ask(ticket, inquiries, now, now + LAPSES_AFTER)
            self._changed.notify_all()

    def told(self, inquiry: Inquiry) -> Told | None:
        """The choices of a month of a world, explained; None while they are not there.

        Raises:
            WorldsError: they cannot be had.
        """
        with self._changed:
            found = self._inquiries.known(inquiry)
        if isinstance(found, str):
            raise WorldsError(found)
        return found

    def release(self, ticket: str) -> None:
        """Want nothing any longer."""
        with self._changed:
            self._wishes.pop(ticket, None)
            self._inquiries.ask(ticket, (), self._clock(), 0.0)
            self._changed.notify_all()

    def spans(self, work: Work, *, preview: bool = False) -> list[Span]:
        """The parts of a run that are wanted."""
        return work.spans(self.slots)[: 1 if preview else None]

    def look(self, work: Work, *, preview: bool = False) -> Snapshot | None:
        """What there is of a run by now, None if nothing that can be shown.

        A preview shows the first few worlds even where more are there, so that a curve which is
        dragged about does not change its sample.

        Raises:
            WorldsError: the run cannot be had.
        """
        with self._changed:
            run = self._runs.get(work.key)
            if run is None:
                return None
            if run.trouble:
                raise WorldsError(run.trouble)
            self._runs.move_to_end(work.key)
            return Snapshot.of(work, run.shown(self.spans(work, preview=preview)))

    def progress(self, works: Sequence[Work], *, preview: bool = False) -> tuple[int, int]:
        """World-months done and wanted over all runs."""
        with self._changed:
            done = wanted = 0
            for work in works:
                run = self._runs.get(work.key)
                for span in self.spans(work, preview=preview):
                    width = span[1] - span[0]
                    wanted += width * work.scenario.months
                    part = run.parts.get(span) if run else None
                    done += width * part.months if part else 0
            return done, wanted

    def wait(
        self,
        works: Sequence[Work],
        stamp: str,
        seconds: float,
        *,
        preview: bool = False,
        inquiries: Sequence[Inquiry] = (),
    ) -> str:
        """Wait until there is more than a stamp tells, and tell the new one.

        Args:
            works: of which.
            stamp: what is known, "" for nothing.
            seconds: how long at most.
            preview: as in `want`.
            inquiries: of which there may be news as well.
        """
        deadline = time.monotonic() + seconds
        with self._changed:
            while True:
                now = self._stamp(works, preview, inquiries)
                left = deadline - time.monotonic()
                if now != stamp or left <= 0:
                    return now
                self._changed.wait(left)

    def close(self) -> None:
        """End all processes."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(timeout=5)

    def _stamp(
        self, works: Sequence[Work], preview: bool, inquiries: Sequence[Inquiry] = ()
    ) -> str:
        words = [f"{one}: {'known' if self._inquiries.known(one) else 'open'}" for one in inquiries]
        for work in works:
            run = self._runs.get(work.key)
            if run is None:
                words.append("-")
                continue
            shown = run.shown(self.spans(work, preview=preview))
            words.append(f"{run.trouble}{[(part.span, part.months) for part in shown]}")
        return "|".join(words)

    def _forget(self, now: float) -> None:
        for ticket in [t for t, wish in self._wishes.items() if wish.until < now]:
            del self._wishes[ticket]

    def _wanted(self, key: str, span: Span) -> bool:
        now = self._clock()
        return any((key, span) in wish.parts for wish in self._wishes.values() if wish.until >= now)

    def _gives_way(self, key: str, part: Part) -> bool:
        """Whether a part that only waits to be of use keeps from being done what is.

        More than half done, it is let finish: that is soon over, and would have to be done again.
        """
        if 2 * part.months > self._runs[key].work.scenario.months:
            return False
        now = self._clock()
        front = [w for w in self._wishes.values() if not w.behind and w.until >= now]
        if any((key, part.span) in wish.parts for wish in front):
            return False
        return self._inquiries.waiting(now) or any(
            self._runs[other].parts[span].state == "waiting" and not self._runs[other].trouble
            for wish in front
            for other, span in wish.parts
        )

    def _evict(self) -> None:
        """Let go of the runs that were looked at longest ago, but of none that is wanted."""
        size = sum(run.size for run in self._runs.values())
        wanted = {key for wish in self._wishes.values() for key, _ in wish.parts}
        for key in [key for key in self._runs if key not in wanted]:
            run = self._runs[key]
            if size <= self._cache_bytes and run.size:
                continue
            if any(part.state == "running" for part in run.parts.values()):
                continue
            size -= run.size
            del self._runs[key]

    def _next(self) -> tuple[Run, Part] | None:
        """The most urgent part that waits: first answers first, then the latest wish.

        Among pages that want a first answer the one that has waited longest goes first, so that
        nobody's dragging keeps another from being answered.
        """
        self._forget(self._clock())
        best: tuple[tuple[int, int, int], Run, Part] | None = None
        for wish in self._wishes.values():
            for rank, (key, span) in enumerate(wish.parts):
                run = self._runs[key]
                part = run.parts[span]
                if part.state == "waiting" and not run.trouble:
                    urgency = (wish.behind, rank, wish.order)
                    if best is None or urgency < best[0]:
                        best = urgency, run, part
                    break
        return best[1:] if best else None

    def _work(self) -> None:
        """The life of a thread that owns a process."""
        worker = Worker(self._start)
        try:
            with suppress(OSError):  # tried again, and said, when there is something to do
                worker.pipe()
            while True:
                with self._changed:
                    found = self._due()
                    while found is None and not self._closed:
                        self._changed.wait(1.0)
                        found = self._due()
                    if self._closed or found is None:
                        return
                if isinstance(found, Inquiry):
                    self._have_told(worker, found)
                else:
                    self._have_done(worker, *found)
        finally:
            worker.close()

    def _due(self) -> Inquiry | tuple[Run, Part] | None:
        """What to do next. Somebody waits for an explanation, and it is soon given."""
        inquiry = self._inquiries.next(self._clock())
        if inquiry is not None:
            return inquiry
        found = self._next()
        if found is not None:
            found[1].state = "running"
        return found

    def _have_told(self, worker: Worker, inquiry: Inquiry) -> None:
        """Have choices explained."""
        found: Told | str = DIED
        for _ in range(_ATTEMPTS):
            try:
                found = self._answer(worker, inquiry)
                break
            except (EOFError, OSError):
                worker.close()
        with self._changed:
            self._inquiries.settle(inquiry, found)
            self._changed.notify_all()

    def _answer(self, worker: Worker, inquiry: Inquiry) -> Told | str:
        number, work = next(self._numbers), inquiry.work
        pipe = worker.pipe()
        pipe.send(
            Question(
                number,
                work.scenario,
                work.seed,
                work.draws,
                inquiry.world,
                inquiry.month,
                self.engine,
            )
        )
        while True:
            message: Any = pipe.recv()
            if message[1] == number:
                answer: Told | str = message[2]
                return answer

    def _have_done(self, worker: Worker, run: Run, part: Part) -> None:
        for attempt in range(_ATTEMPTS):
            try:
                self._follow(worker, run, part)
                return
            except (EOFError, OSError):
                worker.close()
                with self._changed:
                    part.begin_anew()
                    part.state = "running"
                if attempt + 1 == _ATTEMPTS:
                    self._failed(run, part, DIED)

    def _follow(self, worker: Worker, run: Run, part: Part) -> None:
        """Have a part simulated, and take in months as they come."""
        work = run.work
        number = next(self._numbers)
        start, stop = part.span
        task = Task(number, work.scenario, work.seed, work.draws, start, stop, self.engine)
        pipe = worker.pipe()
        pipe.send(task)
        dropped = False
        while True:
            if pipe.poll(_LOOK_EVERY):
                message: Any = pipe.recv()
                if message[1] != number:
                    continue
                match message[0]:
                    case "months":
                        with self._changed:
                            part.add(message[2], message[3])
                            self._changed.notify_all()
                    case "done":
                        with self._changed:
                            part.state = "done"
                            self._evict()
                            self._changed.notify_all()
                        return
                    case "dropped":
                        with self._changed:
                            part.begin_anew()
                            self._changed.notify_all()
                        return
                    case _:
                        self._failed(run, part, message[2])
                        return
            with self._changed:
                unwanted = self._closed or not self._wanted(work.key, part.span)
                gives_way = self._gives_way(work.key, part)
            if (unwanted or gives_way) and not dropped:
                pipe.send(number)
                dropped = True

    def _failed(self, run: Run, part: Part, words: str) -> None:
        with self._changed:
            part.begin_anew()
            run.trouble = words
            self._changed.notify_all()


class WorldsError(RuntimeError):
    """Worlds cannot be had; the message says why."""
