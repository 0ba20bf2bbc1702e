import numpy as np
import pytest
from scipy import stats

from sim.analysis.differences import change, mean_interval
from sim.analysis.spread import FEWEST_SETS


def test_paired_numbers_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.analysis.differences.FEWEST_SETS", 3)
    baseline = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
    other = np.array([2.0, 2.0, 5.0, 3.0, 8.0, 10.0])
    found = change(baseline, other, np.array([0, 0, 1, 1, 2, 2]))
    assert found is not None
    # Differences 1, 0, 2, -1, 3, 4; set means 0.5, 0.5, 3.5.
    assert found.difference == pytest.approx(1.5)
    assert found.se == pytest.approx(1.0)
    half = stats.t.ppf(0.975, 2)
    assert (found.lo, found.hi) == pytest.approx((1.5 - half, 1.5 + half))
    assert found.p_greater == pytest.approx(4 / 6)
    assert found.p_equal == pytest.approx(1 / 6)
    assert found.quantiles["median"] == pytest.approx(1.5)
    assert found.quantiles["q25"] == pytest.approx(0.25)
    assert found.worlds == 6
    assert not found.clear


def test_too_few_sets_have_no_interval_of_the_mean() -> None:
    rng = np.random.default_rng(1)
    few, enough = (rng.normal(size=(2, 4 * sets)) for sets in (FEWEST_SETS - 1, FEWEST_SETS))
    one, other = (
        change(base, scenario, np.arange(base.size) // 4) for base, scenario in (few, enough)
    )
    assert one is not None
    assert other is not None
    assert (one.lo, one.hi) == (None, None)
    assert other.lo is not None
    assert other.hi is not None


def test_quantiles_are_of_differences_never_differences_of_quantiles() -> None:
    # The same twelve values in both, in another order: marginals agree, no world does.
    baseline = np.arange(12.0)
    other = np.roll(baseline, 5)
    found = change(baseline, other, np.arange(12) // 4)
    assert found is not None
    assert found.difference == pytest.approx(0)
    assert found.quantiles["q05"] == pytest.approx(-5)
    assert found.quantiles["q95"] == pytest.approx(7)
    assert found.p_equal == 0


def test_with_equal_sets_the_interval_is_students_on_set_means() -> None:
    rng = np.random.default_rng(5)
    values = rng.standard_normal((30, 4)) + 2 * rng.standard_normal((30, 1))
    mean, error, half = mean_interval(values.ravel(), np.repeat(np.arange(30), 4))
    expected = stats.ttest_1samp(values.mean(axis=1), 0).confidence_interval(0.95)
    assert error == pytest.approx(stats.sem(values.mean(axis=1)))
    assert half is not None
    assert (mean - half, mean + half) == pytest.approx(tuple(expected))


def test_the_interval_holds_the_truth_in_95_of_100_runs() -> None:
    rng = np.random.default_rng(9)
    sets = np.repeat(np.arange(20), 4)
    hits = []
    for _ in range(2000):
        values = rng.standard_normal(80) + 1.5 * rng.standard_normal(20).repeat(4)
        mean, _, half = mean_interval(values, sets)
        assert half is not None
        hits.append(abs(mean) <= half)
    assert np.mean(hits) == pytest.approx(0.95, abs=0.015)


def test_one_set_has_a_mean_but_no_interval() -> None:
    found = change(np.zeros(4), np.ones(4), np.zeros(4, dtype=int))
    assert found is not None
    assert (found.difference, found.se, found.lo, found.hi) == (1.0, None, None, None)
    assert not found.clear


def test_worlds_without_a_value_in_either_are_left_out() -> None:
    baseline, other = np.array([1.0, np.nan, 3.0]), np.array([2.0, 2.0, np.nan])
    found = change(baseline, other, np.array([0, 1, 2]))
    assert found is not None
    assert (found.worlds, found.difference) == (1, 1.0)
    assert change(np.array([np.nan]), np.array([1.0]), np.array([0])) is None


def test_rounding_is_no_change() -> None:
    baseline = np.array([0.1 + 0.2, 1e6, 0.0, 5.0])
    other = np.array([0.3, 1e6 * (1 + 1e-12), 0.0, 5.1])
    found = change(baseline, other, np.arange(4))
    assert found is not None
    assert (found.p_equal, found.p_greater) == (0.75, 0.25)
