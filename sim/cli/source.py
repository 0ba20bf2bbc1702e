"""What worlds are asked about: those of a scenario, or those of a run that is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.inputs import BadInput, Numbers, read_scenarios
from sim.cli.kept import find_run
from sim.cli.options import DRAWS, SEED, WORLDS
from sim.ensemble.levels import DEFAULT_KEEP, KEEP, Keep
from sim.ensemble.store import PARENT, Store
from sim.ensemble.trouble import StoreError
from sim.scenario import ScenarioError
from sim.scenario.files import find_scenario

if TYPE_CHECKING:
    import xarray as xr

    from sim.ensemble.manifest import Manifest
    from sim.scenario import Scenario
    from sim.scenario.fork import Fork

ASKED: Keep = "headline"
"""What is recorded of a run that is made only to find a world in it."""


@dataclass(frozen=True)
class Source:
    """Where worlds come from.

    Attributes:
        scenario: under which they begin.
        numbers: seed, draws and so on; `worlds` is how many to look at.
        run: folder and manifest of the run that was named, if one was.
        fork: of a run that is one, where its world takes another path.
    """

    scenario: Scenario
    numbers: Numbers
    run: tuple[Path, Manifest] | None = None
    fork: Fork | None = None

    @property
    def title(self) -> str:
        """What people call it."""
        return self.scenario.title if self.fork is None else self.fork.scenario.title

    def recorded(self) -> xr.Dataset | None:
        """What the run that was named recorded of its worlds, if one was.

        Raises:
            DamagedError: it cannot be read.
        """
        if self.run is None:
            return None
        from sim.ensemble.reading import open_worlds

        folder, manifest = self.run
        return open_worlds(folder / "worlds.zarr", manifest.worlds)


def read_source(
    named: str, settings: Sequence[str], numbers: Numbers, given: Iterable[str], results: Path
) -> tuple[Source | None, list[str]]:
    """What was named, a scenario or a run, and what is wrong with that.

    Args:
        named: a scenario's file or name, a run's folder, or its name or how that begins.
        settings: as given to `--set`.
        numbers: as given.
        given: options among them that the user gave; a run has its own.
        results: folder of all results.
    """
    problems = numbers.problems()
    if not _is_run(named, results):
        try:
            [scenario] = read_scenarios([named], settings)
        except BadInput as bad:
            return None, [*problems, *(str(problem) for problem in bad.problems)]
        return Source(scenario, numbers), problems
    problems += [
        f"{option}: {named} is a run, which has its own; leave it out, or name a scenario"
        for option in (*given, *(["--set"] if settings else []))
    ]
    found = find_run(named, results, problems)
    if found is None or problems:
        return None, problems
    folder, manifest = found
    try:
        [scenario] = read_scenarios([str(folder / "scenario.yaml")], [])
        fork = _fork(scenario, manifest)
        if fork is not None:
            [scenario] = read_scenarios([str(folder / PARENT)], [])
    except BadInput as bad:
        return None, [str(problem) for problem in bad.problems]
    own = Numbers(
        manifest.worlds,
        manifest.seed,
        manifest.draws,
        engine=numbers.engine,
        vary=manifest.vary,
        keep=manifest.level,
    )
    return Source(scenario, own, found, fork), []


def _fork(scenario: Scenario, manifest: Manifest) -> Fork | None:
    """Where the world of a run takes another path, if the run is a fork."""
    from sim.scenario.fork import Fork
    from sim.scenario.month import Month

    if manifest.lineage is None:
        return None
    return Fork(manifest.lineage["world"], Month.parse(manifest.lineage["at"]), scenario)


def numbers_of(
    worlds: int | None, seed: int | None, draws: int | None, vary: str | None, engine: str
) -> tuple[Numbers, list[str]]:
    """Numbers with what was left out filled in, and the options that were not left out."""
    told = {"--worlds": worlds, "--seed": seed, "--draws": draws, "--vary": vary}
    numbers = Numbers(
        WORLDS if worlds is None else worlds,
        SEED if seed is None else seed,
        DRAWS if draws is None else draws,
        engine=engine,
        vary="both" if vary is None else vary,
        keep=ASKED,
    )
    return numbers, [option for option, value in told.items() if value is not None]


def ensemble(
    source: Source,
    simulate: Callable[[Numbers], xr.Dataset],
    results: Path,
    *,
    worlds_given: bool,
) -> xr.Dataset:
    """The worlds among which one is to be found; what is kept is not simulated again.

    Args:
        source: where they come from.
        simulate: gives a run of the source's scenario with such numbers.
        results: folder of all results.
        worlds_given: whether so many worlds were asked for; if not, those that are kept will do.
    """
    kept = source.recorded()
    if kept is not None:
        return kept
    numbers = source.numbers
    held = {keep: _held(source, keep, results) for keep in (DEFAULT_KEEP, *KEEP)}
    keep, most = max(held.items(), key=lambda one: one[1])
    worlds = most if most and not worlds_given else numbers.worlds
    if most < worlds:
        keep = ASKED
    return simulate(
        Numbers(
            worlds, numbers.seed, numbers.draws, engine=numbers.engine, vary=numbers.vary, keep=keep
        )
    )


def _held(source: Source, keep: Keep, results: Path) -> int:
    """Worlds of the scenario that are kept and can be trusted, recorded at a level."""
    from sim.draws import check_vary

    numbers = source.numbers
    return Store(results).holds(
        source.scenario, numbers.seed, numbers.draws, check_vary(numbers.vary), keep
    )


def _is_run(named: str, results: Path) -> bool:
    """Whether a word means a run: its folder, or no scenario and how a run's name begins."""
    from sim.ensemble.manifest import Manifest

    if Path(named).is_dir():
        return Manifest.read(Path(named)) is not None
    with suppress(ScenarioError):
        find_scenario(named)
        return False
    with suppress(StoreError):
        return any(
            path.name.startswith(named) or manifest.run.startswith(named)
            for path, manifest in Store(results).runs()
        )
    return False
