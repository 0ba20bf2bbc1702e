"""H4: when the West looks away, do Minsk's influence and its rents rise or fall?

What the shock does to aid and to the front holds nearly by construction and has no verdict. For
influence and for rents the direction that more sets take is stated with the verdict.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.streams import Floats
from sim.analysis.thesis.design import Arm, Design
from sim.analysis.thesis.runs import Runs, parameters_of
from sim.analysis.thesis.verdicts import Judged, Verdict, judge
from sim.analysis.thesis.within import HIT, Within, by_set, mean_of_known, series, signs, within

if TYPE_CHECKING:
    import xarray as xr

_JUDGED = {
    "influence.belarus.russia": ("Belarus’s influence over Russia", "total variation"),
    "transfers.total": ("Rents: transfers paid to Belarus", "USD bn a year"),
}
_REPORTED = {"aid": "aid reaching Ukraine, 1 = flow of 2023", "front": "territory held by Russia"}


def arms(design: Design) -> list[Arm]:
    """Without the shock, and with it."""
    return [design.arm(), design.arm({"shock": design.plan["shock"]})]


def test(design: Design, runs: Runs) -> list[Judged]:
    """The change that the shock brings, set by set."""
    asked = arms(design)
    calm, shaken = (runs.dataset(arm) for arm in asked)
    plan, draws = design.plan, asked[0].draws

    def mean(ds: xr.Dataset, name: str) -> Floats:
        return mean_of_known(series(ds, name, plan["first_month"], plan["last_month"]))

    def effect(name: str) -> Within:
        return within(by_set(mean(shaken, name) - mean(calm, name), draws), design.confidence)

    reported = {name: effect(name) for name in _REPORTED}
    out = []
    for name, (label, unit) in _JUDGED.items():
        change, smallest = effect(name), plan["smallest_effect"][name]
        up, down = signs(change, smallest), signs(change, smallest, -1)
        rises = (up == HIT).sum() >= (down == HIT).sum()
        direction = "up" if rises else "down"
        if not (up == HIT).any() and not (down == HIT).any():
            direction = "none"
        out.append(
            judge(
                f"H4.{name}",
                f"{label}, with the shock less without",
                unit,
                up if rises else down,
                change.mean,
                parameters_of(calm, draws),
                design.rule,
                {
                    "direction": direction,
                    "sets_up": int((up == HIT).sum()),
                    "sets_down": int((down == HIT).sum()),
                    "sets_up_of_any_size": int((change.low > 0).sum()),
                    "sets_down_of_any_size": int((change.high < 0).sum()),
                    "draws_suffice": float((change.half <= smallest).mean()),
                    "without_verdict": {
                        other: {
                            "label": words,
                            "mean": float(reported[other].mean.mean()),
                            "error": float(
                                reported[other].mean.std(ddof=1)
                                / np.sqrt(reported[other].mean.size)
                            )
                            if reported[other].mean.size > 1
                            else None,
                            "sets_up": int((reported[other].low > 0).sum()),
                            "sets_down": int((reported[other].high < 0).sum()),
                        }
                        for other, words in _REPORTED.items()
                    },
                },
            )
        )
    return out


def together(verdicts: list[Verdict]) -> Verdict:
    """The verdict on influence and rents: what both say, undecided where they part."""
    return verdicts[0] if len(set(verdicts)) == 1 else "undecided"
