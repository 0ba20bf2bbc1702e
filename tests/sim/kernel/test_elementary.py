"""Logarithm, exponential and power, against NumPy's in higher precision."""

import numpy as np
import pytest

from sim.kernel.plan import Precision, _Desk

POINTS = 64 * 50


def carried_out(op: str, precision: Precision, *args: np.ndarray) -> np.ndarray:
    desk = _Desk((POINTS,), precision)
    out = desk.carry_out(op, [np.ascontiguousarray(a, dtype=precision) for a in args], [])
    for call in desk.calls:
        call()
    return out.astype(np.longdouble)


def drawn(precision: Precision) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    x = np.exp(rng.normal(0.0, 3.0, POINTS)).astype(precision)
    return x, rng.uniform(0.05, 2.0, POINTS).astype(precision)


@pytest.mark.parametrize("precision", [np.float32, np.float64])
def test_they_are_good_to_the_last_digits(precision: Precision) -> None:
    x, y = drawn(precision)
    last = float(np.finfo(precision).eps)
    long = x.astype(np.longdouble)
    assert carried_out("log", precision, x) == pytest.approx(np.log(long), rel=last, abs=last)
    assert carried_out("log1p", precision, x) == pytest.approx(
        np.log1p(long), rel=last, abs=3 * last
    )
    assert carried_out("exp", precision, np.log(x)) == pytest.approx(
        np.exp(np.log(x).astype(np.longdouble)), rel=last
    )
    assert carried_out("power", precision, x, y) == pytest.approx(
        long ** y.astype(np.longdouble), rel=20 * last
    )


@pytest.mark.parametrize("precision", [np.float32, np.float64])
def test_edges(precision: Precision) -> None:
    x = np.zeros(POINTS)
    assert (carried_out("power", precision, x, x + 0.3) == 0.0).all()
    assert (carried_out("power", precision, x + 2.0, x) == 1.0).all()
    assert (carried_out("log", precision, x + 1.0) == 0.0).all()
    assert (carried_out("log1p", precision, x) == 0.0).all()
    assert (carried_out("exp", precision, x) == 1.0).all()
    assert np.isfinite(carried_out("exp", precision, x + 1e4)).all()
    assert (carried_out("exp", precision, x - 1e4) < 1e-30).all()
