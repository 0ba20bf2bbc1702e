"""Bandwidth times dependence, after the Formal Bilateral Influence Capacity index.

Moyer et al. (2018, 2021) measure the capacity of one state to influence another by how much passes
between them and how much the other depends on it. Their published weights are not available here:
the three channels weigh the same unless told otherwise, and this is no replication. `with_access`
adds what the original leaves out: basing, transit, launches and hosting.
"""

from __future__ import annotations

import numpy as np

from agents.outlook import Array
from sim.world.controls import Controls, Parameters
from sim.world.minsk import usual_transfers
from sim.world.state import State, share


def capacity(bandwidth: Array, dependence: Array) -> Array:
    """Capacity of each actor to influence each target.

    Args:
        bandwidth: between actors, symmetric, shape (actors, actors, worlds).
        dependence: of actor on target, shape (actors, targets, worlds).

    Returns:
        Shape (actors, targets, worlds): bandwidth times the target's dependence on the actor.
    """
    return bandwidth * np.swapaxes(dependence, 0, 1)


def bandwidth(
    s: State,
    c: Controls,
    p: Parameters,
    actors: list[str],
    *,
    with_access: bool = False,
    weights: tuple[float, float, float] = (1.0, 1.0, 1.0),
) -> Array:
    """How much passes between each two actors, shape (actors, actors, worlds), 0-1.

    Args:
        s: state at the month's end.
        c: the month's play.
        p: parameters.
        actors: names, in the order of results.
        with_access: count basing, launches and nuclear hosting as a channel of their own.
        weights: of the economic, the security and the political channel.
    """
    nothing = np.zeros_like(s.front)
    channels: dict[tuple[str, str], tuple[Array, Array, Array]] = {
        ("russia", "belarus"): (
            share(0.5 * p["world.market_russia"] + 0.5 * s.paid / usual_transfers(p)),
            share(s.stock * c.host + 0.5 * c.support),
            share(0.4 + 0.6 * c.champion + 0.3 * c.neutral),
        ),
        ("belarus", "nato"): (
            share(p["world.market_west"] * (1.0 - s.sanctions_belarus)),
            nothing,
            share(c.engage * (0.5 + 0.5 * c.overture)),
        ),
        ("russia", "nato"): (share(1.0 - s.sanctions_russia), nothing, nothing),
        ("ukraine", "nato"): (share(0.5 * s.aid), share(0.5 * s.aid), nothing + 1.0),
        ("russia", "ukraine"): (nothing, nothing, c.talks_russia * c.talks_ukraine),
    }
    basing = share(0.4 * c.host + 0.3 * c.launch + 0.3 * s.nuclear)
    out = np.zeros((len(actors), len(actors), s.front.shape[0]))
    for (one, two), passed in channels.items():
        total, weight = nothing, 0.0
        for volume, share_of in zip(passed, weights, strict=True):
            total, weight = total + share_of * volume, weight + share_of
        if with_access and (one, two) == ("russia", "belarus"):
            total, weight = total + basing, weight + 1.0
        i, j = actors.index(one), actors.index(two)
        out[i, j] = out[j, i] = total / weight
    return out
