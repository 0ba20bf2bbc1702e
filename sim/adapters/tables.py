"""A run as tables: a row for each world and month, a column for each outcome by its dotted name.

One observation a row, one variable a column is what data frames of pandas and R are made for
(Wickham 2014, "Tidy data"). The names of the columns are the ones that the command line and the
JSON documents use, so a number found in one is found in all.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from agents import menus
from sim.analysis.outcomes import available, outcome
from sim.analysis.spread import varied
from sim.ensemble.levels import recorded_labels

if TYPE_CHECKING:
    import xarray as xr

DERIVED = ("transfers.total", "entry")
"""Outcomes that are worked out from variables, worth a column of their own."""


def months_table(ds: xr.Dataset) -> pd.DataFrame:
    """Everything that is recorded by world and month.

    Flags are words, and missing where the dataset has -1. Columns for levers that an actor does not
    have are left out, and what was not recorded. Numbers keep their type.

    Args:
        ds: some worlds of a run.

    Returns:
        Columns world, set, draw, month, then `variable` or `variable.label...`; worlds are the
        slower index.
    """
    worlds, months = ds.sizes["world"], ds.sizes["month"]
    columns: dict[str, object] = {
        name: np.repeat(values, months) for name, values in _keys(ds).items()
    }
    columns["month"] = np.tile(ds["month"].to_numpy(), worlds)
    own = menus()
    for key, variable in ds.data_vars.items():
        if variable.dims[:2] != ("world", "month"):
            continue
        rest = [[str(label) for label in ds[dim].values] for dim in variable.dims[2:]]
        values = variable.to_numpy().reshape(worlds * months, -1)
        wanted = recorded_labels(variable.attrs)
        for k, labels in enumerate(product(*rest)):
            if key == "choice" and labels[1] not in own.get(labels[0], ()):
                continue
            if wanted is not None and ".".join(labels) not in wanted:
                continue
            columns[".".join([str(key), *labels])] = values[:, k]
        if "flag_meanings" in variable.attrs:
            words = str(variable.attrs["flag_meanings"]).split()
            columns[str(key)] = pd.Categorical.from_codes(values[:, 0], words)
    known = set(available(ds))
    for name in DERIVED:
        if name in known:
            columns[name] = outcome(ds, name).to_numpy().reshape(-1)
    return pd.DataFrame(columns)


def parameters_table(ds: xr.Dataset) -> pd.DataFrame:
    """What each world's parameters are.

    Args:
        ds: some worlds of a run.

    Returns:
        Columns world, set, draw, then the parameters by name; a row a world.
    """
    names = [str(name) for name in ds["name"].values]
    keys = pd.DataFrame(_keys(ds))
    return keys.join(pd.DataFrame(ds["parameter"].to_numpy(), columns=names))


def _keys(ds: xr.Dataset) -> dict[str, np.ndarray]:
    """World, set and draw of each world."""
    worlds = ds["world"].to_numpy()
    how = varied(ds)
    if how.vary == "chance":
        return {"world": worlds, "set": np.zeros_like(worlds), "draw": worlds}
    return {"world": worlds, "set": worlds // how.draws, "draw": worlds % how.draws}
