"""Figures within a set: its mean over draws of chance, what is certain of it, flows over time.

Worlds come as (sets, draws). Draws of a set are independent given the set; contrasts between arms
are taken draw by draw first, since arms share their draws.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.analysis.spread import Ints
from sim.analysis.streams import Floats

if TYPE_CHECKING:
    import xarray as xr

HIT, UNDECIDED, MISS = 1, 0, -1
"""How a set counts. All three stay in the denominator."""

_NOTHING: Final = 1e-12
"""Differences below this are rounding."""


@dataclass(frozen=True)
class Within:
    """A quantity in each set, with what chance leaves open; each shape (sets,).

    Attributes:
        mean: over draws.
        error: standard error of that mean.
        half: half width of its confidence interval.
    """

    mean: Floats
    error: Floats
    half: Floats

    @property
    def low(self) -> Floats:
        """Lower end of the interval."""
        return self.mean - self.half

    @property
    def high(self) -> Floats:
        """Upper end of the interval."""
        return self.mean + self.half


def within(values: Floats, confidence: float = 0.95) -> Within:
    """Means over draws with Student's intervals.

    Args:
        values: shape (sets, draws), or more axes with the draws last.
        confidence: two-sided.
    """
    from scipy.special import stdtrit

    draws = values.shape[-1]
    mean = values.mean(axis=-1)
    if draws < 2:
        nothing = np.full_like(mean, np.inf)
        return Within(mean, nothing, nothing)
    error = values.std(axis=-1, ddof=1) / np.sqrt(draws)
    error = np.where(error < _NOTHING, 0.0, error)
    return Within(mean, error, float(stdtrit(draws - 1, 0.5 + 0.5 * confidence)) * error)


def by_set(values: Floats, draws: int) -> Floats:
    """Worlds on the first axis -> (sets, draws, ...)."""
    return values.reshape(-1, draws, *values.shape[1:])


def signs(effect: Within, smallest: float, direction: int = 1) -> Ints:
    """Hits, misses and undecided sets of a claim that an effect has a sign.

    A hit lies beyond zero with the interval's confidence and is of a size that counts. A miss is
    known to be smaller than that, or of the other sign. The rest is undecided.

    Args:
        effect: in each set.
        smallest: size that counts.
        direction: sign that is claimed, 1 or -1.
    """
    mean = direction * effect.mean
    low, high = mean - effect.half, mean + effect.half
    hit = (low > 0.0) & (mean >= smallest)
    miss = ~hit & ((high < smallest) | (low > 0.0))
    return np.where(hit, HIT, np.where(miss, MISS, UNDECIDED)).astype(np.int64)


def series(ds: xr.Dataset, name: str, first: int = 1, last: int | None = None) -> Floats:
    """An outcome by world and month.

    Args:
        ds: a run.
        name: dotted; `influence.SOURCE.TARGET` is the mean over live levers.
        first: month of the run, counted from 1.
        last: likewise, included; the run's end when left out.

    Returns:
        Shape (worlds, months).
    """
    head, *rest = name.split(".")
    variable = ds[head]
    if head in ("dependence", "influence"):
        variable = variable.sel(actor=rest[0], target=rest[1])
    elif head == "payoff":
        variable = variable.sel(actor=rest[0])
    elif name == "transfers.total":
        variable = variable.sum("transfer")
    values: Floats = variable.transpose("world", "month").to_numpy().astype(np.float64)
    return values[:, first - 1 : last]


def influence_over(ds: xr.Dataset, source: str, target: str, levers: list[str]) -> Floats:
    """Mean influence over those of some levers that are live in the month, (worlds, months)."""
    wanted = [f"{source}.{target}.{lever}" for lever in levers]
    values = ds["influence_lever"].sel(scope=wanted).transpose("world", "month", "scope")
    return mean_of_known(values.to_numpy().astype(np.float64))


def mean_of_known(values: Floats) -> Floats:
    """Mean over the last axis of what is there; 0 where nothing is: no live lever, no influence."""
    known = ~np.isnan(values)
    count = known.sum(axis=-1)
    total = np.where(known, values, 0.0).sum(axis=-1)
    return np.divide(total, count, out=np.zeros_like(total), where=count > 0)


def discounted(values: Floats, delta: Floats, terminal: Floats, terminal_from: int) -> Floats:
    """A discounted flow, as the even monthly flow that is worth the same.

    The mean of the last `terminal_from` months goes on for `terminal` months after the run.

    Args:
        values: shape (worlds, months).
        delta: discount factor a month, shape (worlds,).
        terminal: months that follow, shape (worlds,).
        terminal_from: months at the run's end that say what follows.

    Returns:
        Shape (worlds,).
    """
    months = values.shape[1]
    weights = delta[:, None] ** np.arange(months)
    tail = delta**months * (1.0 - delta**terminal) / (1.0 - delta)
    worth = (weights * values).sum(axis=1) + tail * values[:, -terminal_from:].mean(axis=1)
    return np.asarray(worth / (weights.sum(axis=1) + tail))


def flow(ds: xr.Dataset, values: Floats, terminal_from: int) -> Floats:
    """`discounted` with the discount factor and the terminal span that each world has."""
    delta, terminal = (
        ds["parameter"].sel(name=f"world.{name}").to_numpy()
        for name in ("discount", "terminal_months")
    )
    return discounted(values, delta, terminal, terminal_from)
