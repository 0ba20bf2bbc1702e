"""A world is the same world in every run."""

import numpy as np
import pytest
import xarray as xr

from sim.ensemble.engine import simulate
from sim.model import ConflictModel
from sim.scenario import Scenario, load_scenario


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario("status_quo", {"months": 2})


def assert_same(one: xr.Dataset, two: xr.Dataset) -> None:
    for name in one.data_vars:
        a, b = one[name].to_numpy(), two[name].to_numpy()
        assert np.array_equal(a, b, equal_nan=a.dtype.kind == "f"), name


@pytest.mark.slow
def test_world_7_is_the_same_in_8_and_in_3000(scenario: Scenario) -> None:
    few, many = simulate(scenario, 8), simulate(scenario, 3000, workers=2)
    assert_same(few.sel(world=[7]), many.sel(world=[7]))
    assert_same(few, many.isel(world=slice(8)))
    late = simulate(scenario, 2, first=1022)  # across the edge of a block
    assert_same(late, many.sel(world=[1022, 1023]))


def test_world_7_is_the_same_as_a_one_world_mesa_model(scenario: Scenario) -> None:
    ds = simulate(scenario, 8).sel(world=7)
    model = ConflictModel(scenario, worlds=range(7, 8))
    for month in range(2):
        model.step()
        row = ds.isel(month=month)
        assert model.state.front[0] == row["front"].item()
        assert model.state.trust[0] == row["trust"].item()
        assert model.influence["belarus", "russia"].mean[0] == row["influence"].sel(
            actor="belarus", target="russia"
        )
        for k, actor in enumerate(model.actors.values()):
            assert actor.payoff(model.seen_month)[0] == row["payoff"][k].item()


def test_workers_and_order_change_nothing(scenario: Scenario) -> None:
    assert_same(simulate(scenario, 130), simulate(scenario, 130, workers=2))


def test_seed_and_draws_make_other_worlds(scenario: Scenario) -> None:
    one = simulate(scenario, 4)
    assert not np.array_equal(one["front"], simulate(scenario, 4, seed=2)["front"])
    single = simulate(scenario, 4, draws=1)
    assert len(set(single["parameter"].sel(name="world.kappa").to_numpy())) == 4
    assert len(set(one["parameter"].sel(name="world.kappa").to_numpy())) == 1


def test_scenarios_share_their_worlds_until_they_part(scenario: Scenario) -> None:
    other = load_scenario(
        "status_quo", {"months": 2, "events": "[{at: 2024-01, shock: {oil: -20}}]"}
    )
    one, two = simulate(scenario, 8), simulate(other, 8)
    assert_same(one.isel(month=slice(1)), two.isel(month=slice(1)))
    assert not np.array_equal(one["oil"][:, 1], two["oil"][:, 1])
    assert np.array_equal(one["parameter"], two["parameter"])


def test_the_dataset_says_what_it_holds(scenario: Scenario) -> None:
    ds = simulate(scenario, 4)
    assert dict(ds.sizes) | {"name": 0} == {
        "world": 4,
        "month": 2,
        "actor": 4,
        "target": 4,
        "lever": 15,
        "transfer": 3,
        "concession": 4,
        "name": 0,
    }
    for name in ds.data_vars:
        assert ds[name].attrs["long_name"], name
        assert ds[name].attrs["units"], name
    assert ds["month"].to_numpy()[0] == np.datetime64("2023-12-01")
    assert set(np.unique(ds["status"])) <= set(ds["status"].attrs["flag_values"])
    tempo = ds["choice"].sel(actor="russia", lever="tempo").to_numpy()
    assert set(np.unique(tempo)) <= {0, 1, 2}
    assert (ds["choice"].sel(actor="nato", lever="tempo") == -1).all()
    assert (ds["choice"].sel(actor="belarus", lever="nuclear_hosting") == -1).all()  # spent


@pytest.mark.parametrize("wrong", [{"worlds": 0}, {"workers": 0}, {"draws": 0}, {"seed": -1}])
def test_impossible_counts_are_refused(scenario: Scenario, wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="must"):
        simulate(scenario, **{"worlds": 4, **wrong})  # type: ignore[arg-type]
