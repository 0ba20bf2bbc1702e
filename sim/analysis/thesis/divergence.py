"""H6: would the two allies choose different futures?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.analysis.spread import Ints
from sim.analysis.streams import Floats
from sim.analysis.thesis.design import Arm, Design
from sim.analysis.thesis.runs import Runs, parameters_of
from sim.analysis.thesis.verdicts import Judged, Share, judge
from sim.analysis.thesis.within import HIT, MISS, by_set, flow, series, within

ACTORS = ("russia", "belarus")

type Bools = NDArray[np.bool_]


def arms(design: Design) -> list[Arm]:
    """Every scenario that is ranked."""
    return [design.arm(scenario=name) for name in design.plan["scenarios"]]


def test(design: Design, runs: Runs) -> list[Judged]:
    """Whether the scenario that is best for one is best for the other, set by set."""
    asked = arms(design)
    worth: dict[str, list[Floats]] = {actor: [] for actor in ACTORS}
    parameters: dict[str, Floats] = {}
    for arm in asked:
        ds = runs.dataset(arm)
        parameters = parameters or parameters_of(ds, arm.draws)
        for actor in ACTORS:
            value = flow(ds, series(ds, f"payoff.{actor}"), design.terminal_from)
            worth[actor].append(by_set(value, arm.draws))
    stacked = {actor: np.stack(values, axis=-1) for actor, values in worth.items()}
    best = {actor: values.mean(axis=1).argmax(axis=1) for actor, values in stacked.items()}
    differ = best["russia"] != best["belarus"]
    sure = differ & both_sure(stacked["russia"], stacked["belarus"], design.confidence)
    own, russias = (
        np.take_along_axis(stacked["belarus"].mean(axis=1), best[actor][:, None], axis=1)[:, 0]
        for actor in ("belarus", "russia")
    )
    titles = [arm.scenario.title for arm in asked]
    return [
        judge(
            "H6",
            "Best scenario of Russia and best scenario of Belarus",
            "what Belarus gives up in Russia’s best, its payoff units a month",
            np.where(differ, HIT, MISS),
            own - russias,
            parameters,
            design.rule,
            {
                "scenarios": titles,
                "best": {
                    actor: {title: int((best[actor] == k).sum()) for k, title in enumerate(titles)}
                    for actor in ACTORS
                },
                "mean": {
                    actor: {title: float(values[..., k].mean()) for k, title in enumerate(titles)}
                    for actor, values in stacked.items()
                },
                "beyond_chance": Share.of(sure.astype(np.float64)).document(),
            },
        )
    ]


def both_sure(one: Floats, other: Floats, confidence: float) -> Bools:
    """Whether each side prefers its best to the other's best by more than chance leaves open.

    Args:
        one: worth of the scenarios to one side, shape (sets, draws, scenarios).
        other: to the other.
        confidence: of either preference.
    """
    best_one, best_other = (side.mean(axis=1).argmax(axis=1) for side in (one, other))
    return _prefers(one, best_one, best_other, confidence) & _prefers(
        other, best_other, best_one, confidence
    )


def _prefers(worth: Floats, own: Ints, theirs: Ints, confidence: float) -> Bools:
    mine, other = (
        np.take_along_axis(worth, place[:, None, None], 2)[..., 0] for place in (own, theirs)
    )
    return np.asarray(within(mine - other, confidence).low > 0.0)
