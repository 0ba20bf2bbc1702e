"""Dependence: nobody depends on who gives nothing, and alternatives never add to it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.influence.emerson import dependence, loss_without
from sim.model import ConflictModel
from sim.world.functions import Supplies, supplies

SUPPLIERS = ("own", "belarus", "nato", "outside")
OWNERS = ("russia", "belarus", "nato")
amount = st.floats(0, 10)
held = st.dictionaries(st.sampled_from(SUPPLIERS), amount, min_size=1)
functions = st.dictionaries(st.sampled_from(["arms", "access", "cover", "flank"]), held, min_size=1)
etas = st.floats(0.1, 1.0)
weights = st.lists(st.floats(-2, 5), min_size=4, max_size=4)


def on(found: Supplies, worth: list[float], eta: float) -> float:
    """Dependence of Russia on Belarus."""
    values = {name: np.array([w]) for name, w in zip(found, worth, strict=False)}
    return float(dependence(found, values, np.array([eta]), list(OWNERS))[0, 1, 0])


def of_russia(drawn: dict[str, dict[str, float]]) -> dict[str, dict[str, np.ndarray]]:
    return {
        f"russia.{name}": {who: np.array([q]) for who, q in by.items()}
        for name, by in drawn.items()
    }


@given(functions, weights, etas)
def test_who_gives_nothing_is_depended_on_by_nobody(
    drawn: dict[str, dict[str, float]], worth: list[float], eta: float
) -> None:
    given_ = of_russia(drawn)
    silent = {
        name: {who: q * (who != "belarus") for who, q in by.items()} for name, by in given_.items()
    }
    absent = {
        name: {who: q for who, q in by.items() if who != "belarus"} or {"own": np.zeros(1)}
        for name, by in given_.items()
    }
    assert on(silent, worth, eta) == 0.0
    assert on(absent, worth, eta) == 0.0
    assert 0.0 <= on(given_, worth, eta) <= 1.0 + 1e-12


@given(functions, weights, etas, st.sampled_from(["arms", "access", "cover", "flank"]), amount)
def test_more_from_outside_never_adds_to_dependence(
    drawn: dict[str, dict[str, float]],
    worth: list[float],
    eta: float,
    function: str,
    more: float,
) -> None:
    """With the worth of each function as it is."""
    scarce = of_russia(drawn)
    if f"russia.{function}" not in scarce:
        return
    here = scarce[f"russia.{function}"]
    ample = scarce | {
        f"russia.{function}": here | {"outside": here.get("outside", np.zeros(1)) + more}
    }
    assert on(ample, worth, eta) <= on(scarce, worth, eta) + 1e-9


@pytest.fixture(scope="module")
def model() -> ConflictModel:
    model = ConflictModel("status_quo", worlds=64, rng=4, draws=1)
    for _ in range(3):
        model.step()
    return model


def in_the_model(model: ConflictModel) -> Supplies:
    return supplies(model.state, model.last.c, model.parameters)


def test_in_the_model_too(model: ConflictModel) -> None:
    """Every owner and every supplier, at states that play has reached."""
    given_, names = in_the_model(model), list(model.actors)
    eta = model.parameters["world.substitution"]
    worth = {name: np.ones_like(eta) for name in given_}
    before = dependence(given_, worth, eta, names)
    for j, supplier in enumerate(names):
        without = {
            name: {who: q * float(who != supplier) for who, q in by.items()}
            for name, by in given_.items()
        }
        assert (dependence(without, worth, eta, names)[:, j] == 0.0).all(), supplier
    assert (before[names.index("russia"), names.index("belarus")] > 0.0).all()


@pytest.mark.parametrize("field", ["outside_arms", "outside_diplomacy"])
def test_outside_suppliers_in_the_model_replace_belarus(model: ConflictModel, field: str) -> None:
    """A field of the state called outside is a supplier that stands beside Belarus."""
    eta = model.parameters["world.substitution"]
    more = replace(model.state, **{field: getattr(model.state, field) + 0.3})
    after = supplies(more, model.last.c, model.parameters)
    moved = 0
    for name, by in in_the_model(model).items():
        if name.startswith("russia."):
            less = loss_without(after[name], "belarus", eta)
            assert (less <= loss_without(by, "belarus", eta) + 1e-12).all(), name
            moved += bool((less < loss_without(by, "belarus", eta)).any())
    assert moved == 1
