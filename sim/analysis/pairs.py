"""Who moves whom, all pairs of actors, month by month.

Influence of every actor over every other is measured in some worlds of a run only (docs/format.md,
`all_pairs`); every figure here says from how many. Levels are means over worlds, changes are means
of differences within worlds; errors take sets as clusters.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr

from sim.analysis.outcomes import available
from sim.analysis.partings import Line
from sim.analysis.spread import Ints
from sim.analysis.streams import Floats, pieces

Pair = tuple[str, str]

ALL_MONTHS: Final = 0
"""Where the mean of all months stands in a series; month m stands at m + 1."""


@dataclass(frozen=True)
class Series:
    """A mean over worlds, of all months and then of each.

    Attributes:
        mean: None where no world has a value.
        error: standard error; None with fewer than two sets.
        half: half width of the 95 % interval; None likewise.
        worlds: how many have a value.
    """

    mean: Line
    error: Line
    half: Line
    worlds: list[int]


Table = dict[Pair, Series]


def recorded_pairs(ds: xr.Dataset) -> tuple[Pair, ...]:
    """Pairs (who moves, who is moved) whose influence a run records."""
    names = (name.split(".") for name in available(ds) if name.startswith("influence."))
    return tuple((source, target) for _, source, target in names if source != target)


def tables(
    datasets: Sequence[xr.Dataset], baseline: int, sets: Ints
) -> tuple[tuple[Table, ...], dict[int, Table]]:
    """Influence by pair, and its change from the baseline within worlds.

    Args:
        datasets: runs of the same worlds and months.
        baseline: index of the one that the others are held against.
        sets: set number of each world, ascending.

    Returns:
        A table of levels a run, and one of changes for each but the baseline.
    """
    recorded = [set(recorded_pairs(ds)) for ds in datasets]
    pairs = [p for p in recorded_pairs(datasets[baseline]) if all(p in one for one in recorded)]
    months = datasets[baseline].sizes["month"]
    order = [baseline, *(i for i in range(len(datasets)) if i != baseline)]
    levels = {i: {pair: _Sums(months) for pair in pairs} for i in order}
    changes = {i: {pair: _Sums(months) for pair in pairs} for i in order[1:]}
    for together in zip(*(pieces(ds) for ds in datasets), strict=True):
        part = together[0][0]
        base = _values(together[baseline][1], pairs)
        for i in order:
            values = base if i == baseline else _values(together[i][1], pairs)
            for pair in pairs:
                levels[i][pair].add(values[pair], sets[part])
                if i != baseline:
                    changes[i][pair].add(values[pair] - base[pair], sets[part])
    told = tuple(_table(levels[i]) for i in range(len(datasets)))
    return told, {i: _table(found) for i, found in changes.items()}


def _table(found: Mapping[Pair, "_Sums"]) -> Table:
    return {pair: sums.series() for pair, sums in found.items()}


def _values(piece: xr.Dataset, pairs: Sequence[Pair]) -> dict[Pair, Floats]:
    """Influence by pair: (world, month)."""
    order = ("world", "month", "actor", "target")
    values = piece["influence"].transpose(*order).load()
    at = {str(name): k for k, name in enumerate(values["actor"].values)}
    numbers = values.values
    return {(a, b): numbers[:, :, at[a], at[b]].astype(np.float64) for a, b in pairs}


class _Sums:
    """Sums over sets, from which means and their errors follow; nothing grows with worlds.

    With S the sum and C the count of a set's worlds, n worlds in all and m their mean, the error of
    the mean rests on the sum of (S - m C)^2 = S^2 - 2 m S C + m^2 C^2.
    """

    def __init__(self, months: int) -> None:
        self.total = np.zeros((6, months + 1))  # S, C, S^2, S C, C^2, sets that have a value
        # worlds of the last set, which the next piece may go on with
        self.open: tuple[Ints, Floats, Floats] = (
            np.empty(0, np.int64),
            np.empty((0, months + 1)),
            np.empty((0, months + 1)),
        )

    def add(self, values: Floats, sets: Ints) -> None:
        """Counts in some worlds: (world, month); sets ascend from call to call."""
        known = ~np.isnan(values)
        some = known.any(axis=1)
        if not some.any():
            return
        if not some.all():
            values, known, sets = values[some], known[some], sets[some]
        filled = np.where(known, values, 0.0)
        count = known.sum(axis=1, keepdims=True)
        total = np.concatenate([filled.sum(axis=1, keepdims=True) / count, filled], axis=1)
        there = np.concatenate([np.ones_like(count), known], axis=1).astype(np.float64)
        rows = (sets, total, there)
        joined = [np.concatenate(pair) for pair in zip(self.open, rows, strict=True)]
        whole = np.searchsorted(joined[0], joined[0][-1])
        self._close(*(part[:whole] for part in joined))
        self.open = joined[0][whole:], joined[1][whole:].copy(), joined[2][whole:].copy()

    def _close(self, sets: Ints, total: Floats, there: Floats) -> None:
        """Adds whole sets, one after another, so that it is the same however worlds are cut."""
        if not sets.size:
            return
        starts = np.flatnonzero(np.diff(sets, prepend=sets[0] - 1))
        sums, counts = np.add.reduceat(total, starts), np.add.reduceat(there, starts)
        parts = (sums, counts, sums**2, sums * counts, counts**2, (counts > 0).astype(np.float64))
        for k, part in enumerate(parts):
            self.total[k] = np.add.reduce(np.concatenate([self.total[k][None], part]), axis=0)

    def series(self) -> Series:
        """What they come to."""
        from scipy.special import stdtrit

        self._close(*self.open)
        self.open = self.open[0][:0], self.open[1][:0], self.open[2][:0]
        sums, worlds, squares, mixed, counts, sets = self.total
        empty = np.full(sums.shape, np.nan)
        mean = np.divide(sums, worlds, out=empty.copy(), where=worlds > 0)
        m = np.nan_to_num(mean)
        off = np.maximum(squares - 2 * m * mixed + m**2 * counts, 0.0)
        told = sets > 1
        variance = np.divide(off * sets, sets - 1, out=empty.copy(), where=told)
        error = np.divide(np.sqrt(variance), worlds, out=empty.copy(), where=told)
        half = stdtrit(np.maximum(sets - 1, 1), 0.975) * error
        return Series(_told(mean), _told(error), _told(half), [int(count) for count in worlds])


def _told(values: Floats) -> Line:
    return [None if np.isnan(value) else float(value) for value in values]
