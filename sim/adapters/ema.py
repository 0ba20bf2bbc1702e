"""Runs as the Exploratory Modeling Workbench (Kwakkel 2017) hands results to its own analyses.

Its scenario discovery, feature scoring and plots take a pair: a table of experiments and arrays of
outcomes. A world is an experiment, a scenario is a policy. Nothing of the workbench is needed to
make the pair; docs/other_tools.md shows what to do with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

type Results = tuple[pd.DataFrame, dict[str, NDArray[np.float64]]]


def ema_results(*runs: xr.Dataset, outcomes: Sequence[str] | None = None) -> Results:
    """Runs as experiments and outcomes.

    Args:
        runs: of one or more scenarios over the same months, from `simulate` or a stored run.
        outcomes: dotted names, as `front` or `influence.belarus.russia`; the headline outcomes
            unless given.

    Returns:
        Experiments, a row for each world of each run: the parameters that differ between rows, then
        `scenario` (the world), `policy` (the scenario's name) and `model`. And outcomes by name, of
        shape (rows, months), in the units of the dataset, NaN where a world has no value; `TIME` is
        the month as a year, so that 2024.0 is January 2024.

    Raises:
        ValueError: no runs, runs over different months, or two under one name.
        OutcomeError: an outcome is not there.
    """
    import pandas as pd

    from sim.analysis.outcomes import headline, outcome

    if not runs:
        raise ValueError("no runs given")
    months = runs[0]["month"].values
    for run in runs[1:]:
        if not np.array_equal(run["month"].values, months):
            first, other = (one.attrs.get("scenario", "a run") for one in (runs[0], run))
            raise ValueError(f"{first} and {other} run over different months")
    names_of_runs = [str(run.attrs["scenario"]) for run in runs]
    if twice := sorted({name for name in names_of_runs if names_of_runs.count(name) > 1}):
        raise ValueError(
            f"more than one run is called {', '.join(twice)}, and would be one policy; rename one: "
            'run.assign_attrs(scenario="...")'
        )
    tables = []
    for run in runs:
        drawn = run["parameter"].transpose("world", "name")
        table = pd.DataFrame(drawn.values, columns=drawn["name"].values.astype(str))
        named = {"scenario": run["world"].values, "policy": run.attrs["scenario"]}
        tables.append(table.assign(**named, model="Fulcrum"))
    whole = pd.concat(tables, ignore_index=True)
    varied = [name for name in whole.columns[:-3] if whole[name].nunique(dropna=False) > 1]
    experiments = whole[[*varied, "scenario", "policy", "model"]]
    # the workbench groups by what is categorical, and cuts everything else into ranges
    experiments = experiments.astype({"policy": "category", "model": "category"})

    names = headline(runs[0]) if outcomes is None else outcomes
    found = {
        name: np.concatenate(
            [outcome(run, name).transpose("world", "month").values for run in runs]
        ).astype(np.float64)
        for name in names
    }
    dates = pd.DatetimeIndex(months)
    years = (dates.year + (dates.month - 1) / 12).to_numpy(np.float64)
    return experiments, {"TIME": np.tile(years, (len(experiments), 1)), **found}
