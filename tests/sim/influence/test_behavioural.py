"""What the belief swap must show, and must not."""

from typing import Any

import numpy as np
import pytest

from sim.model import ConflictModel
from sim.scenario import load_scenario

DEAF_RUSSIA: dict[str, Any] = {
    # what Belarus gives
    "world.arms_belarus": 0.0,
    "world.access_belarus": 0.0,
    "world.diplomacy_belarus": 0.0,
    "world.kappa": 0.0,
    "world.launch_bonus": 0.0,
    "world.azimuth_losses": 0.0,
    "world.entry_force": 0.0,
    "world.entry_threat": 0.0,
    "world.nuclear_threat": 0.0,
    "world.fixed_watch": 0.0,
    "world.fixed_fortify": 0.0,
    "world.voice_terms": 0.0,
    "world.mediation": 0.0,
    "world.leakage": 0.0,
    # what Russia minds about what Belarus does
    "actors.russia.incentives.transfers": 0.0,
    "actors.russia.incentives.escalation": 0.0,
    "actors.russia.incentives.flank": 0.0,
}
DEAF_BELARUS: dict[str, Any] = {
    f"actors.belarus.incentives.{name}": 0.0
    for name in ("rents", "retaliation", "regime_security", "autonomy", "status")
}


def played(overrides: dict[str, Any], months: int = 3) -> ConflictModel:
    model = ConflictModel(load_scenario("status_quo", overrides), worlds=64, rng=1)
    for _ in range(months):
        model.step()
    return model


def test_with_no_interdependence_there_is_no_influence() -> None:
    model = played(DEAF_RUSSIA | DEAF_BELARUS, months=2)
    for found in model.influence.values():
        assert np.nanmax(found.joint) <= 1e-12
        assert np.nanmax(found.mean) <= 1e-12


def test_a_puppet_has_no_influence_over_its_master() -> None:
    model = played({"actors.belarus.plays": "puppet of russia"})
    found = model.influence["belarus", "russia"]
    assert np.nanmax(found.joint) == 0.0
    assert all(np.nanmax(np.nan_to_num(v)) == 0.0 for v in found.levers.values())
    assert np.nanmax(np.abs(np.nan_to_num(found.shift["support_minsk"]))) == 0.0


def test_otherwise_there_is_some_and_it_is_a_share() -> None:
    model = played({})
    for found in model.influence.values():
        assert np.nanmax(found.joint) > 1e-4
        for values in (found.joint, found.mean, *found.levers.values()):
            assert ((values >= 0) & (values <= 1) | np.isnan(values)).all()


def test_a_lever_is_never_moved_more_than_the_whole_menu() -> None:
    model = played({})
    for found in model.influence.values():
        for values in found.levers.values():
            assert (np.nan_to_num(values) <= found.joint + 1e-12).all()


def test_the_shift_of_a_two_level_lever_is_its_total_variation() -> None:
    """With two levels the expected index moves by exactly the probability that moves."""
    found = played({}).influence["belarus", "russia"]
    for lever in ("press_entry", "talks", "court_others"):
        assert np.abs(found.shift[lever]) == pytest.approx(found.levers[lever], abs=1e-12)


def test_masked_levers_are_left_out_of_the_mean() -> None:
    model = played({})
    found = model.influence["russia", "belarus"]
    assert np.isnan(found.levers["nuclear_hosting"]).all()  # hosted already: nothing to decide
    live = [v for v in found.levers.values() if not np.isnan(v).any()]
    assert found.mean == pytest.approx(sum(live) / len(live))
