"""Pictures of a back-test: a series with the model's bands, the figures, the naive forecast."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from sim.analysis import naive
from sim.analysis.backtest import Backtest
from sim.analysis.forecasts import Forecast, SeriesScore
from sim.analysis.observed import Point, Span
from sim.analysis.scores import QUANTILES
from sim.report.labels import month_ticks
from sim.report.numbers import significant
from sim.report.theme import BAND_50, BAND_90, HUES, MEDIAN_WIDTH, Json, Look
from sim.scenario.month import Month

HEIGHT: Final = 250
ERROR_90: Final = 1.645
"""Standard deviations to either side that hold 90 % of a normal distribution."""
LOOKS: Final = {
    "whole": Look(HUES[0], "solid", "circle"),
    "issued": Look(HUES[2], "solid", "circle"),
}
NAIVE_LINE: Final = {"color": "$muted", "width": 1.3, "dash": "dot"}
MONTHS: Final = "$months"


def first_days(found: Backtest) -> tuple[str, ...]:
    """First days of the months of the axis, from the one before the run on."""
    start, last = found.scenario.start, _last(found)
    return tuple(f"{start + k}-01" for k in range(-1, last - start + 1))


def _last(found: Backtest) -> Month:
    return max(forecast.paths.last for forecast in found.forecasts)


def fan(found: Backtest, forecast: Forecast, score: SeriesScore) -> Json:
    """A series over time: bands of the model, figures with their error, and persistence.

    The bands are those of the model itself; measurement error stands on the figures instead.
    """
    lines, look = _bands(found, forecast, score), LOOKS[forecast.kind]
    bands = {q: line for q, line in zip(QUANTILES, lines, strict=True)}
    data: list[Json] = []
    for low, high, alpha in ((0.05, 0.95, BAND_90), (0.25, 0.75, BAND_50)):
        data.append(_line(bands[low], {"width": 0, "color": "rgba(0,0,0,0)"}))
        filled = {"fill": "tonexty", "fillcolor": look.band(alpha)}
        data.append(_line(bands[high], {"width": 0, "color": "rgba(0,0,0,0)"}) | filled)
    rival = _rival(found, score)
    data += [_line(line, NAIVE_LINE) for line in rival]
    hover = f"%{{x|%B %Y}}: median %{{y:,.4~r}}<extra>{forecast.kind}</extra>"
    data.append(
        _line(bands[0.5], {"width": MEDIAN_WIDTH, "color": look.hue})
        | {"hovertemplate": hover, "hoverinfo": "all"}
    )
    data += _figures(found, score)
    shown = [value for line in lines for value in line if value is not None]
    shown += [value for p in _known(found, score) for value in _ends(score, p)]
    months = first_days(found)
    return {
        "data": data,
        "layout": {
            "height": HEIGHT,
            "xaxis": _axis(months, 6),
            "yaxis": _values(shown, score.series.log),
            "margin": {"l": 52, "r": 14, "t": 10, "b": 42},
        },
        "narrow": {"xaxis": _axis(months, 4)},
    }


def _bands(found: Backtest, forecast: Forecast, score: SeriesScore) -> list[list[float | None]]:
    """Quantiles over worlds, month by month, None where the forecast has no say."""
    series, paths, record = score.series, forecast.paths, found.record
    points = record.points[series.name]
    length = series.months or (points[-1].period.months if points else 1)
    known = paths.start + -1 if forecast.issued is None else forecast.issued
    # what a month added is not known of the month in which the state was set
    first = known + 1 if series.over == "change" else known
    columns: list[list[float | None]] = []
    for day in first_days(found):
        month = Month.parse(day[:7])
        if not first <= month <= paths.last:
            columns.append([None] * len(QUANTILES))
            continue
        level = record.level(series, paths, Span(month + (1 - length), month))
        columns.append([significant(float(v)) for v in np.quantile(level, QUANTILES)])
    return [list(line) for line in zip(*columns, strict=True)]


def _rival(found: Backtest, score: SeriesScore) -> list[list[float | None]]:
    """Persistence over the window: its median and the ends of its band of 90 %."""
    series, window = score.series, found.window
    issued = window.first + -1
    past = found.record.until(series, issued)
    months = [p.period.last - issued for p in past]
    values = [series.figure(p.value) for p in past]
    columns: list[list[float | None]] = []
    for day in first_days(found):
        month = Month.parse(day[:7])
        one = naive.persistence(months, values, month - issued) if month in window else None
        if one is None:
            columns.append([None] * 3)
        else:
            at = series.plain(one.quantiles((0.05, 0.5, 0.95)))
            columns.append([significant(float(value)) for value in at])
    return [list(line) for line in zip(*columns, strict=True)]


def _known(found: Backtest, score: SeriesScore) -> list[Point]:
    shown = Span(found.scenario.start + -1, _last(found))
    return [p for p in found.record.points[score.series.name] if p.period.last in shown]


def _ends(score: SeriesScore, point: Point) -> tuple[float, float]:
    """Ends of the bar of a figure's error, 90 %."""
    at, wide = score.series.figure(point.value), ERROR_90 * point.sd
    low, high = score.series.plain(np.array([at - wide, at + wide]))
    return float(low), float(high)


def _figures(found: Backtest, score: SeriesScore) -> list[Json]:
    """Figures that are scored, filled; others hollow."""
    scored = {one.point.date for one in score.figures}
    known = _known(found, score)
    traces = []
    for filled in (False, True):
        points = [p for p in known if (p.date in scored) == filled]
        ends = [_ends(score, p) for p in points]
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": [f"{p.period.last}-01" for p in points],
                "y": [significant(p.value) for p in points],
                "error_y": {
                    "type": "data",
                    "symmetric": False,
                    "array": [
                        significant(high - p.value)
                        for p, (_, high) in zip(points, ends, strict=True)
                    ],
                    "arrayminus": [
                        significant(p.value - low) for p, (low, _) in zip(points, ends, strict=True)
                    ],
                    "color": "$ink",
                    "thickness": 1,
                    "width": 0,
                },
                "marker": {
                    "color": "$ink" if filled else "$paper",
                    "size": 6.5,
                    "line": {"color": "$ink", "width": 1.2},
                },
                "hovertemplate": "%{x|%B %Y}: observed %{y:,.4~r}<extra></extra>",
                "cliponaxis": False,
            }
        )
    return traces


def _line(values: Sequence[float | None], line: Json) -> Json:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": MONTHS,
        "y": list(values),
        "line": line,
        "hoverinfo": "skip",
    }


def _axis(months: tuple[str, ...], most: int) -> Json:
    positions, words = month_ticks(months, most)
    before, last = Month.parse(months[0][:7]) + -1, months[-1][:7]
    return {
        "type": "date",
        "range": [f"{before}-15", f"{last}-15"],  # room for the first and the last dot
        "tickvals": positions,
        "ticktext": words,
    }


def _values(shown: Sequence[float], log: bool) -> Json:
    """An axis that holds bands and figures; naive bands may leave it."""
    low, high = min(shown), max(shown)
    if not log:
        room = 0.06 * (high - low or abs(high) or 1.0)
        return {"range": [low - room, high + room], "nticks": 5, "tickformat": ",~r"}
    low = max(low, high * 1e-4)  # worlds without any are not worth an axis of their own
    ends = [math.log10(low) - 0.05, math.log10(high) + 0.05]
    ticks: list[Any] = [
        step * 10.0**power
        for power in range(math.floor(ends[0]), math.ceil(ends[1]) + 1)
        for step in ((1, 2, 5) if ends[1] - ends[0] < 1.6 else (1,))
        if ends[0] <= math.log10(step) + power <= ends[1]
    ]
    return {
        "type": "log",
        "range": ends,
        "tickvals": ticks,
        "ticktext": [f"{tick:,.10g}" for tick in ticks],
    }


def alt(forecast: Forecast, score: SeriesScore) -> str:
    """A picture in words."""
    last = score.figures[-1]
    low, middle, high = last.quantiles[0], last.quantiles[2], last.quantiles[-1]
    return (
        f"{score.series.title}, {score.series.unit}. In {last.point.date} the median world has "
        f"{middle:.3g}, 90 of 100 lie between {low:.3g} and {high:.3g}; observed "
        f"{last.point.value:.3g}."
    )
