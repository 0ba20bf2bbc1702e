"""Commands on what is kept in the results folder: list it, hand it to other tools."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from sim.cli.commands import app, print_json
from sim.cli.inputs import BadInput, obstacle
from sim.cli.options import HERE, AsJson, Results
from sim.cli.pages import list_results, writing
from sim.cli.thesis import RUNS
from sim.ensemble.store import Store
from sim.ensemble.trouble import StoreError
from sim.scenario.problems import did_you_mean, listing

if TYPE_CHECKING:
    from sim.adapters.export import Form
    from sim.ensemble.manifest import Manifest


@app.command()
def runs(
    results: Results = HERE,
    html: Annotated[
        bool, typer.Option("--html", help="Write the list anew as index.html in that folder.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List what is in the results folder."""
    from sim.analysis.thesis.kept import FOLDER
    from sim.cli.answers import read_answers
    from sim.cli.documents import read_comparisons, runs_document
    from sim.cli.kept_terminal import print_answers, print_beside, print_runs
    from sim.cli.terminal import print_places

    if results.exists() and not results.is_dir():
        raise BadInput([f"--results: {results} is not a folder"])
    if html and results.exists():
        with writing(results):
            page = list_results(results)
        if not as_json:
            print_places([("List", page)])
            return
    found, comparisons = Store(results).runs(), read_comparisons(results)
    answers, beside = read_answers(results), results / FOLDER / RUNS
    if as_json:
        print_json(runs_document(found, comparisons, answers))
        return
    if found:
        print_runs(found, comparisons, beside=beside)
    else:
        typer.echo(f"no runs in {results}")
        print_beside(beside)
    print_answers(answers)


@app.command()
def export(
    run: Annotated[
        str,
        typer.Argument(metavar="RUN", help="A run's folder, or its name or how that begins."),
    ],
    to: Annotated[str, typer.Option(metavar="FORM", help="parquet, csv or netcdf.")],
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="File to write; named after the run unless given."),
    ] = None,
    results: Results = HERE,
    as_json: AsJson = False,
) -> None:
    """Write a run out for other tools: tables for pandas or R, netCDF for arrays."""
    from sim.adapters.export import FORMS, SUFFIXES, ExportError, missing
    from sim.adapters.export import export as write
    from sim.cli.terminal import print_places, progress_bars

    problems: list[str] = []
    if to not in FORMS:
        problems.append(f"--to: {to}: there are {', '.join(FORMS)}")
    elif lacking := missing(to):
        problems.append(f"--to: {lacking}")
    found = find_run(run, results, problems)
    if found is None or problems:
        raise BadInput(problems)
    folder, manifest = found
    form = cast("Form", to)
    file = out or Path(f"{folder.name}{SUFFIXES[form]}")
    if file.is_dir():
        raise BadInput([f"--out: {file} is a folder; name a file"])
    if not file.parent.is_dir():
        raise BadInput([f"--out: {file.parent}: there is no such folder"])
    if trouble := obstacle(file.parent):
        raise BadInput([line.replace("--results", "--out") for line in trouble])
    try:
        with progress_bars() as bars:
            files = write(
                folder / "worlds.zarr", manifest.worlds, form, file, bars.of(manifest.title)
            )
    except ExportError as error:
        raise BadInput([f"--to: {error}"]) from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise StoreError(f"{file}: cannot be written: {reason}") from error
    if as_json:
        from sim.cli.documents import export_document

        print_json(export_document(folder, manifest, form, files))
        return
    typer.echo(f"{manifest.worlds:,} worlds of {manifest.title}, {manifest.months} months")
    print_places(list(zip(("Written", "and    "), files, strict=False)))


def find_run(run: str, results: Path, problems: list[str]) -> tuple[Path, Manifest] | None:
    """The run that is meant, or None and a line that says why there is none."""
    from sim.ensemble.manifest import Manifest

    at = Path(run)
    kept = Manifest.read(at) if at.is_dir() else None
    if kept is not None:
        matches = [(at, kept)]
    else:
        settled = [one for one in Store(results).runs() if one[0].parent == results]
        names = [path.name for path, _ in settled]
        exact = [one for one in settled if one[0].name == run]
        matches = exact or [
            one for one in settled if one[0].name.startswith(run) or one[1].run.startswith(run)
        ]
        if not matches:
            problems.append(
                _no_run(run, results, settled)
                or f"{run}: no such run in {results}{did_you_mean(run, names)}"
            )
            return None
    if len(matches) > 1:
        several = ", ".join(path.name for path, _ in matches)
        problems.append(f"{run}: could be {several}; write more of the name")
        return None
    if not matches[0][1].worlds:
        problems.append(f"{run}: holds no worlds yet")
        return None
    return matches[0]


def _no_run(named: str, results: Path, settled: Sequence[tuple[Path, Manifest]]) -> str:
    """That a name means a comparison or an answer, and which runs it rests on; nothing if not."""
    from sim.cli.answers import read_answers
    from sim.cli.documents import read_comparisons

    name = Path(named).name

    def meant(entry: dict[str, Any]) -> bool:
        return Path(entry["path"]).name.startswith(name)

    if not name:
        return ""
    for one in filter(meant, read_comparisons(results)):
        held = [path.name for path, manifest in settled if manifest.run in one["runs"]]
        return (
            f"{named}: is a comparison, which has no worlds of its own; {_instead(held, results)}"
        )
    for one in filter(meant, read_answers(results)):
        held = [
            path.name
            for path, manifest in settled
            if manifest.title == one["title"] and manifest.worlds >= one["worlds"]
        ]
        what = f"{named}: is an answer ({one['kind']}), which has no worlds of its own"
        return f"{what}; {_instead(held, results)}"
    return ""


def _instead(held: Sequence[str], results: Path) -> str:
    """Which runs to name instead."""
    if not held:
        return f"no run that it rests on is in {results}"
    return f"name a run: {listing(held, 'or')}"
