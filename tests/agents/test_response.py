"""The logit response against published values, and drawing lever by lever."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.levers import Lever, Menu
from agents.response import draw, logit, marginals, sum_in_order, total_variation

MENU = Menu((Lever("a", ("x", "y", "z")), Lever("b", ("no", "yes"))))


def test_logit_of_three_payoffs() -> None:
    """Luce (1959), McFadden (1974): exp(1), exp(0), exp(-1) normalised."""
    found = logit(np.array([[1.0], [0.0], [-1.0]]), 1.0, None)[:, 0]
    assert found == pytest.approx([0.665241, 0.244728, 0.090031], abs=1e-6)


@pytest.mark.parametrize(
    ("precision", "row", "column"), [(0.5, 0.830671, 0.418077), (1.0, 0.893576, 0.312780)]
)
def test_iterated_response_reaches_the_logit_equilibrium(
    precision: float, row: float, column: float
) -> None:
    """Asymmetric matching pennies (McKelvey and Palfrey 1995): mutual response at rest."""
    row_payoff = np.array([[9.0, 0.0], [0.0, 1.0]])
    column_payoff = np.array([[0.0, 1.0], [1.0, 0.0]])
    p, q = np.array([[0.5], [0.5]]), np.array([[0.5], [0.5]])
    for _ in range(4000):  # damped, since the undamped map cycles
        p = p + 0.05 * (logit(row_payoff @ q, precision, None) - p)
        q = q + 0.05 * (logit(column_payoff.T @ p, precision, None) - q)
    assert p[0, 0] == pytest.approx(row, abs=1e-5)
    assert q[0, 0] == pytest.approx(column, abs=1e-5)


def test_precision_zero_is_uniform_over_feasible_options() -> None:
    feasible = np.array([[True], [False], [True], [True]])
    found = logit(np.array([[5.0], [9.0], [-3.0], [0.0]]), 0.0, feasible)[:, 0]
    assert found == pytest.approx([1 / 3, 0, 1 / 3, 1 / 3])
    assert found[1] == 0.0


def test_high_precision_is_the_best_response() -> None:
    found = logit(np.array([[0.1, 3.0], [0.2, -1.0]]), 1e6, None)
    assert found.tolist() == [[0.0, 1.0], [1.0, 0.0]]


def test_levers_drawn_one_by_one_follow_the_joint_distribution() -> None:
    worlds = 200_000
    joint = np.array([0.05, 0.25, 0.1, 0.3, 0.2, 0.1])
    rng = np.random.default_rng(3)
    levels = draw(
        np.repeat(joint[:, None], worlds, axis=1),
        MENU,
        {"a": rng.random(worlds), "b": rng.random(worlds)},
    )
    counts = np.bincount(levels[0] * 2 + levels[1], minlength=6) / worlds
    error = np.sqrt(joint * (1 - joint) / worlds)
    assert (np.abs(counts - joint) < 5 * error).all()


@given(
    st.lists(st.floats(0, 1), min_size=6, max_size=6).filter(lambda w: sum(w) > 1e-6),
    st.floats(0, 1, exclude_min=True, exclude_max=True),
    st.floats(0, 1, exclude_min=True, exclude_max=True),
)
def test_an_option_of_no_weight_is_never_drawn(weights: list[float], u: float, v: float) -> None:
    joint = np.array(weights)[:, None] / sum(weights)
    levels = draw(joint, MENU, {"a": np.array([u]), "b": np.array([v])})
    assert joint[levels[0, 0] * 2 + levels[1, 0], 0] > 0


def test_near_twins_part_less_when_drawn_lever_by_lever() -> None:
    """The reason for conditional draws: the same uniforms and nearly the same odds."""
    worlds = 20_000
    rng = np.random.default_rng(5)
    values = rng.normal(size=(6, worlds))
    one, two = logit(values, 1.0, None), logit(values + rng.normal(0, 0.05, (6, worlds)), 1.0, None)
    uniforms = {"a": rng.random(worlds), "b": rng.random(worlds)}
    apart = (draw(one, MENU, uniforms) != draw(two, MENU, uniforms)).any(axis=0).mean()

    def flat(p: np.ndarray) -> np.ndarray:
        return (np.cumsum(p, axis=0) < uniforms["a"]).sum(axis=0)

    assert apart < (flat(one) != flat(two)).mean()


def test_marginals_add_up() -> None:
    joint = np.array([0.05, 0.25, 0.1, 0.3, 0.2, 0.1])[:, None]
    found = marginals(joint, MENU)
    assert found["a"][:, 0] == pytest.approx([0.3, 0.4, 0.3])
    assert found["b"][:, 0] == pytest.approx([0.35, 0.65])


def test_total_variation_is_between_none_and_all() -> None:
    p, q = np.array([[1.0], [0.0]]), np.array([[0.0], [1.0]])
    assert total_variation(p, p)[0] == 0.0
    assert total_variation(p, q)[0] == 1.0


def test_sums_do_not_depend_on_the_number_of_worlds() -> None:
    """NumPy's own sum may pair rows differently for one column; ours adds row after row."""
    rows = np.random.default_rng(1).normal(size=(72, 640)) * 10.0 ** np.arange(72)[:, None]
    whole = sum_in_order(rows)
    assert all(sum_in_order(rows[:, k : k + 1])[0] == whole[k] for k in range(640))
    one_by_one = rows[0].copy()
    for row in rows[1:]:
        one_by_one += row
    assert np.array_equal(whole, one_by_one)
    grid = np.moveaxis(rows.reshape(8, 9, 640), 1, 0)
    assert np.array_equal(sum_in_order(grid[:, 3]), sum_in_order(grid)[3])
    assert np.array_equal(sum_in_order(rows[:, 64:128]), whole[64:128])
