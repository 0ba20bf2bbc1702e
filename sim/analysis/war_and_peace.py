"""Influence in war and in peace apart: who moves which lever, which way, and how surely.

A month counts as war if its choices were made while there was fighting. Within each world the
months of a kind are averaged; what is told is how those averages spread over worlds. A world in
which the fighting never stops says nothing about peace, and is left out there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
import xarray as xr

from sim.analysis.differences import mean_interval
from sim.analysis.outcomes import outcome
from sim.analysis.spread import Ints, Quantiles, quantiles, sets_of
from sim.analysis.streams import Floats, pieces

Kind = Literal["war", "peace"]
KINDS: Final[tuple[Kind, ...]] = ("war", "peace")


Bits = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Average:
    """Averages over the months of one kind, over worlds.

    Attributes:
        mean: over worlds; None if no world has such a month with a value.
        error: its Monte Carlo standard error, sets as clusters; None with fewer than two sets.
        spread: quantiles over worlds, with their errors and the number of worlds.
    """

    mean: float | None
    error: float | None
    spread: Quantiles

    def document(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {
            "mean": self.mean,
            "se": self.error,
            **self.spread.values,
            "mcse": dict(self.spread.errors),
            "worlds": self.spread.worlds,
        }


@dataclass(frozen=True)
class Moved:
    """Influence of one actor over another in the months of one kind.

    Attributes:
        mean: over the target's live levers, entry masked.
        entry_allowed: the same with the source's entry lever moving too.
        joint: over the target's whole menu, entry masked.
        levers: lever of the target -> influence over it.
        shifts: lever -> change in its expected level that the source's own aims make.
    """

    mean: Average
    entry_allowed: Average
    joint: Average
    levers: Mapping[str, Average]
    shifts: Mapping[str, Average]


Moves = dict[tuple[str, str], dict[Kind, Moved]]
"""(source, target) -> kind of month -> influence."""


def months_of_war(ds: xr.Dataset) -> Bits:
    """In which months each world's choices were made in war; eight months a byte, (world, byte)."""
    found = np.empty((ds.sizes["world"], -(-ds.sizes["month"] // 8)), np.uint8)
    for part, piece in pieces(ds):
        fighting = piece["fighting"].transpose("world", "month").values > 0
        found[part] = np.packbits(fighting, axis=1)
    return found


def by_kind(ds: xr.Dataset, name: str, war: Bits | None = None) -> dict[Kind, Floats]:
    """An outcome averaged over the months of war and over those of peace, one number a world.

    Args:
        ds: a run.
        name: dotted outcome name.
        war: from `months_of_war`, where it is known already.

    Returns:
        NaN in worlds that have no month of the kind with a value.

    Raises:
        OutcomeError: no such outcome.
    """
    told = months_of_war(ds) if war is None else war
    found: dict[Kind, Floats] = {kind: np.empty(ds.sizes["world"]) for kind in KINDS}
    for part, piece in pieces(ds):
        values: Floats = outcome(piece, name).values
        for kind, means in _means(values, told[part]).items():
            found[kind][part] = means
    return found


def _means(values: Floats, war: Bits) -> dict[Kind, Floats]:
    """Means of each world over its months of war and over those of peace."""
    values = np.ascontiguousarray(values)  # summed in one order, however they are stored
    fighting = np.unpackbits(war, axis=1, count=values.shape[1]).astype(bool)
    found: dict[Kind, Floats] = {}
    for kind in KINDS:
        counted = (fighting if kind == "war" else ~fighting) & ~np.isnan(values)
        total, count = np.where(counted, values, 0.0).sum(axis=1), counted.sum(axis=1)
        nothing = np.full(total.shape, np.nan)
        found[kind] = np.divide(total, count, out=nothing, where=count > 0)
    return found


def average(values: Floats, sets: Ints) -> Average:
    """Averages of worlds, told with their spread; worlds without one (NaN) are left out."""
    known = ~np.isnan(values)
    if not known.any():
        return Average(None, None, quantiles(values, sets))
    mean, error, _ = mean_interval(values[known], sets[known])
    return Average(mean, error, quantiles(values, sets))


def moved(ds: xr.Dataset) -> Moves:
    """Influence by pair, in war and in peace, for the pairs that are measured lever by lever.

    Args:
        ds: a run.

    Returns:
        (source, target) -> kind -> influence; nothing for a run that does not record it.
    """
    needed = ("fighting", "influence_lever", "influence_shift", "influence_entry_allowed")
    if any(name not in ds for name in needed):
        return {}
    sets, war = sets_of(ds), months_of_war(ds)
    levers: dict[tuple[str, str], list[str]] = {}
    for scope in ds["scope"].values:
        source, target, lever = str(scope).split(".")
        levers.setdefault((source, target), []).append(lever)

    wholes = ("influence", "influence_entry_allowed", "influence_joint")
    told: dict[str, dict[Kind, Average]] = {}
    groups = [[f"{name}.{a}.{b}" for a, b in levers] for name in wholes]
    for kind_of in ("influence_lever", "influence_shift"):
        groups += [[f"{kind_of}.{a}.{b}.{c}" for c in some] for (a, b), some in levers.items()]
    for names in groups:  # one group's worlds at a time in memory
        variable = names[0].partition(".")[0]
        for name, kinds in _all_means(ds, variable, names, war).items():
            told[name] = {kind: average(values, sets) for kind, values in kinds.items()}

    found: Moves = {}
    for (source, target), menu in levers.items():
        pair = f"{source}.{target}"
        mean, allowed, joint = (
            told[f"{name}.{pair}"]
            for name in ("influence", "influence_entry_allowed", "influence_joint")
        )
        by_lever = {lever: told[f"influence_lever.{pair}.{lever}"] for lever in menu}
        shifts = {lever: told[f"influence_shift.{pair}.{lever}"] for lever in menu}
        found[source, target] = {
            kind: Moved(
                mean[kind],
                allowed[kind],
                joint[kind],
                {lever: one[kind] for lever, one in by_lever.items()},
                {lever: one[kind] for lever, one in shifts.items()},
            )
            for kind in KINDS
        }
    return found


def _all_means(
    ds: xr.Dataset, variable: str, names: list[str], war: Bits
) -> dict[str, dict[Kind, Floats]]:
    """`by_kind` of several outcomes of one variable, which is read once."""
    found: dict[str, dict[Kind, Floats]] = {
        name: {kind: np.empty(ds.sizes["world"]) for kind in KINDS} for name in names
    }
    for part, piece in pieces(ds):
        some = piece[[variable]]
        if "actor" in some.dims:
            actors = sorted({actor for name in names for actor in name.split(".")[1:]})
            some = some.sel(actor=actors, target=actors)
        held = some.load()
        for name in names:
            values: Floats = outcome(held, name).values
            for kind, means in _means(values, war[part]).items():
                found[name][kind][part] = means
    return found


def document(moves: Moves) -> dict[str, Any]:
    """`moved`, ready for JSON: pair -> "war" and "peace" -> figures, lever by lever."""
    return {
        f"{source}.{target}": {
            kind: {
                "mean": one.mean.document(),
                "entry_allowed": one.entry_allowed.document(),
                "joint": one.joint.document(),
                "levers": {
                    lever: {
                        "influence": influence.document(),
                        "shift": one.shifts[lever].document(),
                    }
                    for lever, influence in one.levers.items()
                },
            }
            for kind, one in kinds.items()
        }
        for (source, target), kinds in moves.items()
    }
