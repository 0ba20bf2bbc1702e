"""Coleman's power (1990) on published and hand-worked cases."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.influence.coleman import control, power
from sim.model import ConflictModel


def world(rows: list[list[float]]) -> np.ndarray:
    return np.array(rows)[:, :, None]


def test_two_actors() -> None:
    """Coleman (1990), ch. 25: with X = I power is the stationary distribution of control."""
    r, v = power(world([[1, 0], [0, 1]]), world([[0.6, 0.4], [0.3, 0.7]]))
    assert r[:, 0] == pytest.approx([3 / 7, 4 / 7])
    assert v[:, 0] == pytest.approx([3 / 7, 4 / 7])


def test_three_actors_and_four_events() -> None:
    """Coleman (1990), ch. 25: interests count by their size, whatever their direction."""
    by_actor = [[0.3, 0.4, 0.4, 0.25], [0.2, 0.3, 0.4, 0.35], [0.5, 0.3, 0.2, 0.4]]
    y = np.abs([[0.4, 0.2, 0.1, 0.3], [-0.3, 0.3, 0.2, 0.2], [-0.1, -0.3, -0.5, 0.1]])
    wanted = (y / y.sum(axis=1, keepdims=True))[:, :, None]
    r, v = power(wanted, np.array(by_actor).T[:, :, None])
    assert r[:, 0] == pytest.approx([0.343524, 0.310420, 0.346056], abs=1e-4)
    assert v[:, 0] == pytest.approx([0.265141, 0.265648, 0.269465, 0.199747], abs=1e-4)


def test_power_that_is_not_determined_is_not_given() -> None:
    """Two actors who hold and want only their own: any division would be stationary."""
    r, v = power(world([[1, 0], [0, 1]]), world([[1, 0], [0, 1]]))
    assert np.isnan(r).all()
    assert np.isnan(v).all()


shares = st.lists(st.floats(0.01, 1), min_size=9, max_size=9)


@given(shares, shares)
def test_power_satisfies_its_equations(x: list[float], c: list[float]) -> None:
    wanted, held = np.array(x).reshape(3, 3), np.array(c).reshape(3, 3)
    wanted = wanted / wanted.sum(axis=1, keepdims=True)
    held = held / held.sum(axis=1, keepdims=True)
    r, v = power(wanted[:, :, None], held[:, :, None])
    assert r.sum() == pytest.approx(1.0)
    assert v[:, 0] == pytest.approx(r[:, 0] @ wanted)
    assert r[:, 0] == pytest.approx(v[:, 0] @ held)


def test_who_depends_on_nobody_controls_itself() -> None:
    dependence = np.zeros((2, 2, 1))
    dependence[1, 0] = 0.5
    assert control(dependence)[:, :, 0].tolist() == [[1.0, 0.0], [0.5 / 1.5, 1 / 1.5]]


def test_power_in_the_model_is_a_division_of_one() -> None:
    model = ConflictModel("status_quo", worlds=8, rng=1)
    model.step()
    assert model.coleman.sum(axis=0) == pytest.approx(1.0)
    assert (model.coleman > 0).all()
    assert model.interests.sum(axis=1) == pytest.approx(1.0)
