"""Bargaining and commitment against published numbers; the book-keeping of statuses."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.outlook import Array
from sim.model import ConflictModel
from sim.world.endings import (
    Hazards,
    bargaining_range,
    drawn_endings,
    expected_endings,
    hazards,
    powell_gap,
    war_costs,
)
from sim.world.month import begin
from sim.world.state import STATUSES, State, sigmoid


def at(value: float) -> np.ndarray:
    return np.array([value])


def test_bargaining_range() -> None:
    """Fearon (1995): p - c_A to p + c_B."""
    low, high = bargaining_range(at(0.6), at(0.1), at(0.2))
    assert (low[0], high[0]) == pytest.approx((0.5, 0.8))


def test_who_does_not_know_the_range_demands_too_much() -> None:
    """Fearon (1995), private information: A knows B's cost to be uniform on [0, 1/2] only.

    With p = .6 and c_A = .1 it demands .8 of what is at stake and meets war in .4 of cases: it gets
    what it asks if that lies within the range, and else fights for the lower end.
    """
    costs = (np.arange(20_000) + 0.5) / 40_000
    low, high = bargaining_range(np.full_like(costs, 0.6), at(0.1), costs)
    demands = np.linspace(0.5, 1.1, 601)
    war = np.array([(high < demand).mean() for demand in demands])
    best = (demands * (1.0 - war) + low[0] * war).argmax()
    assert demands[best] == pytest.approx(0.8, abs=1e-4)
    assert war[best] == pytest.approx(0.4, abs=1e-4)


def test_room_is_the_range_that_both_see(state: State) -> None:
    """With one belief the range holds both costs (Fearon 1995), with distant ones it is empty."""
    model = ConflictModel("status_quo", rng=1)
    model.step()
    one = np.ones_like(model.state.front)
    p = {**model.parameters, "world.ceasefire_hazard": one, "world.mediation": 0.0 * one}
    talking = replace(model.last.c, talks_russia=one, talks_ukraine=one)

    def ceasefire(russia: float, ukraine: float) -> Array:
        s = replace(model.state, belief_russia=russia * one, belief_ukraine=ukraine * one)
        return hazards(s, talking, model.last.battle, p).ceasefire

    costs = sum(war_costs(model.last.battle, model.state, model.parameters))
    empty = sigmoid((0.1 - 0.9 + costs) / p["world.range_width"])
    found = ceasefire(0.9, 0.1)
    assert (found <= empty * (1.0 + 1e-12)).all()  # the weakest condition counts
    assert np.isclose(found, empty, rtol=1e-12).mean() > 0.9
    agreed = ceasefire(0.5, 0.5)
    assert (agreed >= found).all()
    assert agreed.mean() > 2.0 * found.mean()


def test_wars_of_attrition_last_as_long_as_they_should(state: State) -> None:
    """War of attrition over V = 10 at a cost of 1 a unit of time: 5 in the mean.

    In the symmetric equilibrium each side gives in at a rate of cost over V (Maynard Smith 1974),
    so the first of the two does at 0.2. Statuses that change at this rate, in steps of a twentieth,
    have to give that duration, as probabilities and as drawn.
    """
    step, rate = 0.05, 2.0 * 1.0 / 10.0
    rng = np.random.default_rng(6)

    def lasts(worlds: int, *, drawn: bool) -> float:
        one = np.ones(worlds)
        never = 0.0 * one
        h = Hazards(-np.expm1(-rate * step) * one, never, never, never, never, never)
        p = {"world.collapse": never}
        s = State(**{f.name: getattr(state, f.name)[0] * one for f in fields(State)})
        duration = 0.0
        for _ in range(int(60 / step)):
            u = rng.random((4, worlds))
            ended = drawn_endings(s, h, p, u) if drawn else expected_endings(s, h, p)
            duration += step * 0.5 * float((s.active + ended["active"]).mean())
            s = replace(s, **ended)
        return duration

    assert lasts(1, drawn=False) == pytest.approx(5.0, abs=1e-4)
    assert lasts(4000, drawn=True) == pytest.approx(5.0, abs=4 * 5 / np.sqrt(4000))


@pytest.mark.parametrize(("following", "left", "fights"), [(6.0, 2.4, True), (5.5, 1.95, False)])
def test_commitment(following: float, left: float, fights: bool) -> None:
    """Powell (2006): delta .9, a pie of 10, minmax payoffs 3 and 5."""
    gap = powell_gap(0.9, 10.0, at(3.0), at(5.0), at(following))[0]
    assert gap == pytest.approx(left - 2.0)
    assert bool(gap > 0) is fights


@pytest.fixture(scope="module")
def state() -> State:
    return ConflictModel("status_quo", rng=1).state


odds = st.floats(0, 1)


@given(
    odds, odds, odds, odds, odds, odds, st.lists(st.floats(0.001, 0.999), min_size=4, max_size=4)
)
def test_statuses_always_sum_to_one(
    state: State, a: float, b: float, c: float, d: float, e: float, f: float, u: list[float]
) -> None:
    worlds = state.front.shape[0]
    h = Hazards(*(np.full(worlds, x) for x in (a, b, c, d, e, f)))
    p = {"world.collapse": np.full(worlds, 0.05)}
    for after in (
        expected_endings(state, h, p),
        drawn_endings(state, h, p, np.full((4, worlds), 1.0) * np.array(u)[:, None]),
    ):
        total = sum(after[name] for name in STATUSES)
        assert np.asarray(total) == pytest.approx(1.0)
        assert all((after[name] >= -1e-15).all() for name in STATUSES)
        assert ((after["front"] >= 0.0) & (after["front"] <= 1.0)).all()


def test_drawn_endings_are_certainties_with_the_right_odds(state: State) -> None:
    worlds = 100_000
    one = np.ones(worlds)
    active = State(**{name: one * getattr(state, name)[0] for name in State.__dataclass_fields__})
    h = Hazards(0.2 * one, 0.1 * one, 0.05 * one, 0 * one, 0 * one, 0.1 * one)
    u = np.random.default_rng(2).random((4, worlds))
    after = drawn_endings(active, h, {"world.collapse": 0.05 * one}, u)
    for name in STATUSES:
        assert set(np.unique(after[name])) <= {0.0, 1.0}
    expected = expected_endings(active, h, {"world.collapse": 0.05 * one})
    for name in STATUSES:
        assert after[name].mean() == pytest.approx(expected[name][0], abs=0.005)


def test_a_lull_helps_the_emptier_stock_and_so_breaks_a_truce() -> None:
    """Commitment fails where one side would come back from a truce much stronger."""
    model = ConflictModel("status_quo", rng=1)
    model.step()
    one = np.ones_like(model.state.front)

    def relapse(materiel_ukraine: float) -> float:
        s = replace(model.state, materiel_russia=6.0 * one, materiel_ukraine=materiel_ukraine * one)
        talking = replace(model.last.c, talks_russia=one, talks_ukraine=one)
        return float(hazards(s, talking, model.last.battle, model.parameters).relapse[0])

    assert relapse(6.0) < relapse(0.5)
    assert relapse(6.0) < relapse(12.0)


@pytest.mark.parametrize("beyond", [0.0, 0.6])
def test_terms_lie_between_the_line_and_the_middle_of_the_range(beyond: float) -> None:
    """A side that both believe in gets more than it holds, as far as terms leave the line."""
    model = ConflictModel("status_quo", rng=1)
    model.step()
    one = np.ones_like(model.state.front)
    p = {**model.parameters, "world.terms_beyond_line": beyond * one}

    def terms(odds: float) -> Array:
        s = replace(model.state, belief_russia=odds * one, belief_ukraine=odds * one)
        return hazards(s, model.last.c, model.last.battle, p).terms

    if beyond == 0.0:
        assert terms(0.1) == pytest.approx(model.state.front)
        assert terms(0.9) == pytest.approx(model.state.front)
    else:
        assert (terms(0.1) < model.state.front).all()
        assert (terms(0.9) > model.state.front).all()


def test_a_settlement_moves_the_line_to_its_terms(state: State) -> None:
    one = np.ones_like(state.front)
    truce = replace(state, active=0.0 * one, ceasefire=one, settled=0.0 * one)
    h = Hazards(0.0 * one, 0.0 * one, 0.0 * one, one, 0.0 * one, 0.15 * one)
    after = expected_endings(truce, h, {"world.collapse": 0.05 * one})
    assert after["settled"] == pytest.approx(1.0)
    assert after["front"] == pytest.approx(0.15)


def test_costs_of_resuming_count_in_a_ceasefire() -> None:
    model = ConflictModel("status_quo", rng=1)
    model.step()
    truce = replace(model.state, active=0.0 * model.state.active, ceasefire=model.state.active)
    month = begin(truce, model.last.c, model.parameters)
    assert (month.battle.losses_russia == 0.0).all()
    russia, ukraine = war_costs(month.battle, truce, model.parameters)
    assert (russia > 0.0).all()
    assert (ukraine > 0.0).all()
