"""Commands on one world: why a move was made, and the world told as a story."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.commands import app, fetch_all, print_json, say, say_notes
from sim.cli.engines import engine_of
from sim.cli.inputs import MOST_WORLDS, BadInput, Numbers, obstacle
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
from sim.cli.source import Source, ensemble, numbers_of, read_source
from sim.ensemble.trouble import StoreError
from sim.scenario.month import Month
from sim.scenario.problems import did_you_mean

if TYPE_CHECKING:
    import xarray as xr

    from sim.analysis.decision import Decision
    from sim.analysis.history import World
    from sim.analysis.medoid import Medoid
    from sim.analysis.turns import Chronicle

EVERY = "all"
"""Stands for every ending."""


@app.command()
def explain(
    named: ScenarioOrRun = None,
    world: Annotated[
        int | None,
        typer.Option(metavar="K", help="Number of the world; the one most like all unless given."),
    ] = None,
    month: Annotated[
        str | None,
        typer.Option(
            metavar="YYYY-MM", help="Month to explain; the one on which most hung unless given."
        ),
    ] = None,
    actor: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Whose choice; every actor's unless given; repeatable."),
    ] = None,
    story: Annotated[
        bool, typer.Option("--story", help="Tell the whole world instead, month by month.")
    ] = False,
    ending: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Tell the world most like those that end so, as settled, or all; repeatable.",
        ),
    ] = None,
    turns: Annotated[
        int | None, typer.Option(metavar="N", help="Turns to tell of a world, 12 unless given.")
    ] = None,
    worlds: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="Worlds to look for one in: those that are kept, or 1,000 new ones, unless given.",
            show_default=False,
        ),
    ] = None,
    seed: OwnSeed = None,
    draws: OwnDraws = None,
    vary: OwnVary = None,
    engine: EngineName = "numpy",
    settings: Settings = None,
    results: Results = HERE,
    stages: Annotated[
        bool, typer.Option("--stages", help="Print the stages of a month, and nothing else.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Say why a move was made, or tell a world as a story."""
    if stages:
        _print_stages(as_json)
        return
    numbers, given = numbers_of(worlds, seed, draws, vary, engine)
    if named is None:
        raise BadInput(["explain: name a scenario or a run, such as status_quo"])
    source, problems = read_source(named, settings or [], numbers, given, results)
    problems += obstacle(results) if world is None else []
    problems += _problems_of_options(story, month, actor or [], ending or [], turns, world)
    when = read_month("--month", month, source, problems)
    check_world(world, source, problems)
    if source is None or problems:
        raise BadInput(problems)
    say_notes([source.scenario])
    found: list[Medoid | None] = [None]
    among = source.recorded() if world is not None else _worlds(source, results, worlds is not None)
    if world is None:
        assert among is not None
        found = _find(among, ending or [])
    size = 0 if among is None else among.sizes["world"]
    told = [(_world(source, world, one), one) for one in found]
    if story:
        stories = [(_chronicle(source, one, among), why) for one, why in told]
        _print_stories(source, stories, size, turns, as_json)
    else:
        _print_decisions(source, told[0], size, when, actor or [], among, as_json)


def _problems_of_options(
    story: bool,
    month: str | None,
    actors: Sequence[str],
    endings: Sequence[str],
    turns: int | None,
    world: int | None,
) -> list[str]:
    """What is wrong with options that need no scenario to be judged."""
    from agents import menus

    out = []
    known = list(menus())
    out += [
        f"--actor: {name}: there is no such actor"
        f"{did_you_mean(name, known) or f'; known are {", ".join(known)}'}"
        for name in actors
        if name not in known
    ]
    if story and month is not None:
        out.append("--month: a story is told from the first month to the last; leave it out")
    if story and actors:
        out.append("--actor: a story tells of all actors; leave it out")
    if endings and not story:
        out.append("--ending: belongs to --story; add that, or leave it out")
    if endings and world is not None:
        out.append("--ending: finds a world, and --world names one; leave one of them out")
    if turns is not None and not story:
        out.append("--turns: belongs to --story; add that, or leave it out")
    if turns is not None and turns < 1:
        out.append(f"--turns: must be at least 1, not {turns:,}")
    return out


def read_month(
    option: str, text: str | None, source: Source | None, problems: list[str]
) -> Month | None:
    """The month asked for; what is wrong with it goes to the problems."""
    if text is None:
        return None
    try:
        month = Month.parse(text)
    except ValueError as error:
        problems.append(f"{option}: {text}: {error}")
        return None
    if source is None or source.scenario.start <= month <= source.scenario.end:
        return month
    first, last = source.scenario.start, source.scenario.end
    problems.append(f"{option}: {month} is outside the run, {first} to {last}")
    return None


def check_world(world: int | None, source: Source | None, problems: list[str]) -> None:
    """See that there is such a world; what is wrong with it goes to the problems."""
    if world is None:
        return
    most = MOST_WORLDS if source is None or source.run is None else source.run[1].worlds
    if not 0 <= world < most:
        whose = "" if source is None or source.run is None else f" of {source.run[0].name}"
        problems.append(f"--world: worlds{whose} are numbered 0 to {most - 1:,}, not {world:,}")


def _worlds(source: Source, results: Path, given: bool) -> xr.Dataset:
    """The worlds among which one is to be found."""

    def simulate(numbers: Numbers) -> xr.Dataset:
        return fetch_all([source.scenario], numbers, results)[0].dataset

    return ensemble(source, simulate, results, worlds_given=given)


def _find(among: xr.Dataset, endings: Sequence[str]) -> list[Medoid | None]:
    """The worlds to tell, each with why."""
    from sim.analysis.medoid import EndingError, medoid, medoids_by_ending

    if not endings:
        return [medoid(among)]
    wanted = () if EVERY in endings else tuple(dict.fromkeys(endings))
    try:
        return [*medoids_by_ending(among, wanted)]
    except EndingError as error:
        raise BadInput([f"--ending: {error}"]) from None


def _world(source: Source, world: int | None, found: Medoid | None) -> World:
    from sim.analysis.history import World
    from sim.draws import check_vary

    numbers = source.numbers
    if world is None:
        assert found is not None
        world = found.world
    return World(
        source.scenario,
        world,
        numbers.seed,
        numbers.draws,
        check_vary(numbers.vary),
        source.fork,
    )


def _chronicle(source: Source, world: World, kept: xr.Dataset | None) -> Chronicle:
    """A world told whole, held to what the run recorded of it."""
    from sim.analysis.history import OtherWorldError, live
    from sim.analysis.turns import chronicle

    engine = engine_of(source.numbers, say)
    try:
        return chronicle(world, list(live(world, recorded=kept, engine=engine)))
    except OtherWorldError as error:
        raise StoreError(f"{source.scenario.name}: {error}") from None


def _decisions(
    source: Source, world: World, month: Month, kept: xr.Dataset | None
) -> dict[str, Decision]:
    from sim.analysis.history import OtherWorldError, live

    engine = engine_of(source.numbers, say)
    try:
        *_, last = live(world, (month,), until=month, recorded=kept, engine=engine)
    except OtherWorldError as error:
        raise StoreError(f"{source.scenario.name}: {error}") from None
    return last.decisions


def _print_decisions(
    source: Source,
    told: tuple[World, Medoid | None],
    size: int,
    month: Month | None,
    actors: Sequence[str],
    kept: xr.Dataset | None,
    as_json: bool,
) -> None:
    from sim.cli.terminal import print_words
    from sim.cli.told import decision_document, print_decision, print_reading
    from sim.report.chronicle import why, world_words

    world, found = told
    if month is None:
        chronicle = _chronicle(source, world, kept)
        wanted = [one for one in chronicle.turns if not actors or one.actor in actors]
        greatest = max(wanted, key=lambda turn: turn.weight, default=None)
        month = source.scenario.start if greatest is None else greatest.month
        [decisions] = [one.decisions for one in chronicle.months if one.month == month]
    else:
        decisions = _decisions(source, world, month, kept)
    shown = [one for name, one in decisions.items() if not actors or name in actors]
    if as_json:
        document = _about(source, world, found) | {
            "month": str(month),
            "decisions": [decision_document(one) for one in shown],
        }
        print_json(document)
        return
    print_words(f"{world_words(world, source.title)}." + (f" {why(found, size)}" if found else ""))
    for one in shown:
        typer.echo()
        print_decision(one)
    print_reading(shown)


def _print_stories(
    source: Source,
    stories: Sequence[tuple[Chronicle, Medoid | None]],
    size: int,
    turns: int | None,
    as_json: bool,
) -> None:
    from sim.analysis.turns import MOST
    from sim.cli.told import print_story
    from sim.report.chronicle import closing, entries, opening

    most = MOST if turns is None else turns
    told = [
        (
            chronicle,
            found,
            opening(chronicle, source.title, found, size),
            entries(chronicle, most),
            closing(chronicle, most),
        )
        for chronicle, found in stories
    ]
    if as_json:
        print_json(
            {
                "stories": [
                    _about(source, chronicle.world, found)
                    | {
                        "opening": first,
                        "entries": [asdict(entry) for entry in middle],
                        "closing": last,
                        "turns": len(chronicle.turns),
                    }
                    for chronicle, found, first, middle, last in told
                ]
            }
        )
        return
    for number, (_, _, first, middle, last) in enumerate(told):
        if number:
            typer.echo()
            typer.echo()
        print_story(first, middle, last)


def _about(source: Source, world: World, found: Medoid | None) -> dict[str, Any]:
    """Which world a document is about."""
    return {
        "scenario": source.scenario.name,
        "title": source.title,
        "run": None if source.run is None else source.run[1].run,
        "world": world.index,
        "seed": world.seed,
        "draws": world.draws,
        "vary": world.vary,
        "medoid": None if found is None else asdict(found),
    }


def _print_stages(as_json: bool) -> None:
    """The order of a month."""
    from sim.cli.terminal import print_words
    from sim.stages import STAGES

    if as_json:
        print_json({"stages": [{"name": one.name, "does": one.does} for one in STAGES]})
        return
    for number, stage in enumerate(STAGES, start=1):
        print_words(stage.does, indent=17, first=f"{number:>2} {stage.name}")
