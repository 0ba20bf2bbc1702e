"""Why scenarios part: the choice that parts most, and what made it pay, by payoff term.

For each scenario one choice is explained. Its lever is the one that parts most from the baseline in
some month, up to the month in which the leading outcome lies furthest apart: what is chosen later
cannot have made that. It is looked at in the month in which it parts fastest.

There the level that gains most is held against the one that loses most: how much more it is worth
in the baseline, how much more in the scenario, and by which payoff terms the two differ. The terms
add up to the difference in every world, and so do their means. Few worlds are enough for that, and
are stepped again, since a run does not keep what options were worth.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from agents import menus
from agents.outlook import Array
from sim.analysis.again import MOST, Again, Played, recorded_choices
from sim.analysis.differences import mean_interval
from sim.analysis.lever_worth import COST, Lead, lead
from sim.analysis.medoid import mean_distances_to, standardised
from sim.analysis.parted_choices import Parting, partings
from sim.analysis.spread import Ints
from sim.kernel import Engine
from sim.scenario.month import Month

if TYPE_CHECKING:
    from sim.analysis.compare import Comparison

LEAST: Final = 0.01
"""Share of choices below which a lever is not told to part."""
AMONG: Final = 1024
"""Worlds to which the world that is told is to be like."""


@dataclass(frozen=True)
class Mean:
    """A mean over worlds.

    Attributes:
        value: units of the actor's scale.
        error: its standard error, sets as clusters; None with fewer than two sets, and of a
            single world.
        half: half width of the 95 % interval, None likewise.
    """

    value: float
    error: float | None = None
    half: float | None = None


@dataclass(frozen=True)
class Waterfall:
    """From how much more a level is worth in the baseline to how much more in the scenario.

    Attributes:
        before: in the baseline.
        steps: payoff term, or what moving costs -> by how much the two differ. Of an actor that
            serves another in one of them, terms are named with whose they are, as russia.flank.
        after: in the scenario: `before` and all steps.
    """

    before: Mean
    steps: dict[str, Mean]
    after: Mean


@dataclass(frozen=True)
class Example:
    """The world most like all others, of those stepped again that tell of the choice.

    These are the worlds in which it went from the level that loses to the one that gains; where
    there is none, those in which both were open.

    Attributes:
        world: its number.
        of: worlds that it is to be like.
        chosen: levels chosen, in the baseline and in the scenario.
        waterfall: in this world.
    """

    world: int
    of: int
    chosen: tuple[str, str]
    waterfall: Waterfall


@dataclass(frozen=True)
class Reason:
    """Why the choices of one lever part.

    Attributes:
        month: in which it is looked at.
        parting: how far its choices part.
        mean: over the worlds stepped again in which both levels are open in both scenarios.
        worlds: how many these are.
        sets: of assumptions, likewise.
        serves: whose payoff the actor weighs, in the baseline and in the scenario.
        held: months for which it holds an option when it looks ahead.
        example: one of these worlds.
    """

    month: Month
    parting: Parting
    mean: Waterfall
    worlds: int
    sets: int
    serves: tuple[str, str]
    held: int
    example: Example


@dataclass(frozen=True)
class Told:
    """What is told of one scenario.

    Attributes:
        partings: of every lever, those that part most in some month first.
        last: the last month that was looked at.
        reason: why the choices of the first of these part; None where none is told to.
    """

    partings: tuple[Parting, ...]
    last: Month
    reason: Reason | None


@dataclass(frozen=True)
class Why:
    """Reasons by scenario.

    Attributes:
        again: numbers of the worlds that were stepped again.
        looked: worlds whose choices were looked at.
        told: scenario by position -> what is told of it.
    """

    again: range
    looked: int
    told: dict[int, Told]


def why(
    comparison: Comparison,
    shown: Sequence[int],
    last: dict[int, int],
    engine: Engine = "numpy",
) -> Why:
    """Reasons for which scenarios part from the baseline.

    Args:
        comparison: of scenarios that are known.
        shown: positions of the scenarios to be told of.
        last: position -> last month to look at, from 0; the last of the run unless named.
        engine: what does the arithmetic of rollouts.

    Raises:
        OtherWorldError: a run recorded other worlds than this code makes.
        ValueError: a scenario is not known.
    """
    start = _again(comparison, comparison.baseline, engine)
    recorded = _recorded(comparison, (comparison.baseline, *shown))
    found = {}
    for i in shown:
        other = _again(comparison, i, engine)
        if recorded is None:
            base, its, sets = start.played(), other.played(), start.sets
        else:
            base, its = recorded[comparison.baseline], recorded[i]
            sets = comparison.sets[:MOST]
        final = last.get(i, comparison.datasets[i].sizes["month"] - 1)
        parted = partings(base, its, (start.scenario, other.scenario), sets, final)
        reason = next(_reasons(comparison, i, (start, other), parted), None)
        found[i] = Told(tuple(parted), start.scenario.start + final, reason)
    looked = len(start.worlds) if recorded is None else min(MOST, comparison.sets.size)
    return Why(start.worlds, looked, found)


def _again(comparison: Comparison, index: int, engine: Engine) -> Again:
    scenario = comparison.scenarios[index] if comparison.scenarios else None
    if scenario is None:
        raise ValueError(f"{comparison.names[index]}: the scenario that was run is not known")
    return Again(scenario, comparison.datasets[index], engine)


def _recorded(comparison: Comparison, indices: Sequence[int]) -> dict[int, Played] | None:
    """Recorded choices by scenario; None where some did not record them."""
    found = {i: recorded_choices(comparison.datasets[i]) for i in indices}
    told = {i: one for i, one in found.items() if one is not None}
    return told if len(told) == len(found) else None


def _reasons(
    comparison: Comparison, index: int, pair: tuple[Again, Again], parted: Sequence[Parting]
) -> Iterator[Reason]:
    """Reasons for those choices that part, as long as there are worlds to tell them from."""
    for one in parted:
        if one.largest < LEAST or not one.clear:
            return
        actor, lever = one.choice
        before, after = (
            lead(again.table(one.month), actor, lever, one.gained, one.lost) for again in pair
        )
        count = len(pair[0].worlds)
        there = (before.there & after.there)[:count]
        if not there.any():
            continue
        steps = _steps(before, after)
        wholes = before.whole, after.whole
        chosen = tuple(again.levels(one.month, one.choice) for again in pair)
        names = menus()[actor][lever]
        turned = there & (chosen[0] == names.index(one.lost))
        turned &= chosen[1] == names.index(one.gained)
        at, of = _most_like_all(comparison, index, turned if turned.any() else there)
        sets = pair[0].sets[there]
        yield Reason(
            month=pair[0].scenario.start + one.month,
            parting=one,
            mean=_waterfall(wholes, steps, np.flatnonzero(there), sets),
            worlds=int(there.sum()),
            sets=int(np.unique(sets).size),
            serves=(before.serves, after.serves),
            held=after.months,
            example=Example(
                world=pair[0].worlds[at],
                of=of,
                chosen=(names[int(chosen[0][at])], names[int(chosen[1][at])]),
                waterfall=_waterfall(wholes, steps, np.array([at]), None),
            ),
        )


def _steps(before: Lead, after: Lead) -> dict[str, Array]:
    """Differences by part; of an actor that serves two, each term is "russia.flank"."""
    both = before, after
    parts = [one.parts for one in both]
    if before.serves != after.serves:
        parts = [
            {name if name == COST else f"{one.serves}.{name}": p for name, p in one.parts.items()}
            for one in both
        ]
    nothing = np.zeros_like(before.whole)
    names = dict.fromkeys([*parts[0], *parts[1]])
    return {name: parts[1].get(name, nothing) - parts[0].get(name, nothing) for name in names}


def _waterfall(
    wholes: tuple[Array, Array], steps: dict[str, Array], at: Ints, sets: Ints | None
) -> Waterfall:
    """Means over some worlds; without sets, of a single one."""

    def mean(values: Array) -> Mean:
        if sets is None:
            return Mean(float(values[at].mean()))
        return Mean(*mean_interval(values[at].astype(np.float64), sets))

    before, after = (mean(whole) for whole in wholes)
    return Waterfall(before, {name: mean(step) for name, step in steps.items()}, after)


def _most_like_all(comparison: Comparison, index: int, of: np.ndarray) -> tuple[int, int]:
    """Position of that world of some which is most like all others, and how many these are.

    The distance of two worlds is the one by which the medoid of a run is found, taken over both
    runs.
    """
    pair = (
        comparison.datasets[i].isel(world=slice(0, AMONG)) for i in (comparison.baseline, index)
    )
    rows = np.concatenate([standardised(one) for one in pair], axis=1)
    among = np.flatnonzero(of)
    return int(among[mean_distances_to(rows, among).argmin()]), len(rows)
