"""The page of a calibration says what was learned, what was not, and what the model misses."""

import numpy as np
import pytest

from sim.analysis.backtest import Backtest, backtest
from sim.analysis.calibration import Calibration, Posterior, Statistic
from sim.analysis.inference import Accepted, Learned
from sim.analysis.observed import Record, load_record
from sim.analysis.trajectories import Paths
from sim.report.calibration import page, places
from sim.scenario import Distribution, Scenario, load_scenario


def posterior(name: str, informed: bool) -> Posterior:
    return Posterior(
        learned=Learned(name, 0.4, 0.05, -0.3, 0.02, informed, np.array([0.1, 0.2])),
        unit="0-1",
        prior=(0.1, 0.5, 0.9),
        posterior=(0.1, 0.2, 0.4),
        place=(0.05, 0.2, 0.45),
        written=Distribution("quantiles", (0.1, 0.2, 0.4)) if informed else None,
    )


@pytest.fixture
def found() -> Calibration:
    return Calibration(
        scenario=load_scenario("invasion_2022"),
        worlds=1024,
        seed=1,
        share=0.05,
        statistics=(
            Statistic("front: level", 18.0, (17.0, 18.0, 19.0), (17.5, 18.0, 18.5), 0.5, 0.5, True),
            Statistic("will: level", 85.0, (70.0, 75.0, 80.0), (72.0, 76.0, 80.0), 1.0, 1.0, False),
        ),
        parameters=(posterior("world.taught", True), posterior("world.<silent>", False)),
        placebos=0,
        accepted=Accepted(np.array([1, 2]), np.array([0.5, 0.5]), 1.0, np.array([0.0])),
    )


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> tuple[Record, dict[str, Backtest]]:
    def observe(scenario: Scenario, worlds: int, seed: int, names: list[str], **_: object) -> Paths:
        rng = np.random.default_rng(seed)
        shape = (scenario.months + 1, worlds)
        return Paths(scenario.start, {name: 0.5 + rng.random(shape) for name in names}, 4)

    monkeypatch.setattr("sim.analysis.backtest.observe", observe)
    record = load_record()
    scenario = load_scenario("invasion_2022")
    one = backtest(scenario, record, record.check, 32, 1, 4)
    return record, {f"{source} {record.check}": one for source in ("priors", "posterior")}


def test_what_was_learned_and_what_was_not(
    found: Calibration, checks: tuple[Record, dict[str, Backtest]]
) -> None:
    record, told = checks
    text = page(found, told, record, "fulcrum calibrate")
    assert "something about 1 of 2 parameters" in text
    assert (
        "Out of the model’s reach, whatever its parameters are, and not learned from: will" in text
    )
    assert "Parameters about which the record says nothing: 1" in text
    assert "world.&lt;silent&gt;" in text
    assert "<silent>" not in text
    assert "Hypotheses stand on the priors" in text
    assert text.count("Skill to persistence") == 2  # the whole run and the issued forecast


def test_filled_dots_are_informed(found: Calibration) -> None:
    [trace] = places(found.parameters)["data"]
    assert trace["marker"]["color"][1] == "$paper"
    assert trace["marker"]["color"][0] != "$paper"
    assert trace["error_x"]["arrayminus"] == [0.15, 0.15]
    assert trace["error_x"]["array"] == [0.25, 0.25]
