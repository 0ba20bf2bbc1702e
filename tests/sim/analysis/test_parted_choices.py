"""Which choices part: counted by hand, and never more than there are."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.analysis.again import all_choices
from sim.analysis.parted_choices import Parting, partings
from sim.scenario import load_scenario

TALKS = ("russia", "talks")
TEMPO = ("ukraine", "tempo")
WORLDS, MONTHS = 40, 6
SETS = np.arange(WORLDS)


def nobody_moves() -> dict[tuple[str, str], np.ndarray]:
    return {choice: np.zeros((WORLDS, MONTHS), dtype=np.int64) for choice in all_choices()}


def of(found: list[Parting], choice: tuple[str, str]) -> Parting:
    return next(one for one in found if one.choice == choice)


def test_the_lever_that_parts_most_comes_first_in_the_month_in_which_it_turns() -> None:
    scenario = load_scenario("status_quo", {"months": MONTHS})
    base, other = nobody_moves(), nobody_moves()
    other[TALKS][:4, 1:] = 1  # a tenth from the second month on
    other[TALKS][:20, 3:] = 1  # half from the fourth
    other[TALKS][:22, 5:] = 1
    other[TEMPO][:10, :] = 2
    first, second, *rest = partings(base, other, (scenario, scenario), SETS, MONTHS - 1)
    assert (first.choice, first.gained, first.lost) == (TALKS, "open", "refuse")
    assert (first.peak, first.month) == (5, 3)
    assert first.largest == pytest.approx(0.55)
    assert first.average == pytest.approx((0 + 0.1 + 0.1 + 0.5 + 0.5 + 0.55) / 6)
    assert first.shares["open"] == pytest.approx((0.0, 0.5))
    assert first.clear
    assert (second.choice, second.gained, second.month) == (TEMPO, "offensive", 0)
    assert all(one.largest == 0 and not one.clear for one in rest)
    # what comes later is not looked at
    early = of(partings(base, other, (scenario, scenario), SETS, 2), TALKS)
    assert early.peak == 1
    assert early.largest == pytest.approx(0.1)


def test_what_leaves_no_choice_in_one_scenario_adds_nothing() -> None:
    scenario = load_scenario("status_quo", {"months": MONTHS})
    base, other = nobody_moves(), nobody_moves()
    other[TALKS][:] = 1
    other[TALKS][10:] = -1
    one = of(partings(base, other, (scenario, scenario), SETS, MONTHS - 1), TALKS)
    assert one.largest == pytest.approx(0.25)
    assert one.open == pytest.approx(0.25)
    assert one.worlds == WORLDS


def test_levers_that_are_held_or_not_weighed_do_not_count() -> None:
    settings_ = {"months": MONTHS, "actors.ukraine.plays": "random"}
    move = {"actor": "russia", "lever": "talks", "level": "open"}
    moves = [move | {"from": "2023-12", "to": "2024-03"}]
    scenario = load_scenario("status_quo", {"months": MONTHS})
    held = load_scenario("status_quo", settings_ | {"moves": moves})
    base, other = nobody_moves(), nobody_moves()
    other[TALKS][:] = 1
    other[TEMPO][:] = 1
    found = partings(base, other, (scenario, held), SETS, MONTHS - 1)
    assert of(found, TALKS).month == 4
    assert TEMPO not in [one.choice for one in found]


def test_the_largest_of_many_differences_that_chance_makes_is_not_told() -> None:
    scenario = load_scenario("status_quo", {"months": MONTHS})
    rng = np.random.default_rng(3)
    base, other = ({c: rng.integers(0, 2, (WORLDS, MONTHS)) for c in all_choices()} for _ in "ab")
    found = partings(base, other, (scenario, scenario), SETS, MONTHS - 1)
    assert not any(one.clear for one in found)
    # though one by one some would be
    gains = [(one.shares[one.gained], one.half) for one in found]
    assert any(half is not None and after - before > half for (before, after), half in gains)
    one_set = partings(base, other, (scenario, scenario), np.zeros_like(SETS), MONTHS - 1)
    assert not any(one.clear for one in one_set)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, MONTHS - 1))
def test_shares_are_shares(seed: int, last: int) -> None:
    rng = np.random.default_rng(seed)
    scenario = load_scenario("status_quo", {"months": MONTHS})
    base, other = ({c: rng.integers(-1, 2, (WORLDS, MONTHS)) for c in all_choices()} for _ in "ab")
    for one in partings(base, other, (scenario, scenario), SETS, last):
        assert 0 <= one.average <= one.largest <= 1
        assert one.month <= one.peak <= last
        before, after = (sum(pair[k] for pair in one.shares.values()) for k in (0, 1))
        assert before == pytest.approx(after)
        assert before == pytest.approx(one.open)
