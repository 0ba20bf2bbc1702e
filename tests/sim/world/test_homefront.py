"""What wears down support for going on."""

from dataclasses import replace

import numpy as np
import pytest

from agents.outlook import Array
from sim.model import ConflictModel
from sim.world.homefront import homefront_stage, support_level


@pytest.fixture(scope="module")
def model() -> ConflictModel:
    model = ConflictModel("status_quo", rng=1)
    model.step()
    return model


def test_support_falls_with_the_log_of_all_losses_and_with_those_of_the_month(
    model: ConflictModel,
) -> None:
    p, one = model.parameters, np.ones_like(model.state.front)

    def level(cumulative: float, recent: float) -> Array:
        return support_level(0.9 * one, cumulative * one, recent * one, 200.0 * one, p)

    assert (level(400.0, 10.0) < level(200.0, 10.0)).all()
    assert (level(200.0, 30.0) < level(200.0, 10.0)).all()
    early, late = level(0.0, 0.0) - level(100.0, 0.0), level(400.0, 0.0) - level(500.0, 0.0)
    assert (early > late).all()  # the first hundred thousand weigh more than the fifth


def test_an_offer_of_talks_that_is_refused_costs_support_and_one_accepted_does_not(
    model: ConflictModel,
) -> None:
    one, s = np.ones_like(model.state.front), model.state

    def support(russia: float, ukraine: float) -> Array:
        c = replace(model.last.c, talks_russia=russia * one, talks_ukraine=ukraine * one)
        return homefront_stage(s, c, model.last.battle, model.parameters)["support_ukraine"]

    assert (support(0.0, 1.0) < support(0.0, 0.0)).all()
    assert (support(1.0, 1.0) == support(0.0, 0.0)).all()
    assert (support(1.0, 0.0) == support(0.0, 0.0)).all()
