"""Attrition against closed forms."""

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest

from agents.outlook import Array
from sim.model import ConflictModel
from sim.scenario import load_scenario
from sim.world.month import begin
from sim.world.war import attrition, contest, lanchester, war_stage


def at(value: float) -> np.ndarray:
    return np.array([value])


def test_square_law() -> None:
    """The square law of Lanchester (1916): A cosh(kt) - B sinh(kt)."""
    a, b = lanchester(at(1000.0), at(800.0), 0.01, 0.01, 2.0, 20.0, 2000)
    assert a[0] == pytest.approx(858.99795, abs=1e-4)
    assert b[0] == pytest.approx(614.71740, abs=1e-4)


def test_square_law_annihilates_the_weaker_side_on_time() -> None:
    """Lanchester (1916): at t = atanh(0.8)/0.01 B is gone, A keeps sqrt(1000^2 - 800^2)."""
    end = math.atanh(0.8) / 0.01
    assert end == pytest.approx(109.8612, abs=1e-4)
    a, b = lanchester(at(1000.0), at(800.0), 0.01, 0.01, 2.0, end, 20_000)
    assert a[0] == pytest.approx(600.0, abs=1e-4)
    assert b[0] == pytest.approx(0.0, abs=1e-4)


def test_linear_law() -> None:
    """Lanchester (1916): with equal rates the difference stays, the ratio grows exponentially."""
    a, b = lanchester(at(1000.0), at(800.0), 1e-4, 1e-4, 1.0, 10.0, 2000)
    assert a[0] == pytest.approx(579.68427, abs=1e-4)
    assert b[0] == pytest.approx(379.68427, abs=1e-4)


def test_smaller_steps_converge_to_the_closed_form() -> None:
    def error(steps: int) -> float:
        a, _ = lanchester(at(1000.0), at(800.0), 0.01, 0.01, 2.0, 20.0, steps)
        return abs(float(a[0]) - (1000 * math.cosh(0.2) - 800 * math.sinh(0.2)))

    errors = [error(n) for n in (10, 20, 40, 80)]
    assert all(one / two > 3.5 for one, two in itertools.pairwise(errors))  # order 2


def test_exponents_between_the_laws_lie_between_them() -> None:
    low, high = attrition(at(2.0), at(0.5), 1.0, 1.0), attrition(at(2.0), at(0.5), 1.0, 2.0)
    middle = attrition(at(2.0), at(0.5), 1.0, 1.5)
    assert low < middle < high


def test_contest_of_equals_is_even_and_of_opposites_sums_to_one() -> None:
    a, b = at(3.0), at(5.0)
    assert contest(a, a)[0] == 0.5
    assert contest(a, b) + contest(b, a) == pytest.approx(1.0)


def test_no_share_of_the_force_held_in_the_north_turns_power_negative() -> None:
    extreme = {"world.fixed_watch": 1.0, "world.fixed_fortify": 1.0, "world.access_belarus": 5.0}
    model = ConflictModel(load_scenario("status_quo", extreme), worlds=8, rng=1)
    for _ in range(2):
        model.step()
        assert (model.last.battle.power_ukraine > 0).all()
        assert (model.last.battle.losses_russia >= 0).all()


@pytest.fixture(scope="module")
def model() -> ConflictModel:
    model = ConflictModel("status_quo", rng=1)
    model.step()
    return model


def test_overextension_weakens_attack_and_defence(model: ConflictModel) -> None:
    """So an army that advanced fast can be thrown back, and not merely stopped."""
    s, c, p = model.state, model.last.c, model.parameters
    attacked = replace(c, effort_russia=0.0 * s.front, effort_ukraine=1.0 + 0.0 * s.front)
    fresh = begin(replace(s, overextension_russia=0.0 * s.front), attacked, p).battle
    tired = begin(replace(s, overextension_russia=2.0 + 0.0 * s.front), attacked, p).battle
    assert (tired.power_russia < fresh.power_russia).all()
    assert (tired.advance < fresh.advance).all()
    assert (fresh.advance < 0.0).all()


def test_a_retreat_shortens_the_line(model: ConflictModel) -> None:
    s = replace(model.state, overextension_russia=2.0 + 0.0 * model.state.front)
    month = begin(s, model.last.c, model.parameters)
    behind = replace(month.battle, advance=-0.02 + 0.0 * s.front)
    still = replace(month.battle, advance=0.0 * s.front)
    fallen, stood = (
        war_stage(s, month.c, month.e, battle, model.parameters) for battle in (behind, still)
    )
    assert (fallen["overextension_russia"] < stood["overextension_russia"]).all()
    assert (fallen["overextension_ukraine"] > stood["overextension_ukraine"]).all()


def test_open_lines_move_faster_than_dug_ones(model: ConflictModel) -> None:
    s, c = model.state, model.last.c
    p = {**model.parameters, "world.defence": 0.0 * s.front}  # digging in hardens them as well
    c = replace(c, effort_russia=1.0 + 0.0 * s.front, effort_ukraine=0.0 * s.front)
    free = begin(replace(s, fortification=0.1 + 0.0 * s.front), c, p).battle.advance
    dug = begin(replace(s, fortification=0.9 + 0.0 * s.front), c, p).battle.advance
    assert (free > dug).all()


def test_a_call_up_brings_recruits_and_wears_off(model: ConflictModel) -> None:
    def after(mobilisation: float) -> dict[str, Array]:
        s = replace(model.state, mobilisation_russia=mobilisation + 0.0 * model.state.front)
        month = begin(s, model.last.c, model.parameters)
        return war_stage(s, month.c, month.e, month.battle, model.parameters)

    assert (after(2.0)["force_russia"] > after(1.0)["force_russia"]).all()
    assert (after(2.0)["mobilisation_russia"] < 2.0).all()
    assert (after(0.1)["mobilisation_russia"] > 0.1).all()
