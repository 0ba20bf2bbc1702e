"""Worlds on disk: a few Zarr arrays, packed by number type, one file a block.

A file for every variable and block would cost more than the simulation, so all of one number type
lie in one array `[world, series, month]`. A series is a variable at one choice of its labels, as
`influence` of `belarus` over `russia`; what does not change by month lies in arrays
`[world, series]`. A file holds a block of worlds, cut inside into one piece a series, so that one
series of all worlds can be read without the rest (`sim/ensemble/reading.py`). What each array holds
stands in its attributes.

Every piece carries a checksum, and so does the list of pieces at a file's end. A file is replaced
as a whole, and writing more worlds into one leaves those it had as they were. So whatever number
of worlds was once said to be there stays readable, however a later write ends.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import zarr
from zarr.codecs import BloscCodec, Crc32cCodec

from sim.ensemble.levels import recorded_labels

if TYPE_CHECKING:
    import xarray as xr

    from sim.ensemble.identity import Json

LAYOUT = 2
"""Raised by any change of what lies where, so that no release misreads what another wrote."""
MONTH = "datetime64[M]"

_TOGETHER = 16
"""Series of what does not change by month that lie in one piece: alone they would be small."""
_KEEP_EMPTY = {"array.write_empty_chunks": True}
"""A block of nothing but fill values is written too: one that is absent is a block lost."""


@dataclass(frozen=True)
class Packed:
    """Some worlds in the form in which they are stored.

    Attributes:
        about: what a reader has to know besides the numbers.
        series: array name -> what its series are, as (variable, labels).
        arrays: array name -> numbers, (world, series, month) or (world, series).
        worlds: how many.
    """

    about: dict[str, Json]
    series: dict[str, list[tuple[str, list[str]]]]
    arrays: dict[str, np.ndarray]
    worlds: int

    @property
    def attributes(self) -> Mapping[str, Any]:
        """Those of the dataset."""
        attrs = self.about["attrs"]
        assert isinstance(attrs, dict)
        return attrs


def pack(dataset: xr.Dataset) -> Packed:
    """A dataset in the form in which it is stored.

    Of a variable that says in its attribute `recorded` which labels were, only these are taken.

    Raises:
        ValueError: a variable has no worlds along its first axis.
    """
    parts: dict[str, list[np.ndarray]] = {}
    series: dict[str, list[tuple[str, list[str]]]] = {}
    for name, variable in dataset.data_vars.items():
        if not variable.dims or variable.dims[0] != "world":
            raise ValueError(f"{name} has no worlds along its first axis")
        monthly = variable.dims[1:2] == ("month",)
        array = f"by_{'month' if monthly else 'world'}_{variable.dtype}"
        rest = variable.dims[2 if monthly else 1 :]
        values = variable.to_numpy()
        wanted = recorded_labels(variable.attrs)
        labels = [[str(label) for label in dataset[dim].values] for dim in rest]
        for at in np.ndindex(*(len(one) for one in labels)):
            picked = [one[k] for one, k in zip(labels, at, strict=True)]
            if wanted is not None and ".".join(picked) not in wanted:
                continue
            series.setdefault(array, []).append((str(name), picked))
            parts.setdefault(array, []).append(
                values[(slice(None), *((slice(None),) * monthly), *at)]
            )
    arrays = {name: np.stack(parts.pop(name), axis=1) for name in list(parts)}
    return Packed(_describe(dataset), series, arrays, dataset.sizes["world"])


def create(path: Path, packed: Packed, block: int) -> None:
    """Lays out arrays for worlds like these, still without any.

    Args:
        path: folder to create; must not exist.
        packed: worlds of the make to provide for.
        block: worlds per file.
    """
    group = zarr.create_group(path, zarr_format=3, attributes=packed.about)
    for name, values in packed.arrays.items():
        count, months = values.shape[1], values.shape[2:]
        together = 1 if months else min(_TOGETHER, count)
        group.create_array(
            name,
            shape=(0, count, *months),
            chunks=(block, together, *months),
            shards=(block, -(-count // together) * together, *months),
            dtype=values.dtype,
            fill_value=np.nan if values.dtype.kind == "f" else 0,
            compressors=(BloscCodec(cname="lz4", clevel=5, shuffle="shuffle"), Crc32cCodec()),
            chunk_key_encoding={"name": "default", "separator": "."},
            dimension_names=("world", f"series_{name}", "month")[: values.ndim],
            attributes={
                "series": [[variable, *labels] for variable, labels in packed.series[name]]
            },
        )


def write(path: Path, packed: Packed, first: int) -> None:
    """Writes worlds `first`, `first + 1`, ...; those before `first` keep their bits.

    Raises:
        ValueError: they are of another make than what `create` provided for.
    """
    with zarr.config.set(_KEEP_EMPTY):
        group = zarr.open_group(path, mode="r+")
        arrays = dict(group.arrays())
        told = {
            name: [[variable, *labels] for variable, labels in series]
            for name, series in packed.series.items()
        }
        if {**group.attrs, "attrs": None} != {**packed.about, "attrs": None} or {
            name: array.attrs["series"] for name, array in arrays.items()
        } != told:
            raise ValueError(f"these worlds do not fit those in {path}")
        stop = first + packed.worlds
        for name, values in packed.arrays.items():
            array = arrays[name]
            if array.shape[0] < stop:
                array.resize((stop, *array.shape[1:]))
            array[first:stop] = values


def sweep(path: Path) -> None:
    """Removes what a process left that was killed before it could rename a file into place."""
    for draft in path.rglob("*.partial"):
        draft.unlink(missing_ok=True)


def _describe(dataset: xr.Dataset) -> dict[str, Json]:
    """What the group's attributes say: coordinates, variables in their order, the dataset's own."""
    return {
        "layout": LAYOUT,
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
        "variables": [
            {
                "name": str(name),
                "dims": [str(dim) for dim in variable.dims],
                "dtype": str(variable.dtype),
                "attrs": _attributes(variable.attrs),
            }
            for name, variable in dataset.data_vars.items()
        ],
        "world": _attributes(dataset["world"].attrs),
    }


def _values(values: np.ndarray) -> Json:
    if values.dtype.kind == "M":
        return [str(month) for month in values.astype(MONTH)]
    plain: list[Json] = values.tolist()
    return plain


def _attributes(attrs: Mapping[Any, Any]) -> dict[str, Json]:
    """Attributes as JSON knows them."""
    return {
        str(key): value.tolist() if isinstance(value, np.ndarray | np.generic) else value
        for key, value in attrs.items()
    }
