"""Logit response to beliefs, and how a choice is drawn lever by lever.

The response is *not* a quantal response equilibrium (McKelvey & Palfrey 1995): each actor answers
its own beliefs about the others, which need not be right. Precision 0 gives uniform play over the
feasible options, precision to infinity the best response.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from agents.levers import Menu
from agents.outlook import Array


def logit(values: Array, precision: Array | float, feasible: NDArray[np.bool_] | None) -> Array:
    """Choice probabilities proportional to exp(precision * value) over the feasible options.

    Args:
        values: payoffs in units of the actor's scale, shape (options, worlds).
        precision: lambda >= 0, scalar or shape (worlds,).
        feasible: which options may be chosen, shape (options, worlds); None allows all. At least
            one option must be feasible in every world.

    Returns:
        Probabilities, shape (options, worlds); they sum to 1 in each world.
    """
    score = values * precision
    if feasible is not None:
        score = np.where(feasible, score, -np.inf)
    score -= score.max(axis=0)
    weight = np.exp(score, out=score)
    weight /= sum_in_order(weight)
    return weight


def marginals(probabilities: Array, menu: Menu) -> dict[str, Array]:
    """Probability of each level of each lever.

    Args:
        probabilities: shape (options, worlds).
        menu: the actor's menu.

    Returns:
        Lever name -> array of shape (levels, worlds).
    """
    out = {}
    rest = probabilities
    for size, lever in zip(menu.shape, menu.levers, strict=True):
        by_level = rest.reshape(size, -1, rest.shape[-1])
        out[lever.name] = sum_in_order(np.moveaxis(by_level, 1, 0))
        rest = sum_in_order(by_level)
    return out


def draw(probabilities: Array, menu: Menu, uniforms: Mapping[str, Array]) -> NDArray[np.int64]:
    """Draw one option per world, lever by lever, one uniform each.

    Each lever is drawn from its probability given the levers already drawn. Two worlds that share
    their uniforms and differ little in their probabilities then differ in few levers, which a draw
    over the flattened menu does not give.

    Args:
        probabilities: shape (options, worlds).
        menu: the actor's menu.
        uniforms: lever name -> numbers in (0, 1), shape (worlds,).

    Returns:
        Level indices, shape (levers, worlds).
    """
    worlds = probabilities.shape[-1]
    rest = probabilities.reshape(*menu.shape, worlds)
    column = np.arange(worlds)
    levels = np.empty((len(menu.levers), worlds), dtype=np.int64)
    for k, lever in enumerate(menu.levers):
        flat = rest.reshape(rest.shape[0], -1, worlds)
        marginal = sum_in_order(np.moveaxis(flat, 1, 0))
        levels[k] = _invert(marginal, uniforms[lever.name])
        rest = rest[levels[k], ..., column]
        rest = np.moveaxis(rest, 0, -1)
    return levels


def total_variation(p: Array, q: Array) -> Array:
    """Half the summed absolute difference of two distributions along the first axis, in [0, 1]."""
    return 0.5 * sum_in_order(np.abs(p - q))


def _invert(marginal: Array, uniform: Array) -> NDArray[np.int64]:
    """Index of the level, of weight above 0, in whose slice of the sum the uniform falls."""
    total = sum_in_order(marginal)
    target = uniform * total
    running = np.zeros_like(total)
    level = np.zeros(total.shape, dtype=np.int64)
    chosen = np.zeros(total.shape, dtype=bool)
    for k in range(marginal.shape[0]):
        running = running + marginal[k]
        positive = marginal[k] > 0
        take = positive & ~chosen & (target < running)
        # rounding can leave the target at the very top: the last level with weight then holds it
        level = np.where(take | (positive & ~chosen), k, level)
        chosen |= take
    return level


def over_options(tables: list[Array]) -> Array:
    """Sum of one quantity per lever over all options of a menu.

    Args:
        tables: for every lever, shape (levels, worlds).

    Returns:
        Shape (options, worlds).
    """
    total = tables[0]
    for table in tables[1:]:
        total = (total[:, None] + table).reshape(-1, table.shape[-1])
    return total


def sum_in_order(rows: Array) -> Array:
    """Sum along the first axis, row after row: the same bits whatever the number of worlds.

    NumPy adds pairwise within a run of numbers that lie side by side, and one row after the other
    across such runs. Only a single column would be a run.
    """
    if rows[0].size > 1:
        return np.add.reduce(rows, axis=0)
    total = rows[0].copy()
    for row in rows[1:]:
        total += row
    return total


def add_up(rows: Iterable[Array]) -> Array:
    """Sum of arrays that broadcast against each other, one after the other."""
    rest = iter(rows)
    total = next(rest)
    for row in rest:
        total = total + row
    return total
