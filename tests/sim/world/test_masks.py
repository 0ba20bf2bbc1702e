"""What can be chosen when."""

from dataclasses import replace

import numpy as np
import pytest

from sim.model import ConflictModel
from sim.world.masks import Fixed, Levels, closures, feasible, live, open_levels


@pytest.fixture(scope="module")
def model() -> ConflictModel:
    return ConflictModel("status_quo", rng=1)


def levels(model: ConflictModel, *fixed: Fixed, **changes: float) -> Levels:
    one = np.ones_like(model.state.front)
    menus = {name: actor.menu for name, actor in model.actors.items()}
    return open_levels(
        replace(model.state, **{k: v * one for k, v in changes.items()}), menus, fixed
    )


def column(rows: np.ndarray) -> list[bool]:
    return [bool(x) for x in rows[:, 0]]


def test_in_war_all_but_the_spent_is_open(model: ConflictModel) -> None:
    found = levels(model)
    assert column(found["russia"]["tempo"]) == [True] * 3
    assert column(found["belarus"]["access"]) == [True] * 3
    assert column(found["belarus"]["nuclear_hosting"]) == [False, True]  # hosted since 2023


def test_entry_and_hosting_cannot_be_undone(model: ConflictModel) -> None:
    found = levels(model, entered=1.0)
    assert column(found["belarus"]["entry"]) == [False, True]
    assert column(found["russia"]["press_entry"]) == [True, False]


def test_a_settlement_closes_what_needs_a_war(model: ConflictModel) -> None:
    found = levels(model, active=0.0, settled=1.0)
    for actor, lever in (
        ("russia", "tempo"),
        ("russia", "talks"),
        ("russia", "press_entry"),
        ("ukraine", "tempo"),
        ("ukraine", "talks"),
        ("ukraine", "north"),
        ("belarus", "entry"),
    ):
        assert not live(found[actor][lever]).any(), lever
    assert column(found["belarus"]["access"]) == [True, True, False]


def test_a_ceasefire_leaves_talks_open(model: ConflictModel) -> None:
    found = levels(model, active=0.0, ceasefire=1.0)
    assert live(found["russia"]["talks"]).all()
    assert not live(found["russia"]["tempo"]).any()


def test_with_no_deal_there_is_nothing_to_pay(model: ConflictModel) -> None:
    found = levels(model, deal_scale=0.0, gas_scale=0.0)
    assert not live(found["russia"]["support_minsk"]).any()


def test_a_scripted_move_leaves_one_level_unless_the_state_forbids_it(
    model: ConflictModel,
) -> None:
    assert column(levels(model, Fixed("russia", "tempo", 2))["russia"]["tempo"]) == [
        False,
        False,
        True,
    ]
    peace = levels(model, Fixed("russia", "tempo", 2), active=0.0, settled=1.0)
    assert column(peace["russia"]["tempo"]) == [True, False, False]


def test_some_option_is_always_feasible(model: ConflictModel) -> None:
    for changes in ({}, {"active": 0.0, "settled": 1.0}, {"entered": 1.0, "deal_scale": 0.0}):
        found = levels(model, **changes)
        for actor in model.actors.values():
            assert feasible(found[actor.name], actor.menu).any(axis=0).all()


def test_every_closure_names_a_lever_and_a_reason(model: ConflictModel) -> None:
    for closure in closures(model.state):
        known = model.actors[closure.actor].menu.levels()[closure.lever]
        closed = [level for level in range(len(known)) if closure.closes(level)]
        assert 0 < len(closed) < len(known)
        assert closure.where.shape == model.state.front.shape
        assert closure.why


def test_what_is_closed_has_a_reason(model: ConflictModel) -> None:
    """After a settlement, Belarus having entered, closed levels are those that closures name."""
    one = np.ones_like(model.state.front)
    state = replace(model.state, active=0.0 * one, settled=one, entered=one)
    found = open_levels(state, {name: actor.menu for name, actor in model.actors.items()})
    named = {
        (c.actor, c.lever, level)
        for c in closures(state)
        for level in range(len(found[c.actor][c.lever]))
        if c.closes(level) and c.where[0]
    }
    closed = {
        (actor, lever, level)
        for actor, levers in found.items()
        for lever, rows in levers.items()
        for level in range(len(rows))
        if not rows[level, 0]
    }
    assert closed == named
    assert ("russia", "talks", 1) in closed
