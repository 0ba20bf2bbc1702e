"""Switching a claim off in a scenario at hand is what the command line does."""

import pytest

from sim.scenario import load_scenario
from sim.scenario.without import switchable, without


@pytest.mark.parametrize("name", ["status_quo", "western_distraction", "north_korea_supplies"])
def test_it_is_the_scenario_with_the_claim_set_off(name: str) -> None:
    base = load_scenario(name)
    claims = switchable(base)
    assert len(claims) == 19
    for claim in claims:
        assert without(base, claim) == load_scenario(name, {f"claims.{claim}": "off"})


def test_an_event_alone_is_something_to_switch() -> None:
    event = {"at": "2024-02", "shock": {"attention": -0.1}, "claim": "C21"}
    base = load_scenario("status_quo", {"events": [event]})
    assert "C21" in switchable(base)
    assert without(base, "C21").events == ()


def test_what_cannot_be_switched_is_refused() -> None:
    base = load_scenario("status_quo", {"claims.C01": "off"})
    assert "C01" not in switchable(base)
    with pytest.raises(ValueError, match="C01: it is off in status_quo already"):
        without(base, "C01")
    with pytest.raises(ValueError, match="C21: there is nothing to switch off: Nothing of it is"):
        without(base, "C21")
    with pytest.raises(ValueError, match="C99: no such claim; they are C01 to C23"):
        without(base, "C99")
