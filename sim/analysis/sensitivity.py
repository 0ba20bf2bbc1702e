"""What an outcome hinges on: shares of its spread that go with each assumption, from a stored run.

The share of a parameter is its first-order index, Var(E[y|x]) / Var(y) (Sobol 1993), estimated from
worlds as they are, without a design: sets are put in the order of the parameter, up on odd places
and down on even ones, and what of the outcome's variance then lies in its slowest waves is what
goes with the parameter (EASI: Plischke 2010, RESS 95:354; bias taken off after Tissot & Prieur
2012, RESS 107:205). It finds curved and two-sided effects, and takes no note of effects that show
only together with another parameter: `sim/analysis/designed.py` does.

Two hundred parameters are looked at, so some would seem to matter by chance. What nothing would
show is found by shuffling the outcome among the sets: a parameter stands out where its share
exceeds what the largest of as many idle ones reaches in 95 of 100 shuffles (single-step maxT,
Westfall & Young 1993). Errors are the spread over random halves of the sets, which is that of the
whole (delete-d jackknife: Shao & Wu 1989); a bootstrap would repeat sets, and twins side by side
look like an effect.

The index is `SALib.analyze.rbd_fast`, and a test holds it to that. It is written out here because
tens of thousands of them are needed and that takes one at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from sim.analysis.by_set import BySet, BySetError
from sim.analysis.spread import Ints
from sim.analysis.streams import Floats
from sim.analysis.thesis.flips import parts_of

WAVES: Final = 4
"""Waves that count as slow. An effect that turns four times over a parameter's range is found."""
HALVES: Final = 200
SHUFFLES: Final = 400
LEVEL: Final = 0.05
FEWEST_SETS: Final = 60
STRETCHES: Final = 8
"""Parts of a parameter's range over which the mean outcome is told."""


@dataclass(frozen=True)
class Stretch:
    """Sets in which a parameter lies in one part of its range.

    Attributes:
        low: its smallest value among them.
        high: its largest.
        mean: of the outcome.
        lo: lower end of the mean's 95 % interval; None with a single set.
        hi: upper end.
    """

    low: float
    high: float
    mean: float
    lo: float | None
    hi: float | None


@dataclass(frozen=True)
class Hinge:
    """What goes with one parameter.

    Attributes:
        name: of the parameter.
        share: of the variance of the sets' means; slightly below 0 by chance where there is none.
        error: its standard error.
        p: probability that the largest of as many idle parameters shows this much.
        direction: rank correlation with the outcome (Spearman), −1 to 1.
        course: mean outcome over the parameter's range, from its lowest values to its highest.
    """

    name: str
    share: float
    error: float
    p: float
    direction: float
    course: tuple[Stretch, ...]

    @property
    def stands_out(self) -> bool:
        """Whether it is more than idle parameters would show."""
        return self.p <= LEVEL

    @property
    def lo(self) -> float:
        """Lower end of the share's 95 % interval."""
        return self.share - 1.96 * self.error

    @property
    def hi(self) -> float:
        """Upper end of the share's 95 % interval."""
        return self.share + 1.96 * self.error

    def document(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {
            "parameter": self.name,
            "share": self.share,
            "error": self.error,
            "ci95": [self.lo, self.hi],
            "p": self.p,
            "stands_out": self.stands_out,
            "direction": self.direction,
            "course": [
                {"from": s.low, "to": s.high, "mean": s.mean, "ci95": [s.lo, s.hi]}
                for s in self.course
            ],
        }


@dataclass(frozen=True)
class Sensitivity:
    """What one outcome hinges on.

    Attributes:
        source: the sets and what came of them.
        hinges: every parameter that differs, the largest share first.
        nothing: what the largest of as many idle parameters reaches in 95 of 100 shuffles.
        idle: the same for one parameter by itself.
    """

    source: BySet
    hinges: tuple[Hinge, ...]
    nothing: float
    idle: float

    @property
    def standing_out(self) -> tuple[Hinge, ...]:
        """Parameters that show more than nothing would."""
        return tuple(one for one in self.hinges if one.stands_out)

    @property
    def told(self) -> float:
        """Share that goes with those, each by itself.

        What is neither this nor left over from chance is effects of parameters in concert, of many
        that are each too small to stand out, and the error of these two.
        """
        return sum(one.share for one in self.standing_out)

    def document(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {
            **self.source.document(),
            "baseline_of_nothing": self.nothing,
            "baseline_of_one": self.idle,
            "told": self.told,
            "rest": 1.0 - self.told - (self.source.chance or 0.0),
            "parameters": [one.document() for one in self.hinges],
        }


def sensitivity(source: BySet, seed: int = 1) -> Sensitivity:
    """Find what an outcome hinges on.

    Args:
        source: sets of assumptions and what came of them.
        seed: of halves and shuffles; the worlds have their own.

    Raises:
        BySetError: too few sets, or an outcome that is the same in all.
    """
    if source.sets < FEWEST_SETS:
        raise BySetError(
            f"{source.sets:,} sets of assumptions are too few to tell anything; give "
            f"{FEWEST_SETS * source.draws:,} worlds or more ({FEWEST_SETS} sets)"
        )
    if np.ptp(source.values) == 0.0:
        raise BySetError(f"{source.measure.name} is the same in all sets, so it hinges on nothing")
    orders = np.argsort(source.matrix(), axis=0, kind="stable").T
    shares = shares_of(source.values[orders])
    rng = np.random.default_rng(seed)
    errors = _errors(source.values, orders, rng)
    idle = _idle(source.values, len(orders), rng)
    largest = idle.max(axis=1)
    hinges = [
        Hinge(
            name,
            float(shares[k]),
            float(errors[k]),
            # of shuffles and the true order, which is one of the orders there could have been
            float((1 + (largest >= shares[k]).sum()) / (1 + largest.size)),
            _rank_correlation(column, source.values),
            course(column, source.values),
        )
        for k, (name, column) in enumerate(source.parameters.items())
    ]
    return Sensitivity(
        source,
        tuple(sorted(hinges, key=lambda one: -one.share)),
        float(np.quantile(largest, 1.0 - LEVEL)),
        float(np.quantile(idle, 1.0 - LEVEL)),
    )


def shares_of(ordered: Floats, waves: int = WAVES) -> Floats:
    """First-order indices from outcomes put in the order of a parameter.

    Args:
        ordered: (..., sets), ascending by the parameter.
        waves: slowest waves that count.

    Returns:
        Shape (...); the bias of so many waves is taken off, so that nothing comes out as 0 on
        average.
    """
    up_and_down = np.concatenate([ordered[..., ::2], ordered[..., 1::2][..., ::-1]], axis=-1)
    sets = ordered.shape[-1]
    centred = up_and_down - up_and_down.mean(axis=-1, keepdims=True)
    power = np.abs(np.fft.rfft(centred, axis=-1)) ** 2
    if sets % 2 == 0:
        power[..., -1] *= 0.5  # the fastest wave has no twin at the negative frequency
    share = power[..., 1 : waves + 1].sum(axis=-1) / power[..., 1:].sum(axis=-1)
    spurious = 2.0 * waves / sets
    return np.asarray(share - spurious / (1.0 - spurious) * (1.0 - share))


def course(column: Floats, values: Floats, stretches: int = STRETCHES) -> tuple[Stretch, ...]:
    """Mean outcome over the range of a parameter, with the 95 % interval of each mean.

    Args:
        column: the parameter in each set.
        values: the outcome.
        stretches: parts of about as many sets each.
    """
    from scipy.special import stdtrit

    part = parts_of(column, stretches)
    out = []
    for k in range(int(part.max()) + 1):
        mine = values[part == k]
        half = None
        if mine.size > 1:
            error = float(mine.std(ddof=1)) / float(np.sqrt(mine.size))
            half = float(stdtrit(mine.size - 1, 0.975)) * error
        mean = float(mine.mean())
        inside = column[part == k]
        out.append(
            Stretch(
                float(inside.min()),
                float(inside.max()),
                mean,
                None if half is None else mean - half,
                None if half is None else mean + half,
            )
        )
    return tuple(out)


def _errors(values: Floats, orders: Ints, rng: np.random.Generator) -> Floats:
    """Standard errors from random halves of the sets, each without repeats."""
    parameters, sets = orders.shape
    half = sets // 2
    found = np.empty((HALVES, parameters))
    for k in range(HALVES):
        inside = np.zeros(sets, dtype=bool)
        inside[rng.permutation(sets)[:half]] = True
        # a half keeps the order that the whole has
        kept = orders[inside[orders]].reshape(parameters, half)
        found[k] = shares_of(values[kept])
    return np.asarray(np.sqrt(half / (sets - half)) * found.std(axis=0, ddof=1))


def _idle(values: Floats, parameters: int, rng: np.random.Generator) -> Floats:
    """Shares of parameters that do nothing: (shuffles, parameters)."""
    found = np.empty((SHUFFLES, parameters))
    rows = np.broadcast_to(values, (parameters, values.size))
    for k in range(SHUFFLES):
        found[k] = shares_of(rng.permuted(rows, axis=1))
    return found


def _rank_correlation(column: Floats, values: Floats) -> float:
    from scipy.stats import spearmanr

    return float(spearmanr(column, values).statistic)
