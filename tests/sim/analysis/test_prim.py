"""Boxes: planted ones are found, nothing is found in nothing, and what a box says adds up."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.analysis.prim import CHANCE, Box, prim, quasi_p


@pytest.mark.parametrize("inputs", [2, 40])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_planted_box_is_recovered(inputs: int, seed: int) -> None:
    x = np.random.default_rng(seed).random((2000, inputs))
    hit = (x[:, 0] > 0.7) & (x[:, 1] < 0.4)
    box = prim(x, hit).box
    assert box.restricted == (0, 1)
    assert box.low[0] == pytest.approx(0.7, abs=0.01)
    assert box.high[1] == pytest.approx(0.4, abs=0.01)
    assert np.isinf([box.high[0], box.low[1]]).all()
    assert box.coverage > 0.95
    assert box.density > 0.95


def test_of_an_input_with_few_values_whole_values_go() -> None:
    rng = np.random.default_rng(4)
    x = np.column_stack([rng.integers(0, 3, 900), rng.random(900)]).astype(float)
    box = prim(x, (x[:, 0] == 2) & (rng.random(900) < 0.9)).box
    assert box.restricted == (0,)
    assert box.low[0] == 1.5
    assert box.coverage == 1.0


def test_a_density_that_is_asked_for_is_reached_with_as_much_coverage_as_may_be() -> None:
    rng = np.random.default_rng(5)
    x = rng.random((3000, 3))
    hit = rng.random(3000) < x[:, 0] ** 2
    loose, tight = prim(x, hit, density=0.6).box, prim(x, hit, density=0.85).box
    assert loose.density >= 0.6
    assert tight.density >= 0.85
    assert tight.coverage < loose.coverage
    assert tight.low[0] > loose.low[0]


def test_restrictions_that_could_be_chance_do_not_stay() -> None:
    rng = np.random.default_rng(6)
    x = rng.random((250, 60))
    hit = (x[:, 0] > 0.5) & (rng.random(250) < 0.7)
    found = prim(x, hit)
    assert found.box.restricted == (0,)
    assert found.dropped
    assert all(p <= CHANCE for p in found.quasi_p.values())
    assert set(found.quasi_p) == set(found.box.restricted)


def test_quasi_p_is_a_binomial_test_against_the_box_without_the_restriction() -> None:
    from scipy.stats import binomtest

    rng = np.random.default_rng(7)
    x = rng.random((400, 2))
    hit = rng.random(400) < 0.3 + 0.3 * (x[:, 0] > 0.5)
    low, high = np.array([0.5, 0.2]), np.array([np.inf, np.inf])
    inside = (x > low).all(axis=1)
    box = Box(low, high, int(inside.sum()), int(hit[inside].sum()), 400, int(hit.sum()))
    found = quasi_p(box, x, hit)
    for k, other in ((0, 1), (1, 0)):
        rate = hit[x[:, other] > low[other]].mean()
        wanted = binomtest(box.hits, box.cases, rate, alternative="greater").pvalue
        assert found[k] == pytest.approx(wanted, rel=1e-9)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(60, 250), st.floats(0.05, 0.6))
def test_every_box_counts_what_lies_inside_and_peeling_only_takes_away(
    seed: int, cases: int, rate: float
) -> None:
    rng = np.random.default_rng(seed)
    x = np.round(rng.random((cases, 4)), int(rng.integers(1, 4)))
    hit = rng.random(cases) < rate
    if not 0 < hit.sum() < cases:
        return
    found = prim(x, hit)
    for box in (*found.trajectory, found.box):
        inside = box.holds(x)
        assert box.cases == inside.sum()
        assert box.hits == hit[inside].sum()
        assert -1.0 <= box.agreement <= 1.0
        wanted = 0.0 if inside.all() else float(np.corrcoef(inside, hit)[0, 1])
        assert box.agreement == pytest.approx(wanted, abs=1e-9)
    many = [box.cases for box in found.trajectory]
    assert many == sorted(many, reverse=True)
    assert len(set(many)) == len(many)
