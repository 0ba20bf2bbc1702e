"""What shows while a lever is dragged: the setting between two that were simulated.

Settings at a few places along a lever are simulated ahead, behind everything else, once somebody
comes near it. A value between two of them is answered at once, by lines drawn between theirs; let
go, the setting is simulated itself. Quantiles are mixed and not worlds: two settings' paths of one
world part by chance, and their middle would spread less than either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from sim.analysis.inputs import plain
from sim.analysis.partings import Line
from sim.explorer.catalogue import Catalogue, Lever, reach
from sim.explorer.runs import Snapshot, Work
from sim.explorer.service import Service
from sim.explorer.settings import scenario_of, work_of
from sim.explorer.state import View
from sim.report.aggregates import Course
from sim.scenario import ScenarioError
from sim.scenario.distributions import Distribution
from sim.scenario.values import Value

KNOTS: Final = 5
"""Places along a lever. Halfway between two, medians and 5 to 95 % quantiles of influence, autonomy
and payoff were off by up to 0.4 of their Monte Carlo error at 256 worlds (docs/explore.md)."""
_MOST_LEVELS: Final = 8
"""Whole numbers that are all simulated."""


@dataclass(frozen=True)
class Between:
    """A value of a lever between two that are simulated.

    Attributes:
        low: the setting below.
        high: the setting above; the same one on a knot.
        values: the lever's in both.
        weight: how much of the upper one, 0 to 1.
    """

    low: Work
    high: Work
    values: tuple[float, float]
    weight: float

    def look(self, service: Service) -> tuple[Snapshot, Snapshot] | None:
        """The worlds that there are of both, in all months; None where there are none."""
        found = [service.look(work) for work in (self.low, self.high)]
        low, high = found
        if low is None or high is None:
            return None
        shared = [span for span in low.spans if span in high.spans]
        whole = all(one.months == one.work.scenario.months for one in (low, high))
        return (low.only(shared), high.only(shared)) if shared and whole else None

    def words(self, worlds: int, wanted: int) -> str:
        """How it came about."""
        where = " and ".join(dict.fromkeys(plain(value) for value in self.values))
        how = f"interpolated between {where}" if self.low != self.high else f"simulated at {where}"
        return f"Preview: {how}, {worlds:,} of {wanted:,} worlds"


def knots(lever: Lever, given: Value) -> tuple[float, ...]:
    """Values along a lever at which settings are simulated ahead.

    Args:
        lever: which.
        given: what the scenario says of it.
    """
    low, high = reach(lever, given)
    count = int(high - low) + 1 if lever.whole and high - low < _MOST_LEVELS else KNOTS
    values = (float(f"{value:.12g}") for value in np.linspace(low, high, count))
    found = dict.fromkeys(float(round(value)) if lever.whole else value for value in values)
    return tuple(value for value in found if not lever.trouble(value))


def places(view: View, name: str, catalogue: Catalogue) -> tuple[float, ...]:
    """Values of one lever at which settings like a view's are simulated ahead.

    Raises:
        ScenarioError: the setting without the lever contradicts itself.
    """
    free = scenario_of(view.mine.holding(name, None), view.months, catalogue)
    return knots(catalogue.parameters[name], free.parameters[name])


def work_at(view: View, name: str, value: float, catalogue: Catalogue) -> Work:
    """A view's setting with one lever held somewhere.

    Raises:
        ScenarioError: the setting does not allow that.
    """
    return work_of(view.mine.holding(name, value), view, catalogue)


def between(view: View, name: str, catalogue: Catalogue) -> Between | None:
    """Where a view's value of a lever lies; None where nothing stands on both sides of it."""
    value = view.mine.value(name)
    if value is None or name not in catalogue.parameters:
        return None
    try:
        known = places(view, name, catalogue)
        below = [one for one in known if one <= value]
        above = [one for one in known if one >= value]
        if not below or not above:
            return None
        low, high = max(below), min(above)
        under, over = (work_at(view, name, one, catalogue) for one in (low, high))
    except ScenarioError:  # said where the setting itself is shown
        return None
    return Between(under, over, (low, high), (value - low) / (high - low) if high > low else 0.0)


def ahead(view: View, name: str, catalogue: Catalogue) -> list[Work]:
    """The settings along a lever that are to be simulated ahead, the nearest first."""
    if name not in catalogue.parameters:
        return []
    held = view.mine.value(name)
    out = []
    try:
        free = scenario_of(view.mine.holding(name, None), view.months, catalogue)
        given = free.parameters[name]
        middle = given.median if isinstance(given, Distribution) else given
        at = middle if held is None else held
        for value in sorted(places(view, name, catalogue), key=lambda one: abs(one - at)):
            out.append(work_at(view, name, value, catalogue))
    except ScenarioError:  # said where the setting itself is shown
        return []
    return out


def mixed(low: Course, high: Course, weight: float) -> Course:
    """Lines and last month between those of two courses."""

    def at(one: float | None, other: float | None) -> float | None:
        return None if one is None or other is None else one + weight * (other - one)

    def line(one: Sequence[float | None], other: Sequence[float | None]) -> Line:
        return [at(a, b) for a, b in zip(one, other, strict=True)]

    values = {key: at(value, high.final.values[key]) for key, value in low.final.values.items()}
    return replace(
        low,
        lines={key: line(one, high.lines[key]) for key, one in low.lines.items()},
        final=replace(low.final, values=values),
        mean=at(low.mean, high.mean),
        places=min(low.places, high.places),
    )
