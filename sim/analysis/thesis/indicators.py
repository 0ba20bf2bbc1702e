"""Early indicators: what of an early month tells, by itself, how a war stands at the end.

For each observable and each end state: of two worlds at war in the early month, one of which comes
to that end and one does not, how often the former has the larger value (the area under the ROC
curve, which is Mann & Whitney's U over all pairs; Hanley & McNeil 1982). One half is no better than
a coin. Its error comes from leaving out one set at a time (Miller 1974), since worlds of a set are
not independent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.analysis.streams import Floats
from sim.world.state import STATUSES

if TYPE_CHECKING:
    import xarray as xr

OBSERVED: Final[Mapping[str, str]] = {
    "front": "territory held by Russia",
    "attention": "attention of Western publics",
    "aid": "aid reaching Ukraine",
    "transfers.total": "transfers paid to Belarus",
    "agreed": "transfers agreed with Belarus",
    "troops": "Russian troops in Belarus",
    "concessions.access": "access granted by Belarus",
    "concessions.voice": "Belarus speaking for Russia",
    "concessions.nuclear": "nuclear weapons in Belarus",
}
"""What anybody could see, by name. No payoff, belief or influence is among it."""

_FEWEST: Final = 10
"""Worlds that must come to an end, and as many that must not, for anything to be told of it."""


@dataclass(frozen=True)
class Telling:
    """How well one observable tells one end state.

    Attributes:
        observable: from `OBSERVED`.
        end: from `STATUSES`.
        area: how often the larger value is the one that comes to this end, 0 to 1.
        error: its standard error; sets are the independent unit.
    """

    observable: str
    end: str
    area: float
    error: float

    @property
    def beyond_chance(self) -> bool:
        """Whether it lies more than two standard errors from a coin's."""
        return abs(self.area - 0.5) > 2.0 * self.error


def early_indicators(ds: xr.Dataset, draws: int, month: int) -> dict[str, Any]:
    """How well what is seen in an early month tells the status at the end; ready for JSON.

    Args:
        ds: a run.
        draws: worlds per set.
        month: of the run, counted from 1.
    """
    status = ds["status"].transpose("world", "month").to_numpy()
    at_war = status[:, month - 1] == STATUSES.index("active")
    ends = {
        name: status[at_war, -1] == k
        for k, name in enumerate(STATUSES)
        if _FEWEST <= int((status[at_war, -1] == k).sum()) <= int(at_war.sum()) - _FEWEST
    }
    sets = (np.arange(status.shape[0]) // draws)[at_war]
    found = [
        _telling(name, _seen(ds, name, month)[at_war], end, comes, sets)
        for name in OBSERVED
        for end, comes in ends.items()
    ]
    return {
        "month": month,
        "end_month": status.shape[1],
        "worlds": int(at_war.sum()),
        "ends": {name: int(comes.sum()) for name, comes in ends.items()},
        "observables": {
            name: {
                "label": label,
                "ends": {
                    one.end: {
                        "area": one.area,
                        "error": one.error,
                        "beyond_chance": one.beyond_chance,
                    }
                    for one in found
                    if one.observable == name
                },
            }
            for name, label in OBSERVED.items()
        },
    }


def _seen(ds: xr.Dataset, name: str, month: int) -> Floats:
    head, _, label = name.partition(".")
    variable = ds[head].isel(month=month - 1)
    if head == "transfers":
        variable = variable.sum("transfer")
    elif label:
        variable = variable.sel(concession=label)
    return np.asarray(variable.to_numpy(), dtype=np.float64)


def _telling(
    name: str, values: Floats, end: str, comes: NDArray[np.bool_], sets: NDArray[np.int64]
) -> Telling:
    """One observable for one end, with the error of leaving out one set at a time.

    The area is a ratio of two sums over pairs, so that leaving out a set takes from both the pairs
    that the set is in.
    """
    wins = 0.5 * (np.sign(values[comes][:, None] - values[~comes][None, :]) + 1.0)
    groups, place = np.unique(sets, return_inverse=True)
    yes, no = (np.eye(groups.size)[place[which]] for which in (comes, ~comes))
    by_yes, by_no = yes.T @ wins.sum(axis=1), no.T @ wins.sum(axis=0)
    inside = np.einsum("ig,ij,jg->g", yes, wins, no, optimize=True)
    many_yes, many_no = yes.sum(axis=0), no.sum(axis=0)
    left = wins.sum() - by_yes - by_no + inside
    pairs = (many_yes.sum() - many_yes) * (many_no.sum() - many_no)
    without = left / pairs
    spread = ((without - without.mean()) ** 2).sum()
    error = float(np.sqrt((groups.size - 1) / groups.size * spread))
    return Telling(name, end, float(wins.mean()), error)
