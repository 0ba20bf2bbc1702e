"""Naive forecasts against computation by hand."""

import math

import pytest
from scipy import stats

from sim.analysis.naive import Forecast, drift, persistence, variogram


def test_nugget_and_slope_by_hand() -> None:
    # Squares of differences: 4, 1, 4 a month apart, 1, 1 two months, 9 three months. Weighted by
    # one over the squared lag, least squares of them on (1, lag) has the normal equations
    # 65/18 a + 13/3 c = 21/2 and 13/3 a + 6 c = 13.
    assert variogram([0, 1, 2, 3], [0.0, 2.0, 1.0, 3.0], 0.0) == pytest.approx((30 / 13, 1 / 2))


def test_a_nugget_is_never_below_zero() -> None:
    # Squares 1, 9 and 16: the line would start below zero, so only the slope is fitted:
    # (1 + 9 + 2 x 16 / 4) / (1 + 1 + 4 / 4).
    assert variogram([0, 1, 2], [0.0, 1.0, 4.0], 0.0) == pytest.approx((0.0, 6.0))


def test_persistence_by_hand() -> None:
    forecast = persistence([0, 1, 2], [0.0, 1.0, 4.0], 5)
    assert forecast is not None
    assert forecast.location == 4.0
    assert forecast.scale == pytest.approx(math.sqrt(6.0 * 3))  # three months after the last figure
    assert forecast.df == 2


def test_drift_by_hand() -> None:
    # slope 2 a month; what is left of the figures is 0, -1, 1, 0
    months, values = [0, 1, 2, 3], [0.0, 1.0, 5.0, 6.0]
    forecast = drift(months, values, 5)
    assert forecast is not None
    nugget, slope = variogram(months, [0.0, -1.0, 1.0, 0.0], 0.0)
    variance = nugget + slope * 2 + 2**2 * (nugget + slope * 3) / 3**2
    assert forecast.location == 6.0 + 2 * 2.0
    assert forecast.scale == pytest.approx(math.sqrt(variance))
    assert forecast.df == 2


def test_too_few_figures_give_no_forecast() -> None:
    assert persistence([0, 1], [1.0, 2.0], 3) is None
    assert drift([0, 1, 2], [1.0, 2.0, 3.0], 3) is None


def test_farther_ahead_is_less_certain() -> None:
    months, values = list(range(6)), [0.0, 1.0, -1.0, 2.0, 1.0, 3.0]
    for naive in (persistence, drift):
        near, far = naive(months, values, 6), naive(months, values, 12)
        assert near is not None
        assert far is not None
        assert far.scale > near.scale


def test_quantiles_and_scores_are_those_of_a_student_t() -> None:
    forecast = Forecast(1.0, 2.0, 5)
    expected = stats.t.ppf([0.05, 0.5, 0.95], 5, 1.0, 2.0)
    assert forecast.quantiles((0.05, 0.5, 0.95)) == pytest.approx(expected)
    # E|X - y| - E|X - X'| / 2 from a large sample
    x, other = stats.t.rvs(5, 1.0, 2.0, size=(2, 200_000), random_state=1)
    sampled = abs(x - 2.5).mean() - abs(x - other).mean() / 2
    assert forecast.crps(2.5) == pytest.approx(sampled, abs=0.02)
    assert Forecast(1.0, 1e-9, 5).crps(3.0) == pytest.approx(2.0)
