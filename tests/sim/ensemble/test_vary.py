"""What differs between worlds is chosen; world k stays world k under each choice."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.draws import VARY, Vary, uniforms, uniforms_of_draws
from sim.ensemble.engine import simulate
from sim.model import ConflictModel
from sim.scenario import Scenario, load_scenario
from sim.scenario.distributions import Distribution
from sim.scenario.registry import load_registry


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario("status_quo", {"months": 2})


@pytest.fixture(scope="module")
def runs(scenario: Scenario) -> dict[Vary, xr.Dataset]:
    return {vary: simulate(scenario, 12, vary=vary) for vary in VARY}


def assert_same(one: xr.Dataset, two: xr.Dataset) -> None:
    for name in one.data_vars:
        a, b = one[name].to_numpy(), two[name].to_numpy()
        assert np.array_equal(a, b, equal_nan=a.dtype.kind == "f"), name


@settings(deadline=None)
@given(st.integers(0, 3000), st.integers(0, 200), st.integers(1, 300), st.integers(0, 40))
def test_shared_draws_are_those_of_the_first_set(
    first: int, count: int, draws: int, month: int
) -> None:
    shared = uniforms_of_draws(3, "oil", month, first, count, draws)
    alone = uniforms(3, "oil", month, 0, draws)
    assert shared.tolist() == [alone[k % draws] for k in range(first, first + count)]


def test_nothing_changes_for_a_run_that_varies_both(
    scenario: Scenario, runs: dict[Vary, xr.Dataset]
) -> None:
    assert_same(simulate(scenario, 12), runs["both"])
    assert runs["both"].attrs["vary"] == "both"


def test_unknown_keeps_the_parameters_and_shares_the_chance(
    scenario: Scenario, runs: dict[Vary, xr.Dataset]
) -> None:
    both, unknown = runs["both"], runs["unknown"]
    assert np.array_equal(both["parameter"], unknown["parameter"])
    assert_same(unknown.isel(world=slice(4)), both.isel(world=slice(4)))
    assert not np.array_equal(unknown["oil"][4:], both["oil"][4:])
    late = ConflictModel(scenario, worlds=range(8, 12), vary="unknown")
    early = ConflictModel(scenario, worlds=range(4))
    for purpose in ("oil", "choice.russia.tempo"):
        assert np.array_equal(late.chance(purpose)[:4], early.chance(purpose)[:4])


def test_worlds_of_one_draw_differ_only_by_what_we_do_not_know(scenario: Scenario) -> None:
    """With every parameter a number, nothing is left to differ between sets."""
    medians = {
        name: value.median if isinstance(value, Distribution) else value
        for name, value in scenario.parameters.items()
    }
    ds = simulate(replace(scenario, parameters=medians), 12, vary="unknown")
    for name, values in ds.data_vars.items():
        sets = values.to_numpy().reshape(3, 4, *values.shape[1:])
        assert np.array_equal(sets[0], sets[1], equal_nan=values.dtype.kind == "f"), name


def test_chance_puts_every_parameter_at_the_median_of_the_scenario() -> None:
    written = load_scenario("status_quo", {"months": 2, "world.kappa": "{uniform: [0.2, 0.6]}"})
    ds = simulate(written, 12, vary="chance")
    values = ds["parameter"].to_numpy()
    assert np.all(values == values[0])
    for parameter in load_registry():
        given_value = written.parameters[parameter.name]
        expected = (
            given_value.median if isinstance(given_value, Distribution) else float(given_value)
        )
        found = ds["parameter"].sel(name=parameter.name)[0].item()
        expected = min(max(expected, parameter.low), parameter.high)
        assert found == pytest.approx(expected, rel=1e-9), parameter.name
    assert ds["parameter"].sel(name="world.kappa")[5].item() == pytest.approx(0.4)
    assert np.unique(ds["oil"][:, 1]).size == 12


def test_chance_keeps_each_worlds_own_draws(scenario: Scenario) -> None:
    one = ConflictModel(scenario, worlds=range(5, 9), vary="chance")
    two = ConflictModel(scenario, worlds=range(5, 9))
    assert np.array_equal(one.chance("oil"), two.chance("oil"))


def test_the_one_set_of_chance_does_not_depend_on_the_seed(scenario: Scenario) -> None:
    one, two = (simulate(scenario, 4, seed=seed, vary="chance") for seed in (1, 2))
    assert np.array_equal(one["parameter"], two["parameter"])
    assert not np.array_equal(one["oil"], two["oil"])


@pytest.mark.parametrize("vary", VARY)
def test_a_world_is_the_same_whatever_runs_beside_it(
    scenario: Scenario, runs: dict[Vary, xr.Dataset], vary: Vary
) -> None:
    assert_same(simulate(scenario, 3, first=7, vary=vary), runs[vary].isel(world=slice(7, 10)))
    edge = simulate(scenario, 8, first=1020, draws=3, vary=vary)
    assert_same(simulate(scenario, 1, first=1025, draws=3, vary=vary), edge.sel(world=[1025]))


def test_processes_are_told_what_varies(scenario: Scenario) -> None:
    one = simulate(scenario, 130, vary="unknown")
    assert_same(simulate(scenario, 130, vary="unknown", workers=2), one)


@pytest.mark.parametrize("make", [simulate, ConflictModel])
def test_other_words_are_refused(scenario: Scenario, make: type[ConflictModel]) -> None:
    with pytest.raises(ValueError, match="must be both, unknown or chance, not luck"):
        make(scenario, vary="luck")  # type: ignore[arg-type]
