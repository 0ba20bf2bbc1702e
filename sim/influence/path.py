"""Influence along the path: how far another's play moves when an actor is replaced for good.

Two ensembles share their assumptions and their chance, and differ in who sits in one chair: actor i
as it is, or its twin, a puppet of j. If i's aims matter to j, j's play is spread differently over
what chance may bring. How far the two spreads lie apart is told by the energy distance (Szekely &
Rizzo 2013) under total variation d,

    E d(own, twin') - 1/2 [ E d(own, own') + E d(twin, twin') ]

own and own' being two draws of chance within the same set of assumptions. The halves of the bracket
take out what chance alone does: after some months paths drift apart whoever plays. The distance is
0 where the two spreads agree, never negative in expectation, and just the total variation where
chance changes nothing. Total variation is half a sum of absolute differences, so the distance hears
of each level's probability in each month, and not of how months or levers go together.

The mean over pairs of different draws is an estimate without bias, which chance can make a little
negative. A twin that retraces its original's path gives exactly 0: the same numbers are added.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agents.outlook import Array
from agents.response import total_variation

FEWEST_DRAWS = 2
"""Draws of chance per set below which there are no pairs."""


class PathError(ValueError):
    """The path measure cannot be taken; the message says why and what to do."""


@dataclass(frozen=True)
class Course:
    """How an actor plays over the months of many worlds, whole sets of draws one after the other.

    Attributes:
        levers: lever -> probability of each level, shape (months, levels, worlds).
        live: lever -> whether it leaves a choice, shape (months, worlds).
    """

    levers: Mapping[str, Array]
    live: Mapping[str, NDArray[np.bool_]]


@dataclass(frozen=True)
class Divergence:
    """How far two ensembles of play lie apart, each shape (months, sets).

    Lever -> values, NaN where the lever leaves no choice in any world of the set, in either
    ensemble; a lever that is closed in some of these worlds counts there as played for sure.

    Attributes:
        distance: the energy distance.
        apart: mean total variation between the two ensembles, chance included.
        chance: mean total variation within them, which is taken off.
        shift: expected level beside the actor as it is, less that beside its twin: the sign that
            a distance lacks.
    """

    distance: Mapping[str, Array]
    apart: Mapping[str, Array]
    chance: Mapping[str, Array]
    shift: Mapping[str, Array]


def divergence(own: Course, twin: Course, draws: int) -> Divergence:
    """Compare an ensemble with its twin, lever by lever, month by month, set by set.

    Args:
        own: the target's play beside the actor as it is.
        twin: its play beside the twin, in the same worlds.
        draws: worlds per set.

    Raises:
        PathError: there are no pairs of draws, or the worlds are not whole sets.
    """
    if draws < FEWEST_DRAWS:
        raise PathError(
            "one draw of chance per set leaves no pairs to tell influence from chance by; give "
            f"{FEWEST_DRAWS} draws or more"
        )
    distance: dict[str, Array] = {}
    apart: dict[str, Array] = {}
    chance: dict[str, Array] = {}
    shift: dict[str, Array] = {}
    for lever, one in own.levers.items():
        other = twin.levers[lever]
        if one.shape != other.shape or one.shape[-1] % draws:
            raise PathError("the two ensembles need the same worlds, in whole sets")
        live = _by_set(own.live[lever] | twin.live[lever], draws).any(axis=-1)
        p, q = _by_set(one, draws), _by_set(other, draws)
        between, within_own, within_twin = _pairs(p, q), _pairs(p, p), _pairs(q, q)
        within = 0.5 * (within_own + within_twin)
        told = ((distance, between - within), (apart, between), (chance, within))
        for into, values in (*told, (shift, _expected(p - q))):
            into[lever] = np.where(live, values, np.nan)
    return Divergence(distance, apart, chance, shift)


def over_levers(by_lever: Mapping[str, Array]) -> Array:
    """Mean over the levers that leave a choice, NaN where none does; shapes as given."""
    values = np.stack(list(by_lever.values()))
    return _mean(values, 0)


def over_months(values: Array) -> Array:
    """Mean over the months that have a value, shape (months, sets) to (sets,)."""
    return _mean(values, 0)


def _by_set[T: np.generic](values: NDArray[T], draws: int) -> NDArray[T]:
    """The last axis, of worlds, as sets and draws."""
    return values.reshape(*values.shape[:-1], -1, draws)


def _pairs(p: Array, q: Array) -> Array:
    """Mean total variation over pairs of different draws, shape (months, sets).

    Args:
        p: shape (months, levels, sets, draws).
        q: the same of the other ensemble.
    """
    draws = p.shape[-1]
    total = np.zeros((p.shape[0], p.shape[2]))
    for one in range(draws):
        for other in range(draws):
            if one != other:
                first, second = np.moveaxis(p[..., one], 1, 0), np.moveaxis(q[..., other], 1, 0)
                total += total_variation(first, second)
    return total / (draws * (draws - 1))


def _expected(p: Array) -> Array:
    """Expected level, mean over draws: shape (months, levels, sets, draws) to (months, sets)."""
    levels = np.arange(p.shape[1])[None, :, None]
    out: Array = (levels * p.mean(axis=-1)).sum(axis=1)
    return out


def _mean(values: Array, axis: int) -> Array:
    known = ~np.isnan(values)
    count = known.sum(axis=axis)
    total = np.where(known, values, 0.0).sum(axis=axis)
    return np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
