"""What a command simulates with: NumPy or compiled code, here, in other processes, on a cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import permutations
from typing import TYPE_CHECKING, Final, cast

from sim.cli.inputs import BadInput

if TYPE_CHECKING:
    from pathlib import Path

    from sim.cli.inputs import Numbers
    from sim.ensemble.executors import Executor
    from sim.ensemble.store import Simulate
    from sim.kernel import Engine
    from sim.scenario import Scenario


WORTH: Final[Mapping[str, int]] = {"numpy": 1000, "numba": 2000}
"""Worlds of a run from which a second process pays for its start, 3 to 4 s (docs/scale.md). Fewer
are computed in this process whatever `--workers` allows."""


def simulate_with(numbers: Numbers, say: Callable[[str], object]) -> Simulate | None:
    """What simulates worlds as asked, in one process; the store's own choice for NumPy.

    Args:
        numbers: of the run.
        say: told when somebody has to wait for the compiler.
    """
    if numbers.engine == "numpy":
        return None
    from sim.ensemble.engine import simulate

    return partial(simulate, engine=engine_of(numbers, say))


def engine_of(numbers: Numbers, say: Callable[[str], object]) -> Engine:
    """The engine asked for, once its numbers are checked; `say` is told of a wait for it."""
    announce(numbers, say)
    return cast("Engine", numbers.engine)


def announce(numbers: Numbers, say: Callable[[str], object]) -> None:
    """Have somebody who has to wait for the compiler told so.

    Args:
        numbers: of the run.
        say: told.
    """
    if numbers.engine == "numba":
        from sim.kernel.compiled import announce_to

        announce_to(_once(say))


def _once(say: Callable[[str], object]) -> Callable[[str], None]:
    """Passes a sentence on the first time: code is compiled in dozens of pieces, one wait."""
    said: set[str] = set()

    def listen(sentence: str) -> None:
        if sentence not in said:
            said.add(sentence)
            say(sentence)

    return listen


@contextmanager
def executor_for(
    numbers: Numbers, scenarios: Sequence[Scenario], say: Callable[[str], object]
) -> Iterator[Executor]:
    """Where a command's worlds are computed, for as long as the block runs.

    Args:
        numbers: of the run.
        scenarios: that are to be run.
        say: told what the user may wonder about.

    Raises:
        BadInput: the cluster cannot be used.
    """
    from sim.ensemble.executors import WorkersError, open_executor

    with ExitStack() as stack:
        try:
            executor = stack.enter_context(
                open_executor(numbers.workers, numbers.scheduler, say, WORTH[numbers.engine])
            )
        except WorkersError as error:
            raise BadInput([f"--scheduler: {error}"]) from None
        if numbers.engine == "numba" and numbers.workers > 1:
            executor = _Compiling(executor, tuple(scenarios))
        yield executor


@dataclass(frozen=True)
class _Compiling:
    """An executor for which code is compiled once, here, rather than by every process."""

    executor: Executor
    scenarios: tuple[Scenario, ...]
    remote: bool = True

    @property
    def slots(self) -> int:
        return self.executor.slots

    def sharing(self, worlds: int) -> Executor:
        where = self.executor.sharing(worlds)
        return self if where is self.executor else where

    def in_order[T](self, calls: Iterable[Callable[[], T]]) -> Iterator[T]:
        from sim.ensemble.engine import warm_up

        for scenario in self.scenarios:
            warm_up(scenario)
        yield from self.executor.in_order(calls)


def compile_for(
    scenarios: Sequence[Scenario],
    say: Callable[[str], object],
    count: Callable[[int], object] = lambda pieces: None,
    *,
    influence: bool = False,
) -> tuple[Path, int]:
    """Have everything compiled that runs of scenarios need.

    Args:
        scenarios: that are to be run.
        say: told, once, that somebody has to wait for the compiler.
        count: told how many pieces of code have been begun.
        influence: whether to compile what `fulcrum influence` needs of them, too.

    Returns:
        Where compiled code is kept, and how many pieces were compiled now.
    """
    from sim.ensemble.engine import warm_up
    from sim.kernel.compiled import announce_to, cache_folder

    pieces, tell = 0, _once(say)

    def listen(sentence: str) -> None:
        nonlocal pieces
        pieces += 1
        count(pieces)
        tell(sentence)

    announce_to(listen)
    for scenario in scenarios:
        warm_up(scenario)
        for beside in _beside(scenario) if influence else ():
            warm_up(beside)
    return cache_folder(), pieces


def _beside(scenario: Scenario) -> Iterator[Scenario]:
    """What `fulcrum influence` runs beside a scenario: its actors' twins."""
    from agents import menus
    from sim.ensemble.twins import entry_held, twin

    for source, target in permutations(menus(), 2):
        yield twin(entry_held(scenario, source), source, target)
