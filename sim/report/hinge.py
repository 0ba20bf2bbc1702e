"""The pages of `fulcrum sensitivity` and `fulcrum discover`, made from what `--json` prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sim.report import box_figures, pieces
from sim.report import hinge_figures as figures
from sim.report.document import PLAIN, document
from sim.report.hinge_words import (
    NOT_ALLOWED_FOR,
    box_sentences,
    factor_sentence,
    factor_words,
    hinge_sentences,
    interest_words,
    limit_words,
    outcome_words,
    parameter_words,
    percent,
    plain,
    shown,
    typed_words,
    unit_words,
    way_words,
)
from sim.report.markup import Content, Markup, el
from sim.report.numbers import NOTHING, of_100
from sim.report.pieces import Pictures
from sim.report.sentences import NOT_A_FORECAST
from sim.report.tables import folded, table
from sim.report.theme import CONFIG, DARK, LIGHT, template

SHOWN: Final = 12
"""Parameters in the picture, unless more stand out."""
MOST_SHOWN: Final = 24
COURSES: Final = 6

type Told = Mapping[str, Any]

_SHARES: Final = (
    "Bars: the share of the spread between sets of assumptions that goes with a parameter by "
    "itself (first-order index), with its 95 % interval. Filled bars stand out. The dotted line is "
    "what the largest of as many parameters that do nothing reaches in 95 of 100 shuffles of the "
    "outcome."
)
_COURSES: Final = (
    "Mean outcome over the range of a parameter, in eight parts of equally many sets, with the "
    "95 % interval of each mean; everything else varies as it does. The dashed line is the mean of "
    "all sets. One scale for all."
)
_FACTORS: Final = (
    "Filled: the share of the spread between worlds that goes with a factor by itself. Hollow: the "
    "share that would be left if all else were known. The distance between them is what the factor "
    "does in concert with others. Lines: 95 % intervals, by bootstrap."
)
_LIMITS: Final = (
    "Thick: where in the range of a parameter the box lies. Thin lines: where its limit lies in "
    "90 of 100 random halves of the sets."
)
_WAY: Final = (
    "Each grey dot is a box on the way, from all sets at the lower right. Density is the share of "
    "sets inside that are cases of this kind, coverage the share of all such cases that are "
    "inside. The dashed line is the density of all sets. The diamond is what counts: boxes "
    "found in one half of the sets, held against the other half, which had no part in them."
)
_HOW_SHARES: Final = (
    "Each set of assumptions counts once, with the mean over its draws of chance. Shares are "
    "first-order indices estimated from the worlds as they are (EASI, Plischke 2010; bias after "
    "Tissot & Prieur 2012); intervals come from random halves of the sets (Shao & Wu 1989); what "
    "nothing shows, from shuffles (Westfall & Young 1993). Effects that show only together with "
    "another parameter are not seen: fulcrum sensitivity --of tells them."
)
_HOW_FACTORS: Final = (
    "Sobol indices from a design of Saltelli et al. 2010 over the factors, all other parameters as "
    "one factor, and chance as another, so that shares are of all of the variance."
)
_HOW_BOX: Final = (
    "The patient rule induction method (Friedman & Fisher 1999) on sets of assumptions, each with "
    "the mean over its draws of chance, as in scenario discovery (Bryant & Lempert 2010). Limits "
    "are looked for on the parameters that go most with the outcome, each by itself; limits that "
    "could be chance are dropped (quasi-p above 0.05). Quasi-p takes each limit by itself and does "
    "not allow for the search; the halves and the shuffles do."
)


def sensitivity_page(told: Told) -> str:
    """What outcomes hinge on, as a page.

    Args:
        told: what `fulcrum sensitivity --json` prints.
    """
    made = Pictures()
    designed = told["method"] == "designed"
    one_of_them = _factors if designed else _shares
    sections = [one_of_them(made, told, k, one) for k, one in enumerate(told["outcomes"])]
    how = _how(told, [_HOW_FACTORS if designed else _HOW_SHARES])
    return _page(f"What “{told['title']}” hinges on", told, made, [*sections, how])


def discovery_page(told: Told) -> str:
    """Under which assumptions an outcome comes about, as a page.

    Args:
        told: what `fulcrum discover --json` prints.
    """
    made = Pictures()
    [one] = told["outcomes"]
    sections = [_box(made, told, one), _how(told, [_HOW_BOX])]
    return _page(f"Under which assumptions: “{told['title']}”", told, made, sections)


def _page(heading: str, told: Told, made: Pictures, sections: Sequence[Markup]) -> str:
    numbers = {
        "months": [],
        "templates": {"light": template(LIGHT), "dark": template(DARK)},
        "colours": {
            palette.name: {"ink": palette.ink, "muted": palette.muted, "paper": palette.paper}
            for palette in (LIGHT, DARK)
        },
        "config": CONFIG,
        "charts": made.charts,
    }
    footer = el(
        "footer",
        el(
            "p",
            f"Made by Fulcrum {told['fulcrum']}. {NOT_A_FORECAST} Nothing on this page is loaded "
            "from or sent to anywhere.",
        ),
    )
    main = el("main", list(sections), id="main")
    return document(heading, _header(heading, told), main, footer, numbers, PLAIN)


def _header(heading: str, told: Told) -> Markup:
    theme = pieces.switch(
        "theme", "Theme", [("system", "System"), ("light", "Light"), ("dark", "Dark")]
    )
    facts = [
        *([f"difference from “{told['against_title']}”"] if told["against"] else []),
        f"{told['worlds']:,} worlds",
        f"seed {told['seed']}",
        f"Fulcrum {told['fulcrum']}",
    ]
    links = [(f"outcome-{k}", one["label"]) for k, one in enumerate(told["outcomes"])]
    links.append(("how", "How it was found"))
    items = [el("li", el("a", words, href=f"#{target}")) for target, words in links]
    return el(
        "header",
        el("div", el("span", "Fulcrum", class_="brand"), theme, class_="row"),
        el("h1", heading),
        el("p", " · ".join(facts), class_="facts"),
        el("nav", el("ul", items), aria_label="Sections"),
    )


def _shares(made: Pictures, told: Told, k: int, one: Told) -> Markup:
    rows = one["parameters"]
    standing = [row for row in rows if row["stands_out"]]
    most = rows[: min(max(SHOWN, len(standing)), MOST_SHOWN)]
    nothing = one["baseline_of_nothing"]
    first, *rest = hinge_sentences(one, told["when"])
    told_words = "; ".join(
        f"{parameter_words(row['parameter'])} {percent(row['share'])} %" for row in standing
    )
    body: list[Content] = [
        el("p", first.replace(" %", "\u00a0%"), class_="answer"),
        [el("p", words, class_="caveat") for words in rest],
        el("h3", "Shares of the spread"),
        el("p", _SHARES, class_="caption"),
        made.picture(
            f"shares:{k}",
            one["label"],
            figures.ranked(most, nothing),
            told_words or "No parameter stands out.",
        ),
    ]
    drawn = standing[:COURSES]
    if drawn:
        span = figures.span_of(drawn, one)
        body += [
            el("h3", f"How it moves ({_units(one)})"),
            el("p", _COURSES, class_="caption"),
            pieces.grid(
                [
                    made.picture(
                        f"course:{k}:{n}",
                        parameter_words(row["parameter"]),
                        figures.course(row, one, span),
                        f"Mean outcome {way_words(row['direction'])}.",
                    )
                    for n, row in enumerate(drawn)
                ]
            ),
        ]
    head = ["Parameter", "Share, %", "95 % interval", "p", "Outcome"]
    body.append(
        folded(
            f"All {len(rows)} parameters",
            table(
                "Shares of the spread between sets of assumptions; p allows for their number",
                head,
                [_share_row(row) for row in rows],
                "bars",
            ),
        )
    )
    return pieces.section(f"outcome-{k}", _title(told, one), *body)


def _share_row(row: Told) -> list[Content]:
    low, high = row["ci95"]
    return [
        _named(row["parameter"]),
        percent(row["share"]),
        f"{percent(low)} to {percent(high)}",
        f"{row['p']:.3f}",
        way_words(row["direction"]) if row["stands_out"] else NOTHING,
    ]


def _factors(made: Pictures, told: Told, k: int, one: Told) -> Markup:
    rows = one["factors"]
    words = "; ".join(
        f"{factor_words(row)} {percent(row['first'])} % by itself, {percent(row['total'])} % in all"
        for row in rows
    )
    head = ["Factor", "By itself, %", "95 % interval", "In all, %", "95 % interval"]
    body = [
        [
            factor_words(row),
            percent(row["first"]),
            " to ".join(map(percent, row["first_ci95"])),
            percent(row["total"]),
            " to ".join(map(percent, row["total_ci95"])),
        ]
        for row in rows
    ]
    return pieces.section(
        f"outcome-{k}",
        _title(told, one),
        el("p", factor_sentence(one).replace(" %", "\u00a0%"), class_="answer"),
        el("p", _FACTORS, class_="caption"),
        made.picture(f"factors:{k}", one["label"], figures.factors(rows), words),
        table(f"{one['points']:,} points, {one['worlds']:,} worlds a scenario", head, body),
    )


def _box(made: Pictures, told: Told, one: Told) -> Markup:
    box = one["box"]
    first, *rest = box_sentences(one, told["when"])
    body: list[Content] = [
        el(
            "p",
            f"Which sets of assumptions lie {interest_words(one)} ({_units(one)})?",
            class_="question",
        ),
        *([el("p", typed, class_="caption")] if (typed := typed_words(one)) else []),
        el("p", first.replace(" %", "\u00a0%"), class_="answer"),
        [el("p", words, class_="caveat") for words in rest],
    ]
    if box["limits"]:
        body += [
            el("h3", "Limits of the box"),
            el("p", _LIMITS, class_="caption"),
            made.picture(
                "limits",
                "Limits within the range of each parameter",
                box_figures.limits(box["limits"]),
                "; ".join(
                    f"{parameter_words(row['parameter'])} {limit_words(row)}"
                    for row in box["limits"]
                ),
            ),
            table(
                "How far each limit is to be trusted",
                ["Parameter", "Limit", "In halves, lower", "upper", "Restricted again", "Quasi-p"],
                [_limit_row(row) for row in box["limits"]],
                "bars",
            ),
            el("p", NOT_ALLOWED_FOR, class_="note"),
        ]
    body += [
        el("h3", "Coverage and density"),
        el("p", _WAY, class_="caption"),
        made.picture(
            "trajectory",
            "From all sets to the smallest box",
            box_figures.trajectory(one),
            f"The box: coverage {percent(box['coverage'])} %, density {percent(box['density'])} %.",
        ),
        el(
            "p",
            "Limits were looked for on: "
            + "; ".join(parameter_words(name) for name in one["candidates"])
            + ".",
            class_="note",
        ),
    ]
    return pieces.section("outcome-0", _title(told, one), *body)


def _limit_row(row: Told) -> list[Content]:
    return [
        _named(row["parameter"]),
        limit_words(row),
        _between(row["low_between"]),
        _between(row["high_between"]),
        f"in {of_100(row['again'])} of 100",
        f"{row['quasi_p']:.2g}" if row["quasi_p"] >= 0.001 else "<0.001",
    ]


def _between(ends: Sequence[float] | None) -> str:
    return NOTHING if ends is None else f"{plain(ends[0])} to {plain(ends[1])}"


def _named(name: str) -> Content:
    return [
        parameter_words(name),
        el("span", el("code", name), " ", unit_words(name), class_="under"),
    ]


def _title(told: Told, one: Told) -> str:
    words = outcome_words(one, told["when"], told["month"])
    words = words[:1].upper() + words[1:]
    return f"{words}: change from “{told['against_title']}”" if told["against"] else words


def _units(one: Told) -> str:
    return str(one["shown_units"])


def _how(told: Told, lines: Sequence[str]) -> Markup:
    counts = [
        f"{one['label']}: mean {shown(one, one['mean'], sign=one['difference'])}, standard "
        f"deviation {shown(one, one['sd'])} ({_units(one)})"
        + (
            f", over {one['sets']:,} sets of {one['draws']} draws."
            if "sets" in one
            else ", over worlds."
        )
        for one in told["outcomes"]
    ]
    return pieces.section(
        "how",
        "How it was found",
        [el("p", line, class_="note") for line in [*lines, *counts]],
        el("h3", "Make it again"),
        el("pre", el("code", told["command"]), tabindex=0),
    )
