"""What every actor must satisfy; a new actor is tested by being in the roster."""

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents import menus, roster
from agents.actor import Actor
from agents.outlook import Outlook
from sim.model import ConflictModel
from sim.scenario.registry import load_registry

ACTORS = list(roster().values())
NAMES = {p.name for p in load_registry()}


def outlook(values: list[float]) -> Outlook:
    return Outlook(**{f.name: np.array([v]) for f, v in zip(fields(Outlook), values, strict=True)})


COUNT = len(fields(Outlook))
numbers = st.lists(st.floats(0, 100), min_size=COUNT, max_size=COUNT)


@pytest.fixture(scope="module")
def model() -> ConflictModel:
    return ConflictModel("status_quo", worlds=1, rng=1)


@pytest.mark.parametrize("actor", ACTORS, ids=lambda a: a.name)
class TestEveryActor:
    def test_states_where_its_aims_come_from(self, actor: type[Actor]) -> None:
        assert actor.reference
        assert actor.__doc__

    def test_has_levers_of_at_least_two_named_levels(self, actor: type[Actor]) -> None:
        for lever in actor.menu.levers:
            assert len(set(lever.levels)) == len(lever.levels) >= 2

    def test_numbers_its_options_with_the_last_lever_fastest(self, actor: type[Actor]) -> None:
        assert len(actor.menu) == int(np.prod(actor.menu.shape))
        assert actor.menu.options[1][-1] == 1
        assert list(actor.menu.options) == sorted(actor.menu.options)

    def test_has_a_registered_weight_for_every_incentive(self, actor: type[Actor]) -> None:
        wanted = {f"actors.{actor.name}.incentives.{i.name}" for i in actor.incentives}
        registered = {n for n in NAMES if n.startswith(f"actors.{actor.name}.incentives.")}
        assert wanted == registered

    @given(one=numbers, factor=st.floats(0, 3))
    def test_pays_linearly_in_what_it_sees(
        self, actor: type[Actor], one: list[float], factor: float
    ) -> None:
        """So the payoff of a discounted sum of months is the sum of the months' payoffs."""
        for incentive in actor.incentives:
            single = incentive.primitive(outlook(one))
            scaled = incentive.primitive(outlook([factor * v for v in one]))
            assert scaled == pytest.approx(factor * single, rel=1e-9, abs=1e-9)

    def test_sums_its_terms_to_its_payoff(self, actor: type[Actor], model: ConflictModel) -> None:
        seated = model.actors[actor.name]
        seen = outlook([0.1 * k for k in range(COUNT)])
        assert seated.payoff(seen) == pytest.approx(sum(seated.terms(seen).values()))

    def test_sees_no_influence_and_no_clock(self, actor: type[Actor]) -> None:
        """A payoff that held them would assume the article's conclusion."""
        seen = {f.name for f in fields(Outlook)}
        for word in ("influence", "dependence", "month", "duration", "length", "scenario", "time"):
            assert not any(word in name for name in seen)


def test_the_menus_are_those_of_the_four() -> None:
    assert [len(a.menu) for a in ACTORS[:4]] == [72, 72, 18, 54]
    assert list(menus()) == ["russia", "belarus", "ukraine", "nato"]
