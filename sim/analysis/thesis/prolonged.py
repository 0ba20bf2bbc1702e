"""H3: does Belarus do best when the war lasts long?

W(T) is the discounted flow when the war is made to end after T months: the same horizon and what
follows it for every T, the same draws, no actor foreseeing T. Three curves are judged apart, each
under the default and all structural variants.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.spread import Ints
from sim.analysis.streams import Floats
from sim.analysis.thesis.design import Design, Family
from sim.analysis.thesis.flips import parts_of
from sim.analysis.thesis.runs import Runs, parameters_of
from sim.analysis.thesis.verdicts import (
    Judged,
    Share,
    firm_over_variants,
    verdict,
    verdict_of_variants,
)
from sim.analysis.thesis.within import (
    HIT,
    MISS,
    UNDECIDED,
    by_set,
    flow,
    influence_over,
    series,
)

if TYPE_CHECKING:
    import xarray as xr

KAPPA = "world.kappa"

CURVES = {
    "payoff.belarus": ("Belarus’s payoff", "its payoff units a month"),
    "dependence.russia.belarus": ("Russia’s dependence on Belarus", "0 to 1"),
    "influence.belarus.russia": ("Belarus’s influence over Russia", "total variation"),
}


@dataclass(frozen=True)
class Curves:
    """The curves of one variant.

    Attributes:
        worth: outcome -> W(T), shape (sets, draws, ends).
        parameters: name -> value in each set.
    """

    worth: Mapping[str, Floats]
    parameters: Mapping[str, Floats]


def arms(design: Design) -> list[Family]:
    """A family of endings for each variant."""
    return [design.family(variant) for variant in design.plan["variants"]]


def test(design: Design, runs: Runs) -> list[Judged]:
    """The three curves, each with its verdict."""
    found = {
        variant: curves(design, design.family(variant), runs) for variant in design.plan["variants"]
    }
    return [judge_curve(design, name, found) for name in CURVES]


def curves(design: Design, family: Family, runs: Runs) -> Curves:
    """The three curves of one variant."""
    by_end = runs.family(family)
    draws = family.arm.draws
    worth = {
        name: np.stack(
            [
                by_set(flow(ds, _values(design, ds, name), design.terminal_from), draws)
                for ds in by_end.values()
            ],
            axis=-1,
        )
        for name in CURVES
    }
    return Curves(worth, parameters_of(next(iter(by_end.values())), draws))


def _values(design: Design, ds: xr.Dataset, name: str) -> Floats:
    if name.startswith("influence."):
        _, source, target = name.split(".")
        return influence_over(ds, source, target, list(design.rule["levers_of_influence"]))
    return series(ds, name)


def thirds(ends: Floats, longest: float) -> Ints:
    """Third of the range up to the longest end in which each end lies: 0, 1 or 2."""
    return np.minimum(np.ceil(ends * 3 / longest) - 1, 2).astype(np.int64)


def best_ends(worth: Floats, ends: Floats, longest: float, limit: float) -> tuple[Ints, Ints]:
    """How each set counts, and the end that is best in it.

    A set is undecided when any end in another third lies within `limit` standard errors of the
    best one, draw by draw; otherwise it hits if its best end lies in the longest third.

    Args:
        worth: W(T), shape (sets, draws, ends).
        ends: T, shape (ends,).
        longest: T that thirds are taken of.
        limit: standard errors.

    Returns:
        States and positions of the best ends, each shape (sets,).
    """
    third = thirds(ends, longest)
    best = worth.mean(axis=1).argmax(axis=1)
    top = np.take_along_axis(worth, best[:, None, None], axis=2)
    lead = top - worth
    draws = worth.shape[1]
    if draws > 1:
        error = lead.std(axis=1, ddof=1) / np.sqrt(draws)
    else:
        error = np.full(lead.shape[::2], np.inf)
    elsewhere = third[None, :] != third[best][:, None]
    close = elsewhere & (lead.mean(axis=1) <= limit * error)
    decided = ~close.any(axis=1)
    hit = third[best] == 2
    states = np.where(decided, np.where(hit, HIT, MISS), UNDECIDED)
    return states.astype(np.int64), best.astype(np.int64)


def judge_curve(design: Design, name: str, found: Mapping[str, Curves]) -> Judged:
    """The verdict on one curve, over all variants."""
    rule = design.rule
    ends = np.array(design.plan["ends"], dtype=np.float64)
    limit = rule["hit"]["undecided_within_standard_errors"]
    default = next(v["id"] for v in rule["variants"] if v.get("default"))
    states, best = {}, {}
    for variant, one in found.items():
        states[variant], best[variant] = best_ends(
            one.worth[name], ends, rule["longest_end"], limit
        )
    counted = {variant: Share.of((s == HIT).astype(np.float64)) for variant, s in states.items()}
    shares = {variant: share.value for variant, share in counted.items()}
    label, unit = CURVES[name]
    parts = design.flips["parts_of"].get(KAPPA, design.flips["parts"])
    return Judged(
        name=f"H3.{name}",
        label=label,
        unit="months of war that are best",
        states=states[default],
        weights=(states[default] == HIT).astype(np.float64),
        figures=ends[best[default]],
        verdict=verdict_of_variants(shares, default, rule),
        firm=firm_over_variants(counted, default, rule),
        parameters=found[default].parameters,
        rule=rule,
        beside={
            "unit": unit,
            "default": default,
            "ends": [int(end) for end in ends],
            "variants": {
                variant: {
                    **counted[variant].document(),
                    "verdict": verdict(shares[variant], rule),
                    "hit": int((states[variant] == HIT).sum()),
                    "miss": int((states[variant] == MISS).sum()),
                    "undecided": int((states[variant] == UNDECIDED).sum()),
                    "best": _counts(best[variant], ends),
                    "curve": _curve(one.worth[name]),
                    "by_kappa": _by_kappa(one, name, states[variant], parts),
                }
                for variant, one in found.items()
            },
            "reach": float(np.median(np.ptp(found[default].worth[name].mean(axis=1), axis=1))),
            "smallest_effect": design.plan["smallest_effect"][name],
            "draws_suffice": _precise(
                found[default].worth[name], limit, design.plan["smallest_effect"][name]
            ),
        },
    )


def _counts(best: Ints, ends: Floats) -> dict[str, int]:
    return {f"{end:g}": int((best == k).sum()) for k, end in enumerate(ends)}


def _curve(worth: Floats) -> list[dict[str, float]]:
    """W(T) against each set's own mean over T, over sets with its standard error."""
    by_end = worth.mean(axis=1)
    change = by_end - by_end.mean(axis=1, keepdims=True)
    sets = change.shape[0]
    error = change.std(axis=0, ddof=1) / np.sqrt(sets) if sets > 1 else change[0] * np.nan
    level = by_end.mean(axis=0)
    return [
        {"level": float(a), "change": float(m), "error": float(e) if np.isfinite(e) else 0.0}
        for a, m, e in zip(level, change.mean(axis=0), error, strict=True)
    ]


def _by_kappa(one: Curves, name: str, states: Ints, parts: int) -> list[dict[str, Any]] | None:
    """Share and curve in equal parts of the sets by kappa; None where kappa is fixed."""
    if KAPPA not in one.parameters:
        return None
    values = one.parameters[KAPPA]
    split = parts_of(values, parts)
    out = []
    for k in range(int(split.max()) + 1):
        mine = split == k
        out.append(
            {
                "from": float(values[mine].min()),
                "to": float(values[mine].max()),
                **Share.of((states[mine] == HIT).astype(np.float64)).document(),
                "curve": _curve(one.worth[name][mine]),
            }
        )
    return out


def _precise(worth: Floats, limit: float, smallest: float) -> float:
    """Share of sets in which the draws tell a difference between ends of a size that counts."""
    if worth.shape[1] < 2:
        return 0.0
    lead = worth - worth[:, :, -1:]
    error = lead.std(axis=1, ddof=1) / np.sqrt(worth.shape[1])
    return float((limit * error.max(axis=1) <= smallest).mean())
