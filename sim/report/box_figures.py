"""Pictures of a box of assumptions: its limits, and the trajectory on which it was found.

Plain Plotly JSON, `{"data", "layout"}`, as in `figures`; `narrow` is what the layout is on a phone.
Nothing here has a hue: hues belong to scenarios.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sim.report.hinge_figures import (
    FAINT,
    LABELS,
    NARROW_LABELS,
    Told,
    in_percent,
    level,
    row_axis,
    row_labels,
)
from sim.report.hinge_words import limit_words, parameter_words, plain, unit_words
from sim.report.labels import wrapped
from sim.report.markup import chart_text
from sim.report.numbers import significant
from sim.report.theme import BASELINE, GREY, Json

LIMIT_ROW: Final = 58
TRAJECTORY: Final = 320


def limits(rows: Sequence[Told]) -> Json:
    """Limits of a box within the range of each parameter, as EMA Workbench draws them.

    Args:
        rows: limits of a box.
    """
    labels, narrow = row_labels([parameter_words(one["parameter"]) for one in rows])
    margin = {"l": LABELS, "r": 30, "t": 12, "b": 30}
    axis = row_axis(len(rows), 0.6)
    shapes: list[Json] = []
    notes: list[Json] = []
    for k, one in enumerate(rows):
        least, most = one["range"]

        def place(value: float, least: float = least, most: float = most) -> float:
            return significant((value - least) / (most - least))

        low = 0.0 if one["low"] is None else place(one["low"])
        high = 1.0 if one["high"] is None else place(one["high"])
        shapes += [_bar(0.0, 1.0, k, 0.05, FAINT), _bar(low, high, k, 0.16, BASELINE)]
        for between in (one["low_between"], one["high_between"]):
            if between is not None:
                shapes.append(_bar(place(between[0]), place(between[1]), k, 0.03, "$ink"))
        notes += [
            _beside(0.0, k, plain(least), "left"),
            _beside(1.0, k, plain(most), "right"),
        ]
        words = f"{limit_words(one)} {unit_words(one['parameter'])}"
        middle = min(max(0.5 * (low + high), 0.25), 0.75)
        notes.append(
            {
                "x": middle,
                "y": k - 0.2,
                "yanchor": "bottom",
                "text": chart_text(wrapped(words, 62, 1)[0]),
                "font": {"size": 13},
            }
        )
    return {
        "data": [
            {
                "type": "scatter",
                "mode": "markers",
                "x": [0.5] * len(rows),
                "y": list(range(len(rows))),
                "marker": {"size": 1, "opacity": 0},
                "text": [f"{chart_text(o['parameter'])}: {limit_words(o)}" for o in rows],
                "hovertemplate": "%{text}<extra></extra>",
            }
        ],
        "layout": {
            "height": LIMIT_ROW * len(rows) + 44,
            "margin": margin,
            "xaxis": {"range": [-0.02, 1.02], "visible": False},
            "yaxis": axis | {"ticktext": labels},
            "shapes": shapes,
            "annotations": notes,
        },
        "narrow": {
            "margin": margin | {"l": NARROW_LABELS, "r": 14},
            "yaxis": axis | {"ticktext": narrow},
            "annotations": [
                note | ({"text": limit_words(rows[k // 3])} if k % 3 == 2 else {})
                for k, note in enumerate(notes)
            ],
        },
    }


def trajectory(told: Told) -> Json:
    """Coverage against density of the boxes on the way, of the one chosen, and elsewhere."""
    way = told["trajectory"]
    box, other = told["box"], told["elsewhere"]
    rate = 100 * told["sets_of_interest"] / told["sets"]
    marks = [
        ("the box", box, "circle", BASELINE),
        ("found in one half, held against the other", other, "diamond", "$paper"),
    ]
    top = max(one["density"] for one in [*way, box, other])
    return {
        "data": [
            {
                "type": "scatter",
                "mode": "lines+markers",
                "name": "peeling",
                "x": [in_percent(one["coverage"]) for one in way],
                "y": [in_percent(one["density"]) for one in way],
                "line": {"color": GREY, "width": 1.2},
                "marker": {"color": GREY, "size": 5},
                "text": [f"{one['restricted']} parameters restricted" for one in way],
                "hovertemplate": "coverage %{x:.0f} %, density %{y:.0f} %<br>%{text}"
                "<extra></extra>",
            },
            *(
                {
                    "type": "scatter",
                    "mode": "markers",
                    "name": words,
                    "x": [in_percent(one["coverage"])],
                    "y": [in_percent(one["density"])],
                    "marker": {
                        "symbol": symbol,
                        "color": fill,
                        "size": 13,
                        "line": {"color": BASELINE, "width": 2},
                    },
                    "hovertemplate": f"{words}: coverage %{{x:.0f}} %, density %{{y:.0f}} %"
                    "<extra></extra>",
                    "cliponaxis": False,
                }
                for words, one, symbol, fill in marks
            ),
        ],
        "layout": {
            "height": TRAJECTORY,
            "margin": {"l": 56, "r": 20, "t": 34, "b": 48},
            "showlegend": True,
            "legend": {
                "orientation": "h",
                "x": 0,
                "xanchor": "left",
                "y": 1.02,
                "yanchor": "bottom",
            },
            "xaxis": {"title": {"text": "coverage, % of such sets inside"}, "range": [0, 104]},
            "yaxis": {
                "title": {"text": "density, % of the sets inside"},
                "range": [0, min(108.0, 112 * top)],
            },
            "shapes": [level(rate)],
        },
        "narrow": {
            "margin": {"l": 52, "r": 14, "t": 76, "b": 48},
            "legend": {
                "orientation": "v",
                "x": 0,
                "xanchor": "left",
                "y": 1.02,
                "yanchor": "bottom",
            },
        },
    }


def _bar(start: float, end: float, row: int, half: float, colour: str) -> Json:
    return {
        "type": "rect",
        "x0": start,
        "x1": end,
        "y0": row - half,
        "y1": row + half,
        "fillcolor": colour,
        "line": {"width": 0},
    }


def _beside(x: float, row: int, words: str, anchor: str) -> Json:
    return {
        "x": x,
        "y": row + 0.2,
        "xanchor": anchor,
        "yanchor": "top",
        "text": words,
        "font": {"size": 12, "color": "$muted"},
    }
