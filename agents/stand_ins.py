"""Rivals to an actor that plays itself: puppet, random, myopic, scripted, external.

A scenario seats one with `actors.<actor>.plays`. They are the baselines against which a claim about
an actor is tested: a *puppet* serves another's payoff, *random* serves none, *myopic* looks one
month ahead, *scripted* moves only where the scenario says, *external* takes moves from outside.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from agents.actor import Actor, one_hot
from agents.outlook import Array
from agents.response import logit

PUPPET = "puppet of "
HELD = ("scripted", "external")
"""Kinds whose moves come from elsewhere: they stay where they are until told."""


def served_by(actor: Actor, plays: str, actors: Mapping[str, Actor]) -> Actor:
    """Whose payoff an actor serves: its own, or its master's if it is a puppet."""
    return actors[plays.removeprefix(PUPPET)] if plays.startswith(PUPPET) else actor


def weighs(plays: str) -> bool:
    """Whether somebody who plays like this weighs options at all."""
    return plays != "random" and plays not in HELD


def looks_ahead(plays: str, horizon: int) -> tuple[int, bool]:
    """Months for which an option is held, and whether what follows counts.

    The myopic take what a month brings for what every later one will: they foresee no consequence,
    but weigh on the same scale as others, so that they differ in foresight and not in noise.
    """
    return (1, True) if plays == "myopic" else (horizon, True)


def decide(
    plays: str,
    values: Array,
    distance: Array,
    cost: Array,
    precision: Array,
    feasible: NDArray[np.bool_],
) -> Array:
    """Choice probabilities under a way of playing, over options or over the levels of one lever.

    Args:
        plays: the way of playing, as in scenarios.
        values: worth in units of scale to whom the actor serves, shape (choices, worlds).
        distance: levels moved from where the actor stands, same shape.
        cost: of moving there, units of scale, same shape.
        precision: of the logit response, shape (worlds,).
        feasible: shape (choices, worlds).

    Returns:
        Probabilities, shape (choices, worlds).
    """
    if plays == "random":
        return logit(np.zeros(feasible.shape), 0.0, feasible)
    if plays in HELD:
        return _nearest(distance, feasible)
    return logit(values - cost, precision, feasible)


def response(actor: Actor, plays: str, values: Array, feasible: NDArray[np.bool_]) -> Array:
    """Choice probabilities of an actor over its menu under a way of playing.

    A puppet weighs its master's payoff on its master's scale with its own precision and its own
    cost of change: it differs from the actor in aims only, so that comparing the two measures aims.

    Args:
        actor: whose menu it is.
        plays: the way of playing, as in scenarios.
        values: worth of the options in units of scale to whom the actor serves, (options, worlds).
        feasible: shape (options, worlds).

    Returns:
        Probabilities, shape (options, worlds).
    """
    return decide(
        plays, values, actor.distance(), actor.switching_cost(), actor.precision, feasible
    )


def _nearest(distance: Array, feasible: NDArray[np.bool_]) -> Array:
    """Certainty of the nearest feasible option, the first of equals."""
    best = np.where(feasible, distance, np.inf).argmin(axis=0)
    return one_hot(best, distance.shape[0])
