"""Who supplies whom with what: the production functions behind dependence.

Each actor needs certain functions (arms, access, credit, ...). Suppliers combine with constant
elasticity, E = (sum_j (phi_j q_j)^eta)^(1/eta), eta in (0, 1]: eta = 1 makes them perfect
substitutes, less makes each worth more than its share. What E does is in the mechanisms; how much
an actor depends on a supplier is in `sim.influence.emerson` (Emerson 1962).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from agents.outlook import Array
from agents.response import add_up
from sim.world.controls import Controls, Parameters
from sim.world.minsk import compliance
from sim.world.state import State

type Supplies = Mapping[str, Mapping[str, Array]]
"""Function ("russia.arms") -> supplier ("own", "belarus", "outside") -> phi times q."""

LINEAR = frozenset({"russia.access"})
"""Functions whose suppliers are perfect substitutes whatever eta is: ground to attack from adds up,
and what Belarus's ground is worth beside Russia's own is geometry (`sim.world.war`)."""


def ces(inputs: Iterable[Array], eta: Array) -> Array:
    """Constant-elasticity aggregate (sum x^eta)^(1/eta).

    Args:
        inputs: supplies phi*q >= 0, each broadcastable to (options, worlds).
        eta: substitution parameter in (0, 1], shape (worlds,).

    Returns:
        The aggregate, 0 where nothing is supplied.
    """
    return aggregator(eta)(inputs)


def aggregator(eta: Array) -> Callable[[Iterable[Array]], Array]:
    """The aggregate for given substitution parameters, to be applied to many functions.

    Square roots are exact and cheap, powers are neither: where every world has eta of 1 or 1/2 no
    power is taken. A world has the same bits whatever the others have.
    """
    ones, halves = eta == 1.0, eta == 0.5
    if bool(ones.all()):
        return add_up
    if bool((ones | halves).all()):
        return lambda inputs: _linear_or_root(list(inputs), ones)
    return lambda inputs: _linear_root_or_power(list(inputs), eta, ones, halves)


def _linear_or_root(rows: list[Array], ones: NDArray[np.bool_]) -> Array:
    root = add_up(np.sqrt(row) for row in rows)
    return np.where(ones, add_up(rows), root * root)


def _linear_root_or_power(
    rows: list[Array], eta: Array, ones: NDArray[np.bool_], halves: NDArray[np.bool_]
) -> Array:
    root = add_up(np.sqrt(row) for row in rows)
    power = add_up(row**eta for row in rows) ** (1.0 / eta)
    return np.where(ones, add_up(rows), np.where(halves, root * root, power))


def supplies(s: State, c: Controls, p: Parameters) -> Supplies:
    """What each supplier gives to each function this month, in the function's unit."""
    ammunition = s.stock * c.host * (1.0 - p["world.arms_denied"] * s.sanctions_belarus)
    presence = 0.3 + 0.7 * (s.troops / p["world.troops_launch"]).clip(0.0, 1.0)
    hosting = 0.4 + 0.3 * c.host + 0.3 * s.nuclear
    # goods that Belarus may import leak to Russia, so easing there blunts sanctions here
    tight = s.sanctions_russia * (1.0 - p["world.leakage"] * (1.0 - s.sanctions_belarus))
    industry = p["world.arms_industry"] * (1.0 - p["world.sanctions_bite"] * tight)
    return {
        "russia.arms": {
            "own": industry,
            "belarus": p["world.arms_belarus"] * ammunition,
            "outside": s.outside_arms,
        },
        "russia.access": {
            "own": p["world.access_own"],
            "belarus": p["world.access_belarus"] * (0.4 * c.host + 0.6 * c.launch) * presence,
        },
        "russia.diplomacy": {
            "own": p["world.diplomacy_own"],
            "belarus": p["world.diplomacy_belarus"] * (c.champion + 0.3 * c.neutral),
            "outside": s.outside_diplomacy,
        },
        "russia.flank": {
            "own": p["world.flank_own"],
            "belarus": p["world.kappa"]
            * s.regime_security
            * hosting
            * (1.0 - p["world.trust_flank"] * (1.0 - s.trust)),
        },
        "belarus.energy": {
            "own": p["world.energy_own"],
            # what a contract kept is worth to industry, whatever gas costs elsewhere
            "russia": p["world.energy_russia"] * s.gas_scale * c.support * compliance(s, c, p),
        },
        "belarus.credit": {
            "own": p["world.credit_own"],
            "russia": p["world.credit_russia"] * s.loans / p["world.loans_2023"],
            "nato": p["world.credit_west"] * c.engage * c.overture,
            "outside": s.belarus_credit,
        },
        "belarus.market": {
            "own": p["world.market_own"],
            "russia": p["world.market_russia"] * s.exports_russia / p["world.exports_2023"],
            "nato": p["world.market_west"] * s.exports_west / p["world.exports_west"],
            "outside": s.belarus_market
            + p["world.market_transit"] * s.exports_transit / p["world.exports_transit"],
        },
        "belarus.transit": {
            "own": p["world.transit_own"],
            "russia": p["world.exports_transit"] * s.ports / p["world.ports_2023"],
            "outside": s.belarus_transit,
        },
        "belarus.protection": {
            "own": p["world.protection_own"],
            "russia": p["world.protection_russia"]
            * c.support.clip(0.0, 1.5)
            * presence
            * (1.0 - p["world.trust_protection"] * (1.0 - s.trust)),
        },
        "ukraine.arms": {
            "own": p["world.arms_ukraine"],
            "nato": p["world.arms_aid"] * s.aid,
        },
        "ukraine.finance": {
            "own": p["world.finance_ukraine"],
            "nato": p["world.finance_aid"] * s.aid,
        },
        "nato.buffer": {
            "own": 1.0 + 0.5 * c.reinforce,
            "ukraine": p["world.buffer_ukraine"]
            * s.force_ukraine
            / p["world.force_reference"]
            * (1.0 - s.front),
        },
    }


def norms(given: Supplies, eta: Array) -> dict[str, Array]:
    """Factors that make every substitution parameter agree at a reference.

    The aggregate with eta below 1 exceeds the sum of what is supplied, so that units would depend
    on eta. Scaled to the sum at the supplies of a reference state, the same for all scenarios, eta
    changes only how well suppliers replace one another. Dependence, a ratio of aggregates, does
    not notice.

    Args:
        given: supplies at the reference state, under its standing play.
        eta: substitution parameter, shape (worlds,).

    Returns:
        "norm." and the function's name -> factor, shape (worlds,); 1 where nothing is supplied.
    """
    aggregate = aggregator(eta)
    out: dict[str, Array] = {}
    for name, by_supplier in given.items():
        combine = add_up if name in LINEAR else aggregate
        total = combine(by_supplier.values()) + 0.0 * eta
        linear = add_up(by_supplier.values()) + 0.0 * eta
        out[f"norm.{name}"] = np.divide(linear, total, out=np.ones_like(total), where=total > 0)
    return out


def efficiencies(
    given: Supplies, p: Parameters, boost: Mapping[str, Array] | None = None
) -> dict[str, Array]:
    """Aggregate of each function, in the unit of its supplies.

    Args:
        given: supplies of the month.
        p: parameters, with the factors of `norms` among them.
        boost: factors on named functions, for numerical marginal values.
    """
    aggregate = aggregator(p["world.substitution"])
    out: dict[str, Array] = {}
    for name, by_supplier in given.items():
        combine = add_up if name in LINEAR else aggregate
        total = combine(by_supplier.values()) * p[f"norm.{name}"]
        out[name] = total if boost is None or name not in boost else total * boost[name]
    return out
