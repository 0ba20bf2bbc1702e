"""Two paths of one world: what was done otherwise, and what that came to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import xarray as xr

from agents import menus
from sim.analysis.compare import Comparison
from sim.analysis.differences import Change
from sim.analysis.outcomes import headline
from sim.scenario.scenario import Move

MASKED = "no choice"
"""Stands for a level where the state left no choice; no level is called so."""


@dataclass(frozen=True)
class Otherwise:
    """A lever that stands elsewhere on the other path.

    Attributes:
        month: the first in which it does, as YYYY-MM.
        actor: whose.
        lever: which.
        was: level there on the world's own path.
        now: level there on the other.
        months: in how many it stands elsewhere, this one included.
    """

    month: str
    actor: str
    lever: str
    was: str
    now: str
    months: int


@dataclass(frozen=True)
class Effect:
    """What another path comes to in one outcome, in the last month.

    Attributes:
        before: mean over futures, on the world's own path.
        after: mean over the same futures on the other path.
        change: of the one to the other, future by future.
    """

    before: float
    after: float
    change: Change


def done_otherwise(own: xr.Dataset, other: xr.Dataset, future: int = 0) -> list[Otherwise]:
    """Every lever that comes to stand elsewhere, in the order in which they do.

    Args:
        own: a run of the world as it was.
        other: a run of its other path.
        future: which future.
    """
    a, b = (
        one["choice"].sel(world=future).transpose("month", "actor", "lever") for one in (own, other)
    )
    months = np.datetime_as_string(own["month"].values, unit="M")
    found = []
    for actor, levers in menus().items():
        for lever, levels in levers.items():
            was, now = (one.sel(actor=actor, lever=lever).values for one in (a, b))
            elsewhere = np.flatnonzero(was != now)
            if elsewhere.size:
                first = elsewhere[0]
                names = [*levels, MASKED]  # -1 is masked
                at = (names[int(was[first])], names[int(now[first])])
                found.append(Otherwise(str(months[first]), actor, lever, *at, elsewhere.size))
    return sorted(found, key=lambda one: one.month)


def elsewhere(own: xr.Dataset, other: xr.Dataset) -> dict[tuple[str, str], float]:
    """Actor and lever -> share of futures in which it is set elsewhere in some month.

    Counted are months in which the lever leaves a choice on both paths: one that the end of the war
    closes on one of them is no deed.

    Args:
        own: a run of the world as it was.
        other: a run of its other path.
    """
    a, b = (one["choice"].transpose("world", "month", "actor", "lever") for one in (own, other))
    shares = {}
    for actor, levers in menus().items():
        for lever in levers:
            was, now = (one.sel(actor=actor, lever=lever).values for one in (a, b))
            differs = (was != now) & (was >= 0) & (now >= 0)
            shares[actor, lever] = float(differs.any(axis=1).mean())
    return shares


def not_held(ds: xr.Dataset, moves: Iterable[Move]) -> list[Move]:
    """Moves that the state of the world closed in their first month, in future 0.

    Args:
        ds: a run of the path on which they are to be held.
        moves: that begin within it.
    """
    levels = menus()
    out = []
    for move in moves:
        row = ds["choice"].sel(world=0, month=np.datetime64(f"{move.first}-01"))
        level = int(row.sel(actor=move.actor, lever=move.lever))
        if level != levels[move.actor][move.lever].index(move.level):
            out.append(move)
    return out


def effects(comparison: Comparison) -> dict[str, Effect]:
    """The headline outcomes of two paths; those that have a value on both."""
    out = {}
    for name in headline(comparison.datasets[0]):
        change = comparison.change(1, name)
        if change is not None:
            before, after = (float(np.nanmean(comparison.values(k, name))) for k in (0, 1))
            out[name] = Effect(before, after, change)
    return out


def parted(own: xr.Dataset, other: xr.Dataset) -> str | None:
    """First month in which two paths differ in anything recorded, in any future; None if never.

    Args:
        own: a run of the world as it was.
        other: a run of its other path.
    """
    months = np.datetime_as_string(own["month"].values, unit="M")
    differ = np.zeros(len(months), dtype=bool)
    for name, values in own.data_vars.items():
        if "month" in values.dims:
            one = values.transpose("month", ...).values
            two = other[name].transpose("month", ...).values
            same = (one == two) | ((one != one) & (two != two))
            differ |= ~same.reshape(len(months), -1).all(axis=1)
    return str(months[differ.argmax()]) if differ.any() else None
