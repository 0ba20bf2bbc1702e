"""Designed runs: Sobol's indices of known functions, and of the model with chance as a factor."""

import builtins
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from scipy.stats import qmc

from sim.analysis import designed as module
from sim.analysis.by_set import BySetError
from sim.analysis.designed import CHANCE, REST, DesignMissingError, designed, factors, indices
from sim.analysis.outcomes import OutcomeError
from sim.ensemble.engine import run_tile
from sim.sampling import draw_parameters
from sim.scenario import load_scenario
from tests.sim.analysis.test_sensitivity import ishigami


def test_indices_of_ishigamis_function() -> None:
    a, b = np.split(qmc.Sobol(6, scramble=True, seed=1).random(1024), 2, axis=1)
    crossed = [np.where(np.arange(3) == k, b, a) for k in range(3)]
    values = np.stack([ishigami(x) for x in (a, *crossed, b)])
    found = {one.factor: one for one in indices(values, dict.fromkeys("xyz", ()), 1)}
    first, total = [0.3139, 0.4424, 0.0], [0.5576, 0.4424, 0.2437]
    np.testing.assert_allclose([found[k].first for k in "xyz"], first, atol=0.05)
    np.testing.assert_allclose([found[k].total for k in "xyz"], total, atol=0.05)
    for name, wanted in zip("xyz", total, strict=True):
        one = found[name]
        assert abs(one.total - wanted) < max(1.5 * one.total_half, 0.02)


def test_factors_are_parameters_groups_of_them_or_claims() -> None:
    scenario = load_scenario("status_quo")
    found = factors(["world.kappa", "actors.belarus.incentives", "C05"], [scenario])
    assert found["world.kappa"] == ("world.kappa",)
    assert "actors.belarus.incentives.rents" in found["actors.belarus.incentives"]
    assert all(name.startswith("actors.belarus.") for name in found["actors.belarus.incentives"])
    assert found["C05"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["world.kapa"], 'world.kapa: no parameter, group of them or claim; did you mean "world.k'),
        (["world.kappa", "world"], "world.kappa is in world.kappa and in world; give it once"),
        (["C21"], "C21: no parameter of it is uncertain"),
        (["initial.levels"], "initial.levels: no parameter of it is uncertain"),
    ],
)
def test_factors_that_stand_for_nothing_are_refused(words: list[str], said: str) -> None:
    with pytest.raises(BySetError) as error:
        factors(words, [load_scenario("status_quo")])
    assert said in str(error.value)


def test_a_parameter_that_one_of_two_scenarios_leaves_open_counts() -> None:
    fixed, free = load_scenario("status_quo", {"world.kappa": 0.5}), load_scenario("status_quo")
    assert factors(["world.kappa"], [fixed, free])["world.kappa"] == ("world.kappa",)
    with pytest.raises(BySetError, match="uncertain"):
        factors(["world.kappa"], [fixed])


def test_chance_and_all_else_are_factors_and_luck_goes_with_the_point(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An outcome of kappa and of luck alone: their shares come out, whatever else is drawn."""
    luck: dict[int, np.ndarray] = {}

    def outcomes_of(  # as in the module, on arithmetic instead of the model
        scenario: object,
        names: list[str],
        given: Mapping[str, np.ndarray],
        start: int,
        points: int,
        seed: int,
        *_: object,
    ) -> np.ndarray:
        own = luck.setdefault(seed, np.random.default_rng(len(luck)).standard_normal(points))
        kappa = given["world.kappa"]
        point = (start + np.arange(kappa.size)) % points
        return np.stack([kappa / 0.4 + own[point] for _ in names])

    monkeypatch.setattr(module, "outcomes_of", outcomes_of)
    scenario = load_scenario("status_quo", {"world.kappa": {"uniform": [0.0, 0.8]}})
    [found] = designed(scenario, ["front"], {"world.kappa": ("world.kappa",)}, 1024, 3)
    shares = {one.factor: one for one in found.indices}
    wanted = (1 / 3) / (1 / 3 + 1)
    for factor, share in (("world.kappa", wanted), (CHANCE, 1 - wanted), (REST, 0.0)):
        assert shares[factor].first == pytest.approx(share, abs=0.06)
        assert shares[factor].total == pytest.approx(share, abs=0.06)
    assert found.worlds == 1024 * 5
    assert len(shares[REST].parameters) > 100
    assert found.document()["factors"][0]["factor"] == CHANCE


def test_given_parameters_make_the_worlds_that_draws_would() -> None:
    scenario = load_scenario("status_quo", {"months": 2})
    _, drawn, parameters = run_tile(scenario, 1, 4, 0, 6, "numpy", keep="headline")
    mine = draw_parameters(scenario, 1, 0, 6, 4)
    _, given, other = run_tile(scenario, 1, 4, 0, 6, "numpy", keep="headline", given=mine)
    for name in drawn:
        np.testing.assert_array_equal(given[name], drawn[name])
    for name in mine:
        np.testing.assert_array_equal(other[name], parameters[name])


@pytest.mark.slow
def test_the_model_itself_in_a_small_design() -> None:
    scenario = load_scenario("status_quo", {"months": 2})
    told: list[tuple[int, int]] = []
    chosen = factors(["world.kappa"], [scenario])
    found = designed(
        scenario,
        ["dependence.russia.belarus", "front"],
        chosen,
        32,
        1,
        progress=lambda done, total: told.append((done, total)),
    )
    assert [one.measure.name for one in found] == ["dependence.russia.belarus", "front"]
    assert told[-1] == (32 * 5, 32 * 5)
    first = {one.factor: one for one in found[0].indices}
    assert first["world.kappa"].total > 0.1
    again = designed(scenario, ["dependence.russia.belarus", "front"], chosen, 32, 1)
    assert [one.document() for one in again] == [one.document() for one in found]


def test_what_cannot_be_told_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = load_scenario("status_quo", {"months": 1})
    chosen = {"world.kappa": ("world.kappa",)}
    with pytest.raises(OutcomeError, match="did you mean"):
        designed(scenario, ["frond"], chosen, 16, 1)
    with pytest.raises(BySetError, match="entry is the same in all worlds"):
        designed(scenario, ["entry"], chosen, 16, 1)
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    with pytest.raises(DesignMissingError, match=r"pip install 'fulcrum-sim\[hinge\]'"):
        designed(scenario, ["front"], chosen, 16, 1)


def test_what_is_read_off_stored_runs_needs_no_library(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def refuse(name: str, *args: Any, **options: Any) -> Any:  # noqa: ANN401 - as in Python
        assert not name.startswith("SALib")
        return real(name, *args, **options)

    monkeypatch.setattr(builtins, "__import__", refuse)
    from tests.sim.analysis.test_sensitivity import (
        test_a_planted_parameter_stands_out_and_idle_ones_do_not as given_data,
    )

    given_data()
