"""The Minsk-Moscow deal: what is promised for what, from a weighted Nash product.

Once a quarter the two may replace the standing deal. A bundle is a scale of transfers against
promised access and voice. The alternative is that present play goes on; a bundle is signed only if
both gain on that, and it is then the one that maximises gain_B^w * gain_R^(1-w) (Nash 1950 with
weights). The weight w is exogenous. Otherwise the standing deal rolls over. Whether either side
keeps the deal is its own monthly choice. Both project with the odds as they are, and count gas from
the start although it follows only in January: play is held in a projection.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from agents.actor import Actor
from agents.outlook import Array
from sim.world.controls import Parameters, Play, controls
from sim.world.projection import Payoffs
from sim.world.state import State

SCALES = (0.0, 0.5, 1.0, 1.5, 2.0)
"""Agreed transfers, multiples of those of 2023."""

BUNDLES: tuple[tuple[float, int, int], ...] = tuple(itertools.product(SCALES, range(3), range(2)))
"""(scale, promised access level, promised champion voice)."""


@dataclass(slots=True)
class Bargain:
    """Outcome of a round of bargaining."""

    signed: NDArray[np.bool_]  # a bundle both prefer to present play, shape (worlds,)
    bundle: NDArray[np.int64]  # its index in BUNDLES; 0 where none
    gain_russia: Array  # over present play, in units of its scale; 0 where none
    gain_belarus: Array


def weighted_nash(gain_a: Array, gain_b: Array, weight_b: Array) -> tuple[NDArray[np.int64], Array]:
    """Bundle that maximises gain_a^(1-w) * gain_b^w among those where both gain.

    Args:
        gain_a: shape (bundles, worlds).
        gain_b: same.
        weight_b: w in (0, 1), shape (worlds,).

    Returns:
        Index of the best bundle and its log product; -inf where no bundle helps both.
    """
    both = (gain_a > 1e-9) & (gain_b > 1e-9)
    log_a = np.log(np.where(both, gain_a, 1.0))
    log_b = np.log(np.where(both, gain_b, 1.0))
    product = np.where(both, (1.0 - weight_b) * log_a + weight_b * log_b, -np.inf)
    return product.argmax(axis=0), product.max(axis=0)


def bargain(
    s: State,
    play: Play,
    p: Parameters,
    russia: Actor,
    belarus: Actor,
    horizon: int,
    payoffs: Payoffs,
) -> Bargain:
    """Bargain over every bundle against present play going on.

    Args:
        s: state now.
        play: present play of all four actors; the outsiders' as believed.
        p: parameters.
        russia: whose payoff counts on one side.
        belarus: and on the other.
        horizon: months for which both look ahead.
        payoffs: projects play that is held.
    """
    worlds = s.front.shape[0]
    scale, access, voice = (np.array(x)[:, None] for x in zip(*BUNDLES, strict=True))
    kept = {
        **play,
        "russia": {**play["russia"], "support_minsk": _certain(1, 3)},
        "belarus": {
            **play["belarus"],
            "access": (np.arange(3)[:, None, None] == access).astype(float),
            "voice": np.where(
                voice == 1, _certain(2, 3)[:, None], play["belarus"]["voice"][:, None]
            ),
        },
    }
    promised = replace(
        s,
        deal_scale=scale + 0.0 * s.front,
        gas_scale=scale + 0.0 * s.front,
        deal_host=(access >= 1) + 0.0 * s.front,
        deal_launch=(access == 2) + 0.0 * s.front,
        deal_champion=(voice == 1) + 0.0 * s.front,
    )
    offered = payoffs(promised, controls(kept, p), horizon)
    present = payoffs(s, controls(play, p), horizon)
    possible = (access < 2) | (s.active > 0.5)
    gain_russia = (offered[russia.name] - present[russia.name]) / russia.scale
    gain_belarus = (offered[belarus.name] - present[belarus.name]) / belarus.scale
    gain_russia = np.where(possible, gain_russia, -1.0)
    best, product = weighted_nash(gain_russia, gain_belarus, p["world.bargaining_weight"])
    signed = np.isfinite(product)
    column = np.arange(worlds)
    return Bargain(
        signed=signed,
        bundle=np.where(signed, best, 0),
        gain_russia=np.where(signed, gain_russia[best, column], 0.0),
        gain_belarus=np.where(signed, gain_belarus[best, column], 0.0),
    )


def deal_stage(s: State, outcome: Bargain | None, january: bool) -> dict[str, Array]:
    """The standing deal after the month's bargaining; the gas contract follows it in January.

    Returns:
        New values of the deal fields of the state.
    """
    if outcome is None:
        return {"gas_scale": s.deal_scale} if january else {}
    scale, access, voice = (np.array(x)[outcome.bundle] for x in zip(*BUNDLES, strict=True))
    new = {
        "deal_scale": np.where(outcome.signed, scale, s.deal_scale),
        "deal_host": np.where(outcome.signed, access >= 1, s.deal_host).astype(float),
        "deal_launch": np.where(outcome.signed, access == 2, s.deal_launch).astype(float),
        "deal_champion": np.where(outcome.signed, voice == 1, s.deal_champion).astype(float),
    }
    if january:
        new["gas_scale"] = new["deal_scale"]
    return new


def _certain(level: int, levels: int) -> Array:
    """One level for sure, shape (levels, 1)."""
    return (np.arange(levels)[:, None] == level).astype(float)
