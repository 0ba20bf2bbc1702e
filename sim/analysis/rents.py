"""Whether rents and influence go together: over worlds, and in what a scenario changes.

Both are means over the months of a run. Over the worlds of one scenario, those with more rents
need not be those with more influence; and a scenario may move the two the same way in a world, or
apart. No month's payoff contains influence, so neither is built in.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from sim.analysis.differences import ROUNDING
from sim.analysis.spread import Ints, batch_labels
from sim.analysis.streams import Floats

RENTS: Final = "transfers.total"
INFLUENCE: Final = "influence.belarus.russia"
TENTHS: Final = 10
FEWEST: Final = 20
"""Worlds in a group, at least."""


@dataclass(frozen=True)
class Group:
    """Worlds of like rents.

    Attributes:
        rents: their mean.
        low: 25 % quantile of their influence.
        median: the middle of it.
        high: 75 % quantile.
        worlds: how many.
    """

    rents: float
    low: float
    median: float
    high: float
    worlds: int


@dataclass(frozen=True)
class Together:
    """How rents and influence change within worlds, as shares of worlds that add up to 1.

    Attributes:
        same_way: both rise or both fall.
        apart: one rises, the other falls.
        only_rents: influence stays as it is.
        only_influence: rents stay as they are.
        neither: both stay.
        worlds: how many have both.
    """

    same_way: float
    apart: float
    only_rents: float
    only_influence: float
    neither: float
    worlds: int


@dataclass(frozen=True)
class Rents:
    """Rents and influence of one scenario.

    Attributes:
        groups: worlds in the order of their rents, cut into tenths (fewer if worlds are few).
        rank: Spearman's rank correlation over worlds, None if one of the two does not vary.
        error: its standard error, None with too few sets.
        together: changes from the baseline within worlds; None for the baseline itself.
    """

    groups: tuple[Group, ...]
    rank: float | None
    error: float | None
    together: Together | None


def sum_up(
    paid: Floats,
    moved: Floats,
    sets: Ints,
    baseline: tuple[Floats, Floats] | None,
) -> Rents | None:
    """Sum up one scenario.

    Args:
        paid: mean transfers over the months, one number a world.
        moved: mean influence over the months, one number a world.
        sets: set number of each world, ascending.
        baseline: the same two of the baseline; None for the baseline itself.

    Returns:
        None if no world has both.
    """
    known = ~(np.isnan(paid) | np.isnan(moved))
    if not known.any():
        return None
    together = None if baseline is None else _together(paid, moved, *baseline)
    paid, moved, sets = paid[known], moved[known], sets[known]
    return Rents(_groups(paid, moved), spearman(paid, moved), _error(paid, moved, sets), together)


def spearman(one: Floats, other: Floats) -> float | None:
    """Rank correlation, ties at their mean rank; None if one of the two does not vary."""
    a, b = _ranks(one), _ranks(other)
    a, b = a - a.mean(), b - b.mean()
    size = float(np.sqrt((a**2).sum() * (b**2).sum()))
    return float((a * b).sum()) / size if size > 0 else None


def _ranks(values: Floats) -> Floats:
    _, position, count = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(count)
    middles: Floats = ends - (count - 1) / 2
    return middles[position]


def _error(one: Floats, other: Floats, sets: Ints) -> float | None:
    """Jackknife over batches of whole sets."""
    labels = batch_labels(sets)
    if labels is None:
        return None
    count = int(labels.max()) + 1
    left = [spearman(one[labels != b], other[labels != b]) for b in range(count)]
    found = np.array([value for value in left if value is not None])
    if found.size < count:
        return None
    return float(np.sqrt(((found - found.mean()) ** 2).sum() * (count - 1) / count))


def _groups(paid: Floats, moved: Floats) -> tuple[Group, ...]:
    order = np.argsort(paid, kind="stable")
    count = max(1, min(TENTHS, paid.size // FEWEST))
    groups = []
    for part in np.array_split(order, count):
        low, median, high = np.quantile(moved[part], [0.25, 0.5, 0.75])
        mean = float(paid[part].mean())
        groups.append(Group(mean, float(low), float(median), float(high), part.size))
    return tuple(groups)


def _together(paid: Floats, moved: Floats, base_paid: Floats, base_moved: Floats) -> Together:
    rent, influence = _way(base_paid, paid), _way(base_moved, moved)
    known = ~(np.isnan(rent) | np.isnan(influence))
    rent, influence = rent[known], influence[known]

    def share(where: npt.NDArray[np.bool_]) -> float:
        return float(where.mean()) if where.size else float("nan")

    product = rent * influence
    return Together(
        same_way=share(product > 0),
        apart=share(product < 0),
        only_rents=share((rent != 0) & (influence == 0)),
        only_influence=share((rent == 0) & (influence != 0)),
        neither=share((rent == 0) & (influence == 0)),
        worlds=int(known.sum()),
    )


def _way(baseline: Floats, other: Floats) -> Floats:
    """−1, 0 or 1 for lower, the same but for rounding, higher; NaN where one is missing."""
    difference = other - baseline
    rounding = ROUNDING * np.maximum(np.abs(baseline), np.abs(other))
    return np.where(np.abs(difference) <= rounding, 0.0, np.sign(difference))
