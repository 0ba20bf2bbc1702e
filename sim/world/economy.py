"""Economies, sanctions, aid and outside partners."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from agents.outlook import Array
from sim.world.controls import Controls, Parameters
from sim.world.state import State, share, toward
from sim.world.war import Battle, Chance


def stress(headroom: Array) -> Array:
    """Fiscal stress from headroom in % of GDP: 0 when ample, growing with the deficit.

    The smooth ramp (-x + sqrt(x^2 + 4)) / 4: 0.5 at balance, about -x/2 in deep deficit.
    """
    return 0.25 * (np.sqrt(headroom * headroom + 4.0) - headroom)


def economy_stage(
    s: State,
    c: Controls,
    e: Mapping[str, Array],
    battle: Battle,
    p: Parameters,
    luck: Chance | None,
) -> dict[str, Array]:
    """The month's change of budgets, sanctions, Belarus's output and outside partners.

    Budgets revert to a level set by oil, the war's cost, sanctions and aid. Sanctions
    revert to what policy aims at; diplomatic cover blunts them for Russia, alignment with Moscow
    draws them for Belarus (claim C08). Outside suppliers answer courting with a lag.

    Returns:
        New values of the economic fields of the state.
    """
    cover = e["russia.diplomacy"] / (1.0 + e["russia.diplomacy"])
    goal_russia = share(c.sanctions_goal * (1.0 - p["world.cover"] * cover))
    goal_belarus = share(
        p["world.track_hold"]
        + p["world.track_step"] * (c.squeeze - c.engage)
        + p["world.sanctions_alignment"] * s.alignment
    )
    energy = e["belarus.energy"] / (1.0 + e["belarus.energy"])
    market = e["belarus.market"] / (1.0 + e["belarus.market"])
    credit = e["belarus.credit"] / (1.0 + e["belarus.credit"])
    output_level = (
        p["world.output_base"]
        + p["world.output_market"] * (market - p["world.market_2021"])
        + p["world.output_energy"] * (energy - 0.5)
        + p["world.output_credit"] * (credit - 0.5)
    )
    war_cost = p["world.war_cost"] * battle.intensity
    fiscal_russia = (
        p["world.fiscal_russia"]
        + p["world.fiscal_oil"] * (s.oil - p["world.oil_mean"]) / 10.0
        - war_cost
        - p["world.fiscal_sanctions"] * s.sanctions_russia
        - 100.0 * (s.loans + s.deferred + p["world.court_cost"] * c.court) / p["world.gdp_russia"]
    )
    fiscal_ukraine = (
        p["world.fiscal_ukraine"]
        + p["world.fiscal_aid"] * e["ukraine.finance"]
        - p["world.war_cost_ukraine"] * s.active
    )
    unserved = p["world.debt_service"] * 12.0 * s.debt - s.deferred
    fiscal_belarus = (
        p["world.fiscal_output"] * (s.output_belarus - 1.0)
        + p["world.fiscal_credit"] * (credit - 0.5)
        - 100.0 * unserved / p["world.gdp_belarus"]
    )
    barred = share(p["world.exports_barred"] * s.sanctions_belarus)
    west = p["world.exports_west"] * (1.0 - barred)
    lost = p["world.exports_west"] - west
    # goods barred in the West go to Russia, or elsewhere as far as ports and routes carry them
    transit = np.minimum(e["belarus.transit"], (1.0 - p["world.exports_turned"]) * lost)
    opening = 1.0 + p["world.opening"] * c.overture * c.engage
    oil = toward(s.oil, p["world.oil_mean"], p["world.oil_reversion"])
    gas = toward(s.gas_benchmark, p["world.gas_benchmark_mean"], 0.08)
    if luck is not None:
        oil, gas = oil * luck.oil, gas * luck.gas
    return {
        "oil": oil.clip(15.0, 200.0),
        "gas_benchmark": gas.clip(100.0, 3000.0),
        "fiscal_russia": toward(s.fiscal_russia, fiscal_russia, 0.15),
        "fiscal_belarus": toward(s.fiscal_belarus, fiscal_belarus, 0.15),
        "fiscal_ukraine": toward(s.fiscal_ukraine, fiscal_ukraine, 0.2),
        "sanctions_russia": share(toward(s.sanctions_russia, goal_russia, 0.12)),
        "sanctions_belarus": share(toward(s.sanctions_belarus, goal_belarus, 0.12)),
        "exports_west": toward(s.exports_west, west, 2.0 * p["world.trade_lag"]),
        "exports_russia": toward(
            s.exports_russia,
            p["world.exports_russia"] + p["world.exports_turned"] * lost,
            p["world.trade_lag"],
        ),
        "exports_transit": toward(s.exports_transit, transit, p["world.trade_lag"]),
        "output_belarus": toward(s.output_belarus, output_level, 0.15).clip(0.3, 2.0),
        "aid": toward(s.aid, c.aid, p["world.aid_lag"]).clip(0.0),
        "outside_arms": toward(
            s.outside_arms,
            p["world.third_party_arms"] * (0.35 + 0.65 * c.court),
            p["world.court_lag"],
        ).clip(0.0),
        "outside_diplomacy": toward(
            s.outside_diplomacy,
            p["world.third_party_diplomacy"] * (0.5 + 0.5 * c.court),
            p["world.court_lag"],
        ).clip(0.0),
        "belarus_market": toward(s.belarus_market, p["world.outside_market"] * opening, 0.05).clip(
            0.0
        ),
        "belarus_transit": toward(
            s.belarus_transit, p["world.outside_transit"] * opening, 0.05
        ).clip(0.0),
        "belarus_credit": toward(s.belarus_credit, p["world.outside_credit"] * opening, 0.05).clip(
            0.0
        ),
    }
