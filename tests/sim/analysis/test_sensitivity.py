"""What an outcome hinges on: planted effects stand out, idle parameters do not."""

import warnings

import numpy as np
import pytest

from sim.analysis.by_set import BySet, BySetError
from sim.analysis.outcomes import measure
from sim.analysis.sensitivity import course, sensitivity, shares_of


def sets_of(x: np.ndarray, y: np.ndarray) -> BySet:
    columns = {f"p{k}": x[:, k] for k in range(x.shape[1])}
    return BySet(measure("front"), columns, y, 4, None)


def ordered(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.asarray(y[np.argsort(x, axis=0).T])


def ishigami(x: np.ndarray) -> np.ndarray:
    a, b = 7.0, 0.1
    one, two, three = (2.0 * x.T - 1.0) * np.pi
    return np.asarray(np.sin(one) + a * np.sin(two) ** 2 + b * three**4 * np.sin(one))


def test_shares_of_ishigamis_function() -> None:
    x = np.random.default_rng(1).random((1024, 3))
    found = shares_of(ordered(x, ishigami(x)))
    np.testing.assert_allclose(found, [0.3139, 0.4424, 0.0], atol=0.05)


@pytest.mark.parametrize("sets", [200, 251])
def test_shares_are_those_of_a_known_library(sets: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from SALib.analyze import rbd_fast
    rng = np.random.default_rng(2)
    x = rng.random((sets, 4))
    y = x[:, 0] + np.cos(9.0 * x[:, 1]) + rng.normal(size=sets)
    problem = {"num_vars": 4, "names": list("abcd"), "bounds": [[0, 1]] * 4}
    for waves in (4, 10):
        wanted = rbd_fast.analyze(problem, x, y, M=waves, num_resamples=2, seed=1)["S1"]
        np.testing.assert_allclose(shares_of(ordered(x, y), waves), wanted, rtol=1e-9)


def test_a_planted_parameter_stands_out_and_idle_ones_do_not() -> None:
    rng = np.random.default_rng(3)
    x = rng.random((400, 60))
    y = 2.0 * x[:, 7] + (2.0 * x[:, 11] - 1.0) ** 2 + rng.normal(0.0, 0.3, 400)
    found = sensitivity(sets_of(x, y))
    assert [one.name for one in found.standing_out] == ["p7", "p11"]
    parts = np.var(2.0 * x[:, 7]), np.var((2.0 * x[:, 11] - 1.0) ** 2)
    for one, part in zip(found.standing_out, parts, strict=True):
        assert one.share == pytest.approx(part / y.var(), abs=0.06)
        assert one.lo < part / y.var() < one.hi
        assert one.error > 0.0
    assert found.standing_out[0].direction > 0.8
    assert abs(found.standing_out[1].direction) < 0.2  # it bends
    assert found.nothing > found.idle > 0.0
    told = found.document()
    assert told["told"] == pytest.approx(sum(one.share for one in found.standing_out))


def test_in_nothing_something_stands_out_in_about_five_of_a_hundred() -> None:
    rng = np.random.default_rng(4)
    alarms = sum(
        bool(sensitivity(sets_of(rng.random((80, 12)), rng.normal(size=80)), k).standing_out)
        for k in range(30)
    )
    assert alarms <= 5  # P(Binomial(30, .05) > 5) < 0.01


def test_errors_are_as_large_as_shares_vary() -> None:
    rng = np.random.default_rng(5)
    found = []
    for k in range(30):
        x = rng.random((150, 2))
        found.append(sensitivity(sets_of(x, x[:, 0] + 0.5 * rng.normal(size=150)), k))
    shares = [{h.name: h for h in one.hinges}["p0"] for one in found]
    spread = np.std([one.share for one in shares])
    assert np.mean([one.error for one in shares]) == pytest.approx(spread, rel=0.4)


def test_a_course_goes_from_low_to_high_and_keeps_equal_values_together() -> None:
    x = np.repeat([0.0, 1.0], 50)
    steps = course(x, x + np.random.default_rng(6).normal(0.0, 0.1, 100))
    assert [(s.low, s.high) for s in steps] == [(0.0, 0.0), (1.0, 1.0)]
    assert steps[1].lo is not None
    assert steps[0].hi is not None
    assert steps[0].hi < 0.5 < steps[1].lo
    assert len(course(np.arange(160.0), np.arange(160.0))) == 8


def test_too_few_sets_and_an_outcome_that_never_differs_are_refused() -> None:
    x = np.random.default_rng(7).random((100, 3))
    with pytest.raises(BySetError, match="give 240 worlds or more"):
        sensitivity(sets_of(x[:59], x[:59, 0]))
    with pytest.raises(BySetError, match="hinges on nothing"):
        sensitivity(sets_of(x, np.ones(100)))
