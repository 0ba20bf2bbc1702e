"""H5 on the page: the grid, its levels, and what early months tell of the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

from sim.analysis.outcomes import STATUS
from sim.report.markup import Content, Markup, el
from sim.report.pieces import Pictures
from sim.report.tables import folded, table
from sim.report.thesis_figures import shares


def entry(made: Pictures, one: Mapping[str, Any], judged: Mapping[str, Any]) -> list[Content]:
    """The section of H5 beneath its verdict."""
    beside = judged["beside"]
    axes = beside["axes"]
    rows = [
        (f"{axis}: {level}", share)
        for axis, levels in beside["by_level"].items()
        for level, share in levels.items()
    ]
    drawn = beside["as_drawn"]
    words = (
        f"With nothing held, {100 * drawn['share']:.0f} % of sets lie in the band "
        f"({100 * drawn['below']:.0f} % below it, {100 * drawn['above']:.0f} % above; by itself "
        f"{drawn['verdict']}); the median set’s probability: {_percent(drawn['median'])} %."
    )
    return [
        made.picture(
            "H5-levels",
            "Sets in the band at each level, the other axes averaged",
            shares(rows, one["rule"], "sets in the band, %"),
            "; ".join(f"{label}: {100 * share['share']:.0f} %" for label, share in rows),
        ),
        el("p", words, class_="note"),
        folded("Every point of the grid", _grid_table(axes, beside["grid"])),
        el("h3", f"What month {beside['indicators']['month']} tells of the end"),
        *_indicators(beside["indicators"]),
    ]


def _indicators(found: Mapping[str, Any]) -> list[Content]:
    """How well each observable tells each end state, and in words what the numbers mean."""
    ends = found["ends"]
    if not ends:
        words = "Too few wars change their state after it for anything to be told."
        return [el("p", words, class_="note")]
    rows = []
    for one in found["observables"].values():
        cells = [
            f"{100 * told['area']:.0f} ± {100 * told['error']:.0f}"
            + (" *" if told["beyond_chance"] else "")
            for told in one["ends"].values()
        ]
        rows.append([one["label"], *cells])
    head = ["", *(f"{STATUS[name]} ({count} of {found['worlds']})" for name, count in ends.items())]
    words = (
        f"Of two worlds at war in month {found['month']}, one of which stands so in month "
        f"{found['end_month']} and one not: how often, of 100, the former has the larger value. "
        "50 is a coin; * lies more than two standard errors from it. Sets are the independent "
        "unit. No verdict hangs on it."
    )
    told = [
        one["beyond_chance"]
        for row in found["observables"].values()
        for one in row["ends"].values()
    ]
    words += "" if any(told) else " Nothing that was looked at tells more than a coin."
    return [
        el("p", words, class_="caption"),
        table(f"Month {found['month']} against the state of the war at the end", head, rows),
    ]


def _percent(probability: float) -> str:
    """Two digits of a probability in per cent; what is very small is said to be so."""
    if probability < 1e-5:
        return "below 0.001"
    return f"{100 * probability:.2g}" if probability < 0.095 else f"{100 * probability:.0f}"


def _grid_table(axes: Sequence[str], grid: Sequence[Mapping[str, Any]]) -> Markup:
    levels = [list(dict.fromkeys(point[axis] for point in grid)) for axis in axes]
    down, across = axes[:2], axes[2:]
    columns = list(product(*levels[2:]))
    found = {tuple(point[axis] for axis in axes): point for point in grid}
    head = ["", *(", ".join(f"{a} {v}" for a, v in zip(across, c, strict=True)) for c in columns)]
    rows = [
        [
            ", ".join(f"{a} {v}" for a, v in zip(down, row, strict=True)),
            *(
                f"{100 * point['share']:.0f} % ({_percent(point['median'])})"
                for point in (found[(*row, *c)] for c in columns)
            ),
        ]
        for row in product(*levels[:2])
    ]
    return table("Sets in the band, and the median set’s probability in per cent", head, rows)
