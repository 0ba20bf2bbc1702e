"""The list of what is in a results folder, as one page beside the runs."""

from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from sim.ensemble.manifest import Manifest, write_whole
from sim.report.document import worlds_shown
from sim.report.markup import Content, Markup, el
from sim.report.tables import Row, table

NAME: Final = "index.html"
_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
)


def write_index(
    results: Path,
    runs: Sequence[tuple[Path, Manifest]],
    comparisons: Sequence[Mapping[str, Any]],
    answers: Sequence[Mapping[str, Any]] = (),
) -> Path:
    """Write the page, whole or not at all.

    Args:
        results: folder of all results.
        runs: their folders and what these say of themselves, latest first.
        comparisons: notes of comparisons with "path", "report", "scenarios", "baseline", "worlds",
            latest first.
        answers: notes of what else was asked with "report", "kind", "title", "about", "worlds",
            "command", latest first.

    Returns:
        The file written.
    """
    target = results / NAME
    write_whole(target, index_page(results, runs, comparisons, answers))
    return target


def index_page(
    results: Path,
    runs: Sequence[tuple[Path, Manifest]],
    comparisons: Sequence[Mapping[str, Any]],
    answers: Sequence[Mapping[str, Any]] = (),
) -> str:
    """The document as text; links are relative, so that the folder can be moved."""
    titles = {manifest.scenario: manifest.title for _, manifest in runs}
    main = el(
        "main",
        _section("comparisons", "Comparisons", _comparisons(results, comparisons, titles)),
        _section("runs", "Runs", _runs(results, runs)),
        _section("answers", "Answers to other questions", _answers(results, answers))
        if answers
        else None,
        id="main",
    )
    css = resources.files("sim.report").joinpath("assets", "page.css").read_text(encoding="utf-8")
    return "<!doctype html>\n" + el(
        "html",
        el(
            "head",
            el("meta", charset="utf-8"),
            Markup(f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'),
            el("meta", name="viewport", content="width=device-width, initial-scale=1"),
            el("meta", name="color-scheme", content="light dark"),
            el("title", "Results – Fulcrum"),
            el("style", Markup(css)),
        ),
        el(
            "body",
            el("header", el("div", el("span", "Fulcrum", class_="brand")), el("h1", "Results")),
            main,
            el("footer", el("p", "A model’s output, not a forecast.")),
        ),
        lang="en",
    )


def _section(identifier: str, title: str, content: Content) -> Markup:
    heading = el("h2", title, id=f"{identifier}-title")
    return el("section", heading, content, id=identifier, aria_labelledby=f"{identifier}-title")


def _comparisons(
    results: Path, comparisons: Sequence[Mapping[str, Any]], titles: Mapping[str, str]
) -> Content:
    if not comparisons:
        return el("p", "None yet: fulcrum compare makes one.")
    rows: list[Row] = []
    for told in comparisons:
        names = [str(name) for name in told["scenarios"]]
        base = str(told["baseline"])
        others = [titles.get(name, name) for name in names if name != base]
        link = _link(results, Path(told["report"]), ", ".join(others) or base)
        rows.append([link, titles.get(base, base), f"{told['worlds']:,}", Path(told["path"]).name])
    return table(
        "Reports of comparisons, latest first",
        ["Scenarios", "Against", "Worlds", "Folder"],
        rows,
        "text",
    )


def _answers(results: Path, answers: Sequence[Mapping[str, Any]]) -> Content:
    rows: list[Row] = []
    for told in answers:
        link = _link(results, Path(told["report"]), str(told["title"]))
        cells = [str(told["about"]), f"{told['worlds']:,}", str(told["command"])]
        rows.append([str(told["kind"]).capitalize(), link, *cells])
    return table(
        "Verdicts, back-tests, calibrations, sensitivity and discovery, latest first",
        ["Kind", "Page", "Of", "Worlds", "Made by"],
        rows,
        "text",
    )


def _runs(results: Path, runs: Sequence[tuple[Path, Manifest]]) -> Content:
    if not runs:
        return el("p", "None yet: fulcrum run makes one.")
    rows: list[Row] = []
    for folder, manifest in runs:
        report = folder / "report.html"
        there = folder.parent == results and report.is_file()
        name = _link(results, report, manifest.title) if there else manifest.title
        worlds = f"{manifest.worlds:,}" + ("" if manifest.complete else " so far")
        shown = worlds_shown(report) if there else None
        if shown is not None and shown != manifest.worlds:
            worlds += f"; report of {shown:,}"  # the run has grown for another command
        when = manifest.changed.replace("T", " ").removesuffix("+00:00")
        rows.append(
            [
                *(name, worlds, str(manifest.months), str(manifest.seed)),
                *(manifest.vary, manifest.level, when, folder.name),
            ]
        )
    head = ["Scenario", "Worlds", "Months", "Seed", "Varied", "Kept", "Changed (UTC)", "Folder"]
    note = "Runs, latest first; a title is a link where the run has a report of its own"
    return table(note, head, rows, "text")


def _link(results: Path, page: Path, words: str) -> Markup:
    try:
        place = page.relative_to(results)
    except ValueError:
        place = page
    return el("a", words, href=quote(place.as_posix()))
