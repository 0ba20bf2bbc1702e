"""What there is to choose from: scenarios, parameters with their ranges, outcomes, claims."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from sim.analysis.outcomes import HEADLINE
from sim.explorer.state import LEVERS, Setting, View
from sim.scenario import Scenario, load_scenario
from sim.scenario.distributions import Distribution
from sim.scenario.registry import Parameter, load_registry, scenarios_path
from sim.scenario.values import Value

_OUTER: Final = 0.005
"""Share of an unbounded prior that a slider leaves out on either side."""
_STEPS: Final = 100
_FAR: Final = 10
"""Times a number at which its upper bound says nothing about where it may lie."""


@dataclass(frozen=True)
class Lever:
    """A parameter of the registry as something to move.

    Attributes:
        parameter: the entry.
        low: where its slider begins.
        high: where it ends.
        step: the least move.
        whole: whether only whole numbers mean anything.
    """

    parameter: Parameter
    low: float
    high: float
    step: float
    whole: bool

    @property
    def name(self) -> str:
        """Dotted name."""
        return self.parameter.name

    @property
    def assumption(self) -> bool:
        """Whether it is about the world or its start, and not about what an actor wants or does."""
        return not self.name.startswith("actors.")

    def trouble(self, value: float) -> str:
        """Why a value cannot be; nothing if it can."""
        return self.parameter.trouble(value)


@dataclass(frozen=True)
class Catalogue:
    """Everything that a view may name.

    Attributes:
        scenarios: name -> where the scenario is, in the order in which they are offered.
        bundled: names of those that come with Fulcrum.
        chosen: the scenario to begin with.
    """

    scenarios: Mapping[str, Path]
    bundled: frozenset[str]
    chosen: str

    @cached_property
    def loaded(self) -> dict[str, Scenario]:
        """Every scenario as its file has it."""
        return {name: load_scenario(path) for name, path in self.scenarios.items()}

    @cached_property
    def parameters(self) -> dict[str, Lever]:
        """Every parameter of the registry by name, in its order."""
        return {entry.name: lever(entry) for entry in load_registry()}

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Outcomes that can be looked at."""
        return HEADLINE

    @property
    def first(self) -> View:
        """The view of an empty address."""
        known = tuple(name for name in LEVERS if name in self.parameters)
        return View(self.chosen, Setting(self.chosen), levers=known)

    def beside(self, baseline: str) -> tuple[str, ...]:
        """Scenarios that can be compared with one: those that start in the same month."""
        start = self.loaded[baseline].start
        return tuple(name for name, one in self.loaded.items() if one.start == start)


def open_catalogue(given: str | Path | None = None) -> Catalogue:
    """The scenarios that come with Fulcrum, those in `scenarios/` here, and the one that is given.

    Args:
        given: a file or a bare name to begin with; `status_quo` when None.

    Raises:
        ScenarioError: one of them cannot be used.
    """
    from sim.scenario.files import find_scenario

    own = {path.stem: path for path in sorted(scenarios_path().glob("*.yaml"))}
    here = {path.stem: path for path in sorted(Path("scenarios").glob("*.yaml"))}
    own = {"status_quo": own["status_quo"], **own}
    found = {**own, **here}
    bundled = {n for n, path in found.items() if n in own and path.resolve() == own[n].resolve()}
    chosen = "status_quo"
    if given is not None:
        path = find_scenario(given).path
        chosen = path.stem
        if chosen not in found or found[chosen].resolve() != path.resolve():
            found[chosen] = path
            bundled.discard(chosen)
    catalogue = Catalogue(found, frozenset(bundled), chosen)
    _ = catalogue.loaded  # whatever is wrong with one of them is said before anybody looks
    return catalogue


def lever(entry: Parameter) -> Lever:
    """A parameter as a slider over its prior's range."""
    low, high = span(entry, entry.prior)
    whole = entry.unit.startswith("level index") or entry.name.startswith("initial.levels.")
    if not isinstance(entry.prior, Distribution):
        low, high = _around(entry.prior, entry.low, entry.high)
    return Lever(entry, low, high, 1.0 if whole else _step(high - low), whole)


def _around(value: float, low: float, high: float) -> tuple[float, float]:
    """A range for a number without a prior: its bounds, or a third to thrice where they are far."""
    if value > 0 and high > _FAR * value:
        return max(low, value / 3), min(high, value * 3)
    return low, high


def span(entry: Parameter, value: Value) -> tuple[float, float]:
    """Where a value of a scenario can lie."""
    if not isinstance(value, Distribution):
        return value, value
    low, high = value.support
    if value.kind in ("normal", "lognormal"):
        import numpy as np

        low, high = (float(v) for v in value.ppf(np.array([_OUTER, 1 - _OUTER])))
    return max(low, entry.low), min(high, entry.high)


def reach(lever: Lever, given: Value) -> tuple[float, float]:
    """Where a lever's slider goes from and to, whatever a scenario says of its parameter."""
    low, high = span(lever.parameter, given)
    return min(lever.low, low), max(lever.high, high)


def _step(width: float) -> float:
    """About a hundredth of a range, as a round number."""
    power = 10.0 ** math.floor(math.log10(width / _STEPS))
    return next(s * power for s in (1, 2, 5, 10) if s * power >= width / _STEPS * 0.999)
