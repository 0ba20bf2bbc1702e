"""Pictures of the hypotheses: shares against the lines of the rule, sets by figure, W(T).

Plain Plotly JSON, `{"data", "layout"}`, as in `figures`; `narrow` is what the layout is on a phone.
Nothing here has a hue: hues belong to
scenarios. What is told apart is told by place, marker and words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from sim.analysis.streams import Floats
from sim.report.labels import wrapped
from sim.report.markup import chart_text
from sim.report.numbers import significant
from sim.report.theme import BASELINE, MEDIAN_WIDTH, Json, Look

ROW: Final = 34
LABELS: Final = 250
NARROW_LABELS: Final = 150
PANEL: Final = 190
SETS_HEIGHT: Final = 226
_BAND: Final = Look(BASELINE, "solid", "circle").band(0.28)
_INK, _MUTED, _PAPER, _GRID = "$ink", "$muted", "$paper", "$grid"
"""Colours of the theme, which the page's script fills in."""
_HATCHED: Final = {"shape": "/", "fgcolor": _MUTED, "bgcolor": _PAPER, "size": 5}
_STATES: Final[tuple[tuple[str, Json], ...]] = (
    ("hit", {"color": _INK}),
    ("undecided", {"color": _PAPER, "pattern": _HATCHED}),
    ("miss", {"color": _GRID}),
)
_BINS: Final = 30
_NOTHING: Final = 1e-12
"""Differences below this are rounding."""

type Row = tuple[str, Mapping[str, Any]]
type Beside = tuple[str, Sequence[Mapping[str, Any] | None]]


def shares(
    rows: Sequence[Row], rule: Mapping[str, Any], title: str = "", beside: Sequence[Beside] = ()
) -> Json:
    """Shares of sets with their 95 % intervals, against the lines of the rule.

    Args:
        rows: label, and a share with `share` and `ci95`.
        rule: with `supported_share` and `refuted_share`.
        title: of the axis.
        beside: what others say of the same rows, beneath each share with a hollow marker: a name,
            and by row its share or None.
    """
    count = len(rows)
    lines = (100 * rule["refuted_share"], 100 * rule["supported_share"])
    row = ROW + 12 * len(beside)
    margin = {"l": LABELS, "r": 24, "t": 26, "b": 48}
    axis = {
        "range": [count - 0.5, -0.5],
        "tickvals": list(range(count)),
        "showgrid": False,
        "ticklabelstandoff": 6,
    }
    labels, on_a_phone = (
        ["<br>".join(map(chart_text, wrapped(label, width, 2))) for label, _ in rows]
        for width in (36, 22)
    )
    down = 0.5 / (1 + len(beside))
    named = [(label, k, share) for k, (label, share) in enumerate(rows)]
    data = [_shares(named, -0.5 * down * len(beside), "", _SOLID)]
    for number, (source, found) in enumerate(beside, start=1):
        held = [(label, k, found[k]) for k, (label, _) in enumerate(rows)]
        there = [(label, k, share) for label, k, share in held if share is not None]
        data.append(_shares(there, down * (number - 0.5 * len(beside)), source, _HOLLOW))
    return {
        "data": data,
        "layout": {
            "height": row * count + 78,
            "margin": margin,
            "xaxis": {
                "range": [-1, 101],
                "tickvals": [0, 20, 40, 60, 80, 100],
                "title": {"text": title or "sets that hit, % of all sets"},
                "showgrid": False,
            },
            "yaxis": axis | {"ticktext": labels},
            "shapes": [_upright(x) for x in lines],
            "annotations": [
                _above(lines[0], "refuted up to here", "right"),
                _above(lines[1], "supported from here", "left"),
            ],
        },
        "narrow": {
            "margin": margin | {"l": NARROW_LABELS},
            "yaxis": axis | {"ticktext": on_a_phone},
            "annotations": [
                _above(lines[0], "refuted", "right"),
                _above(lines[1], "supported", "left"),
            ],
        },
    }


_SOLID: Final[Json] = {"symbol": "circle", "color": _INK, "size": 9}
_HOLLOW: Final[Json] = {
    "symbol": "diamond",
    "color": _PAPER,
    "size": 9,
    "line": {"color": _INK, "width": 1.5},
}


def _shares(
    rows: Sequence[tuple[str, int, Mapping[str, Any]]], down: float, source: str, look: Json
) -> Json:
    """One marker a row with its interval.

    Args:
        rows: label, place from the top, share.
        down: how far beneath the middle of its row each stands.
        source: what the shares are of; nothing for the page's own.
        look: of the markers.
    """
    value = [significant(100 * share["share"]) for _, _, share in rows]
    low = [significant(100 * share["ci95"][0]) for _, _, share in rows]
    high = [significant(100 * share["ci95"][1]) for _, _, share in rows]
    under = f"under {chart_text(source)}: " if source else ""
    return {
        "type": "scatter",
        "mode": "markers",
        "name": source,
        "x": value,
        "y": [place + down for _, place, _ in rows],
        "marker": look,
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [h - v for h, v in zip(high, value, strict=True)],
            "arrayminus": [v - w for w, v in zip(low, value, strict=True)],
            "color": _MUTED,
            "thickness": 2,
            "width": 0,
        },
        "text": [
            f"{chart_text(label)}<br>{under}{v:.0f} of 100 sets, 95 % interval {w:.0f} to {h:.0f}"
            for (label, _, _), v, w, h in zip(rows, value, low, high, strict=True)
        ],
        "hovertemplate": "%{text}<extra></extra>",
        "cliponaxis": False,
    }


def sets(judged: Mapping[str, Any], marks: Sequence[tuple[float, str]] = ()) -> Json:
    """How many sets have which figure, by how they count.

    Args:
        judged: with `by_set`, whose states are known.
        marks: values to be marked on the axis, with words.
    """
    figures = np.array(judged["by_set"]["figure"])
    states = np.array(judged["by_set"]["state"])
    low = min([float(figures.min()), *(x for x, _ in marks)])
    high = max([float(figures.max()), *(x for x, _ in marks)])
    if low == high:
        low, high = low - 0.5, high + 0.5
    edges = _edges(low, high, marks)
    middle = 0.5 * (edges[1:] + edges[:-1])
    room = 0.02 * (edges[-1] - edges[0])
    data = [
        {
            "type": "bar",
            "name": state,
            "x": [significant(x) for x in middle],
            "y": np.histogram(figures[states == state], edges)[0].tolist(),
            "width": significant(float(edges[1] - edges[0])),
            "marker": {**look, "line": {"color": _MUTED, "width": 0.5}},
            "hovertemplate": f"{state}: %{{y}} sets near %{{x:.3g}}<extra></extra>",
        }
        for state, look in _STATES
        if (states == state).any()
    ]
    return {
        "data": data,
        "layout": {
            "height": SETS_HEIGHT,
            "barmode": "stack",
            "bargap": 0,
            "showlegend": True,
            "legend": {
                "orientation": "h",
                "x": 0,
                "xanchor": "left",
                "yref": "container",
                "y": 1,
                "yanchor": "top",
            },
            "margin": {"l": 48, "r": 24, "t": 50, "b": 46},
            # some room, so that a mark at an end does not lie on the axis
            "xaxis": {
                "title": {"text": judged["figure"]["unit"]},
                "range": [significant(float(x)) for x in (edges[0] - room, edges[-1] + room)],
            },
            "yaxis": {"title": {"text": "sets"}, "nticks": 4},
            "shapes": [_upright(x) for x, _ in marks],
            "annotations": [
                _above(x, words, "left" if x < 0.5 * (low + high) else "right")
                for x, words in marks
            ],
        },
    }


def _edges(low: float, high: float, marks: Sequence[tuple[float, str]]) -> Floats:
    """Bounds of even bins: a mark with words parts two of them, one without is amid its own."""
    width = (high - low) / _BINS
    at, words = marks[0] if marks else (low, "parts")
    start = at if words else at - 0.5 * width
    first = np.floor((low - start) / width + 1e-9)
    last = max(np.floor((high - start) / width + 1e-9), first) + 1
    return np.asarray(start + width * np.arange(first, last + 1))


def curve(ends: Sequence[int], points: Sequence[Mapping[str, float]], span: float) -> Json:
    """W(T) against each set's own mean, with the 95 % band of the mean over sets.

    Args:
        ends: T in months.
        points: `change` and `error` at each of them.
        span: half of the value axis, the same in panels that are compared.
    """
    x = list(ends)
    change = [significant(point["change"]) for point in points]
    band = [significant(1.96 * point["error"]) for point in points]
    edge = {"type": "scatter", "mode": "lines", "x": x, "line": {"width": 0}, "hoverinfo": "skip"}
    return {
        "data": [
            {**edge, "y": [c - b for c, b in zip(change, band, strict=True)]},
            {
                **edge,
                "y": [c + b for c, b in zip(change, band, strict=True)],
                "fill": "tonexty",
                "fillcolor": _BAND,
            },
            {
                "type": "scatter",
                "mode": "lines+markers",
                "x": x,
                "y": change,
                "line": {"color": _MUTED, "width": MEDIAN_WIDTH},
                "marker": {"color": _INK, "size": 6},
                "hovertemplate": "war of %{x} months: %{y:.3g}<extra></extra>",
            },
        ],
        "layout": {
            "height": PANEL,
            "margin": {"l": 56, "r": 10, "t": 8, "b": 40},
            "xaxis": {
                "tickvals": x,
                "range": [min(x) - 2, max(x) + 2],
                "title": {"text": "months of war"},
            },
            "yaxis": {"range": [-span, span], "nticks": 5, "zeroline": True},
        },
    }


def span_of(curves: Sequence[Sequence[Mapping[str, float]]]) -> float:
    """Half of a value axis that holds several curves with their bands."""
    reach = [abs(p["change"]) + 1.96 * p["error"] for points in curves for p in points]
    span = 1.08 * max(reach, default=0.0)
    return significant(span, 3) if span > _NOTHING else 1.0


def _upright(x: float) -> Json:
    return {
        "type": "line",
        "xref": "x",
        "yref": "paper",
        "x0": x,
        "x1": x,
        "y0": 0,
        "y1": 1,
        "line": {"color": _MUTED, "width": 1, "dash": "dot"},
    }


def _above(x: float, words: str, anchor: str) -> Json:
    return {
        "x": x,
        "xref": "x",
        "y": 1,
        "yref": "paper",
        "yanchor": "bottom",
        "xanchor": anchor,
        "text": words,
        "font": {"size": 12, "color": _MUTED},
    }
