"""What the page shows of each hypothesis: its rule in words, its pictures, where it flips."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any, Final

from sim.analysis.outcomes import STATUS
from sim.report import pieces
from sim.report.markup import Content, Markup, el
from sim.report.tables import folded, table
from sim.report.theme import Json
from sim.report.thesis_figures import curve, sets, shares, span_of

KAPPA: Final = "world.kappa"
VARIANTS: Final = {
    "bargained": "Bargained deal (default)",
    "no_linkage": "No linkage",
    "absorption": "Client absorption",
    "myopic": "Myopic actors",
    "belief_free": "Belief-free actors",
    "high_confrontation": "High confrontation value",
}


class Page:
    """A page in the making: its charts by slot.

    Attributes:
        charts: slot -> chart with its words, as data for the page's script.
    """

    def __init__(self) -> None:
        self.charts: dict[str, Json] = {}

    def picture(self, slot: str, heading: str, chart: Json, alt: str) -> Markup:
        """A chart under its heading."""
        self.charts[slot] = {"chart": chart, "alt": alt}
        place = pieces.chart(slot, alt, chart["layout"]["height"])
        return pieces.panel(el("span", heading, class_="name"), place)


def counted(judged: Mapping[str, Any]) -> str:
    """How sets count, with the error of the share."""
    counts = judged["counts"]
    error = f"error of the share {100 * judged['error']:.1f} points"
    if counts is None:
        return (
            f"the average set hits at {100 * judged['share']:.0f} % of the points of the grid, "
            f"{error}."
        )
    return (
        f"{counts['hit']} of {judged['sets']} sets hit, {counts['miss']} miss, "
        f"{counts['undecided']} are undecided; {error}."
    )


def rule_words(name: str, rule: Mapping[str, Any], one: Mapping[str, Any]) -> str:
    """The rule of a hypothesis in words, its numbers from the data."""
    high, low = (f"{100 * rule[key]:.0f} %" for key in ("supported_share", "refuted_share"))
    ends = f"Supported from {high} of all sets on, refuted up to {low}."
    size = f"{one['sets']} sets of {one['draws']} draws, {one['months']} months."
    return f"The rule. {_hit_words(name, rule)} {ends} {size}"


def _hit_words(name: str, rule: Mapping[str, Any]) -> str:
    hit = rule["hit"]
    match name:
        case "H1":
            return f"A set hits above {hit['above']:g}, over {rule['months']} months."
        case "H2":
            return _sure(hit, "more is agreed when Moscow has fewer others")
        case "H3":
            return (
                "A set hits if its best end lies in the longest third; it is undecided if an end "
                f"in another third lies within {hit['undecided_within_standard_errors']} standard "
                "errors. The same has to hold under the default and at least "
                f"{rule['variants_needed']} of {len(rule['variants'])} variants."
            )
        case "H4":
            return _sure(hit, "the shock moves it in the direction stated")
        case "H5":
            return (
                "A set hits at a point of the grid if the probability of entry within "
                f"{rule['months']} months lies between {100 * hit['above']:g} and "
                f"{100 * hit['below']:g} %."
            )
        case _:
            return "A set hits if the scenario that is best for one is not best for the other."


def _sure(hit: Mapping[str, Any], what: str) -> str:
    return (
        f"A set hits if {what}, with {100 * hit['confidence']:.0f} % confidence and by an amount "
        "that counts."
    )


def _by_figure(made: Page, judged: Mapping[str, Any], marks: list[tuple[float, str]]) -> Markup:
    slot = f"{judged['name']}-sets"
    chart = sets(judged, marks)
    return made.picture(slot, f"Sets by their figure: {judged['label']}", chart, counted(judged))


def _no_puppet(made: Page, _: Mapping[str, Any], judged: Mapping[str, Any]) -> list[Content]:
    beside = judged["beside"]
    return [
        _by_figure(made, judged, [(beside["threshold"], "hits beyond")]),
        el(
            "p",
            f"{beside['sets_within_error_of_threshold']} sets lie within chance of the threshold.",
            class_="note",
        ),
    ]


def _effects(made: Page, judged: Mapping[str, Any], rows: Mapping[str, Any]) -> list[Content]:
    cells = [
        [row["label"], f"{row['mean']:+.3g}".replace("-", "−"), row["sets_up"], row["sets_down"]]
        for row in rows.values()
    ]
    head = ("", "mean change over sets", "sets surely up", "sets surely down")
    return [
        _by_figure(made, judged, [(0.0, "")]),
        table("Beside it: how other quantities moved", head, cells),
    ]


def _leverage(made: Page, _: Mapping[str, Any], judged: Mapping[str, Any]) -> list[Content]:
    risen = judged["beside"]["where_dependence_rises"]
    words = (
        f"With fewer others Russia’s dependence on Belarus surely rises in {risen['sets']} of "
        f"{judged['sets']} sets. Among these alone {risen['hit']} hit"
        + (f": by themselves {risen['verdict']}." if risen["verdict"] else ".")
    )
    return [*_effects(made, judged, judged["beside"]["effects"]), el("p", words, class_="note")]


def _distraction(made: Page, _: Mapping[str, Any], judged: Mapping[str, Any]) -> list[Content]:
    beside = judged["beside"]
    any_size = (
        f"by any amount {beside['sets_up_of_any_size']} up and {beside['sets_down_of_any_size']} "
        "down, surely."
    )
    words = (
        f"No set surely moves by an amount that counts; {any_size}"
        if beside["direction"] == "none"
        else f"Direction taken by more sets: {beside['direction']} ({beside['sets_up']} up, "
        f"{beside['sets_down']} down); {any_size}"
    )
    shown = _effects(made, judged, beside["without_verdict"])
    return [shown[0], el("p", words, class_="note"), shown[1]]


def _prolonged(made: Page, one: Mapping[str, Any], judged: Mapping[str, Any]) -> list[Content]:
    beside, name, rule = judged["beside"], judged["name"], one["rule"]
    variants, ends = beside["variants"], beside["ends"]
    rows = [(VARIANTS.get(key, key), found) for key, found in variants.items()]
    kappa = variants[beside["default"]]["by_kappa"] or []
    spans = {
        "variant": span_of([found["curve"] for found in variants.values()]),
        "kappa": span_of([part["curve"] for part in kappa]),
    }
    panels = [
        made.picture(
            f"{name}-{key}",
            f"{VARIANTS.get(key, key)}: {found['hit']} of {found['sets']} hit",
            curve(ends, found["curve"], spans["variant"]),
            _curve_words(ends, found["curve"]),
        )
        for key, found in variants.items()
    ]
    by_kappa = [
        made.picture(
            f"{name}-kappa-{k}",
            f"κ {part['from']:.2f} to {part['to']:.2f}",
            curve(ends, part["curve"], spans["kappa"]),
            _curve_words(ends, part["curve"]),
        )
        for k, part in enumerate(kappa)
    ]
    parts = [(f"κ {part['from']:.2f} to {part['to']:.2f}", part) for part in kappa]
    return [
        el(
            "div",
            made.picture(
                f"{name}-variants",
                "By structural variant: sets whose best end lies in the longest third",
                shares(rows, rule),
                "; ".join(f"{label}: {100 * found['share']:.0f} %" for label, found in rows),
            ),
            made.picture(
                f"{name}-kappa",
                "By κ, the worth of Belarus to Moscow without war (default)",
                shares(parts, rule),
                "; ".join(f"{label}: {100 * part['share']:.0f} %" for label, part in parts),
            )
            if parts
            else None,
            class_="grid wide",
        ),
        el(
            "p",
            "W(T): the discounted monthly flow when the war is made to end after T months, less "
            "each set’s own mean over T; band: 95 % interval of the mean over sets. In "
            f"{beside['unit']}. In the median set the best and the worst end are "
            f"{beside['reach']:.2g} apart; {beside['smallest_effect']:g} was fixed in advance as "
            f"the smallest difference that counts, and the draws tell one of that size in "
            f"{100 * beside['draws_suffice']:.0f} % of sets.",
            class_="caption",
        ),
        pieces.grid(panels),
        folded("W(T) by κ, under the default", pieces.grid(by_kappa)),
        folded("All shares by κ and variant", _kappa_table(judged, variants)),
        folded("All values of W(T)", _worth_table(judged, variants, ends)),
    ]


def _curve_words(ends: Sequence[int], points: Sequence[Mapping[str, float]]) -> str:
    return "; ".join(
        f"{end} months: {point['change']:.3g}" for end, point in zip(ends, points, strict=True)
    )


def _kappa_table(judged: Mapping[str, Any], variants: Mapping[str, Any]) -> Markup:
    with_kappa = {key: found["by_kappa"] for key, found in variants.items() if found["by_kappa"]}
    first: Sequence[Mapping[str, Any]] = next(iter(with_kappa.values()), [])
    head = ["", *(f"κ {part['from']:.2f} to {part['to']:.2f}" for part in first)]
    rows = [
        [VARIANTS.get(key, key), *(f"{100 * part['share']:.0f} %" for part in parts)]
        for key, parts in with_kappa.items()
    ]
    return table(f"{judged['label']}: share of sets that hit, by fifths of κ", head, rows)


def _worth_table(
    judged: Mapping[str, Any], variants: Mapping[str, Any], ends: Sequence[int]
) -> Markup:
    head = ["", *(f"{end} months" for end in ends)]
    rows = [
        [
            f"{VARIANTS.get(key, key)}",
            *(f"{point['level']:.4g} ({point['change']:+.2g})" for point in found["curve"]),
        ]
        for key, found in variants.items()
    ]
    caption = f"{judged['label']}: mean over sets, and change against each set’s mean over T"
    return table(caption, head, rows)


def _entry(made: Page, one: Mapping[str, Any], judged: Mapping[str, Any]) -> list[Content]:
    beside = judged["beside"]
    axes = beside["axes"]
    rows = [
        (f"{axis}: {level}", share)
        for axis, levels in beside["by_level"].items()
        for level, share in levels.items()
    ]
    drawn = beside["as_drawn"]
    words = (
        f"With nothing held, {100 * drawn['share']:.0f} % of sets lie in the band "
        f"({100 * drawn['below']:.0f} % below it, {100 * drawn['above']:.0f} % above; by itself "
        f"{drawn['verdict']}); the median set’s probability: {_percent(drawn['median'])} %."
    )
    return [
        made.picture(
            "H5-levels",
            "Sets in the band at each level, the other axes averaged",
            shares(rows, one["rule"], "sets in the band, %"),
            "; ".join(f"{label}: {100 * share['share']:.0f} %" for label, share in rows),
        ),
        el("p", words, class_="note"),
        folded("Every point of the grid", _grid_table(axes, beside["grid"])),
        el("h3", f"What month {beside['indicators']['month']} tells of the end"),
        *_indicators(beside["indicators"]),
    ]


def _indicators(found: Mapping[str, Any]) -> list[Content]:
    """How well each observable tells each end state, and in words what the numbers mean."""
    ends = found["ends"]
    if not ends:
        words = "Too few wars change their state after it for anything to be told."
        return [el("p", words, class_="note")]
    rows = []
    for one in found["observables"].values():
        cells = [
            f"{100 * told['area']:.0f} ± {100 * told['error']:.0f}"
            + (" *" if told["beyond_chance"] else "")
            for told in one["ends"].values()
        ]
        rows.append([one["label"], *cells])
    head = ["", *(f"{STATUS[name]} ({count} of {found['worlds']})" for name, count in ends.items())]
    words = (
        f"Of two worlds at war in month {found['month']}, one of which stands so in month "
        f"{found['end_month']} and one not: how often, of 100, the former has the larger value. "
        "50 is a coin; * lies more than two standard errors from it. Sets are the independent "
        "unit. No verdict hangs on it."
    )
    told = [
        one["beyond_chance"]
        for row in found["observables"].values()
        for one in row["ends"].values()
    ]
    words += "" if any(told) else " Nothing that was looked at tells more than a coin."
    return [
        el("p", words, class_="caption"),
        table(f"Month {found['month']} against the state of the war at the end", head, rows),
    ]


def _percent(probability: float) -> str:
    """Two digits of a probability in per cent; what is very small is said to be so."""
    return f"{100 * probability:.2g}" if probability >= 1e-5 else "below 0.001"


def _grid_table(axes: Sequence[str], grid: Sequence[Mapping[str, Any]]) -> Markup:
    levels = [list(dict.fromkeys(point[axis] for point in grid)) for axis in axes]
    down, across = axes[:2], axes[2:]
    columns = list(product(*levels[2:]))
    found = {tuple(point[axis] for axis in axes): point for point in grid}
    head = ["", *(", ".join(f"{a} {v}" for a, v in zip(across, c, strict=True)) for c in columns)]
    rows = [
        [
            ", ".join(f"{a} {v}" for a, v in zip(down, row, strict=True)),
            *(
                f"{100 * point['share']:.0f} % ({_percent(point['median'])})"
                for point in (found[(*row, *c)] for c in columns)
            ),
        ]
        for row in product(*levels[:2])
    ]
    return table("Sets in the band, and the median set’s probability in per cent", head, rows)


def _divergence(_: Page, __: Mapping[str, Any], judged: Mapping[str, Any]) -> list[Content]:
    beside = judged["beside"]
    rows = [
        [
            title,
            beside["best"]["russia"][title],
            beside["best"]["belarus"][title],
            f"{beside['mean']['russia'][title]:.2f}".replace("-", "−"),
            f"{beside['mean']['belarus'][title]:.2f}".replace("-", "−"),
        ]
        for title in beside["scenarios"]
    ]
    sure = beside["beyond_chance"]
    head = (
        "",
        "best for Russia, sets",
        "best for Belarus, sets",
        "Russia’s flow, mean",
        "Belarus’s flow, mean",
    )
    return [
        table("In how many sets each scenario is best", head, rows),
        el(
            "p",
            f"In {100 * sure['share']:.0f} % of sets the two best differ and each side prefers its "
            "own by more than chance leaves open.",
            class_="note",
        ),
    ]


DETAILS = {
    "H1": _no_puppet,
    "H2": _leverage,
    "H3": _prolonged,
    "H4": _distraction,
    "H5": _entry,
    "H6": _divergence,
}


def flips_of(made: Page, judged: Mapping[str, Any], rule: Mapping[str, Any]) -> Content:
    """Where a verdict flips: the sentence, and the parameters behind it."""
    flips = judged["flips"]
    body: list[Content] = [el("h3", "Where it flips"), el("p", flips["sentence"], class_="note")]
    panels: list[Content] = []
    beside: list[Content] = []
    shown = [
        one
        for one in flips["parameters"]
        if not (one["parameter"] == KAPPA and "variants" in judged["beside"])  # shown above
    ]
    for parameter in shown:
        rows = [(f"{part['from']:.3g} to {part['to']:.3g}", part) for part in parameter["parts"]]
        name = parameter["parameter"]
        p = parameter["p_corrected"]
        said = "p < 0.001" if p < 0.001 else f"p = {p:.2g}"
        (panels if parameter["moves"] else beside).append(
            made.picture(
                f"{judged['name']}-{name}",
                f"{name} ({said}, corrected for {flips['looked_at']})",
                shares(rows, rule),
                "; ".join(f"{label}: {100 * part['share']:.0f} %" for label, part in rows),
            )
        )
    if panels:
        body.append(el("div", panels, class_="grid wide"))
    if beside:
        body.append(folded("By κ, which does not move it", el("div", beside, class_="grid wide")))
    return body
