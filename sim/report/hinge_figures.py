"""Pictures of what an outcome hinges on: ranked shares, courses, indices of a design.

Plain Plotly JSON, `{"data", "layout"}`, as in `figures`; `narrow` is what the layout is on a phone.
Nothing here has a hue: hues belong to scenarios. What stands out is told by fill, place and words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sim.report.hinge_words import (
    factor_words,
    parameter_words,
    percent,
    plain,
    unit_words,
)
from sim.report.labels import wrapped
from sim.report.markup import chart_text
from sim.report.numbers import significant
from sim.report.theme import BASELINE, MEDIAN_WIDTH, Json

ROW: Final = 36
LABELS: Final = 300
NARROW_ROW: Final = 50
NARROW_LABELS: Final = 158
PANEL: Final = 204
FAINT: Final = "rgba(135,146,160,0.35)"
"""Fill of what could be nothing, and of ranges: seen on light and dark ground."""

type Told = Mapping[str, Any]


def ranked(rows: Sequence[Told], nothing: float) -> Json:
    """Shares of parameters with their 95 % intervals, against what nothing would show.

    Args:
        rows: parameters of a sensitivity, the largest share first.
        nothing: what the largest of as many idle parameters reaches.
    """
    y = list(range(len(rows)))
    value = [in_percent(one["share"]) for one in rows]
    most = max([100 * one["ci95"][1] for one in rows] + [100 * nothing])
    labels, narrow = row_labels([parameter_words(one["parameter"]) for one in rows])
    margin = {"l": LABELS, "r": 24, "t": 30, "b": 46}
    axis = row_axis(len(rows), 0.5)
    bars = {
        "type": "bar",
        "orientation": "h",
        "x": [max(v, 0.0) for v in value],
        "y": y,
        "width": 0.5,
        "marker": {
            "color": [BASELINE if one["stands_out"] else FAINT for one in rows],
            "line": {"color": BASELINE, "width": 1},
        },
        "hoverinfo": "skip",
    }
    dots = {
        "type": "scatter",
        "mode": "markers",
        "x": value,
        "y": y,
        "marker": {"color": "$ink", "size": 5},
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [in_percent(one["ci95"][1] - one["share"]) for one in rows],
            "arrayminus": [in_percent(one["share"] - max(one["ci95"][0], 0.0)) for one in rows],
            "color": "$ink",
            "thickness": 1.4,
            "width": 0,
        },
        "text": [
            f"{chart_text(one['parameter'])}<br>{percent(one['share'])} % of the spread, 95 % "
            f"interval {percent(one['ci95'][0])} to {percent(one['ci95'][1])}"
            for one in rows
        ],
        "hovertemplate": "%{text}<extra></extra>",
        "cliponaxis": True,
    }
    return {
        "data": [bars, dots],
        "layout": {
            "height": ROW * len(rows) + 80,
            "margin": margin,
            "xaxis": {
                "range": [0, 1.06 * most],
                "title": {"text": "% of the spread between sets"},
                "showgrid": False,
                "nticks": 7,
            },
            "yaxis": axis | {"ticktext": labels},
            "shapes": [_upright(100 * nothing)],
            "annotations": [_left_of(100 * nothing, "up to here it could be nothing")],
        },
        "narrow": {
            "height": NARROW_ROW * len(rows) + 80,
            "margin": margin | {"l": NARROW_LABELS},
            "yaxis": axis | {"ticktext": narrow},
            "annotations": [_left_of(100 * nothing, "← could be nothing")],
        },
    }


def course(one: Told, told: Told, span: tuple[float, float]) -> Json:
    """Mean outcome over the range of one parameter.

    Args:
        one: parameter of a sensitivity.
        told: the sensitivity.
        span: value axis, the same in all panels of an outcome.
    """
    scale = told["shown_scale"]
    steps = one["course"]
    x = [significant(0.5 * (s["from"] + s["to"])) for s in steps]
    y = [significant(scale * s["mean"]) for s in steps]
    half = [significant(scale * (s["ci95"][1] - s["mean"])) if s["ci95"][1] else 0 for s in steps]
    mean = significant(scale * told["mean"])
    unit = wrapped(unit_words(one["parameter"]), 38, 2)
    return {
        "data": [
            {
                "type": "scatter",
                "mode": "lines+markers",
                "x": x,
                "y": y,
                "line": {"color": BASELINE, "width": MEDIAN_WIDTH},
                "marker": {"color": BASELINE, "size": 7},
                "error_y": {
                    "type": "data",
                    "array": half,
                    "color": BASELINE,
                    "thickness": 1.4,
                    "width": 0,
                },
                "text": [
                    f"{plain(s['from'])} to {plain(s['to'])}: mean {plain(v)}"
                    for s, v in zip(steps, y, strict=True)
                ],
                "hovertemplate": "%{text}<extra></extra>",
            }
        ],
        "layout": {
            "height": PANEL,
            "margin": {"l": 52, "r": 14, "t": 8, "b": 58},
            "xaxis": {
                "title": {"text": "<br>".join(map(chart_text, unit))},
                "nticks": 5,
                "showgrid": False,
            },
            "yaxis": {"range": [*span], "nticks": 5},
            "shapes": [level(mean)],
        },
    }


def span_of(rows: Sequence[Told], told: Told) -> tuple[float, float]:
    """A value axis that holds the courses of several parameters with their intervals."""
    ends = [
        told["shown_scale"] * end
        for one in rows
        for s in one["course"]
        for end in (s["mean"], *(e for e in s["ci95"] if e is not None))
    ]
    low, high = min(ends), max(ends)
    room = 0.06 * (high - low) or 1.0
    return significant(low - room), significant(high + room)


def factors(rows: Sequence[Told]) -> Json:
    """First-order and total shares of factors, with their 95 % intervals."""
    y = list(range(len(rows)))
    labels, narrow = row_labels([factor_words(one) for one in rows])
    margin = {"l": LABELS, "r": 24, "t": 34, "b": 46}
    axis = row_axis(len(rows), 0.5)
    most = max(one[key][1] for one in rows for key in ("first_ci95", "total_ci95"))
    least = min(0.0, *(one[key][0] for one in rows for key in ("first_ci95", "total_ci95")))

    def dots(key: str, name: str, lift: float, fill: str, symbol: str) -> Json:
        value = [in_percent(one[key]) for one in rows]
        half = [in_percent(one[f"{key}_ci95"][1] - one[key]) for one in rows]
        return {
            "type": "scatter",
            "mode": "markers",
            "name": name,
            "x": value,
            "y": [k + lift for k in y],
            "marker": {
                "color": fill,
                "symbol": symbol,
                "size": 9,
                "line": {"color": BASELINE, "width": 1.6},
            },
            "error_x": {
                "type": "data",
                "array": half,
                "color": BASELINE,
                "thickness": 1.6,
                "width": 0,
            },
            "text": [
                f"{chart_text(one['factor'])}, {name}: {percent(one[key])} ± {h:.1f} %"
                for one, h in zip(rows, half, strict=True)
            ],
            "hovertemplate": "%{text}<extra></extra>",
            "cliponaxis": False,
        }

    return {
        "data": [
            dots("first", "by itself", -0.14, BASELINE, "circle"),
            dots("total", "in all, in concert with others", 0.14, "$paper", "diamond"),
        ],
        "layout": {
            "height": (ROW + 8) * len(rows) + 86,
            "margin": margin,
            "showlegend": True,
            "legend": {
                "orientation": "h",
                "x": 0,
                "xanchor": "left",
                "y": 1.0,
                "yanchor": "bottom",
            },
            "xaxis": {
                "range": [110 * least - 2, 106 * most],
                "title": {"text": "% of the spread between worlds"},
                "showgrid": False,
                "nticks": 7,
            },
            "yaxis": axis | {"ticktext": labels},
            "shapes": [_upright(0.0)],
        },
        "narrow": {
            "height": NARROW_ROW * len(rows) + 110,
            "margin": margin | {"l": NARROW_LABELS, "t": 58},
            "yaxis": axis | {"ticktext": narrow},
        },
    }


def row_axis(count: int, above: float) -> Json:
    """An axis of rows from above down, its labels a little apart from what is drawn."""
    return {
        "range": [count - 1 + (1.0 - above), -above],
        "tickvals": list(range(count)),
        "showgrid": False,
        "ticks": "outside",
        "ticklen": 7,
        "tickcolor": "$paper",
    }


def row_labels(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Labels of rows, on a screen and on a phone."""
    wide, narrow = (
        ["<br>".join(map(chart_text, wrapped(one, width, lines))) for one in words]
        for width, lines in ((44, 2), (20, 3))
    )
    return wide, narrow


def in_percent(share: float) -> float:
    """A share in percent, with as many digits as a picture shows."""
    return significant(100.0 * share)


def level(y: float) -> Json:
    """A dashed line across a picture."""
    line = {"color": "$muted", "width": 1, "dash": "dash"}
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": y, "y1": y, "line": line}


def _upright(x: float) -> Json:
    line = {"color": "$muted", "width": 1.2, "dash": "dot"}
    return {"type": "line", "yref": "paper", "x0": x, "x1": x, "y0": 0, "y1": 1, "line": line}


def _left_of(x: float, words: str) -> Json:
    """Words above a picture that end at a value, over the side that they speak of."""
    return {
        "x": x,
        "y": 1,
        "yref": "paper",
        "yanchor": "bottom",
        "xanchor": "right",
        "text": words,
        "font": {"size": 12, "color": "$muted"},
    }
