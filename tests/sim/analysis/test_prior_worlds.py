"""Worlds of the priors are kept part by part, and a stopped calibration goes on from there."""

from pathlib import Path

import numpy as np
import pytest

from agents.outlook import Array
from sim.analysis import prior_worlds
from sim.analysis.prior_worlds import PART, identity, prior_paths
from sim.scenario import Scenario, load_scenario
from sim.scenario.month import Month

NAMES = ["front", "oil"]
UNTIL = Month(2022, 4)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Cheap worlds; lists the first world of each part that is made."""
    asked: list[int] = []

    def observe_batch(_: Scenario, worlds: range, *__: object) -> list[Array]:
        asked.append(worlds.start)
        return [np.arange(worlds.start, worlds.stop) + np.zeros((3, 1)) + k for k in range(2)]

    monkeypatch.setattr(prior_worlds, "observe_batch", observe_batch)
    return asked


def run(folder: Path, worlds: int, seed: int = 1) -> Array:
    scenario = load_scenario("invasion_2022")
    return prior_paths(scenario, worlds, seed, NAMES, UNTIL, folder).values["front"]


def test_more_worlds_go_on_from_those_that_are_kept(tmp_path: Path, made: list[int]) -> None:
    few = run(tmp_path, 2 * PART)
    assert made == [0, PART]
    many = run(tmp_path, 4 * PART)
    assert made == [0, PART, 2 * PART, 3 * PART]
    assert (many[:, : 2 * PART] == few).all()
    assert (many[0] == np.arange(4 * PART)).all()
    assert (run(tmp_path, 4 * PART) == many).all()
    assert len(made) == 4


def test_a_part_that_was_cut_off_is_made_again(tmp_path: Path, made: list[int]) -> None:
    whole = run(tmp_path, 2 * PART)
    [first, second] = sorted(tmp_path.glob("prior-worlds-*/*.npz"))
    first.write_bytes(first.read_bytes()[:100])
    second.unlink()
    assert (run(tmp_path, 2 * PART) == whole).all()
    assert made == [0, PART, 0, PART]


def test_other_worlds_are_kept_elsewhere(tmp_path: Path, made: list[int]) -> None:
    run(tmp_path, 2 * PART)
    run(tmp_path, 2 * PART, seed=2)
    assert len(made) == 4
    scenario = load_scenario("invasion_2022")
    assert identity(scenario, 1, NAMES) != identity(scenario, 2, NAMES)
    changed = load_scenario("invasion_2022", {"initial.oil": "70"})
    assert identity(scenario, 1, NAMES) != identity(changed, 1, NAMES)


def test_worlds_are_those_of_the_model(tmp_path: Path) -> None:
    from sim.analysis.trajectories import observe_batch

    scenario = load_scenario("invasion_2022", {"months": 1})
    few = observe_batch(scenario, range(64), 1, NAMES, 1, "numpy", None)
    kept = prior_paths(scenario, PART, 1, NAMES, Month(2022, 3), tmp_path)
    assert (kept.values["front"][:, :64] == few[0]).all()
    assert kept.draws == 1
