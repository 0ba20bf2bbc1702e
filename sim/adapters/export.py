"""A stored run written out for other tools: Parquet, CSV or netCDF.

Tables are read and written block by block, so a run of any length fits in memory. Files are
written under another name and renamed when all of them are whole.
"""

from __future__ import annotations

import importlib.util
import json
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from sim.ensemble.reading import read

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

type Form = Literal["parquet", "csv", "netcdf"]
type Progress = Callable[[int, int], None]

FORMS: tuple[Form, ...] = get_args(Form.__value__)
SUFFIXES: dict[str, str] = {"parquet": ".parquet", "csv": ".csv", "netcdf": ".nc"}
BLOCK = 1024
"""Worlds in memory at a time: one chunk of the store."""

_LARGEST_VARIABLE = 2**32 - 4  # bytes, of the netCDF variant with 64-bit offsets
_LARGEST_WHOLE = 2**31 - 1


class ExportError(Exception):
    """A run that cannot be written in this form; the message says what to do."""


def missing(form: Form) -> str:
    """What has to be installed before a form can be written, as a sentence; nothing if all is."""
    if form == "parquet" and importlib.util.find_spec("pyarrow") is None:
        return 'parquet needs pyarrow, which is not installed: pip install "fulcrum-sim[export]"'
    return ""


def parameters_file(out: Path) -> Path:
    """Where the parameters go that belong to a table of months."""
    return out.with_name(f"{out.stem}.parameters{out.suffix}")


def export(
    worlds_path: Path, worlds: int, form: Form, out: Path, progress: Progress | None = None
) -> list[Path]:
    """Write the first worlds of a run.

    Args:
        worlds_path: the run's `worlds.zarr`.
        worlds: how many.
        form: of the file.
        out: file to write; parameters go beside it, unless the form holds them too.
        progress: told (worlds done, worlds).

    Returns:
        The files written.

    Raises:
        ExportError: the form is not to be had here, or cannot hold so many worlds.
        DamagedError: the worlds cannot be read.
        OSError: a file cannot be written.
    """
    if told := missing(form):
        raise ExportError(told)
    finals = [out] if form == "netcdf" else [out, parameters_file(out)]
    drafts = [path.with_name(f".{path.name}.{uuid.uuid4().hex}") for path in finals]
    try:
        if form == "netcdf":
            _write_netcdf(read(worlds_path, worlds), drafts[0])
        else:
            write = _write_csv if form == "csv" else _write_parquet
            write(_blocks(worlds_path, worlds, progress), drafts)
        for draft, final in zip(reversed(drafts), reversed(finals), strict=True):
            draft.replace(final)
    finally:
        for draft in drafts:
            draft.unlink(missing_ok=True)
    return finals


def _blocks(path: Path, worlds: int, progress: Progress | None) -> Iterator[xr.Dataset]:
    for first in range(0, worlds, BLOCK):
        stop = min(first + BLOCK, worlds)
        yield read(path, stop, first)
        if progress is not None:
            progress(stop, worlds)


def _tables(ds: xr.Dataset) -> tuple[pd.DataFrame, pd.DataFrame]:
    from sim.adapters.tables import months_table, parameters_table

    return months_table(ds), parameters_table(ds)


def _write_csv(blocks: Iterator[xr.Dataset], drafts: Sequence[Path]) -> None:
    with ExitStack() as stack:
        files = [
            stack.enter_context(draft.open("w", encoding="utf-8", newline="")) for draft in drafts
        ]
        for number, ds in enumerate(blocks):
            for file, table in zip(files, _tables(ds), strict=True):
                table.to_csv(file, index=False, header=number == 0, date_format="%Y-%m-%d")


def _write_parquet(blocks: Iterator[xr.Dataset], drafts: Sequence[Path]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    with ExitStack() as stack:
        writers: list[Any] = []
        for ds in blocks:
            tables = [pa.Table.from_pandas(one, preserve_index=False) for one in _tables(ds)]
            if not writers:
                about = {b"fulcrum": json.dumps(_about(ds), ensure_ascii=False).encode()}
                for draft, table in zip(drafts, tables, strict=True):
                    schema = table.schema.with_metadata((table.schema.metadata or {}) | about)
                    writers.append(stack.enter_context(pq.ParquetWriter(draft, schema)))
            for writer, table in zip(writers, tables, strict=True):
                writer.write_table(table.cast(writer.schema))


def _about(ds: xr.Dataset) -> dict[str, Any]:
    """What the run is and how its variables read; the number of worlds is that of the rows."""
    run = {str(key): value for key, value in ds.attrs.items() if key != "worlds"}
    told = {
        str(name): {key: str(variable.attrs.get(key, "")) for key in ("long_name", "units")}
        for name, variable in ds.data_vars.items()
    }
    return {"run": run, "variables": told}


def _write_netcdf(ds: xr.Dataset, draft: Path) -> None:
    for name, variable in ds.data_vars.items():
        if variable.nbytes > _LARGEST_VARIABLE:
            raise ExportError(
                f"netcdf cannot hold {name} of {ds.sizes['world']:,} worlds, "
                f"{variable.nbytes / 2**30:.0f} GB: use parquet"
            )
    # whole numbers beyond four bytes, as a seed can be, have no place in this variant
    attrs = {
        key: str(value) if isinstance(value, int) and abs(value) > _LARGEST_WHOLE else value
        for key, value in ds.attrs.items()
    }
    ds.assign_attrs(attrs).to_netcdf(draft, engine="scipy", format="NETCDF3_64BIT")
