"""The patient rule induction method: a box of inputs in which most cases of interest lie.

After Friedman & Fisher 1999 (Statistics and Computing 9:123). A box starts as all there is.
*Peeling* takes a small slice off one side of it, again and again, always the one whose going makes
cases of interest densest; the boxes on the way are the trajectory. One of them is chosen: the one
in which being inside goes most with being of interest (the phi coefficient of the two, Yule 1912),
unless a density is asked for. Then restrictions are dropped that could as well be chance (the
quasi-p-value of Bryant & Lempert 2010, TFSC 77:34), and the limits that remain are moved by few
cases at a time, out (*pasting*) or in, as long as the box gets better.

Where an input takes few values, a slice is all cases of one value; slices of unequal size are held
against each other by what they gain for each case that they cost (Kwakkel & Jaxa-Rozen 2016,
Environmental Modelling & Software 79:311).

Written out here because no library that is kept up fits: `PRIM` on PyPI may be used under the GPL
alone, and EMA Workbench brings scikit-learn, statsmodels and seaborn along, 29 MB without them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.analysis.spread import Ints
from sim.analysis.streams import Floats

Bools = NDArray[np.bool_]

PEEL: Final = 0.05
"""Share of a box's cases that a slice takes."""
FINE: Final = 0.01
"""Share of a box's cases by which a limit moves at the end; one case and five times as many are
tried as well."""
LEAST: Final = 0.05
"""Share of all cases that a box holds at least."""
CHANCE: Final = 0.05
"""Quasi-p-value above which a restriction is dropped."""


@dataclass(frozen=True)
class Box:
    """Limits on some inputs, and what lies within them.

    Attributes:
        low: lower limit of each input, −inf where there is none, (inputs,).
        high: upper limit of each, inf where there is none.
        cases: that lie inside.
        hits: cases of interest among them.
        all_cases: cases in all.
        all_hits: cases of interest in all.
    """

    low: Floats
    high: Floats
    cases: int
    hits: int
    all_cases: int
    all_hits: int

    @property
    def density(self) -> float:
        """Share of the cases inside that are of interest."""
        return self.hits / self.cases if self.cases else 0.0

    @property
    def coverage(self) -> float:
        """Share of the cases of interest that lie inside."""
        return self.hits / self.all_hits if self.all_hits else 0.0

    @property
    def mass(self) -> float:
        """Share of all cases that lie inside."""
        return self.cases / self.all_cases

    @property
    def agreement(self) -> float:
        """Phi coefficient of being inside and being of interest: 0 by chance, 1 if they are one.

        It weighs coverage against density, and is 0 for the box of all there is.
        """
        inside, wanted = self.mass, self.all_hits / self.all_cases
        spread = inside * (1.0 - inside) * wanted * (1.0 - wanted)
        if spread <= 0.0:
            return 0.0
        return float((self.hits / self.all_cases - inside * wanted) / np.sqrt(spread))

    @property
    def restricted(self) -> tuple[int, ...]:
        """Inputs that have a limit."""
        limited = np.isfinite(self.low) | np.isfinite(self.high)
        return tuple(int(k) for k in np.flatnonzero(limited))

    def holds(self, x: Floats) -> Bools:
        """Which cases lie inside.

        Args:
            x: inputs, (cases, inputs).
        """
        kept = self.restricted
        inside = (x[:, kept] >= self.low[[*kept]]) & (x[:, kept] <= self.high[[*kept]])
        return np.asarray(inside.all(axis=1))

    def without(self, k: int, x: Floats, hit: Bools) -> Box:
        """The box with no limit on one input."""
        low, high = self.low.copy(), self.high.copy()
        low[k], high[k] = -np.inf, np.inf
        return _counted(low, high, x, hit)


@dataclass(frozen=True)
class Found:
    """What was found in some cases.

    Attributes:
        box: the one that was chosen and refined.
        trajectory: boxes of the peeling, from all there is to the smallest.
        chosen: place in the trajectory of the box that was then refined.
        quasi_p: input -> probability that its limits do nothing, for inputs that have some.
        dropped: inputs that were restricted and whose limits could as well be chance.
    """

    box: Box
    trajectory: tuple[Box, ...]
    chosen: int
    quasi_p: dict[int, float]
    dropped: tuple[int, ...]


def prim(x: Floats, hit: Bools, density: float | None = None, least: float = LEAST) -> Found:
    """Find a box in which cases of interest are dense.

    Args:
        x: inputs, (cases, inputs).
        hit: which cases are of interest, (cases,).
        density: the box is the one of largest coverage that is as dense as this, or the densest
            that the search gets to; the one of largest agreement where None.
        least: share of all cases that it holds at least.
    """
    trajectory = tuple(_peeled(x, hit, least))
    chosen = max(range(len(trajectory)), key=lambda n: (_worth(trajectory[n], density), -n))
    box, dropped = _without_chance(trajectory[chosen], x, hit)
    box = _refined(box, x, hit, density, least)
    box, more = _without_chance(box, x, hit)
    return Found(box, trajectory, chosen, quasi_p(box, x, hit), (*dropped, *more))


def quasi_p(box: Box, x: Floats, hit: Bools) -> dict[int, float]:
    """Probability of so many hits among the box's cases if a restriction did nothing.

    The cases are taken as drawn from the box without that restriction (a one-sided binomial test).
    That the inputs were picked among many is not allowed for: it is a check of each by itself.
    """
    from scipy.special import betainc

    restricted = [*box.restricted]
    outside = (x[:, restricted] < box.low[restricted]) | (x[:, restricted] > box.high[restricted])
    # inside but for this one input
    wider = outside.sum(axis=1, keepdims=True) == outside
    rates = hit.astype(np.int64) @ wider / np.maximum(wider.sum(axis=0), 1)
    # P(Binomial(cases, rate) >= hits)
    return {
        k: float(betainc(box.hits, box.cases - box.hits + 1, rate)) if box.hits else 1.0
        for k, rate in zip(restricted, rates, strict=True)
    }


def _worth(box: Box, density: float | None) -> tuple[float, float]:
    """What boxes are chosen by, the larger the better."""
    if density is None:
        return box.agreement, 0.0
    return min(box.density, density), box.coverage


def _counted(low: Floats, high: Floats, x: Floats, hit: Bools) -> Box:
    box = Box(low, high, 0, 0, len(x), int(hit.sum()))
    inside = box.holds(x)
    return replace(box, cases=int(inside.sum()), hits=int(hit[inside].sum()))


def _peeled(x: Floats, hit: Bools, least: float) -> Iterator[Box]:
    """The boxes of the peeling, each a slice less than the one before."""
    inputs = x.shape[1]
    columns = np.ascontiguousarray(x.T)
    orders: Ints = np.argsort(columns, axis=1, kind="stable")
    rows = np.arange(inputs)[:, None]
    box = _counted(np.full(inputs, -np.inf), np.full(inputs, np.inf), x, hit)
    yield box
    while box.hits < box.cases:
        most = int(box.cases - max(least * len(x), 1))
        slices = _slices(columns[rows, orders], hit[orders], max(1, int(PEEL * box.cases)), most)
        if not slices.size:
            return
        best = slices[np.argmax(_gain(box, slices["cases"], slices["hits"]))]
        k, taken = int(best["input"]), int(best["cases"])
        order = orders[k] if best["low"] else orders[k][::-1]
        limit = 0.5 * (columns[k, order[taken - 1]] + columns[k, order[taken]])
        low, high = box.low.copy(), box.high.copy()
        (low if best["low"] else high)[k] = limit
        gone = np.zeros(len(x), dtype=bool)
        gone[order[:taken]] = True
        orders = orders[~gone[orders]].reshape(inputs, -1)
        box = Box(low, high, box.cases - taken, box.hits - int(best["hits"]), len(x), box.all_hits)
        yield box


_SLICE: Final = np.dtype([("input", int), ("low", bool), ("cases", int), ("hits", int)])


def _slices(values: Floats, hits: Bools, size: int, most: int) -> NDArray[np.void]:
    """What could be peeled: of each input, a slice from below and one from above.

    Args:
        values: each input's values in the box, ascending, (inputs, cases).
        hits: which of these cases are of interest.
        size: cases of a slice, more where values tie.
        most: cases that may go at all.
    """
    inputs, cases = values.shape
    out = []
    for low in (True, False):
        v, h = (values, hits) if low else (values[:, ::-1], hits[:, ::-1])
        taken = np.full(inputs, size)
        tied = v[:, size - 1] == v[:, size]
        for k in np.flatnonzero(tied):
            other = np.flatnonzero(v[k, size:] != v[k, size - 1])
            taken[k] = size + other[0] if other.size else cases
        some = np.empty(inputs, dtype=_SLICE)
        some["input"], some["low"], some["cases"] = np.arange(inputs), low, taken
        some["hits"] = h[:, :size].sum(axis=1)
        for k in np.flatnonzero(tied):
            some["hits"][k] = h[k, : taken[k]].sum()
        out.append(some[taken <= most])
    return np.concatenate(out) if most >= size else np.empty(0, dtype=_SLICE)


def _gain(box: Box, cases: Ints, hits: Ints) -> Floats:
    """Density gained for each case that goes."""
    left = box.cases - cases
    return np.asarray(((box.hits - hits) / left - box.density) / cases)


def _without_chance(box: Box, x: Floats, hit: Bools) -> tuple[Box, tuple[int, ...]]:
    """The box less the restrictions that could be chance, the likeliest of them first."""
    dropped: list[int] = []
    while True:
        p = quasi_p(box, x, hit)
        worst = max(p, key=lambda k: p[k], default=None)
        if worst is None or p[worst] <= CHANCE:
            return box, tuple(dropped)
        box = box.without(worst, x, hit)
        dropped.append(worst)


def _refined(box: Box, x: Floats, hit: Bools, density: float | None, least: float) -> Box:
    """The box with limits moved, out or in, as long as that makes it better."""
    while True:
        step = max(1, int(FINE * box.cases))
        others = [
            one
            for k in box.restricted
            for by in {1, step, 5 * step}
            for one in _moved(box, k, by, x, hit)
        ]
        large = [one for one in others if one.cases >= least * len(x)]
        best = max(large, key=lambda one: _worth(one, density), default=box)
        if _worth(best, density) <= _worth(box, density):
            return box
        box = best


def _moved(box: Box, k: int, step: int, x: Floats, hit: Bools) -> Iterator[Box]:
    """The box with each limit of one input moved by so many values, either way."""
    column = np.unique(x[box.without(k, x, hit).holds(x), k])
    for side, limits in (("low", box.low), ("high", box.high)):
        if not np.isfinite(limits[k]):
            continue
        at = int(np.searchsorted(column, limits[k]))
        for to in (at - step, at + step):
            low, high = box.low.copy(), box.high.copy()
            (low if side == "low" else high)[k] = _limit(column, to)
            if low[k] < high[k]:
                yield _counted(low, high, x, hit)


def _limit(column: Floats, at: int) -> float:
    """Halfway between neighbouring values; none where the limit would shut nothing out."""
    if at <= 0:
        return -np.inf
    if at >= column.size:
        return np.inf
    return float(0.5 * (column[at - 1] + column[at]))
