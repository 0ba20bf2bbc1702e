from pathlib import Path

from sim.analysis.compare import pair
from sim.analysis.yardsticks import other_yardsticks, yardstick_words
from sim.scenario import load_scenario
from sim.scenario.without import without
from tests.support.synthetic import make_run

SCENARIOS = Path(__file__).parents[3] / "scenarios"


def test_only_weights_of_aims_change_the_yardstick() -> None:
    rows = [
        ("actors.russia.incentives.transfers", ("0.1", "0.1", "0.2")),
        ("actors.ukraine.plays", ("itself", "random", "itself")),
        ("actors.belarus.entry_threshold", ("1", "2", "2")),
        ("moves russia.support_minsk", ("–", "withhold", "–")),
    ]
    assert other_yardsticks(rows, 0) == {(2, "payoff.russia")}


def test_it_is_the_baseline_that_others_are_held_against() -> None:
    rows = [("actors.nato.incentives.budget", ("1", "1", "2"))]
    assert other_yardsticks(rows, 2) == {(0, "payoff.nato"), (1, "payoff.nato")}


def test_the_squeeze_weighs_russias_payoff_otherwise() -> None:
    scenarios = [load_scenario(SCENARIOS / f"{n}.yaml") for n in ("status_quo", "russian_squeeze")]
    runs = [make_run(worlds=4, months=2), make_run("russian_squeeze", worlds=4, months=2)]
    found = pair(runs, scenarios)
    assert other_yardsticks(found.inputs_that_differ(), found.baseline) == {(1, "payoff.russia")}
    # and so say those who read numbers by program
    marked = found.paired.query("other_yardstick")["outcome"]
    assert list(marked) == ["payoff.russia"]
    told = [row["outcome"] for row in found.paired_json() if row.get("other_yardstick")]
    assert told == ["payoff.russia"]


def test_a_claim_switched_off_can_take_an_aim_away() -> None:
    base = load_scenario(SCENARIOS / "status_quo.yaml")
    runs = [make_run(worlds=4, months=2), make_run("other", worlds=4, months=2)]
    marked = {
        claim: other_yardsticks(pair(runs, [base, without(base, claim)]).inputs_that_differ(), 0)
        for claim in ("C07", "C18", "C20")
    }
    assert marked["C07"] == {(1, "payoff.ukraine")}
    assert marked["C20"] == {(1, "payoff.belarus")}
    assert marked["C18"] == frozenset()


def test_runs_alone_tell_it_from_the_weights_they_drew() -> None:
    runs = [make_run(worlds=4, months=2), make_run("other", pull=0.5, worlds=4, months=2)]
    assert other_yardsticks(pair(runs).inputs_that_differ(), 0) == {(1, "payoff.belarus")}


def test_the_note_names_scenarios_and_whose_weights() -> None:
    assert yardstick_words("payoff.russia", []) == ""
    words = yardstick_words("payoff.russia", ["One", "Two", "Three"])
    assert "“One”, “Two” and “Three” give Russia’s aims other weights" in words
    assert "neither gain nor loss" in words
    assert "“One” gives Russia’s aims" in yardstick_words("payoff.russia", ["One"])
