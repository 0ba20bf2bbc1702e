"""A scenario with one more claim switched off, as `--set claims.C16=off` would have it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sim.scenario.ledger import switches
from sim.scenario.registry import CLAIMS, load_registry
from sim.scenario.scenario import LINKAGE, Scenario
from sim.scenario.values import Value


def switchable(scenario: Scenario) -> tuple[str, ...]:
    """The claims that are on and on which something of the scenario rests.

    A parameter, a setting of the model's structure, or an event.
    """
    carried = {event.claim for event in scenario.events}
    return tuple(
        claim
        for claim, switch in switches().items()
        if claim not in scenario.claims_off and (switch.carries or claim in carried)
    )


def without(scenario: Scenario, claim: str) -> Scenario:
    """The scenario with a claim off: its parameters neutral, its events left out.

    A setting of the model's structure that the claim stands for is as the claim's absence has it.

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
    linkage = switches()[claim].structure.get("linkage", LINKAGE[not scenario.linkage])
    return replace(
        scenario,
        linkage=linkage == LINKAGE[0],
        parameters={**scenario.parameters, **neutral},
        claims_off=scenario.claims_off | {claim},
        events=tuple(event for event in scenario.events if event.claim != claim),
    )
