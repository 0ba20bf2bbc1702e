"""A forecast issued later starts from what was observed then, and knows nothing that came after."""

import numpy as np
import pytest

from sim.analysis.observed import load_record
from sim.analysis.trajectories import Placed, Restart, observe
from sim.influence.behavioural import Measured
from sim.scenario import load_scenario
from sim.scenario.month import Month

NAMES = ["front", "trust", "oil", "support_russia"]
AFTER = Month(2022, 4)


def test_a_restart_places_what_was_observed_and_carries_the_rest() -> None:
    scenario = load_scenario("invasion_2022", {"months": 3})
    placed = (Placed("front", 0.25, 0.0, False, 1.0), Placed("oil", 60.0, 0.1, True))
    plain = observe(scenario, 64, 1, NAMES)
    forked = observe(scenario, 64, 1, NAMES, restart=Restart(AFTER, placed))
    row = forked.row(AFTER)
    assert (forked.values["front"][row] == 0.25).all()
    spread = np.log(forked.values["oil"][row] / 60.0)
    assert 0.05 < spread.std() < 0.2
    assert abs(spread.mean()) < 0.05
    assert (forked.values["trust"][row] == plain.values["trust"][row]).all()
    for name in NAMES:
        assert (forked.values[name][:row] == plain.values[name][:row]).all()
    assert (forked.values["front"][row + 1] != plain.values["front"][row + 1]).any()


def test_a_forecast_knows_no_event_that_is_dated_later() -> None:
    scenario = load_scenario("invasion_2022", {"months": 10})
    assert any(event.at == Month(2022, 12) and "oil" in event.shock for event in scenario.events)
    plain = observe(scenario, 16, 1, ["oil"])
    blind = observe(scenario, 16, 1, ["oil"], restart=Restart(AFTER, ()))
    december = plain.row(Month(2022, 12))
    assert (blind.values["oil"][:december] == plain.values["oil"][:december]).all()
    assert (blind.values["oil"][december] > plain.values["oil"][december]).all()


def test_worlds_are_the_same_in_whatever_parts_they_are_run() -> None:
    scenario = load_scenario("invasion_2022", {"months": 2})
    many, few = (observe(scenario, worlds, 1, NAMES) for worlds in (600, 64))
    for name in NAMES:
        assert (many.values[name][:, :64] == few.values[name]).all()
    assert many.worlds == 600
    assert many.last == Month(2022, 4)
    assert many.row(Month(2022, 1)) == 0


def test_what_is_seen_is_the_same_whatever_is_measured_beside_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scenario = load_scenario("invasion_2022", {"months": 2})
    record = load_record()
    names, restart = record.quantities(), record.restart(Month(2022, 3))
    nothing = observe(scenario, 40, 1, names, restart=restart)
    monkeypatch.setattr("sim.analysis.trajectories.NOTHING", Measured())
    everything = observe(scenario, 40, 1, names, restart=restart)
    for name in names:
        assert (nothing.values[name] == everything.values[name]).all()
