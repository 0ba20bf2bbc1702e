import math
import re
from typing import Protocol

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from sim.scenario import Distribution
from sim.scenario.quantiles import Array, standard_normal

numbers = st.floats(-1e6, 1e6, allow_subnormal=False)
positive = st.floats(1e-3, 1e3)
probabilities = st.floats(1e-300, 1 - 1e-16, exclude_min=True)


@st.composite
def distributions(draw: st.DrawFn) -> Distribution:
    kind = draw(
        st.sampled_from(
            ["normal", "lognormal", "uniform", "triangular", "beta", "choice", "quantiles"]
        )
    )
    if kind == "normal":
        return Distribution(kind, (draw(numbers), draw(positive)))
    if kind == "lognormal":
        return Distribution(kind, (draw(positive), draw(st.floats(1e-3, 5))))
    if kind == "beta":
        return Distribution(kind, (draw(st.floats(0.1, 50)), draw(st.floats(0.1, 50))))
    args = sorted(draw(st.lists(numbers, min_size=3, max_size=3)))
    assume(args[0] < args[-1])
    return Distribution(kind, (args[0], args[2]) if kind == "uniform" else tuple(args))


@settings(deadline=None)  # SciPy is loaded on the first beta
@given(distributions(), st.lists(probabilities, min_size=2, max_size=20))
def test_quantiles_never_fall_and_stay_in_the_support(d: Distribution, u: list[float]) -> None:
    values = d.ppf(np.array(sorted(u)))
    scale = np.maximum(np.abs(values[:-1]), np.abs(d.args[0]))
    assert np.all(np.diff(values) >= -1e-12 * scale)
    low, high = d.support
    assert np.all((low <= values) & (values <= high))


def test_a_beta_has_a_quantile_for_every_probability() -> None:
    u = 10.0 ** -np.linspace(0.1, 300, 3000)
    values = Distribution("beta", (1.01, 0.2)).ppf(u)
    assert np.all(np.isfinite(values))
    assert np.all(np.diff(values) <= 0)


def test_normal_quantiles_agree_with_scipy() -> None:
    tails = 10.0 ** -np.linspace(0.1, 300, 5000)
    u = np.concatenate([np.linspace(1e-6, 1 - 1e-6, 200_001), tails, 1 - tails[tails > 1e-16]])
    u = u[(u > 0) & (u < 1)]
    assert np.max(np.abs(standard_normal(u) - stats.norm.ppf(u))) < 1e-12


class Reference(Protocol):
    def ppf(self, u: Array) -> Array: ...
    def mean(self) -> float: ...
    def median(self) -> float: ...


@pytest.mark.parametrize(
    ("d", "reference"),
    [
        (Distribution("normal", (2, 3)), stats.norm(2, 3)),
        (Distribution("lognormal", (2, 0.5)), stats.lognorm(0.5, scale=2)),
        (Distribution("uniform", (-1, 4)), stats.uniform(-1, 5)),
        (Distribution("triangular", (1, 2, 6)), stats.triang(0.2, 1, 5)),
        (Distribution("triangular", (1, 1, 6)), stats.triang(0.0, 1, 5)),
        (Distribution("beta", (2, 5)), stats.beta(2, 5)),
    ],
    ids=lambda value: str(value) if isinstance(value, Distribution) else "scipy",
)
def test_quantiles_and_mean_agree_with_scipy(d: Distribution, reference: Reference) -> None:
    u = np.linspace(0.001, 0.999, 997)
    np.testing.assert_allclose(d.ppf(u), reference.ppf(u), rtol=1e-10)
    assert d.mean() == pytest.approx(reference.mean(), rel=1e-12)
    assert d.median == pytest.approx(reference.median(), rel=1e-12)


def test_quantiles_are_met_and_linear_in_between() -> None:
    d = Distribution("quantiles", (0, 1, 5))
    assert list(d.ppf(np.array([0.25, 0.5, 0.75]))) == [0.5, 1.0, 3.0]
    assert d.support == (0, 5)
    assert d.mean() == pytest.approx((0.5 + 3.0) / 2)
    assert d.describe() == "between 0 and 5, median 1, by quantiles"
    assert Distribution("quantiles", (2, 4)).ppf(np.array([0.5]))[0] == 3.0


def test_a_choice_gives_each_value_its_share() -> None:
    d = Distribution("choice", (3, 1, 1, 2))
    assert d.args == (1, 1, 2, 3)
    values, counts = np.unique(d.ppf(np.arange(0.5, 400) / 400), return_counts=True)
    assert values.tolist() == [1, 2, 3]
    assert counts.tolist() == [200, 100, 100]
    assert d.mean() == 1.75


@pytest.mark.parametrize("u", [0.0, 1.0, -0.1, math.nan])
def test_probabilities_outside_the_open_interval_are_refused(u: float) -> None:
    with pytest.raises(ValueError, match="strictly between 0 and 1"):
        Distribution("normal", (0, 1)).ppf(np.array([0.5, u]))


@pytest.mark.parametrize(
    ("kind", "args", "message"),
    [
        ("normal", (0, 0), "sd of normal must be above 0"),
        ("normal", (0,), "normal takes [mean, sd], 1 given"),
        ("lognormal", (0, 1), "median of lognormal must be above 0"),
        ("lognormal", (1, 11), "standard deviation of the logarithm"),
        ("uniform", (2, 1), "low 2 of uniform is not below high 1; swap them"),
        ("uniform", (1, 1), "for a fixed value write the number"),
        ("triangular", (0, 3, 2), "mode 3 lies outside 0 to 2"),
        ("beta", (0, 2), "a of beta must be above 0"),
        ("beta", (1, math.inf), "b of beta must be a finite number"),
        ("choice", (1,), "choice takes two or more values"),
        ("quantiles", (1,), "quantiles takes two or more values"),
        ("quantiles", (1, 1), "all values of quantiles are the same"),
        ("quantiles", (1, 3, 2), "must not fall"),
        ("choice", (1, 1), "write the number"),
        ("choice", (1, math.nan), "must be a finite number"),
        ("unifrom", (0, 1), 'did you mean "uniform"?'),
    ],
)
def test_arguments_that_define_no_distribution(
    kind: str, args: tuple[float, ...], message: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        Distribution(kind, args)


def test_a_distribution_says_what_it_is() -> None:
    d = Distribution("triangular", (0.2, 0.5, 0.9))
    assert d.describe() == "between 0.2 and 0.9, most likely 0.5"
    assert str(d) == "triangular(0.2, 0.5, 0.9)"
    assert d.as_yaml() == {"triangular": [0.2, 0.5, 0.9]}
    assert Distribution("choice", (1, 2, 3)).describe() == "one of 1, 2 or 3"
