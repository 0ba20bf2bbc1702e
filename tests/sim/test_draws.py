"""Keyed draws: a number is a function of its meaning."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.draws import BLOCK, SETS, parameter_points, uniforms


@given(st.integers(0, 5000), st.integers(1, 200), st.integers(0, 3000))
def test_any_world_can_be_drawn_alone(first: int, count: int, month: int) -> None:
    whole = uniforms(7, "oil", month, first, count)
    k = count // 2
    assert uniforms(7, "oil", month, first + k, 1)[0] == whole[k]


def test_draws_differ_by_seed_purpose_month_and_block() -> None:
    one = uniforms(1, "oil", 0, 0, 64)
    for other in (
        uniforms(2, "oil", 0, 0, 64),
        uniforms(1, "gas", 0, 0, 64),
        uniforms(1, "oil", 1, 0, 64),
        uniforms(1, "oil", 0, BLOCK, 64),
        uniforms(1, "oil", 0, 64, 64),
    ):
        assert not np.intersect1d(one, other).size


def test_known_bits() -> None:
    """Golden values of format 1: if these change, every stored run changes its meaning."""
    assert uniforms(1, "oil", 0, 0, 3).tolist() == GOLDEN_UNIFORMS
    assert parameter_points(1, 3, 0, 2).tolist() == GOLDEN_POINTS


def test_uniforms_are_uniform() -> None:
    u = np.sort(uniforms(1, "choice.russia.tempo", 3, 0, 100_000))
    assert 0.0 < u[0] < u[-1] < 1.0
    gap = np.abs(u - (np.arange(u.size) + 0.5) / u.size).max()
    assert gap < 1.95 / np.sqrt(u.size)  # Kolmogorov-Smirnov, one in a thousand


@given(st.integers(0, 3 * SETS), st.integers(1, SETS), st.integers(1, 40))
def test_sets_can_be_drawn_alone_and_dimensions_added(
    first: int, count: int, dimensions: int
) -> None:
    whole = parameter_points(9, dimensions, first, count)
    k = count - 1
    assert np.array_equal(parameter_points(9, dimensions, first + k, 1)[0], whole[k])
    more = parameter_points(9, dimensions + 1, first, count)
    assert np.array_equal(more[:, :dimensions], whole)


def test_points_fill_the_cube_evenly() -> None:
    """Each of the first dimensions hits every one of 256 strata once: the shift keeps the net."""
    points = parameter_points(5, 20, 0, SETS)
    assert (points > 0).all()
    assert (points < 1).all()
    for k in range(20):
        assert len(set((points[:, k] * SETS).astype(int))) == SETS
    assert points.mean(axis=0) == pytest.approx(np.full(20, 0.5), abs=1 / SETS)


GOLDEN_UNIFORMS = [0.009203794408593702, 0.944337077960455, 0.5714385924719227]
GOLDEN_POINTS = [
    [0.4303028122521937, 0.4621854820288718, 0.4390464979223907],
    [0.9303028122521937, 0.9621854820288718, 0.9390464979223907],
]
