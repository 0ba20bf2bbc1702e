"""Pictures as plain Plotly JSON: `{"data", "layout", "narrow"}`.

`narrow` holds what the layout changes where the picture has less than 480 pixels, `paths` what it
changes while whole paths are shown instead of bands. Dates are the
shared word `MONTHS_HERE`, which `complete` (and the page's script) replaces, so that a page says
them once. No figure carries a template: the page, or the notebook, sets the one that all share.
"""

import math
from collections.abc import Iterable, Mapping
from typing import Any, Final

from sim.analysis.partings import Line
from sim.report.aggregates import Course, Digest, View
from sim.report.labels import month_ticks, spread_out, wrapped
from sim.report.markup import chart_text
from sim.report.numbers import decimals, number
from sim.report.phrases import end_words
from sim.report.scales import Scale
from sim.report.theme import BAND_50, BAND_90, LIGHT, MEDIAN_WIDTH, Json, Look

MONTHS_HERE: Final = "$months"
PATHS_HERE: Final = "$paths"
BANDS_HERE: Final = "$bands"
GAPS_HERE: Final = "$gaps"
HOVER_LINES: Final = {
    BANDS_HERE: ("q05", "q25", "q75", "q95"),
    GAPS_HERE: ("q05", "q25", "q75", "q95", "mean", "low", "high", "differ"),
}
"""Lines of a chart that its hover tells of, month by month, by the word that stands for them."""
PAPER_HERE: Final = "$paper"
MUTED_HERE: Final = "$muted"
COLOURS_HERE: Final = {PAPER_HERE: LIGHT.paper, MUTED_HERE: LIGHT.muted}
LABEL_GAP: Final = 17
WIDE: Final = (28, 1, 13)
NARROW: Final = {False: (13, 2, 12), True: (12, 1, 11)}
"""Shape of end labels: letters a line, lines of title, size; narrow ones by whether crowded."""
CROWDED: Final = 6
FAN_HEIGHT: Final = 196
LONE_FAN_HEIGHT: Final = 340
LETTER: Final = 7.6
"""Pixels a letter of 13 px takes at most on average; what is reserved for labels rests on it."""


def complete(chart: Json, months: tuple[str, ...], narrow: bool = False) -> Json:
    """A chart that stands alone: dates and hover data filled in.

    Args:
        chart: as made here.
        months: dates of the axis.
        narrow: whether to take the narrow layout.
    """
    layout = {**chart["layout"], **(chart.get("narrow", {}) if narrow else {})}
    lines = {trace["meta"]: trace["y"] for trace in chart["data"] if "meta" in trace}
    lines |= chart.get("lines", {})
    nothing: Line = [None] * len(months)
    data = []
    for trace in chart["data"]:
        filled = dict(trace)
        if filled.get("x") == MONTHS_HERE:
            filled["x"] = list(months)
        if filled.get("x") == PATHS_HERE:
            filled["x"] = [*months, None] * (len(filled["y"]) // (len(months) + 1))
        if isinstance(filled.get("customdata"), str):
            told = (lines.get(key, nothing) for key in HOVER_LINES[filled["customdata"]])
            filled["customdata"] = [list(row) for row in zip(*told, strict=True)]
        wanted = filled.get("marker", {}).get("color")
        colour = COLOURS_HERE.get(wanted) if isinstance(wanted, str) else None
        if colour is not None:
            filled["marker"] = {**filled["marker"], "color": colour}
        data.append(filled)
    if "annotations" in layout:
        layout["annotations"] = [
            {**note, "arrowcolor": LIGHT.muted} if note.get("arrowcolor") == MUTED_HERE else note
            for note in layout["annotations"]
        ]
    return {"data": data, "layout": layout}


def medians(digest: Digest, view: View, least: int = 360) -> Json:
    """The middle of every scenario over time, overlaid, each line labelled at its end.

    Args:
        digest: the report's numbers.
        view: the outcome.
        least: height in pixels; more where there are many scenarios.
    """
    height = max(least, LABEL_GAP * len(digest.titles) + 96)
    crowded = len(digest.titles) > CROWDED
    data = []
    order = [*(i for i in digest.others if digest.looks[i].grey)]
    order += [i for i in digest.others if i not in order] + [digest.baseline]
    for i in order:
        data += _median_lines(digest, view, i)
    layout = {
        "height": height,
        "xaxis": month_axis(digest.months, 9),
        "yaxis": value_axis(view.middle_scale),
    }
    narrow = NARROW[crowded]
    return {
        "data": data,
        "layout": {
            **layout,
            "margin": {"l": 52, "r": _label_room(digest, view, WIDE), "t": 14, "b": 44},
            "annotations": _end_labels(digest, view, height - 58, WIDE),
        },
        "narrow": {
            "xaxis": month_axis(digest.months, 4),
            "margin": {"l": 44, "r": _label_room(digest, view, narrow), "t": 14, "b": 44},
            "annotations": _end_labels(digest, view, height - 58, narrow),
        },
    }


def fan(digest: Digest, view: View, index: int) -> Json:
    """One scenario over time: median, bands of 50 and 90 % of worlds, the baseline's median."""
    course, look = view.courses[index], digest.looks[index]
    lone = digest.single
    data: list[Json] = []
    if view.measure.event:
        data += [_line_trace(view, course.middle, look, "share", hover=_hover(course))]
    else:
        data += band_traces(course.lines, look, view.scale)
        data.append(_whole_paths(view, course, look))
    if index != digest.baseline:
        base = digest.looks[digest.baseline]
        middle = view.courses[digest.baseline].middle
        data.append(_line_trace(view, middle, base, "baseline") | {"hoverinfo": "skip"})
    if not view.measure.event:
        hover = _hover(course)
        median = _line_trace(view, course.middle, look, "median", hover=hover)
        data.append(median | {"customdata": BANDS_HERE})
    beyond = reach_notes([*course.lines.values()], view.scale)
    far = reach_notes([*course.paths, course.middle], view.path_scale)
    if beyond or far:
        data = [{**trace, "cliponaxis": True} for trace in data]
    return {
        "data": data,
        "layout": {
            "height": LONE_FAN_HEIGHT if lone else FAN_HEIGHT,
            "xaxis": month_axis(digest.months, 9 if lone else 5),
            "yaxis": value_axis(view.scale, 6 if lone else 4),
            "margin": {"l": 48, "r": 14, "t": 10, "b": 42},
            **({"annotations": beyond} if beyond or far else {}),
        },
        "narrow": {"xaxis": month_axis(digest.months, 4)},
        "paths": {
            "yaxis": value_axis(view.path_scale, 6 if lone else 4),
            **({"annotations": far} if beyond or far else {}),
        },
    }


def reach_notes(lines: Iterable[Line], scale: Scale) -> list[Json]:
    """Where lines go beyond the scale of their picture: how far, at the edge that they cross."""
    values = [value for line in lines for value in line if value is not None]
    notes: list[Json] = []
    low, high = scale
    edges = ((max(values, default=high), 1, "top"), (min(values, default=low), 0, "bottom"))
    for value, edge, anchor in edges:
        if low <= value <= high:
            continue
        text = f"reaches {number(value, decimals(None, value))}"
        at = {"x": 0.99, "xref": "paper", "xanchor": "right", "y": edge, "yref": "paper"}
        box = {"font": {"size": 12}, "yanchor": anchor}
        notes.append({**at, **box, "text": text})
    return notes


def _median_lines(digest: Digest, view: View, index: int) -> list[Json]:
    course = view.courses[index]
    look, line = digest.looks[index], course.middle
    hover = f"{chart_text(digest.titles[index])}<br>{_hover(course)}"
    trace = _line_trace(view, line, look, "median", hover=hover)
    if not course.event:
        bands = (rounded(course.lines[key], view.scale) for key in HOVER_LINES[BANDS_HERE])
        trace["customdata"] = [list(row) for row in zip(*bands, strict=True)]
    trace["line"]["width"] = 1.4 if look.grey else MEDIAN_WIDTH
    trace["name"] = str(index)
    end = {
        "type": "scatter",
        "mode": "markers",
        "x": [digest.months[-1]],
        "y": trace["y"][-1:],
        "marker": {"color": look.hue, "symbol": look.symbol, "size": 9},
        "hoverinfo": "skip",
        "name": str(index),
        "cliponaxis": False,
    }
    del trace["meta"]
    return [trace, end]


def _line_trace(view: View, line: Line, look: Look, meta: str, hover: str = "") -> Json:
    drawn = sum(value is not None for value in line)
    trace: Json = {
        "type": "scatter",
        "mode": "lines" if drawn > 1 else "markers",
        "x": MONTHS_HERE,
        "y": rounded(line, view.scale),
        "line": {"color": look.hue, "width": MEDIAN_WIDTH, "dash": look.dash},
        "marker": {"color": look.hue, "symbol": look.symbol, "size": 9},
        "meta": meta,
        "cliponaxis": False,
    }
    if hover:
        trace["hovertemplate"] = hover
    return trace


def band_traces(lines: Mapping[str, Line], look: Look, scale: Scale) -> list[Json]:
    """Bands of 90 and of 50 worlds of 100, without outline."""
    traces = []
    for low, high, alpha in (("q05", "q95", BAND_90), ("q25", "q75", BAND_50)):
        traces.append(_edge(lines[low], scale, low))
        traces.append(_edge(lines[high], scale, high) | _filled(look.band(alpha)))
    return traces


def _edge(line: Line, scale: Scale, meta: str) -> Json:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": MONTHS_HERE,
        "y": rounded(line, scale),
        "line": {"width": 0, "color": "rgba(0,0,0,0)"},
        "hoverinfo": "skip",
        "meta": meta,
    }


def _filled(colour: str) -> Json:
    return {"fill": "tonexty", "fillcolor": colour}


def _whole_paths(view: View, course: Course, look: Look) -> Json:
    """All example worlds as one trace with gaps, which draws faster than one trace each."""
    y: Line = []
    for path in course.paths:
        y += [*rounded(path, view.scale), None]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": PATHS_HERE,
        "y": y,
        "connectgaps": False,
        "line": {"color": look.band(0.62), "width": 1},
        "hoverinfo": "skip",
        "visible": False,
        "meta": "paths",
    }


def _end_label(scenario: str, value: str, width: int, lines: int = 1) -> list[str]:
    """A line's label, as lines of plain text: the scenario and where its middle ends."""
    title = wrapped(scenario, width, lines)
    if not value:
        return title
    if lines > 1 and len(title[-1]) + len(value) > width:
        return [*title, value]
    return [*title[:-1], f"{title[-1]} {value}"]


def _label_room(digest: Digest, view: View, shape: tuple[int, int, int]) -> int:
    """Pixels that the longest of these labels takes at the right."""
    width, lines, size = shape
    titled = zip(digest.titles, end_words(digest, view), strict=True)
    labels = (_end_label(title, value, width, lines) for title, value in titled)
    longest = max(len(line) for label in labels for line in label)
    return 24 + math.ceil(longest * LETTER * size / WIDE[2])


def _end_labels(digest: Digest, view: View, pixels: int, shape: tuple[int, int, int]) -> list[Json]:
    """Labels at the right end of the lines, apart from one another, tied to them by a thin line."""
    width, lines, size = shape
    shown = [i for i, one in enumerate(view.courses) if one.middle[-1] is not None]
    ends = [float(view.courses[i].middle[-1] or 0) for i in shown]
    low, high = view.middle_scale
    wanted = [(high - end) * pixels / (high - low) for end in ends]
    values = end_words(digest, view)
    labels = [_end_label(digest.titles[i], values[i], width, lines) for i in shown]
    tallest = max(map(len, labels), default=1)
    gap = math.ceil(1.3 * size) * tallest
    placed = spread_out(wanted, gap, 0, pixels)
    return [
        {
            "x": 1,
            "xref": "paper",
            "y": end,
            "yref": "y",
            "ax": 16,
            "ay": round(at - want, 1),
            "xanchor": "left",
            "align": "left",
            "showarrow": True,
            "arrowhead": 0,
            "arrowwidth": 1,
            "arrowcolor": digest.looks[i].hue,
            "standoff": 5,
            "text": "<br>".join(map(chart_text, label)),
            "font": {"size": size},
            "name": str(i),
        }
        for i, label, end, want, at in zip(shown, labels, ends, wanted, placed, strict=True)
    ]


def month_axis(months: tuple[str, ...], most: int) -> Json:
    """An axis of months with at most about so many ticks."""
    positions, words = month_ticks(months, most)
    return {
        "type": "date",
        "range": [months[0], months[-1]] if len(months) > 1 else None,
        "tickvals": positions,
        "ticktext": words,
    }


def value_axis(scale: Scale, ticks: int = 6) -> Json:
    """An axis of values."""
    return {"range": list(scale), "nticks": ticks, "tickformat": ",~r"}


def _format(course: Course) -> str:
    return f",.{max(course.places, 0)}f"


def _band_format(course: Course, low: str, high: str) -> str:
    """Format of a band's edges, no digit finer than the error of the less certain one."""
    errors = [one for key in (low, high) if (one := course.final.errors[key]) is not None]
    ends = [one for key in (low, high) if (one := course.final.values[key]) is not None]
    return f",.{max(decimals(max(errors, default=None), *ends), 0)}f"


def _hover(course: Course) -> str:
    form = _format(course)
    if course.final.worlds == 1:
        return f"%{{x|%B %Y}}: %{{y:{form}}}<br>1 world<extra></extra>"
    if course.event:
        worlds = f"<br>{course.final.worlds:,} worlds<extra></extra>"
        return f"%{{x|%B %Y}}: %{{y:{form}}} of 100 worlds{worlds}"
    inner, outer = _band_format(course, "q25", "q75"), _band_format(course, "q05", "q95")
    return (
        f"%{{x|%B %Y}}: median %{{y:{form}}}"
        f"<br>50 of 100 worlds: %{{customdata[1]:{inner}}} to %{{customdata[2]:{inner}}}"
        f"<br>90 of 100 worlds: %{{customdata[0]:{outer}}} to %{{customdata[3]:{outer}}}"
        f"<br>{course.final.worlds:,} worlds<extra></extra>"
    )


def rounded(line: Iterable[float | None], scale: Scale) -> list[Any]:
    """Values no finer than a four-thousandth of the scale, which is less than a pixel."""
    low, high = scale
    places = max(0, math.ceil(-math.log10((high - low) / 4000)))
    return [None if value is None else round(value, places) for value in line]
