"""Where a verdict flips: the share of hits in parts of the sets, by each uncertain parameter.

Some two hundred parameters are looked at, so some would differ by chance. Each is tested for any
difference between its parts, and the tests are corrected together (Holm 1979).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.analysis.spread import Ints
from sim.analysis.streams import Floats
from sim.analysis.thesis.verdicts import Judged, Share, Verdict, verdict


@dataclass(frozen=True)
class Part:
    """Sets in which a parameter lies in one stretch of its range.

    Attributes:
        low: its smallest value among them.
        high: its largest.
        hits: sets that hit; a sum of parts where sets count by a part.
        share: of sets that hit.
        verdict: what that share alone would say.
    """

    low: float
    high: float
    hits: float
    share: Share
    verdict: Verdict


@dataclass(frozen=True)
class Moving:
    """What one parameter does to the share of hits.

    Attributes:
        name: of the parameter.
        parts: from its lowest values to its highest.
        p: probability of such differences by chance, if it were the only one looked at.
        corrected: the same for as many as were looked at.
    """

    name: str
    parts: tuple[Part, ...]
    p: float
    corrected: float

    @property
    def reach(self) -> float:
        """Distance of the largest share from the smallest."""
        shares = [part.share.value for part in self.parts]
        return max(shares) - min(shares)

    def flips(self, overall: Verdict) -> bool:
        """Whether any part says something else than all sets do."""
        return any(part.verdict != overall for part in self.parts)

    def document(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {
            "parameter": self.name,
            "p": self.p,
            "p_corrected": self.corrected,
            "parts": [
                {
                    "from": part.low,
                    "to": part.high,
                    "hits": part.hits,
                    "verdict": part.verdict,
                    **part.share.document(),
                }
                for part in self.parts
            ],
        }


def parts_of(values: Floats, parts: int) -> Ints:
    """Part of each set, as even as ties allow; equal values are never parted.

    Args:
        values: of a parameter in each set, shape (sets,).
        parts: how many at most.
    """
    unique, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    if unique.size <= parts:
        return inverse.astype(np.int64)
    # where the middle of the sets that share a value lies among all
    middle = np.cumsum(counts) - 0.5 * counts
    part = np.floor(middle * parts / values.size).astype(np.int64)
    return np.unique(part, return_inverse=True)[1][inverse].astype(np.int64)


def difference(weights: Floats, part: Ints) -> float:
    """Probability of such differences between parts by chance.

    Pearson's chi-square where sets hit or do not, a one-way analysis of variance where they count
    by a part.
    """
    from scipy.special import chdtrc, fdtrc

    sizes = np.bincount(part).astype(np.float64)
    sums = np.bincount(part, weights=weights)
    total, groups = weights.size, sizes.size
    mean = weights.mean()
    between = float((sizes * (sums / sizes - mean) ** 2).sum())
    if groups < 2 or between <= 1e-12:
        return 1.0
    if np.isin(weights, (0.0, 1.0)).all():
        return float(chdtrc(groups - 1, between / (mean * (1.0 - mean))))
    inside = float(((weights - (sums / sizes)[part]) ** 2).sum())
    if inside <= 0.0:
        return 0.0
    ratio = (between / (groups - 1)) / (inside / (total - groups))
    return float(fdtrc(groups - 1, total - groups, ratio))


def holm(p: Floats) -> Floats:
    """Probabilities corrected for their number, step by step from the smallest (Holm 1979)."""
    order = np.argsort(p, kind="stable")
    stepped = np.maximum.accumulate((p.size - np.arange(p.size)) * p[order])
    out = np.empty_like(p)
    out[order] = np.minimum(stepped, 1.0)
    return out


def moving(judged: Judged, plan: Mapping[str, Any]) -> list[Moving]:
    """What each parameter does to the share of hits, the one that does most first.

    Args:
        judged: a verdict with its sets.
        plan: `parts`, and `parts_of` by parameter.
    """
    names = list(judged.parameters)
    special: Mapping[str, int] = plan["parts_of"]
    splits = {
        name: parts_of(judged.parameters[name], special.get(name, plan["parts"])) for name in names
    }
    p = np.array([difference(judged.weights, splits[name]) for name in names])
    found = [
        Moving(name, _parts(judged, name, splits[name]), float(one), float(corrected))
        for name, one, corrected in zip(names, p, holm(p), strict=True)
    ]
    return sorted(found, key=lambda one: (one.p, -one.reach))


def _parts(judged: Judged, name: str, split: Ints) -> tuple[Part, ...]:
    values = judged.parameters[name]
    out = []
    for k in range(int(split.max()) + 1):
        mine = split == k
        share = Share.of(judged.weights[mine])
        out.append(
            Part(
                float(values[mine].min()),
                float(values[mine].max()),
                float(judged.weights[mine].sum()),
                share,
                verdict(share.value, judged.rule),
            )
        )
    return tuple(out)


def matters(found: list[Moving], plan: Mapping[str, Any]) -> list[Moving]:
    """The few parameters that matter most, of those whose differences are more than chance."""
    return [one for one in found if one.corrected < plan["level"]][: plan["named"]]
