"""Scores against computation by hand, and whether they tell a good forecaster from a bad one."""

import numpy as np
import pytest

from sim.analysis.scores import Ensemble, Jackknifed, brier, crps, log_score, pooled, skill


def test_the_score_of_three_worlds_by_hand() -> None:
    # worlds 1, 2, 4 and a figure of 3: mean distance (2 + 1 + 1) / 3; pairs differ by 1, 3, 2,
    # which is 2 in the mean over the six ordered pairs; 4/3 - 2/2
    assert crps(np.array([1.0, 2.0, 4.0]), 3.0) == pytest.approx(4 / 3 - 1.0)
    assert crps(np.array([1.0]), 3.0) == 2.0


def test_the_score_is_that_of_a_normal_in_closed_form() -> None:
    from scipy import stats

    x = np.sort(np.random.default_rng(1).normal(2.0, 3.0, 20_000))
    z = (4.0 - 2.0) / 3.0
    closed = 3.0 * (z * (2 * stats.norm.cdf(z) - 1) + 2 * stats.norm.pdf(z) - np.pi**-0.5)
    assert crps(x, 4.0) == pytest.approx(closed, rel=0.02)


def test_bands_of_a_calibrated_forecaster_hold_as_often_as_they_say() -> None:
    rng = np.random.default_rng(7)
    ensemble = Ensemble(400, 4)
    held = {0.5: [], 0.9: []}  # type: dict[float, list[float]]
    for _ in range(600):
        middle, width = rng.normal(), rng.uniform(0.5, 3.0)
        worlds, figure = rng.normal(middle, width, 400), rng.normal(middle, width)
        for share, told in held.items():
            told.append(ensemble.inside(worlds, figure, share)[0])
    for share, told in held.items():
        assert np.mean(told) == pytest.approx(share, abs=3 * np.sqrt(share * (1 - share) / 600))


def test_bands_that_hold_everything_cost_more_than_bands_that_are_right() -> None:
    rng = np.random.default_rng(3)
    figures = rng.normal(size=100)
    right = np.mean([crps(np.sort(rng.normal(size=200)), y) for y in figures])
    wide = np.mean([crps(np.sort(rng.normal(size=200) * 6), y) for y in figures])
    assert wide > 1.5 * right


def test_the_jackknife_leaves_whole_sets_out() -> None:
    ensemble = Ensemble(40, 4)
    assert len(ensemble.keep) == 11  # all of them, then ten sets one by one
    for kept in ensemble.keep[1:]:
        left = np.flatnonzero(~kept)
        assert left.size == 4
        assert (left // 4 == left[0] // 4).all()
    assert len(Ensemble(4, 4).keep) == 1


def test_the_jackknife_of_a_mean_is_its_standard_error() -> None:
    values = np.random.default_rng(2).normal(size=20)
    without = [np.delete(values, k).mean() for k in range(20)]
    told = Jackknifed(np.array([values.mean(), *without]))
    assert told.error == pytest.approx(values.std(ddof=1) / np.sqrt(20))
    assert Jackknifed(np.array([1.0])).error is None


def test_sorting_once_gives_the_score_without_each_group() -> None:
    values = np.random.default_rng(5).normal(size=48)
    ensemble = Ensemble(48, 4)
    one_by_one = [crps(np.sort(values[kept]), 0.3) for kept in ensemble.keep]
    assert ensemble.crps(values, 0.3) == pytest.approx(one_by_one)


def test_skill_and_its_mean_over_series_by_hand() -> None:
    better = skill([np.array([1.0]), np.array([3.0])], [4.0, 4.0])
    worse = skill([np.array([8.0])], [4.0])
    assert better.value == 0.5
    assert worse.value == -1.0
    both = pooled([better, worse])
    assert both is not None
    assert both.value == pytest.approx(0.0)  # half as far and twice as far
    assert pooled([]) is None


def test_scores_of_events_by_hand() -> None:
    probability = np.array([0.2])
    assert brier(probability, True) == pytest.approx(0.64)
    assert brier(probability, False) == pytest.approx(0.04)
    assert log_score(probability, True, 10) == pytest.approx(-np.log(2.5 / 11))
    assert np.isfinite(log_score(np.array([0.0]), True, 10)).all()
