"""A world is the same world in every run."""

from dataclasses import fields

import numpy as np
import pytest
import xarray as xr

from sim.draws import TILE
from sim.ensemble.engine import simulate
from sim.ensemble.recording import empty, write
from sim.model import ConflictModel
from sim.scenario import Scenario, load_scenario
from sim.world.state import State


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
    late = simulate(scenario, 4, first=1022)  # across the edge of a block
    assert_same(late, many.sel(world=[1022, 1023, 1024, 1025]))


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


@pytest.mark.parametrize("batch", [TILE, 2 * TILE])
def test_blocks_change_nothing(
    scenario: Scenario, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = simulate(scenario, 3 * TILE + 2)
    monkeypatch.setattr("sim.ensemble.engine.BATCH", batch)
    assert_same(simulate(scenario, 3 * TILE + 2), whole)


def test_what_is_recorded_changes_nothing(scenario: Scenario) -> None:
    """Collected by Mesa after every month, written down, or watched by nobody."""
    watched = ConflictModel(scenario, worlds=8)
    alone = ConflictModel(scenario, worlds=8, collect=False)
    recorded = empty(2, alone.width)
    for month in range(2):
        watched.step()
        write(watched, recorded, month)
        alone.step()
    for field in fields(State):
        one, two = getattr(watched.state, field.name), getattr(alone.state, field.name)
        assert np.array_equal(one, two), field.name


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


PARTINGS = {
    "event": "[{{at: {0}, shock: {{attention: -0.3}}}}]",
    "several events": "[{{at: {0}, shock: {{oil: -20, trust: 0.2}}}}, "
    "{{at: 2024-05, shock: {{front: 0.01}}}}]",
    "move": "[{{actor: ukraine, from: {0}, to: 2024-05, lever: talks, level: open}}]",
    "moves": "[{{actor: belarus, from: {0}, to: {0}, lever: access, level: deny}}, "
    "{{actor: russia, from: {0}, to: 2024-05, lever: tempo, level: offensive}}]",
}


@pytest.fixture(scope="module")
def half_year() -> xr.Dataset:
    return simulate(load_scenario("status_quo", {"months": 6}), 8)


@pytest.mark.parametrize("month", [1, 4])
@pytest.mark.parametrize("parting", PARTINGS)
def test_nobody_foresees_where_scenarios_part(
    half_year: xr.Dataset, parting: str, month: int
) -> None:
    """The same history to the last bit before the month in which they first differ, not after."""
    at = str(half_year["month"].to_numpy()[month].astype("datetime64[M]"))
    key = "events" if "event" in parting else "moves"
    other = simulate(
        load_scenario("status_quo", {"months": 6, key: PARTINGS[parting].format(at)}), 8
    )
    assert_same(half_year.isel(month=slice(month)), other.isel(month=slice(month)))
    now = {"month": month}
    changed = [
        name
        for name in half_year.data_vars
        if "month" in half_year[name].dims
        and not half_year[name].isel(now).equals(other[name].isel(now))
    ]
    assert changed


def test_the_end_of_a_run_is_foreseen_by_nobody(half_year: xr.Dataset) -> None:
    short = simulate(load_scenario("status_quo", {"months": 3}), 8)
    assert_same(short, half_year.isel(month=slice(3)))


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
        "party": 2,
        "scope": 10,
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


def test_what_is_recorded_of_the_deal_and_of_influence_is_what_happened(
    scenario: Scenario,
) -> None:
    worlds = 70
    ds, model = simulate(scenario, worlds), ConflictModel(scenario, worlds=worlds)
    for month in range(2):
        model.step()
        row = ds.isel(month=month)
        for party, broken in model.breaches.items():
            assert np.array_equal(row["breach"].sel(party=party), broken[:worlds].astype("f4"))
        promised = (model.state.deal_host + model.state.deal_launch)[:worlds]
        assert np.array_equal(row["promised_access"], promised)
        assert np.array_equal(row["promised_voice"], model.state.deal_champion[:worlds])
        for scope in ds["scope"].to_numpy():
            source, target, lever = scope.split(".")
            found = model.influence[source, target]
            for name, values in (
                ("influence_lever", found.levers[lever]),
                ("influence_shift", found.shift[lever]),
            ):
                stored = row[name].sel(scope=scope).to_numpy()
                assert np.array_equal(stored, values[:worlds].astype("f4"), equal_nan=True)
    december, january = (ds.isel(month=month) for month in range(2))
    assert (december["deal_round"] == -1).all()
    assert december["deal_gain"].isnull().all()
    assert model.bargain is not None
    assert np.array_equal(january["deal_round"], model.bargain.went[:worlds])
    signed = january["deal_round"].to_numpy() == 1
    assert 0 < signed.sum() < worlds
    assert (january["deal_gain"].notnull().all("party").to_numpy() == signed).all()
    assert (ds["fighting"].isel(month=0) == 1).all()


def test_all_pairs_are_in_the_worlds_that_the_dataset_names(scenario: Scenario) -> None:
    ds = simulate(scenario, 8, first=1020)
    assert ds.attrs["all_pairs"] == "influence of all pairs: worlds with index mod 1024 below 64"
    measured = ds["influence"].notnull().any("month")
    first = ds["world"].to_numpy() % 1024 < 64
    for source in ds["actor"].to_numpy():
        for target in ds["target"].to_numpy():
            found = measured.sel(actor=source, target=target).to_numpy()
            headline = {source, target} == {"russia", "belarus"}
            assert (found == (source != target) & (first | headline)).all(), (source, target)


@pytest.mark.parametrize("wrong", [{"worlds": 0}, {"workers": 0}, {"draws": 0}, {"seed": -1}])
def test_impossible_counts_are_refused(scenario: Scenario, wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="must"):
        simulate(scenario, **{"worlds": 4, **wrong})  # type: ignore[arg-type]
