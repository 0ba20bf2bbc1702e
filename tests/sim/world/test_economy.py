"""Belarus's trade under sanctions, and where strained budgets come from."""

from dataclasses import replace

import numpy as np
import pytest

from agents.outlook import Array
from sim.model import ConflictModel
from sim.world.economy import economy_stage, stress
from sim.world.functions import supplies
from sim.world.month import begin


@pytest.fixture(scope="module")
def model() -> ConflictModel:
    model = ConflictModel("status_quo", rng=1)
    model.step()
    return model


def economy(model: ConflictModel, **changes: float) -> dict[str, Array]:
    """The month's economies after a change of state."""
    one = np.ones_like(model.state.front)
    s = replace(model.state, **{k: v * one for k, v in changes.items()})
    month = begin(s, model.last.c, model.parameters)
    return economy_stage(s, month.c, month.e, month.battle, model.parameters, None)


def test_goods_barred_in_the_west_go_to_russia_and_through_its_ports(model: ConflictModel) -> None:
    free = economy(model, sanctions_belarus=0.0, ports=1.0)
    barred = economy(model, sanctions_belarus=0.8, ports=1.0)
    assert (barred["exports_west"] < free["exports_west"]).all()
    assert (barred["exports_russia"] > free["exports_russia"]).all()
    assert (barred["exports_transit"] > free["exports_transit"]).all()


def test_ports_carry_what_the_deal_opens_and_no_more_than_is_barred(model: ConflictModel) -> None:
    shut = economy(model, sanctions_belarus=0.8, ports=0.0)
    assert (shut["exports_transit"] < model.state.exports_transit).all()
    nothing_barred = economy(model, sanctions_belarus=0.0, ports=50.0)
    assert (nothing_barred["exports_transit"] < model.state.exports_transit).all()


def test_more_is_sold_in_all_when_nothing_is_barred(model: ConflictModel) -> None:
    """Sanctions cost Belarus trade: what is turned elsewhere is less than what is barred."""
    p, one = model.parameters, np.ones_like(model.state.front)
    assert (p["world.exports_turned"] < 1.0).all()
    s = model.state
    for _ in range(60):
        now = economy(model, sanctions_belarus=0.8)
        s = replace(s, **{k: v for k, v in now.items() if k.startswith("exports")})
    sold = s.exports_west + s.exports_russia + s.exports_transit
    assert (sold < p["world.exports_west"] + p["world.exports_russia"] * one).all()


def test_debt_that_is_served_strains_the_budget_of_belarus(model: ConflictModel) -> None:
    served, deferred = (
        economy(model, debt=10.0, deferred=0.0),
        economy(model, debt=10.0, deferred=1.2),
    )
    assert (served["fiscal_belarus"] < deferred["fiscal_belarus"]).all()


def test_stress_is_half_at_balance_and_grows_with_the_deficit() -> None:
    values = stress(np.array([-20.0, -5.0, 0.0, 5.0, 20.0]))
    assert (np.diff(values) < 0.0).all()
    assert values[2] == 0.5
    assert values[0] == pytest.approx(10.0, abs=0.05)


def test_what_a_kept_contract_gives_industry_does_not_rise_with_the_price_elsewhere(
    model: ConflictModel,
) -> None:
    one = np.ones_like(model.state.front)

    def energy(benchmark: float) -> Array:
        s = replace(model.state, gas_benchmark=benchmark * one)
        return supplies(s, model.last.c, model.parameters)["belarus.energy"]["russia"]

    assert (energy(1300.0) == energy(460.0)).all()
