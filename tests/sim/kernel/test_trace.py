"""The month as a graph, against the month as it is written."""

from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from agents import roster
from agents.outlook import Outlook
from sim.kernel.graph import Graph
from sim.kernel.trace import BELIEVED, Possible, Symbol, trace
from sim.world.month import advance
from sim.world.state import State
from tests.support.play import random_month

INCENTIVES = {name: kind.incentives for name, kind in roster().items()}
POSSIBLE = {"world.substitution": np.array([0.5, 1.0])}


def symbols(**possible: list[float]) -> tuple[Graph, Any, Any]:
    """Two symbols, which pass for arrays."""
    graph = Graph()
    held = Possible({name: np.array(values) for name, values in possible.items()})
    x, y = (Symbol(graph, graph.input(name), held) for name in ("x", "y"))
    return graph, x, y


@pytest.mark.parametrize("substitution", [(0.5, 1.0), (1.0,), (0.3, 0.5, 0.7, 1.0)])
def test_every_field_is_what_the_text_gives(substitution: tuple[float, ...]) -> None:
    month = random_month(5, worlds=64, rows=7)
    eta = np.resize(np.array(substitution), 64)
    parameters = {**month.parameters, "world.substitution": eta}
    optimism = np.linspace(0.5, 2.0, 64)
    state, seen = advance(month.state, month.dials, parameters, optimism=optimism)
    traced = trace(INCENTIVES, {"world.substitution": np.array(substitution)}, believed=True)
    inputs = month.inputs | parameters | {BELIEVED: optimism}
    found = traced.graph.evaluate(list(traced.state.values()), inputs)
    for name, value in zip(traced.state, found, strict=True):
        assert value == pytest.approx(getattr(state, name), rel=1e-12, abs=1e-12), name
    found = traced.graph.evaluate(list(traced.outlook.values()), inputs)
    for name, value in zip(traced.outlook, found, strict=True):
        assert value == pytest.approx(getattr(seen, name), rel=1e-12, abs=1e-12), name
    assert set(traced.state) == {f.name for f in fields(State)}
    assert set(traced.outlook) == {f.name for f in fields(Outlook)}


def test_boosts_reach_the_functions_they_name() -> None:
    month = random_month(6, worlds=64, rows=1)
    traced = trace(INCENTIVES, POSSIBLE, boosted=True)
    names = {n for n in traced.graph.names if n.startswith("boost.")}
    boost = {name.removeprefix("boost."): np.full(64, 1.1) for name in names}
    state, _ = advance(month.state, month.dials, month.parameters, boost=boost)
    inputs = month.inputs | month.parameters | {f"boost.{k}": v for k, v in boost.items()}
    found = traced.graph.evaluate(list(traced.state.values()), inputs)
    for name, value in zip(traced.state, found, strict=True):
        assert value == pytest.approx(getattr(state, name), rel=1e-12, abs=1e-12), name
    assert "boost.russia.arms" in names


def test_the_same_thing_is_computed_once() -> None:
    graph, x, y = symbols()
    one, two = (x + y) * 2.0, np.sqrt(x + y)
    assert graph.args[one.node][0] == graph.args[two.node][0]
    assert (x + y).node == (x + y).node
    assert (x + y).node != (y + x).node  # rounding is the text's business


def test_numpy_and_plain_operators_are_read() -> None:
    graph, x, y = symbols()
    told = np.where(x > y, np.maximum(x, 2.0) ** 2, -abs(y).clip(None, 0.5)) / (1 - np.log1p(y))
    one, two = np.array([0.3, 3.0]), np.array([0.7, 0.1])
    [found] = graph.evaluate([told.node], {"x": one, "y": two})
    text = np.where(one > two, np.maximum(one, 2.0) ** 2, -abs(two).clip(None, 0.5))
    assert found == pytest.approx(text / (1 - np.log1p(two)))


def test_a_question_about_a_parameter_is_answered_from_all_its_values() -> None:
    _, x, y = symbols(x=[0.5, 1.0], y=[1.0, 1.0])
    assert not (x == 1.0).all()
    assert (x == 1.0).any()
    assert (y == 1.0).all()
    assert ((x == 1.0) | (x == 0.5)).all()
    assert x.possible.asked == {"x", "y"}


def test_what_cannot_be_read_is_refused() -> None:
    _, x, y = symbols(x=[1.0])
    with pytest.raises(TypeError, match=r"use np\.where"):
        bool(x > y)
    with pytest.raises(TypeError, match="by one parameter of the scenario, not by y"):
        (y > 0.0).all()
    with pytest.raises(TypeError, match=r"np\.sin is not among"):
        np.sin(x)
    with pytest.raises(TypeError, match=r"np\.cumsum is not among"):
        np.cumsum(x)
    with pytest.raises(TypeError, match="with numbers, not"):
        x + np.ones(3)
