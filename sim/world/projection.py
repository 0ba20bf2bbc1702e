"""What an option is worth: the exact rollout.

An option is held for some months with the others at their believed play, then the flow of the last
month goes on for a terminal span. Every month of it is `sim.world.month.advance` in expected
values. This is the reference that anything faster must agree with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

import numpy as np

from agents.outlook import Array, Outlook
from sim.world.controls import Controls, Parameters
from sim.world.month import advance
from sim.world.state import State


def project(
    s: State,
    c: Controls,
    p: Parameters,
    horizon: int,
    *,
    terminal: bool = True,
    boost: Mapping[str, Array] | None = None,
    optimism: Array | None = None,
) -> Outlook:
    """Discounted sum of the outlooks of play that is held.

    Args:
        s: state now, fields of shape (worlds,).
        c: dials held throughout, shape (options, worlds) where they differ by option.
        p: parameters; `world.discount` per month, `world.terminal_months` after the horizon.
        horizon: months for which the play is held, >= 1.
        terminal: whether the last month's flow goes on for the terminal span.
        boost: factors on functions' efficiencies.
        optimism: factor on Russia's power, as believed by whoever projects, shape (worlds,).

    Returns:
        The sum, each field broadcastable to (options, worlds). Payoffs being linear in it, an
        actor's payoff of this outlook is the value of the option to that actor.
    """
    delta = p["world.discount"]
    weight = np.ones_like(delta)
    total: Outlook | None = None
    for month in range(horizon):
        s, seen = advance(s, c, p, boost=boost, optimism=optimism)
        if terminal and month == horizon - 1:
            tail = delta * (1.0 - delta ** p["world.terminal_months"]) / (1.0 - delta)
            weight = weight * (1.0 + tail)
        total = _add(total, seen, weight)
        weight = weight * delta
    if total is None:
        raise ValueError("the horizon of a projection is at least one month")
    return total


def _add(total: Outlook | None, month: Outlook, weight: Array) -> Outlook:
    return Outlook(
        **{
            f.name: weight * getattr(month, f.name)
            if total is None
            else getattr(total, f.name) + weight * getattr(month, f.name)
            for f in fields(Outlook)
        }
    )
