"""What a level is worth is what the explained options say, and its parts add up."""

from dataclasses import replace

import numpy as np
import pytest

from sim.analysis.again import Again
from sim.analysis.decision import Decision, explained_month
from sim.analysis.lever_worth import COST, lead
from sim.model import ConflictModel
from sim.scenario import load_scenario
from sim.stages import until_choices
from tests.support.parting import real_run, scenario

MONTH = 2
WORLDS = (0, 7)
LEVERS = [
    ("russia", "tempo", "hold", "grind"),
    ("belarus", "voice", "neutral", "champion"),
    ("ukraine", "talks", "open", "refuse"),
    ("nato", "aid", "cut", "surge"),
]


def explained(world: int) -> dict[str, Decision]:
    model = ConflictModel(scenario("base"), range(world, world + 1), collect=False)
    for _ in range(MONTH):
        model.step()
    return explained_month(model)


def by_hand(decision: Decision, lever: str, better: str, other: str) -> dict[str, float]:
    """The same from the options as they are explained, one pair of them after the other."""
    out = dict.fromkeys([*decision.options[0].terms, COST], 0.0)
    for one in decision.options:
        if one.levels[lever] != better:
            continue
        two = decision.option(one.levels | {lever: other})
        assert two is not None
        alike = [
            option.exact
            for option in decision.options
            if option.levels | {lever: better} == one.levels
        ]
        for name, term in one.terms.items():
            gained = (term.whole - two.terms[name].whole) / decision.scale
            out[name] += sum(alike) * gained
        out[COST] -= sum(alike) * (one.cost - two.cost)
    return out


@pytest.fixture(scope="module")
def again() -> Again:
    return Again(scenario("base"), real_run("base"))


@pytest.mark.parametrize("world", WORLDS)
def test_it_is_what_the_explained_options_say(again: Again, world: int) -> None:
    decisions = explained(world)
    for actor, lever, better, other in LEVERS:
        found = lead(again.table(MONTH), actor, lever, better, other)
        assert found.there[world]
        parts = {name: float(part[world]) for name, part in found.parts.items()}
        expected = by_hand(decisions[actor], lever, better, other)
        assert parts == pytest.approx(expected, abs=1e-9), (actor, lever)
        assert float(found.whole[world]) == pytest.approx(sum(expected.values()), abs=1e-9)


def test_the_other_way_round_it_has_the_other_sign(again: Again) -> None:
    one, two = (
        lead(again.table(MONTH), "belarus", "voice", *levels)
        for levels in (("neutral", "champion"), ("champion", "neutral"))
    )
    assert np.allclose(one.whole, -two.whole, atol=1e-12)


def test_what_is_closed_is_worth_nothing_and_said() -> None:
    peace = load_scenario("status_quo", {"months": 2, "war_ends": "2023-12"})
    model = ConflictModel(peace, 64, collect=False)
    model.step()
    table = replace(until_choices(model), exact=True)
    found = lead(table, "russia", "tempo", "grind", "hold")
    assert not found.there.any()
    assert not found.whole.any()


def test_a_puppet_weighs_its_masters_terms() -> None:
    puppet = load_scenario("puppet_belarus", {"months": 1})
    model = ConflictModel(puppet, 64, collect=False)
    found = lead(
        replace(until_choices(model), exact=True), "belarus", "voice", "neutral", "champion"
    )
    assert found.serves == "russia"
    assert "territory" in found.parts
    assert "autonomy" not in found.parts
