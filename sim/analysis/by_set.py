"""Runs as analyses of assumptions see them: a set of assumptions, and what comes of it on average.

Worlds of a set share every parameter and differ in chance alone. What hangs on the assumptions is
read off the mean over a set's draws; what chance leaves in that mean is told beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.outcomes import Measure, measure
from sim.analysis.spread import variance_components
from sim.analysis.streams import Floats, last_and_mean

if TYPE_CHECKING:
    import xarray as xr

    from sim.analysis.compare import When


class BySetError(ValueError):
    """Runs that cannot be read set by set; the message says why and what to do."""


@dataclass(frozen=True)
class BySet:
    """What each set assumes and what comes of it.

    Attributes:
        measure: of the outcome.
        parameters: registry name -> value in each set, (sets,); only those that differ.
        values: the outcome's mean over the draws of each set, (sets,), in the dataset's units;
            where two runs are held against each other, the mean difference within worlds.
        draws: worlds per set.
        chance: share of the variance of `values` that chance leaves in it, None if it cannot be
            told (one draw a set, draws that all sets share, or no variance).
        against: whether `values` are differences.
        without: sets left out because no world of theirs has a value.
    """

    measure: Measure
    parameters: Mapping[str, Floats]
    values: Floats
    draws: int
    chance: float | None
    against: bool = False
    without: int = 0

    @property
    def sets(self) -> int:
        """How many."""
        return self.values.size

    def document(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {
            **measure_document(self.measure),
            "difference": self.against,
            "sets": self.sets,
            "draws": self.draws,
            "sets_without_value": self.without,
            "mean": float(self.values.mean()),
            "sd": float(self.values.std(ddof=1)),
            "chance_left": self.chance,
        }

    def matrix(self) -> Floats:
        """Parameters as columns, (sets, parameters), in the order of `parameters`."""
        return np.column_stack(list(self.parameters.values()))


def measure_document(read: Measure) -> dict[str, Any]:
    """What an outcome is and how people are shown it, ready for JSON."""
    return {
        "outcome": read.name,
        "label": read.label,
        "units": read.units,
        "shown_scale": 100.0 if read.event else read.scale,
        "shown_units": "of 100 worlds" if read.event else read.shown_units,
    }


def by_set(
    ds: xr.Dataset, name: str, when: When = "final", against: xr.Dataset | None = None
) -> BySet:
    """Read one outcome of a run set by set.

    Args:
        ds: a run.
        name: dotted outcome name.
        when: its last month, or its mean over all months.
        against: a run of the same worlds; the outcome is then what `ds` has more than it.

    Raises:
        OutcomeError: no such outcome.
        BySetError: all worlds share one set, or too little differs to learn anything from.
    """
    if ds.attrs.get("vary", "both") == "chance":
        raise BySetError(
            "every world of this run has the same assumptions; take one that varies both "
            "(--vary both)"
        )
    draws = int(ds.attrs["draws"])
    values = last_and_mean(ds, name)[when == "mean"]
    if against is not None:
        values = values - last_and_mean(against, name)[when == "mean"]
    sets = values.size // draws
    table = values[: sets * draws].reshape(sets, draws)
    known = ~np.isnan(table).all(axis=1)
    parameters = _parameters(ds, draws, sets)
    if against is not None:
        # draws are keyed by name: a set has one place within every prior, whatever the scenario
        parameters = _parameters(against, draws, sets) | parameters
    if known.sum() < 2 or not parameters:
        raise BySetError(
            f"{name}: fewer than two sets of assumptions have a value; run more worlds"
        )
    table = table[known]
    means = np.nanmean(table, axis=1)
    return BySet(
        measure(name, ds),
        {key: column[known] for key, column in parameters.items()},
        means,
        draws,
        None if ds.attrs.get("vary", "both") != "both" else _chance(table, means),
        against is not None,
        int((~known).sum()),
    )


def _parameters(ds: xr.Dataset, draws: int, sets: int) -> dict[str, Floats]:
    """Parameters that differ between sets."""
    table = ds["parameter"].transpose("world", "name").values[: sets * draws : draws]
    found = {str(name): table[:, k] for k, name in enumerate(ds["name"].values)}
    return {name: column for name, column in found.items() if np.ptp(column) > 0}


def _chance(table: Floats, means: Floats) -> float | None:
    """Share of the variance of set means that is left over from chance."""
    known = ~np.isnan(table)
    sets = np.broadcast_to(np.arange(len(table))[:, None], table.shape)
    components = variance_components(table[known], sets[known])
    whole = float(means.var(ddof=1))
    if components is None or whole <= 0.0:
        return None
    left = components[1] * float((1.0 / known.sum(axis=1)).mean())
    return min(left / whole, 1.0)
