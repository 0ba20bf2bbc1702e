"""An explanation tells what the world did, and adds up."""

from functools import cache
from math import prod

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sim import explain
from sim.analysis.decision import Decision, explained_month
from sim.analysis.history import OtherWorldError, World, live
from sim.ensemble.engine import simulate
from sim.model import ConflictModel
from sim.scenario import Scenario, load_scenario
from sim.scenario.month import Month

SCENARIOS = ("status_quo", "negotiated_settlement", "prolonged_conflict", "invasion_2022")
ACTORS = ("russia", "belarus", "ukraine", "nato")


def explained(scenario: Scenario, world: int, month: int) -> dict[str, Decision]:
    asked = scenario.start + month
    *_, last = live(World(scenario, world), (asked,), until=asked)
    assert last.month == asked
    return last.decisions


def adds_up(decision: Decision) -> None:
    options = decision.options
    for one in options:
        assert sum(term.whole for term in one.terms.values()) == pytest.approx(one.value, abs=1e-9)
    assert sum(one.probability for one in options) == pytest.approx(1.0, abs=1e-9)
    assert sum(one.exact for one in options) == pytest.approx(1.0, abs=1e-9)
    assert decision.approximation <= 0.02
    # what is closed is what keeps options from being feasible
    closed = {(one.lever, one.level) for one in decision.closed}
    open_levels = [[(d.lever, name) not in closed for name in d.chances] for d in decision.draws]
    assert len(options) == prod(sum(levels) for levels in open_levels)
    assert all(one.why for one in decision.closed)
    # the numbers drawn fall where they say
    chance = 1.0
    for draw in decision.draws:
        names = list(draw.chances)
        below = sum(draw.chances[name] for name in names[: names.index(draw.level)])
        assert below - 1e-9 <= draw.uniform <= below + draw.chances[draw.level] + 1e-9
        assert sum(draw.chances.values()) == pytest.approx(1.0, abs=1e-9)
        chance *= draw.chances[draw.level]
    assert chance == pytest.approx(decision.chosen.probability, rel=1e-6)
    best = max(options, key=lambda one: one.net)
    assert decision.margin is not None
    assert (decision.margin >= 0) == (decision.levels == best.levels)
    for beliefs in decision.beliefs.play.values():
        for levels in beliefs.values():
            assert sum(levels.values()) == pytest.approx(1.0, abs=1e-9)


@pytest.mark.slow
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(SCENARIOS), st.integers(0, 10**6), st.integers(0, 8))
@example("status_quo", 0, 0)
def test_every_explained_choice_adds_up(name: str, world: int, month: int) -> None:
    decisions = explained(scenario_of(name), world, month)
    assert tuple(decisions) == ACTORS
    for decision in decisions.values():
        adds_up(decision)


@cache
def scenario_of(name: str) -> Scenario:
    return load_scenario(name)


def test_exact_probabilities_are_those_of_a_model_that_weighs_exactly() -> None:
    """They come term by term here and in one sum there."""
    model = ConflictModel("status_quo", range(5, 6), exact=True, collect=False)
    model.step()
    for decision in explained_month(model).values():
        for one in decision.options:
            assert one.exact == pytest.approx(one.probability, abs=1e-9)


def test_what_a_run_recorded_is_what_is_explained() -> None:
    scenario = load_scenario("status_quo", {"months": 4})
    run = simulate(scenario, 8, first=60)  # not the first of its tile
    for world in (60, 67):
        for lived in live(World(scenario, world), recorded=run):
            row = run["choice"].sel(world=world, month=np.datetime64(f"{lived.month}-01"))
            for actor, decision in lived.decisions.items():
                levels = {one.lever: list(one.chances) for one in decision.draws}
                for lever, level in decision.levels.items():
                    recorded = int(row.sel(actor=actor, lever=lever))
                    assert recorded in (-1, levels[lever].index(level))
            front = run["front"].sel(world=world, month=np.datetime64(f"{lived.month}-01"))
            assert lived.after.front == float(front)


@pytest.mark.parametrize("what", ["front", "choice"])
def test_another_world_than_the_recorded_one_is_refused(what: str) -> None:
    scenario = load_scenario("status_quo", {"months": 2})
    run = simulate(scenario, 1).copy(deep=True)
    if what == "front":
        run["front"][0, 1] += 1e-15
    else:
        held = run["choice"].sel(world=0, actor="nato", lever="aid").values
        run["choice"].loc[{"world": 0, "actor": "nato", "lever": "aid"}] = (held + 1) % 3
    with pytest.raises(OtherWorldError, match=r"run the scenario again"):
        list(live(World(scenario, 0), recorded=run))


def test_months_not_asked_for_are_lived_through_alike() -> None:
    scenario = load_scenario("status_quo", {"months": 3})
    world = World(scenario, 9)
    every, none = list(live(world)), list(live(world, ()))
    assert [one.after for one in every] == [one.after for one in none]
    assert not any(one.decisions for one in none)


def test_who_plays_otherwise_is_told_so() -> None:
    plays = {"russia": "random", "belarus": "puppet of russia", "ukraine": "scripted"}
    scenario = load_scenario(
        "status_quo", {f"actors.{actor}.plays": how for actor, how in plays.items()}
    )
    told = explained(scenario, 3, 1)
    for decision in told.values():
        adds_up_without_margin(decision)
    for option in told["russia"].options:
        assert option.exact == pytest.approx(1 / 72)
    assert told["belarus"].serves == "russia"
    assert set(told["belarus"].chosen.terms) == set(told["russia"].chosen.terms)
    assert told["ukraine"].chosen.exact == 1.0
    assert not list(told["ukraine"].moved())


def adds_up_without_margin(decision: Decision) -> None:
    for one in decision.options:
        assert sum(term.whole for term in one.terms.values()) == pytest.approx(one.value, abs=1e-9)
    assert sum(one.probability for one in decision.options) == pytest.approx(1.0, abs=1e-9)


def test_levels_are_closed_for_a_reason() -> None:
    move = "[{actor: belarus, from: 2024-01, to: 2024-01, lever: voice, level: neutral}]"
    scenario = load_scenario("status_quo", {"moves": move})
    decision = explained(scenario, 0, 1)["belarus"]
    why = {(one.lever, one.level): one.why for one in decision.closed}
    assert why["voice", "champion"] == "the scenario holds it at neutral"
    assert why["nuclear_hosting", "no"] == "hosting cannot be undone"
    assert decision.levels["voice"] == "neutral"
    assert decision.month == Month(2024, 1)


def test_from_python_by_name() -> None:
    decision = explain("status_quo", 4, "2023-12")["nato"]
    table = decision.table()
    assert len(table) == len(decision.options)
    terms = list(decision.chosen.terms)
    assert np.allclose(table[terms].sum(axis=1), table["value"], atol=1e-9)
    assert np.allclose(table["net"], table["value"] / decision.scale - table["cost"])
    with pytest.raises(ValueError, match=r"2031-01 is outside the run, 2023-12 to 2026-11"):
        explain("status_quo", 4, "2031-01")
