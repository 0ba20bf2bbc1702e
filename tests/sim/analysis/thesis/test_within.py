"""Figures within a set, on hand-made arrays."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis.thesis.within import (
    HIT,
    MISS,
    UNDECIDED,
    discounted,
    mean_of_known,
    signs,
    within,
)


def test_an_interval_is_students() -> None:
    found = within(np.array([[1.0, 2.0, 3.0, 4.0]]))
    assert found.mean[0] == 2.5
    assert found.error[0] == pytest.approx(np.sqrt(5 / 3) / 2)
    assert found.half[0] == pytest.approx(3.182446 * found.error[0], rel=1e-6)


def test_one_draw_decides_nothing() -> None:
    assert signs(within(np.array([[9.0], [-9.0]])), 0.1).tolist() == [UNDECIDED, UNDECIDED]


@pytest.mark.parametrize(
    ("draws", "state"),
    [
        ([1.0, 1.1, 0.9, 1.0], HIT),
        ([0.01, 0.011, 0.009, 0.01], MISS),  # sure of its sign, and too small to count
        ([-1.0, -1.1, -0.9, -1.0], MISS),
        ([0.0, 0.0, 0.0, 0.0], MISS),
        ([1.0, 1.0, 1.0, 1.0], HIT),
        ([2.0, -2.0, 2.0, -1.0], UNDECIDED),
    ],
)
def test_hit_miss_undecided(draws: list[float], state: int) -> None:
    assert signs(within(np.array([draws])), 0.05)[0] == state


@given(st.lists(st.floats(-5, 5), min_size=4, max_size=4))
def test_no_set_goes_both_ways(draws: list[float]) -> None:
    effect = within(np.array([draws]))
    assert not (signs(effect, 0.1)[0] == HIT and signs(effect, 0.1, -1)[0] == HIT)


def test_a_steady_flow_is_worth_itself_whatever_the_horizon() -> None:
    for months in (3, 60):
        worth = discounted(np.full((1, months), 0.7), np.array([0.98]), np.array([24.0]), 3)
        assert worth[0] == pytest.approx(0.7)


def test_a_flow_by_hand() -> None:
    """Months worth 1 and 3 at d = 1/2, the mean of the last goes on for one month."""
    worth = discounted(np.array([[1.0, 3.0]]), np.array([0.5]), np.array([1.0]), 1)
    assert worth[0] == pytest.approx((1 + 0.5 * 3 + 0.25 * 3) / (1 + 0.5 + 0.25))


def test_dead_levers_count_neither_way() -> None:
    nan = float("nan")
    assert mean_of_known(np.array([[1.0, nan, 3.0], [nan, nan, nan]])).tolist() == [2.0, 0.0]
