"""Worlds stepped again are the worlds that were recorded, in any order of asking."""

import numpy as np
import pytest

from sim.analysis.again import Again, all_choices, first_worlds, recorded_choices
from sim.analysis.history import OtherWorldError
from sim.stages import until_choices
from tests.support.parting import MONTHS, real_run, scenario


@pytest.fixture(scope="module")
def again() -> Again:
    return Again(scenario("base"), real_run("base"))


def test_choices_are_those_that_were_recorded(again: Again) -> None:
    recorded = recorded_choices(real_run("base"))
    assert recorded is not None
    played = again.played()
    assert set(played) == set(all_choices())
    for choice, levels in played.items():
        assert levels.shape == (64, MONTHS)
        assert np.array_equal(levels, recorded[choice][:64]), choice


def test_a_month_is_the_same_whenever_it_is_asked_for(again: Again) -> None:
    late = again.table(3)
    early = again.table(1)
    assert early.exact
    fresh = Again(scenario("base"), real_run("base"))
    fresh._model.step()
    expected = until_choices(fresh._model)
    assert np.array_equal(early.state.front, expected.state.front)
    for name, actor in expected.actors.items():
        assert np.array_equal(early.actors[name].levels, actor.levels)
    assert not np.array_equal(late.state.front, early.state.front)
    assert np.array_equal(again.table(3).state.front, late.state.front)


def test_other_worlds_are_refused() -> None:
    run = real_run("base")
    front = run["front"].copy(deep=True)
    front[5, 2] += 1e-4
    changed = Again(scenario("base"), run.assign(front=front))
    changed.table(1)
    with pytest.raises(OtherWorldError, match=r"worlds 0 to 63 .* in 2024-02; run the scenario"):
        changed.table(3)


def test_only_worlds_without_gaps_are_stepped() -> None:
    run = real_run("base")
    assert first_worlds(run) == range(64)
    assert first_worlds(run.isel(world=[4, 5, 6, 9, 10])) == range(4, 7)
    assert len(Again(scenario("base"), run.isel(world=slice(0, 6))).played()["nato", "aid"]) == 6


def test_choices_that_were_not_recorded_are_not_there() -> None:
    assert recorded_choices(real_run("base", "headline")) is None
