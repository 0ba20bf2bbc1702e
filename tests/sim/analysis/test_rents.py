import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from sim.analysis.rents import spearman, sum_up

SETS = np.arange(400) // 4
LUCK = np.random.default_rng(3).random((4, 400))


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=3, max_size=60))
def test_rank_correlation_is_spearmans(pairs: list[tuple[int, int]]) -> None:
    one, other = np.array(pairs, dtype=np.float64).T
    found = spearman(one, other)
    if np.ptp(one) == 0 or np.ptp(other) == 0:
        assert found is None
    else:
        assert found == pytest.approx(spearmanr(one, other).statistic)


def test_groups_hold_all_worlds_in_the_order_of_their_rents() -> None:
    paid, moved = LUCK[0], 1 - LUCK[0] + 0.1 * LUCK[1]
    found = sum_up(paid, moved, SETS, None)
    assert found is not None
    assert [group.worlds for group in found.groups] == [40] * 10
    assert [g.rents for g in found.groups] == sorted(g.rents for g in found.groups)
    assert [g.median for g in found.groups] == sorted(
        (g.median for g in found.groups), reverse=True
    )
    assert found.rank == pytest.approx(-1, abs=0.02)
    assert found.error == pytest.approx(0, abs=0.01)
    assert found.together is None


def test_few_worlds_make_few_groups() -> None:
    found = sum_up(LUCK[0, :50], LUCK[1, :50], SETS[:50], None)
    assert found is not None
    assert [group.worlds for group in found.groups] == [25, 25]
    assert found.error is None


def test_ways_add_up() -> None:
    paid, moved = LUCK[0].copy(), LUCK[1].copy()
    paid[:100] += 1
    moved[:40] += 1  # the same way
    moved[40:90] -= 1  # apart
    moved[100:120] += 1  # influence alone
    found = sum_up(paid, moved, SETS, (LUCK[0], LUCK[1]))
    assert found is not None
    told = found.together
    assert told is not None
    assert (told.same_way, told.apart) == (0.1, 0.125)
    assert (told.only_rents, told.only_influence, told.neither) == (0.025, 0.05, 0.7)
    assert told.worlds == 400


def test_worlds_without_either_are_left_out() -> None:
    paid, moved = LUCK[0].copy(), LUCK[1].copy()
    paid[:200] = np.nan
    found = sum_up(paid, moved, SETS, None)
    assert found is not None
    assert sum(group.worlds for group in found.groups) == 200
    assert sum_up(np.full(400, np.nan), moved, SETS, None) is None
