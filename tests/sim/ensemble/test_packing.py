"""What is written to disk comes back bit by bit, packed into a few arrays."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
import zarr

from sim.ensemble import packing
from sim.ensemble.engine import simulate as engine_simulate
from sim.ensemble.packing import pack
from sim.ensemble.reading import read
from sim.ensemble.trouble import DamagedError
from sim.scenario import load_scenario
from tests.support.fake_engine import SCENARIO, simulate
from tests.support.synthetic import make_run

BLOCK = 8


def worlds(count: int, first: int = 0, seed: int = 1) -> xr.Dataset:
    return simulate(SCENARIO, count, seed, draws=4, first=first, progress=None)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "worlds.zarr"


def same(a: xr.Dataset, b: xr.Dataset) -> bool:
    """Identical in names, order, types, bits, coordinates and attributes."""
    xr.testing.assert_identical(a, b)
    return list(a) == list(b) and all(a[name].dtype == b[name].dtype for name in a)


def test_a_whole_run_comes_back(path: Path) -> None:
    run = make_run(worlds=24, months=5)
    packing.create(path, pack(run), BLOCK)
    packing.write(path, pack(run), 0)
    assert same(read(path, 24), run)


def test_a_run_of_the_model_comes_back_and_keeps_its_size(path: Path) -> None:
    run = engine_simulate(load_scenario("status_quo", {"months": 2}), 8)
    packing.create(path, pack(run), BLOCK)
    packing.write(path, pack(run), 0)
    assert same(read(path, 8), run)
    assert len(dict(zarr.open_group(path, mode="r").arrays())) <= 5
    by_month = [v.nbytes for v in run.data_vars.values() if "month" in v.dims]
    assert sum(by_month) / (8 * 2) <= 1250  # bytes a world-month, in memory and before compression


def test_arrays_are_few_and_say_what_they_hold(path: Path) -> None:
    run = make_run(worlds=24, months=5)
    packing.create(path, pack(run), BLOCK)
    packing.write(path, pack(run), 0)
    arrays = dict(zarr.open_group(path, mode="r").arrays())
    assert len(arrays) < len(run.data_vars) / 2
    held: list[Any] = [array.attrs["series"] for array in arrays.values()]
    assert {variable for part in held for variable, *_ in part} == set(run.data_vars)
    for name, array in arrays.items():
        assert array.shards is not None
        assert array.shards[0] == BLOCK
        assert len(list((path / name).glob("c.*"))) == 3
    opened = xr.open_zarr(path, consolidated=False)
    assert opened.sizes["world"] == 24
    assert opened.sizes["month"] == 5


def test_fewer_worlds_than_are_there(path: Path) -> None:
    packing.create(path, pack(worlds(1)), BLOCK)
    packing.write(path, pack(worlds(20)), 0)
    fewer = read(path, 5)
    assert same(fewer, worlds(5))
    assert fewer.attrs["worlds"] == 5


@pytest.mark.parametrize("cuts", [[8, 16, 20], [3, 8, 9, 20], [20], [1, 2, 19, 20]])
def test_worlds_written_in_parts_are_worlds_written_at_once(path: Path, cuts: list[int]) -> None:
    packing.create(path, pack(worlds(1)), BLOCK)
    first = 0
    for stop in cuts:
        packing.write(path, pack(worlds(stop - first, first)), first)
        first = stop
    assert same(read(path, 20), worlds(20))


def test_writing_anew_over_an_interrupted_batch(path: Path) -> None:
    packing.create(path, pack(worlds(1)), BLOCK)
    packing.write(path, pack(worlds(10)), 0)
    packing.write(path, pack(worlds(5, 10, seed=99)), 10)  # its process died before it could say so
    packing.write(path, pack(worlds(14, 10)), 10)
    assert same(read(path, 24), worlds(24))


def test_worlds_of_another_make_are_refused(path: Path) -> None:
    packing.create(path, pack(worlds(1)), BLOCK)
    with pytest.raises(ValueError, match="do not fit"):
        packing.write(path, pack(worlds(4).drop_vars("trust")), 0)
    with pytest.raises(ValueError, match="do not fit"):
        packing.write(path, pack(worlds(4).isel(actor=[1, 0])), 0)


def test_a_chunk_with_a_flipped_bit_is_noticed(path: Path) -> None:
    packing.create(path, pack(worlds(1)), BLOCK)
    packing.write(path, pack(worlds(20)), 0)
    chunk = next(p for p in sorted(path.rglob("c.1.*")) if p.is_file())
    raw = bytearray(chunk.read_bytes())
    raw[len(raw) // 2] ^= 1
    chunk.write_bytes(raw)
    with pytest.raises(DamagedError, match="cannot be read"):
        read(path, 20)


def test_a_missing_chunk_is_noticed(path: Path) -> None:
    packing.create(path, pack(worlds(1)), BLOCK)
    packing.write(path, pack(worlds(20)), 0)
    next(p for p in sorted(path.rglob("c.2.*")) if p.is_file()).unlink()
    with pytest.raises(DamagedError, match="lacks worlds"):
        read(path, 20)


def test_more_worlds_than_there_are_is_an_error(path: Path) -> None:
    packing.create(path, pack(worlds(1)), BLOCK)
    packing.write(path, pack(worlds(20)), 0)
    with pytest.raises(DamagedError, match="lacks worlds"):
        read(path, 21)


def test_no_store_at_all_is_an_error(path: Path) -> None:
    with pytest.raises(DamagedError, match="cannot be read"):
        read(path, 1)


def test_missing_values_stay_missing(path: Path) -> None:
    run = worlds(20)
    assert np.isnan(run["payoff"]).any()
    packing.create(path, pack(run), BLOCK)
    packing.write(path, pack(run), 0)
    assert same(read(path, 20), run)


def test_nothing_but_missing_values_is_not_taken_for_a_missing_chunk(path: Path) -> None:
    run = worlds(20)
    run["payoff"] = run["payoff"] * np.nan
    packing.create(path, pack(run), BLOCK)
    packing.write(path, pack(run), 0)
    assert same(read(path, 20), run)
