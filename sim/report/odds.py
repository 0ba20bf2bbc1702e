"""Pictures of differences and of odds: forests, end states, fifty dots."""

from typing import Final

from sim.analysis.compare import When
from sim.analysis.differences import Change
from sim.analysis.outcomes import STATUS
from sim.analysis.yardsticks import MARK, SHORT
from sim.report.aggregates import Digest, View
from sim.report.figures import LETTER, PAPER_HERE
from sim.report.labels import wrapped
from sim.report.markup import chart_text
from sim.report.numbers import decimals, of_worlds, significant
from sim.report.phrases import (
    Places,
    higher_in,
    inner_words,
    marked,
    mean_change,
    mean_interval_words,
    median_change,
    odds_words,
    outer_words,
    places_beside,
    places_of,
    same_in,
)
from sim.report.theme import Json

ROW: Final = 36
CROWDED: Final = 5
CROWDED_ROW: Final = 24
COLUMNS: Final = ("median", "mean", "higher in", "same in")
"""Columns beside a forest."""
ALONE: Final = ("change",)
"""The one beside a forest of a single world, which has neither middle nor odds."""
COLUMN_GAP: Final = 14
TALL_ROW: Final = 82
END_ROW: Final = 54
BINS: Final = 22
SIDE_BY_SIDE: Final = 2
MUTED: Final = 0.5
"""Opacity of what is there to be seen and not to be read as gain or loss."""
NOTE: Final = 20
"""Height of a line of words below a forest's axis."""


def forest(digest: Digest, view: View, when: When, rows: tuple[int, ...] | None = None) -> Json:
    """Paired differences of one outcome: a row a scenario, intervals of 50 and 90 % of worlds.

    Args:
        digest: the report's numbers.
        view: the outcome.
        when: "final" for the last month, "mean" for the mean over all months.
        rows: scenarios to show, all but the baseline if not given.
    """
    name = view.measure.name
    found = [(i, digest.changes.get((i, name, when))) for i in rows or digest.others]
    shown = [(i, change) for i, change in found if change is not None]
    shared = places_of(change for _, change in shown)
    places = {i: places_beside(change, shared) for i, change in shown}
    data: list[Json] = []
    for row, (i, change) in enumerate(shown):
        traces = _interval_traces(digest, i, change, places[i], -row)
        data += [_muted(trace) for trace in traces] if (i, name) in digest.yardsticks else traces
    ends = [v for _, c in shown for v in (c.quantiles["q05"], c.quantiles["q95"])] + [0.0]
    low, high = min(ends), max(ends)
    room = 0.06 * (high - low) or 1.0
    count = max(1, len(shown))
    ticks = 3 if _some_unchanged(shown) else 4  # as many as the columns beside them leave room for
    axis: Json = {"range": [low - room, high + room], "nticks": ticks, "tickangle": 0}
    axis |= {"tickformat": ",~r", "showgrid": True}
    if low == high:
        axis["tickvals"] = [0]
    base: Json = {
        "xaxis": axis,
        "yaxis": {"range": [0.5 - count, 0.5], "visible": False},
        "shapes": [_zero_line()],
    }
    crowded = len(shown) > CROWDED
    columns = _columns(shown, places)
    muted = {-row for row, (i, _) in enumerate(shown) if (i, name) in digest.yardsticks}
    right = round(columns[-1][1]) + 2
    titles = [wrapped(digest.titles[i], *((24, 1) if crowded else (18, 2))) for i, _ in shown]
    for (i, _), title in zip(shown, titles, strict=True):
        title[-1] = marked(digest, i, name, title[-1])
    longest = max((len(line) for title in titles for line in title), default=0)
    drawn = {
        "data": data,
        "layout": {
            **base,
            "height": 28 + (CROWDED_ROW if crowded else ROW) * count + 36,
            "margin": {"l": 20 + round(longest * LETTER), "r": right, "t": 28, "b": 36},
            "annotations": [
                {**note, "opacity": MUTED} if note["y"] in muted else note
                for note in (*_titles(titles), *_cells(columns))
            ],
        },
        "narrow": {
            "height": TALL_ROW * count + 42,
            "xaxis": axis | {"showgrid": False, "ticks": "outside"},
            "margin": {"l": 10, "r": 10, "t": 6, "b": 36},
            "yaxis": {"range": [0.75 - count, 0.75], "visible": False},
            "annotations": _lines_above(digest, name, shown, places),
            # words stand above each row there: no grid, and a line at zero beside the bars only
            "shapes": [_zero_line(row) for row in range(count)],
        },
        "csv": _forest_numbers(digest, name, shown),
    }
    return _noted(drawn) if any((i, name) in digest.yardsticks for i, _ in shown) else drawn


def _muted(trace: Json) -> Json:
    """A trace that is there to be seen and not to be read as gain or loss."""
    told = trace.get("hovertemplate")
    hover = {} if told is None else {"hovertemplate": f"{MARK} {SHORT}<br>{told}"}
    return {**trace, "opacity": MUTED, **hover}


def _noted(chart: Json) -> Json:
    """A forest with room below its axis for what the mark means."""
    left = {"xref": "paper", "x": 0, "xanchor": "left"}
    below = {"yref": "paper", "y": 0, "yanchor": "top", "yshift": -28, "font": {"size": 12}}
    for layout in (chart["layout"], chart["narrow"]):
        margin = layout["margin"]
        layout["height"] += NOTE
        layout["margin"] = {**margin, "b": margin["b"] + NOTE}
        note = {**left, **below, "xshift": 8 - margin["l"], "text": f"{MARK} {SHORT}"}
        layout["annotations"] = [*layout["annotations"], note]
    return chart


def _forest_numbers(digest: Digest, name: str, shown: list[tuple[int, Change]]) -> Json:
    """What a forest shows, for those who take its numbers along."""
    head = ["scenario", "q05", "q25", "median", "q75", "q95", "mean", "mean_low", "mean_high"]
    head += ["higher_in", "same_in", "worlds"]
    rows: list[list[str | float | None]] = []
    for i, change in shown:
        numbers = [*change.quantiles.values(), change.difference, change.lo, change.hi]
        cut = [None if value is None else significant(value) for value in numbers]
        shares = [significant(change.p_greater), significant(change.p_equal)]
        title = marked(digest, i, name, digest.titles[i])
        rows.append([title, *cut, *shares, change.worlds])
    return {"head": head, "rows": rows}


def _interval_traces(
    digest: Digest, index: int, change: Change, places: Places, y: int
) -> list[Json]:
    look, q = digest.looks[index], change.quantiles
    hover = f"{chart_text(digest.titles[index])}<br>change {mean_change(change, places)}"
    hover += "<extra></extra>"
    several = (
        f"{chart_text(digest.titles[index])}<br>median {median_change(change, places)}"
        f"<br>50 of 100 worlds: {inner_words(change, places)}"
        f"<br>90 of 100 worlds: {outer_words(change, places)}"
        f"<br>mean {mean_change(change, places)} ({mean_interval_words(change, places)})"
        f"<br>{odds_words(change)}"
        f"<br>{change.worlds:,} worlds<extra></extra>"
    )
    hover = hover if change.worlds == 1 else several
    q = {key: significant(value) for key, value in q.items()}
    bar: Json = {"type": "scatter", "mode": "lines", "y": [y, y], "hoverinfo": "skip"}
    return [
        {**bar, "x": [q["q05"], q["q95"]], "line": {"color": look.hue, "width": 2}},
        {**bar, "x": [q["q25"], q["q75"]], "line": {"color": look.hue, "width": 7}},
        {
            "type": "scatter",
            "mode": "markers",
            "x": [q["median"]],
            "y": [y],
            "marker": {
                "color": PAPER_HERE,
                "symbol": look.symbol,
                "size": 11,
                "line": {"width": 2, "color": look.hue},
            },
            "hovertemplate": hover,
            "cliponaxis": False,
        },
    ]


def _zero_line(row: int | None = None) -> Json:
    """The line at no change, through all rows or through one."""
    at: Json = {"y0": 0, "y1": 1, "yref": "paper"}
    if row is not None:
        at = {"y0": -row - 0.22, "y1": -row + 0.1, "yref": "y"}
    return {"type": "line", "x0": 0, "x1": 0, **at, "layer": "below", "line": {"width": 1.4}}


def _titles(titles: list[list[str]]) -> list[Json]:
    """Scenarios, left of their rows."""
    left = {"xref": "paper", "x": 0, "xanchor": "right", "xshift": -10, "align": "right"}
    at = {"yref": "y", "yanchor": "middle"}
    return [
        {**left, **at, "y": -row, "text": "<br>".join(map(chart_text, title))}
        for row, title in enumerate(titles)
    ]


def _columns(
    shown: list[tuple[int, Change]], places: dict[int, Places]
) -> list[tuple[list[str], float]]:
    """Numbers beside a forest: heading and cells, and where their right end lies, in pixels."""
    rows: list[tuple[str, ...]] = [
        (median_change(c, places[i]), mean_change(c, places[i]), higher_in(c), same_in(c))
        for i, c in shown
    ]
    heads: tuple[str, ...] = COLUMNS if _some_unchanged(shown) else COLUMNS[:-1]
    if _one_world(shown):
        heads, rows = ALONE, [(mean_change(c, places[i]),) for i, c in shown]
    columns: list[tuple[list[str], float]] = []
    right = 0.0
    for k, head in enumerate(heads):
        texts = [head, *(row[k] for row in rows)]
        right += COLUMN_GAP + LETTER * max(map(len, texts))
        columns.append((texts, right))
    return columns


def _cells(columns: list[tuple[list[str], float]]) -> list[Json]:
    """Those numbers where they stand, each column's heading above it."""
    notes: list[Json] = []
    for texts, right in columns:
        column = {"xref": "paper", "x": 1, "xanchor": "right", "xshift": round(right)}
        head = {"yref": "paper", "y": 1, "yanchor": "bottom", "font": {"size": 12}}
        notes.append({**column, **head, "text": texts[0]})
        for row, text in enumerate(texts[1:]):
            notes.append({**column, "y": -row, "yref": "y", "yanchor": "middle", "text": text})
    return notes


def _some_unchanged(shown: list[tuple[int, Change]]) -> bool:
    """Whether worlds in which nothing changes count: then "higher in" alone would mislead."""
    return any(change.p_equal >= 0.01 for _, change in shown)


def _one_world(shown: list[tuple[int, Change]]) -> bool:
    return bool(shown) and all(change.worlds == 1 for _, change in shown)


def _lines_above(
    digest: Digest, name: str, shown: list[tuple[int, Change]], places: dict[int, Places]
) -> list[Json]:
    notes: list[Json] = []
    for row, (i, change) in enumerate(shown):
        at = {"xref": "paper", "x": 0, "xanchor": "left", "yref": "y", "yanchor": "middle"}
        title = marked(digest, i, name, wrapped(digest.titles[i], 44, 1)[0])
        notes.append({**at, "y": -row + 0.6, "text": chart_text(title)})
        text = f"median {median_change(change, places[i])}, mean {mean_change(change, places[i])}"
        text += f"<br>{odds_words(change)}"
        if _one_world(shown):
            text = f"change {mean_change(change, places[i])}"
        below = {"align": "left", "font": {"size": 12}}
        notes.append({**at, "y": -row + 0.3, "text": text, **below})
    return notes


def end_states(digest: Digest, index: int) -> Json:
    """How a scenario's worlds stand in the last month: a row an ending, fifty dots in all."""
    look = digest.looks[index]
    rows = digest.ends[index]
    x: list[float] = []
    y: list[float] = []
    notes: list[Json] = []
    for row, end in enumerate(rows):
        for dot in range(end.dots):
            column = dot // 2
            x.append(column + 0.4 * (column // 5))
            y.append(-row + (0.08 if dot % 2 == 0 else -0.14))
        at = {"xref": "paper", "y": -row + 0.42, "yref": "y", "yanchor": "middle"}
        notes.append({**at, "x": 0, "xanchor": "left", "text": STATUS.get(end.flag, end.flag)})
        count = of_worlds(end.share, digest.worlds)
        notes.append({**at, "x": 1, "xanchor": "right", "text": count})
    dots = {
        "type": "scatter",
        "mode": "markers",
        "x": x,
        "y": y,
        "marker": {"color": look.hue, "size": 9, "symbol": "circle"},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }
    layout = {
        "height": END_ROW * len(rows) + 6,
        "margin": {"l": 2, "r": 2, "t": 4, "b": 4},
        "xaxis": {"range": [-0.6, 26.2], "visible": False},
        "yaxis": {"range": [0.36 - len(rows), 0.64], "visible": False},
        "annotations": notes,
    }
    numbers: Json = {
        "head": ["state", "share_of_worlds", "error"],
        "rows": [[STATUS.get(end.flag, end.flag), end.share, end.error] for end in rows],
    }
    return {"data": [dots], "layout": layout, "csv": numbers}


def fifty_dots(digest: Digest, view: View, index: int) -> Json:
    """An outcome in the last month as fifty dots, each standing for two of a hundred worlds.

    Dots stand in bins two abreast, so that each can be counted even where all fall in one bin.
    """
    low, high = _dot_range(view)
    width = (high - low) / BINS
    tallest = max(
        (max(stack) for one in view.courses if (stack := _stacks(one.dots, low, width))), default=1
    )
    x: list[float] = []
    y: list[float] = []
    for place, count in enumerate(_stacks(view.courses[index].dots, low, width)):
        for dot in range(count):
            column = dot % SIDE_BY_SIDE
            x.append(low + width * (place + (column + 0.5) / SIDE_BY_SIDE))
            y.append(dot // SIDE_BY_SIDE)
    levels = -(-tallest // SIDE_BY_SIDE)
    look = digest.looks[index]
    marker = {"color": look.hue, "size": 6.5, "symbol": "circle"}
    base = view.courses[digest.baseline].final.values["median"]
    shapes = []
    if base is not None:
        line = {"color": digest.looks[digest.baseline].hue, "dash": "dash", "width": 1.6}
        ends = {"x0": base, "x1": base, "y0": 0, "y1": 1, "yref": "paper"}
        shapes = [{"type": "line", **ends, "line": line}]
    rounding = decimals(0.0, width) + 1
    return {
        "bins": [significant(low), significant(width)],
        "data": [
            {
                "type": "scatter",
                "mode": "markers",
                "x": [round(value, rounding) for value in x],
                "y": y,
                "marker": marker,
                "hoverinfo": "skip",
                "cliponaxis": False,
            }
        ],
        "layout": {
            "height": 12 + 34 + max(5, levels + 1) * 8,
            "margin": {"l": 14, "r": 14, "t": 12, "b": 34},
            "xaxis": {"range": [low, high], "nticks": 5, "tickformat": ",~r"},
            "yaxis": {"range": [-0.6, max(4.4, levels + 0.4)], "visible": False},
            "shapes": shapes,
        },
    }


def _dot_range(view: View) -> tuple[float, float]:
    values = [dot for one in view.courses for dot in one.dots]
    low, high = min(values), max(values)
    if low == high:
        room = abs(low) / 2 or 0.5
        return low - room, high + room
    return low, high


def _stacks(dots: list[float], low: float, width: float) -> list[int]:
    stacks = [0] * BINS
    for dot in dots:
        stacks[min(BINS - 1, max(0, int((dot - low) / width)))] += 1
    return stacks
