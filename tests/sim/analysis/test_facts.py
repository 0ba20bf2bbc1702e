"""The ten facts: read from data, answered from worlds, and missed when they are missed."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.analysis.facts import Verdict, face, load_facts, table
from sim.analysis.trajectories import QUANTITIES, observe
from sim.model import ConflictModel
from sim.scenario import load_scenario
from sim.world.state import State

PAGE = Path(__file__).resolve().parents[3] / "docs" / "validation.md"


def ask(**check: str | float) -> dict[str, Any]:
    """One check as a document of facts."""
    given = {"record": {"text": "as said"}, **check}
    return {"scenario": "status_quo", "facts": [{"id": 1, "title": "One", "checks": [given]}]}


@pytest.mark.parametrize(
    ("expect", "more", "shown"),
    [
        ("rises", {}, "no"),
        ("falls", {}, "yes"),
        ("flat", {"within": 1e-6}, "no"),
        ("flat", {"within": 5.0}, "yes"),
        ("under", {"bound": 2.0}, "no"),
        ("above", {"bound": 2.0}, "yes"),
    ],
)
def test_a_check_is_answered_from_the_worlds(
    expect: str, more: dict[str, float], shown: str
) -> None:
    """Surprise of 10 that cannot return, spent by launches that the scenario orders."""
    scenario = load_scenario(
        "status_quo",
        {
            "months": 4,
            "initial.materiel_russia": 5.0,
            "world.arms_industry": 0.0,
            "world.arms_belarus": 0.0,
            "world.third_party_arms": 0.0,
            "initial.outside_arms": 0.0,
        },
    )
    question = ask(
        quantity="materiel_russia", first="2023-11", second="2024-03", expect=expect, **more
    )
    (verdict,) = face(scenario, worlds=8, facts=question)
    assert verdict.shown == shown
    assert verdict.record == "as said"
    assert verdict.share == (1.0 if shown == "yes" else 0.0)


def test_the_month_before_the_first_is_the_state_at_the_start() -> None:
    scenario = load_scenario("invasion_2022", {"months": 2})
    seen = observe(scenario, 8, 1, ["front", "launching", "ammunition"]).values
    start = ConflictModel(scenario, 8, collect=False)
    assert (seen["front"][0] == start.state.front[:8]).all()
    assert (seen["launching"][0] == 1.0).all()
    assert (seen["ammunition"][0] == 0.0).all()
    assert seen["front"].shape == (3, 8)
    start.step()
    assert (seen["front"][1] == start.state.front[:8]).all()


def test_quantities_and_months_of_every_fact_exist() -> None:
    document = load_facts()
    scenario = load_scenario(document["scenario"])
    assert [fact["id"] for fact in document["facts"]] == list(range(1, 11))
    for fact in document["facts"]:
        for check in fact["checks"]:
            name = check["quantity"]
            assert name in QUANTITIES or name in State.__dataclass_fields__
            assert check["expect"] in {"rises", "falls", "flat", "above", "under"}
    verdicts = face(load_scenario(document["scenario"]), worlds=8)  # every record is found
    assert len(verdicts) == sum(len(fact["checks"]) for fact in document["facts"])
    assert all(np.isfinite(verdict.model).all() for verdict in verdicts)
    assert scenario.months == 21


def test_what_the_scenario_sets_is_given_and_not_shown() -> None:
    question = ask(
        quantity="gas_price_paid", first="2023-11", second="2024-01", expect="flat", within=1.0
    )
    scenario = load_scenario("status_quo", {"months": 2})
    (asked,) = face(scenario, worlds=8, facts=question)
    question["facts"][0]["checks"][0]["given"] = True
    (given,) = face(scenario, worlds=8, facts=question)
    assert (asked.shown, given.shown) == ("yes", "given")


def test_a_share_near_a_bound_is_within_error() -> None:
    near = Verdict(1, "One", "front rises", (0.1, 0.2), "so", 0.62, "yes", 0.03)
    far = Verdict(1, "One", "front rises", (0.1, 0.2), "so", 0.95, "yes", 0.03)
    assert "yes, within error" in table([near])
    assert "within error" not in table([far])


def test_the_page_holds_every_check() -> None:
    page = PAGE.read_text(encoding="utf-8")
    written = page.partition("<!-- facts -->")[2].partition("<!-- end of facts -->")[0]
    rows = written.strip().splitlines()
    assert rows[0] == table([]).splitlines()[0]
    verdicts = face(worlds=4)
    assert [row.split("|")[2].strip() for row in rows[2:]] == [v.check for v in verdicts]
