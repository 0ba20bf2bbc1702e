"""Production functions and the dependence they imply."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.influence.emerson import dependence, loss_without
from sim.model import ConflictModel
from sim.scenario import load_scenario
from sim.scenario.registry import load_registry
from sim.world.controls import controls
from sim.world.functions import ces, efficiencies, supplies

positive = st.floats(0, 10)
etas = st.sampled_from([0.2, 0.5, 0.75, 1.0])


def arrays(*values: float) -> list[np.ndarray]:
    return [np.array([v]) for v in values]


@given(positive, positive, positive, etas)
def test_the_aggregate_matches_its_formula(a: float, b: float, c: float, eta: float) -> None:
    found = ces(arrays(a, b, c), np.array([eta]))[0]
    assert found == pytest.approx((a**eta + b**eta + c**eta) ** (1 / eta), rel=1e-9, abs=1e-12)


def test_worlds_of_different_substitution_do_not_mix() -> None:
    rows = [np.array([1.0, 1.0, 1.0]), np.array([4.0, 4.0, 4.0])]
    assert ces(rows, np.array([1.0, 0.5, 1.0])).tolist() == [5.0, 9.0, 5.0]


@given(positive, positive, positive, etas)
def test_more_from_others_never_raises_dependence(
    own: float, ally: float, more: float, eta: float
) -> None:
    def lost(outside: float) -> float:
        own_, ally_, outside_ = arrays(own, ally, outside)
        given_ = {"own": own_, "belarus": ally_, "outside": outside_}
        return float(loss_without(given_, "belarus", np.array([eta]))[0])

    assert lost(1.0 + more) <= lost(1.0) + 1e-12


def test_no_supply_at_all_is_no_dependence() -> None:
    zero = {"own": np.zeros(2), "belarus": np.zeros(2)}
    assert loss_without(zero, "belarus", np.ones(2)).tolist() == [0.0, 0.0]


def test_a_function_worth_nothing_weighs_nothing() -> None:
    given_ = {"russia.arms": {"belarus": np.ones(1)}, "russia.access": {"own": np.ones(1)}}
    worth = {"russia.arms": np.array([-1.0]), "russia.access": np.array([0.0])}
    found = dependence(given_, worth, np.ones(1), ["russia", "belarus"])
    assert found.tolist() == np.zeros((2, 2, 1)).tolist()


GIVES_NOTHING: dict[str, Any] = {
    f"world.{name}": 0.0
    for name in ("arms_belarus", "access_belarus", "diplomacy_belarus", "kappa")
}


def test_without_its_contributions_russia_does_not_depend_on_belarus() -> None:
    model = ConflictModel(load_scenario("status_quo", GIVES_NOTHING), worlds=8, rng=1)
    for _ in range(2):
        model.step()
    russia, belarus = 0, 1
    assert (model.dependence[russia, belarus] == 0.0).all()
    assert (model.dependence[belarus, russia] > 0.0).any()


def test_substitution_changes_how_suppliers_replace_each_other_and_not_how_much_there_is() -> None:
    """At the reference, the medians of the priors, every parameter gives the same totals."""
    start: dict[str, object] = {
        entry.name: entry.prior.median
        for entry in load_registry()
        if entry.name.startswith("initial.") and not isinstance(entry.prior, float)
    }
    totals = []
    for eta in (1.0, 0.5, 0.7):
        scenario = load_scenario("status_quo", {**start, "world.substitution": eta})
        model = ConflictModel(scenario, worlds=4, rng=1)
        play = {name: actor.standing() for name, actor in model.actors.items()}
        given_ = supplies(model.state, controls(play, model.parameters), model.parameters)
        totals.append(efficiencies(given_, model.parameters))
    for name, total in totals[0].items():
        for other in totals[1:]:
            assert other[name] == pytest.approx(total), name


def test_the_reference_is_the_same_for_all_scenarios() -> None:
    """So that a parameter means the same in each of them."""
    norms = []
    for name in ("status_quo", "invasion_2022"):
        scenario = load_scenario(name, {"world.substitution": 0.5})
        parameters = ConflictModel(scenario, worlds=8, rng=1).parameters
        norms.append({k: v for k, v in parameters.items() if k.startswith("norm.")})
    assert norms[0].keys() == norms[1].keys()
    for key, norm in norms[0].items():
        assert (norm == norms[1][key]).all(), key


def test_ground_adds_up_whatever_the_substitution_parameter() -> None:
    scenario = load_scenario("status_quo", {"world.substitution": 0.5})
    model = ConflictModel(scenario, worlds=4, rng=1)
    play = {name: actor.standing() for name, actor in model.actors.items()}
    given_ = supplies(model.state, controls(play, model.parameters), model.parameters)
    ground = efficiencies(given_, model.parameters)["russia.access"]
    assert ground == pytest.approx(sum(given_["russia.access"].values()))
