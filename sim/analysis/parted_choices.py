"""Which choices part most between a scenario and the baseline.

Of every lever it is counted, month by month, in how many of 100 worlds another level is chosen on
balance: half the summed changes in the shares of its levels (total variation of the shares, not of
single worlds, which also part by chance). Counted are worlds in which the lever leaves a choice in
both scenarios; the others choose nothing and add nothing. A lever that either scenario holds is an
input of that month and no choice.

A lever is looked at in the month in which it parts fastest on the way to where it has parted most:
there most worlds turn. Later they stand where they turned to, and moving back costs. Whether it
parts is told by an interval that holds for all levers and months at once, since the largest of many
is looked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from agents import menus
from agents.stand_ins import weighs
from sim.analysis.again import Choice, Played
from sim.analysis.differences import mean_interval
from sim.analysis.partings import CONFIDENCE
from sim.analysis.spread import Ints
from sim.scenario import Scenario


@dataclass(frozen=True)
class Parting:
    """How far the choices of one lever part.

    Attributes:
        choice: actor and lever.
        average: share of choices that are others, mean over the months looked at.
        peak: position of the month in which it is largest.
        largest: and the share there.
        month: position of the month, not after the peak, in which it grows most.
        gained: the level that has gained most in that month.
        lost: the one that has lost most.
        shares: level -> shares of all worlds that choose it in that month, in the baseline and in
            the scenario.
        half: half width of the 95 % interval of the gain, sets as clusters; None with one set.
        open: share of worlds in which the lever leaves a choice in both.
        worlds: how many were looked at.
        clear: whether the gain is told from zero by an interval that holds for all levers and
            months at once.
    """

    choice: Choice
    average: float
    peak: int
    largest: float
    month: int
    gained: str
    lost: str
    shares: Mapping[str, tuple[float, float]]
    half: float | None
    open: float
    worlds: int
    clear: bool


def partings(
    base: Played,
    other: Played,
    scenarios: tuple[Scenario, Scenario],
    sets: Ints,
    last: int,
) -> list[Parting]:
    """How far the choices of every lever part, those that part most in some month first.

    Args:
        base: choices in the baseline.
        other: choices of the same worlds in the scenario.
        scenarios: the baseline and the scenario.
        sets: set number of each world.
        last: position of the last month to look at.
    """
    weighed = [
        choice
        for choice in base
        if all(weighs(one.plays.get(choice[0], "itself")) for one in scenarios)
    ]
    tried = len(weighed) * (last + 1)
    found = [
        _parting(choice, base[choice], other[choice], scenarios, sets, last, tried)
        for choice in weighed
    ]
    return sorted(found, key=lambda one: -one.largest)


def _parting(
    choice: Choice,
    base: np.ndarray,
    other: np.ndarray,
    scenarios: tuple[Scenario, Scenario],
    sets: Ints,
    last: int,
    tried: int,
) -> Parting:
    actor, lever = choice
    levels = menus()[actor][lever]
    months = base.shape[1]
    free = (base >= 0) & (other >= 0) & ~_held(choice, scenarios, months)
    numbers = np.arange(len(levels))[:, None, None]
    # (level, month): shares of all worlds
    before, after = (((one == numbers) & free).mean(axis=1) for one in (base, other))
    apart = 0.5 * np.abs(after - before).sum(axis=0)[: last + 1]
    peak = int(apart.argmax())
    month = int(np.diff(apart[: peak + 1], prepend=0.0).argmax())
    moved = (after - before)[:, month]
    gained, lost = int(moved.argmax()), int(moved.argmin())
    gains = ((other == gained) * 1.0 - (base == gained))[:, month] * free[:, month]
    gain, error, half = mean_interval(gains, sets)
    return Parting(
        choice=choice,
        average=float(apart.mean()),
        peak=peak,
        largest=float(apart[peak]),
        month=month,
        gained=levels[gained],
        lost=levels[lost],
        shares={
            level: (float(before[k, month]), float(after[k, month]))
            for k, level in enumerate(levels)
        },
        half=half,
        open=float(free[:, month].mean()),
        worlds=base.shape[0],
        clear=error is not None and gain > _factor(sets, tried) * error,
    )


def _factor(sets: Ints, tried: int) -> float:
    """Standard errors of a 95 % interval that holds for so many means at once (Bonferroni)."""
    from scipy.special import stdtrit

    return float(stdtrit(np.unique(sets).size - 1, 1 - (1 - CONFIDENCE) / 2 / tried))


def _held(choice: Choice, scenarios: tuple[Scenario, Scenario], months: int) -> np.ndarray:
    """Months in which either scenario holds a lever."""
    out = np.zeros(months, dtype=bool)
    for scenario in scenarios:
        for move in scenario.moves:
            if (move.actor, move.lever) == choice:
                first, end = move.first - scenario.start, move.last - scenario.start + 1
                out[max(first, 0) : max(end, 0)] = True
    return out
