"""Dependence after Emerson (1962): what an actor would lose without another, function by function.

For each function r of actor i, dependence on supplier j is 1 - E_r(without j) / E_r(with j),
weighted by how much r matters to i's payoff now: the numerical marginal value of a little more of
it, in war or in peace. Functions whose marginal value is negative weigh nothing; an actor for whom
nothing matters, or whom nobody supplies, depends on nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from agents.outlook import Array
from agents.response import add_up
from sim.kernel.projector import Projector
from sim.world.controls import Controls
from sim.world.functions import LINEAR, Supplies, ces
from sim.world.state import State

BOOST = 0.1
"""Relative increase of a function's efficiency that measures its marginal value."""


def loss_without(given: Mapping[str, Array], supplier: str, eta: Array) -> Array:
    """Share of a function lost without one supplier: 1 - E(without) / E(with), in [0, 1].

    Args:
        given: supplier -> phi * q, shape (worlds,).
        supplier: who is taken away.
        eta: substitution parameter, shape (worlds,).

    Returns:
        Shape (worlds,); 0 where nothing is supplied at all.
    """
    whole = ces(given.values(), eta)
    rest = [row for name, row in given.items() if name != supplier]
    if len(rest) == len(given):
        return np.zeros_like(whole)
    without = ces(rest, eta) if rest else np.zeros_like(whole)
    lost = 1.0 - np.divide(without, whole, out=np.ones_like(whole), where=whole > 0.0)
    return lost.clip(0.0, 1.0)


def marginal_values(
    s: State, c: Controls, functions: Iterable[str], light: Projector, horizon: int
) -> dict[str, Array]:
    """Value to its owner of 10 % more of each function, held for the horizon.

    Args:
        s: state now.
        c: the month's play going on.
        functions: names, each of its owner and of what it is.
        light: projects the worlds.
        horizon: months looked ahead.

    Returns:
        Function name -> gain in the owner's payoff, shape (worlds,).
    """
    names = list(functions)
    rows = np.arange(len(names) + 1)[:, None]
    boost = {
        name: np.where(rows == k + 1, 1.0 + BOOST, 1.0) for k, name in enumerate(names)
    }  # row 0 boosts nothing
    values = light.payoffs(s, c, horizon, boost=boost)
    return {
        name: values[name.split(".")[0]][k + 1] - values[name.split(".")[0]][0]
        for k, name in enumerate(names)
    }


def dependence(given: Supplies, worth: Mapping[str, Array], eta: Array, actors: list[str]) -> Array:
    """Dependence of each actor on each other.

    Args:
        given: function -> supplier -> phi * q.
        worth: function -> marginal value to its owner.
        eta: substitution parameter.
        actors: names, in the order of results.

    Returns:
        Shape (actors, targets, worlds), in [0, 1]; zero on the diagonal.
    """
    out = np.zeros((len(actors), len(actors), eta.shape[0]))
    one = np.ones_like(eta)
    for i, owner in enumerate(actors):
        mine = [name for name in given if name.startswith(f"{owner}.")]
        if not mine:
            continue
        weights = {name: worth[name].clip(0.0) for name in mine}
        total = add_up(weights.values())
        for j, supplier in enumerate(actors):
            if i != j:
                held = add_up(
                    weights[name]
                    * loss_without(given[name], supplier, one if name in LINEAR else eta)
                    for name in mine
                )
                out[i, j] = np.divide(held, total, out=np.zeros_like(total), where=total > 0.0)
    return out
