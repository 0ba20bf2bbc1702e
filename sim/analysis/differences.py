"""Paired differences: one scenario against another within each world, then over worlds."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from sim.analysis.spread import FEWEST_SETS, Ints, quantiles
from sim.analysis.streams import Floats

ROUNDING: Final = 1e-9
"""Relative difference that rounding alone may leave (the format's promise across engines)."""


@dataclass(frozen=True)
class Change:
    """The change of one outcome from the baseline to a scenario, within worlds.

    Attributes:
        difference: mean over worlds.
        se: its standard error, sets as clusters; None with fewer than two sets.
        lo: lower end of the 95 % interval of the mean, None with too few sets.
        hi: upper end.
        quantiles: of the difference over worlds, by name.
        errors: Monte Carlo standard errors of those, None with too few sets.
        p_greater: share of worlds in which the scenario's value is the higher one.
        p_equal: share of worlds in which the two are the same number, but for rounding.
        worlds: number of worlds in which both have a value.
    """

    difference: float
    se: float | None
    lo: float | None
    hi: float | None
    quantiles: dict[str, float]
    errors: dict[str, float | None]
    p_greater: float
    p_equal: float
    worlds: int

    @property
    def clear(self) -> bool:
        """Whether the 95 % interval of the mean lies on one side of zero."""
        return self.lo is not None and self.hi is not None and (self.lo > 0 or self.hi < 0)


def mean_interval(values: Floats, sets: Ints) -> tuple[float, float | None, float | None]:
    """Mean over worlds with its standard error and 95 % half width, sets as clusters.

    The error is the cluster-robust one of a mean (Cameron & Miller 2015, section II), the factor
    Student's with one degree of freedom less than there are sets.

    Args:
        values: one number a world, none missing.
        sets: set number of each world.

    Returns:
        Mean, standard error, half width of the 95 % interval; the last two None with fewer than
        two sets.
    """
    from scipy.special import stdtrit

    mean = float(values.mean())
    unique, position = np.unique(sets, return_inverse=True)
    count = unique.size
    if count < 2:
        return mean, None, None
    sums = np.bincount(position, weights=values - mean)
    error = float(np.sqrt(count / (count - 1) * (sums**2).sum()) / values.size)
    return mean, error, float(stdtrit(count - 1, 0.975)) * error


def change(baseline: Floats, other: Floats, sets: Ints) -> Change | None:
    """Compare two scenarios in one outcome, world by world.

    What differs by no more than rounding counts as the same: otherwise a world in which nothing
    changed would be told apart by the order of additions.

    Args:
        baseline: one number a world.
        other: the same worlds in the other scenario.
        sets: set number of each world.

    Returns:
        The change, or None if no world has a value in both.
    """
    difference = other - baseline
    same = np.abs(difference) <= ROUNDING * np.maximum(np.abs(baseline), np.abs(other))
    difference = np.where(same, 0.0, difference)
    known = ~np.isnan(difference)
    if not known.any():
        return None
    difference, sets = difference[known], sets[known]
    mean, error, half = mean_interval(difference, sets)
    if np.unique(sets).size < FEWEST_SETS:  # it would say more than so few sets know
        half = None
    found = quantiles(difference, sets)
    return Change(
        difference=mean,
        se=error,
        lo=None if half is None else mean - half,
        hi=None if half is None else mean + half,
        quantiles={key: float(value) for key, value in found.values.items() if value is not None},
        errors=found.errors,
        p_greater=float((difference > 0).mean()),
        p_equal=float((difference == 0).mean()),
        worlds=int(difference.size),
    )
