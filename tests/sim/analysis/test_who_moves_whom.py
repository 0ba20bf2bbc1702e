"""Both measures of influence side by side: means, errors, and where they disagree."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis.differences import mean_interval
from sim.analysis.spread import FEWEST_SETS
from sim.analysis.who_moves_whom import (
    Figure,
    Measured,
    PairTold,
    disagreements,
    document,
    figure,
    jackknife,
    limits,
    measure_both,
)
from sim.ensemble.twins import Worlds
from sim.influence.path import PathError
from sim.scenario import load_scenario

PAIR = ("belarus", "russia")


@given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=30))
def test_the_jackknife_of_a_mean_is_its_usual_error(values: list[float]) -> None:
    found = np.array(values)
    usual = mean_interval(found, np.arange(found.size))[1]
    assert jackknife(found) == pytest.approx(usual, rel=1e-6, abs=1e-9)


def test_sets_without_a_value_are_left_out() -> None:
    few = [0.0, np.nan, 0.5]
    assert figure(np.array(few)) == Figure(0.25, None, 2)
    found = figure(np.array(few * 20))
    assert (found.mean, found.sets) == (0.25, 40)
    assert found.error == pytest.approx(0.25 / np.sqrt(39))
    assert figure(np.array([np.nan])) == Figure(None, None, 0)
    assert figure(np.array([0.5])) == Figure(0.5, None, 1)


def test_too_few_sets_have_no_error_and_so_no_verdict() -> None:
    """As in reports: an interval from so few sets would say more than is known."""
    other = ("russia", "belarus")
    few, enough = ({PAIR: told(0.01, 0.03, sets=n)} for n in (FEWEST_SETS - 1, FEWEST_SETS))
    assert few[PAIR].whole.verdict == "cannot be told"
    assert few[PAIR].whole.document()["gap"]["ci95"] is None
    assert disagreements({**few, other: told(0.03, 0.01, sets=FEWEST_SETS - 1)}) == []
    assert enough[PAIR].whole.verdict == "path more"


def test_too_few_sets_are_said_in_the_words_of_a_report() -> None:
    assert limits(Worlds(40, 1, 4)) == [
        "With 40 worlds the Monte Carlo error cannot be told and small differences may be chance: "
        "run at least 100."
    ]
    assert limits(Worlds(100, 1, 4)) == []
    [few, chance] = limits(Worlds(102, 1, 8, vary="chance"))
    assert few.startswith("With 96 worlds")
    assert few.endswith("run at least 200.")
    assert chance.startswith("Only chance was varied")
    said = document(load_scenario("status_quo"), Worlds(40, 1, 4), False, {})
    assert said["cannot_tell"] == limits(Worlds(40, 1, 4))[0]


def mean(found: Figure) -> float:
    assert found.mean is not None
    return found.mean


def told(swap: float, path: float, spread: float = 0.001, sets: int = 30) -> PairTold:
    noise = spread * np.linspace(-1, 1, sets)
    nothing = Figure(0.0, 0.0, sets)
    return PairTold(Measured(swap + noise, path + noise[::-1]), nothing, nothing, {}, ())


def test_a_gap_is_a_disagreement_only_beyond_its_error() -> None:
    assert told(0.01, 0.03).whole.verdict == "path more"
    assert told(0.03, 0.01).whole.verdict == "swap more"
    assert told(0.03, 0.0301).whole.verdict == "no difference told"
    assert told(0.03, np.nan).whole.verdict == "cannot be told"
    [said] = disagreements({PAIR: told(0.01, 0.03)})
    assert said.startswith("Belarus over Russia: the path measure is 2 of 100 choices more than")


def test_orders_that_differ_are_said_and_ties_are_not_called_orders() -> None:
    other = ("russia", "belarus")
    said = disagreements({PAIR: told(0.03, 0.01), other: told(0.01, 0.03)})[-1]
    assert said == (
        "Which is larger, Belarus over Russia or Russia over Belarus: by belief swap Belarus over "
        "Russia, along the path Russia over Belarus."
    )
    tied = disagreements({PAIR: told(0.01, 0.01), other: told(0.01, 0.03)})[-1]
    assert "by belief swap cannot be told, along the path Russia over Belarus" in tied
    same = disagreements({PAIR: told(0.01, 0.01), other: told(0.03, 0.03)})
    assert same == []


def measured(overrides: dict[str, Any], **options: Any) -> dict[tuple[str, str], PairTold]:  # noqa: ANN401
    scenario = load_scenario("status_quo", {"months": 4, **overrides})
    return measure_both(scenario, [PAIR], Worlds(102, seed=1, draws=4), **options)


@pytest.fixture(scope="module")
def plain() -> PairTold:
    return measured({})[PAIR]


def test_both_measures_are_told_with_errors_over_whole_sets(plain: PairTold) -> None:
    for one in (plain.whole, *plain.levers.values()):
        assert one.swap.sets == one.path.sets == 25  # the worlds beyond the last whole set are left
        assert one.swap.error is not None
        assert one.path.error is not None
        assert mean(one.gap) == pytest.approx(mean(one.path) - mean(one.swap))
    assert set(plain.levers) == {"tempo", "support_minsk", "press_entry", "talks", "court_others"}
    assert plain.whole.path.mean == pytest.approx(
        np.mean([one.path.mean for one in plain.levers.values()])
    )
    assert mean(plain.apart) - mean(plain.chance) == pytest.approx(mean(plain.whole.path))
    assert [month for month, _, _ in plain.by_month] == ["2023-12", "2024-01", "2024-02", "2024-03"]
    assert np.mean([path for _, _, path in plain.by_month]) == pytest.approx(plain.whole.path.mean)


def test_a_puppet_has_no_influence_over_its_master_by_either_measure() -> None:
    found = measured({"actors.belarus.plays": "puppet of russia"})[PAIR].whole
    for one in (found.swap, found.path):
        assert (one.mean, one.error) == (0.0, 0.0)
    assert not found.gap.clear
    assert found.verdict == "no difference told"


def test_chance_alone_has_pairs_of_draws_too() -> None:
    scenario = load_scenario("status_quo", {"months": 3})
    worlds = Worlds(64, seed=1, draws=4, vary="chance")
    found = measure_both(scenario, [PAIR], worlds)
    assert found[PAIR].whole.path.sets == 16
    said = document(scenario, worlds, False, found)["cannot_tell"]
    assert "Only chance was varied" in said


def test_a_target_without_a_choice_says_so() -> None:
    scenario = load_scenario(
        "status_quo",
        {
            "months": 2,
            "moves": [
                {"actor": "ukraine", "from": "2023-12", "lever": lever, "level": level}
                for lever, level in (("tempo", "hold"), ("talks", "refuse"), ("north", "watch"))
            ],
        },
    )
    pair = ("nato", "ukraine")
    found = measure_both(scenario, [pair], Worlds(64, 1, 4))[pair]
    assert found.nothing == "Ukraine has no choice in any month"
    assert found.whole.path.mean is None
    assert found.whole.verdict == "cannot be told"


@pytest.mark.parametrize(
    ("worlds", "said"),
    [
        (Worlds(64, 1, 1), "1 draw of chance per set leaves no pairs"),
        (Worlds(7, 1, 4), "7 worlds of 4 draws are no two sets of assumptions"),
    ],
)
def test_what_cannot_be_done_is_refused_before_anything_runs(worlds: Worlds, said: str) -> None:
    with pytest.raises(PathError, match=said):
        measure_both(load_scenario("status_quo"), [PAIR], worlds)


def test_the_document_is_json(plain: PairTold) -> None:
    scenario = load_scenario("status_quo", {"months": 4})
    found = document(scenario, Worlds(102, 1, 4), False, {PAIR: plain})
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert found["worlds"] == 100
    assert found["pairs"]["belarus.russia"]["levers"]["talks"]["verdict"]


def test_with_entry_allowed_the_swap_is_that_with_entry_allowed(plain: PairTold) -> None:
    found = measured({}, entry=True)[PAIR]
    assert found.levers == {}
    assert found.whole.swap.mean != plain.whole.swap.mean
