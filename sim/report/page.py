"""The report of a comparison, or of one run, as one self-contained page."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xarray as xr

from sim.analysis.compare import Comparison, pair
from sim.ensemble.manifest import write_whole
from sim.report import origins, pieces, sections, single
from sim.report.aggregates import Digest, digest
from sim.report.document import document
from sim.report.figures import fan, medians
from sim.report.labels import month_words
from sim.report.markup import Content, Markup, el
from sim.report.moves import who_moves_what
from sim.report.odds import end_states, fifty_dots, forest
from sim.report.phrases import unit_words, varied_words
from sim.report.sentences import NOT_A_FORECAST, alt_ends, alt_fan, alt_forest, alt_medians, opening
from sim.report.tables import folded
from sim.report.theme import CONFIG, DARK, LIGHT, Json, template

if TYPE_CHECKING:
    from sim.scenario import Scenario

LEAD = "influence.belarus.russia"


def write_report(
    results: Comparison | xr.Dataset,
    path: str | os.PathLike[str],
    *,
    title: str | None = None,
    scenarios: Sequence["Scenario"] | None = None,
    command: str | None = None,
    numbers: Digest | None = None,
) -> Path:
    """Write the report of a comparison, or of one run, as one HTML file.

    Args:
        results: a comparison, or one run.
        path: file to write; replaced whole or not at all.
        title: heading; made from the scenarios' titles if not given.
        scenarios: what was run, in the order of the runs; taken from the comparison if not given.
        command: the command line that made the runs; worked out from the scenarios if not given.
        numbers: all that the page shows, where it is known already.

    Returns:
        The file written.

    Raises:
        ValueError: as many scenarios as runs are needed.
    """
    comparison = results if isinstance(results, Comparison) else pair([results])
    known = list(scenarios or [s for s in comparison.scenarios if s is not None])
    if known and len(known) != len(comparison.datasets):
        if scenarios:
            raise ValueError(f"{len(known)} scenarios for {len(comparison.datasets)} runs")
        known = []
    text = page(comparison, known, title, command, numbers or digest(comparison))
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    write_whole(target, text)
    return target


def page(
    comparison: Comparison,
    known: Sequence["Scenario"],
    title: str | None,
    command: str | None,
    numbers: Digest,
) -> str:
    """The whole document as text."""
    lead = LEAD if LEAD in numbers.views else next(iter(numbers.views))
    questions = [str(ds.attrs.get("question") or "") for ds in comparison.datasets]
    heading = title or _heading(numbers)
    main = el(
        "main",
        sections.summary(numbers, opening(numbers, numbers.views[lead], questions), questions),
        _body(comparison, known, numbers, lead, command),
        id="main",
    )
    header, footer = _header(heading, comparison, numbers), _footer(comparison)
    return document(heading, header, main, footer, charts(numbers, lead), "page.js")


def _body(
    comparison: Comparison,
    known: Sequence["Scenario"],
    numbers: Digest,
    lead: str,
    command: str | None,
) -> list[Content]:
    """Sections in the order of reading; one run gets a page made for one run."""
    moves = who_moves_what(numbers, lead)
    spread = sections.where_spread_comes_from(numbers)
    traced = _traced(comparison, known, command)
    if numbers.single:
        time, end = single.over_time(numbers, lead), single.how_it_ends(numbers, lead)
        return [time, moves, end, single.where_it_stands(numbers), spread, traced]
    rows = [(origins.input_label(path), cells) for path, cells in comparison.inputs_that_differ()]
    return [
        sections.what_differs(numbers, rows),
        sections.who_gains(numbers),
        sections.over_time(numbers, lead),
        moves,
        sections.how_it_ends(numbers, lead),
        spread,
        traced,
    ]


def _traced(comparison: Comparison, known: Sequence["Scenario"], command: str | None) -> Markup:
    """Section 10: claims and parameters with their origin, and how to make it all again."""
    titles = comparison.titles
    parts: list[Content] = [
        el("h3", "Make it again"),
        origins.reproduce(known, titles, comparison.datasets, comparison.baseline, command),
    ]
    if known:
        base = known[comparison.baseline]
        parts += [
            el("h3", "Where the numbers come from"),
            folded("The article’s claims", origins.claims(known, titles)),
            folded(
                "All parameters with their origin",
                origins.parameters(base, titles[comparison.baseline]),
            ),
        ]
    return pieces.section("origins", "Everything traceable", *parts)


def charts(numbers: Digest, lead: str) -> dict[str, Any]:
    """All pictures and their words, as data for the page's script."""
    views = {}
    forests = {}
    count = range(len(numbers.titles))
    for name, view in numbers.views.items():
        event = view.measure.event
        views[name] = _said_once(
            {
                "label": view.measure.label,
                "units": unit_words(view),
                "event": event,
                "places": [max(one.places, 0) for one in view.courses],
                "captions": pieces.band_words(numbers, view),
                "medians": None if numbers.single else medians(numbers, view),
                "mediansAlt": alt_medians(numbers, view),
                "fans": [fan(numbers, view, i) for i in count],
                "fansAlt": [alt_fan(numbers, view, i) for i in count],
                "dots": None if event else [fifty_dots(numbers, view, i) for i in count],
            },
            numbers.baseline,
        )
        if not numbers.single and not event:
            forests[name] = {
                when: {
                    "chart": forest(numbers, view, when),
                    "alt": alt_forest(numbers, view, when),
                }
                for when in ("final", "mean")
            }
    return {
        "months": numbers.months,
        "titles": numbers.titles,
        "baseline": numbers.baseline,
        "lead": lead,
        "templates": {"light": template(LIGHT), "dark": template(DARK)},
        "inks": {"light": LIGHT.ink, "dark": DARK.ink},
        "papers": {"light": LIGHT.paper, "dark": DARK.paper},
        "config": CONFIG,
        "views": views,
        "forests": forests,
        "ends": [{"chart": end_states(numbers, i), "alt": alt_ends(numbers, i)} for i in count],
    }


def _said_once(view: Json, baseline: int) -> Json:
    """One outcome's charts, with the lines that are in several of them kept in one."""
    for chart in view["fans"]:
        for trace in chart["data"]:
            if trace["meta"] == "baseline":
                trace["y"] = f"$middle:{baseline}"
    for trace in view["medians"]["data"] if view["medians"] else []:
        if "lines" in trace["mode"]:
            trace["y"] = f"$middle:{trace['name']}"
    return view


def _heading(numbers: Digest) -> str:
    if numbers.single:
        return numbers.titles[0]
    if len(numbers.titles) > 3:
        return f"{len(numbers.others)} scenarios against “{numbers.titles[numbers.baseline]}”"
    return " · ".join(numbers.titles)


def _header(heading: str, comparison: Comparison, numbers: Digest) -> Markup:
    first = comparison.datasets[0].attrs
    span = f"{month_words(numbers.months[0])} to {month_words(numbers.months[-1])}"
    facts = [
        f"{numbers.worlds:,} worlds{'' if numbers.single else ' a scenario'}",
        varied_words(numbers),
        f"seed {first.get('seed')}",
        span,
        f"Fulcrum {first.get('fulcrum_version', '')}".strip(),
    ]
    theme = pieces.switch(
        "theme", "Theme", [("system", "System"), ("light", "Light"), ("dark", "Dark")]
    )
    links = [("summary", "Summary")]
    if not numbers.single:
        links += [("inputs", "What differs"), ("differences", "Who gains")]
    links.append(("time", "Over time"))
    if all(numbers.moves):
        links.append(("moves", "Who moves what"))
    links.append(("ends", "How it ends"))
    if numbers.single:
        links.append(("levels", "Where it stands"))
    links.append(("spread", "Unknown or chance"))
    links += [("origins", "Origins")]
    items = [el("li", el("a", words, href=f"#{target}")) for target, words in links]
    return el(
        "header",
        el("div", el("span", "Fulcrum", class_="brand"), theme, class_="row"),
        el("h1", heading),
        el("p", " · ".join(facts), class_="facts"),
        el("nav", el("ul", items), aria_label="Sections"),
    )


def _footer(comparison: Comparison) -> Markup:
    version = comparison.datasets[0].attrs.get("fulcrum_version", "")
    return el(
        "footer",
        el(
            "p",
            f"Made by Fulcrum {version}. {NOT_A_FORECAST} Nothing on this page "
            "is loaded from or sent to anywhere.",
        ),
    )
