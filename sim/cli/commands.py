"""The commands of `fulcrum`. Each reads, does one thing, and says what came out.

Exit status: 0 done, 1 failed, 2 bad input, 130 stopped by the user.
"""

from __future__ import annotations

import io
import json
import shlex
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from sim import __version__
from sim.cli.engines import compile_for, executor_for, simulate_with
from sim.cli.inputs import BadInput, Numbers, obstacle, pick_baseline, read_scenarios
from sim.ensemble.store import Interrupted, Store, StoreError, UnusableError
from sim.scenario.problems import printable

if TYPE_CHECKING:
    from sim.ensemble.store import StoredRun
    from sim.scenario import Scenario

DONE, FAILED, BAD_INPUT, STOPPED = 0, 1, 2, 130
SEED = 1
DRAWS = 4

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
            _say(printable(f"{where}: {' '.join(message.split())}"))
            status = BAD_INPUT
        sys.exit(status or DONE)

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - as in the base class
        """Runs a command and turns what can go wrong into lines and a status."""
        try:
            return super().invoke(ctx)
        except BadInput as error:
            _say(*error.lines)
            raise typer.Exit(BAD_INPUT) from None
        except UnusableError as error:
            _say(f"--results: {error}")
            raise typer.Exit(BAD_INPUT) from None
        except StoreError as error:
            _say(str(error))
            raise typer.Exit(FAILED) from None
        except Interrupted as stopped:
            _say(
                f"Stopped. Of {stopped.worlds:,} worlds of {stopped.run}, {stopped.kept:,} are "
                "kept; the same command goes on from there."
            )
            raise typer.Exit(STOPPED) from None
        except KeyboardInterrupt:
            _say("Stopped. Finished runs are kept.")
            raise typer.Exit(STOPPED) from None


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

OneScenario = Annotated[
    str, typer.Argument(metavar="SCENARIO", help="A file, or the name of one in scenarios/.")
]
ManyScenarios = Annotated[
    list[str],
    typer.Argument(metavar="SCENARIO...", help="Files, or names of those in scenarios/."),
]
Worlds = Annotated[int, typer.Option(metavar="N", help="Possible histories to simulate.")]
Seed = Annotated[int, typer.Option(metavar="S", help="Seed of all chance.")]
Draws = Annotated[int, typer.Option(metavar="N", help="Draws of chance per set of assumptions.")]
Workers = Annotated[int, typer.Option(metavar="N", help="Processes to share the worlds among.")]
Scheduler = Annotated[
    str | None,
    typer.Option(metavar="ADDR", help="A Dask cluster to compute them on, as tcp://host:8786."),
]
EngineName = Annotated[
    str,
    typer.Option(
        "--engine",
        metavar="NAME",
        help="numpy, or numba for compiled code: the same numbers, sooner.",
    ),
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Change a setting, as months=12; repeatable."),
]
Results = Annotated[Path, typer.Option(metavar="DIR", help="Folder of all results.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
Open = Annotated[bool, typer.Option("--open", help="Open the report in a browser.")]

HERE = Path("results")


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
    worlds: Worlds = 1000,
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
    numbers = Numbers(worlds, seed, draws, workers, engine, scheduler)
    troubles = [*numbers.problems(), *obstacle(results)]
    read = read_scenarios([scenario], settings or [], troubles)
    [stored] = _simulate(read, numbers, results)

    from sim.analysis.compare import pair
    from sim.report import write_report

    comparison = pair([stored.dataset], read)
    command = _command("run", [scenario], numbers, settings or [])
    with _writing(stored.path):
        report = write_report(comparison, stored.report_path, scenarios=read, command=command)
    if as_json:
        from sim.cli.documents import run_document

        _print_json(run_document(stored, report))
    else:
        from sim.cli.terminal import print_places, print_run
        from sim.report.aggregates import digest

        print_run(digest(comparison), read[0].question)
        print_places([("Run   ", stored.path), ("Report", report)])
    _show(report, open_report)


@app.command()
def compare(
    scenarios: ManyScenarios,
    baseline: Annotated[
        str | None,
        typer.Option(metavar="SCENARIO", help="Compare with this one; the first unless given."),
    ] = None,
    worlds: Worlds = 1000,
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
    """Simulate scenarios and compare them world by world."""
    numbers = Numbers(worlds, seed, draws, workers, engine, scheduler)
    troubles = [*numbers.problems(), *obstacle(results)]
    read = read_scenarios(scenarios, settings or [], troubles)
    chosen = pick_baseline(scenarios, read, baseline)
    runs = _simulate(read, numbers, results)

    from sim.analysis.compare import pair
    from sim.cli.documents import keep_comparison
    from sim.report import write_report

    comparison = pair([stored.dataset for stored in runs], read, chosen)
    command = _command("compare", scenarios, numbers, settings or [], baseline)
    with _writing(results):
        folder = keep_comparison(results, comparison, runs, command)
        report = write_report(comparison, folder / "report.html", scenarios=read, command=command)
    if as_json:
        from sim.cli.documents import compare_document

        _print_json(compare_document(comparison, runs, report))
    else:
        from sim.cli.terminal import print_comparison, print_places
        from sim.report.aggregates import digest

        print_comparison(digest(comparison), [scenario.question for scenario in read])
        print_places([("Report", report)])
    _show(report, open_report)


@app.command("warm-up")
def warm_up(
    scenarios: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SCENARIO...]", help="Scenarios to be ready for; status_quo."),
    ] = None,
) -> None:
    """Compile what `--engine numba` needs, so that no run waits for it."""
    read = read_scenarios(
        scenarios or ["status_quo"], [], Numbers(1, SEED, DRAWS, engine="numba").problems()
    )
    folder = compile_for(read, _say)
    typer.echo(f"ready; compiled code is kept in {folder}")


@app.command()
def validate(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Scenario files.")],
    settings: Settings = None,
    as_json: AsJson = False,
) -> None:
    """Check scenario files; every problem is one line."""
    from sim.cli.documents import validate_document

    try:
        read = read_scenarios(files, settings or [])
    except BadInput as bad:
        if as_json:
            _print_json(validate_document(bad.problems))
        raise
    _say_notes(read)
    if as_json:
        _print_json(validate_document([]))
    else:
        for name in files:
            typer.echo(f"{name}: good")


@app.command()
def show(file: OneScenario, settings: Settings = None, as_json: AsJson = False) -> None:
    """Print a scenario with every default written out."""
    [scenario] = read_scenarios([file], settings or [])
    _say_notes([scenario])
    if as_json:
        _print_json(scenario.effective())
    else:
        typer.echo(scenario.as_yaml(), nl=False)


@app.command()
def diff(
    a: Annotated[str, typer.Argument(metavar="A", help="A scenario, usually the baseline.")],
    b: Annotated[str, typer.Argument(metavar="B", help="Another scenario.")],
    as_json: AsJson = False,
) -> None:
    """Print the settings in which two scenarios differ."""
    from sim.scenario import diff as differences_of

    one, other = read_scenarios([a, b], [])
    found = differences_of(one, other)
    if as_json:
        from sim.cli.documents import diff_document

        _print_json(diff_document(one, other, found))
        return
    for difference in found:
        typer.echo(str(difference))
    if not found:
        typer.echo("no setting differs")


@app.command()
def schema() -> None:
    """Print the JSON Schema of scenario files."""
    from sim.scenario import json_schema

    _print_json(json_schema())


@app.command()
def claims(
    named: Annotated[
        list[str] | None,
        typer.Argument(metavar="[CLAIM...]", help="Such as C16; all unless given."),
    ] = None,
    parameter: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Go back from this parameter to where it comes from."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Walk from claims to numbers, code and verdicts, and back."""
    from sim.analysis.claims import ClaimError, chain, find_parameter, select, trace
    from sim.cli import terminal

    if named and parameter:
        raise BadInput(["claims: give claims or --parameter, not both"])
    try:
        told = trace(find_parameter(parameter)) if parameter else None
        chains = [] if parameter else [chain(claim) for claim in select(named or [])]
    except ClaimError as error:
        raise BadInput([f"claims: {error}"]) from None
    if as_json:
        _print_json({"parameter": told} if told else {"claims": chains})
    elif told:
        terminal.print_trace(told)
    elif named:
        terminal.print_chains(chains)
    else:
        terminal.print_claims(chains)


@app.command()
def runs(results: Results = HERE, as_json: AsJson = False) -> None:
    """List what is in the results folder."""
    from sim.cli.documents import read_comparisons, runs_document
    from sim.cli.terminal import print_runs

    if results.exists() and not results.is_dir():
        raise BadInput([f"--results: {results} is not a folder"])
    found, comparisons = Store(results).runs(), read_comparisons(results)
    if as_json:
        _print_json(runs_document(found, comparisons))
    elif found:
        print_runs(found, comparisons)
    else:
        typer.echo(f"no runs in {results}")


def _simulate(scenarios: Sequence[Scenario], numbers: Numbers, results: Path) -> list[StoredRun]:
    from sim.cli.terminal import progress_bars

    _say_notes(scenarios)
    with progress_bars() as bars, executor_for(numbers, scenarios, bars.say) as executor:
        simulate = simulate_with(numbers, bars.say)
        store = Store(results, simulate, executor=executor, notify=bars.say)
        return [
            store.fetch(
                scenario, numbers.worlds, numbers.seed, numbers.draws, bars.of(scenario.title)
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
    for setting in settings:
        words += ["--set", setting]
    return shlex.join(words)


@contextmanager
def _writing(place: Path) -> Iterator[None]:
    """Says what could not be written."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise StoreError(f"{error.filename or place}: cannot be written: {reason}") from error


def _show(report: Path, wanted: bool) -> None:
    if wanted:
        import webbrowser

        webbrowser.open(report.absolute().as_uri())


def _say(*lines: str) -> None:
    """Lines for people, apart from what the command prints."""
    for line in lines:
        typer.echo(line, err=True)


def _say_notes(scenarios: Sequence[Scenario]) -> None:
    _say(*(f"{scenario.name}: {note}" for scenario in scenarios for note in scenario.notes))


def _print_json(document: dict[str, Any]) -> None:
    typer.echo(json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False))
