"""The world most like all others: a real one, where a curve of averages is no world's.

The medoid is the world whose mean distance to the others is least (Kaufman & Rousseeuw 1987). A
distance is the root mean square of the differences between the headline outcomes of two worlds over
all months, each outcome in standard deviations over worlds, so that none counts for its units.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import xarray as xr

from sim.analysis.outcomes import headline, outcome, status_flags

MOST = 8192
"""Worlds among which it is looked for; the cost grows with their square. Worlds are
interchangeable, so that the first are as good as any, and so many are whole hypercubes of
parameter sets."""

type Floats = npt.NDArray[np.float64]


class EndingError(LookupError):
    """No world ends so; the message says how worlds do end."""


@dataclass(frozen=True)
class Medoid:
    """The world nearest to a group of worlds.

    Attributes:
        world: its number.
        distance: mean distance to the others of its group, in standard deviations.
        typical: the median of that over the group.
        worlds: size of the group.
        of: worlds that were looked at.
        ending: status of the war at the end that makes the group; None for all worlds.
    """

    world: int
    distance: float
    typical: float
    worlds: int
    of: int
    ending: str | None = None


def medoid(ds: xr.Dataset) -> Medoid:
    """The medoid of a run."""
    part = _first(ds)
    return _medoid(part, standardised(part), np.arange(part.sizes["world"]), None)


def medoids_by_ending(ds: xr.Dataset, endings: tuple[str, ...] = ()) -> list[Medoid]:
    """The medoid of the worlds that end in each status of the war, in the order of statuses.

    Args:
        ds: a run.
        endings: the statuses wanted; every one in which a world ends if none is named.

    Raises:
        EndingError: no world ends so, or there is no such status.
    """
    part = _first(ds)
    ends = part["status"].isel(month=-1).values
    groups = {flag: np.flatnonzero(ends == n) for flag, n in status_flags(part).items()}
    found = {flag: group for flag, group in groups.items() if group.size}
    for ending in endings:
        if ending not in found:
            counts = ", ".join(f"{flag} ({group.size})" for flag, group in found.items())
            what = "no world ends so" if ending in groups else "there is no such ending"
            raise EndingError(f"{ending}: {what}; of {part.sizes['world']:,} worlds: {counts}")
    rows = standardised(part)
    return [
        _medoid(part, rows, group, flag)
        for flag, group in found.items()
        if not endings or flag in endings
    ]


def standardised(ds: xr.Dataset) -> Floats:
    """The headline outcomes of every world, side by side, shape (worlds, outcomes x months).

    Each outcome is divided by its standard deviation over worlds, pooled over months; one that is
    the same in all worlds is left out. What a world does not have (the influence over an actor
    without a choice) counts as the mean of those that have it.
    """
    worlds = ds.sizes["world"]
    columns = []
    for name in headline(ds):
        values = outcome(ds, name).values
        there = np.isfinite(values)
        count = np.maximum(there.sum(axis=0), 1)
        mean = np.where(there, values, 0.0).sum(axis=0) / count
        away = np.where(there, values - mean, 0.0)
        spread = float(np.sqrt((away**2).mean()))
        if spread > 1e-12 * (1.0 + float(np.abs(mean).max())):
            columns.append(away / spread)
    if not columns:
        return np.zeros((worlds, 1))
    return np.concatenate(columns, axis=1) / np.sqrt(sum(c.shape[1] for c in columns))


def mean_distances(rows: Floats, among: npt.NDArray[np.int64]) -> Floats:
    """Mean Euclidean distance of each of some rows to the others among them; 0 for one alone."""
    return mean_distances_to(rows[among], np.arange(len(among)))


def mean_distances_to(rows: Floats, some: npt.NDArray[np.int64]) -> Floats:
    """Mean Euclidean distance of some rows to all others; 0 for one alone."""
    squares = (rows**2).sum(axis=1)
    out = np.zeros(len(some))
    step = 512
    for first in range(0, len(some), step):
        part = some[first : first + step]
        product = rows[part] @ rows.T
        apart = np.sqrt((squares[part, None] + squares - 2.0 * product).clip(0.0))
        apart[np.arange(len(part)), part] = 0.0
        out[first : first + step] = apart.sum(axis=1)
    return out / max(len(rows) - 1, 1)


def _first(ds: xr.Dataset) -> xr.Dataset:
    return ds.isel(world=slice(0, MOST))


def _medoid(
    ds: xr.Dataset, rows: Floats, among: npt.NDArray[np.int64], ending: str | None
) -> Medoid:
    distances = mean_distances(rows, among)
    best = int(distances.argmin())
    return Medoid(
        world=int(ds["world"].values[among[best]]),
        distance=float(distances[best]),
        typical=float(np.median(distances)),
        worlds=len(among),
        of=len(rows),
        ending=ending,
    )
