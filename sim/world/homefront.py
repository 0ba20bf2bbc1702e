"""Home fronts: support for going on, and the attention of donors' publics."""

from __future__ import annotations

import numpy as np

from agents.outlook import Array
from sim.world.controls import Controls, Parameters
from sim.world.state import State, share, toward
from sim.world.war import Battle


def support_level(
    base: Array, cumulative: Array, recent: Array, reference: Array, p: Parameters
) -> Array:
    """Level that support reverts to.

    Falls with the log of cumulative casualties (Mueller 1973) and with those of the month
    (Gartner & Segura 1998).

    Args:
        base: support before the war's losses, 0-1.
        cumulative: casualties so far, thousand.
        recent: casualties in the month, thousand.
        reference: casualties that count as one unit, thousand (scales with population).
        p: parameters.
    """
    return share(
        base
        - p["world.mueller"] * np.log1p(cumulative / reference)
        - p["world.recent_losses"] * recent / reference
    )


def homefront_stage(s: State, c: Controls, battle: Battle, p: Parameters) -> dict[str, Array]:
    """The month's change of support and attention.

    Offering talks that the enemy refuses costs support at home: an audience cost (Fearon 1994).

    Returns:
        New values of `support_russia`, `support_ukraine`, `attention`.
    """
    russia = support_level(
        p["world.support_russia"],
        s.casualties_russia,
        battle.losses_russia,
        p["world.toll_russia"],
        p,
    ) - p["world.audience_cost"] * c.talks_russia * (1.0 - c.talks_ukraine)
    ukraine = support_level(
        p["world.support_ukraine"],
        s.casualties_ukraine,
        battle.losses_ukraine,
        p["world.toll_ukraine"],
        p,
    ) - p["world.audience_cost"] * c.talks_ukraine * (1.0 - c.talks_russia)
    return {
        "support_russia": share(toward(s.support_russia, russia, 0.15)),
        "support_ukraine": share(toward(s.support_ukraine, ukraine, 0.15)),
        "attention": share(toward(s.attention, p["world.attention_mean"], 0.1)),
    }
