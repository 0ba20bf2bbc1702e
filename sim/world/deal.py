"""The Minsk-Moscow deal: what is promised for what, from a weighted Nash product.

Once a quarter the two may replace the standing deal. A bundle is a scale of transfers against
promised access and voice. The alternative is that present play goes on; a bundle is signed only if
both gain on that, and it is then the one that maximises gain_B^w * gain_R^(1-w) (Nash 1950 with
weights). The weight w is exogenous. Otherwise the standing deal rolls over. Whether either side
keeps the deal is its own monthly choice, so a promise is believed as far as there is trust. Both
project with the odds as they are. Gas follows the deal in January only, so its contract is weighed
in by the part of the projection that lies beyond.

What a round says about each side is recorded. A side wants something when some possible bundle is
worth more to it than present play: that bundle is its offer. It is refused when no bundle from
which the one gains lets the other gain too.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from agents.actor import Actor
from agents.outlook import Array
from sim.world.controls import Controls, Parameters, Play, controls
from sim.world.minsk import compliance
from sim.world.projection import Payoffs
from sim.world.state import State

SCALES = (0.0, 0.5, 1.0, 1.5, 2.0)
"""Agreed transfers, multiples of those of 2023."""

BUNDLES: tuple[tuple[float, int, int], ...] = tuple(itertools.product(SCALES, range(3), range(2)))
"""(scale, promised access level, promised champion voice)."""


ROUND = (
    "nothing_wanted",
    "signed",
    "refused_by_belarus",
    "refused_by_russia",
    "refused_by_both",
)
"""How a round may go: neither side gains from any bundle; a bundle is signed; Moscow's offers are
refused and Minsk has none; Minsk's are refused and Moscow has none; each refuses the other's."""

PARTIES = ("russia", "belarus")

GAIN = 1e-9
"""A gain in units of scale below this is rounding."""


@dataclass(slots=True)
class Bargain:
    """Outcome of a round of bargaining, each shape (worlds,)."""

    signed: NDArray[np.bool_]  # a bundle that both prefer to present play
    bundle: NDArray[np.int64]  # its index in BUNDLES; 0 where none
    gain_russia: Array  # over present play, in units of its scale; 0 where none
    gain_belarus: Array
    offers_russia: NDArray[np.bool_]  # some possible bundle is worth more to it than present play
    offers_belarus: NDArray[np.bool_]

    @property
    def went(self) -> NDArray[np.int64]:
        """How the round went, as an index in ROUND."""
        refused = np.where(self.offers_belarus, 4, 2)
        refused = np.where(self.offers_russia, refused, np.where(self.offers_belarus, 3, 0))
        return np.where(self.signed, 1, refused)


def weighted_nash(gain_a: Array, gain_b: Array, weight_b: Array) -> tuple[NDArray[np.int64], Array]:
    """Bundle that maximises gain_a^(1-w) * gain_b^w among those where both gain.

    Args:
        gain_a: shape (bundles, worlds).
        gain_b: same.
        weight_b: w in (0, 1), shape (worlds,).

    Returns:
        Index of the best bundle and its log product; -inf where no bundle helps both.
    """
    both = (gain_a > GAIN) & (gain_b > GAIN)
    log_a = np.log(np.where(both, gain_a, 1.0))
    log_b = np.log(np.where(both, gain_b, 1.0))
    product = np.where(both, (1.0 - weight_b) * log_a + weight_b * log_b, -np.inf)
    return product.argmax(axis=0), product.max(axis=0)


def beyond_january(p: Parameters, horizon: int, months: int) -> Array:
    """Share of a projection's discounted weight that lies beyond the gas contract's January.

    Args:
        p: parameters; `world.discount` per month, `world.terminal_months` after the horizon.
        horizon: months for which play is held.
        months: from the round to January; 0 in January itself.

    Returns:
        Shape (worlds,): 1 in January, less the later it comes, 0 if not within the projection.
    """
    delta = p["world.discount"]
    end = delta ** (horizon + p["world.terminal_months"])
    return ((delta**months - end) / (1.0 - end)).clip(0.0)


def bargain(
    s: State,
    play: Play,
    p: Parameters,
    russia: Actor,
    belarus: Actor,
    horizon: int,
    payoffs: Payoffs,
    months_to_january: int = 0,
    *,
    linked: bool = True,
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
        months_to_january: until the yearly gas contract follows the deal.
        linked: whether access and voice are at stake; if not, transfers are bargained over by
            themselves: what stands promised stays so, and is given or not whatever is agreed.
    """
    scale, access, voice = (np.array(x)[:, None] for x in zip(*BUNDLES, strict=True))
    trust = s.trust

    def believed(promised: Array, now: Array) -> Array:
        """A promise is believed as far as the two trust each other; else present play goes on."""
        return trust * promised + (1.0 - trust) * now

    russia_now, belarus_now = play["russia"], play["belarus"]
    kept_alone = {
        **play,
        "russia": {
            **russia_now,
            "support_minsk": believed(_certain(1, 3), russia_now["support_minsk"]),
        },
    }
    kept = {
        **play,
        "russia": {
            **russia_now,
            "support_minsk": believed(_certain(1, 3), russia_now["support_minsk"])[:, None],
        },
        "belarus": {
            **belarus_now,
            "access": believed(
                (np.arange(3)[:, None, None] == access).astype(float),
                belarus_now["access"][:, None],
            ),
            "voice": np.where(
                voice == 1,
                believed(_certain(2, 3), belarus_now["voice"])[:, None],
                belarus_now["voice"][:, None],
            ),
        },
    }
    # The contract is held in a projection, so it stands at its mean over what is projected. It
    # follows the standing deal in January too, if nothing is signed.
    followed = beyond_january(p, horizon, months_to_january)
    paying = replace(
        s,
        deal_scale=scale + 0.0 * s.front,
        gas_scale=s.gas_scale + followed * (scale - s.gas_scale),
    )
    promised = replace(
        paying,
        deal_host=(access >= 1) + 0.0 * s.front,
        deal_launch=(access == 2) + 0.0 * s.front,
        deal_champion=(voice == 1) + 0.0 * s.front,
    )
    offered = (
        payoffs(promised, controls(kept, p), horizon)
        if linked
        else payoffs(paying, controls(kept_alone, p), horizon)
    )
    standing = replace(s, gas_scale=s.gas_scale + followed * (s.deal_scale - s.gas_scale))
    present = payoffs(standing, controls(play, p), horizon)
    possible = (
        (access < 2) | (s.active > 0.5)
        if linked
        else (access == s.deal_host + s.deal_launch) & (voice == s.deal_champion)
    )
    gain_russia = (offered[russia.name] - present[russia.name]) / russia.scale
    gain_belarus = (offered[belarus.name] - present[belarus.name]) / belarus.scale
    gain_russia = np.where(possible, gain_russia, -1.0)
    gain_belarus = np.where(possible, gain_belarus, -1.0)
    return settle(gain_russia, gain_belarus, p["world.bargaining_weight"])


def settle(gain_russia: Array, gain_belarus: Array, weight_belarus: Array) -> Bargain:
    """How a round ends, given what every bundle is worth to both beyond present play.

    Args:
        gain_russia: in units of its scale, shape (bundles, worlds); below 0 where not possible.
        gain_belarus: the same for Belarus.
        weight_belarus: its weight in the Nash product, in (0, 1), shape (worlds,).
    """
    best, product = weighted_nash(gain_russia, gain_belarus, weight_belarus)
    signed = np.isfinite(product)
    column = np.arange(signed.shape[0])
    return Bargain(
        signed=signed,
        bundle=np.where(signed, best, 0),
        gain_russia=np.where(signed, gain_russia[best, column], 0.0),
        gain_belarus=np.where(signed, gain_belarus[best, column], 0.0),
        offers_russia=(gain_russia > GAIN).any(axis=0),
        offers_belarus=(gain_belarus > GAIN).any(axis=0),
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


def breaches(s: State, c: Controls, p: Parameters) -> dict[str, Array]:
    """Share of what each side promised in the deal standing at the month's start, and did not keep.

    Russia owes the agreed transfers, of which it pays by its support level; that Minsk gets less
    for keeping less is no breach of Moscow's. Belarus owes access and voice. Who promised nothing
    breaks nothing.

    Args:
        s: state at the month's start.
        c: dials of the month's play.
        p: parameters.

    Returns:
        Party -> share, 0-1, shape (worlds,).
    """
    owed = (s.deal_scale > 0.0) | (s.gas_scale > 0.0)
    return {
        "russia": np.where(owed, 1.0 - c.support.clip(0.0, 1.0), 0.0),
        "belarus": 1.0 - compliance(s, c, p),
    }


def _certain(level: int, levels: int) -> Array:
    """One level for sure, shape (levels, 1)."""
    return (np.arange(levels)[:, None] == level).astype(float)
