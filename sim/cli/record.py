"""Commands that hold the model against the record."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from sim.cli.commands import app, print_json, say_notes, show_report
from sim.cli.engines import announce, executor_for
from sim.cli.inputs import BadInput, Numbers, obstacle, read_scenarios
from sim.cli.options import (
    DRAWS,
    HERE,
    SEED,
    WORLDS,
    AsJson,
    Draws,
    EngineName,
    Open,
    Results,
    Seed,
    Settings,
    Workers,
    Worlds,
)
from sim.cli.pages import list_results, writing
from sim.scenario.month import Month
from sim.scenario.problems import Problem, ScenarioError

if TYPE_CHECKING:
    from sim.analysis.backtest import Backtest
    from sim.analysis.observed import Record, Span
    from sim.kernel import Engine
    from sim.scenario import Scenario

RECORDED = "invasion_2022"
"""The scenario that covers the record."""
MOST_NOTES = 5
"""Series that do not count, up to which each is named on the terminal."""

FacedScenario = Annotated[
    str,
    typer.Argument(metavar="[SCENARIO]", help="A file, or the name of one in scenarios/."),
]
Observed = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Score these figures, a CSV file like seeds/history.csv, instead of the record's.",
    ),
]
First = Annotated[
    str | None,
    typer.Option("--from", metavar="YYYY-MM", help="First month scored; 2023-07 unless given."),
]
Last = Annotated[
    str | None,
    typer.Option("--to", metavar="YYYY-MM", help="Last month scored; 2023-11 unless given."),
]


@app.command()
def backtest(
    scenario: FacedScenario = RECORDED,
    first: First = None,
    last: Last = None,
    observed: Observed = None,
    worlds: Worlds = WORLDS,
    seed: Seed = SEED,
    draws: Draws = DRAWS,
    workers: Workers = 1,
    engine: EngineName = "numpy",
    settings: Settings = None,
    results: Results = HERE,
    as_json: AsJson = False,
    open_report: Open = False,
) -> None:
    """Score a scenario against what was observed, with naive forecasts beside it."""
    from sim.analysis.scores import ScoringMissingError, check_scoring

    numbers = Numbers(worlds, seed, draws, workers, engine)
    troubles: list[Problem | str] = [*numbers.problems(), *obstacle(results)]
    try:
        check_scoring()
    except ScoringMissingError as error:
        troubles.append(f"backtest: {error}")
    record, misread = _read_record(observed)
    window, mistaken = _window(record, first, last)
    chosen, unread = _read_covering(scenario, settings or [], window)
    problems = [*troubles, *misread, *mistaken, *unread]
    if problems or record is None or window is None or chosen is None:
        raise BadInput(problems)
    if mismatches := _mismatches(chosen, record, window, first is not None):
        raise BadInput(mismatches)
    say_notes([chosen])
    if len(record.notes) > MOST_NOTES:
        told = f"{len(record.notes)} of its series do not count; the report names them"
        typer.echo(f"{observed}: {told}", err=True)
    else:
        for note in record.notes:
            typer.echo(f"{observed}: {note}", err=True)
    found = _score(chosen, record, window, numbers)
    words = ["fulcrum", "backtest", scenario]
    words += ["--from", str(window.first), "--to", str(window.last)]
    words += ["--observed", str(observed)] if observed else []
    words += ["--worlds", str(worlds), "--seed", str(seed)]
    words += ["--draws", str(draws)] if draws != DRAWS else []
    for setting in settings or []:
        words += ["--set", setting]
    _hand_out(found, shlex.join(words), results, as_json, open_report)


def _score(scenario: Scenario, record: Record, window: Span, numbers: Numbers) -> Backtest:
    from sim.analysis.backtest import backtest as score
    from sim.cli.terminal import progress_bars

    with progress_bars() as bars, executor_for(numbers, [scenario], bars.say) as executor:
        announce(numbers, bars.say)
        return score(
            scenario,
            record,
            window,
            numbers.worlds,
            numbers.seed,
            numbers.draws,
            engine=cast("Engine", numbers.engine),
            executor=executor,
            progress=bars.of,
        )


def _hand_out(
    found: Backtest, command: str, results: Path, as_json: bool, open_report: bool
) -> None:
    from sim.analysis.kept_backtest import SCORES, folder_name
    from sim.cli.record_document import backtest_document
    from sim.cli.record_terminal import print_backtest
    from sim.cli.terminal import print_places
    from sim.ensemble.identity import digest
    from sim.ensemble.manifest import write_whole
    from sim.report.record import write_backtest

    folder = results / folder_name(digest([command, found.scenario.effective()]))
    document = backtest_document(found, folder / "report.html", command)
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        scores = folder / SCORES
        text = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)
        write_whole(scores, text + "\n")
        report = write_backtest(found, folder / "report.html", command)
        list_results(results)
    if as_json:
        print_json(document)
    else:
        print_backtest(found)
        print_places([("Scores", scores), ("Report", report)])
    show_report(report, open_report)


def _read_record(figures: Path | None) -> tuple[Record | None, list[Problem]]:
    from sim.analysis.observed import load_record

    try:
        return load_record(figures), []
    except ScenarioError as error:
        return None, error.problems


def _window(
    record: Record | None, first: str | None, last: str | None
) -> tuple[Span | None, list[str]]:
    """The months that are scored, and what is wrong with them."""
    from sim.analysis.observed import Span, load_record

    usual = (record or load_record()).check
    problems = []
    ends = []
    for option, text, otherwise in (("--from", first, usual.first), ("--to", last, usual.last)):
        try:
            ends.append(otherwise if text is None else Month.parse(text))
        except ValueError as error:
            problems.append(f"{option}: {text}: {error}")
    if problems:
        return None, problems
    if ends[0] > ends[1]:
        return None, [f"--from: {ends[0]} is after --to, {ends[1]}; swap them"]
    return Span(ends[0], ends[1]), []


def _read_covering(
    named: str, settings: Sequence[str], window: Span | None
) -> tuple[Scenario | None, list[Problem | str]]:
    """The scenario, run on to the end of the window if it ends before."""
    from sim.scenario.settings import MOST_MONTHS

    try:
        [scenario] = read_scenarios([named], settings)
        if window is None or window.last <= scenario.end:
            return scenario, []
        if any(setting.partition("=")[0].strip() == "months" for setting in settings):
            message = f"the run ends in {scenario.end}, before --to, {window.last}; leave it out"
            return None, [f"--set: months: {message}"]
        needed = window.last - scenario.start + 1
        if needed > MOST_MONTHS:
            far = scenario.start + (MOST_MONTHS - 1)
            return None, [f"--to: {window.last} is out of reach of {named}, which can go to {far}"]
        return read_scenarios([named], [*settings, f"months={needed}"])[0], []
    except BadInput as bad:
        return None, bad.problems


def _mismatches(scenario: Scenario, record: Record, window: Span, given: bool) -> list[str]:
    """What keeps a scenario from being held against the record in a window.

    Args:
        scenario: the one.
        record: the other.
        window: months that are scored.
        given: whether the user said with which month it begins.
    """
    have = [
        p.period.last
        for s in record.series
        if s.name in record.scored
        for p in record.points[s.name]
    ]
    if window.first < scenario.start and not given:
        starts = f"{scenario.name} starts in {scenario.start}"
        if have and scenario.start > max(have):
            why = f"after the record ends ({max(have)}); {RECORDED} is the scenario for it"
            return [f"backtest: {starts}, {why}"]
        return [
            f"--from: {starts}, after the first month scored, {window.first}; give --from "
            f"{scenario.start}, or name {RECORDED}"
        ]
    if window.first < scenario.start:
        return [f"--from: {window.first} is before {scenario.name} starts, {scenario.start}"]
    if not any(record.within(series, window) for series in record.series):
        where = f"; the record has them from {min(have)} to {max(have)}" if have else ""
        return [f"--from: no figure that counts lies in {window}{where}"]
    return []
