"""Who moves whom, all pairs of actors, month by month.

Influence of every actor over every other is measured in some worlds of a run only (docs/format.md,
`all_pairs`); every figure here says from how many. Levels are means over worlds, changes are means
of differences within worlds; errors take sets as clusters.
"""

from collections.abc import Iterator
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


def levels(ds: xr.Dataset, sets: Ints) -> Table:
    """Influence by pair.

    Args:
        ds: a run.
        sets: set number of each world, ascending.
    """
    return _means([ds], recorded_pairs(ds), sets)


def changes(baseline: xr.Dataset, other: xr.Dataset, sets: Ints) -> Table:
    """Change of influence by pair from the baseline, within worlds.

    Args:
        baseline: a run.
        other: another one of the same worlds and months.
        sets: set number of each world, ascending.
    """
    both = set(recorded_pairs(other))
    pairs = tuple(pair for pair in recorded_pairs(baseline) if pair in both)
    return _means([baseline, other], pairs, sets)


def _means(datasets: list[xr.Dataset], pairs: tuple[Pair, ...], sets: Ints) -> Table:
    parts: dict[Pair, list[tuple[Ints, Floats, Floats]]] = {pair: [] for pair in pairs}
    for part, values in _values(datasets):
        for pair, found in parts.items():
            source, target = pair
            one = values.sel(actor=source, target=target).values
            known = ~np.isnan(one).all(axis=1)
            if known.any():
                found.append(_by_set(one[known], sets[part][known]))
    return {pair: _series(found, datasets[0].sizes["month"]) for pair, found in parts.items()}


def _values(datasets: list[xr.Dataset]) -> Iterator[tuple[slice, xr.DataArray]]:
    """Influence of a run, or the difference of two, piece by piece."""
    order = ("world", "month", "actor", "target")
    for together in zip(*(pieces(ds) for ds in datasets), strict=True):
        arrays = [piece["influence"].transpose(*order).load() for _, piece in together]
        values = arrays[0] if len(arrays) == 1 else arrays[1] - arrays[0]
        yield together[0][0], values


def _by_set(values: Floats, sets: Ints) -> tuple[Ints, Floats, Floats]:
    """Sums and counts by set: (set), (set, 1 + months), (set, 1 + months)."""
    known = ~np.isnan(values)
    filled = np.where(known, values, 0.0)
    count = known.sum(axis=1, keepdims=True)
    total = np.concatenate([filled.sum(axis=1, keepdims=True) / count, filled], axis=1)
    there = np.concatenate([np.ones_like(count), known], axis=1).astype(np.float64)
    starts = np.flatnonzero(np.diff(sets, prepend=sets[0] - 1))
    return sets[starts], np.add.reduceat(total, starts), np.add.reduceat(there, starts)


def _series(parts: list[tuple[Ints, Floats, Floats]], months: int) -> Series:
    if not parts:
        nothing: Line = [None] * (months + 1)
        return Series(nothing, nothing, nothing, [0] * (months + 1))
    from scipy.special import stdtrit

    names, sums, counts = (np.concatenate(each) for each in zip(*parts, strict=True))
    unique, position = np.unique(names, return_inverse=True)
    if unique.size < names.size:  # a set that lies in two pieces
        whole = np.zeros((2, unique.size, months + 1))
        np.add.at(whole[0], position, sums)
        np.add.at(whole[1], position, counts)
        sums, counts = whole
    worlds, sets = counts.sum(axis=0), (counts > 0).sum(axis=0)
    empty = np.full(months + 1, np.nan)
    mean = np.divide(sums.sum(axis=0), worlds, out=empty.copy(), where=worlds > 0)
    squares = ((sums - np.nan_to_num(mean) * counts) ** 2).sum(axis=0)
    told = sets > 1
    variance = np.divide(squares * sets, sets - 1, out=empty.copy(), where=told)
    error = np.divide(np.sqrt(variance), worlds, out=empty.copy(), where=told)
    half = stdtrit(np.maximum(sets - 1, 1), 0.975) * error
    return Series(_told(mean), _told(error), _told(half), [int(count) for count in worlds])


def _told(values: Floats) -> Line:
    return [None if np.isnan(value) else float(value) for value in values]
