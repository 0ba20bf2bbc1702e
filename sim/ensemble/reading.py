"""Worlds read back from disk, no more of them than is looked at.

`open_worlds` hands out the named Dataset of docs/format.md. Its variables are read when their
values are asked for, and are not kept: picking labels, worlds or months first reads only the series
that are meant. So memory grows with what is held, not with what is stored.
"""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
import zarr
from xarray.backends import BackendArray
from xarray.core import indexing

from sim.ensemble.levels import recorded_labels
from sim.ensemble.packing import LAYOUT, MONTH
from sim.ensemble.trouble import DamagedError

type Key = int | slice | np.ndarray

_TIME = "datetime64[ns]"
_NOT_RECORDED = -1


def open_worlds(path: Path, worlds: int, first: int = 0) -> xr.Dataset:
    """The worlds from `first` up to `worlds`, read from disk when their values are asked for.

    Args:
        path: the run's `worlds.zarr`.
        worlds: index after the last.
        first: index of the first.

    Raises:
        DamagedError: fewer worlds are there, or a file is missing. A checksum that does not fit is
            noticed, and raises the same, when values are read.
    """
    try:
        source = _Source(path)
        group = zarr.open_group(path, mode="r")
        about: Any = dict(group.attrs)
        if about.get("layout") != LAYOUT:
            raise source.damaged("was written by another release of Fulcrum")
        arrays = dict(group.arrays())
        places: dict[str, dict[tuple[str, ...], tuple[Any, int]]] = {}
        for name, array in arrays.items():
            _check_files(source, name, array, worlds)
            told: Any = array.attrs["series"]
            for row, (variable, *labels) in enumerate(told):
                places.setdefault(variable, {})[tuple(labels)] = (array, row)
        coordinates = {
            dim: (dim, _revive(kept["values"], kept["dtype"]), kept["attrs"])
            for dim, kept in about["coordinates"].items()
        }
        coordinates["world"] = ("world", np.arange(first, worlds), about["world"])
        variables = {
            one["name"]: _variable(source, one, places[one["name"]], coordinates, worlds, first)
            for one in about["variables"]
        }
    except (KeyError, OSError, TypeError, ValueError) as error:
        raise DamagedError(_advice(path, f"cannot be read: {error}")) from error
    return xr.Dataset(variables, coordinates, {**about["attrs"], "worlds": worlds - first})


def read(path: Path, worlds: int, first: int = 0) -> xr.Dataset:
    """The worlds from `first` up to `worlds`, in memory.

    Raises:
        DamagedError: fewer worlds are there, a file is missing, or a checksum does not fit.
    """
    return open_worlds(path, worlds, first).load()


class _Source:
    """A store of worlds, watched while it is open.

    A run that other code made is simulated anew and put into the place of the old one. Whoever has
    the old one open must not go on in the new one: `read` sees to that.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._token = self._look()

    def damaged(self, what: str) -> DamagedError:
        """An error that says what is wrong and what to do."""
        return DamagedError(_advice(self.path, what))

    def read(self, array: zarr.Array[Any], part: tuple[slice, ...]) -> np.ndarray:
        """A part of one of its arrays.

        Raises:
            DamagedError: it cannot be read, or is no longer what was opened.
        """
        try:
            values = np.asarray(array[part])
            same = self._look() == self._token
        except (OSError, RuntimeError, TypeError, ValueError) as error:
            raise self.damaged(f"cannot be read: {error}") from error
        if not same:
            raise DamagedError(
                f"{self.path}: another process put a new run in its place; ask for it again"
            )
        return values

    def _look(self) -> tuple[int, int]:
        # written once, when the store is laid out
        told = os.stat(self.path / "zarr.json")
        return told.st_ino, told.st_mtime_ns


class _Series(BackendArray):
    """One variable: which series hold it, and how to read a part of it.

    Args:
        source: where they lie.
        array: of Zarr, (world, series, month) or (world, series).
        rows: series by label, shaped like the variable without worlds and months.
        first: row of the first world.
        worlds: how many.
    """

    def __init__(
        self, source: _Source, array: zarr.Array[Any], rows: np.ndarray, first: int, worlds: int
    ) -> None:
        self._source, self._array, self._rows, self._first = source, array, rows, first
        self._months = array.shape[2:]
        self.shape = (worlds, *self._months, *rows.shape)
        self.dtype = array.dtype

    def __getitem__(self, key: indexing.ExplicitIndexer) -> Any:  # noqa: ANN401 - as in xarray
        """The part of the variable that a key means."""
        return indexing.explicit_indexing_adapter(
            key, self.shape, indexing.IndexingSupport.OUTER, self._read
        )

    def _read(self, key: tuple[Key, ...]) -> np.ndarray:
        along = 1 + len(self._months)
        spans = [_span(k, n) for k, n in zip(key[:along], self.shape[:along], strict=True)]
        wanted = self._rows
        # from the last axis to the first, since a single label takes its axis away
        for axis in reversed(range(wanted.ndim)):
            wanted = wanted[(slice(None),) * axis + (key[along + axis],)]
        (low, high), *months = (bounds for bounds, _ in spans)
        inner = tuple(slice(*bounds) for bounds in months)
        rows = slice(self._first + low, self._first + high)
        flat = np.ravel(wanted)
        shape = (high - low, *(stop - start for start, stop in months), flat.size)
        out = np.full(shape, np.nan if self.dtype.kind == "f" else 0, self.dtype)
        for start, stop in _runs(flat):
            part = slice(int(flat[start]), int(flat[start]) + stop - start)
            values = self._source.read(self._array, (rows, part, *inner))
            out[..., start:stop] = np.moveaxis(values, 1, -1)
        whole = out.reshape(*shape[:-1], *wanted.shape)
        for axis in reversed(range(along)):
            whole = whole[(slice(None),) * axis + (spans[axis][1],)]
        return whole


def _runs(flat: np.ndarray) -> list[tuple[int, int]]:
    """Stretches of neighbouring series, as bounds within `flat`; leaves out what has none."""
    cuts = [0, *(int(at) + 1 for at in np.flatnonzero(np.diff(flat) != 1)), flat.size]
    # a stretch that begins with what was not recorded goes on with series 0
    ends = [(a + int(flat[a] == _NOT_RECORDED), b) for a, b in pairwise(cuts) if a < b]
    return [(start, stop) for start, stop in ends if start < stop]


def _span(key: Key, size: int) -> tuple[tuple[int, int], int | slice | np.ndarray]:
    """The shortest stretch that holds what a key means, and the key within it."""
    if isinstance(key, slice):
        start, stop, step = key.indices(size)
        if step == 1:
            return (start, max(start, stop)), slice(None)
        key = np.arange(start, stop, step)
    if isinstance(key, np.ndarray):
        places = np.where(key < 0, key + size, key)
        low, high = (int(places.min()), int(places.max()) + 1) if places.size else (0, 0)
        return (low, high), places - low
    place = int(key) % size
    return (place, place + 1), 0


def _variable(
    source: _Source,
    told: dict[str, Any],
    places: dict[tuple[str, ...], tuple[zarr.Array[Any], int]],
    coordinates: dict[str, tuple[str, np.ndarray, dict[str, Any]]],
    worlds: int,
    first: int,
) -> xr.Variable:
    rest = [dim for dim in told["dims"] if dim not in ("world", "month")]
    labels = [[str(label) for label in coordinates[dim][1]] for dim in rest]
    rows = np.full([len(one) for one in labels], _NOT_RECORDED)
    array = next(iter(places.values()))[0]
    wanted = recorded_labels(told["attrs"])
    for at in np.ndindex(*rows.shape):
        picked = tuple(one[k] for one, k in zip(labels, at, strict=True))
        if picked in places:
            rows[at] = places[picked][1]
        elif wanted is None or ".".join(picked) in wanted:
            raise source.damaged(f"lacks {'.'.join([told['name'], *picked])}")
    values = _Series(source, array, rows, first, worlds - first)
    return xr.Variable(told["dims"], indexing.LazilyIndexedArray(values), told["attrs"])


def _check_files(source: _Source, name: str, array: zarr.Array[Any], worlds: int) -> None:
    """See that every block is there, without reading any."""
    if array.shape[0] < worlds:
        raise source.damaged(f"lacks worlds of {name}")
    block = (array.shards or array.chunks)[0]
    with os.scandir(source.path / name) as entries:
        there = {entry.name for entry in entries}
    tail = ".0" * (len(array.shape) - 1)
    for number in range(-(-array.shape[0] // block)):
        if f"c.{number}{tail}" not in there:
            raise source.damaged(f"lacks worlds of {name}: block {number} is gone")


def _advice(path: Path, what: str) -> str:
    return f"{path} {what}; delete {path.parent} and run again"


def _revive(values: list[Any], dtype: str) -> np.ndarray:
    if dtype == "str":
        return np.array(values, dtype=str)
    if np.dtype(dtype).kind == "M":
        return np.array(values, dtype=MONTH).astype(_TIME)
    return np.array(values, dtype=dtype)
