"""What the path measure must show, and must not, on the model itself."""

from typing import Any

import numpy as np
import pytest

from sim.analysis.who_moves_whom import measure_both
from sim.draws import TILE
from sim.ensemble.engine import simulate
from sim.ensemble.executors import InProcess
from sim.ensemble.twins import Followed, Pair, Watch, Worlds, entry_held, follow, twin
from sim.influence.behavioural import HEADLINE_PAIRS
from sim.influence.path import Divergence, divergence
from sim.model import ConflictModel
from sim.scenario import Month, Scenario, load_scenario
from tests.sim.influence.test_behavioural import DEAF_BELARUS, DEAF_RUSSIA

WORLDS = Worlds(TILE, seed=1, draws=4)


def watched(scenario: Scenario, pair: Pair, worlds: Worlds = WORLDS) -> tuple[Followed, Followed]:
    """The scenario and its twin, both actors watched."""
    watch = Watch(pair, (pair,))
    return (
        follow(scenario, watch, worlds, InProcess()),
        follow(twin(scenario, *pair), watch, worlds, InProcess()),
    )


def apart(pair: Pair, overrides: dict[str, Any]) -> tuple[Divergence, Divergence]:
    """How far the target's play lies from that beside the source's twin; and the source's own."""
    source, target = pair
    own, beside = watched(load_scenario("status_quo", {"months": 5, **overrides}), pair)
    return (
        divergence(own.courses[target], beside.courses[target], WORLDS.draws),
        divergence(own.courses[source], beside.courses[source], WORLDS.draws),
    )


def most(found: Divergence) -> float:
    return max(float(np.abs(np.nan_to_num(v)).max()) for v in found.distance.values())


@pytest.mark.parametrize("pair", HEADLINE_PAIRS)
def test_with_interdependence_at_zero_nobody_is_moved(pair: Pair) -> None:
    """The source's twin plays otherwise; it is the target who does not mind."""
    target, source = apart(pair, {"russia": DEAF_RUSSIA, "belarus": DEAF_BELARUS}[pair[1]])
    assert most(target) <= 1e-12
    assert most(source) > 0.1


def test_a_puppets_twin_retraces_its_path() -> None:
    target, source = apart(("belarus", "russia"), {"actors.belarus.plays": "puppet of russia"})
    assert most(target) == most(source) == 0.0
    target, _ = apart(("belarus", "russia"), {})
    assert most(target) > 0.001


def test_a_lever_that_cannot_react_shows_nothing_while_others_respond() -> None:
    """Courting others, where it brings and costs nothing whatever Minsk does."""
    idle = {
        "world.third_party_arms": 0.0,
        "world.third_party_diplomacy": 0.0,
        "world.court_cost": 0.0,
    }
    target, _ = apart(("belarus", "russia"), idle)
    found = {lever: np.abs(values).max() for lever, values in target.distance.items()}
    assert found["court_others"] <= 1e-12
    assert found["tempo"] > 1e-4
    assert found["support_minsk"] > 1e-4


def test_what_is_watched_is_what_happens() -> None:
    scenario = load_scenario("negotiated_settlement", {"months": 4})
    pair = ("russia", "belarus")
    found = follow(scenario, Watch(("belarus",), (pair,)), WORLDS, InProcess())
    model = ConflictModel(scenario, worlds=WORLDS.count, rng=WORLDS.seed, draws=WORLDS.draws)
    course = found.courses["belarus"]
    for month in range(4):
        model.step()
        options = model.actors["belarus"].probabilities.reshape(3, 2, 3, 2, 2, -1)
        assert course.levers["access"][month] == pytest.approx(options.sum(axis=(1, 2, 3, 4)))
        assert np.array_equal(found.swaps[pair]["mean"][month], model.influence[pair].mean)
    assert sum(p.sum(axis=1) for p in course.levers.values()) == pytest.approx(5.0)


def test_pairs_beyond_the_headline_are_measured_in_every_world() -> None:
    scenario = load_scenario("status_quo", {"months": 1})
    pair = ("nato", "ukraine")
    worlds = Worlds(TILE + 8, seed=1, draws=4)
    found = follow(scenario, Watch((), (pair,)), worlds, InProcess())
    assert found.swaps[pair]["mean"].shape == (1, TILE + 8)
    assert not np.isnan(found.swaps[pair]["mean"]).any()


def test_entry_is_held_until_a_move_of_the_scenario_takes_it() -> None:
    plain = load_scenario("status_quo")
    [held] = entry_held(plain, "belarus").moves
    assert (held.first, held.last, held.lever, held.level) == (
        plain.start,
        plain.end,
        "entry",
        "out",
    )
    assert entry_held(plain, "russia") is plain  # has no such lever
    entering = load_scenario("belarus_enters")
    first, second = entry_held(entering, "belarus").moves
    assert (first.level, first.last) == ("out", Month(2024, 5))
    assert second == entering.moves[0]
    entered = load_scenario("status_quo", {"initial.levels.belarus.entry": "in"})
    assert entry_held(entered, "belarus") is entered
    at_once = load_scenario("belarus_enters", {"start": "2024-06"})
    assert entry_held(at_once, "belarus") is at_once


def test_a_twin_that_may_not_enter_does_not() -> None:
    free = twin(load_scenario("status_quo", {"months": 6}), "belarus", "russia")
    worlds = Worlds(TILE, seed=1, draws=4)
    watch = Watch(("belarus",))
    enters = follow(free, watch, worlds, InProcess()).courses["belarus"].levers["entry"][:, 1]
    held = follow(entry_held(free, "belarus"), watch, worlds, InProcess())
    assert enters.max() > 0.0
    assert held.courses["belarus"].levers["entry"][:, 1].max() == 0.0
    assert not held.courses["belarus"].live["entry"].any()


class TestSimulateWithTwins:
    """`simulate(..., twins=True)` has the path measure beside the belief swap."""

    SHORT = load_scenario("status_quo", {"months": 4})

    def test_it_is_what_the_measure_says_set_by_set(self) -> None:
        worlds = TILE + 6  # the last set is not whole
        run = simulate(self.SHORT, worlds, 3, 1, None, True)
        path = run["influence_path"]
        assert path.dims == ("world", "month", "actor", "target")
        assert path.attrs["units"].startswith("total variation")
        told = measure_both(self.SHORT, HEADLINE_PAIRS, Worlds(worlds, seed=3, draws=4))
        for source, target in HEADLINE_PAIRS:
            one = path.sel(actor=source, target=target).values
            assert np.isnan(one[-2:]).all()
            by_set = one[:-2].reshape(-1, 4, 4)
            assert (by_set == by_set[:, :1]).all()
            assert np.nanmean(by_set[:, 0], axis=1) == pytest.approx(
                told[source, target].whole.by_path, abs=1e-15
            )
        others = [(a, b) for a in run["actor"].values for b in run["target"].values]
        for pair in set(others) - set(HEADLINE_PAIRS):
            assert np.isnan(path.sel(actor=pair[0], target=pair[1])).all()

    def test_the_worlds_are_the_same_without(self) -> None:
        run = simulate(self.SHORT, 8, twins=True)
        plain = simulate(self.SHORT, 8)
        assert run.drop_vars("influence_path").identical(plain)

    def test_a_puppet_shows_none(self) -> None:
        puppet = load_scenario(
            "status_quo", {"months": 4, "actors.belarus.plays": "puppet of russia"}
        )
        run = simulate(puppet, 8, twins=True)
        assert (run["influence_path"].sel(actor="belarus", target="russia") == 0).all()

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            ({"worlds": 3}, "not 3 worlds with draws=4"),
            ({"worlds": 8, "draws": 1}, "not 8 worlds with draws=1"),
            ({"worlds": 8, "first": 4}, "worlds from the first on"),
            ({"worlds": 8, "vary": "chance"}, 'not with vary="chance"'),
        ],
    )
    def test_what_it_cannot_do_is_said(self, words: dict[str, Any], said: str) -> None:
        with pytest.raises(ValueError, match=said):
            simulate(self.SHORT, twins=True, **words)
