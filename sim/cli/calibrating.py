"""The command that learns about parameters from the record."""

from __future__ import annotations

import json
import shlex
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from sim.cli.commands import app, print_json, say_notes, show_report
from sim.cli.engines import announce, executor_for
from sim.cli.inputs import BadInput, Numbers, obstacle, read_scenarios
from sim.cli.options import HERE, SEED, AsJson, EngineName, Open, Results, Seed, Settings, Workers
from sim.cli.pages import list_results, writing
from sim.cli.record import FacedScenario

if TYPE_CHECKING:
    from sim.analysis.backtest import Backtest
    from sim.analysis.calibration import Calibration
    from sim.analysis.observed import Record
    from sim.cli.terminal import Bars
    from sim.ensemble.executors import Executor
    from sim.kernel import Engine
    from sim.scenario import Scenario

WORLDS = 32_768
ACCEPT = 0.05
CHECKED = 1024
"""Worlds with which prior and posterior are held against the record."""


@app.command()
def calibrate(
    scenario: FacedScenario = "invasion_2022",
    worlds: Annotated[
        int, typer.Option(metavar="N", help="Worlds drawn from the priors, each with its own set.")
    ] = WORLDS,
    accept: Annotated[
        float, typer.Option(metavar="SHARE", help="Share of them that counts, the nearest ones.")
    ] = ACCEPT,
    name: Annotated[
        str, typer.Option(metavar="NAME", help="Of the source of parameters that is written.")
    ] = "posterior_2023",
    seed: Seed = SEED,
    workers: Workers = 1,
    engine: EngineName = "numpy",
    settings: Settings = None,
    results: Results = HERE,
    as_json: AsJson = False,
    open_report: Open = False,
) -> None:
    """Learn about parameters from the record to June 2023; check on the months after."""
    from sim.analysis.observed import load_record
    from sim.analysis.prior_worlds import PART
    from sim.analysis.scores import ScoringMissingError, check_scoring

    numbers = Numbers(worlds, seed, 1, workers, engine)
    troubles = [*numbers.problems(), *obstacle(results)]
    if worlds % PART or worlds < 2 * PART:
        troubles.append(f"--worlds: must be a multiple of {PART} from {2 * PART:,}, not {worlds:,}")
    if not 0 < accept <= 1:
        troubles.append(f"--accept: must be above 0 and at most 1, not {accept:g}")
    if not name.isidentifier():
        troubles.append(f"--name: {name}: write a word of letters, digits and _")
    try:
        check_scoring()
    except ScoringMissingError as error:
        troubles.append(f"calibrate: {error}")
    [chosen] = read_scenarios([scenario], settings or [], troubles)
    record = load_record()
    if problems := _out_of_reach(chosen, record):
        raise BadInput(problems)
    say_notes([chosen])
    words = ["fulcrum", "calibrate", scenario, "--worlds", str(worlds), "--accept", f"{accept:g}"]
    words += ["--name", name, "--seed", str(seed)]
    for setting in settings or []:
        words += ["--set", setting]
    found, checks = _learn(chosen, record, numbers, accept, results)
    _hand_out(found, checks, record, shlex.join(words), name, results, as_json, open_report)


def _out_of_reach(scenario: Scenario, record: Record) -> list[str]:
    """What keeps a scenario from being calibrated."""
    if scenario.start > record.fit.first or scenario.end < record.check.last:
        needed = f"{record.fit.first} to {record.check.last}"
        return [
            f"{scenario.name}: runs {scenario.start} to {scenario.end}; it has to cover {needed}"
        ]
    return []


def _learn(
    scenario: Scenario, record: Record, numbers: Numbers, accept: float, results: Path
) -> tuple[Calibration, dict[str, Backtest]]:
    from sim.analysis.calibration import calibrate as learn
    from sim.analysis.calibration import watched
    from sim.analysis.prior_worlds import prior_paths
    from sim.cli.terminal import progress_bars

    with progress_bars() as bars, executor_for(numbers, [scenario], bars.say) as executor:
        announce(numbers, bars.say)
        with writing(results):
            paths = prior_paths(
                scenario,
                numbers.worlds,
                numbers.seed,
                watched(record, scenario),
                record.fit.last,
                results,
                engine=cast("Engine", numbers.engine),
                executor=executor,
                progress=bars.of("worlds of the priors"),
            )
        found = learn(scenario, record, paths, numbers.seed, accept)
        return found, _check(found, record, numbers, executor, bars)


def _check(
    found: Calibration, record: Record, numbers: Numbers, executor: Executor, bars: Bars
) -> dict[str, Backtest]:
    """The record before and after the end of the fit, by priors and by posterior."""
    from sim.analysis.backtest import backtest

    after = replace(found.scenario, parameters={**found.scenario.parameters, **found.written})
    told = {}
    for source, scenario in (("priors", found.scenario), ("posterior", after)):
        for window in (record.fit, record.check):
            told[f"{source} {window}"] = backtest(
                scenario,
                replace(record, origins=()),
                window,
                CHECKED,
                numbers.seed,
                4,
                engine=cast("Engine", numbers.engine),
                executor=executor,
                progress=bars.of,
            )
    return told


def _hand_out(
    found: Calibration,
    checks: dict[str, Backtest],
    record: Record,
    command: str,
    name: str,
    results: Path,
    as_json: bool,
    open_report: bool,
) -> None:
    from sim.cli.calibration_document import (
        calibration_document,
        posterior_yaml,
        print_calibration,
        weights_csv,
    )
    from sim.cli.terminal import print_places
    from sim.ensemble.identity import digest
    from sim.ensemble.manifest import write_whole
    from sim.report.calibration import write_calibration

    folder = results / f"calibration-{digest([command, found.scenario.effective()])[:12]}"
    document: dict[str, Any] = calibration_document(found, checks, record, command)
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        source = folder / f"{name}.yaml"
        write_whole(source, posterior_yaml(found, record, command))
        write_whole(folder / "weights.csv", weights_csv(found))
        text = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)
        write_whole(folder / "calibration.json", text + "\n")
        report = write_calibration(found, checks, record, folder / "report.html", command)
        list_results(results)
    if as_json:
        print_json(document | {"folder": str(folder)})
    else:
        print_calibration(found, checks, record)
        numbers = folder / "calibration.json"
        print_places([("Source ", source), ("Numbers", numbers), ("Report ", report)])
    show_report(report, open_report)
