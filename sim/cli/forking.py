"""The command that lets a world take another path from some month on."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.commands import app, print_json, say, say_notes
from sim.cli.engines import engine_of
from sim.cli.explaining import check_world, read_month
from sim.cli.inputs import MOST_WORLDS, BadInput, obstacle, read_scenarios
from sim.cli.options import (
    HERE,
    AsJson,
    EngineName,
    OwnDraws,
    OwnSeed,
    OwnVary,
    Results,
    ScenarioOrRun,
    Settings,
)
from sim.cli.pages import list_results, writing
from sim.cli.source import Source, numbers_of, read_source
from sim.ensemble.levels import Keep
from sim.ensemble.store import Store
from sim.ensemble.trouble import StoreError

if TYPE_CHECKING:
    import xarray as xr

    from sim.analysis.compare import Comparison
    from sim.ensemble.store import StoredRun
    from sim.report.pieces import Part
    from sim.scenario import Scenario
    from sim.scenario.fork import Fork
    from sim.scenario.month import Month

BESIDE = ("As it was", "Other path")
"""How both are called on a page that has them beside one another."""
KEEP: Keep = "all"
"""What is recorded of both paths: to say who did what otherwise takes the choices."""


@app.command()
def fork(
    named: ScenarioOrRun = None,
    world: Annotated[
        int | None, typer.Option(metavar="K", help="Number of the world.", show_default=False)
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(metavar="YYYY-MM", help="First month of the other path.", show_default=False),
    ] = None,
    play: Annotated[
        list[str] | None,
        typer.Option(
            metavar="MOVE",
            help="Hold a lever from there, as belarus.voice=neutral, to the end or, with "
            "..2024-12 after it, so long; repeatable.",
        ),
    ] = None,
    settings: Settings = None,
    futures: Annotated[
        int,
        typer.Option(
            metavar="N", help="Futures to follow; the first meets the world's own chance."
        ),
    ] = 1,
    seed: OwnSeed = None,
    draws: OwnDraws = None,
    vary: OwnVary = None,
    engine: EngineName = "numpy",
    results: Results = HERE,
    as_json: AsJson = False,
) -> None:
    """Let one world take another path from some month on."""
    numbers, given = numbers_of(None, seed, draws, vary, engine)
    if named is None:
        raise BadInput(["fork: name a scenario or a run, such as status_quo"])
    source, problems = read_source(named, [], numbers, given, results)
    problems += obstacle(results)
    if source is not None and source.fork is not None:
        problems.append(_already_forked(named, source))
    if world is None:
        problems.append("--world: say which world, such as --world 0")
    check_world(world, source, problems)
    when = read_month("--at", at, source, problems)
    if at is None:
        problems.append("--at: say from which month, such as --at 2024-06")
    if not 1 <= futures <= MOST_WORLDS:
        problems.append(f"--futures: must be 1 to {MOST_WORLDS:,}, not {futures:,}")
    if not (play or settings or futures > 1):
        problems.append("fork: nothing would change; give --play, --set or --futures")
    path = _path(named, source, world, when, play or [], settings or [], problems)
    if problems or source is None or path is None:
        raise BadInput(problems)
    own = replace(path, scenario=_own(source.scenario, path))
    say_notes([path.scenario])
    paths = [own, path] if play or settings else [own]
    runs = [_run(source, one, futures, results) for one in paths]
    _check(source, runs[0])

    from sim.analysis.compare import pair
    from sim.report import write_report

    command = ["fulcrum", "fork", named, "--world", str(path.world), "--at", str(path.at)]
    command += [word for move in play or [] for word in ("--play", move)]
    command += [word for setting in settings or [] for word in ("--set", setting)]
    command += ["--futures", str(futures)]
    if source.run is None:
        command += ["--seed", str(source.numbers.seed), "--draws", str(source.numbers.draws)]
        command += ["--vary", source.numbers.vary]
    comparison = pair(_labelled(runs), [one.scenario for one in paths])
    deeds = _deeds(path, runs) if len(runs) > 1 else None
    with writing(runs[-1].path):
        page = write_report(
            comparison,
            runs[-1].report_path,
            scenarios=[one.scenario for one in paths],
            title=_head(source, path) if len(runs) > 1 else None,
            command=shlex.join(command),
            deeds=deeds,
        )
    with writing(results):
        list_results(results)
    _tell(source, path, runs, comparison, page, as_json)


def _already_forked(named: str, source: Source) -> str:
    assert source.fork is not None
    return (
        f"{named}: is a fork of world {source.fork.world} of {source.scenario.name} from "
        f"{source.fork.at} on, and a fork is not forked again: its months have two scenarios "
        f"already. Fork {source.scenario.name} with both changes; --play takes a last month"
    )


def _path(
    named: str,
    source: Source | None,
    world: int | None,
    at: Month | None,
    plays: Sequence[str],
    settings: Sequence[str],
    problems: list[str],
) -> Fork | None:
    """The other path; what is wrong with it goes to the problems."""
    from agents import menus
    from sim.report.labels import month_words
    from sim.scenario.fork import Fork, held_from, read_plays

    if source is None or source.fork is not None or at is None:
        return None
    file = named if source.run is None else str(source.run[0] / "scenario.yaml")
    try:
        [after] = read_scenarios([file], settings)
    except BadInput as bad:
        problems += [str(problem) for problem in bad.problems]
        return None
    moves, misread = read_plays(plays, at, source.scenario.end, menus())
    problems += [f"--play: {line}" for line in misread]
    whole = f"{source.scenario.title}, world {world}, another path from {month_words(str(at))}"
    fork = Fork(world or 0, at, replace(held_from(after, moves), title=whole))
    problems += [f"--set: {line}" for line in fork.problems(source.scenario)]
    return fork


def _own(scenario: Scenario, path: Fork) -> Scenario:
    """The scenario of a world that goes on as it was."""
    return replace(scenario, title=f"{scenario.title}, world {path.world} as it was")


def _labelled(runs: Sequence[StoredRun]) -> list[xr.Dataset]:
    """The runs, told apart beside one another by what differs; what is common heads the page."""
    found = [run.dataset for run in runs]
    if len(found) == 1:
        return found
    return [ds.assign_attrs(title=title) for ds, title in zip(found, BESIDE, strict=True)]


def _head(source: Source, path: Fork) -> str:
    from sim.report.labels import month_words

    at = month_words(str(path.at))
    return f"{source.scenario.title}, world {path.world}: another path from {at}"


def _deeds(path: Fork, runs: Sequence[StoredRun]) -> Part:
    """What the other path does otherwise, as a section of its page."""
    from sim.analysis.paths import done_otherwise, elsewhere
    from sim.report import otherwise

    own, other = (run.dataset for run in runs)
    return otherwise.what_is_done(
        otherwise.Told(
            levers=done_otherwise(own, other),
            shares=elsewhere(own, other),
            held={
                (m.actor, m.lever): "" if m.last >= path.scenario.end else str(m.last)
                for m in path.scenario.moves
                if m.last >= path.at
            },
            futures=other.sizes["world"],
            run=runs[1].path.name,
        )
    )


def _run(source: Source, path: Fork, futures: int, results: Path) -> StoredRun:
    """One path in all its futures, from what is kept and what has to be simulated."""
    from sim.cli.terminal import progress_bars
    from sim.draws import check_vary
    from sim.ensemble.engine import simulate

    numbers = source.numbers
    with progress_bars() as bars:
        ask = partial(simulate, engine=engine_of(numbers, bars.say), fork=path)
        return Store(results, ask, notify=bars.say).fetch(
            source.scenario,
            futures,
            numbers.seed,
            numbers.draws,
            bars.of(path.scenario.title),
            check_vary(numbers.vary),
            KEEP,
            path,
        )


def _check(source: Source, own: StoredRun) -> None:
    """See that the world as it was is the one that the run recorded, if a run was named.

    Raises:
        StoreError: it is another.
    """
    recorded = source.recorded()
    if recorded is None:
        return
    world = int(own.dataset.attrs["fork_of"])
    kept, made = recorded["front"].sel(world=world).values, own.dataset["front"].sel(world=0).values
    if (kept != made).any():
        raise StoreError(
            f"{source.scenario.name}: what is recorded of world {world} is not what this code "
            "makes of it; run the scenario again"
        )


def _tell(
    source: Source,
    path: Fork,
    runs: Sequence[StoredRun],
    comparison: Comparison,
    page: Path,
    as_json: bool,
) -> None:
    """Say what the other path, or the futures of the world's own, come to."""
    from sim.analysis.paths import done_otherwise, effects, not_held, parted
    from sim.cli.terminal import print_places
    from sim.cli.told_paths import fork_document, futures_document, print_fork, print_futures

    changes = _changes(source, path)
    about = _about(source, path, runs, changes) | {"report": str(page)}
    if len(runs) == 1:
        if as_json:
            print_json(about | futures_document(runs[0].dataset))
        else:
            print_futures(runs[0].dataset)
            print_places([("Futures", runs[0].path), ("Report ", page)])
        return
    own, other = (run.dataset for run in runs)
    for move in not_held(other, (m for m in path.scenario.moves if m.first == path.at)):
        say(
            f"{move.actor} {move.lever} {move.level}: closed in {move.first}, so it could not be "
            "held from there; fulcrum explain on the world and month says why"
        )
    found, otherwise = effects(comparison), done_otherwise(own, other)
    if as_json:
        print_json(about | fork_document(parted(own, other), otherwise, found))
        return
    print_fork(other, changes, otherwise, found)
    print_places([("As it was ", runs[0].path), ("Other path", runs[1].path), ("Report    ", page)])


def _changes(source: Source, path: Fork) -> list[str]:
    from sim.scenario import diff

    return [str(one) for one in diff(source.scenario, path.scenario)]


def _about(
    source: Source, path: Fork, runs: Sequence[StoredRun], changes: list[str]
) -> dict[str, Any]:
    return {
        "scenario": source.scenario.name,
        "world": path.world,
        "at": str(path.at),
        "futures": runs[0].dataset.sizes["world"],
        "seed": source.numbers.seed,
        "draws": source.numbers.draws,
        "vary": source.numbers.vary,
        "changes": changes,
        "runs": [{"run": run.id, "path": str(run.path)} for run in runs],
    }
