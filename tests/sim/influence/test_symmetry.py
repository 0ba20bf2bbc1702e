"""Names carry no weight: exchange two actors, and everything measured of them is exchanged.

Two actors on a world made for the purpose, whose payoffs touch through two dials. All that decides
and measures is the model's own: menus, beliefs, rollouts, the choice, draws by key, the belief
swap. Only the world behind the rollouts is the toy's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from itertools import permutations
from typing import Any

import mesa
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.actor import Actor, Incentive
from agents.levers import Lever, Menu
from agents.outlook import Array, Outlook
from agents.response import marginals
from sim.deliberation.options import respond
from sim.deliberation.table import Table
from sim.draws import uniforms
from sim.influence.behavioural import Influence, belief_swaps
from sim.influence.coleman import control, interests, power
from sim.influence.emerson import dependence
from sim.influence.fbic import capacity
from sim.influence.path import Course, divergence, over_levers
from sim.kernel.projector import Projector
from sim.world.controls import Controls, Parameters, Play
from sim.world.state import State
from tests.sim.deliberation.test_options import weighed_by_all

WORLDS = 64
MONTHS = 4
DRAWS = 4
SIDES = ("left", "right")
OTHER = {"left": "right", "right": "left"}
MENU = Menu((Lever("push", ("low", "middle", "high")), Lever("talk", ("no", "yes"))))
# The toy borrows two dials a side and two primitives, whatever these are called.
DIALS = [f.name for f in fields(Controls)]
TURNS = {
    "left": {"push": DIALS[0], "talk": DIALS[1]},
    "right": {"push": DIALS[2], "talk": DIALS[3]},
}
FEELS = dict(zip(SIDES, [f.name for f in fields(Outlook)], strict=False))

type History = dict[str, list[np.ndarray]]
"""What is said of a side -> its value each month."""


def sit(name: str) -> type[Actor]:
    """A class of actor for one side; named only once it is made, it stays out of the roster."""

    class Side(Actor):
        menu = MENU
        incentives = (Incentive("good", lambda o: getattr(o, FEELS[name]), "payoff", True),)
        interactions = (("push", "talk"),)

    Side.name = name
    return Side


def turn(play: Play, p: Parameters) -> Controls:
    """Each side's levers turn its own two dials."""
    dials = {
        TURNS[side]["push"]: levers["push"][1] + 2.0 * levers["push"][2]
        for side, levers in play.items()
    }
    dials |= {TURNS[side]["talk"]: levers["talk"][1] for side, levers in play.items()}
    nothing = 0.0 * dials[DIALS[0]]
    return Controls(**{name: dials.get(name, nothing) for name in DIALS})


def outcome(s: State, c: Controls, p: Parameters, horizon: int) -> Outlook:
    """Both sides' payoffs: own effort, the other's, and how the two go together."""
    felt = {}
    for side in SIDES:
        mine, yours = TURNS[side], TURNS[OTHER[side]]
        push, talk = getattr(c, mine["push"]), getattr(c, mine["talk"])
        against, answer = getattr(c, yours["push"]), getattr(c, yours["talk"])
        felt[FEELS[side]] = horizon * (
            p[f"{side}.effort"] * push
            + p[f"{side}.clash"] * (push * against)
            + p[f"{side}.accord"] * (talk * answer)
            + p[f"{side}.haste"] * (push * talk)
        )
    nothing = 0.0 * felt[FEELS["left"]]
    return Outlook(**{f.name: felt.get(f.name, nothing) for f in fields(Outlook)})


class Toy(Projector):
    """Projects the toy's world instead of the model's."""

    def __init__(self, p: Parameters, actors: Mapping[str, Actor]) -> None:
        self.p, self.actors = p, actors

    def payoffs(self, s: State, c: Any, horizon: int, **_: object) -> dict[str, Array]:  # noqa: ANN401
        dials = Controls(**{name: rows.all() for name, rows in c.items()})
        seen = outcome(s, dials, self.p, horizon)
        return {name: actor.payoff(seen) for name, actor in self.actors.items()}


def turned_by() -> dict[str, tuple[tuple[str, str], ...]]:
    """Which levers each dial reads."""
    turns = {dial: ((side, lever),) for side in SIDES for lever, dial in TURNS[side].items()}
    return {name: turns.get(name, ()) for name in DIALS}


@pytest.fixture(autouse=True)
def _toy_world(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.deliberation.rollouts.controls", turn)
    monkeypatch.setattr("sim.deliberation.rollouts.levers_of_dials", turned_by)


def traits(seed: int, side: str) -> dict[str, Array]:
    """What one side is like, drawn world by world."""
    rng = np.random.default_rng([seed, SIDES.index(side)])
    mine: dict[str, Array] = {
        name: rng.normal(size=WORLDS) for name in ("effort", "clash", "accord", "haste")
    }
    mine |= {"precision": 1.0 + rng.random(WORLDS), "memory": rng.random(WORLDS)}
    return mine | {"switching": 0.2 * rng.random(WORLDS), "scale": 1.0 + rng.random(WORLDS)}


def setting(natures: Mapping[str, Mapping[str, Array]]) -> dict[str, Array]:
    """Parameters under which each side has the nature given to it."""
    p: dict[str, Array] = {}
    for side, mine in natures.items():
        p |= {f"{side}.{name}": mine[name] for name in ("effort", "clash", "accord", "haste")}
        p |= {
            f"actors.{side}.{name}": mine[name]
            for name in ("precision", "memory", "switching", "scale")
        }
        p[f"actors.{side}.incentives.good"] = np.ones(WORLDS)
    return p


def played(
    natures: Mapping[str, Mapping[str, Array]],
    keys: Mapping[str, str],
    plays: Mapping[str, str] | None = None,
) -> History:
    """A few months of play.

    Args:
        natures: side -> what it is like.
        keys: side -> name under which its choices are drawn.
        plays: side -> who sits in its chair, where that is not itself.

    Returns:
        For each side what it chose, with what odds, and its influence over the other.
    """
    p = setting(natures)
    model = mesa.Model()
    actors = {
        side: sit(side)(model, p, np.zeros((len(MENU.levers), WORLDS), dtype=np.int64))
        for side in natures
    }
    nowhere = State(**{f.name: np.zeros(WORLDS) for f in fields(State)})
    everything = {lever.name: np.ones((len(lever.levels), WORLDS), bool) for lever in MENU.levers}
    history: History = {}
    for month in range(MONTHS):
        for side, actor in actors.items():
            actor.expect(actors[OTHER[side]])
        table = Table(
            state=nowhere,
            parameters=p,
            light=Toy(p, actors),
            actors=actors,
            plays={**dict.fromkeys(actors, "itself"), **(plays or {})},
            open=dict.fromkeys(actors, everything),
            horizon=2,
        )
        weighed = weighed_by_all(table)
        moved = belief_swaps(table, permutations(actors, 2), weighed)
        cared = interests(weighed, {side: table.feasible(a) for side, a in actors.items()})
        for k, (side, actor) in enumerate(actors.items()):
            odds = respond(table, weighed[side])
            draws = {
                lever: uniforms(1, f"choice.{keys[side]}.{lever}", month, 0, WORLDS)
                for lever in MENU.names
            }
            seen = {"odds": odds, "levels": actor.choose(odds, draws), "interest": cared[k, k]}
            for name, values in {**seen, **told(moved[side, OTHER[side]])}.items():
                history.setdefault(f"{side}: {name}", []).append(np.array(values))
    return history


def told(found: Influence) -> dict[str, np.ndarray]:
    parts = {"mean": found.mean, "joint": found.joint}
    parts |= {f"influence on {lever}": values for lever, values in found.levers.items()}
    return parts | {f"shift of {lever}": values for lever, values in found.shift.items()}


def sides(history: History) -> Iterator[tuple[str, list[np.ndarray], list[np.ndarray]]]:
    for key, values in history.items():
        side, name = key.split(": ", 1)
        yield key, values, history[f"{OTHER[side]}: {name}"]


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 2**40))
def test_two_who_trade_places_trade_everything(seed: int) -> None:
    one, two = traits(seed, "left"), traits(seed, "right")
    before = played({"left": one, "right": two}, {"left": "a", "right": "b"})
    after = played({"left": two, "right": one}, {"left": "b", "right": "a"})
    for key, _, exchanged in sides(after):
        for month in range(MONTHS):
            assert before[key][month] == pytest.approx(exchanged[month], abs=1e-12), key
    assert max(values.max() for values in before["left: joint"]) > 0.01
    assert not np.allclose(before["left: joint"], before["right: joint"])


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 2**40))
def test_two_alike_with_the_same_luck_are_told_apart_by_nothing(seed: int) -> None:
    nature = traits(seed, "left")
    for key, values, exchanged in sides(
        played({"left": nature, "right": nature}, {"left": "a", "right": "a"})
    ):
        for month in range(MONTHS):
            assert values[month] == pytest.approx(exchanged[month], abs=1e-12), key


@settings(max_examples=3, deadline=None)
@given(st.integers(0, 2**40))
def test_the_order_of_the_actors_does_not_matter(seed: int) -> None:
    natures = {side: traits(seed, side) for side in SIDES}
    keys = {"left": "a", "right": "b"}
    before = played(natures, keys)
    after = played(dict(reversed(natures.items())), keys)
    for key, values in before.items():
        for month in range(MONTHS):
            assert values[month] == pytest.approx(after[key][month], abs=1e-12), key


def along_the_path(
    natures: Mapping[str, Mapping[str, Array]], keys: Mapping[str, str]
) -> dict[str, np.ndarray]:
    """Influence along the path of each side over the other, shape (months, sets)."""
    own = played(natures, keys)
    return {
        side: over_levers(
            divergence(
                course(own, OTHER[side]),
                course(played(natures, keys, {side: f"puppet of {OTHER[side]}"}), OTHER[side]),
                DRAWS,
            ).distance
        )
        for side in SIDES
    }


def course(history: History, side: str) -> Course:
    """How a side played, lever by lever; nothing is ever closed in the toy."""
    months = [marginals(odds, MENU) for odds in history[f"{side}: odds"]]
    levers = {lever: np.stack([month[lever] for month in months]) for lever in MENU.names}
    return Course(levers, {lever: np.ones((MONTHS, WORLDS), bool) for lever in levers})


def in_sets(nature: dict[str, Array]) -> dict[str, Array]:
    """The same nature in all draws of a set."""
    return {name: np.repeat(values[::DRAWS], DRAWS) for name, values in nature.items()}


@settings(max_examples=3, deadline=None)
@given(st.integers(0, 2**40))
def test_two_who_trade_places_trade_influence_along_the_path(seed: int) -> None:
    one, two = in_sets(traits(seed, "left")), in_sets(traits(seed, "right"))
    before = along_the_path({"left": one, "right": two}, {"left": "a", "right": "b"})
    after = along_the_path({"left": two, "right": one}, {"left": "b", "right": "a"})
    for side in SIDES:
        assert before[side] == pytest.approx(after[OTHER[side]], abs=1e-12)
    assert np.abs(before["left"]).max() > 1e-3
    assert not np.allclose(before["left"], before["right"])


NAMES = ("a", "b", "c", "d")
orders = st.permutations(range(len(NAMES)))


@given(seed=st.integers(0, 2**32), order=orders)
def test_dependence_power_and_capacity_follow_the_names(seed: int, order: list[int]) -> None:
    """The three families that are read off numbers: permute the actors, and the matrix permutes."""
    rng = np.random.default_rng(seed)
    given_ = {
        f"{name}.{function}": {s: rng.random(3) for s in ("own", *NAMES) if s != name}
        for name in NAMES
        for function in ("one", "two")
    }
    worth = {name: rng.normal(size=3) for name in given_}
    eta = rng.uniform(0.2, 1.0, 3)
    passed = rng.random((4, 4, 3))
    wanted = rng.random((4, 4, 3))
    wanted = wanted / wanted.sum(axis=1, keepdims=True)
    names = [NAMES[k] for k in order]
    matrix = dependence(given_, worth, eta, list(NAMES))
    permuted = dependence(given_, worth, eta, names)
    assert np.array_equal(permuted, matrix[np.ix_(order, order)])
    assert np.array_equal(
        capacity(passed[np.ix_(order, order)], permuted),
        capacity(passed, matrix)[np.ix_(order, order)],
    )
    r, v = power(wanted, control(matrix))
    r2, v2 = power(wanted[np.ix_(order, order)], control(permuted))
    assert r2 == pytest.approx(r[order], nan_ok=True)
    assert v2 == pytest.approx(v[order], nan_ok=True)
