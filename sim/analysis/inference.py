"""What a record says about parameters, without a likelihood: approximate Bayesian computation.

Worlds are drawn from the prior; those whose summary statistics lie nearest to the observed ones
count, the nearer the more (Epanechnikov's kernel), and their parameters are moved along a local
linear regression to where the statistics are the observed ones (Beaumont, Zhang & Balding 2002,
Genetics 162:2025). Parameters are handled by their prior probability u, which is uniform before, on
the scale log(u / (1 - u)), so that nothing leaves the prior's range.

Where the model cannot reach the record the regression would have to extrapolate, and does so badly
(Frazier, Robert & Rousseau 2020, JRSS B 82:421). So it never goes beyond the statistics that the
accepted worlds have.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from agents.outlook import Array

type Indices = NDArray[np.int64]

GROUPS: Final = 20
"""Groups of worlds that the jackknife leaves out one by one."""
FAMILY: Final = 0.05
"""Chance that any parameter at all is called informed where the record says nothing about any."""
_UNIFORM_SD = 12**-0.5
_EDGE = 1e-6


@dataclass(frozen=True)
class Accepted:
    """Worlds that count.

    Attributes:
        worlds: their indices.
        weights: of each, summing to 1.
        tolerance: distance at which weights reach zero.
        target: statistics that the regression moves to, in units of their spread.
    """

    worlds: Indices
    weights: Array
    tolerance: float
    target: Array

    @property
    def effective(self) -> float:
        """Equal weights that would be as sure (Kish)."""
        return float(1.0 / (self.weights**2).sum())


@dataclass(frozen=True)
class Learned:
    """What is known of one parameter afterwards, by prior probability.

    Attributes:
        name: of the parameter.
        width: standard deviation over that of the prior.
        width_error: its Monte Carlo standard error, jackknifed.
        shift: mean less one half.
        shift_error: likewise.
        informed: whether width or shift differs from the prior's by more than chance allows for any
            of all the parameters.
        draws: prior probabilities of the accepted worlds, moved.
    """

    name: str
    width: float
    width_error: float
    shift: float
    shift_error: float
    informed: bool
    draws: Array


def accept(statistics: Array, observed: Array, share: float, among: Indices) -> Accepted:
    """The worlds nearest to what was observed.

    Args:
        statistics: (worlds, statistics).
        observed: (statistics,).
        share: of the worlds that is accepted.
        among: indices of the worlds that may be.
    """
    spread = _spread(statistics[among])
    scaled = (statistics[among] - observed) / spread
    distance = np.sqrt((scaled**2).sum(axis=1))
    count = max(2, round(share * len(among)))
    order = np.argsort(distance, kind="stable")
    tolerance = float(distance[order[min(count, len(order) - 1)]])
    near = np.sort(order[:count])
    weights = np.maximum(1.0 - (distance[near] / tolerance) ** 2, 0.0)
    if weights.sum() == 0.0:  # all equally far
        weights = np.ones(len(near))
    inside = scaled[near]
    target = np.clip(0.0, inside.min(axis=0), inside.max(axis=0))
    return Accepted(among[near], weights / weights.sum(), tolerance, target)


def moved(
    points: Array, statistics: Array, observed: Array, accepted: Accepted, among: Indices
) -> Array:
    """Prior probabilities of the accepted worlds, moved to the observed statistics.

    Args:
        points: prior probabilities of all worlds, (worlds, parameters).
        statistics: of all worlds.
        observed: likewise of the record.
        accepted: the worlds that count.
        among: indices of the worlds that the spread of statistics is taken from.
    """
    near, weights = accepted.worlds, accepted.weights
    away = (statistics[near] - observed) / _spread(statistics[among]) - accepted.target
    u = points[near].clip(_EDGE, 1.0 - _EDGE)
    logit = np.log(u / (1.0 - u))
    root = np.sqrt(weights)[:, None]
    design = np.column_stack([np.ones(len(near)), away])
    fitted, *_ = np.linalg.lstsq(root * design, root * logit, rcond=None)
    rest = logit - design @ fitted
    # what a regression on so many statistics takes off by chance alone is given back
    free = accepted.effective / max(accepted.effective - away.shape[1] - 1.0, 1.0)
    return 1.0 / (1.0 + np.exp(-(fitted[0] + np.sqrt(free) * rest)))


def learn(
    names: list[str], points: Array, statistics: Array, observed: Array, share: float
) -> tuple[list[Learned], Accepted]:
    """What the record says about each parameter, and the worlds that it was learned from.

    Args:
        names: of the parameters.
        points: prior probabilities, (worlds, parameters).
        statistics: summaries of each world, (worlds, statistics).
        observed: of the record, (statistics,).
        share: of the worlds that is accepted.
    """
    from scipy.stats import t

    every = np.arange(len(points))
    accepted = accept(statistics, observed, share, every)
    draws = moved(points, statistics, observed, accepted, every)
    width, shift = _moments(draws, accepted.weights)
    widths, shifts = [], []
    for group in range(GROUPS):
        among = every[every * GROUPS // len(every) != group]
        fewer = accept(statistics, observed, share, among)
        told = _moments(moved(points, statistics, observed, fewer, among), fewer.weights)
        widths.append(told[0])
        shifts.append(told[1])
    width_error, shift_error = _jackknifed(widths), _jackknifed(shifts)
    bound = float(t.isf(FAMILY / (4 * len(names)), GROUPS - 1))  # two sides, two questions each
    informed = (np.abs(width - 1.0) > bound * width_error) | (np.abs(shift) > bound * shift_error)
    found = [
        Learned(
            name,
            float(width[k]),
            float(width_error[k]),
            float(shift[k]),
            float(shift_error[k]),
            bool(informed[k]),
            draws[:, k],
        )
        for k, name in enumerate(names)
    ]
    return found, accepted


def weighted_quantiles(values: Array, weights: Array, at: Array) -> Array:
    """Quantiles of weighted values, linear between the middles of their weights."""
    order = np.argsort(values, kind="stable")
    heaped = np.cumsum(weights[order]) - weights[order] / 2.0
    return np.interp(at, heaped / weights.sum(), values[order])


def _moments(draws: Array, weights: Array) -> tuple[Array, Array]:
    """Width over that of a uniform, and mean less one half."""
    mean = weights @ draws
    sd = np.sqrt(weights @ (draws - mean) ** 2)
    return sd / _UNIFORM_SD, mean - 0.5


def _jackknifed(without: list[Array]) -> Array:
    told = np.stack(without)
    factor = (GROUPS - 1) / GROUPS
    error: Array = np.sqrt(factor * ((told - told.mean(axis=0)) ** 2).sum(axis=0))
    return error


def _spread(statistics: Array) -> Array:
    """Median absolute deviation, or the standard deviation where half of the worlds are alike."""
    middle = np.median(statistics, axis=0)
    spread = np.median(np.abs(statistics - middle), axis=0)
    spread = np.where(spread > 0, spread, statistics.std(axis=0))
    return np.where(spread > 0, spread, 1.0)
