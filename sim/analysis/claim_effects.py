"""How far each claim of the article moves each headline outcome: on against off, world by world.

A claim is switched off in the base scenario, all else equal, and the difference on less off is
taken within each world. Claims stand in the order of their effect on an outcome, first those told
from nothing. Over all outcomes they are ordered by the mean size of their effects, each in standard
deviations of the outcome over the worlds of the base scenario.

One claim at a time: what two claims do together is not the sum of what they do alone, least of all
where they share a parameter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.compare import When, pair
from sim.analysis.differences import ROUNDING, Change
from sim.analysis.outcomes import headline
from sim.draws import DEFAULT_DRAWS
from sim.scenario.ledger import shared_parameters
from sim.scenario.without import switchable, without

if TYPE_CHECKING:
    import xarray as xr

    from sim.kernel import Engine
    from sim.scenario import Scenario

type Fetch = Callable[[Scenario], xr.Dataset]
type Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Effect:
    """What one claim does to one outcome.

    Attributes:
        claim: its id.
        outcome: dotted name.
        change: on less off, within worlds.
        size: of the mean change, in standard deviations of the outcome over worlds of the base
            scenario; None where the outcome is the same in all of them.
    """

    claim: str
    outcome: str
    change: Change
    size: float | None

    def document(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {
            "claim": self.claim,
            "outcome": self.outcome,
            "difference": self.change.difference,
            "se": self.change.se,
            "ci95": [self.change.lo, self.change.hi],
            "clear": self.change.clear,
            "size": self.size,
            "worlds": self.change.worlds,
        }


@dataclass(frozen=True)
class ClaimEffects:
    """Effects of claims on outcomes.

    Attributes:
        scenario: name of the base scenario.
        when: "final" for the last month, "mean" for the mean over all months.
        effects: every claim on every outcome that both runs have.
    """

    scenario: str
    when: When
    effects: tuple[Effect, ...]

    def on(self, outcome: str) -> list[Effect]:
        """Effects on one outcome, in order: those told from nothing first, then by size."""
        found = [one for one in self.effects if one.outcome == outcome]
        return sorted(found, key=lambda one: (not one.change.clear, -abs(one.change.difference)))

    def of(self, claim: str) -> list[Effect]:
        """Effects of one claim, those told from nothing first, then by size."""
        found = [one for one in self.effects if one.claim == claim]
        return sorted(found, key=lambda one: (not one.change.clear, -(one.size or 0.0)))

    @property
    def worlds(self) -> int:
        """Worlds in which both runs have a value, of the outcome that has most."""
        return max((one.change.worlds for one in self.effects), default=0)

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Outcomes, in the order of the headline."""
        return tuple(dict.fromkeys(one.outcome for one in self.effects))

    def ranked(self) -> list[tuple[str, float]]:
        """Claims with the mean size of their effects, largest first."""
        sizes: dict[str, list[float]] = {}
        for one in self.effects:
            if one.size is not None:
                sizes.setdefault(one.claim, []).append(one.size)
        means = {claim: float(np.mean(found)) for claim, found in sizes.items()}
        return sorted(means.items(), key=lambda row: (-row[1], row[0]))

    def shared(self) -> dict[str, tuple[str, ...]]:
        """Parameters that several of the claims share: their effects do not add up."""
        claims = {one.claim for one in self.effects}
        return {
            name: sharing
            for name, sharing in shared_parameters().items()
            if len(claims.intersection(sharing)) > 1
        }

    def document(self) -> dict[str, Any]:
        """Ready for JSON: claims and outcomes in order."""
        return {
            "scenario": self.scenario,
            "when": self.when,
            "claims": [{"claim": claim, "size": size} for claim, size in self.ranked()],
            "outcomes": {
                outcome: [effect.document() for effect in self.on(outcome)]
                for outcome in self.outcomes
            },
            "shared": {name: list(claims) for name, claims in self.shared().items()},
        }


def claim_effects(
    base: Scenario,
    worlds: int = 400,
    seed: int | None = None,
    *,
    draws: int = DEFAULT_DRAWS,
    engine: Engine = "numpy",
    workers: int = 1,
    claims: Iterable[str] | None = None,
    when: When = "mean",
    fetch: Fetch | None = None,
    progress: Progress | None = None,
) -> ClaimEffects:
    """Run a scenario with each claim off, and hold it against the scenario as it is.

    Args:
        base: the scenario.
        worlds: of each run.
        seed: of all of them.
        draws: worlds per parameter set.
        engine: what does the arithmetic.
        workers: processes to share the worlds among.
        claims: ids; all that are on and on which something rests, unless given.
        when: what of an outcome is compared.
        fetch: gives the run of a scenario, from a store for instance, in place of simulating it;
            worlds, seed, draws, engine and workers are then its own affair.
        progress: called with (runs done, runs).

    Raises:
        ValueError: a claim cannot be switched off here.
    """
    asked = tuple(claims) if claims is not None else switchable(base)
    variants = {claim: without(base, claim) for claim in asked}
    tell = progress or (lambda done, total: None)
    get = fetch or _simulated(worlds, seed, draws, engine, workers)
    run = get(base)
    tell(1, len(variants) + 1)
    effects: list[Effect] = []
    for done, (claim, scenario) in enumerate(variants.items(), start=2):
        compared = pair([get(scenario), run])  # off is the baseline: the change is what on adds
        for outcome in headline(run):
            change = compared.change(1, outcome, when)
            if change is not None:
                spread = _spread(compared.values(1, outcome, when))
                size = None if spread is None else abs(change.difference) / spread
                effects.append(Effect(claim, outcome, change, size))
        tell(done, len(variants) + 1)
    return ClaimEffects(base.name, when, tuple(effects))


def _simulated(worlds: int, seed: int | None, draws: int, engine: Engine, workers: int) -> Fetch:
    from sim.ensemble.engine import simulate

    return lambda scenario: simulate(
        scenario, worlds, seed, workers, draws=draws, engine=engine, keep="headline"
    )


def _spread(values: np.ndarray) -> float | None:
    """Standard deviation over worlds; None where rounding is all there is."""
    known = values[~np.isnan(values)]
    if known.size < 2:
        return None
    spread = float(known.std(ddof=1))
    return spread if spread > ROUNDING * float(np.abs(known).max()) else None
