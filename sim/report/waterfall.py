"""A waterfall: from one number to another, a step a part, each from where the last one ended.

Drawn as bars with a base. What a step adds is told by its sign beside it, by where it begins and
ends, and by the colours of change; hue is left to the two scenarios that it leads from and to.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from sim.analysis.why import Mean
from sim.report.figures import LETTER
from sim.report.labels import wrapped
from sim.report.markup import chart_text
from sim.report.numbers import decimals, interval, number, signed, significant
from sim.report.theme import Json, change_colour

ROW: Final = 27
TALL_ROW: Final = 40
HEAD: Final = 30
FOOT: Final = 30
MOST_PLACES: Final = 2
STRENGTH: Final = 0.7
"""Of the colours of change: legible as a shape (3 to 1) on light and on dark paper."""


@dataclass(frozen=True)
class Bar:
    """A row of a waterfall.

    Attributes:
        label: what it is.
        mean: how long it is; a step's change, or a level counted from zero.
        hue: of a level, that of its scenario; None for a step.
    """

    label: str
    mean: Mean
    hue: str | None = None


def waterfall(bars: Sequence[Bar], scale: tuple[float, float], ends: tuple[str, str]) -> Json:
    """Rows from top to bottom.

    Args:
        bars: levels begin at zero, steps where the row above ends.
        scale: range of the axis, the same in waterfalls that stand beside one another.
        ends: what it means to lie left and right of zero.
    """
    bases, tips = _places(bars)
    count = len(bars)
    rows = [-float(row) for row in range(count)]
    values = [value_words(bar.mean, step=bar.hue is None) for bar in bars]
    left = round(max(len(bar.label) for bar in bars) * (LETTER - 0.6)) + 16
    right = round(max(map(len, values)) * LETTER) + 14
    axis: Json = {"range": list(scale), "nticks": 5, "tickformat": ",~r", "showgrid": True}
    bar: Json = {
        "type": "bar",
        "orientation": "h",
        "base": [significant(base) for base in bases],
        "x": [significant(bar.mean.value) for bar in bars],
        "y": rows,
        "width": 0.56,
        "marker": {"color": [_colour(bar) for bar in bars], "line": {"width": 0}},
        "hovertemplate": [_hover(bar) for bar in bars],
    }
    halves = [bar.mean.half for bar in bars]
    if any(halves):
        bar["error_x"] = {
            "type": "data",
            "array": [significant(half or 0.0) for half in halves],
            "thickness": 1.4,
            "width": 4,
        }
    sides = _sides(ends)
    layout: Json = {
        "height": HEAD + ROW * count + FOOT,
        "margin": {"l": left, "r": right, "t": HEAD, "b": FOOT},
        "xaxis": axis,
        "yaxis": {"range": [0.5 - count, 0.5], "visible": False},
        "shapes": [_zero(), *_ties(rows, tips)],
        "annotations": [*sides, *_labels(bars, rows), *_values(values, rows)],
    }
    return {
        "data": [bar],
        "layout": layout,
        "narrow": {
            "height": HEAD + TALL_ROW * count + FOOT,
            "margin": {"l": 6, "r": 6, "t": HEAD, "b": FOOT},
            "yaxis": {"range": [0.42 - count, 0.66], "visible": False},
            "annotations": [*sides, *_above(bars, values, rows)],
        },
        "csv": _numbers(bars),
    }


def scale_of(waterfalls: Sequence[Sequence[Bar]]) -> tuple[float, float]:
    """A range that holds all of them, intervals included, and zero."""
    ends = [0.0]
    for bars in waterfalls:
        bases, tips = _places(bars)
        for bar, base, tip in zip(bars, bases, tips, strict=True):
            half = bar.mean.half or 0.0
            ends += [base, tip - half, tip + half]
    low, high = min(ends), max(ends)
    room = 0.04 * (high - low) or 1.0
    return significant(low - room, 3), significant(high + room, 3)


def value_words(mean: Mean, *, step: bool) -> str:
    """A level or a step, no digit finer than its Monte Carlo error."""
    return signed(mean.value, _decimals(mean)) if step else number(mean.value, _decimals(mean))


def interval_words(mean: Mean) -> str:
    """Its 95 % interval; a dash where there is none."""
    if mean.half is None:
        return interval(None, None, 0)
    ends = mean.value - mean.half, mean.value + mean.half
    return interval(*ends, min(MOST_PLACES, _decimals(mean) + 1), sign=True)


def _decimals(mean: Mean) -> int:
    """As its error allows; what has none, a single world's or one that never varies, gets two."""
    if not mean.error:
        return MOST_PLACES
    return min(MOST_PLACES, decimals(mean.error, mean.value))


def _places(bars: Sequence[Bar]) -> tuple[list[float], list[float]]:
    """Where bars begin and end."""
    bases, tips, at = [], [], 0.0
    for bar in bars:
        bases.append(0.0 if bar.hue else at)
        at = bases[-1] + bar.mean.value
        tips.append(at)
    return bases, tips


def _colour(bar: Bar) -> str:
    if bar.hue:
        return bar.hue
    return change_colour(STRENGTH if bar.mean.value > 0 else -STRENGTH)[0]


def _hover(bar: Bar) -> str:
    words = f"{chart_text(bar.label)}<br>{value_words(bar.mean, step=bar.hue is None)}"
    if bar.mean.half is not None:
        words += f"<br>95 %: {interval_words(bar.mean)}"
    return f"{words}<extra></extra>"


def _zero() -> Json:
    ends = {"x0": 0, "x1": 0, "y0": 0, "y1": 1, "yref": "paper"}
    return {"type": "line", **ends, "layer": "below", "line": {"width": 1.4}}


def _ties(rows: Sequence[float], tips: Sequence[float]) -> list[Json]:
    """Thin lines from the end of each bar to the next."""
    out = []
    for (above, below), tip in zip(pairwise(rows), tips, strict=False):
        at = {
            "x0": significant(tip),
            "x1": significant(tip),
            "y0": above - 0.28,
            "y1": below + 0.28,
        }
        out.append({"type": "line", **at, "line": {"width": 1}})
    return out


def _sides(ends: tuple[str, str]) -> list[Json]:
    """What left and right mean, above the picture."""
    at = {"xref": "paper", "yref": "paper", "y": 1, "yanchor": "bottom", "yshift": 6}
    small = {"font": {"size": 12}}
    left, right = (chart_text(words) for words in ends)
    return [
        {**at, **small, "x": 0, "xanchor": "left", "text": f"← {left}"},
        {**at, **small, "x": 1, "xanchor": "right", "text": f"{right} →"},
    ]


def _labels(bars: Sequence[Bar], rows: Sequence[float]) -> list[Json]:
    at = {"xref": "paper", "x": 0, "xanchor": "right", "xshift": -10, "align": "right"}
    return [
        {**at, "yref": "y", "yanchor": "middle", "y": row, "text": _said(bar)}
        for bar, row in zip(bars, rows, strict=True)
    ]


def _said(bar: Bar) -> str:
    """A level's label is bold, since it is where the picture begins or ends."""
    text = chart_text(wrapped(bar.label, 40, 1)[0])
    return f"<b>{text}</b>" if bar.hue else text


def _values(values: Sequence[str], rows: Sequence[float]) -> list[Json]:
    at = {"xref": "paper", "x": 1, "xanchor": "right", "yref": "y", "yanchor": "middle"}
    shift = round(max(map(len, values)) * LETTER) + 10
    return [
        {**at, "xshift": shift, "y": row, "text": text}
        for text, row in zip(values, rows, strict=True)
    ]


def _above(bars: Sequence[Bar], values: Sequence[str], rows: Sequence[float]) -> list[Json]:
    """In a narrow picture label and number stand above each bar."""
    at = {"xref": "paper", "yref": "y", "yanchor": "middle", "font": {"size": 12}}
    out: list[Json] = []
    for bar, text, row in zip(bars, values, rows, strict=True):
        out.append({**at, "x": 0, "xanchor": "left", "y": row + 0.46, "text": _said(bar)})
        out.append({**at, "x": 1, "xanchor": "right", "y": row + 0.46, "text": text})
    return out


def _numbers(bars: Sequence[Bar]) -> Json:
    """What a waterfall shows, for those who take its numbers along."""
    rows: list[list[str | float | None]] = []
    for bar in bars:
        mean = bar.mean
        half = None if mean.half is None else significant(mean.half, 9)
        rows.append([bar.label, "level" if bar.hue else "step", significant(mean.value, 9), half])
    return {"head": ["part", "kind", "worth", "half_width_95"], "rows": rows}
