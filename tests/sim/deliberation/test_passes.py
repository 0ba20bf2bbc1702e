"""Compiled passes against the functions in NumPy that they stand for: to the last bit."""

from importlib.util import find_spec
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.levers import Lever, Menu
from agents.response import logit, marginals, sum_in_order
from sim.deliberation.expansion import Change, Expansion
from sim.influence.behavioural import difference
from sim.influence.coleman import deviation

if find_spec("llvmlite") is None:
    pytest.skip("llvmlite is not installed", allow_module_level=True)
from sim.deliberation import passes
from sim.kernel.compiled import Pass
from sim.kernel.graph import Graph

SHAPE = (3, 2, 3, 2)
LEVERS = range(len(SHAPE))
DECLARED: tuple[Change, ...] = (
    (),
    *(((k, j),) for k in LEVERS for j in range(1, SHAPE[k])),
    *(
        ((k, j), (m, i))
        for k, m in [*combinations(LEVERS, 2)][:-1]  # of one pair nothing is declared
        for j in range(1, SHAPE[k])
        for i in range(1, SHAPE[m])
    ),
)
OPTIONS, WORLDS = 36, 24
MENU = Menu(tuple(Lever(f"lever {k}", tuple("abc"[:size])) for k, size in enumerate(SHAPE)))


@settings(max_examples=20, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    moving=st.sets(st.sampled_from(LEVERS)),
    single=st.booleans(),
    anew=st.booleans(),
)
def test_options_are_put_together_alike(
    seed: int, moving: set[int], single: bool, anew: bool
) -> None:
    rng = np.random.default_rng(seed)
    changes = tuple(c for c in DECLARED if all(k in moving for k, _ in c))
    anchor = np.stack([rng.integers(0, size, WORLDS) for size in SHAPE])
    rows = rng.normal(size=(len(changes), WORLDS))
    if single:
        rows = rows.astype(np.float32)
    before = rng.normal(size=(OPTIONS, WORLDS)) if anew else None
    expected = Expansion.about(anchor, changes, SHAPE).over_menu(rows)
    expected = expected if before is None else before + expected
    parts = passes.Rows(rows, anchor, changes, DECLARED, SHAPE)
    found = passes.over_menu(parts, before)
    assert np.array_equal(found, expected)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32), blind=st.booleans())
def test_choices_and_spreads_are_alike(seed: int, blind: bool) -> None:
    rng = np.random.default_rng(seed)
    values, cost = rng.normal(0.0, 30.0, (2, OPTIONS, WORLDS))
    scale, precision = rng.uniform(0.1, 5.0, (2, WORLDS))
    precision *= not blind
    feasible = rng.random((OPTIONS, WORLDS)) < 0.5
    feasible[7] = True
    choosing = passes.Choosing(cost, feasible, scale, precision)
    found = choosing.logit(values)
    assert np.array_equal(found, logit(values / scale - cost, precision, feasible))
    assert found[~feasible].max() == 0.0
    changes = rng.normal(size=(len(DECLARED), WORLDS))
    anchor = np.stack([rng.integers(0, size, WORLDS) for size in SHAPE])
    rows = passes.Rows(changes, anchor, DECLARED, DECLARED, SHAPE)
    expected = choosing.weights(passes.over_menu(rows, values))
    assert np.array_equal(choosing.weights_anew(rows, values), expected)
    found = passes.deviation(values, scale, feasible)
    assert np.array_equal(found, deviation(values / scale, feasible))


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32), sure=st.booleans())
def test_differences_are_alike(seed: int, sure: bool) -> None:
    rng = np.random.default_rng(seed)
    own, puppet = rng.dirichlet(np.full(OPTIONS, 0.01 if sure else 1.0), (2, WORLDS))
    own, puppet = np.ascontiguousarray(own.T), np.ascontiguousarray(puppet.T)
    own, puppet = own * 3.0, puppet * 0.7
    figures = difference(own / sum_in_order(own), puppet / sum_in_order(puppet), MENU)
    for found, expected in zip(passes.difference(own, puppet, SHAPE), figures, strict=True):
        assert np.array_equal(found, expected)
    levers = passes.marginals(own, MENU)
    assert levers.keys() == set(MENU.names)
    for name, levels in marginals(own, MENU).items():
        assert np.array_equal(levers[name], levels), name


def test_inputs_that_do_not_fit_are_refused() -> None:
    """Rather than read as if they did: code knows no lengths but those it is told."""
    graph = Graph()
    one, two = graph.input("one"), graph.input("two")
    add = Pass(graph, {one: np.dtype("f8"), two: np.dtype("f4")}, [graph.node("add", one, two)])
    long, short = np.arange(16.0), np.ones(16, dtype=np.float32)
    assert np.array_equal(add.run(long, short), [long + 1.0])
    for wrong in ((short, short), (long,), (long, short[:8]), (long[:12], short[:12])):
        with pytest.raises(ValueError, match="not the inputs"):
            add.run(*wrong)
