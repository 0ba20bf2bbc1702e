"""Who influences and who depends on whom, four by four: the baseline, then what differs from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np

from sim.analysis.compare import Comparison
from sim.analysis.differences import Change, change, mean_interval
from sim.analysis.outcomes import ACTORS
from sim.analysis.spread import Ints
from sim.analysis.streams import Floats as Cube
from sim.explorer.pictures import Numbers, Side
from sim.report.markup import Content, Markup, el, render
from sim.report.numbers import NOTHING, at_most_two_digits, decimals, number, signed
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
        least: change that takes the full colour at the least, so that next to nothing stays pale.
    """

    variable: str
    words: str
    scale: float
    unit: str
    least: float


KINDS: Final = (
    Kind("influence", "influence of the row over the column", 100, "of 100 choices", 0.1),
    Kind("dependence", "dependence of the row on the column", 1, "0 to 1", 0.01),
)


def matrices(sides: Sequence[Side], now: Numbers) -> Markup:
    """Both measures as means over the months and worlds that all scenarios share."""
    parts: list[Content] = []
    for kind in KINDS:
        base = _means(now.comparison, kind, 0)
        changes = {
            i: _changes(base, _means(now.comparison, kind, i), now.comparison.sets)
            for i in now.comparison.others
        }
        clear = (one for i in changes for one in changes[i].values() if _clear(one))
        most = max((abs(one.difference) for one in clear), default=0.0)
        most = max(most * kind.scale, kind.least)
        figures: list[Content] = [_figure(now, 0, _levels(now, kind, base))]
        figures += [_figure(now, i, _differences(now, kind, i, changes[i], most)) for i in changes]
        title = kind.words[:1].upper() + kind.words[1:]
        parts.append(el("h3", f"{title}, {kind.unit}"))
        parts.append(el("div", figures, class_="grid matrices"))
    words = "Means over months and worlds."
    if now.comparison.others:
        words += (
            " Beside the baseline’s levels stand changes from it within each world: brown for "
            "less, teal for more, none where twice the Monte Carlo error does not tell them from "
            "zero."
        )
    words += " Influence of all pairs is measured in the first 64 worlds, so its errors are larger."
    return render([el("p", words, class_="caption"), parts])


def _means(comparison: Comparison, kind: Kind, index: int) -> Cube:
    """Means over months, (world, actor, target)."""
    values = comparison.datasets[index][kind.variable].transpose(
        "world", "month", "actor", "target"
    )
    return values.values.mean(axis=1)


def _changes(base: Cube, other: Cube, sets: Ints) -> dict[tuple[str, str], Change]:
    found = {}
    for (i, row), (j, column) in product(enumerate(ACTORS), enumerate(ACTORS)):
        one = None if i == j else change(base[:, i, j], other[:, i, j], sets)
        if one is not None:
            found[row, column] = one
    return found


def _clear(one: Change) -> bool:
    return one.se is not None and abs(one.difference) > 2 * one.se


def _figure(now: Numbers, index: int, content: Markup) -> Markup:
    return el("figure", el("figcaption", scenario_heading(now.digest, index)), content)


def _levels(now: Numbers, kind: Kind, base: Cube) -> Markup:
    cells = {}
    for (i, row), (j, column) in product(enumerate(ACTORS), enumerate(ACTORS)):
        values = base[:, i, j] * kind.scale
        known = ~np.isnan(values)
        if i == j or not known.any():
            continue
        mean, error, _ = mean_interval(values[known], now.comparison.sets[known])
        cells[row, column] = el("td", number(mean, min(decimals(error, mean), 2)))
    return _square(cells, f"“{now.digest.titles[0]}”: {kind.words}")


def _differences(
    now: Numbers, kind: Kind, index: int, changes: dict[tuple[str, str], Change], most: float
) -> Markup:
    cells = {}
    for pair, one in changes.items():
        size = one.difference * kind.scale
        error = None if one.se is None else one.se * kind.scale
        if not _clear(one):
            text = "0" if one.p_equal == 1 else signed(size, min(decimals(error, size), 2))
            cells[pair] = el("td", text, class_="muted")
            continue
        fill, ink = change_colour(size / most)
        text = signed(size, at_most_two_digits(decimals(error, size), size))
        cells[pair] = el("td", text, style=f"background:{fill};color:{ink}")
    return _square(cells, f"“{now.digest.titles[index]}”: change in the {kind.words}")


def _square(cells: dict[tuple[str, str], Markup], caption: str) -> Markup:
    nothing = el("td", NOTHING, class_="muted")
    rows: list[Row] = [
        el(
            "tr",
            el("th", words, scope="row"),
            [cells.get((row, column), nothing) for column in ACTORS],
        )
        for row, words in ACTORS.items()
    ]
    return table(caption, ["", *ACTORS.values()], rows, "heat")
