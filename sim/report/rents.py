"""Section 7, first half: whether those who get more rents have more influence."""

import math
from collections.abc import Sequence
from typing import Final

from sim.analysis.outcomes import measure
from sim.analysis.rents import INFLUENCE, RENTS, Rents
from sim.report.aggregates import Digest
from sim.report.figures import value_axis
from sim.report.markup import Content, Markup, el
from sim.report.numbers import NOTHING, decimals, number, of_worlds, signed
from sim.report.pieces import chart, open_and_folded, panel, scenario_heading, section
from sim.report.tables import Row, table
from sim.report.theme import BAND_50, MEDIAN_WIDTH, Json

HEIGHT: Final = 250
CHOICES: Final = 100


def rents_chart(digest: Digest, index: int) -> Json | None:
    """Worlds of one scenario in the order of their rents: influence in each group of like rents."""
    found = digest.relations.rents[index]
    if found is None:
        return None
    look = digest.looks[index]
    (left, right), (low, high) = _ranges(digest)
    groups = found.groups
    x = [round(group.rents, 3) for group in groups]
    band: Json = {"type": "scatter", "mode": "lines", "hoverinfo": "skip", "x": x}
    edge = {"line": {"width": 0, "color": "rgba(0,0,0,0)"}}
    data: list[Json] = [
        {**band, **edge, "y": [_cut(g.low) for g in groups], "meta": "q25"},
        {
            **band,
            **edge,
            "y": [_cut(g.high) for g in groups],
            "fill": "tonexty",
            "fillcolor": look.band(BAND_50),
            "meta": "q75",
        },
    ]
    base = digest.relations.rents[digest.baseline]
    if index != digest.baseline and base is not None:
        slate = digest.looks[digest.baseline]
        data.append(
            {
                **band,
                "x": [round(g.rents, 3) for g in base.groups],
                "y": [_cut(g.median) for g in base.groups],
                "line": {"color": slate.hue, "width": MEDIAN_WIDTH, "dash": "dash"},
                "meta": "baseline",
            }
        )
    data.append(
        {
            "type": "scatter",
            "mode": "lines+markers",
            "x": x,
            "y": [_cut(g.median) for g in groups],
            "line": {"color": look.hue, "width": MEDIAN_WIDTH, "dash": look.dash},
            "marker": {"color": look.hue, "symbol": look.symbol, "size": 8},
            "customdata": [[_cut(g.low), _cut(g.high), f"{g.worlds:,}"] for g in groups],
            "hovertemplate": "USD %{x:.1f} bn a year: median %{y:.2~f} of 100 choices"
            "<br>50 of 100 of them: %{customdata[0]:.2~f} to %{customdata[1]:.2~f}"
            "<br>%{customdata[2]} worlds<extra></extra>",
            "cliponaxis": False,
            "meta": "median",
        }
    )
    axis = value_axis((left, right), 5)
    words = "Russian transfers, USD bn a year"
    return {
        "data": data,
        "layout": {
            "height": HEIGHT,
            "margin": {"l": 48, "r": 14, "t": 10, "b": 46},
            "xaxis": {**axis, "title": {"text": words}},
            "yaxis": value_axis((low, high), 6),
        },
        "csv": {
            "head": ["usd_bn_a_year", "q25", "median", "q75", "worlds"],
            "rows": [
                [g.rents, _cut(g.low), _cut(g.median), _cut(g.high), g.worlds] for g in groups
            ],
        },
    }


def _ranges(digest: Digest) -> tuple[tuple[float, float], tuple[float, float]]:
    """The scales that all panels share: rents, and influence from nothing up."""
    groups = [group for one in digest.relations.rents if one is not None for group in one.groups]
    least, most = min(g.rents for g in groups), max(g.rents for g in groups)
    room = 0.05 * (most - least) or 0.5
    top = max(g.high for g in groups) * CHOICES
    return (least - room, most + room), (0.0, top * 1.08 or 1.0)


def _cut(value: float) -> float:
    """Influence as choices of a hundred, to four digits."""
    return float(f"{value * CHOICES:.4g}")


def rank_words(found: Rents | None) -> str:
    """Rank correlation with its error, in words."""
    if found is None or found.rank is None:
        return NOTHING
    if found.error is None:
        return signed(found.rank, 1)
    places = min(decimals(found.error, found.rank), 2)
    error = number(found.error, max(places, math.ceil(-math.log10(max(found.error, 1e-3)))))
    return f"{signed(found.rank, places)} ± {error}"


def alt_rents(digest: Digest, index: int) -> str:
    """What the picture shows."""
    found = digest.relations.rents[index]
    if found is None:
        return f"{digest.titles[index]}: no world has both rents and influence."
    first, last = found.groups[0], found.groups[-1]
    return (
        f"{digest.titles[index]}: worlds in the order of Russian transfers. At USD "
        f"{first.rents:.1f} bn a year the median influence is {_cut(first.median):.2g} of 100 "
        f"choices, at {last.rents:.1f} bn it is {_cut(last.median):.2g}. Rank correlation "
        f"{rank_words(found)}."
    )


def rents_and_influence(digest: Digest, shown: Sequence[int], rest: Sequence[int]) -> Markup | None:
    """The section; None where no run has both."""
    if not any(digest.relations.rents):
        return None
    label = measure(INFLUENCE).label

    def panels(which: Sequence[int]) -> list[Content]:
        return [
            panel(
                [
                    *([] if digest.single else [scenario_heading(digest, i)]),
                    el("span", "of 100 choices", class_="muted"),
                ],
                chart(f"rents:{i}", alt_rents(digest, i), HEIGHT),
                scenario=i,
            )
            for i in which
            if digest.relations.rents[i] is not None
        ]

    base = (
        "" if digest.single else " The dashed line is the baseline. All panels share their scales."
    )
    return section(
        "rents",
        "Rents against influence",
        el(
            "p",
            f"{measure(RENTS).label} and {label}, both as means over the run. Worlds are put in "
            "the order of their rents and cut into groups of equal size (ten, if there are 200 "
            "worlds or more): a point is the median influence of a group, the band the middle 50 "
            f"of 100 of its worlds. Influence is in choices of 100.{base}",
            class_="caption",
        ),
        open_and_folded(panels(shown), panels(rest)),
        _table(digest),
    )


def _table(digest: Digest) -> Markup:
    """Rank correlations, and how often the two move together."""
    head: list[Content] = ["Scenario", "Rank correlation over worlds"]
    if not digest.single:
        head += ["Both change the same way", "One up, the other down"]
        head += ["Only influence changes", "Only rents change", "Neither", "Worlds"]
    rows: list[Row] = []
    for i in [digest.baseline, *digest.others]:
        found = digest.relations.rents[i]
        row: list[Content] = [digest.titles[i], rank_words(found)]
        if not digest.single:
            told = found.together if found is not None else None
            if told is None:
                row += [NOTHING] * 6
            else:
                shares = (told.same_way, told.apart, told.only_influence, told.only_rents)
                row += [of_worlds(share, told.worlds) for share in (*shares, told.neither)]
                row.append(f"{told.worlds:,}")
        rows.append(row)
    change = "" if digest.single else "; and changes from the baseline within worlds"
    return table(f"Whether rents and influence go together over worlds{change}", head, rows)
