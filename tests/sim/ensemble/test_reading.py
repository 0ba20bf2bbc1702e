"""Stored worlds are read where they are looked at, and nowhere else."""

import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
import zarr
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.ensemble import packing
from sim.ensemble.packing import pack
from sim.ensemble.reading import open_worlds, read
from sim.ensemble.trouble import DamagedError
from sim.scenario import load_scenario
from tests.support import plausible
from tests.support.synthetic import make_run

WORLDS, MONTHS, BLOCK = 30, 5, 8


@pytest.fixture(scope="module")
def run() -> xr.Dataset:
    return make_run(worlds=WORLDS, months=MONTHS)


@pytest.fixture(scope="module")
def path(run: xr.Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stored(run, tmp_path_factory.mktemp("kept"))


def stored(run: xr.Dataset, folder: Path) -> Path:
    packing.create(folder / "worlds.zarr", pack(run), BLOCK)
    packing.write(folder / "worlds.zarr", pack(run), 0)
    return folder / "worlds.zarr"


def keys(size: int) -> st.SearchStrategy[Any]:
    """Ways to pick along an axis: a place, a stretch, places in any order."""
    bound = st.integers(-size - 2, size + 2)
    steps = st.sampled_from([None, 1, 2, 3, -1, -2])
    stretches = st.builds(slice, bound, bound, steps)
    return st.one_of(
        st.integers(-size, size - 1),
        # xarray itself stumbles over some stretches of nothing
        stretches.filter(lambda stretch: len(range(*stretch.indices(size))) > 0),
        st.lists(st.integers(-size, size - 1), min_size=1, max_size=4),
    )


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_a_part_that_is_read_is_that_part_of_the_whole(
    run: xr.Dataset, path: Path, data: st.DataObject
) -> None:
    opened = open_worlds(path, WORLDS)
    name = data.draw(st.sampled_from(list(run.data_vars)))
    sizes = run[name].sizes
    picked = {dim: data.draw(keys(size)) for dim, size in sizes.items() if data.draw(st.booleans())}
    xr.testing.assert_identical(opened[name].isel(picked), run[name].isel(picked))
    again = {dim: slice(0, 1) for dim in run[name].isel(picked).dims}
    xr.testing.assert_identical(
        opened[name].isel(picked).isel(again), run[name].isel(picked).isel(again)
    )


def test_worlds_from_the_middle(run: xr.Dataset, path: Path) -> None:
    part = read(path, 20, 11)
    xr.testing.assert_identical(part, run.isel(world=slice(11, 20)).assign_attrs(worlds=9))


def test_only_the_series_that_are_looked_at_are_read(run: xr.Dataset, tmp_path: Path) -> None:
    """One series is spoilt: whoever does not look at it never meets the damage."""
    path = stored(run, tmp_path)
    array = zarr.open_group(path, mode="r")["by_month_float32"]
    told: Any = array.attrs["series"]
    spoilt = told.index(["casualties", "ukraine"])
    file = path / "by_month_float32" / "c.1.0.0"
    raw = bytearray(file.read_bytes())
    # the list of pieces stands at the end: where each begins and how long it is, then its checksum
    places = np.frombuffer(bytes(raw[-4 - 16 * len(told) : -4]), "<u8").reshape(-1, 2)
    raw[int(places[spoilt, 0] + places[spoilt, 1] // 2)] ^= 1
    file.write_bytes(raw)
    opened = open_worlds(path, WORLDS)
    for name in ("support", "front", "influence"):
        xr.testing.assert_identical(opened[name].load(), run[name])
    kept = opened["casualties"]
    xr.testing.assert_identical(kept.sel(actor="nato").load(), run["casualties"].sel(actor="nato"))
    fine = kept.isel(world=slice(BLOCK))
    xr.testing.assert_identical(fine.load(), run["casualties"].isel(world=slice(BLOCK)))
    with pytest.raises(DamagedError, match=r"cannot be read.*delete .* and run again"):
        kept.sel(actor="ukraine").load()


def test_values_are_not_kept(path: Path) -> None:
    opened = open_worlds(path, WORLDS)
    first = opened["front"].values
    assert opened["front"].values is not first


def test_what_was_not_recorded_is_missing_and_takes_no_room(tmp_path: Path) -> None:
    run = plausible.simulate(load_scenario("status_quo", {"months": 2}), 20, 1, keep="headline")
    path = stored(run, tmp_path)
    xr.testing.assert_identical(open_worlds(path, 20), run)
    told: Any = zarr.open_group(path, mode="r")["by_month_float64"].attrs["series"]
    pairs = [labels for variable, *labels in told if variable == "influence"]
    assert sorted(pairs) == [["belarus", "russia"], ["russia", "belarus"]]


def test_a_run_put_in_the_place_of_another_is_not_read_as_that_one(
    run: xr.Dataset, tmp_path: Path
) -> None:
    path = stored(run, tmp_path / "one")
    other = stored(make_run(worlds=WORLDS, months=MONTHS, seed=2), tmp_path / "other")
    opened = open_worlds(path, WORLDS)
    assert opened["front"].shape == (WORLDS, MONTHS)
    shutil.rmtree(path)
    os.replace(other, path)
    with pytest.raises(DamagedError, match="another process put a new run in its place"):
        opened["front"].load()


def test_a_store_of_another_release_is_refused_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "worlds.zarr"
    zarr.create_group(path, attributes={"order": ["front"], "attrs": {}})
    with pytest.raises(DamagedError, match=r"another release of Fulcrum; delete .* and run again"):
        open_worlds(path, 1)
