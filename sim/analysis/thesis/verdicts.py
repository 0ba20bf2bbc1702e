"""From sets that hit, miss or stay undecided to a verdict, by the rule as it is written down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from sim.analysis.spread import Ints
from sim.analysis.streams import Floats
from sim.analysis.thesis.within import HIT, MISS, UNDECIDED

type Verdict = Literal["supported", "refuted", "undecided"]

_Z = 1.959963984540054
_RULE_OF_THREE = 1.5
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Share:
    """Share of sets that hit, with its Monte Carlo error; sets are the independent unit.

    Attributes:
        value: of all sets, undecided ones in the denominator.
        error: standard error; of no set or of all, half the bound of the rule of three.
        low: lower end of the 95 % interval (Wilson 1927).
        high: upper end.
        sets: how many.
    """

    value: float
    error: float
    low: float
    high: float
    sets: int

    @classmethod
    def of(cls, weights: Floats) -> Share:
        """The share of sets by how far each hits, 0 to 1, shape (sets,).

        Sets that count by a part (of a grid) have the error of a mean; hits and misses Wilson's.
        """
        count = weights.size
        value = float(weights.mean())
        whole = bool(np.isin(weights, (0.0, 1.0)).all())
        if not whole and count < 2:
            return cls(value, 0.5, 0.0, 1.0, count)  # one set says nothing of others
        if not whole:
            error = float(weights.std(ddof=1) / np.sqrt(count))
            low, high = max(0.0, value - _Z * error), min(1.0, value + _Z * error)
            return cls(value, error, low, high, count)
        error = float(np.sqrt(value * (1.0 - value) / count))
        if value in (0.0, 1.0):
            error = _RULE_OF_THREE / count
        middle = (value + _Z**2 / (2 * count)) / (1 + _Z**2 / count)
        half = _Z / (1 + _Z**2 / count)
        half *= float(np.sqrt(value * (1 - value) / count + _Z**2 / (4 * count**2)))
        low = 0.0 if value == 0.0 else middle - half
        high = 1.0 if value == 1.0 else middle + half
        return cls(value, error, low, high, count)

    def document(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {
            "share": self.value,
            "error": self.error,
            "ci95": [self.low, self.high],
            "sets": self.sets,
        }


def verdict(share: float, rule: Mapping[str, Any]) -> Verdict:
    """What a share of sets says under a rule."""
    if share >= rule["supported_share"] - _ROUNDING:
        return "supported"
    if share <= rule["refuted_share"] + _ROUNDING:
        return "refuted"
    return "undecided"


def verdict_of_variants(
    shares: Mapping[str, float], default: str, rule: Mapping[str, Any]
) -> Verdict:
    """A verdict that has to hold under the default and under enough of the variants.

    The default is one of the variants. Refutation mirrors support.

    Args:
        shares: variant -> share of sets that hit.
        default: the variant that counts by itself.
        rule: with `variants_needed`.
    """
    each = {name: verdict(share, rule) for name, share in shares.items()}
    found = each[default]
    agreeing = sum(one == found for one in each.values())
    return found if agreeing >= rule["variants_needed"] else "undecided"


def firm(share: Share, rule: Mapping[str, Any]) -> bool:
    """Whether the share's interval leaves the verdict no choice."""
    return verdict(share.low, rule) == verdict(share.high, rule)


def firm_over_variants(shares: Mapping[str, Share], default: str, rule: Mapping[str, Any]) -> bool:
    """Whether the intervals leave `verdict_of_variants` no choice.

    Lower shares bring refutation nearer and higher ones support, so that the two ends tell it all.
    """
    lowest, highest = (
        {name: getattr(share, end) for name, share in shares.items()} for end in ("low", "high")
    )
    return verdict_of_variants(lowest, default, rule) == verdict_of_variants(highest, default, rule)


@dataclass(frozen=True)
class Judged:
    """One question with one verdict.

    Attributes:
        name: its hypothesis, and the outcome where there are several: "H3.payoff.belarus".
        label: what is judged, in words.
        unit: of the figure.
        states: how each set counts, shape (sets,); None where sets count by a part.
        weights: how far each set hits, 0 to 1, shape (sets,).
        figures: of each set, shape (sets,).
        verdict: by the rule.
        firm: whether Monte Carlo error leaves that verdict no choice.
        parameters: name -> value in each set, of those that differ between sets.
        beside: what is reported with it, ready for JSON.
    """

    name: str
    label: str
    unit: str
    states: Ints | None
    weights: Floats
    figures: Floats
    verdict: Verdict
    firm: bool
    parameters: Mapping[str, Floats]
    rule: Mapping[str, Any]
    beside: Mapping[str, Any] = field(default_factory=dict)

    @property
    def share(self) -> Share:
        """Of sets that hit."""
        return Share.of(self.weights)

    def counts(self) -> dict[str, int] | None:
        """Sets that hit, miss and stay undecided."""
        if self.states is None:
            return None
        return {
            name: int((self.states == state).sum())
            for name, state in (("hit", HIT), ("miss", MISS), ("undecided", UNDECIDED))
        }


def judge(
    name: str,
    label: str,
    unit: str,
    states: Ints,
    figures: Floats,
    parameters: Mapping[str, Floats],
    rule: Mapping[str, Any],
    beside: Mapping[str, Any] | None = None,
) -> Judged:
    """A verdict on sets that hit, miss or stay undecided."""
    weights = (states == HIT).astype(np.float64)
    share = Share.of(weights)
    return Judged(
        name,
        label,
        unit,
        states,
        weights,
        figures,
        verdict(share.value, rule),
        firm(share, rule),
        parameters,
        rule,
        beside or {},
    )
