"""Scenario discovery: under which assumptions does an outcome come about (Bryant & Lempert 2010).

Cases are sets of assumptions; those of interest are the ones whose outcome, the mean over draws of
chance, lies above or below a threshold. A box is a few limits on a few parameters
(`sim/analysis/prim.py`). They are looked for on the few parameters that go most with being of
interest, each by itself (the index of `sim/analysis/sensitivity.py`): on all two hundred, with some
hundreds of sets, peeling follows chance.

A method that looks for something finds something, so three checks stand beside each box: how its
limits come out in random halves of the sets, how the box found in one half does in the other half,
which had no part in it, and what the same search finds when outcomes are shuffled among the sets.
Each repeats the whole search, the choice of parameters included.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np

from sim.analysis.by_set import BySet, BySetError, measure_document
from sim.analysis.prim import Bools, Box, Found, prim
from sim.analysis.sensitivity import shares_of
from sim.analysis.spread import Ints
from sim.analysis.streams import Floats

HALVES: Final = 50
SHUFFLES: Final = 50
FEWEST_OF_INTEREST: Final = 20
FEWEST_SETS: Final = 100
CANDIDATES: Final = 8
"""Parameters on which limits are looked for."""

type Side = Literal["above", "below"]


@dataclass(frozen=True)
class Interest:
    """Which sets are of interest.

    Attributes:
        side: of the threshold.
        threshold: in the dataset's units.
        top: share of all sets that the threshold was taken from, None where it was given.
    """

    side: Side
    threshold: float
    top: float | None = None

    def of(self, values: Floats) -> Bools:
        """Which of these values it holds for."""
        return values > self.threshold if self.side == "above" else values < self.threshold


@dataclass(frozen=True)
class Limit:
    """A restriction of the box.

    Attributes:
        name: of the parameter.
        low: lower limit, None where there is none.
        high: upper limit, None where there is none.
        least: the parameter's smallest value among all sets.
        most: its largest.
        quasi_p: probability of so dense a box if this restriction did nothing, taken by itself.
        again: share of the random halves in which this parameter is restricted on the same side.
        low_between: in 90 of 100 of those halves the lower limit lies between these.
        high_between: likewise the upper one.
    """

    name: str
    low: float | None
    high: float | None
    least: float
    most: float
    quasi_p: float
    again: float
    low_between: tuple[float, float] | None
    high_between: tuple[float, float] | None

    def document(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {
            "parameter": self.name,
            "low": self.low,
            "high": self.high,
            "range": [self.least, self.most],
            "quasi_p": self.quasi_p,
            "again": self.again,
            "low_between": None if self.low_between is None else list(self.low_between),
            "high_between": None if self.high_between is None else list(self.high_between),
        }


@dataclass(frozen=True)
class Discovery:
    """Under which assumptions an outcome comes about.

    Attributes:
        source: the sets and what came of them.
        interest: which of them are of interest.
        found: by the search over all sets; its inputs are the candidates.
        candidates: names of the parameters on which limits were looked for.
        limits: of the box, the surest restriction first.
        elsewhere: mean density and coverage of boxes found in random halves, in the other halves.
        nothing: agreement that the search reaches at most in 95 of 100 shuffles of the outcome.
    """

    source: BySet
    interest: Interest
    found: Found
    candidates: tuple[str, ...]
    limits: tuple[Limit, ...]
    elsewhere: tuple[float, float]
    nothing: float

    @property
    def box(self) -> Box:
        """The box that was chosen."""
        return self.found.box

    @property
    def of_interest(self) -> float:
        """Share of the sets that are of interest."""
        return self.box.all_hits / self.box.all_cases

    @property
    def more_than_nothing(self) -> bool:
        """Whether the box has limits, and is better than what the search finds in nothing."""
        return bool(self.limits) and self.box.agreement > self.nothing

    def document(self) -> dict[str, Any]:
        """Ready for JSON."""
        density, coverage = self.elsewhere
        return {
            **self.source.document(),
            "side": self.interest.side,
            "threshold": self.interest.threshold,
            "top": self.interest.top,
            "sets_of_interest": self.box.all_hits,
            "box": {
                **_box_document(self.box),
                "limits": [one.document() for one in self.limits],
                "dropped": [self.candidates[k] for k in self.found.dropped],
            },
            "candidates": list(self.candidates),
            "elsewhere": {"density": density, "coverage": coverage},
            "nothing": self.nothing,
            "more_than_nothing": self.more_than_nothing,
            "trajectory": [
                {**_box_document(one), "chosen": n == self.found.chosen}
                for n, one in enumerate(self.found.trajectory)
            ],
        }


def interest(source: BySet, side: Side, threshold: float | None, top: float | None) -> Interest:
    """Which sets are of interest: beyond a threshold, or so large a share at one end.

    Args:
        source: sets of assumptions and what came of them.
        side: above or below.
        threshold: in the dataset's units; None to take a share of the sets.
        top: that share, 0 to 1.
    """
    if threshold is not None:
        return Interest(side, threshold)
    share = 0.2 if top is None else top
    at = 1.0 - share if side == "above" else share
    return Interest(side, float(np.quantile(source.values, at)), share)


def discover(
    source: BySet, wanted: Interest, density: float | None = None, seed: int = 1
) -> Discovery:
    """Find the assumptions under which an outcome comes about.

    Args:
        source: sets of assumptions and what came of them.
        wanted: which of them are of interest.
        density: the box is to be as dense as this; of the largest agreement where None.
        seed: of halves and shuffles; the worlds have their own.

    Raises:
        BySetError: too few sets, or too few that are of interest or that are not.
    """
    x, hit = source.matrix(), wanted.of(source.values)
    _check(source, wanted, hit)
    rng = np.random.default_rng(seed)
    found, inputs = _searched(x, hit, density)
    halves, density_else, coverage_else = [], [], []
    for _ in range(HALVES):
        order = rng.permutation(source.sets)
        one, other = order[: source.sets // 2], order[source.sets // 2 :]
        theirs, columns = _searched(x[one], hit[one], density)
        halves.append(_by_number(theirs.box, columns))
        inside = theirs.box.holds(x[other][:, columns])
        density_else.append(float(hit[other][inside].mean()) if inside.any() else np.nan)
        coverage_else.append(float(inside[hit[other]].mean()) if hit[other].any() else np.nan)
    nothing = [
        _searched(x, rng.permutation(hit), density)[0].box.agreement for _ in range(SHUFFLES)
    ]
    names = list(source.parameters)
    limits = [
        _limit(names[k], x[:, k], found.quasi_p[n], ends, [one.get(k, _OPEN) for one in halves])
        for n, k in enumerate(inputs)
        if (ends := _by_number(found.box, inputs).get(int(k))) is not None
    ]
    return Discovery(
        source,
        wanted,
        found,
        tuple(names[k] for k in inputs),
        tuple(sorted(limits, key=lambda one: (one.quasi_p, one.name))),
        (_mean(density_else), _mean(coverage_else)),
        float(np.quantile(nothing, 0.95)),
    )


type Ends = tuple[float, float]
_OPEN: Final[Ends] = (-np.inf, np.inf)


def _searched(x: Floats, hit: Bools, density: float | None) -> tuple[Found, Ints]:
    """The best box on the parameters that go most with being of interest, and which these are."""
    orders = np.argsort(x, axis=0, kind="stable").T
    shares = shares_of(hit[orders].astype(np.float64))
    inputs = np.argsort(-shares, kind="stable")[:CANDIDATES]
    return prim(x[:, inputs], hit, density), inputs


def _by_number(box: Box, inputs: Ints) -> dict[int, Ends]:
    """Lower and upper limit of each restricted parameter, by its place among all."""
    return {int(inputs[n]): (float(box.low[n]), float(box.high[n])) for n in box.restricted}


def _mean(values: list[float]) -> float:
    known = [one for one in values if not np.isnan(one)]
    return float(np.mean(known)) if known else 0.0


def _check(source: BySet, wanted: Interest, hit: Bools) -> None:
    if source.sets < FEWEST_SETS:
        raise BySetError(
            f"{source.sets:,} sets of assumptions are too few for a box; give "
            f"{FEWEST_SETS * source.draws:,} worlds or more ({FEWEST_SETS} sets)"
        )
    many = int(hit.sum())
    if FEWEST_OF_INTEREST <= many <= source.sets - FEWEST_OF_INTEREST:
        return
    low, middle, high = np.quantile(source.values, [0.05, 0.5, 0.95])
    read = measure_document(source.measure)
    scale, units = read["shown_scale"], read["shown_units"]
    ends = {"above": "top", "below": "bottom"}
    option = wanted.side if wanted.top is None else ends[wanted.side]
    raise BySetError(
        f"--{option}: {many:,} of {source.sets:,} sets lie {wanted.side} "
        f"{wanted.threshold:g}; at least {FEWEST_OF_INTEREST} have to, and as many not. Over sets "
        f"{source.measure.name} has the median {middle:.4g}, and 90 of 100 lie between {low:.4g} "
        f"and {high:.4g}. --{wanted.side} takes {threshold_units(read)}"
        + ("" if scale == 1 else f": {middle:.4g} is shown as {scale * middle:.4g} {units}")
    )


def threshold_units(told: Mapping[str, Any]) -> str:
    """The units in which a threshold is given, in words: "total variation, 0 to 1".

    Args:
        told: the outcome, as `measure_document` has it.
    """
    if told["units"] == "0 or 1":
        return "a share of worlds, 0 to 1"
    return f"a {told['units']}, 0 to 1" if told["units"].startswith("share") else told["units"]


def _limit(name: str, column: Floats, quasi_p: float, ends: Ends, halves: list[Ends]) -> Limit:
    """One restriction, and how it comes out in random halves of the sets."""
    low, high = ends
    below, above = np.array(halves).T
    same = np.ones(len(halves), dtype=bool)
    for mine, theirs in ((low, below), (high, above)):
        if np.isfinite(mine):
            same &= np.isfinite(theirs)
    return Limit(
        name,
        low if np.isfinite(low) else None,
        high if np.isfinite(high) else None,
        float(column.min()),
        float(column.max()),
        quasi_p,
        float(same.mean()),
        _between(below) if np.isfinite(low) else None,
        _between(above) if np.isfinite(high) else None,
    )


def _between(limits: Floats) -> tuple[float, float] | None:
    known = limits[np.isfinite(limits)]
    if not known.size:
        return None
    low, high = np.quantile(known, [0.05, 0.95])
    return float(low), float(high)


def _box_document(box: Box) -> dict[str, Any]:
    return {
        "coverage": box.coverage,
        "density": box.density,
        "mass": box.mass,
        "agreement": box.agreement,
        "sets": box.cases,
        "sets_of_interest": box.hits,
        "restricted": len(box.restricted),
    }
