"""The commands of `fulcrum`. Each reads, does one thing, and says what came out.

Exit status: 0 done, 1 failed, 2 bad input, 130 stopped by the user.
"""

from __future__ import annotations

import io
import json
import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from sim import __version__
from sim.cli.engines import compile_for, executor_for, simulate_with
from sim.cli.inputs import BadInput, Numbers, obstacle, pick_baseline, read_scenarios
from sim.cli.options import (
    DRAWS,
    HERE,
    SEED,
    UNTIL_WORLDS,
    WORLDS,
    AsJson,
    Draws,
    EngineName,
    FigureFormat,
    Figures,
    KeepWhat,
    ManyScenarios,
    MostWorlds,
    OneScenario,
    Open,
    Results,
    Scheduler,
    Seed,
    Settings,
    Until,
    VaryWhat,
    Workers,
    Worlds,
)
from sim.cli.pages import (
    check_figures,
    draw_figures,
    list_results,
    reasons_of,
    where_it_holds,
    writing,
)
from sim.cli.until import read_conditions, run_until, until_document
from sim.ensemble.levels import DEFAULT_KEEP, check_keep
from sim.ensemble.store import BATCH, Store
from sim.ensemble.trouble import Interrupted, StoreError, UnusableError
from sim.scenario.problems import listing, printable

if TYPE_CHECKING:
    from sim.ensemble.store import StoredRun
    from sim.scenario import Scenario

DONE, FAILED, BAD_INPUT, STOPPED = 0, 1, 2, 130

_NOTHING_KEPT = "Stopped. Nothing is kept; the same command starts over."
_STOPPED: Mapping[str | None, str] = {
    "influence": _NOTHING_KEPT,
    "backtest": _NOTHING_KEPT,
    "explore": "Stopped.",
    "warm-up": "Stopped. Code that is compiled is kept; the same command goes on from there.",
}
"""What is said of a command that was stopped outside of a run that is kept, where the rule, that
finished runs are kept, does not hold."""

# Typer carries its own copy of the error that a mistyped option raises: the parent of this one.
_UsageError: type[Exception] = typer.BadParameter.__mro__[1]


class Commands(TyperGroup):
    """All commands, with one way of saying what went wrong: a line per problem, no traceback."""

    def main(self, *args: Any, **options: Any) -> Any:  # noqa: ANN401 - as in the base class
        """Runs a command line and leaves with its exit status."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")
        alone = options.get("standalone_mode", True)
        options["standalone_mode"] = False
        if not alone:
            return super().main(*args, **options)
        try:
            status = super().main(*args, **options)
        except _UsageError as error:
            context: typer.Context | None = getattr(error, "ctx", None)
            where = context.command_path if context else "fulcrum"
            message = getattr(error, "format_message", error.__str__)()
            say(printable(f"{where}: {' '.join(message.split())}"))
            status = BAD_INPUT
        sys.exit(status or DONE)

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - as in the base class
        """Runs a command and turns what can go wrong into lines and a status."""
        try:
            return super().invoke(ctx)
        except BadInput as error:
            say(*error.lines)
            raise typer.Exit(BAD_INPUT) from None
        except UnusableError as error:
            say(f"--results: {error}")
            raise typer.Exit(BAD_INPUT) from None
        except StoreError as error:
            say(str(error))
            raise typer.Exit(FAILED) from None
        except Interrupted as stopped:
            say(_stopped_words(stopped))
            raise typer.Exit(STOPPED) from None
        except KeyboardInterrupt:
            say(_STOPPED.get(ctx.invoked_subcommand, "Stopped. Finished runs are kept."))
            raise typer.Exit(STOPPED) from None


def _stopped_words(stopped: Interrupted) -> str:
    """What is kept of a run that the user stopped."""
    if not stopped.kept:
        return (
            f"Stopped. Of {stopped.worlds:,} worlds of {stopped.run} nothing is kept yet: worlds "
            f"are put away up to {BATCH:,} at a time; the same command starts this run over."
        )
    return (
        f"Stopped. Of {stopped.worlds:,} worlds of {stopped.run}, {stopped.kept:,} are kept; the "
        "same command goes on from there."
    )


app = typer.Typer(
    name="fulcrum",
    cls=Commands,
    help="Who moves whom in the Russia-Ukraine war, and Belarus's part in it: scenarios in, "
    "distributions over possible histories out. It explores an argument; it does not forecast.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(invoke_without_command=True)
def _fulcrum(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        typer.echo(f"fulcrum {__version__}")
        raise typer.Exit(DONE)
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command()
def run(
    scenario: OneScenario,
    worlds: MostWorlds = None,
    until: Until = None,
    vary: VaryWhat = "both",
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
    """Simulate one scenario and write its report."""
    if worlds is None:
        worlds = UNTIL_WORLDS if until else WORLDS
    numbers = Numbers(worlds, seed, draws, workers, engine, vary, scheduler, keep)
    conditions, misread = read_conditions(until or [], keep)
    troubles = [*numbers.problems(), *misread, *obstacle(results)]
    read = read_scenarios([scenario], settings or [], troubles)
    say_notes(read)
    if conditions:
        stored, steps = run_until(
            lambda count: fetch_all(read, replace(numbers, worlds=count), results)[0],
            conditions,
            worlds,
            draws,
            say,
        )
        numbers = replace(numbers, worlds=steps[-1].worlds)
    else:
        [stored], steps = fetch_all(read, numbers, results), []

    from sim.analysis.compare import pair
    from sim.report import write_report
    from sim.report.aggregates import digest

    comparison = pair([stored.dataset], read)
    shown = digest(comparison)
    command = _command("run", [scenario], numbers, settings or [])
    told = reasons_of(comparison, shown, numbers, say)
    with writing(stored.path):
        report = write_report(
            comparison,
            stored.report_path,
            scenarios=read,
            command=command,
            numbers=shown,
            reasons=told,
            verdicts=where_it_holds(results),
        )
        list_results(results)
    if as_json:
        from sim.cli.documents import run_document

        document = run_document(stored, report, shown.moves[0])
        if steps:
            document["until"] = until_document(steps, worlds)
        print_json(document)
    else:
        from sim.cli.terminal import print_places, print_run

        print_run(shown, read[0].question)
        print_places([("Run   ", stored.path), ("Report", report)])
    show_report(report, open_report)


@app.command()
def compare(
    scenarios: ManyScenarios,
    baseline: Annotated[
        str | None,
        typer.Option(metavar="SCENARIO", help="Compare with this one; the first unless given."),
    ] = None,
    worlds: Worlds = WORLDS,
    vary: VaryWhat = "both",
    keep: KeepWhat = DEFAULT_KEEP,
    seed: Seed = SEED,
    draws: Draws = DRAWS,
    workers: Workers = 1,
    scheduler: Scheduler = None,
    engine: EngineName = "numpy",
    settings: Settings = None,
    results: Results = HERE,
    figures: Figures = None,
    form: FigureFormat = None,
    as_json: AsJson = False,
    open_report: Open = False,
) -> None:
    """Simulate scenarios and compare them world by world."""
    numbers = Numbers(worlds, seed, draws, workers, engine, vary, scheduler, keep)
    troubles = [*numbers.problems(), *obstacle(results), *check_figures(figures, form)]
    read = read_scenarios(scenarios, settings or [], troubles)
    chosen = pick_baseline(scenarios, read, baseline)
    say_notes(read)
    runs = fetch_all(read, numbers, results)

    from sim.analysis.compare import pair
    from sim.cli.documents import keep_comparison
    from sim.report import write_report
    from sim.report.aggregates import digest

    comparison = pair([stored.dataset for stored in runs], read, chosen)
    shown = digest(comparison)
    command = _command("compare", scenarios, numbers, settings or [], baseline)
    why = reasons_of(comparison, shown, numbers, say)
    with writing(results):
        holds = where_it_holds(results)
        folder = keep_comparison(results, comparison, runs, command)
        report = write_report(
            comparison,
            folder / "report.html",
            scenarios=read,
            command=command,
            numbers=shown,
            reasons=why,
            verdicts=holds,
        )
        list_results(results)
    drawn = [] if figures is None else draw_figures(shown, figures, form, command, [why, holds])
    if as_json:
        from sim.cli.documents import compare_document

        document = compare_document(comparison, runs, report, shown.moves)
        if figures is not None:
            document["figures"] = [str(file) for file in drawn]
        print_json(document)
    else:
        from sim.cli.terminal import print_comparison, print_places

        print_comparison(shown, [scenario.question for scenario in read])
        print_places([("Report ", report), *([("Figures", figures)] if figures else [])])
    show_report(report, open_report)


@app.command("warm-up")
def warm_up(
    scenarios: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SCENARIO...]", help="Scenarios to be ready for; status_quo."),
    ] = None,
) -> None:
    """Compile what `--engine numba` needs, so that no run and no influence of them waits for it.

    Scenarios with other claims or stand-ins may need more.
    """
    from sim.cli.terminal import progress_bars

    read = read_scenarios(
        scenarios or ["status_quo"], [], Numbers(1, SEED, DRAWS, engine="numba").problems()
    )
    with progress_bars() as bars:
        folder, pieces = compile_for(
            read, bars.say, bars.count("Pieces of code compiled"), influence=True
        )
    names = listing([scenario.name for scenario in read], "and")
    typer.echo(
        f"ready for runs of {names} and for influence in them, over all pairs; {pieces} pieces of "
        f"code compiled now; kept in {folder}"
    )


def fetch_all(scenarios: Sequence[Scenario], numbers: Numbers, results: Path) -> list[StoredRun]:
    """Runs of scenarios, from what is kept and what has to be simulated, with progress."""
    from sim.cli.terminal import progress_bars
    from sim.draws import check_vary

    with progress_bars() as bars, executor_for(numbers, scenarios, bars.say) as executor:
        simulate = simulate_with(numbers, bars.say)
        store = Store(results, simulate, executor=executor, notify=bars.say)
        return [
            store.fetch(
                scenario,
                numbers.worlds,
                numbers.seed,
                numbers.draws,
                bars.of(scenario.title),
                check_vary(numbers.vary),
                check_keep(numbers.keep),
            )
            for scenario in scenarios
        ]


def _command(
    verb: str,
    named: Sequence[str],
    numbers: Numbers,
    settings: Sequence[str],
    baseline: str | None = None,
) -> str:
    """The command line that makes the same report anywhere."""
    words = ["fulcrum", verb, *named]
    if baseline is not None:
        words += ["--baseline", baseline]
    words += ["--worlds", str(numbers.worlds), "--seed", str(numbers.seed)]
    if numbers.draws != DRAWS:
        words += ["--draws", str(numbers.draws)]
    if numbers.vary != "both":
        words += ["--vary", numbers.vary]
    if numbers.keep != DEFAULT_KEEP:
        words += ["--keep", numbers.keep]
    for setting in settings:
        words += ["--set", setting]
    return shlex.join(words)


def show_report(report: Path, wanted: bool) -> None:
    """Opens a report in a browser, if that is wanted."""
    if wanted:
        import webbrowser

        webbrowser.open(report.absolute().as_uri())


def say(*lines: str) -> None:
    """Lines for people, apart from what the command prints."""
    for line in lines:
        typer.echo(line, err=True)


def say_notes(scenarios: Sequence[Scenario]) -> None:
    """What the reader of a scenario should know about it, apart from what is printed."""
    say(*(f"{scenario.name}: {note}" for scenario in scenarios for note in scenario.notes))


def print_json(document: dict[str, Any]) -> None:
    """One JSON document on stdout."""
    typer.echo(json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False))
