"""A world that takes another path keeps its past, and meets its own chance unless others are asked.

Everything recorded is compared, bit for bit.
"""

from functools import cache

import numpy as np
import pytest
import xarray as xr

from agents import menus
from sim.analysis.paths import parted
from sim.draws import Vary
from sim.ensemble.engine import simulate
from sim.model import ConflictModel
from sim.scenario import Scenario, load_scenario
from sim.scenario.fork import Fork, held_from, read_plays
from sim.scenario.month import Month

MONTHS, WORLD = 3, 70  # not the first world of its tile
START = Month(2023, 12)


@cache
def scenario(**overrides: str) -> Scenario:
    written = {key.replace("__", "."): value for key, value in overrides.items()}
    return load_scenario("status_quo", {"months": MONTHS} | written)


def other() -> Scenario:
    """Other aims, another way of playing, and a lever held."""
    after = scenario(
        actors__belarus__incentives__autonomy="2.5",
        actors__nato__plays="myopic",
        world__noise_push="0.2",
    )
    moves, wrong = read_plays(["belarus.voice=distance"], START + 1, after.end, menus())
    assert not wrong
    return held_from(after, moves)


@cache
def alone(vary: Vary = "both", world: int = WORLD) -> xr.Dataset:
    """The world in an ordinary run."""
    return simulate(scenario(), 1, first=world, vary=vary).assign_coords(world=[0])


def forked(
    at: int, after: Scenario, futures: int = 1, vary: Vary = "both", world: int = WORLD
) -> xr.Dataset:
    return simulate(scenario(), futures, vary=vary, fork=Fork(world, START + at, after))


@pytest.mark.parametrize("at", range(1, MONTHS))
def test_the_months_before_are_the_same(at: int) -> None:
    path = forked(at, scenario(actors__belarus__incentives__autonomy="2.5"))
    first = parted(alone(), path)
    assert first is None or Month.parse(first) >= START + at
    # and something did change: the payoff counts autonomy for more
    assert first == str(START + at)


@pytest.mark.parametrize("vary", ["both", "unknown", "chance"])
def test_a_path_on_which_nothing_changes_is_the_world_itself(vary: Vary) -> None:
    assert parted(alone(vary), forked(1, scenario(), vary=vary)) is None


def test_where_all_pairs_are_measured_they_are_so_on_the_other_path() -> None:
    path = forked(2, scenario(), world=5)
    assert parted(alone(world=5), path) is None
    assert path["influence"].sel(actor="nato", target="russia").notnull().all()


def test_from_the_first_month_on_it_is_a_run_of_the_other_scenario() -> None:
    """So the world goes on with the parameters and the actors that it would have had there."""
    after = scenario(
        actors__belarus__incentives__autonomy="2.5",
        actors__nato__plays="myopic",
        world__noise_push="0.2",
    )
    there = simulate(after, 1, first=WORLD).assign_coords(world=[0])
    path = forked(0, after)
    assert parted(there, path) is None
    assert np.array_equal(there["parameter"], path["parameter"])


def test_futures_share_the_past_and_part_after_it() -> None:
    path = forked(1, other(), futures=66)  # more than a tile
    for name, values in path.items():
        if "month" in values.dims:
            before = values.isel(month=slice(0, 1))
            first = before.isel(world=0)
            assert ((before == first) | (before.isnull() & first.isnull())).all(), name
    assert len(set(path["front"].values[:, -1].tolist())) > 60
    assert (path["parameter"] == path["parameter"].isel(world=0)).all()


def test_a_future_is_the_same_however_many_are_followed() -> None:
    many = forked(1, other(), futures=66)
    fork = Fork(WORLD, START + 1, other())
    few = simulate(scenario(), 2, first=64, fork=fork)
    assert parted(many.isel(world=slice(64, 66)), few) is None
    assert parted(many.isel(world=slice(0, 1)), forked(1, other())) is None


def test_the_first_future_meets_the_chance_of_the_world() -> None:
    model = ConflictModel(scenario(), 3, collect=False, fork=Fork(WORLD, START + 1, scenario()))
    own = ConflictModel(scenario(), range(WORLD, WORLD + 1), collect=False)
    before, there = model.chance("oil"), own.chance("oil")
    assert (before == there[0]).all()
    model.step()
    own.step()
    after = model.chance("oil")
    assert after[0] == own.chance("oil")[0]
    assert len(set(after.tolist())) == after.size


def test_the_past_cannot_be_changed() -> None:
    wrong = scenario(initial__front="0.2")
    with pytest.raises(ValueError, match=r"initial\.front: says where a world begins"):
        ConflictModel(scenario(), fork=Fork(WORLD, START + 1, wrong))
