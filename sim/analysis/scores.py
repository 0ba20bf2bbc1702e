"""How good a forecast was: its score, whether its bands held, and how sure one is of both.

The continuous ranked probability score (Gneiting & Raftery 2007, JASA 102:359) is the distance of a
whole distribution from what came: a band that is wide enough to hold everything costs as much as
one that misses. It is estimated without the bias of a small ensemble (Zamo & Naveau 2018,
Mathematical Geosciences 50:209). Monte Carlo errors are jackknifed over groups of parameter sets.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from typing import Final

import numpy as np
from numpy.typing import NDArray

from agents.outlook import Array

GROUPS: Final = 20
"""Groups of parameter sets that the jackknife leaves out one by one."""
QUANTILES: Final = (0.05, 0.25, 0.5, 0.75, 0.95)


class ScoringMissingError(RuntimeError):
    """The library that scores is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "scores need scoringrules, which is not installed: pip install 'fulcrum-sim[backtest]'"
        )


def check_scoring() -> None:
    """Raises ScoringMissingError where nothing can be scored."""
    if find_spec("scoringrules") is None:
        raise ScoringMissingError


@dataclass(frozen=True)
class Jackknifed:
    """A figure from all worlds, and once more without each group of parameter sets.

    Attributes:
        values: shape (1 + groups,); the first is from all worlds.
    """

    values: Array

    @property
    def value(self) -> float:
        """From all worlds."""
        return float(self.values[0])

    @property
    def error(self) -> float | None:
        """Monte Carlo standard error (Efron 1982); None with fewer than two groups."""
        without = self.values[1:]
        count = without.size
        if count < 2 or not np.isfinite(without).all():
            return None
        return float(np.sqrt((count - 1) / count * ((without - without.mean()) ** 2).sum()))


@dataclass(frozen=True)
class Ensemble:
    """Worlds as a forecast.

    Attributes:
        worlds: how many.
        draws: worlds per parameter set.
    """

    worlds: int
    draws: int

    @cached_property
    def keep(self) -> list[NDArray[np.bool_]]:
        """Masks of worlds: all of them, then all but each group of sets."""
        sets = np.arange(self.worlds) // self.draws
        count = int(sets[-1]) + 1
        groups = min(GROUPS, count)
        group = sets * groups // count
        every = np.ones(self.worlds, dtype=bool)
        return [every, *(group != k for k in range(groups))] if groups > 1 else [every]

    def crps(self, values: Array, observed: float) -> Array:
        """Scores of one figure, shape (1 + groups,)."""
        order = np.sort(values)
        if len(self.keep) == 1:
            return np.array([crps(order, observed)])
        rank = np.argsort(values, kind="stable")
        return np.array([crps(order[kept[rank]], observed) for kept in self.keep])

    def inside(self, values: Array, observed: float, share: float) -> Array:
        """Whether a central band holds the figure, 0 or 1, shape (1 + groups,)."""
        tails = [(1.0 - share) / 2.0, (1.0 + share) / 2.0]
        bands = [np.quantile(values[kept], tails) for kept in self.keep]
        return np.array([float(low <= observed <= high) for low, high in bands])

    def share(self, holds: NDArray[np.bool_]) -> Array:
        """Share of worlds, shape (1 + groups,)."""
        return np.array([holds[kept].mean() for kept in self.keep])


def crps(ordered: Array, observed: float) -> float:
    """Score of an ensemble whose members are in rising order."""
    import scoringrules

    if ordered.size == 1:  # without a spread it is the distance
        return abs(float(ordered[0]) - observed)
    return float(
        scoringrules.crps_ensemble(
            observed, ordered, estimator="pwm", sorted_ensemble=True, backend="numpy"
        )
    )


def skill(model: Sequence[Array], naive: Sequence[float]) -> Jackknifed:
    """One less the ratio of mean scores: above 0 the model is the better one.

    Args:
        model: scores of each figure, (1 + groups,) each.
        naive: scores of the other forecast.
    """
    return Jackknifed(1.0 - np.mean(model, axis=0) / np.mean(naive))


def pooled(skills: Sequence[Jackknifed]) -> Jackknifed | None:
    """Skill over series: one less the geometric mean of their ratios of scores; None without any.

    Every series counts alike, whatever its unit and however many figures it has.
    """
    if not skills:
        return None
    ratios = np.stack([1.0 - one.values for one in skills])
    return Jackknifed(1.0 - np.exp(np.log(ratios).mean(axis=0)))


def brier(probability: Array, happened: bool) -> Array:
    """Squared distance of a probability from 1 or 0."""
    return (probability - float(happened)) ** 2


def log_score(probability: Array, happened: bool, worlds: int) -> Array:
    """Logarithmic score, in nats.

    So many worlds cannot tell 0 from a small probability: half a world is added to either side.

    Args:
        probability: share of worlds.
        happened: whether it came.
        worlds: that the share is of.
    """
    softened = (probability * worlds + 0.5) / (worlds + 1.0)
    return -np.log(softened if happened else 1.0 - softened)


def finite(value: float | None) -> float | None:
    """A number fit for JSON."""
    return None if value is None or not math.isfinite(value) else float(value)
