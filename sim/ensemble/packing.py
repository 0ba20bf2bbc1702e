"""Worlds on disk: a few Zarr arrays packed by shape, with the variables' names in attributes.

A file for every variable and block would cost more than the simulation, so variables of the same
dimensions and number type lie in one array `[world, variable, ...]`, cut along the worlds in chunks
of one block. What each array holds stands in its attributes; `read` hands out the named Dataset.

Each chunk carries a checksum and is replaced as a whole file, and writing more worlds into a chunk
leaves those it had as they were. So whatever number of worlds was once said to be there stays
readable, however a later write ends.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr
import zarr
from zarr.codecs import BloscCodec, Crc32cCodec

if TYPE_CHECKING:
    from sim.ensemble.identity import Json

_MONTH = "datetime64[M]"
_TIME = "datetime64[ns]"
_KEEP_EMPTY = {"array.write_empty_chunks": True}
"""A chunk of nothing but fill values is written too: one that is absent is a chunk lost."""


class DamagedError(Exception):
    """Worlds on disk that cannot be read back as they were written."""


def create(path: Path, dataset: xr.Dataset, block: int) -> None:
    """Lays out arrays for datasets like `dataset`, still without worlds.

    Args:
        path: folder to create; must not exist.
        dataset: whose variables, coordinates and attributes to provide for.
        block: worlds per chunk.
    """
    group = zarr.create_group(path, zarr_format=3, attributes=_describe(dataset))
    for name, members in _shapes(dataset).items():
        first = dataset[members[0]]
        rest = tuple(first.sizes[dim] for dim in first.dims[1:])
        inner = (len(members), *rest)
        group.create_array(
            name,
            shape=(0, *inner),
            chunks=(block, *inner),
            dtype=first.dtype,
            fill_value=np.nan if first.dtype.kind == "f" else 0,
            compressors=(BloscCodec(cname="lz4", clevel=5, shuffle="shuffle"), Crc32cCodec()),
            dimension_names=("world", f"variable_{name}", *(str(dim) for dim in first.dims[1:])),
            attributes={
                "dims": [str(dim) for dim in first.dims],
                "variables": [
                    {"name": str(member), "attrs": _attributes(dataset[member].attrs)}
                    for member in members
                ],
            },
        )


def write(path: Path, dataset: xr.Dataset, first: int) -> None:
    """Writes worlds `first`, `first + 1`, ...; those before `first` keep their bits.

    Raises:
        ValueError: the dataset is of another make than what `create` provided for.
    """
    with zarr.config.set(_KEEP_EMPTY):
        group = zarr.open_group(path, mode="r+")
        if {**group.attrs, "attrs": None} != {**_describe(dataset), "attrs": None}:
            raise ValueError(f"these worlds do not fit those in {path}")
        stop = first + dataset.sizes["world"]
        for name, members in _shapes(dataset).items():
            array = _array(group, name)
            if array.shape[0] < stop:
                array.resize((stop, *array.shape[1:]))
            values = [dataset[member].to_numpy() for member in members]
            array[first:stop] = np.stack(values, axis=1)


def sweep(path: Path) -> None:
    """Removes what a process left that was killed before it could rename a file into place."""
    for draft in path.rglob("*.partial"):
        draft.unlink(missing_ok=True)


def read(path: Path, worlds: int, first: int = 0) -> xr.Dataset:
    """The worlds from `first` up to `worlds`, as a named Dataset in memory.

    Raises:
        DamagedError: fewer worlds are there, a chunk is missing, or a checksum does not fit.
    """
    try:
        group = zarr.open_group(path, mode="r")
        variables: dict[str, xr.Variable] = {}
        for name, array in sorted(group.arrays()):
            if array.shape[0] < worlds or array.nchunks_initialized < array.nchunks:
                raise DamagedError(f"{path / name} lacks worlds")
            dims: Any = array.attrs["dims"]
            members: Any = array.attrs["variables"]
            values = np.asarray(array[first:worlds])
            for i, member in enumerate(members):
                variables[member["name"]] = xr.Variable(dims, values[:, i], member["attrs"])
        about: Any = dict(group.attrs)
        coordinates = {
            dim: (dim, _revive(kept["values"], kept["dtype"]), kept["attrs"])
            for dim, kept in about["coordinates"].items()
        }
        coordinates["world"] = ("world", np.arange(first, worlds), about["world"])
        ordered = {name: variables[name] for name in about["order"]}
    except (KeyError, OSError, TypeError, ValueError) as error:
        raise DamagedError(f"{path} cannot be read: {error}") from error
    return xr.Dataset(ordered, coordinates, {**about["attrs"], "worlds": worlds - first})


def _shapes(dataset: xr.Dataset) -> dict[str, list[Hashable]]:
    """Name of each packed array -> the variables it holds."""
    shapes: dict[str, list[Hashable]] = {}
    for name, variable in dataset.data_vars.items():
        if not variable.dims or variable.dims[0] != "world":
            raise ValueError(f"{name} has no worlds along its first axis")
        dims = "_".join(str(dim) for dim in variable.dims[1:])
        shapes.setdefault(f"by_{dims}_{variable.dtype}", []).append(name)
    return shapes


def _array(group: zarr.Group, name: str) -> zarr.Array[Any]:
    array = group[name]
    if not isinstance(array, zarr.Array):
        raise DamagedError(f"{group.store_path}/{name} is no array")
    return array


def _describe(dataset: xr.Dataset) -> dict[str, Json]:
    """What the group's attributes say: coordinates, order of variables, the dataset's own."""
    return {
        "attrs": _attributes(dataset.attrs),
        "coordinates": {
            str(dim): {
                "dtype": coordinate.dtype.str if coordinate.dtype.kind in "iMf" else "str",
                "values": _values(coordinate.to_numpy()),
                "attrs": _attributes(coordinate.attrs),
            }
            for dim, coordinate in dataset.coords.items()
            if dim != "world"
        },
        "order": [str(name) for name in dataset.data_vars],
        "world": _attributes(dataset["world"].attrs),
    }


def _values(values: np.ndarray) -> Json:
    if values.dtype.kind == "M":
        return [str(month) for month in values.astype(_MONTH)]
    plain: list[Json] = values.tolist()
    return plain


def _revive(values: list[Any], dtype: str) -> np.ndarray:
    if dtype == "str":
        return np.array(values, dtype=str)
    if np.dtype(dtype).kind == "M":
        return np.array(values, dtype=_MONTH).astype(_TIME)
    return np.array(values, dtype=dtype)


def _attributes(attrs: Mapping[Any, Any]) -> dict[str, Json]:
    """Attributes as JSON knows them."""
    return {
        str(key): value.tolist() if isinstance(value, np.ndarray | np.generic) else value
        for key, value in attrs.items()
    }
