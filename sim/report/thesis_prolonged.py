"""H3 on the page: worth by length of the war, by structural variant and by kappa."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sim.report import pieces
from sim.report.markup import Content, Markup, el
from sim.report.pieces import Pictures
from sim.report.tables import folded, table
from sim.report.thesis_figures import curve, shares, span_of

VARIANTS: Final = {
    "bargained": "Bargained deal (default)",
    "no_linkage": "No linkage",
    "absorption": "Client absorption",
    "myopic": "Myopic actors",
    "belief_free": "Belief-free actors",
    "high_confrontation": "High confrontation value",
}


def prolonged(made: Pictures, one: Mapping[str, Any], judged: Mapping[str, Any]) -> list[Content]:
    """One curve of H3 beneath its verdict."""
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
