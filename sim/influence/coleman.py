"""Power after Coleman (1990): control over what others are interested in.

Actors have interests X in events and control C over them. An event is worth what its interested
actors are, v = r X, and an actor is as powerful as the worth of what it controls, r = v C, with r
summing to 1. So r is the stationary distribution of X C, unique only where X C is irreducible.

Here the events are the actors' conducts. Actor i's interest in j's conduct is how widely i's payoff
varies over j's options, in i's scale; control of j's conduct is shared between j and those on whom
j depends (Emerson's dependence).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from agents.actor import Actor
from agents.outlook import Array
from agents.response import sum_in_order
from sim.deliberation.options import Weighed, passes


def power(X: Array, C: Array) -> tuple[Array, Array]:
    """Power of actors and worth of events.

    The stationary distribution of X C by the elimination of Grassmann, Taksar & Heyman (1985),
    which subtracts nothing and treats every world alike.

    Args:
        X: interests, rows summing to 1, shape (actors, events, worlds).
        C: control, rows summing to 1, shape (events, actors, worlds).

    Returns:
        r, shape (actors, worlds), and v, shape (events, worlds). Both are NaN in worlds where X C
        is not irreducible, since power is then not determined.
    """
    actors, events = X.shape[:2]
    P = np.zeros((actors, actors, X.shape[-1]))
    for k in range(events):
        P += X[:, k, None] * C[None, k]
    determined = _irreducible(P)
    for n in range(actors - 1, 0, -1):
        leaving = sum_in_order(P[n, :n])
        P[:n, n] = np.divide(
            P[:n, n], leaving, out=np.full_like(P[:n, n], np.nan), where=leaving > 0
        )
        P[:n, :n] += P[:n, n, None] * P[None, n, :n]
    r = np.ones((actors, X.shape[-1]))
    for n in range(1, actors):
        r[n] = sum_in_order(r[:n] * P[:n, n])
    r = np.where(determined, r / sum_in_order(r), np.nan)
    v = np.zeros((events, X.shape[-1]))
    for i in range(actors):
        v += r[i] * X[i]
    return r, v


def interests(weighed: Mapping[str, Weighed], feasible: Mapping[str, NDArray[np.bool_]]) -> Array:
    """Interest of each actor in each actor's conduct, shape (actors, actors, worlds).

    The standard deviation of i's value over j's feasible options, rows scaled to sum to 1. An
    actor to whom nothing makes a difference is taken to be interested in its own conduct only.

    Args:
        weighed: actor -> its options, weighed.
        feasible: actor -> its feasible options, shape (options, worlds).
    """
    actors: list[Actor] = [w.actor for w in weighed.values()]
    rows = []
    for i, actor in enumerate(actors):
        spreads = np.stack(
            [_spread(weighed[other.name], actor, feasible[other.name]) for other in actors]
        )
        total = sum_in_order(spreads)
        alone = (np.arange(len(actors)) == i).astype(float)[:, None]
        scaled = np.divide(spreads, total, out=np.zeros_like(spreads), where=total > 0)
        rows.append(np.where(total > 0, scaled, alone))
    return np.stack(rows)


def control(dependence: Array) -> Array:
    """Control over each actor's conduct, shape (actors, actors, worlds).

    Its own share is 1 and each other's its dependence on that other, scaled to sum to 1.

    Args:
        dependence: of actor on target, shape (actors, targets, worlds).
    """
    shares = dependence.copy()
    for k in range(shares.shape[0]):
        shares[k, k] = 1.0
    return shares / np.stack([sum_in_order(row) for row in shares])[:, None]


def _spread(weighed: Weighed, actor: Actor, allowed: NDArray[np.bool_]) -> Array:
    """How widely an actor's value varies over options, in its scale, shape (worlds,)."""
    values = weighed.values(actor)
    if weighed.compiled:
        return passes().deviation(values, actor.scale, allowed)
    return deviation(values / actor.scale, allowed)


def deviation(values: Array, allowed: NDArray[np.bool_]) -> Array:
    """Standard deviation of values over allowed options, by world."""
    count = np.count_nonzero(allowed, axis=0)
    mean = sum_in_order(np.where(allowed, values, 0.0)) / count
    return np.sqrt(sum_in_order(np.where(allowed, values - mean, 0.0) ** 2) / count)


def _irreducible(P: Array) -> NDArray[np.bool_]:
    """Whether every actor is reached from every other along positive entries."""
    reached = P > 0
    for k in range(P.shape[0]):
        reached = reached | (reached[:, k, None] & reached[None, k])
    return np.asarray(reached.all(axis=(0, 1)))
