"""Put the six hypotheses to the test: run what is missing, judge, write the page."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from sim.cli.commands import app, print_json
from sim.cli.engines import compile_for, executor_for
from sim.cli.inputs import BadInput, Numbers, obstacle
from sim.cli.options import HERE, AsJson, EngineName, Open, Results, Scheduler, Workers
from sim.ensemble.trouble import StoreError

if TYPE_CHECKING:
    from sim.analysis.thesis.design import Thesis
    from sim.kernel import Engine

type Row = tuple[str, ...]


@app.command()
def thesis(
    only: Annotated[
        str | None,
        typer.Option(metavar="H1,H3", help="These hypotheses; all unless given."),
    ] = None,
    design: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Another design than seeds/thesis.yaml, whose verdicts count."
        ),
    ] = None,
    workers: Workers = 1,
    scheduler: Scheduler = None,
    engine: EngineName = "numpy",
    results: Results = HERE,
    as_json: AsJson = False,
    open_page: Open = False,
) -> None:
    """Test H1 to H6 as fixed in advance: verdict, share of sets, error, where it flips."""
    from sim.analysis.thesis import bench, kept

    planned, problems = _planned(design)
    numbers = Numbers(1, planned.seed if planned else 1, 1, workers, engine, scheduler=scheduler)
    names, unknown = _chosen(only)
    problems += [*numbers.problems(), *unknown, *obstacle(results)]
    if planned is None or problems:
        raise BadInput(problems)
    folder = results / kept.FOLDER
    new = _test(planned, names, numbers, folder)
    document = bench.merged(kept.read_document(results), new)
    page = _keep(folder, document)
    shown = {
        **document,
        "hypotheses": [one for one in document["hypotheses"] if one["id"] in names],
    }
    if as_json:
        print_json({**shown, "report": str(page)})
    else:
        _print(shown, page)
    if open_page:
        import webbrowser

        webbrowser.open(page.absolute().as_uri())


def _planned(design: Path | None) -> tuple[Thesis | None, list[str]]:
    """The designs, or why they cannot be used."""
    from ruamel.yaml.error import YAMLError

    from sim.analysis.thesis.design import DesignError, load_thesis
    from sim.scenario import ScenarioError

    try:
        return load_thesis(design), []
    except OSError as error:
        return None, [f"--design: {design}: cannot be read: {error.strerror or error}"]
    except YAMLError as error:
        return None, [f"--design: {design}: {' '.join(str(error).split())}"]
    except (DesignError, ScenarioError) as error:
        return None, [f"--design: {error}"]


def _chosen(only: str | None) -> tuple[list[str], list[str]]:
    """The hypotheses asked for, in their order, and lines about those that there are not."""
    from sim.analysis.thesis.bench import TESTS

    if only is None:
        return list(TESTS), []
    asked = [word.strip().upper() for word in only.split(",")]
    unknown = [
        f"--only: {word or 'nothing'}: there are {', '.join(TESTS)}"
        for word in asked
        if word not in TESTS
    ]
    return [name for name in TESTS if name in asked], unknown


def _test(planned: Thesis, names: list[str], numbers: Numbers, folder: Path) -> dict[str, Any]:
    """Runs and judges, with progress on the terminal."""
    from sim.analysis.thesis.bench import put_to_the_test
    from sim.analysis.thesis.runs import Runs
    from sim.cli.terminal import progress_bars
    from sim.scenario import load_scenario

    with progress_bars() as bars:
        if numbers.engine == "numba":
            compile_for([load_scenario(planned.designs[names[0]].scenario)], bars.say)
        with executor_for(numbers, [], bars.say) as executor:
            runs = Runs(
                folder / "runs",
                planned.seed,
                cast("Engine", numbers.engine),
                executor,
                bars.say,
                _rarely(bars.of("Hypotheses")),
            )
            return put_to_the_test(planned, names, runs)


def _rarely(tell: Callable[[int, int], None]) -> Callable[[int, int], None]:
    """Progress that never goes back: what is told by estimate may run ahead a little."""
    most = 0

    def told(done: int, total: int) -> None:
        nonlocal most
        most = max(most, done)
        tell(most, total)

    return told


def _keep(folder: Path, document: dict[str, Any]) -> Path:
    """Writes the document and its page; returns the page."""
    from sim.analysis.thesis.kept import DOCUMENT, PAGE
    from sim.ensemble.manifest import write_whole
    from sim.report.thesis import page

    text = json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / DOCUMENT, text + "\n")
        write_whole(folder / PAGE, page(document))
    except OSError as error:
        raise StoreError(f"{folder}: cannot be written: {error.strerror or error}") from error
    return folder / PAGE


def _print(document: dict[str, Any], page: Path) -> None:
    """The table of verdicts, and where they flip."""
    from sim.cli.terminal import print_names, print_places, print_words
    from sim.report.thesis_words import name_words

    judged = [one for hypothesis in document["hypotheses"] for one in hypothesis["judged"]]
    print_names(
        ("", "verdict", "sets that hit", "error", "median"), [_row(one) for one in judged], left=2
    )
    if not all(one["firm"] for one in judged):
        print_words("* 95 % intervals of shares reach another verdict")
    print_words(
        "Sets that hit are counted against all sets, undecided ones included; the error comes from "
        "sets alone. H3 also needs four of six structural variants. A model's output, not a "
        "forecast."
    )
    typer.echo()
    width = max(len(name_words(one)) for one in judged) + 2
    for one in judged:
        said = f"{one['label']}, {one['figure']['unit']}. {one['flips']['sentence']}"
        print_words(said, indent=width, first=name_words(one))
    print_places([("Page", page)])


def _row(one: dict[str, Any]) -> Row:
    from sim.report.thesis_words import figure_words, hits_words, name_words

    return (
        name_words(one),
        one["verdict"] + ("" if one["firm"] else " *"),
        hits_words(one),
        f"{100 * one['error']:.1f} %",
        figure_words(one),
    )
