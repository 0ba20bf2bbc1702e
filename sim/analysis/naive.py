"""Forecasts that anybody could make from a series alone: it stays, or it goes on as it went.

Both are Student-t distributions on the scale of the series. Their spread grows with the lead:
variance = nugget + slope x lead, the variogram of a random walk seen with error (Matheron 1963,
Economic Geology 58:1246), fitted to the squared differences of past figures. Nothing is added to
make them look bad: where the past hardly moved they are sharp.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from agents.outlook import Array

FEWEST: Final = {"persistence": 3, "drift": 4}
"""Past figures needed. With fewer a Student-t has no mean, and so no finite score."""
LONGEST_LAG: Final = 12
"""Months up to which pairs of figures are compared, as far ahead as forecasts are scored."""
_SHARPEST = 1e-9  # of a past without any change: its score is the distance


@dataclass(frozen=True)
class Forecast:
    """A Student-t distribution on the scale of a series."""

    location: float
    scale: float
    df: int

    def crps(self, observed: float) -> float:
        """Its continuous ranked probability score, in closed form."""
        import scoringrules

        return float(
            scoringrules.crps_t(observed, self.df, self.location, self.scale, backend="numpy")
        )

    def quantiles(self, at: Sequence[float]) -> Array:
        """Its quantiles."""
        from scipy.special import stdtrit

        found: Array = self.location + self.scale * stdtrit(self.df, np.asarray(at))
        return found


def persistence(months: Sequence[int], values: Sequence[float], at: int) -> Forecast | None:
    """The last value stays.

    Args:
        months: of past figures, counted from any month, rising.
        values: the figures, on the scale of the series.
        at: month that is forecast.

    Returns:
        The forecast; None with fewer than three figures.
    """
    if len(months) < FEWEST["persistence"]:
        return None
    nugget, slope = variogram(months, values, 0.0)
    lead = at - months[-1]
    return _forecast(values[-1], nugget + slope * lead, len(months) - 1)


def drift(months: Sequence[int], values: Sequence[float], at: int) -> Forecast | None:
    """The series goes on with the mean slope of its past.

    The slope is the one from the first to the last figure, as of a random walk with drift. It is
    not known exactly: that adds lead² x (nugget + slope x span) / span² to the variance.

    Args:
        months: of past figures, counted from any month, rising.
        values: the figures, on the scale of the series.
        at: month that is forecast.

    Returns:
        The forecast; None with fewer than four figures.
    """
    if len(months) < FEWEST["drift"]:
        return None
    span, lead = months[-1] - months[0], at - months[-1]
    rate = (values[-1] - values[0]) / span
    nugget, slope = variogram(months, values, rate)
    variance = nugget + slope * lead + lead**2 * (nugget + slope * span) / span**2
    return _forecast(values[-1] + rate * lead, variance, len(months) - 2)


def variogram(months: Sequence[int], values: Sequence[float], rate: float) -> tuple[float, float]:
    """Nugget and slope of the variance of a difference, neither below 0.

    Least squares over all pairs of figures at most a year apart (all pairs, if none are), each
    weighted by one over its lag, since the squares of longer differences vary more.

    Args:
        months: of the figures.
        values: the figures.
        rate: change a month that is expected and taken off.
    """
    from scipy.optimize import nnls

    i, j = np.triu_indices(len(months), 1)
    when, what = np.asarray(months, dtype=float), np.asarray(values, dtype=float)
    lag = when[j] - when[i]
    near = lag <= LONGEST_LAG
    if not near.any():
        near[:] = True
    lag, change = lag[near], (what[j] - what[i])[near] - rate * lag[near]
    found, _ = nnls(np.stack([1.0 / lag, np.ones_like(lag)], axis=1), change**2 / lag)
    return float(found[0]), float(found[1])


def _forecast(location: float, variance: float, df: int) -> Forecast:
    return Forecast(float(location), max(float(np.sqrt(variance)), _SHARPEST), df)
