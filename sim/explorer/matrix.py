"""Who influences and who depends on whom, four by four: the baseline, then what differs from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from sim.analysis.compare import Comparison
from sim.analysis.differences import Change, change
from sim.analysis.outcomes import ACTORS
from sim.explorer.pictures import Numbers, Side
from sim.report.markup import Content, Markup, el, render
from sim.report.numbers import NOTHING, change_decimals, decimals, number, signed
from sim.report.pieces import scenario_heading
from sim.report.tables import Row, table
from sim.report.theme import change_colour


@dataclass(frozen=True)
class Kind:
    """A measure between pairs of actors.

    Attributes:
        variable: of the dataset.
        words: what the row does to the column.
        scale: factor for people.
        unit: after that factor.
    """

    variable: str
    words: str
    scale: float
    unit: str


KINDS: Final = (
    Kind("influence", "influence of the row over the column", 100, "choices of 100"),
    Kind("dependence", "dependence of the row on the column", 1, "0 to 1"),
)


def matrices(sides: Sequence[Side], now: Numbers) -> Markup:
    """Both measures as means over the months and worlds that all scenarios share."""
    most = {kind.variable: _largest(now.comparison, kind) for kind in KINDS}
    parts: list[Content] = []
    for kind in KINDS:
        tables: list[Content] = [
            el("figure", el("figcaption", scenario_heading(now.digest, 0)), _levels(now, kind))
        ]
        for i in now.comparison.others:
            head = el("figcaption", scenario_heading(now.digest, i))
            tables.append(el("figure", head, _changes(now.comparison, kind, i, most[kind.variable])))
        title = kind.words[:1].upper() + kind.words[1:]
        parts.append(el("h3", f"{title}, {kind.unit}"))
        parts.append(el("div", tables, class_="grid matrices"))
    return render(
        [
            el(
                "p",
                "Means over months and worlds. Behind the baseline’s levels stand changes from it within "
                "each world, brown for less, teal for more; pale ones are not told from zero by twice "
                "their Monte Carlo error. Influence of all pairs is measured in the first 64 worlds, so "
                "its errors are larger.",
                class_="caption",
            ),
            parts,
        ]
    )


def _pairs(comparison: Comparison, kind: Kind, index: int, row: str, column: str) -> np.ndarray:
    """Mean over months, one number a world, in the units shown."""
    values = comparison.datasets[index][kind.variable].sel(actor=row, target=column)
    return np.asarray(values.mean("month", skipna=False).values, dtype=np.float64) * kind.scale


def _change(comparison: Comparison, kind: Kind, index: int, row: str, column: str) -> Change | None:
    base = _pairs(comparison, kind, 0, row, column)
    return change(base, _pairs(comparison, kind, index, row, column), comparison.sets)


def _largest(comparison: Comparison, kind: Kind) -> float:
    """The largest change that is told from zero: the one range of all colours."""
    found = (
        _change(comparison, kind, i, row, column)
        for i in comparison.others
        for row in ACTORS
        for column in ACTORS
        if row != column
    )
    return max((abs(one.difference) for one in found if one is not None and _clear(one)), default=1.0)


def _clear(one: Change) -> bool:
    return one.se is not None and abs(one.difference) > 2 * one.se


def _levels(now: Numbers, kind: Kind) -> Markup:
    def cell(row: str, column: str) -> Markup:
        values = _pairs(now.comparison, kind, 0, row, column)
        known = values[~np.isnan(values)]
        if row == column or not known.size:
            return el("td", NOTHING, class_="muted")
        mean, error = float(known.mean()), float(known.std() / max(1, known.size) ** 0.5)
        return el("td", number(mean, min(decimals(error, mean), 2)))

    return _square(kind, cell, f"“{now.digest.titles[0]}”: {kind.words}")


def _changes(comparison: Comparison, kind: Kind, index: int, most: float) -> Markup:
    def cell(row: str, column: str) -> Markup:
        one = None if row == column else _change(comparison, kind, index, row, column)
        if one is None:
            return el("td", NOTHING, class_="muted")
        low = one.difference if one.lo is None else one.lo
        high = one.difference if one.hi is None else one.hi
        text = signed(one.difference, min(change_decimals(one.se, one.difference, low, high), 3))
        if not _clear(one):
            return el("td", text, class_="muted")
        fill, ink = change_colour(one.difference / most)
        return el("td", text, style=f"background:{fill};color:{ink}")

    title = comparison.titles[index]
    return _square(kind, cell, f"“{title}”: change in the {kind.words}")


def _square(kind: Kind, cell: object, caption: str) -> Markup:
    assert callable(cell)
    rows: list[Row] = [
        el("tr", el("th", words, scope="row"), [cell(row, column) for column in ACTORS])
        for row, words in ACTORS.items()
    ]
    return table(caption, ["", *ACTORS.values()], rows, "heat")
