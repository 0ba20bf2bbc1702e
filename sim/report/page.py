"""The report of a comparison, or of one run, as one self-contained page."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xarray as xr

from sim.analysis.compare import Comparison, pair
from sim.ensemble.manifest import write_whole
from sim.report import families, matrix, origins, pieces, sections, single
from sim.report.aggregates import Digest, View, digest
from sim.report.document import document
from sim.report.figures import fan, medians
from sim.report.labels import LONG_MONTHS, month_words
from sim.report.markup import Content, Markup, el
from sim.report.moves import who_moves_what
from sim.report.numbers import worlds_words
from sim.report.odds import end_states, fifty_dots, forest
from sim.report.open_scales import scaled_to_open
from sim.report.partings import alt_gap, gap_chart, gap_places, gap_words, when_they_part
from sim.report.phrases import unit_words, varied_words
from sim.report.pieces import Part
from sim.report.rents import alt_rents, rents_and_influence, rents_chart
from sim.report.sentences import NOT_A_FORECAST, alt_ends, alt_fan, alt_forest, alt_medians, opening
from sim.report.tables import folded
from sim.report.theme import CONFIG, DARK, INKS, LIGHT, Json, template

if TYPE_CHECKING:
    from sim.scenario import Scenario

LEAD = "influence.belarus.russia"
SCRIPTS = ("state.js", "charts.js", "saving.js", "words.js", "page.js")
"""Parts of the page's script, in `assets`."""


def write_report(
    results: Comparison | xr.Dataset,
    path: str | os.PathLike[str],
    *,
    title: str | None = None,
    scenarios: Sequence["Scenario"] | None = None,
    command: str | None = None,
    numbers: Digest | None = None,
    deeds: Part | None = None,
    reasons: Part | None = None,
    verdicts: Part | None = None,
) -> Path:
    """Write the report of a comparison, or of one run, as one HTML file.

    Args:
        results: a comparison, or one run.
        path: file to write; replaced whole or not at all.
        title: heading; made from the scenarios' titles if not given.
        scenarios: what was run, in the order of the runs; taken from the comparison if not given.
        command: the command line that made the runs; worked out from the scenarios if not given.
        numbers: all that the page shows, where it is known already.
        deeds: the section that says what another path does otherwise, of a fork.
        reasons: the section that says why (section 8), where there is one.
        verdicts: the section that says where it holds (section 9), likewise.

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
    parts = [part for part in (reasons, verdicts) if part is not None]
    shown = numbers or digest(comparison)
    text = page(comparison, known, title, command, shown, parts, deeds)
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    write_whole(target, text)
    return target


def lead_of(numbers: Digest) -> str:
    """The outcome that a report leads with."""
    return LEAD if LEAD in numbers.views else next(iter(numbers.views))


def page(
    comparison: Comparison,
    known: Sequence["Scenario"],
    title: str | None,
    command: str | None,
    numbers: Digest,
    parts: Sequence[Part] = (),
    deeds: Part | None = None,
) -> str:
    """The whole document as text."""
    lead = lead_of(numbers)
    numbers = scaled_to_open(numbers, pieces.featured(numbers, lead)[0])
    questions = [str(ds.attrs.get("question") or "") for ds in comparison.datasets]
    heading = title or _heading(numbers)
    body = [
        *_body(comparison, numbers, lead, deeds),
        *parts,
        *_end(comparison, known, numbers, command),
    ]
    summary = sections.summary(numbers, opening(numbers, numbers.views[lead], questions), questions)
    return document(
        heading,
        _header(heading, comparison, numbers, body),
        el("main", summary, [part.content for part in body], id="main"),
        _footer(comparison),
        charts(comparison, numbers, lead, parts, heading),
        SCRIPTS,
        numbers.worlds,
    )


def _body(comparison: Comparison, numbers: Digest, lead: str, deeds: Part | None) -> list[Part]:
    """Sections in the order of reading, up to the reasons; one run gets a page made for one run."""
    shown, rest = pieces.featured(numbers, lead)
    pairs = matrix.who_moves_whom(numbers, shown, rest)
    moves = who_moves_what(numbers, lead)
    rents = None if numbers.lone else rents_and_influence(numbers, shown, rest)
    measures = families.four_measures(numbers)
    found: list[tuple[str, str, Markup | None]] = []
    if numbers.single:
        found += [
            ("time", "Over time", single.over_time(numbers, lead)),
            ("pairs", "Who moves whom", pairs),
            ("moves", "Which levers", moves),
            ("ends", "How it ends", single.how_it_ends(numbers, lead)),
            ("levels", "Where it stands", single.where_it_stands(numbers)),
        ]
    else:
        inputs = [(origins.input_label(path), row) for path, row in comparison.inputs_that_differ()]
        found += [
            ("inputs", "What differs", sections.what_differs(numbers, inputs)),
            *([(deeds.identifier, deeds.words, deeds.content)] if deeds else []),
            ("differences", "Who gains", sections.who_gains(numbers)),
            ("time", "Over time", sections.over_time(numbers, lead)),
            ("parting", "When they part", when_they_part(numbers, shown, rest)),
            ("pairs", "Who moves whom", pairs),
            ("moves", "Which levers", moves),
            ("ends", "How it ends", sections.how_it_ends(numbers, lead)),
        ]
    found += [
        ("rents", "Rents", rents),
        ("families", "Four measures", measures),
    ]
    return [Part(name, words, made) for name, words, made in found if made is not None]


def _end(
    comparison: Comparison, known: Sequence["Scenario"], numbers: Digest, command: str | None
) -> list[Part]:
    """What follows the reasons and the verdicts: where spread and numbers come from."""
    spread = Part("spread", "Unknown or chance", sections.where_spread_comes_from(numbers))
    traced = Part("origins", "Origins", _traced(comparison, known, command))
    return [traced] if numbers.lone else [spread, traced]


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


def charts(
    comparison: Comparison,
    numbers: Digest,
    lead: str,
    parts: Sequence[Part] = (),
    heading: str = "",
) -> dict[str, Any]:
    """All pictures and their words, as data for the page's script."""
    count = range(len(numbers.titles))
    views = {name: _view(numbers, view) for name, view in numbers.views.items()}
    forests = {
        name: {
            when: {"chart": forest(numbers, view, when), "alt": alt_forest(numbers, view, when)}
            for when in ("final", "mean")
        }
        for name, view in numbers.views.items()
        if not numbers.single and not view.measure.event
    }
    measures = families.page_data(numbers)
    for name in views.keys() & measures.keys():
        _refer(measures[name]["chart"], name)
    first = comparison.datasets[0].attrs
    source = (
        f"Fulcrum {first.get('fulcrum_version', '')}, {worlds_words(numbers.worlds)}, "
        f"seed {first.get('seed')}. {NOT_A_FORECAST}"
    )
    return {
        "heading": heading,
        "source": source,
        "months": numbers.months,
        "monthNames": LONG_MONTHS,
        "titles": numbers.titles,
        "baseline": numbers.baseline,
        "lead": lead,
        "lone": numbers.lone,
        "directions": [".".join(pair) for pair in families.pairs_told(numbers)] or [""],
        "templates": {"light": template(LIGHT), "dark": template(DARK)},
        "inks": {"light": LIGHT.ink, "dark": DARK.ink},
        "groundInks": INKS,
        "muted": {"light": LIGHT.muted, "dark": DARK.muted},
        "papers": {"light": LIGHT.paper, "dark": DARK.paper},
        "config": CONFIG,
        "views": views,
        "forests": forests,
        "ends": []
        if numbers.lone
        else [{"chart": end_states(numbers, i), "alt": alt_ends(numbers, i)} for i in count],
        "pairs": matrix.page_data(numbers),
        "cellLetters": matrix.CELL_LETTERS,
        "families": measures,
        "rents": [{"chart": rents_chart(numbers, i), "alt": alt_rents(numbers, i)} for i in count]
        if any(numbers.relations.rents) and not numbers.lone
        else [],
        "parts": {slot: one for part in parts for slot, one in part.charts.items()},
    }


def _view(numbers: Digest, view: View) -> Json:
    """One outcome's pictures and words."""
    count, event = range(len(numbers.titles)), view.measure.event
    several = not numbers.single
    gaps = [
        {**gap_chart(numbers, view, i), "places": gap_places(view.gaps[i])}
        if i in view.gaps
        else None
        for i in count
    ]
    captions = pieces.band_words(numbers, view)
    return _said_once(
        {
            "label": view.measure.label,
            "units": unit_words(view),
            "event": event,
            "places": [max(one.places, 0) for one in view.courses],
            "captions": captions | ({"gaps": gap_words(numbers, view)} if several else {}),
            "medians": medians(numbers, view) if several else None,
            "mediansAlt": alt_medians(numbers, view),
            "fans": [fan(numbers, view, i) for i in count],
            "fansAlt": [alt_fan(numbers, view, i) for i in count],
            "gaps": gaps,
            "gapsAlt": [alt_gap(numbers, view, i) if i in view.gaps else "" for i in count],
            "dots": None if event else [fifty_dots(numbers, view, i) for i in count],
        },
        numbers.baseline,
    )


def _said_once(view: Json, baseline: int) -> Json:
    """One outcome's charts, with the lines that are in several of them kept in one."""
    for chart in view["fans"]:
        for trace in chart["data"]:
            if trace["meta"] == "baseline":
                trace["y"] = f"$middle:{baseline}"
    if view["medians"]:
        _refer(view["medians"])
    return view


def _refer(chart: Json, name: str = "") -> None:
    """Puts references to the fans of an outcome, the chosen one unless named, for its lines."""
    of = f":{name}" if name else ""
    for trace in chart["data"]:
        if "lines" in trace["mode"]:
            trace["y"] = f"$middle:{trace['name']}{of}"
            if "customdata" in trace:
                trace["customdata"] = f"$bands:{trace['name']}{of}"


def _heading(numbers: Digest) -> str:
    if numbers.single:
        return numbers.titles[0]
    if len(numbers.titles) > 3:
        return f"{len(numbers.others)} scenarios against “{numbers.titles[numbers.baseline]}”"
    return " · ".join(numbers.titles)


def _header(heading: str, comparison: Comparison, numbers: Digest, body: Sequence[Part]) -> Markup:
    first = comparison.datasets[0].attrs
    span = f"{month_words(numbers.months[0])} to {month_words(numbers.months[-1])}"
    facts = [
        f"{worlds_words(numbers.worlds)}{'' if numbers.single else ' a scenario'}",
        varied_words(numbers),
        f"seed {first.get('seed')}",
        span,
        f"Fulcrum {first.get('fulcrum_version', '')}".strip(),
    ]
    theme = pieces.switch(
        "theme", "Theme", [("system", "System"), ("light", "Light"), ("dark", "Dark")]
    )
    links = [("summary", "Summary"), *((part.identifier, part.words) for part in body)]
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
