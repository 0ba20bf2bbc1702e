"""Commands on what outcomes hinge on: shares of assumptions, and boxes of them."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from sim.cli.commands import app, fetch_all, print_json, say_notes, show_report
from sim.cli.engines import announce, executor_for
from sim.cli.inputs import BadInput, Numbers, obstacle, read_scenarios
from sim.cli.options import (
    DRAWS,
    HERE,
    SEED,
    THRESHOLD,
    WORLDS,
    AsJson,
    Draws,
    EngineName,
    KeepWhat,
    OneScenario,
    Open,
    Results,
    Scheduler,
    Seed,
    Settings,
    Workers,
)
from sim.cli.pages import list_results, writing
from sim.ensemble.levels import DEFAULT_KEEP

if TYPE_CHECKING:
    from sim.analysis.by_set import BySet
    from sim.analysis.compare import Comparison, When
    from sim.analysis.discovery import Side
    from sim.kernel import Engine
    from sim.scenario import Scenario

OUTCOME = "influence.belarus.russia"
POINTS = 256
LEAST_POINTS, MOST_POINTS = 16, 2**17
WHENS = ("final", "mean")

type Document = dict[str, Any]

Outcomes = Annotated[
    list[str] | None,
    typer.Option("--outcome", metavar="NAME", help=f"As front or payoff.belarus; {OUTCOME}."),
]
When_ = Annotated[
    str,
    typer.Option("--when", metavar="WHEN", help="final month, or the mean over all months."),
]
Against = Annotated[
    str | None,
    typer.Option(metavar="SCENARIO", help="Take the difference from this one, world by world."),
]
SomeWorlds = Annotated[
    int | None,
    typer.Option(
        "--worlds", metavar="N", help=f"Possible histories to learn from; {WORLDS:,}, but not --of."
    ),
]


@app.command()
def sensitivity(
    scenario: OneScenario,
    outcomes: Outcomes = None,
    when: When_ = "final",
    against: Against = None,
    of: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="A parameter, a group as actors.belarus, or a claim: worlds are laid out to tell "
            "what it does by itself and in all; repeatable.",
        ),
    ] = None,
    points: Annotated[
        int | None,
        typer.Option(metavar="N", help=f"Points of that design, a power of two; {POINTS}."),
    ] = None,
    worlds: SomeWorlds = None,
    keep: KeepWhat = DEFAULT_KEEP,
    seed: Seed = SEED,
    draws: Draws = DRAWS,
    workers: Workers = 1,
    scheduler: Scheduler = None,
    engine: EngineName = "numpy",
    settings: Settings = None,
    results: Results = HERE,
    as_json: AsJson = False,
    open_report: Open = False,
) -> None:
    """Rank the assumptions that outcomes hinge on, against what nothing would show."""
    numbers = Numbers(
        WORLDS if worlds is None else worlds,
        *(seed, draws, workers, engine),
        scheduler=scheduler,
        keep=keep,
    )
    troubles = [*numbers.problems(), *obstacle(results), *_misfits(when, of, points, worlds)]
    read = _read(scenario, against, settings or [], troubles)
    names = list(dict.fromkeys(outcomes or [OUTCOME]))
    say_notes(read)
    words = ["sensitivity", scenario, *_option("--outcome", names), "--when", when]
    words += ["--against", against] if against else []
    if of:
        size = POINTS if points is None else points
        words += [*_option("--of", of), "--points", str(size), "--seed", str(seed)]
        found = _designed(read, names, of, size, numbers, cast("When", when))
        count = found[0]["worlds"]
    else:
        words += _of_runs(numbers)
        found = _from_runs(read, names, numbers, results, cast("When", when))
        count = numbers.worlds
    words += _option("--set", settings or [])
    told = {
        "method": "designed" if of else "given",
        **_common(read, when, count, seed, ["fulcrum", *words]),
        "outcomes": found,
    }
    _hand_out("sensitivity", told, read, results, as_json, open_report)


@app.command()
def discover(
    scenario: OneScenario,
    outcome: Annotated[
        str, typer.Option(metavar="NAME", help="As front or payoff.belarus.")
    ] = OUTCOME,
    above: Annotated[
        float | None,
        typer.Option(metavar="X", help=f"Sets whose outcome lies above this: {THRESHOLD}."),
    ] = None,
    below: Annotated[
        float | None,
        typer.Option(metavar="X", help="Sets whose outcome lies below this, in the same units."),
    ] = None,
    top: Annotated[
        float | None,
        typer.Option(metavar="PERCENT", help="So many sets with the highest outcome; 20."),
    ] = None,
    bottom: Annotated[
        float | None, typer.Option(metavar="PERCENT", help="So many sets with the lowest outcome.")
    ] = None,
    density: Annotated[
        float | None,
        typer.Option(metavar="SHARE", help="How dense the box is to be, 0 to 1."),
    ] = None,
    when: When_ = "final",
    against: Against = None,
    worlds: Annotated[int, typer.Option(metavar="N", help="Histories to learn from.")] = WORLDS,
    keep: KeepWhat = DEFAULT_KEEP,
    seed: Seed = SEED,
    draws: Draws = DRAWS,
    workers: Workers = 1,
    scheduler: Scheduler = None,
    engine: EngineName = "numpy",
    settings: Settings = None,
    results: Results = HERE,
    as_json: AsJson = False,
    open_report: Open = False,
) -> None:
    """Find the assumptions under which an outcome comes about: a box, and how far to trust it."""
    from sim.analysis.discovery import discover as search
    from sim.analysis.discovery import interest

    numbers = Numbers(worlds, seed, draws, workers, engine, scheduler=scheduler, keep=keep)
    troubles = [*numbers.problems(), *obstacle(results), *_misfits(when)]
    asked, unclear = _asked(above, below, top, bottom)
    troubles += unclear
    if density is not None and not 0.0 < density <= 1.0:
        troubles.append(f"--density: must lie between 0 and 1, not {density:g}")
    read = _read(scenario, against, settings or [], troubles)
    say_notes(read)
    side, threshold, share = asked

    def find(source: BySet) -> Document:
        return search(source, interest(source, side, threshold, share), density, seed).document()

    found = _by_outcome(read, [outcome], numbers, results, cast("When", when), find)
    words = ["discover", scenario, "--outcome", outcome]
    for option, value in (("above", above), ("below", below), ("top", top), ("bottom", bottom)):
        words += [f"--{option}", f"{value:g}"] if value is not None else []
    words += ["--density", f"{density:g}"] if density is not None else []
    words += ["--when", when, *(["--against", against] if against else []), *_of_runs(numbers)]
    words += _option("--set", settings or [])
    told = {
        **_common(read, when, worlds, seed, ["fulcrum", *words]),
        "outcomes": found,
    }
    _hand_out("discover", told, read, results, as_json, open_report)


def _misfits(
    when: str,
    of: Sequence[str] | None = None,
    points: int | None = None,
    worlds: int | None = None,
) -> list[str]:
    """Options that do not go together, one line each."""
    from sim.analysis.designed import DesignMissingError, check_design

    out = [] if when in WHENS else [f"--when: {when}: there are {', '.join(WHENS)}"]
    if not of:
        return out if points is None else [*out, "--points: goes with --of"]
    try:
        check_design()
    except DesignMissingError as error:
        out.append(f"--of: {error}")
    if worlds is not None:
        out.append("--worlds: with --of the number of worlds follows from --points; leave it out")
    if points is not None and (points & (points - 1) or not LEAST_POINTS <= points <= MOST_POINTS):
        out.append(
            f"--points: must be a power of two, {LEAST_POINTS} to {MOST_POINTS:,}, not {points:,}"
        )
    return out


def _asked(
    above: float | None, below: float | None, top: float | None, bottom: float | None
) -> tuple[tuple[Side, float | None, float | None], list[str]]:
    """Side, threshold and share that say which sets are meant, and what is wrong with them."""
    given = {"--above": above, "--below": below, "--top": top, "--bottom": bottom}
    several = [option for option, value in given.items() if value is not None]
    if len(several) > 1:
        return ("above", None, None), [f"{several[1]}: give it or {several[0]}, not both"]
    problems = [
        f"{option}: must be a percentage between 0 and 100, not {value:g}"
        for option, value in (("--top", top), ("--bottom", bottom))
        if value is not None and not 0.0 < value < 100.0
    ]
    side: Side = "above" if below is None and bottom is None else "below"
    share = top if bottom is None else bottom
    threshold = above if below is None else below
    return (side, threshold, None if share is None else share / 100.0), problems


def _read(
    scenario: str, against: str | None, settings: Sequence[str], troubles: Sequence[str]
) -> list[Scenario]:
    """The scenario, and the one it is held against."""
    read = read_scenarios([scenario, *([against] if against else [])], settings, troubles)
    if against is None:
        return read
    first, other = read
    problems = []
    if first.name == other.name:
        problems.append(f"--against: {against} is the scenario itself, so nothing differs")
    if (first.start, first.months) != (other.start, other.months):
        problems.append(
            f"--against: {against} runs from {other.start} to {other.end}, {scenario} from "
            f"{first.start} to {first.end}; only the same months can be compared"
        )
    if problems:
        raise BadInput(problems)
    return read


def _from_runs(
    read: Sequence[Scenario],
    names: Sequence[str],
    numbers: Numbers,
    results: Path,
    when: When,
) -> list[Document]:
    from sim.analysis.sensitivity import sensitivity as rank

    return _by_outcome(
        read, names, numbers, results, when, lambda source: rank(source, numbers.seed).document()
    )


def _by_outcome(
    read: Sequence[Scenario],
    names: Sequence[str],
    numbers: Numbers,
    results: Path,
    when: When,
    find: Callable[[BySet], Document],
) -> list[Document]:
    """What is found of each outcome in stored runs, or everything that is wrong with any."""
    from sim.analysis.by_set import BySetError, by_set
    from sim.analysis.compare import pair
    from sim.analysis.outcomes import OutcomeError, outcome
    from sim.ensemble.levels import check_keep
    from sim.ensemble.recording import layout

    problems = []
    for name in names:
        try:
            outcome(layout(check_keep(numbers.keep)), name)
        except OutcomeError as error:
            problems.append(f"--outcome: {error}")
    if problems:
        raise BadInput(problems)
    runs: Comparison = pair([run.dataset for run in fetch_all(read, numbers, results)], read)
    found = []
    for name in names:
        try:
            found.append(find(by_set(runs.datasets[0], name, when, *runs.datasets[1:])))
        except BySetError as error:
            problems.append(str(error))
    if problems:
        raise BadInput(problems)
    return found


def _designed(
    read: Sequence[Scenario],
    names: Sequence[str],
    of: Sequence[str],
    points: int,
    numbers: Numbers,
    when: When,
) -> list[Document]:
    from sim.analysis.by_set import BySetError
    from sim.analysis.designed import designed, factors
    from sim.analysis.outcomes import OutcomeError
    from sim.cli.terminal import progress_bars

    scenario, *other = read
    try:
        with progress_bars() as bars, executor_for(numbers, read, bars.say) as executor:
            announce(numbers, bars.say)
            found = designed(
                scenario,
                names,
                factors(list(dict.fromkeys(of)), read),
                points,
                numbers.seed,
                when=when,
                against=other[0] if other else None,
                engine=cast("Engine", numbers.engine),
                executor=executor,
                progress=bars.of(scenario.title),
            )
    except OutcomeError as error:
        raise BadInput([f"--outcome: {error}"]) from None
    except BySetError as error:
        raise BadInput(str(error).splitlines()) from None
    return [one.document() for one in found]


def _option(word: str, values: Sequence[str]) -> list[str]:
    return [part for value in values for part in (word, value)]


def _of_runs(numbers: Numbers) -> list[str]:
    """Options that make the same runs again."""
    words = ["--worlds", str(numbers.worlds), "--seed", str(numbers.seed)]
    words += ["--draws", str(numbers.draws)] if numbers.draws != DRAWS else []
    return words + (["--keep", numbers.keep] if numbers.keep != DEFAULT_KEEP else [])


def _common(
    read: Sequence[Scenario], when: str, worlds: int, seed: int, words: Sequence[str]
) -> Document:
    """What both documents begin with."""
    from sim import __version__

    scenario, *other = read
    return {
        "fulcrum": __version__,
        "command": shlex.join(words),
        "scenario": scenario.name,
        "title": scenario.title,
        "against": other[0].name if other else None,
        "against_title": other[0].title if other else None,
        "when": when,
        "month": f"{scenario.end}-01",
        "worlds": worlds,
        "seed": seed,
    }


def _hand_out(
    what: str,
    told: Document,
    read: Sequence[Scenario],
    results: Path,
    as_json: bool,
    open_report: bool,
) -> None:
    """Keeps the document and its page, and says what came out."""
    from sim.cli.hinge_terminal import print_discovery, print_sensitivity
    from sim.cli.terminal import print_places
    from sim.ensemble.identity import digest
    from sim.ensemble.manifest import write_whole
    from sim.report.hinge import discovery_page, sensitivity_page

    made_from = [told["command"], *(scenario.effective() for scenario in read)]
    folder = results / f"{what}-{digest(made_from)[:12]}"
    report = folder / "report.html"
    pages: Mapping[str, tuple[Callable[[Document], str], Callable[[Document], None]]] = {
        "sensitivity": (sensitivity_page, print_sensitivity),
        "discover": (discovery_page, print_discovery),
    }
    page, show = pages[what]
    document = {"report": str(report), **told}
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)
        write_whole(folder / f"{what}.json", text + "\n")
        write_whole(report, page(document))
        list_results(results)
    if as_json:
        print_json(document)
    else:
        show(document)
        print_places([("Numbers", folder / f"{what}.json"), ("Report ", report)])
    show_report(report, open_report)
