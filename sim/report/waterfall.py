"""A waterfall: from one number to another, a step a part, each from where the last one ended.

Drawn as bars with a base. What a step adds is told by its sign beside it, by where it begins and
ends, and by the colours of change; hue is left to the two scenarios that it leads from and to.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from sim.analysis.why import Mean
from sim.report.figures import LETTER
from sim.report.labels import wrapped
from sim.report.markup import chart_text
from sim.report.numbers import decimals, interval, signed, significant
from sim.report.theme import Json, change_colour

ROW: Final = 27
TALL_ROW: Final = 40
HALF: Final = 0.28
"""Of the height of a bar, in rows."""
HEAD: Final = 30
FOOT: Final = 30
MOST_PLACES: Final = 2
SMALL: Final = 0.005
"""Parts of a worth, in units of scale, that no picture can show."""
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


def waterfalls(several: Sequence[Sequence[Bar]], ends: tuple[str, str]) -> list[Json]:
    """Waterfalls that stand beside one another, on one scale and with one place for numbers.

    Args:
        several: rows of each from top to bottom. Levels begin at zero, steps where the row above
            ends.
        ends: what it means to lie left and right of zero.
    """
    values = [values_of(bars) for bars in several]
    wide = max(len(text) for texts in values for text in texts)
    longest = max(len(bar.label) for bars in several for bar in bars)
    margin = {"l": round(longest * LETTER) + 18, "r": round(wide * LETTER) + 14}
    scale = _scale(several)
    return [
        _waterfall(bars, texts, scale, margin, ends)
        for bars, texts in zip(several, values, strict=True)
    ]


def _waterfall(
    bars: Sequence[Bar],
    values: Sequence[str],
    scale: tuple[float, float],
    margin: Mapping[str, int],
    ends: tuple[str, str],
) -> Json:
    bases, tips = _places(bars)
    count = len(bars)
    rows = [-float(row) for row in range(count)]
    sides = _sides(ends)
    upright = {"t": HEAD, "b": FOOT}
    layout: Json = {
        "height": HEAD + ROW * count + FOOT,
        "margin": {**margin, **upright},
        "barmode": "overlay",
        "xaxis": {"range": list(scale), "nticks": 5, "tickformat": ",~r", "showgrid": True},
        "yaxis": {"range": [0.5 - count, 0.5], "visible": False},
        "shapes": [_zero(), *_ties(bars, rows, tips)],
        "annotations": [*sides, *_labels(bars, rows), *_values(values, rows, margin["r"] - 4)],
    }
    return {
        "data": _traces(bars, bases, rows, values),
        "layout": layout,
        "narrow": {
            "height": HEAD + TALL_ROW * count + FOOT,
            "margin": {"l": 6, "r": 6, **upright},
            "yaxis": {"range": [0.42 - count, 0.66], "visible": False},
            "shapes": [_zero(row - HALF, row + HALF, "y") for row in rows],
            "annotations": [*sides, *_above(bars, values, rows)],
        },
        "csv": _numbers(bars),
    }


def _traces(
    bars: Sequence[Bar], bases: Sequence[float], rows: Sequence[float], values: Sequence[str]
) -> list[Json]:
    """Bars with whiskers, and those without: one trace would draw whiskers of no length."""
    out = []
    for whiskers in (True, False):
        chosen = [n for n, bar in enumerate(bars) if _has_whisker(bar) == whiskers]
        if not chosen:
            continue
        trace: Json = {
            "type": "bar",
            "orientation": "h",
            "base": [significant(bases[n]) for n in chosen],
            "x": [significant(bars[n].mean.value) for n in chosen],
            "y": [rows[n] for n in chosen],
            "width": 2 * HALF,
            "marker": {"color": [_colour(bars[n]) for n in chosen], "line": {"width": 0}},
            "hovertemplate": [_hover(bars[n], values[n], decimals_of(bars)) for n in chosen],
        }
        if whiskers:
            halves = [significant(bars[n].mean.half or 0.0) for n in chosen]
            trace["error_x"] = {"type": "data", "array": halves, "thickness": 1.4, "width": 4}
        out.append(trace)
    return out


def _has_whisker(bar: Bar) -> bool:
    return (bar.mean.half or 0.0) >= SMALL and abs(bar.mean.value) >= SMALL


def values_of(bars: Sequence[Bar]) -> list[str]:
    """The number beside each bar, all with as many decimals."""
    places = decimals_of(bars)
    return [signed(bar.mean.value, places) for bar in bars]


def decimals_of(bars: Sequence[Bar]) -> int:
    """Decimals for every number of a waterfall, and for the words that tell of it.

    As `places_of` has them; one more where rounded parts do not add up to the rounded whole, and
    more where one more still leaves them further apart than one last digit.
    """
    levels = [bar.mean for bar in bars if bar.hue]
    places = places_of([bar.mean for bar in bars if not bar.hue], levels)
    if places < MOST_PLACES and _apart(bars, places) > 0:
        places += 1
    while places < MOST_PLACES and _apart(bars, places) > 1:
        places += 1
    return places


def _apart(bars: Sequence[Bar], places: int) -> int:
    """How many last digits lie between the sum of the rounded parts and the rounded whole."""
    *parts, whole = (round(bar.mean.value * 10**places) for bar in bars)
    return abs(sum(parts) - whole)


def _scale(several: Sequence[Sequence[Bar]]) -> tuple[float, float]:
    """A range that holds all of them, intervals included, and zero."""
    ends = [0.0]
    for bars in several:
        bases, tips = _places(bars)
        for bar, base, tip in zip(bars, bases, tips, strict=True):
            half = bar.mean.half or 0.0
            ends += [base, tip - half, tip + half]
    low, high = min(ends), max(ends)
    room = 0.04 * (high - low) or 1.0
    return significant(low - room, 3), significant(high + room, 3)


def places_of(steps: Iterable[Mean], levels: Iterable[Mean] = ()) -> int:
    """Decimals for all numbers of a waterfall: as the step that is known best allows.

    One count for all, so that what is shown adds up but for rounding; one more where a step or a
    level would round away. Whiskers and intervals say how well each is known. A single world's
    numbers, which have no error, get two.
    """
    known = [mean for mean in steps if abs(mean.value) >= SMALL]
    errors = [mean.error for mean in known if mean.error]
    if not errors:
        return MOST_PLACES
    places = decimals(min(errors), *(mean.value for mean in known))
    told = [*known, *(mean for mean in levels if abs(mean.value) >= SMALL)]
    vanished = any(round(mean.value, places) == 0 for mean in told)
    return min(MOST_PLACES, places + 1 if vanished else places)


def interval_words(mean: Mean, places: int) -> str:
    """Its 95 % interval; a dash where there is none."""
    if mean.half is None:
        return interval(None, None, 0)
    return interval(mean.value - mean.half, mean.value + mean.half, places, sign=True)


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


def _hover(bar: Bar, value: str, places: int) -> str:
    words = f"{chart_text(bar.label)}<br>{value}"
    if bar.mean.half is not None:
        words += f"<br>95 %: {interval_words(bar.mean, places)}"
    return f"{words}<extra></extra>"


def _zero(low: float = 0, high: float = 1, of: str = "paper") -> Json:
    """The line at zero; in a narrow picture only beside the bars, since words stand between."""
    ends = {"x0": 0, "x1": 0, "y0": low, "y1": high, "yref": of}
    return {"type": "line", **ends, "layer": "below", "line": {"width": 1.4}}


def _ties(bars: Sequence[Bar], rows: Sequence[float], tips: Sequence[float]) -> list[Json]:
    """Thin lines from the end of each bar to the next, and where a bar is too short to be seen."""
    steps = zip(pairwise(rows), tips, strict=False)  # the last bar leads nowhere
    spans = [(tip, above - HALF, below + HALF) for (above, below), tip in steps]
    spans += [
        (tip, row + HALF, row - HALF)
        for bar, row, tip in zip(bars, rows, tips, strict=True)
        if abs(bar.mean.value) < SMALL
    ]
    return [
        {"type": "line", "x0": at, "x1": at, "y0": top, "y1": bottom, "line": {"width": 1}}
        for at, top, bottom in ((significant(tip), top, bottom) for tip, top, bottom in spans)
    ]


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


def _values(values: Sequence[str], rows: Sequence[float], shift: int) -> list[Json]:
    at = {"xref": "paper", "x": 1, "xanchor": "right", "yref": "y", "yanchor": "middle"}
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
