"""Put the six hypotheses to the test, and rank the claims: run what is missing, judge, write."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from sim.cli.commands import app, print_json, say_notes, show_report
from sim.cli.engines import compile_for, executor_for
from sim.cli.inputs import BadInput, Numbers, obstacle, read_scenarios
from sim.cli.options import (
    DRAWS,
    HERE,
    SEED,
    WORLDS,
    AsJson,
    EngineName,
    Open,
    Results,
    Scheduler,
    Workers,
)
from sim.cli.pages import list_results
from sim.ensemble.trouble import StoreError
from sim.scenario.posteriors import PRIORS

if TYPE_CHECKING:
    from sim.analysis.thesis.design import Thesis
    from sim.kernel import Engine

type Row = tuple[str, ...]

BASE = "status_quo"
RUNS = "runs"
"""Folder of the runs of hypotheses and claims, within theirs."""


@app.command()
def thesis(
    scenario: Annotated[
        str | None,
        typer.Argument(
            metavar="[SCENARIO]", help=f"With --claims: of which they are taken out; {BASE}."
        ),
    ] = None,
    only: Annotated[
        str | None,
        typer.Option(metavar="H1,H3", help="These hypotheses; all unless given."),
    ] = None,
    claims: Annotated[
        bool,
        typer.Option(
            "--claims", help="Rank the claims by what each does to the outcomes of a scenario."
        ),
    ] = False,
    source: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="Parameters from here, as posterior_2023; verdicts stand on the priors.",
        ),
    ] = PRIORS,
    design: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Another design than seeds/thesis.yaml, whose verdicts count."
        ),
    ] = None,
    worlds: Annotated[
        int | None,
        typer.Option(metavar="N", help=f"With --claims: histories of each run; {WORLDS:,}."),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(metavar="S", help=f"With --claims: seed of all chance; {SEED}."),
    ] = None,
    workers: Workers = 1,
    scheduler: Scheduler = None,
    engine: EngineName = "numpy",
    results: Results = HERE,
    as_json: AsJson = False,
    open_page: Open = False,
) -> None:
    """Test H1 to H6 as fixed in advance: verdict, share of sets, error, where it flips."""
    problems = [*_unknown_source(source), *obstacle(results)]
    if claims:
        mine = {"--only": only, "--design": design, "--open": open_page or None}
        problems += [f"{option}: does not go with --claims" for option in _given(mine)]
        numbers = Numbers(
            WORLDS if worlds is None else worlds,
            SEED if seed is None else seed,
            DRAWS,
            workers,
            engine,
            scheduler=scheduler,
            keep="headline",
        )
        _rank(scenario or BASE, source, numbers, results, problems, as_json)
        return
    theirs = {"SCENARIO": scenario, "--worlds": worlds, "--seed": seed}
    problems += [
        f"{option}: goes with --claims; hypotheses have their own" for option in _given(theirs)
    ]
    _judge(
        only,
        source,
        design,
        Numbers(1, 1, 1, workers, engine, scheduler=scheduler),
        results,
        problems,
        as_json,
        open_page,
    )


def _given(options: Mapping[str, object]) -> list[str]:
    return [option for option, value in options.items() if value is not None]


def _unknown_source(source: str) -> list[str]:
    from sim.scenario.posteriors import sources
    from sim.scenario.problems import did_you_mean, listing

    known = sources()
    if source in known:
        return []
    hint = did_you_mean(source, known)
    return [f"--source: {source}: there is {listing(known, 'and')}{hint}"]


def _rank(
    named: str, source: str, numbers: Numbers, results: Path, problems: list[str], as_json: bool
) -> None:
    """Claims of a scenario in the order of what they do."""
    from sim.analysis.thesis.kept import FOLDER
    from sim.cli.claim_effects import print_claim_effects, rank_claims
    from sim.cli.documents import bytes_in
    from sim.cli.terminal import print_places

    settings = [] if source == PRIORS or problems else [f"parameters.source={source}"]
    [base] = read_scenarios([named], settings, [*problems, *numbers.problems()])
    say_notes([base])
    kept = results / FOLDER / RUNS
    found = rank_claims(base, numbers, "mean", kept)
    if as_json:
        asked = {"worlds": numbers.worlds, "draws": numbers.draws, "seed": numbers.seed}
        print_json({**asked, "source": source, **found.document()})
    else:
        print_claim_effects(found)
        print_places([(f"Runs ({bytes_in(kept) / 1e6:,.1f} MB, with those of hypotheses)", kept)])


def _judge(
    only: str | None,
    source: str,
    design: Path | None,
    numbers: Numbers,
    results: Path,
    problems: list[str],
    as_json: bool,
    open_page: bool,
) -> None:
    """Hypotheses, judged under a source of parameters."""
    from sim.analysis.thesis import bench, kept

    planned, misread = _planned(design)
    names, unknown = _chosen(only)
    problems = [*problems, *misread, *numbers.problems(), *unknown]
    if planned is None or problems:
        raise BadInput(problems)
    folder = results / kept.FOLDER
    new = _test(planned.under(source), names, numbers, folder)
    document = bench.merged(kept.read_document(results, source), new)
    page = _keep(results, document)
    beside, outdated = kept.beside(results, document)
    shown = {
        **document,
        "hypotheses": [one for one in document["hypotheses"] if one["id"] in names],
    }
    if as_json:
        told = [kept.in_brief(other) for other in beside]
        print_json({**shown, "beside": told, "report": str(page)})
    else:
        _print(shown, beside, outdated, page)
    show_report(page, open_page)


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

    with progress_bars() as bars:
        if numbers.engine == "numba":
            compile_for([planned.designs[names[0]].arm().scenario], bars.say)
        with executor_for(numbers, [], bars.say) as executor:
            runs = Runs(
                folder / RUNS,
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


def _keep(results: Path, document: dict[str, Any]) -> Path:
    """Writes a document, its page, and anew the pages of other sources beside it.

    Returns:
        The document's page.
    """
    from sim.analysis.thesis import kept
    from sim.ensemble.manifest import write_whole
    from sim.report.thesis import page

    folder, source = results / kept.FOLDER, document["source"]
    text = json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / kept.document_name(source), text + "\n")
        for one in (*kept.beside(results, document)[0], document):
            target = folder / kept.page_name(one["source"])
            write_whole(target, page(one, *kept.beside(results, one)))
        list_results(results)
    except OSError as error:
        raise StoreError(f"{folder}: cannot be written: {error.strerror or error}") from error
    return target


def _print(
    document: dict[str, Any], beside: Sequence[dict[str, Any]], outdated: Sequence[str], page: Path
) -> None:
    """The table of verdicts, and where they flip."""
    from sim.analysis.thesis.kept import by_name
    from sim.cli.terminal import print_names, print_places, print_words
    from sim.report.thesis_words import name_words, other_words, stand_words

    judged = [one for hypothesis in document["hypotheses"] for one in hypothesis["judged"]]
    others = [by_name(other) for other in beside]
    print_names(
        (
            "",
            "verdict",
            *(f"under {other['source']}" for other in beside),
            "sets that hit",
            "error",
            "median",
        ),
        [_row(one, [other.get(one["name"]) for other in others]) for one in judged],
        left=2 + len(beside),
    )
    told = [*judged, *(one for other in others for one in other.values())]
    if not all(one["firm"] for one in told):
        print_words("* 95 % intervals of shares reach another verdict")
    print_words(
        "Sets that hit are counted against all sets, undecided ones included; the error comes from "
        "sets alone. H3 also needs four of six structural variants. A model's output, not a "
        "forecast."
    )
    print_words(stand_words(document["source"]))
    for source in outdated:
        print_words(other_words(source))
    typer.echo()
    width = max(len(name_words(one)) for one in judged) + 2
    for one in judged:
        said = f"{one['label']}, {one['figure']['unit']}. {one['flips']['sentence']}"
        print_words(said, indent=width, first=name_words(one))
    print_places([("Page", page)])


def _row(one: dict[str, Any], others: Sequence[dict[str, Any] | None]) -> Row:
    from sim.report.thesis_words import figure_words, hits_words, name_words, verdict_words

    return (
        name_words(one),
        verdict_words(one),
        *("not yet run" if o is None else f"{verdict_words(o)}, {hits_words(o)}" for o in others),
        hits_words(one),
        f"{100 * one['error']:.1f} %",
        figure_words(one),
    )
