"""How a war ends: beliefs, bargaining ranges, commitment, ceasefires and breakthroughs.

With one common belief and positive costs a bargaining range always exists (Fearon 1995). A lasting
war here therefore comes from *differing beliefs*, which converge through battle (Slantchev 2003),
and from *commitment problems* (Powell 2006). Nothing here knows how long the war has lasted, and
Belarus touches the ending only through costs, odds and mediation.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from agents.outlook import Array
from sim.world.controls import Controls, Parameters
from sim.world.economy import stress
from sim.world.state import State, share, sigmoid, toward
from sim.world.war import Battle, contest


@dataclass(slots=True)
class Hazards:
    """Monthly probabilities of the changes of status, each shape (worlds,) or (options, worlds)."""

    ceasefire: Array  # active -> ceasefire
    russian: Array  # active -> Russian breakthrough
    ukrainian: Array  # active -> Ukrainian breakthrough
    settlement: Array  # ceasefire -> settled
    relapse: Array  # ceasefire -> active
    terms: Array  # share of territory that a settlement now would leave to Russia


def bargaining_range(p: Array, cost_a: Array, cost_b: Array) -> tuple[Array, Array]:
    """Shares of the prize that A would accept and B would grant (Fearon 1995).

    Args:
        p: probability that A prevails, if both share it.
        cost_a: cost of fighting to A, in shares of the prize.
        cost_b: cost of fighting to B.

    Returns:
        Lower and upper bound of A's share; a settlement exists where lower <= upper.
    """
    return p - cost_a, p + cost_b


def powell_gap(
    delta: Array | float, pie: Array | float, m1: Array, m2: Array, m1_next: Array
) -> Array:
    """By how much the rising side's gain exceeds what can be promised (Powell 2006).

    Commitment fails, and war follows despite complete information, where
    delta * M1(t+1) - M1(t) > B - (M1(t) + M2(t)).

    Args:
        delta: discount factor.
        pie: B, the flow to be divided.
        m1: minmax payoff of the side that grows stronger, now.
        m2: minmax payoff of the other side, now.
        m1_next: minmax payoff of the growing side, next period.

    Returns:
        Left side minus right side; positive means war.
    """
    return (delta * m1_next - m1) - (pie - (m1 + m2))


def war_costs(battle: Battle, s: State, p: Parameters) -> tuple[Array, Array]:
    """Cost to Russia and Ukraine of fighting on, in shares of what is fought over.

    A month's casualties and fiscal strain, in the units of each side's own payoff and as they are
    or would be if the fighting resumed, times the months each expects it to last, over the payoff
    of the contested territory for good: a month of it over 1 - discount.
    """
    stake = 10.0 * (p["world.threshold_russia"] - p["world.threshold_ukraine"])
    months = p["world.war_expected"] * (1.0 - p["world.discount"])
    # headroom as it would be without the war, and as the war makes it
    relieved = s.fiscal_russia + s.active * p["world.war_cost"] * battle.vigour
    strain = stress(relieved - p["world.war_cost"] * battle.vigour) - stress(relieved)
    russia = (
        p["actors.russia.incentives.casualties"] * battle.toll_russia / 10.0
        + p["actors.russia.incentives.fiscal"] * strain
    )
    ukraine = p["actors.ukraine.incentives.casualties"] * battle.toll_ukraine / 10.0
    return (
        months * russia / (p["actors.russia.incentives.territory"] * stake),
        months * ukraine / (p["actors.ukraine.incentives.territory"] * stake),
    )


def hazards(s: State, c: Controls, battle: Battle, p: Parameters) -> Hazards:
    """Probabilities of each change of status in the month.

    Both sides must talk. A ceasefire then grows likelier where the perceived range is not empty,
    Powell's inequality fails, and both are past the point where going on is worth less than
    settling (Zartman's mutually hurting stalemate). M1 and M2 are each side's odds less its costs;
    the pie is 1; a lull lets the side grow that is worse supplied. The weakest of the four
    conditions counts, since each is necessary. The terms of a settlement lie between the line of
    contact, a focal point (Schelling 1960), and the middle of the perceived range.
    """
    cost_russia, cost_ukraine = war_costs(battle, s, p)
    width = p["world.range_width"]
    # each side reckons its end of the range with its own odds
    low, _ = bargaining_range(s.belief_russia, cost_russia, cost_ukraine)
    _, high = bargaining_range(s.belief_ukraine, cost_russia, cost_ukraine)
    room = high - low
    odds = contest(battle.power_russia, battle.power_ukraine)
    # the emptier stock gains most from a lull
    lull = p["world.lull_shift"] * (s.materiel_russia - s.materiel_ukraine) / 12.0
    rise_russia, rise_ukraine = (-lull).clip(0.0), lull.clip(0.0)
    m_russia, m_ukraine = odds - cost_russia, 1.0 - odds - cost_ukraine
    delta = p["world.discount"]
    blocked = sigmoid(
        np.maximum(
            powell_gap(delta, 1.0, m_russia, m_ukraine, m_russia + rise_russia),
            powell_gap(delta, 1.0, m_ukraine, m_russia, m_ukraine + rise_ukraine),
        )
        / width
    )
    stake = p["world.threshold_russia"] - p["world.threshold_ukraine"]
    # the middle of the perceived range, of the territory that is at stake
    middle = share(0.5 * (low + s.belief_ukraine + cost_ukraine))
    fair = p["world.threshold_ukraine"] + stake * middle
    hoped = p["world.war_expected"] * battle.advance / stake
    hurting = np.minimum(
        sigmoid((cost_russia - hoped) / width), sigmoid((cost_ukraine + hoped) / width)
    )
    talks = c.talks_russia * c.talks_ukraine
    mediation = 1.0 + p["world.mediation"] * c.neutral
    ripe = np.minimum(np.minimum(sigmoid(room / width), 1.0 - blocked), hurting)
    edge = p["world.threshold_width"]
    return Hazards(
        ceasefire=share(p["world.ceasefire_hazard"] * talks * ripe * mediation),
        russian=0.5 * _beyond((s.front - p["world.threshold_russia"]) / edge),
        ukrainian=0.5 * _beyond((p["world.threshold_ukraine"] - s.front) / edge),
        settlement=share(p["world.settlement_hazard"] * talks * (1.0 - blocked) * mediation),
        relapse=share(p["world.relapse_hazard"] * (0.3 + blocked)),
        terms=toward(s.front, fair, p["world.terms_beyond_line"]),
    )


def _beyond(x: Array) -> Array:
    """0 before a threshold, rising to 1 within one width beyond it."""
    return x.clip(0.0, 1.0)


def expected_endings(s: State, h: Hazards, p: Parameters) -> dict[str, Array]:
    """Status probabilities after the month, for projections."""
    stay = (1.0 - h.russian) * (1.0 - h.ukrainian)
    russian, ukrainian = s.active * h.russian, s.active * (1.0 - h.russian) * h.ukrainian
    truce = s.active * stay * h.ceasefire
    settled, relapsed = s.ceasefire * h.settlement, s.ceasefire * (1.0 - h.settlement) * h.relapse
    return {
        "active": s.active - russian - ukrainian - truce + relapsed,
        "ceasefire": s.ceasefire + truce - settled - relapsed,
        "settled": s.settled + settled,
        "breakthrough_russia": s.breakthrough_russia + russian,
        "breakthrough_ukraine": s.breakthrough_ukraine + ukrainian,
        "front": share(
            s.front + p["world.collapse"] * (russian - ukrainian) + settled * (h.terms - s.front)
        ),
    }


def drawn_endings(s: State, h: Hazards, p: Parameters, u: Array) -> dict[str, Array]:
    """Status after the month on the path of each world.

    Args:
        s: state; the five status fields are certainties.
        h: hazards of the month.
        p: parameters.
        u: uniforms, shape (4, worlds): Russian breakthrough, Ukrainian, the talks, a relapse.
    """
    fell = {
        "russian": np.where(u[0] < h.russian, 1.0, 0.0),
        "ukrainian": np.where(u[1] < h.ukrainian, 1.0, 0.0),
        "ceasefire": np.where(u[2] < h.ceasefire, 1.0, 0.0),
        "settlement": np.where(u[2] < h.settlement, 1.0, 0.0),
        "relapse": np.where(u[3] < h.relapse, 1.0, 0.0),
    }
    return expected_endings(s, replace(h, **fell), p)


def believed_power(believed: Array, battle: Battle) -> Array:
    """Factor on Russia's power at which the contest odds are those believed, within [1/2, 2].

    Args:
        believed: probability that Russia prevails, shape (worlds,).
        battle: the month as it stands.
    """
    odds = believed.clip(0.02, 0.98)
    ratio = np.sqrt(odds / (1.0 - odds))
    return (ratio * battle.power_ukraine / battle.power_russia).clip(0.5, 2.0)


def war_beliefs(s: State, c: Controls, battle: Battle, p: Parameters) -> dict[str, Array]:
    """Both sides' odds that Russia prevails, drawn together by what battle shows.

    Converges towards the contest odds of the powers at the front, faster the harder the fighting
    (Slantchev 2003); without fighting nothing is learned. Minsk's championing of Moscow's terms
    shifts what both read (claim C10).
    """
    odds = contest(battle.power_russia, battle.power_ukraine)
    moved = battle.advance / (abs(battle.advance) + 2.0 * p["world.still"])
    signal = share(odds + p["world.belief_trend"] * moved + p["world.voice_terms"] * c.champion)
    rate = p["world.belief_rate"] * battle.intensity
    return {
        "belief_russia": share(toward(s.belief_russia, signal, rate)),
        "belief_ukraine": share(toward(s.belief_ukraine, signal, rate)),
    }
