"""What the belief swap must show, and must not."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents import menus
from sim.deliberation.options import respond
from sim.draws import BLOCK, TILE
from sim.influence.behavioural import (
    ALL_PAIRS_WORLDS,
    HEADLINE_PAIRS,
    HINGING,
    Influence,
    belief_swaps,
    in_all_pairs,
)
from sim.model import ConflictModel
from sim.scenario import load_scenario
from sim.world.controls import Controls, Parameters, Play, controls
from tests.sim.deliberation.test_options import table_of, weighed_by_all
from tests.support.tables import next_table

DEAF_RUSSIA: dict[str, Any] = {
    # what Belarus gives
    "world.arms_belarus": 0.0,
    "world.access_belarus": 0.0,
    "world.diplomacy_belarus": 0.0,
    "world.kappa": 0.0,
    "world.launch_bonus": 0.0,
    "world.azimuth_losses": 0.0,
    "world.entry_force": 0.0,
    "world.entry_threat": 0.0,
    "world.nuclear_threat": 0.0,
    "world.fixed_watch": 0.0,
    "world.fixed_fortify": 0.0,
    "world.voice_terms": 0.0,
    "world.mediation": 0.0,
    "world.leakage": 0.0,
    "world.transfers": 0.0,
    # what Russia minds about what Belarus does
    "actors.russia.incentives.transfers": 0.0,
    "actors.russia.incentives.escalation": 0.0,
    "actors.russia.incentives.flank": 0.0,
}
DEAF_BELARUS: dict[str, Any] = {
    f"actors.belarus.incentives.{name}": 0.0
    for name in ("rents", "retaliation", "regime_security", "autonomy", "status")
} | {
    # how Minsk is seen once it has entered hinges on the war going on, and so on Russia
    "world.sanctions_alignment": 0.0,
    "world.conditionality": 0.0,
}


def played(overrides: dict[str, Any], months: int = 3) -> ConflictModel:
    model = ConflictModel(load_scenario("status_quo", overrides), worlds=64, rng=1)
    for _ in range(months):
        model.step()
    return model


def figures(found: Influence) -> dict[str, np.ndarray]:
    """Every figure of a pair under a name of its own."""
    whole = {"mean": found.mean, "joint": found.joint, "entry_allowed": found.entry_allowed}
    shifts = {f"{lever} shift": values for lever, values in found.shift.items()}
    return whole | found.levers | shifts


def most(found: Influence) -> dict[str, float]:
    """The largest of every figure of a pair, NaN (a masked lever) counting as none."""
    return {name: float(np.abs(np.nan_to_num(v)).max()) for name, v in figures(found).items()}


class TestNone:
    """Influence is exactly absent where it must be: mean, joint, by lever, shift, entry allowed."""

    @settings(max_examples=6, deadline=None)
    @given(seed=st.integers(0, 2**40), months=st.integers(1, 4))
    def test_with_interdependence_at_zero(self, seed: int, months: int) -> None:
        """The parameters by which the two touch each other, at any draw of all the others."""
        model = ConflictModel(
            load_scenario("status_quo", DEAF_RUSSIA | DEAF_BELARUS), worlds=TILE, rng=seed
        )
        for _ in range(months):
            model.step()
        table = next_table(model)
        for found in belief_swaps(table, HEADLINE_PAIRS, weighed_by_all(table)).values():
            for figure, value in most(found).items():
                assert value <= 1e-12, figure

    def test_with_a_world_that_does_not_pass_it_on(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The measure hears of the source only through what its play does to the target's world.

        The dials are turned by the target alone here, for all pairs of actors.
        """
        model = played({})
        table = next_table(model)
        standing = table.believed_play(model.actors["russia"])
        for source, target in permutations(table.actors, 2):

            def deaf(play: Play, p: Parameters, target: str = target) -> Controls:
                shown = {**standing, target: play[target]}
                return controls({n: _as_rows(levers) for n, levers in shown.items()}, p)

            with monkeypatch.context() as patch:
                patch.setattr("sim.deliberation.rollouts.controls", deaf)
                alone = replace(table, answered={})
                [found] = belief_swaps(alone, [(source, target)], weighed_by_all(alone)).values()
            for figure, value in most(found).items():
                assert value == 0.0, (source, target, figure)

    @settings(max_examples=3, deadline=None)
    @given(seed=st.integers(0, 2**40), months=st.integers(1, 4))
    def test_of_a_puppet_over_its_master(self, seed: int, months: int) -> None:
        """Whoever the two are, and at whatever state the world has reached."""
        model = ConflictModel("status_quo", worlds=TILE, rng=seed)
        for _ in range(months):
            model.step()
        table = next_table(model)
        for puppet, master in permutations(table.actors, 2):
            seated = replace(table, plays={**table.plays, puppet: f"puppet of {master}"})
            [found] = belief_swaps(seated, [(puppet, master)], weighed_by_all(seated)).values()
            for figure, value in most(found).items():
                assert value == 0.0, (puppet, master, figure)


def test_a_lever_that_cannot_react_shows_nothing_while_others_respond() -> None:
    """Courting others, where it brings and costs nothing whatever Minsk does."""
    idle = {
        "world.third_party_arms": 0.0,
        "world.third_party_diplomacy": 0.0,
        "world.court_cost": 0.0,
    }
    found = most(played(idle).influence["belarus", "russia"])
    assert found["court_others"] <= 1e-12
    assert found["court_others shift"] <= 1e-12
    others = [lever for lever in menus()["russia"] if lever != "court_others"]
    assert min(found[lever] for lever in others) > 1e-6
    assert max(found[lever] for lever in others) > 1e-3
    # it is this world that makes it idle, and no blindness of the measure
    assert most(played({}).influence["belarus", "russia"])["court_others"] > 1e-9


def _as_rows(levers: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Probabilities with an axis for rows, as the rollouts have them."""
    return {name: p if p.ndim == 3 else p[:, None] for name, p in levers.items()}


def test_a_puppet_of_one_moves_the_others() -> None:
    """That a puppet shows none over its master is no blindness of the measure."""
    table = next_table(played({"actors.belarus.plays": "puppet of russia"}))
    found = belief_swaps(table, [("belarus", "ukraine")], weighed_by_all(table))
    assert found["belarus", "ukraine"].joint.max() > 1e-6


def test_otherwise_there_is_some_and_it_is_a_share() -> None:
    model = played({})
    for found in model.influence.values():
        assert np.nanmax(found.joint) > 1e-6
        for values in (found.joint, found.mean, found.entry_allowed, *found.levers.values()):
            assert ((values >= 0) & (values <= 1) | np.isnan(values)).all()


def test_a_lever_is_never_moved_more_than_the_whole_menu() -> None:
    model = played({})
    for found in model.influence.values():
        for values in found.levers.values():
            assert (np.nan_to_num(values) <= found.joint + 1e-12).all()


def test_the_shift_of_a_two_level_lever_is_its_total_variation() -> None:
    """With two levels the expected index moves by exactly the probability that moves."""
    found = played({}).influence["belarus", "russia"]
    for lever in ("press_entry", "talks", "court_others"):
        assert np.abs(found.shift[lever]) == pytest.approx(found.levers[lever], abs=1e-12)


def test_masked_levers_are_left_out_of_the_mean() -> None:
    model = played({})
    found = model.influence["russia", "belarus"]
    assert np.isnan(found.levers["nuclear_hosting"]).all()  # hosted already: nothing to decide
    live = [v for v in found.levers.values() if not np.isnan(v).any()]
    assert found.mean == pytest.approx(sum(live) / len(live))


def test_entry_allowed_differs_only_where_the_source_may_enter() -> None:
    model = ConflictModel("status_quo", worlds=64, rng=1)
    model.state = replace(model.state, entered=np.ones(model.width))
    model.step()
    for found in model.influence.values():
        assert np.array_equal(found.entry_allowed, found.mean, equal_nan=True)
    model = played({})
    for (source, _), found in model.influence.items():
        same = np.array_equal(found.entry_allowed, found.mean, equal_nan=True)
        assert same == (source != "belarus")


@given(st.integers(0, 5000), st.integers(1, 3000), st.integers(1, 3000))
def test_where_all_pairs_are_measured_hangs_on_a_worlds_index_alone(
    first: int, one: int, two: int
) -> None:
    whole = first + in_all_pairs(first, one + two)
    parts = [first + in_all_pairs(first, one), first + one + in_all_pairs(first + one, two)]
    assert np.array_equal(whole, np.concatenate(parts))
    assert all(world % BLOCK < ALL_PAIRS_WORLDS for world in whole)


def test_all_pairs_in_the_first_worlds_of_a_block_and_only_the_headline_elsewhere() -> None:
    model = ConflictModel("status_quo", worlds=range(40, 40 + TILE), rng=1)
    model.step()
    assert set(model.influence) == {(a, b) for a in model.actors for b in model.actors if a != b}
    measured = np.arange(40, 40 + TILE) < ALL_PAIRS_WORLDS
    for pair, found in model.influence.items():
        assert (~np.isnan(found.joint) == (measured | (pair in HEADLINE_PAIRS))).all()


@pytest.mark.parametrize("first", [7, 1030])
def test_a_world_alone_has_the_influence_it_has_among_others(first: int) -> None:
    """Whatever stands beside it fills the tile of the worlds in which all pairs are measured."""
    alone = ConflictModel("negotiated_settlement", worlds=range(first, first + 1), rng=3)
    among = ConflictModel("negotiated_settlement", worlds=range(first - 5, first + 150), rng=3)
    for _ in range(3):
        alone.step()
        among.step()
    for pair, found in among.influence.items():
        one = figures(alone.influence[pair])
        for name, values in figures(found).items():
            assert np.array_equal(values[5], one[name][0], equal_nan=True), (pair, name)


def test_some_of_the_worlds_weigh_as_all_do() -> None:
    model = ConflictModel("status_quo", worlds=2 * TILE, rng=2)
    model.step()
    columns = np.arange(1, 2 * TILE, 2)
    table = table_of(model, exact=False)
    whole, some = weighed_by_all(table), weighed_by_all(table.at(columns))
    for name, weighed in whole.items():
        cut = weighed.at(columns, model.actors[name].at(columns))
        probabilities = respond(table, weighed)[:, columns]
        assert np.array_equal(respond(table.at(columns), some[name]), probabilities)
        assert np.array_equal(respond(table.at(columns), cut), probabilities)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["status_quo", "negotiated_settlement", "belarus_enters"])
def test_swaps_of_fewer_rows_agree_with_exact_ones_on_a_thousand_states(name: str) -> None:
    model = ConflictModel(name, worlds=2 * TILE, rng=8)
    apart: dict[str, list[np.ndarray]] = {}
    for _ in range(8):
        model.step()
        exact, parts = table_of(model, exact=True), table_of(model, exact=False)
        one = belief_swaps(exact, HEADLINE_PAIRS, weighed_by_all(exact))
        two = belief_swaps(parts, HEADLINE_PAIRS, weighed_by_all(parts))
        for pair in HEADLINE_PAIRS:
            other = figures(two[pair])
            for figure, values in figures(one[pair]).items():
                apart.setdefault(figure, []).append(np.abs(values - other[figure]))
    for figure, months in apart.items():
        values = np.nan_to_num(np.concatenate(months))
        assert values.size >= 1000
        assert values.max() < 0.01, figure
        assert values.mean() < 1e-4, figure


def test_the_hinging_levers_are_declared_to_interact() -> None:
    model = ConflictModel("status_quo", rng=1)
    for (_, target), together in HINGING.items():
        assert set(together) <= set(model.actors[target].interactions or ())
