"""What keeping a deal means, and what it pays."""

from dataclasses import replace

import numpy as np
import pytest

from sim.model import ConflictModel
from sim.world.minsk import compliance, payments


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
    assert dear == pytest.approx(p["world.gas_2023"] * model.state.gas_scale * kept)
