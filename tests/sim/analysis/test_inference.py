"""Approximate Bayesian computation against a posterior known in closed form."""

import numpy as np
import pytest
from scipy import stats

from agents.outlook import Array
from sim.analysis.inference import accept, learn, weighted_quantiles

NAMES = ["mean", "idle a", "idle b", "idle c"]


def problem(worlds: int, seed: int = 1) -> tuple[Array, Array]:
    """A normal mean with prior N(0, 1), seen twice with error 1; three parameters do nothing."""
    rng = np.random.default_rng(seed)
    points = rng.uniform(1e-9, 1 - 1e-9, (worlds, 4))
    theta = stats.norm.ppf(points[:, 0])
    seen = theta[:, None] + rng.normal(size=(worlds, 2))
    return points, seen


def test_the_posterior_of_a_normal_mean() -> None:
    points, seen = problem(20_000)
    observed = np.array([1.2, 0.6])  # posterior N((1.2 + 0.6) / 3, 1 / 3)
    [mean, *idle], accepted = learn(NAMES, points, seen, observed, 0.05)
    theta = stats.norm.ppf(mean.draws)
    centre = accepted.weights @ theta
    spread = np.sqrt(accepted.weights @ (theta - centre) ** 2)
    assert centre == pytest.approx(0.6, abs=0.07)
    assert spread == pytest.approx(3**-0.5, abs=0.06)
    assert mean.informed
    assert mean.width < 0.8
    assert mean.shift > 0.1
    for one in idle:
        assert not one.informed
        assert one.width == pytest.approx(1.0, abs=0.1)


def test_the_regression_narrows_what_distance_alone_leaves_wide() -> None:
    points, seen = problem(4_000)
    observed = np.array([0.9, 0.9])
    [mean, *_], accepted = learn(NAMES, points, seen, observed, 0.25)
    plain = stats.norm.ppf(points[accepted.worlds, 0])
    theta = stats.norm.ppf(mean.draws)

    def spread(values: Array) -> float:
        middle = accepted.weights @ values
        return float(np.sqrt(accepted.weights @ (values - middle) ** 2))

    assert abs(spread(theta) - 3**-0.5) < abs(spread(plain) - 3**-0.5)


def test_idle_parameters_are_hardly_ever_called_informed() -> None:
    rng = np.random.default_rng(3)
    called = 0
    for seed in range(20):
        points, seen = problem(2_000, seed)
        many = np.column_stack([points[:, :1], rng.uniform(size=(2_000, 40))])
        names = ["mean", *(f"idle {k}" for k in range(40))]
        learned, _ = learn(names, many, seen, np.array([1.0, 1.0]), 0.1)
        called += sum(one.informed for one in learned[1:])
        assert learned[0].informed
    assert called <= 4  # 5 % of 20 rounds are expected to have one


def test_nothing_is_moved_beyond_what_worlds_reach() -> None:
    points, seen = problem(4_000)
    far = np.array([40.0, 40.0])  # out of the model's reach
    [mean, *_], accepted = learn(NAMES, points, seen, far, 0.05)
    theta = stats.norm.ppf(mean.draws)
    assert theta.max() < 6.0  # extrapolation would say 26
    assert (accepted.target < 0).all()


def test_nearer_worlds_count_more() -> None:
    statistics = np.array([[0.0], [1.0], [2.0], [3.0], [50.0]])
    accepted = accept(statistics, np.array([0.0]), 0.6, np.arange(5))
    assert list(accepted.worlds) == [0, 1, 2]
    assert accepted.weights == pytest.approx(np.array([9, 8, 5]) / 22)
    assert accepted.effective == pytest.approx(22**2 / (81 + 64 + 25))


def test_weighted_quantiles_of_equal_weights_are_those_of_the_values() -> None:
    values = np.random.default_rng(1).normal(size=501)
    at = np.array([0.1, 0.5, 0.9])
    found = weighted_quantiles(values, np.full(501, 1 / 501), at)
    assert found == pytest.approx(np.quantile(values, at, method="hazen"))
