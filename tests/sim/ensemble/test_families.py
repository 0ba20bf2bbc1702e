"""Wars made to end: one world until they part, each run what it would be by itself."""

import numpy as np
import pytest

from sim.ensemble.engine import run_tile
from sim.ensemble.families import ending_after, months_of, run_family
from sim.scenario import load_scenario
from sim.world.state import STATUSES

MONTHS, ENDS = 9, (3, 6)


@pytest.mark.parametrize("settings", [{}, {"beliefs": "none"}, {"linkage": "off"}])
def test_a_family_is_its_members(settings: dict[str, str]) -> None:
    scenario = load_scenario("status_quo", {"months": MONTHS, **settings})
    told: list[int] = []
    found = run_family(scenario, ENDS, 5, 4, 64, 16, "numpy", "influence", told.append)
    assert told == list(range(1, months_of(scenario, ENDS) + 1))
    for end in ENDS:
        alone = run_tile(ending_after(scenario, end), 5, 4, 64, 16, "numpy", keep="influence")
        assert alone[0] == found[end][0]
        for name, values in alone[1].items():
            np.testing.assert_array_equal(values, found[end][1][name], err_msg=name)


def test_a_made_ending_is_the_ordinary_run_until_they_part() -> None:
    """Before the month in which the war is made to end, and before the world ends it itself."""
    scenario = load_scenario("negotiated_settlement", {"months": 24})
    _, free, _ = run_tile(scenario, 5, 4, 0, 256, "numpy", keep="figures")
    _, made, _ = run_tile(ending_after(scenario, 18), 5, 4, 0, 256, "numpy", keep="figures")
    ended = (free["status"] != 0).argmax(axis=0)
    ended = np.where((free["status"] != 0).any(axis=0), ended, 24)
    assert (ended < 17).sum() > 5, "some wars must end by themselves for this to say anything"
    for k in range(256):
        same = min(int(ended[k]), 17)
        for name in free:
            np.testing.assert_array_equal(free[name][:same, ..., k], made[name][:same, ..., k])
    assert (made["status"][:17] == STATUSES.index("active")).all()
    assert (made["status"][17:] == STATUSES.index("settled")).all()


def test_nobody_foresees_the_made_ending() -> None:
    """Choices of the last month of war are those of a war that goes on."""
    scenario = load_scenario("status_quo", {"months": 8})
    _, short, _ = run_tile(ending_after(scenario, 6), 5, 4, 0, 64, "numpy")
    _, long, _ = run_tile(ending_after(scenario, 8), 5, 4, 0, 64, "numpy")
    np.testing.assert_array_equal(short["choice"][:6], long["choice"][:6])
    np.testing.assert_array_equal(short["influence"][:6], long["influence"][:6])


def test_the_hazard_of_entry_is_the_chance_that_choices_had() -> None:
    """Entries come about as often as the hazards say, and none has a hazard after its entry."""
    scenario = load_scenario("status_quo", {"months": 6, "actors.belarus.precision": 0.5})
    _, found, _ = run_tile(scenario, 5, 4, 0, 1024, "numpy", keep="all")
    hazard = found["entry_hazard"]
    entered = found["concessions"][:, 3] > 0.5
    assert ((hazard >= 0) & (hazard <= 1)).all()
    assert (hazard[1:][entered[:-1]] == 0).all()
    expected, spread = hazard.sum(), np.sqrt((hazard * (1 - hazard)).sum())
    assert entered[-1].sum() > 20
    assert abs(entered[-1].sum() - expected) < 4 * spread
