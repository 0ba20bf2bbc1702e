"""Calibration on worlds whose truth is known."""

from dataclasses import replace

import numpy as np
import pytest

from agents.outlook import Array
from sim.analysis.calibration import Calibration, calibrate, summaries, watched
from sim.analysis.observed import Record, load_record
from sim.analysis.trajectories import Paths
from sim.draws import parameter_points
from sim.scenario import Scenario, load_scenario

LEARNED = "world.support_russia"
WORLDS = 4096


@pytest.fixture(scope="module")
def record() -> Record:
    return load_record()


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario("invasion_2022")


@pytest.fixture(scope="module")
def paths(record: Record, scenario: Scenario) -> Paths:
    """Russian support follows one parameter; everything else wanders by itself."""
    rng = np.random.default_rng(5)
    months = record.fit.months
    values: dict[str, Array] = {}
    for name in watched(record, scenario):
        walk = rng.normal(0.0, 0.2, (months + 1, WORLDS)).cumsum(axis=0)
        values[name] = np.exp(walk + rng.normal(0.0, 0.5, WORLDS))
    u = parameter_points(1, [LEARNED], 0, WORLDS)[:, 0]
    noise = rng.normal(0.0, 0.01, (months + 1, WORLDS))
    values["support_russia"] = 0.65 + 0.25 * u + noise
    return Paths(scenario.start, values, 1)


@pytest.fixture(scope="module")
def found(record: Record, scenario: Scenario, paths: Paths) -> Calibration:
    return calibrate(scenario, record, paths, 1, 0.1)


def test_it_learns_the_parameter_that_matters_and_no_other(found: Calibration) -> None:
    assert [one.learned.name for one in found.informed] == [LEARNED]
    [one] = found.informed
    # the record's mean of 74.8 % means u = 0.39
    assert one.learned.shift + 0.5 == pytest.approx(0.39, abs=0.08)
    assert one.learned.width < 0.5
    assert found.placebos == 0
    low, middle, high = one.posterior
    assert one.prior[0] < low < middle < high < one.prior[2]


def test_the_source_holds_what_was_learned(found: Calibration, scenario: Scenario) -> None:
    assert list(found.written) == [LEARNED]
    written, prior = found.written[LEARNED], scenario.parameters[LEARNED]
    assert written.kind == "quantiles"
    assert len(written.args) == 11
    assert not isinstance(prior, float)
    assert prior.support[0] <= written.args[0] <= written.args[-1] <= prior.support[1]
    [one] = found.informed
    assert written.median == pytest.approx(one.posterior[1], rel=1e-3)


def test_what_the_model_cannot_reach_is_named_and_not_used(
    record: Record, scenario: Scenario, paths: Paths
) -> None:
    far = dict(paths.values) | {"support_ukraine": paths.values["support_ukraine"] * 0.0 + 0.1}
    found = calibrate(scenario, record, replace(paths, values=far), 1, 0.1)
    told = {one.name: one for one in found.statistics}
    lost = told["Ukrainians against concessions: level"]
    assert not lost.used
    assert lost.reach == 1.0
    assert told["Russian support for the war: level"].used
    assert LEARNED in found.written


def test_statistics_are_levels_and_trends_by_hand(
    record: Record, scenario: Scenario, paths: Paths
) -> None:
    names, observed, worlds = summaries(scenario, record, paths, 1)
    told = dict(zip(names, observed, strict=True))
    level = [81, 74, 77, 75, 76, 76, 72, 73, 74, 71, 75, 77, 72, 75, 76, 73]
    assert told["Russian support for the war: level"] == pytest.approx(np.mean(level))
    slope = np.polyfit(np.arange(16), level, 1)[0]
    assert told["Russian support for the war: trend"] == pytest.approx(slope)
    assert "Belarus's goods exports to Russia: trend" not in told  # one figure has none
    assert worlds.shape == (WORLDS, len(names))
    assert names[-1] == "checks of the ten facts that are met"
    assert worlds[:, -1].max() <= observed[-1]


def test_the_same_worlds_teach_the_same(
    found: Calibration, record: Record, scenario: Scenario, paths: Paths
) -> None:
    again = calibrate(scenario, record, paths, 1, 0.1)
    assert again.written == found.written
    assert (again.accepted.weights == found.accepted.weights).all()
