"""Belarus and Russia between them: what is paid, what is kept, and what it does to Minsk."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from agents.outlook import Array
from sim.world.controls import Controls, Parameters
from sim.world.economy import stress
from sim.world.state import State, share, toward


def compliance(s: State, c: Controls, p: Parameters) -> Array:
    """How far Belarus keeps the deal that stood at the month's start, as a share of its promises.

    Hosting and launching weigh the same, championing `voice_promise`. A promise to let Russia
    launch binds only while there is fighting. Who promised nothing has kept it.
    """
    launch = s.deal_launch * s.active
    promised = 0.5 * (s.deal_host + launch) + p["world.voice_promise"] * s.deal_champion
    broken = 0.5 * (s.deal_host * (1.0 - c.host) + launch * (1.0 - c.launch)) + p[
        "world.voice_promise"
    ] * s.deal_champion * (1.0 - c.champion)
    return share(1.0 - broken / np.where(promised > 0.0, promised, 1.0))


def usual_gas(p: Parameters) -> Array:
    """Gas rent at the usual benchmark under the contract of 2023, USD bn a year."""
    return p["world.gas_volume"] * (p["world.gas_benchmark_mean"] - p["world.gas_price"]) / 1000.0


def usual_transfers(p: Parameters) -> Array:
    """Transfers of 2023, USD bn a year."""
    return p["world.loans_2023"] + usual_gas(p) + p["world.ports_2023"]


def payments(s: State, c: Controls, p: Parameters) -> dict[str, Array]:
    """Transfers paid: agreed, times Russia's support level, times Belarus's compliance.

    Gas rent is the gap between benchmark and contract price under the yearly contract; ports carry
    what their capacity allows.

    Returns:
        `loans`, `gas`, `ports` and the debt service `deferred`, in USD bn a year.
    """
    kept = p["world.transfers"] * c.support * compliance(s, c, p)
    due = 12.0 * p["world.debt_service"] * s.debt
    rent = p["world.gas_volume"] * (s.gas_benchmark - p["world.gas_price"]).clip(0.0) / 1000.0
    agreed_ports = s.deal_scale * p["world.ports_2023"]
    ports = agreed_ports + (s.port_capacity - agreed_ports).clip(None, 0.0)
    return {
        "loans": p["world.loans_2023"] * s.deal_scale * kept,
        "gas": rent * s.gas_scale * kept,
        "ports": ports * kept,
        "deferred": due * p["world.debt_deferred"] * share(kept * s.deal_scale),
    }


def minsk_stage(
    s: State,
    c: Controls,
    e: Mapping[str, Array],
    paid: Mapping[str, Array],
    p: Parameters,
) -> dict[str, Array]:
    """The month's change in what stands between Minsk and Moscow.

    Trust follows how far both keep the deal. Autonomy and regime security revert to levels that
    policy moves. Status comes from hosting, hosting of talks and speaking for Moscow (claim C19).

    Returns:
        New values of the Belarus-Russia fields of the state.
    """
    contract = p["world.transfers"] * usual_gas(p) * s.gas_scale * c.support * compliance(s, c, p)
    # gas counts as at the usual price elsewhere: what it costs there does not reach households
    total = paid["loans"] + contract + paid["ports"]
    at_war = s.entered * s.active  # what it costs to have entered ends with the fighting
    served = p["world.debt_service"] * s.debt - paid["deferred"] / 12.0
    bargain = share(10.0 * s.deal_scale)  # 1 where a deal of any size stands
    kept = compliance(s, c, p) * c.support.clip(0.0, 1.0)
    trust_level = share(
        bargain * kept
        + (1.0 - bargain) * p["world.trust_idle"]
        - p["world.trust_overture"] * c.overture
    )
    # call-ups beyond Russia's own training grounds are trained in Belarus
    trained = 1.0 + p["world.training"] * (s.mobilisation_russia - 1.0).clip(0.0)
    troops_level = (
        p["world.troops_host"] * trained * (c.host - c.launch * s.active)
        + p["world.troops_launch"] * c.launch * s.active
    )
    autonomy_level = share(
        p["world.autonomy_base"]
        - p["world.absorption"] * total / 10.0
        - p["world.debt_autonomy"] * (s.debt - p["world.debt_2021"]) / 10.0
        - p["world.basing_autonomy"] * s.troops / p["world.troops_launch"]
        - p["world.nuclear_autonomy"] * s.nuclear
        - p["world.entry_autonomy"] * at_war
        - p["world.voice_autonomy"] * c.champion
        + p["world.voice_autonomy"] * c.distance
        + p["world.overture_autonomy"] * c.overture
    )
    protection = e["belarus.protection"] / (1.0 + e["belarus.protection"])
    # what can be spent: output, in which gas is, and money beyond that of 2023
    money = paid["loans"] + paid["ports"] - p["world.loans_2023"] - p["world.ports_2023"]
    prosperity = s.output_belarus - 1.0 + money / p["world.gdp_belarus"]
    security_level = share(
        p["world.security_base"]
        + p["world.security_protection"] * protection
        + p["world.security_output"] * prosperity
        - p["world.security_fiscal"] * (stress(s.fiscal_belarus) - 0.5)
        - p["world.security_entry"] * at_war
        - p["world.security_nuclear"] * s.nuclear
        - p["world.security_launch"] * c.launch * s.active
        - p["world.security_strike"] * c.strike * (0.3 + 0.7 * c.launch)
        - p["world.security_overture"] * c.overture
        - p["world.security_press"] * c.press * (1.0 - c.entry)
    )
    talks = c.talks_russia * c.talks_ukraine * (s.active + s.ceasefire)
    status_level = share(
        p["world.status_base"]
        + p["world.status_nuclear"] * s.nuclear
        + p["world.status_host"] * c.host
        + p["world.status_mediation"] * c.neutral * (0.2 + 0.8 * talks)
        + p["world.status_champion"] * c.champion
        + p["world.status_engaged"] * c.overture * c.engage
    )
    basing = share(s.troops / p["world.troops_launch"])
    entry_level = share(
        p["world.entry_doubt"]
        * (1.0 - p["world.denial_credibility"])
        * (0.2 + 0.35 * basing + 0.25 * c.launch + 0.2 * s.alignment)
        + at_war
    )
    # what Minsk does and says, in shares of all that could be seen of it
    alignment_level = share(
        0.35 * c.host + 0.25 * c.launch + 0.2 * s.nuclear + 0.2 * (c.champion - c.distance) + at_war
    )
    return {
        **paid,
        "port_capacity": toward(
            s.port_capacity, s.deal_scale * p["world.ports_2023"], p["world.port_build"]
        ),
        "debt": (s.debt + paid["loans"] / 12.0 - served).clip(0.0),
        "trust": share(toward(s.trust, trust_level, p["world.trust_rate"])),
        "troops": toward(s.troops, troops_level, 0.4),
        "stock": share(
            s.stock
            - p["world.stock_drawn"] * c.host * s.active * s.stock
            + p["world.stock_made"] * (1.0 - s.stock)
        ),
        "nuclear": s.nuclear + (1.0 - s.nuclear) * c.nuclear,
        "entered": s.entered + (1.0 - s.entered) * c.entry * s.active,
        "status_index": share(toward(s.status_index, status_level, 0.2)),
        "autonomy": share(toward(s.autonomy, autonomy_level, p["world.autonomy_rate"])),
        "regime_security": share(
            toward(s.regime_security, security_level, p["world.security_rate"])
        ),
        "alignment": share(toward(s.alignment, alignment_level, p["world.alignment_rate"])),
        "entry_belief": share(toward(s.entry_belief, entry_level, 0.25)),
    }
