"""H2: does Minsk get more when Moscow has fewer others to turn to?

Russia's dependence on Belarus is moved by setting what others can supply, the same in all sets:
an intervention, not a correlation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.streams import Floats
from sim.analysis.thesis.design import Arm, Design
from sim.analysis.thesis.runs import Runs, parameters_of
from sim.analysis.thesis.verdicts import Judged, Share, judge, verdict
from sim.analysis.thesis.within import HIT, Within, by_set, series, signs, within

if TYPE_CHECKING:
    import xarray as xr

_REPORTED = {
    "agreed": "transfers agreed, multiples of those of 2023",
    "transfers.total": "transfers paid, USD bn a year",
    "dependence.russia.belarus": "Russia’s dependence on Belarus, 0 to 1",
}


def arms(design: Design) -> list[Arm]:
    """Fewer others, and more of them."""
    return [design.arm(design.plan["arms"][name]) for name in ("fewer", "more")]


def test(design: Design, runs: Runs) -> list[Judged]:
    """What is agreed with fewer others less what is agreed with more, set by set."""
    asked = arms(design)
    fewer, more = (runs.dataset(arm) for arm in asked)
    draws, first = asked[0].draws, design.plan["first_month"]

    def effect(name: str) -> Within:
        def mean(ds: xr.Dataset) -> Floats:
            return np.asarray(series(ds, name, first).mean(axis=1))

        return within(by_set(mean(fewer) - mean(more), draws), design.confidence)

    effects = {name: effect(name) for name in _REPORTED}
    smallest = design.plan["smallest_effect"]
    agreed = effects["agreed"]
    sure = signs(agreed, 0.0) == HIT
    states = signs(agreed, smallest)
    # where the intervention does what it is made for, beyond chance
    moved = effects["dependence.russia.belarus"].low > 0
    hits = (states[moved] == HIT).astype(float)
    return [
        judge(
            "H2",
            "Transfers agreed when Moscow has no others, less those when it has many",
            "multiples of those of 2023",
            states,
            agreed.mean,
            parameters_of(fewer, draws),
            design.rule,
            {
                "effects": {
                    name: {
                        "label": label,
                        "mean": float(effects[name].mean.mean()),
                        "sets_up": int((effects[name].low > 0).sum()),
                        "sets_down": int((effects[name].high < 0).sum()),
                    }
                    for name, label in _REPORTED.items()
                },
                "where_dependence_rises": {
                    "sets": int(moved.sum()),
                    "hit": int(hits.sum()),
                    "verdict": verdict(float(hits.mean()), design.rule) if hits.size else None,
                },
                "of_any_size": Share.of(sure.astype(float)).document(),
                "draws_suffice": float((agreed.half <= smallest).mean()),
            },
        )
    ]
