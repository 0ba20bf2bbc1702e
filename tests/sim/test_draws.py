"""Keyed draws: a number is a function of its meaning."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.draws import BLOCK, SETS, parameter_points, uniforms, uniforms_of_futures


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
    """Golden values of format 2: if these change, every stored run changes its meaning."""
    assert uniforms(1, "oil", 0, 0, 3).tolist() == GOLDEN_UNIFORMS
    assert parameter_points(1, names(3), 0, 2).tolist() == GOLDEN_POINTS


def test_uniforms_are_uniform() -> None:
    u = np.sort(uniforms(1, "choice.russia.tempo", 3, 0, 100_000))
    assert 0.0 < u[0] < u[-1] < 1.0
    gap = np.abs(u - (np.arange(u.size) + 0.5) / u.size).max()
    assert gap < 1.95 / np.sqrt(u.size)  # Kolmogorov-Smirnov, one in a thousand


def names(count: int) -> list[str]:
    return [f"world.quantity_{k}" for k in range(count)]


@given(st.integers(0, 3 * SETS), st.integers(1, SETS), st.integers(1, 40))
def test_sets_can_be_drawn_alone_and_parameters_added(
    first: int, count: int, dimensions: int
) -> None:
    whole = parameter_points(9, names(dimensions), first, count)
    k = count - 1
    assert np.array_equal(parameter_points(9, names(dimensions), first + k, 1)[0], whole[k])
    more = parameter_points(9, ["world.new", *names(dimensions)], first, count)
    assert np.array_equal(more[:, 1:], whole)


def test_every_block_is_a_latin_hypercube() -> None:
    """Each parameter hits every one of 256 strata once, in an order of its own."""
    points = parameter_points(5, names(20), SETS, SETS)
    assert (points > 0).all()
    assert (points < 1).all()
    strata = (points * SETS).astype(int)
    for k in range(20):
        assert sorted(strata[:, k]) == list(range(SETS))
    assert len({tuple(strata[:, k]) for k in range(20)}) == 20


def test_no_two_parameters_go_together_in_a_short_run() -> None:
    """In 64 sets, what a small run has, no pair out of 300 is aligned more than chance allows."""
    points = parameter_points(1, names(300), 0, 64)
    correlation = np.corrcoef(points.T) - np.eye(300)
    assert np.abs(correlation).max() < 5.5 / np.sqrt(64)
    halves = (points > 0.5).astype(float)
    assert np.abs(np.corrcoef(halves.T) - np.eye(300)).max() < 5.5 / np.sqrt(64)


GOLDEN_UNIFORMS = [0.009203794408593702, 0.944337077960455, 0.5714385924719227]
GOLDEN_POINTS = [
    [0.2637709125628647, 0.6631556513859757, 0.6474692103359713],
    [0.3525450372982209, 0.46697895395002476, 0.9575230345766653],
]


def test_futures_of_a_world_have_numbers_of_their_own() -> None:
    many = uniforms_of_futures(1, "oil", 3, 70, 0, 200)
    assert np.array_equal(uniforms_of_futures(1, "oil", 3, 70, 130, 5), many[130:135])
    others = (
        uniforms(1, "oil", 3, 0, 200),
        uniforms_of_futures(1, "oil", 3, 71, 0, 200),
        uniforms_of_futures(1, "oil", 4, 70, 0, 200),
        uniforms_of_futures(2, "oil", 3, 70, 0, 200),
    )
    for other in others:
        assert not np.isin(other, many).any()
        assert abs(np.corrcoef(other, many)[0, 1]) < 0.3
