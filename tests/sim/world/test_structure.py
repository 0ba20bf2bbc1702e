"""Structural variants: a deal without linkage, actors without beliefs."""

from dataclasses import replace

import numpy as np
import pytest

from sim.ensemble.measuring import measured
from sim.model import ConflictModel
from sim.scenario import load_scenario
from sim.world.deal import BUNDLES, Bargain, bargain
from sim.world.endings import contest_odds
from sim.world.month import begin

WORLDS, QUARTERS = 256, 6


def bargains(linkage: str, factor: float) -> list[tuple[Bargain, np.ndarray]]:
    """Rounds along one path, with what others supply to Russia multiplied at the table."""
    settings = {"linkage": "off"} if linkage == "off" else {}
    model = ConflictModel(
        load_scenario("status_quo", settings),
        WORLDS,
        rng=3,
        collect=False,
        measured=measured("figures"),
    )
    russia, belarus = model.actors["russia"], model.actors["belarus"]
    out = []
    for _ in range(QUARTERS):
        for _ in range(3):
            model.step()
        s = replace(
            model.state,
            outside_arms=model.state.outside_arms * factor,
            outside_diplomacy=model.state.outside_diplomacy * factor,
        )
        play = {**russia.beliefs, "russia": russia.standing(), "belarus": belarus.standing()}
        found = bargain(
            s,
            play,
            model.parameters,
            russia,
            belarus,
            6,
            model.light.payoffs,
            linked=linkage == "on",
        )
        out.append((found, model.state.deal_host + model.state.deal_launch))
    return out


@pytest.mark.slow
def test_without_linkage_need_buys_nothing() -> None:
    """What Russia has from elsewhere changes no round; with linkage it changes what deals gain."""
    moved = {}
    for linkage in ("on", "off"):
        few, many = bargains(linkage, 0.0), bargains(linkage, 8.0)
        moved[linkage] = max(
            float(np.abs(a.gain_russia - b.gain_russia)[a.signed & b.signed].max(initial=0.0))
            for (a, _), (b, _) in zip(few, many, strict=True)
        )
        if linkage == "off":
            for (a, _), (b, _) in zip(few, many, strict=True):
                np.testing.assert_array_equal(a.signed, b.signed)
                np.testing.assert_array_equal(a.bundle, b.bundle)
            assert sum(int(a.signed.sum()) for a, _ in few) > 50
    assert moved["on"] > 0.003
    assert moved["off"] < 0.0005


def test_without_linkage_promises_stay() -> None:
    access = np.array([bundle[1] for bundle in BUNDLES])
    for found, standing in bargains("off", 1.0)[:2]:
        promised = access[found.bundle][found.signed]
        np.testing.assert_array_equal(promised, standing[found.signed])


def test_without_beliefs_both_know_the_odds() -> None:
    model = ConflictModel(
        load_scenario("status_quo", {"beliefs": "none"}), 64, rng=3, collect=False
    )
    for _ in range(4):
        before = {name: actor.standing() for name, actor in model.actors.items()}
        model.step()
        state = model.last.start
        np.testing.assert_array_equal(state.belief_russia, state.belief_ukraine)
        for watcher in model.actors.values():
            for other, levers in watcher.beliefs.items():
                for lever, held in levers.items():
                    np.testing.assert_array_equal(held, before[other][lever])
    assert np.ptp(state.belief_russia) > 0


def test_the_odds_known_are_those_of_the_powers() -> None:
    model = ConflictModel(
        load_scenario("status_quo", {"beliefs": "none"}), 64, rng=3, collect=False
    )
    model.step()
    battle = begin(model.last.start, model.last.c, model.parameters).battle
    # the play of the month differs from what stood, which is what was known
    assert np.corrcoef(contest_odds(battle), model.last.start.belief_russia)[0, 1] > 0.95


def test_with_beliefs_held_sides_differ() -> None:
    model = ConflictModel(load_scenario("status_quo"), 64, rng=3, collect=False)
    model.step()
    assert (model.state.belief_russia != model.state.belief_ukraine).all()
