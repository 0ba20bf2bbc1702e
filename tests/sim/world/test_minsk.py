"""What keeping a deal means, and what it pays."""

from dataclasses import replace

import numpy as np
import pytest

from agents.outlook import Array
from sim.model import ConflictModel
from sim.world.minsk import compliance, minsk_stage, payments, usual_gas
from sim.world.month import begin
from sim.world.state import State


@pytest.fixture(scope="module")
def model() -> ConflictModel:
    model = ConflictModel("status_quo", rng=1)
    model.step()
    return model


@pytest.mark.parametrize(
    ("promised", "done", "kept"),
    [
        ({"host": 1}, {"host": 0}, 0.0),  # all that was promised is broken
        ({"host": 1}, {"host": 1}, 1.0),
        ({}, {"host": 0}, 1.0),  # who promised nothing has kept it
        ({"host": 1, "launch": 1}, {"host": 1, "launch": 0}, 0.5),
    ],
)
def test_compliance_is_the_share_of_what_is_promised(
    model: ConflictModel, promised: dict[str, float], done: dict[str, float], kept: float
) -> None:
    one = np.ones_like(model.state.front)
    s = replace(
        model.state,
        deal_host=promised.get("host", 0) * one,
        deal_launch=promised.get("launch", 0) * one,
        deal_champion=0.0 * one,
        active=one,
    )
    c = replace(model.last.c, host=done.get("host", 0) * one, launch=done.get("launch", 0) * one)
    assert compliance(s, c, model.parameters) == pytest.approx(kept * one)


def test_a_promise_to_launch_binds_no_longer_in_peace(model: ConflictModel) -> None:
    one = np.ones_like(model.state.front)
    s = replace(model.state, deal_host=one, deal_launch=one, deal_champion=0 * one, active=0 * one)
    c = replace(model.last.c, host=one, launch=0 * one)
    assert (compliance(s, c, model.parameters) == 1.0).all()


def test_gas_rent_is_nothing_at_the_contract_price(model: ConflictModel) -> None:
    p = model.parameters
    at_price = replace(model.state, gas_benchmark=p["world.gas_price"])
    at_mean = replace(model.state, gas_benchmark=p["world.gas_benchmark_mean"])
    assert (payments(at_price, model.last.c, p)["gas"] == 0.0).all()
    dear = payments(at_mean, model.last.c, p)["gas"]
    kept = model.last.c.support * compliance(at_mean, model.last.c, p)
    assert dear == pytest.approx(usual_gas(p) * model.state.gas_scale * kept)


def minsk(model: ConflictModel, **changes: float) -> dict[str, Array]:
    """The month between Minsk and Moscow after a change of state or dials."""
    one = np.ones_like(model.state.front)
    state = {k: v * one for k, v in changes.items() if k in State.__dataclass_fields__}
    dials = {k: v * one for k, v in changes.items() if k not in state}
    s, c = replace(model.state, **state), replace(model.last.c, **dials)
    month = begin(s, c, model.parameters)
    return minsk_stage(s, c, month.e, payments(s, c, model.parameters), model.parameters)


def test_debt_is_deferred_while_the_deal_is_kept_and_served_when_it_is_not(
    model: ConflictModel,
) -> None:
    kept = minsk(model, deal_scale=1.0, support=1.0, host=1.0, champion=1.0)
    withheld = minsk(model, deal_scale=1.0, support=0.0, host=1.0, champion=1.0)
    due = 12.0 * model.parameters["world.debt_service"] * model.state.debt
    assert kept["deferred"] == pytest.approx(due * model.parameters["world.debt_deferred"])
    assert (withheld["deferred"] == 0.0).all()
    assert (withheld["debt"] < model.state.debt).all()
    assert (kept["debt"] > model.state.debt).all()


def test_debt_and_strained_budgets_cost_minsk_its_freedom_and_its_safety(
    model: ConflictModel,
) -> None:
    assert (minsk(model, debt=30.0)["autonomy"] < minsk(model, debt=8.0)["autonomy"]).all()
    strained, ample = minsk(model, fiscal_belarus=-5.0), minsk(model, fiscal_belarus=5.0)
    assert (strained["regime_security"] < ample["regime_security"]).all()


def test_alignment_follows_deeds_and_words(model: ConflictModel) -> None:
    def alignment(**dials: float) -> Array:
        return minsk(model, alignment=0.3, nuclear=0.0, **dials)["alignment"]

    away = alignment(host=0.0, champion=0.0, distance=1.0)
    word = alignment(host=0.0, champion=1.0, distance=0.0)
    deed = alignment(host=1.0, champion=0.0, distance=0.0)
    assert (away < word).all()
    assert (word < deed).all()


def test_call_ups_are_trained_in_belarus(model: ConflictModel) -> None:
    many = minsk(model, mobilisation_russia=3.0, host=1.0, launch=0.0)
    usual = minsk(model, mobilisation_russia=0.5, host=1.0, launch=0.0)
    none = minsk(model, mobilisation_russia=3.0, host=0.0, launch=0.0)
    assert (many["troops"] > usual["troops"]).all()
    assert (none["troops"] < model.state.troops).all()
