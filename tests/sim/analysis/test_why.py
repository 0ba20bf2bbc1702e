"""Reasons: the steps add up, the single world is a real one, and sameness has none."""

import numpy as np
import pytest
import xarray as xr

from sim.analysis.compare import pair
from sim.analysis.history import OtherWorldError, explain
from sim.analysis.why import Waterfall, Why, why
from tests.support.parting import MONTHS, Which, real_comparison, real_run, scenario


def adds_up(fall: Waterfall) -> None:
    steps = sum(step.value for step in fall.steps.values())
    assert fall.before.value + steps == pytest.approx(fall.after.value, abs=1e-9)


@pytest.fixture(scope="module")
def found() -> Why:
    return why(real_comparison("base", "other"), [1], {})


def test_steps_add_up_in_the_mean_and_in_the_world(found: Why) -> None:
    reason = found.told[1].reason
    assert reason is not None
    adds_up(reason.mean)
    adds_up(reason.example.waterfall)
    assert set(reason.mean.steps) == set(reason.example.waterfall.steps)
    assert all(step.half is not None for step in reason.mean.steps.values())
    assert all(step.half is None for step in reason.example.waterfall.steps.values())


def test_what_was_changed_is_the_reason(found: Why) -> None:
    """Minsk no longer cares for rents; that is what its choice parts by."""
    reason = found.told[1].reason
    assert reason is not None
    assert reason.parting.choice[0] == "belarus"
    steps = {name: step.value for name, step in reason.mean.steps.items()}
    assert max(steps, key=lambda name: abs(steps[name])) == "rents"
    assert steps["rents"] > 0
    assert reason.worlds <= 64
    assert found.again == range(64)
    assert found.looked == 80


def test_the_single_world_made_that_choice_and_is_as_explained(found: Why) -> None:
    reason = found.told[1].reason
    assert reason is not None
    one, (actor, lever) = reason.example, reason.parting.choice
    assert one.chosen == (reason.parting.lost, reason.parting.gained)
    both: tuple[Which, Which] = ("base", "other")
    for which, level in zip(both, one.chosen, strict=True):
        decision = explain(scenario(which), one.world, reason.month)[actor]
        assert decision.levels[lever] == level


def test_scenarios_that_are_the_same_have_no_reason() -> None:
    found = why(real_comparison("base", "base"), [1], {})
    assert found.told[1].reason is None
    assert all(one.largest == 0 for one in found.told[1].partings)


def test_without_recorded_choices_those_of_the_worlds_stepped_again_are_looked_at() -> None:
    part = slice(0, 64)
    both: tuple[Which, Which] = ("base", "other")
    known = [scenario(one) for one in both]
    whole = pair([real_run(one).isel(world=part) for one in both], known)
    bare = pair([real_run(one, "headline").isel(world=part) for one in both], known)
    found, same = why(whole, [1], {}), why(bare, [1], {})
    assert same.looked == 64
    assert same.told[1].partings == found.told[1].partings


def test_later_months_are_not_looked_at() -> None:
    told = why(real_comparison("base", "other"), [1], {1: 0}).told[1]
    assert all(one.peak == 0 for one in told.partings)
    assert told.last == scenario("base").start


def test_runs_that_recorded_other_worlds_are_refused() -> None:
    run, known = real_run("base"), [scenario("base"), scenario("other")]
    with pytest.raises(OtherWorldError):
        why(pair([run.isel(world=slice(64)), _other_front(run)], known), [1], {1: MONTHS - 1})


def _other_front(run: xr.Dataset) -> xr.Dataset:
    """The run as it would be if something had moved the front, choices parting besides."""
    choice = run["choice"].copy(deep=True)
    choice.loc[{"actor": "russia", "lever": "talks"}] = 1
    return run.assign(front=run["front"] + 0.01, choice=choice)


def test_unknown_scenarios_are_refused() -> None:
    with pytest.raises(ValueError, match="is not known"):
        why(pair([real_run("base")] * 2), [1], {})


def test_one_set_has_no_interval() -> None:
    from sim.analysis.why import _waterfall

    values = np.arange(4.0)
    fall = _waterfall((values, 2 * values), {"all": values}, np.arange(4), np.zeros(4, np.int64))
    assert fall.before.half is None
    adds_up(fall)
