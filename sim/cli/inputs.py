"""What the user asked for, checked as a whole before anything is done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.ensemble.executors import ClusterMissingError, check_cluster
from sim.ensemble.levels import DEFAULT_KEEP, KEEP
from sim.kernel import EngineMissingError, check_engine
from sim.scenario import ScenarioError, load_scenario
from sim.scenario.problems import Problem, did_you_mean, printable

if TYPE_CHECKING:
    from sim.scenario import Scenario

MOST_WORLDS = 100_000_000
MOST_WORKERS = 1024
LARGEST_SEED = 2**63 - 1


class BadInput(Exception):  # noqa: N818 - the input is bad, not the program
    """Input that cannot be used.

    Attributes:
        problems: each with its place in a file, or a line about the command line.
    """

    def __init__(self, problems: Iterable[Problem | str]) -> None:
        self.problems = list(dict.fromkeys(problems))
        super().__init__("\n".join(self.lines))

    @property
    def lines(self) -> list[str]:
        """One line per problem."""
        return [printable(str(problem)) for problem in self.problems]


@dataclass(frozen=True)
class Numbers:
    """The numbers of a run besides its scenario.

    Attributes:
        worlds: how many.
        seed: of all chance.
        draws: draws of chance per parameter set.
        workers: processes that share the work; no part of what comes out.
        engine: what does the arithmetic; no part of what comes out.
        vary: what differs between worlds.
        scheduler: address of a Dask cluster that does the work; no part of what comes out.
        keep: what is recorded.
    """

    worlds: int
    seed: int
    draws: int
    workers: int = 1
    engine: str = "numpy"
    vary: str = "both"
    scheduler: str | None = None
    keep: str = DEFAULT_KEEP

    def problems(self) -> list[str]:
        """What is wrong with them, one line each."""
        from sim.draws import VARY

        bounds = [
            ("--worlds", self.worlds, 1, MOST_WORLDS),
            ("--seed", self.seed, 0, LARGEST_SEED),
            ("--draws", self.draws, 1, MOST_WORLDS),
            ("--workers", self.workers, 1, MOST_WORKERS),
        ]
        low = [(option, f"at least {least}", n) for option, n, least, _ in bounds if n < least]
        high = [(option, f"at most {most:,}", n) for option, n, _, most in bounds if n > most]
        out = [f"{option}: must be {bound}, not {n:,}" for option, bound, n in (*low, *high)]
        try:
            check_engine(self.engine)
        except (ValueError, EngineMissingError) as error:
            out.append(f"--engine: {error}")
        if self.vary not in VARY:
            out.append(f"--vary: {self.vary}: there are {', '.join(VARY)}")
        if self.keep not in KEEP:
            out.append(f"--keep: {self.keep}: there are {', '.join(KEEP)}")
        return [*out, *self._problems_of_the_scheduler()]

    def _problems_of_the_scheduler(self) -> Iterator[str]:
        if self.scheduler is None:
            return
        if self.workers != 1:
            yield "--scheduler: give it or --workers, not both"
        protocol, separator, place = self.scheduler.partition("://")
        if not (protocol and separator and place):
            yield f"--scheduler: {self.scheduler}: write an address, such as tcp://10.0.0.1:8786"
        try:
            check_cluster()
        except ClusterMissingError as error:
            yield f"--scheduler: {error}"


def read_scenarios(
    named: Sequence[str], settings: Sequence[str], problems: Iterable[str] = ()
) -> list[Scenario]:
    """Loads every scenario, or says everything that is wrong with any of them.

    Args:
        named: files or bare names.
        settings: `key=value` as given to `--set`, for each of the scenarios.
        problems: what was found to be wrong elsewhere, to be said in the same breath.

    Raises:
        BadInput: anything is wrong.
    """
    overrides, misspelt = _read_settings(settings)
    found: list[Problem | str] = [*problems, *misspelt]
    scenarios = []
    for name in named:
        try:
            scenarios.append(load_scenario(name, overrides))
        except ScenarioError as error:
            found += error.problems
    if found:
        raise BadInput(found)
    return scenarios


def _read_settings(settings: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """`key=value` words as overrides, and what is wrong with them."""
    overrides: dict[str, str] = {}
    problems = []
    for word in settings:
        key, equals, value = word.partition("=")
        key = key.strip()
        if not equals or not key:
            problems.append(f"--set: {word}: write key=value, such as months=12")
        elif key in overrides:
            problems.append(f"--set: {key}: is given twice")
        else:
            overrides[key] = value
    return overrides, problems


def obstacle(results: Path) -> list[str]:
    """Why results cannot be written, as a line or none."""
    from sim.ensemble.store import Store

    trouble = Store(results).obstacle()
    return [f"--results: {trouble}"] if trouble else []


def pick_baseline(named: Sequence[str], scenarios: Sequence[Scenario], baseline: str | None) -> int:
    """Index of the baseline among scenarios that are to be compared.

    Args:
        named: the scenarios as the user wrote them.
        scenarios: what was read, in the same order.
        baseline: a name or file as the user wrote it; the first scenario when None.

    Raises:
        BadInput: the scenarios cannot be compared, or the baseline is none of them.
    """
    names = [scenario.name for scenario in scenarios]
    problems = []
    if len(names) < 2:
        problems.append("compare: give two scenarios or more")
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            problems.append(f"{name}: is given more than once")
    for name, scenario in zip(named, scenarios, strict=True):
        if scenario.start != scenarios[0].start:
            problems.append(
                f"{name}: starts in {scenario.start}, {named[0]} in {scenarios[0].start}; only "
                "scenarios with one start share their worlds"
            )
    index = 0
    if baseline is not None:
        known = [*named, *names]
        said = baseline if baseline in known else Path(baseline).stem
        if said in known:
            index = known.index(said) % len(names)
        else:
            problems.append(
                f"--baseline: {baseline} is none of the scenarios{did_you_mean(baseline, known)}"
            )
    if problems:
        raise BadInput(problems)
    return index
