"""H1: does what Belarus would do matter for what Russia does?"""

from __future__ import annotations

import numpy as np

from sim.analysis.thesis.design import Arm, Design
from sim.analysis.thesis.runs import Runs, parameters_of
from sim.analysis.thesis.verdicts import Judged, judge
from sim.analysis.thesis.within import HIT, MISS, by_set, mean_of_known, series, within


def arms(design: Design) -> list[Arm]:
    """The one run."""
    return [design.arm()]


def test(design: Design, runs: Runs) -> list[Judged]:
    """Influence of Belarus over Russia, mean over live levers and the first months."""
    [arm] = arms(design)
    ds = runs.dataset(arm)
    rule = design.rule
    values = mean_of_known(series(ds, "influence.belarus.russia", last=rule["months"]))
    found = within(by_set(values, arm.draws), design.confidence)
    threshold = rule["hit"]["above"]
    states = np.where(found.mean > threshold, HIT, MISS)
    near = np.abs(found.mean - threshold) <= found.half
    return [
        judge(
            "H1",
            "Influence of Belarus over Russia",
            "total variation",
            states,
            found.mean,
            parameters_of(ds, arm.draws),
            rule,
            {
                "threshold": threshold,
                "sets_within_error_of_threshold": int(near.sum()),
                "draws_suffice": float((found.half <= design.plan["smallest_effect"]).mean()),
            },
        )
    ]
