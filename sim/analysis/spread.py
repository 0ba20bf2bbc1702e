"""How far results spread, how exactly that is known, and where the spread comes from.

Worlds come in sets: world k belongs to set k // draws, and the worlds of one set share every
uncertain parameter and differ in chance alone. Two things follow.

* Worlds of one set are not independent, so Monte Carlo errors come from batches of *whole sets*.
* The variance splits into what we do not know (between sets) and chance (within sets), by the
  one-way random-effects analysis of variance (Searle, Casella & McCulloch 1992, chapter 3).

The split needs worlds that vary in both. Where only one of them varies, `Varied` says what the
spread then is, and no share is told.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import xarray as xr

from sim.analysis.streams import Floats, last
from sim.draws import Vary, check_vary

Ints = npt.NDArray[np.int64]

QUANTILES: Final[dict[str, float]] = {
    "q05": 0.05,
    "q25": 0.25,
    "median": 0.5,
    "q75": 0.75,
    "q95": 0.95,
}
"""The quantiles that every result states: a 50 % and a 90 % interval round the median."""

MOST_BATCHES: Final = 20
FEWEST_BATCHES: Final = 5
SETS_PER_BATCH: Final = 5
FEWEST_SETS: Final = FEWEST_BATCHES * SETS_PER_BATCH
"""Below this many sets no Monte Carlo error is told."""


def too_few(worlds: int, enough: int) -> str:
    """What is said of worlds of fewer sets than errors need, and how many would do."""
    return (
        f"With {worlds:,} worlds the Monte Carlo error cannot be told and small differences may be "
        f"chance: run at least {enough:,}."
    )


@dataclass(frozen=True)
class Varied:
    """What differs between the worlds of a run.

    Attributes:
        vary: parameters and chance, or one of them.
        draws: worlds per set.
        fork_of: of a fork, the world whose futures its worlds are.
        fork_at: month from which they are, as YYYY-MM.
    """

    vary: Vary
    draws: int
    fork_of: int | None = None
    fork_at: str = ""

    @property
    def cannot_tell(self) -> str:
        """What the spread of such a run is and is not; nothing where it can be split."""
        if self.vary == "both":
            return ""
        if self.fork_of is not None:
            return (
                f"These are futures of world {self.fork_of:,}: only chance from {self.fork_at} on "
                "was varied, and every parameter stands as in that world. So all of this spread is "
                "what chance could still do there; other worlds may differ."
            )
        if self.vary == "chance":
            return (
                "Only chance was varied: every parameter stands at its median, so all of this "
                "spread is chance round that one set of assumptions. How much what we do not know "
                "would add, and how chance plays out under other assumptions, cannot be told here; "
                "a run that varies both tells it."
            )
        given = (
            "the same single draw of chance"
            if self.draws == 1
            else f"the same {self.draws:,} draws of chance"
        )
        return (
            f"Only what we do not know was varied: every set of assumptions meets {given}. The "
            "spread and its errors hold for that chance alone, and more worlds do not mend that. "
            "What share of all spread is chance cannot be told here; a run that varies both tells "
            "it."
        )


@dataclass(frozen=True)
class Spread:
    """Where the variance of an outcome comes from.

    Attributes:
        unknown: share of the variance due to what we do not know, None if it cannot be told
            (one draw a set, fewer than two sets, or no variance at all).
        chance: share due to chance; the two sum to 1.
        clipped: whether the unbiased estimate of the first was negative and stands at 0.
        error: standard error of `unknown`, None with too few sets.
    """

    unknown: float | None
    chance: float | None
    clipped: bool = False
    error: float | None = None


@dataclass(frozen=True)
class Quantiles:
    """Quantiles of one outcome over worlds, each with its Monte Carlo standard error.

    Attributes:
        values: by name as in `QUANTILES`; None if no world has a value.
        errors: by the same names; None with fewer than 25 sets.
        worlds: number of worlds that have a value.
    """

    values: dict[str, float | None]
    errors: dict[str, float | None]
    worlds: int


def varied(ds: xr.Dataset) -> Varied:
    """What differs between the worlds of a run."""
    return Varied(
        check_vary(ds.attrs.get("vary", "both")),
        int(ds.attrs["draws"]),
        ds.attrs.get("fork_of"),
        ds.attrs.get("fork_at", ""),
    )


def sets_of(ds: xr.Dataset) -> Ints:
    """Set number of each world of a run: worlds of different sets are independent.

    Where only chance varies, all worlds share their parameters and each is independent of all
    others: each then counts as a set of its own.
    """
    worlds: Ints = np.asarray(ds["world"].values, dtype=np.int64)
    how = varied(ds)
    return worlds if how.vary == "chance" else worlds // how.draws


def final(ds: xr.Dataset, name: str) -> Floats:
    """An outcome in the last month, one number a world.

    Raises:
        OutcomeError: no such outcome.
    """
    return last(ds, name)


def batch_labels(sets: Ints) -> Ints | None:
    """Put whole, neighbouring sets into batches of about equal size.

    Neighbouring sets come from the same scramble of the parameter sequence where a run has many,
    so the batches line up with its blocks. Within one block the sets fill space more evenly than
    independent ones would: errors from such batches are on the safe side.

    Args:
        sets: set number of each world.

    Returns:
        Batch number of each world, or None with too few sets (fewer than 25) to say anything.
    """
    unique, position = np.unique(sets, return_inverse=True)
    if unique.size < FEWEST_SETS:
        return None
    count = min(MOST_BATCHES, unique.size // SETS_PER_BATCH)
    labels: Ints = position * count // unique.size
    return labels


def quantiles(values: Floats, sets: Ints) -> Quantiles:
    """Quantiles over worlds with Monte Carlo standard errors.

    The error is the spread of the batches' own quantiles about the one of all worlds
    ("sectioning", Asmussen & Glynn 2007, section III.5): centring there also counts the bias that
    a quantile of few worlds has.

    Args:
        values: one number a world; worlds without one (NaN) are left out.
        sets: set number of each world.
    """
    known = ~np.isnan(values)
    values, sets = values[known], sets[known]
    names, probabilities = list(QUANTILES), list(QUANTILES.values())
    if not values.size:
        nothing: dict[str, float | None] = dict.fromkeys(names)
        return Quantiles(nothing, dict(nothing), 0)
    whole = np.quantile(values, probabilities)
    labels = batch_labels(sets)
    errors: list[float | None] = [None] * len(names)
    if labels is not None:
        parts = _by_batch(values, labels, probabilities)
        count = len(parts)
        squares = ((parts - whole) ** 2).sum(axis=0) / (count - 1)
        errors = [float(e) for e in np.sqrt(squares / count)]
    return Quantiles(
        dict(zip(names, map(float, whole), strict=True)),
        dict(zip(names, errors, strict=True)),
        int(values.size),
    )


def _by_batch(values: Floats, labels: Ints, probabilities: list[float]) -> Floats:
    """Quantiles of each batch: (batch, probability); those of one size are found together."""
    if (labels[1:] < labels[:-1]).any():
        order = np.argsort(labels, kind="stable")
        values, labels = values[order], labels[order]
    starts = np.searchsorted(labels, np.arange(labels[-1] + 2))
    sizes = np.diff(starts)
    parts = np.empty((sizes.size, len(probabilities)))
    for size in np.unique(sizes):
        same = np.flatnonzero(sizes == size)
        rows = np.stack([values[starts[k] : starts[k] + size] for k in same])
        parts[same] = np.quantile(rows, probabilities, axis=1, overwrite_input=True).T
    return parts


def variance_components(values: Floats, sets: Ints) -> tuple[float, float] | None:
    """Unbiased variances (what we do not know, chance) of the one-way random-effects model.

    The first may come out negative by sampling error. Sets of unequal size, as the last one of a
    run can be, are weighted by the usual effective size.

    Args:
        values: one number a world, none missing.
        sets: set number of each world.

    Returns:
        The two components, or None with fewer than two sets or no set of two worlds.
    """
    unique, position, size = np.unique(sets, return_inverse=True, return_counts=True)
    worlds, count = values.size, unique.size
    if count < 2 or worlds == count:
        return None
    centred = values - values.mean()
    means = np.bincount(position, weights=centred) / size
    between = float((size * means**2).sum()) / (count - 1)
    within = float(((centred - means[position]) ** 2).sum()) / (worlds - count)
    effective = (worlds - float((size.astype(np.float64) ** 2).sum()) / worlds) / (count - 1)
    return (between - within) / effective, within


def _share(values: Floats, sets: Ints) -> tuple[float, bool] | None:
    components = variance_components(values, sets)
    if components is None:
        return None
    unknown, chance = components
    # Rounding alone leaves about this much in an outcome that is the same in every world.
    noise = (1e-12 * float(np.abs(values).max())) ** 2
    if max(unknown, 0.0) + chance <= noise:
        return None
    clipped = unknown < 0
    unknown = max(unknown, 0.0)
    return unknown / (unknown + chance), clipped


def decompose(values: Floats, sets: Ints, vary: Vary = "both") -> Spread:
    """Split the variance of an outcome into what we do not know and chance.

    Args:
        values: one number a world; worlds without one (NaN) are left out.
        sets: set number of each world.
        vary: what differs between worlds; unless it is both, no share can be told. Where sets
            share their draws of chance, the worlds of a set are no sample of chance, and the
            analysis of variance does not hold.

    Returns:
        Shares of the variance. A negative estimate of the first part is put at 0 and `clipped`
        says so. The error is a jackknife that leaves out one batch of whole sets at a time.
    """
    if vary != "both":
        return Spread(None, None)
    known = ~np.isnan(values)
    values, sets = values[known], sets[known]
    found = _share(values, sets) if values.size else None
    if found is None:
        return Spread(None, None)
    unknown, clipped = found
    return Spread(unknown, 1 - unknown, clipped, _share_error(values, sets))


def _share_error(values: Floats, sets: Ints) -> float | None:
    labels = batch_labels(sets)
    if labels is None:
        return None
    count = int(labels.max()) + 1
    left = [_share(values[labels != b], sets[labels != b]) for b in range(count)]
    shares = np.array([share[0] for share in left if share is not None])
    if shares.size < count:
        return None
    squares = float(((shares - shares.mean()) ** 2).sum())
    return float(np.sqrt(squares * (count - 1) / count))


def summary(ds: xr.Dataset, name: str) -> dict[str, Any]:
    """Quantiles in the last month and sources of spread of one outcome, ready for JSON.

    Args:
        ds: a run.
        name: dotted outcome name.

    Returns:
        `{"final": {"q05", "q25", "median", "q75", "q95", "mcse": {quantile: error}},
        "spread": {"unknown", "chance"}}`; None wherever a number cannot be told. Where only one
        of the two was varied, "spread" also says why no share is told, as "cannot_tell".

    Raises:
        OutcomeError: no such outcome.
    """
    values, sets, how = final(ds, name), sets_of(ds), varied(ds)
    found, spread = quantiles(values, sets), decompose(values, sets, how.vary)
    told: dict[str, Any] = {"unknown": spread.unknown, "chance": spread.chance}
    if how.cannot_tell:
        told["cannot_tell"] = how.cannot_tell
    return {"final": {**found.values, "mcse": dict(found.errors)}, "spread": told}
