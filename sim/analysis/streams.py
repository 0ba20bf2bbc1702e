"""Outcomes of many worlds, read a piece at a time: memory does not grow with all they hold.

What is asked of a run comes in two kinds. Some of it is a number a world (its last month, a mean
over its months): worlds are read piece by piece and only these numbers are held. The rest is a
spread over worlds in each month: of one outcome, as many months are held at once as `HELD` allows,
and further ones cost a further reading. Both give the numbers that the whole array would give,
since no world's numbers depend on which worlds are read with it.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import xarray as xr

from sim.analysis.outcomes import outcome

Floats = npt.NDArray[np.float64]

PIECE: Final = 32_768
"""Worlds read at a time: some blocks of the store, 9 MB of one outcome over 36 months."""
HELD: Final = 320_000_000
"""Bytes of one outcome's months held at once, one month in any case: a million worlds of 36 months
fit."""


def fits(datasets: Sequence[xr.Dataset]) -> bool:
    """Whether all months of one outcome of these runs can be held at once."""
    return 8 * sum(ds.sizes["world"] * ds.sizes["month"] for ds in datasets) <= HELD


def pieces(ds: xr.Dataset) -> Iterator[tuple[slice, xr.Dataset]]:
    """A run in pieces: where in the run each lies, and its worlds."""
    worlds = ds.sizes["world"]
    for first in range(0, worlds, PIECE):
        part = slice(first, min(first + PIECE, worlds))
        yield part, ds.isel(world=part)


def last(ds: xr.Dataset, name: str) -> Floats:
    """An outcome in the last month, one number a world.

    Raises:
        OutcomeError: no such outcome.
    """
    return _last_and_mean(ds, name, mean=False)[0]


def last_and_mean(ds: xr.Dataset, name: str) -> tuple[Floats, Floats]:
    """An outcome in the last month, and its mean over all months, one number a world each.

    Raises:
        OutcomeError: no such outcome.
    """
    return _last_and_mean(ds, name, mean=True)


def by_month(ds: xr.Dataset, name: str) -> Iterator[Floats]:
    """An outcome month by month, each time one number a world.

    Args:
        ds: a run.
        name: dotted outcome name.

    Raises:
        OutcomeError: no such outcome.
    """
    worlds, months = ds.sizes["world"], ds.sizes["month"]
    together = max(1, min(months, HELD // (8 * max(worlds, 1))))
    for first in range(0, months, together):
        yield from columns(ds, name, first, min(together, months - first))


def columns(ds: xr.Dataset, name: str, first: int = 0, count: int | None = None) -> Floats:
    """Some months of an outcome at once: (month, world).

    Args:
        ds: a run.
        name: dotted outcome name.
        first: the first month.
        count: how many, all that follow if not given.

    Raises:
        OutcomeError: no such outcome.
    """
    months = ds.sizes["month"] - first if count is None else count
    found = np.empty((months, ds.sizes["world"]))
    for part, piece in pieces(ds):
        # counts run on from the first month, so all months of a piece are looked at
        found[:, part] = outcome(piece, name).values[:, first : first + months].T
    return found


def _last_and_mean(ds: xr.Dataset, name: str, *, mean: bool) -> tuple[Floats, Floats]:
    ends, means = np.empty(ds.sizes["world"]), np.empty(ds.sizes["world"] if mean else 0)
    for part, piece in pieces(ds):
        values = outcome(piece, name)
        ends[part] = values.values[:, -1]
        if mean:
            means[part] = values.mean("month", skipna=False).values
    return ends, means
