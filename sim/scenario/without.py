"""A scenario with one more claim switched off, as `--set claims.C16=off` would have it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sim.scenario.ledger import switches
from sim.scenario.registry import CLAIMS, load_registry
from sim.scenario.scenario import Scenario
from sim.scenario.values import Value


def switchable(scenario: Scenario) -> tuple[str, ...]:
    """The claims that are on and on which a parameter or an event of the scenario rests."""
    carried = {event.claim for event in scenario.events}
    return tuple(
        claim
        for claim, switch in switches().items()
        if claim not in scenario.claims_off and (switch.parameters or claim in carried)
    )


def without(scenario: Scenario, claim: str) -> Scenario:
    """The scenario with a claim off: its parameters neutral, the events that carry it left out.

    Raises:
        ValueError: there is no such claim, it is off already, or nothing rests on it.
    """
    if claim not in CLAIMS:
        raise ValueError(f"{claim}: no such claim; they are {CLAIMS[0]} to {CLAIMS[-1]}")
    if claim in scenario.claims_off:
        raise ValueError(f"{claim}: it is off in {scenario.name} already")
    if claim not in switchable(scenario):
        raise ValueError(f"{claim}: there is nothing to switch off: {switches()[claim].without}")
    neutral: Mapping[str, Value] = {
        p.name: p.neutral
        for p in load_registry()
        if claim in p.claims and p.neutral is not None and p.name in scenario.parameters
    }
    return replace(
        scenario,
        parameters={**scenario.parameters, **neutral},
        claims_off=scenario.claims_off | {claim},
        events=tuple(event for event in scenario.events if event.claim != claim),
    )
