"""When scenarios part: differences within worlds, month by month.

The month of parting is the first in which the mean difference is told from zero. Looking at every
month and taking the first that stands out would find one by chance, so each month's interval is
widened until all of them together hold with 95 % (Bonferroni's inequality).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from sim.analysis.differences import ROUNDING
from sim.analysis.spread import FEWEST_SETS, QUANTILES, Ints
from sim.analysis.streams import Floats

Line = list[float | None]

CONFIDENCE: Final = 0.95


@dataclass(frozen=True)
class Gap:
    """The difference of one outcome between a scenario and the baseline, within worlds, by month.

    Attributes:
        lines: quantile name -> quantile of the differences over worlds; none for an event.
        mean: mean over worlds.
        low: lower end of the interval of the mean that holds for all months at once; None with
            fewer than 25 sets.
        high: upper end.
        differ: share of worlds that differ at all.
        worlds: most worlds that have a value in both.
        parted: first month whose interval leaves out zero, None if none does.
    """

    lines: dict[str, Line]
    mean: Line
    low: Line
    high: Line
    differ: Line
    worlds: int
    parted: int | None


def gap(
    pairs: Iterable[tuple[Floats, Floats]], sets: Ints, months: int, *, event: bool, scale: float
) -> Gap:
    """Differences of one outcome, month by month.

    Args:
        pairs: for each month, one number a world in the baseline and in the scenario.
        sets: set number of each world, ascending.
        months: how many there are.
        event: whether it is 0 or 1 in each world, so that only the mean means anything.
        scale: factor to the units that people are shown.
    """
    lines: dict[str, Line] = {} if event else {key: [] for key in QUANTILES}
    mean: Line = []
    low: Line = []
    high: Line = []
    differ: Line = []
    most = 0
    for baseline, other in pairs:
        difference = other - baseline
        rounding = ROUNDING * np.maximum(np.abs(baseline), np.abs(other))
        difference = np.where(np.abs(difference) <= rounding, 0.0, difference) * scale
        known = ~np.isnan(difference)
        count = int(known.sum())
        most = max(most, count)
        told = difference if count == difference.size else difference[known]
        quantiles = np.quantile(told, list(QUANTILES.values())) if count and lines else None
        for at, line in enumerate(lines.values()):
            line.append(None if quantiles is None else float(quantiles[at]))
        middle, half = _mean(told, sets if count == sets.size else sets[known], months)
        mean.append(middle)
        low.append(None if half is None or middle is None else middle - half)
        high.append(None if half is None or middle is None else middle + half)
        differ.append(float((told != 0).mean()) if count else None)
    apart = [
        month
        for month, (a, b) in enumerate(zip(low, high, strict=True))
        if a is not None and b is not None and (a > 0 or b < 0)
    ]
    return Gap(lines, mean, low, high, differ, most, apart[0] if apart else None)


def _mean(values: Floats, sets: Ints, months: int) -> tuple[float | None, float | None]:
    """Mean with the half width of its interval, as in `mean_interval` but for months at once."""
    from scipy.special import stdtrit

    if not values.size:
        return None, None
    mean = float(values.mean())
    starts = np.flatnonzero(np.diff(sets, prepend=sets[0] - 1))
    count = starts.size
    if count < FEWEST_SETS:
        return mean, None
    sums = np.add.reduceat(values - mean, starts)
    error = float(np.sqrt(count / (count - 1) * (sums**2).sum()) / values.size)
    return mean, float(stdtrit(count - 1, 1 - (1 - CONFIDENCE) / 2 / months)) * error
