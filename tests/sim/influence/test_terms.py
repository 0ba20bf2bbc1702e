"""Influence divided among payoff terms: the division as arithmetic, and on the model."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.draws import TILE
from sim.influence.behavioural import HEADLINE_PAIRS, belief_swaps
from sim.influence.terms import Term, by_term, needed, owen, weights_of
from sim.model import ConflictModel
from sim.scenario import load_scenario
from tests.sim.deliberation.test_options import weighed_by_all
from tests.support.tables import next_table

FIRST: list[Term] = [("a", "x"), ("a", "y"), ("a", "z")]
SECOND: list[Term] = [("b", "x"), ("b", "y")]
seeds = st.integers(0, 2**32)

type Game = dict[frozenset[Term], np.ndarray]


def game(unions: list[list[Term]], seed: int) -> Game:
    rng = np.random.default_rng(seed)
    return {some: rng.normal(size=2) for some in dict.fromkeys(needed(unions))}


def by_orders(unions: list[list[Term]], values: Game) -> dict[Term, np.ndarray]:
    """What each adds, averaged over all orders in which unions and their members come."""
    adds: dict[Term, list[np.ndarray]] = {}
    for order in permutations(unions):
        lines: list[list[Term]] = [[]]
        for union in order:
            lines = [[*line, *members] for line in lines for members in permutations(union)]
        for line in lines:
            for k, term in enumerate(line):
                before = frozenset(line[:k])
                adds.setdefault(term, []).append(values[before | {term}] - values[before])
    return {term: np.mean(found, axis=0) for term, found in adds.items()}


@settings(max_examples=20)
@given(seeds)
def test_it_is_the_mean_over_orders_in_which_actors_stay_together(seed: int) -> None:
    for unions in ([FIRST, SECOND], [FIRST], [SECOND, FIRST]):  # one alone: Shapley's value
        values = game(unions, seed)
        found, expected = owen(unions, values), by_orders(unions, values)
        for term, share in found.items():
            assert share == pytest.approx(expected[term], abs=1e-12)


@given(seeds)
def test_shares_sum_to_what_all_are_worth_and_idle_terms_get_nothing(seed: int) -> None:
    unions = [FIRST, SECOND]
    values = game(unions, seed)
    shares = owen(unions, values)
    everybody = frozenset(FIRST + SECOND)
    total = values[everybody] - values[frozenset()]
    assert sum(shares.values()) == pytest.approx(total, abs=1e-12)
    idle = ("a", "z")
    rng = np.random.default_rng(seed)
    worth = {some - {idle}: rng.normal(size=2) for some in values}
    silent = {some: worth[some - {idle}] for some in values}
    assert (owen(unions, silent)[idle] == 0.0).all()
    assert owen(unions, silent)["a", "x"] != pytest.approx(0.0)


def test_so_many_values_are_enough() -> None:
    assert len(set(needed([FIRST, SECOND]))) == 2**4 + 2**3 - 4  # four are asked for by both


@pytest.fixture(scope="module")
def model() -> ConflictModel:
    model = ConflictModel("status_quo", worlds=TILE, rng=4, collect=False, engine="numba")
    for _ in range(2):
        model.step()
    return model


@pytest.mark.parametrize("pair", HEADLINE_PAIRS)
def test_the_shares_of_terms_add_up_to_the_influence(
    model: ConflictModel, pair: tuple[str, str]
) -> None:
    table = next_table(model)
    before = {name: dict(actor.weights) for name, actor in table.actors.items()}
    shares = by_term(table, pair)
    assert set(shares) == {(name, term) for name in pair for term in before[name]}
    fresh = replace(table, answered={})
    whole = belief_swaps(fresh, [pair], weighed_by_all(fresh))[pair].mean
    assert sum(shares.values()) == pytest.approx(whole, abs=1e-9)
    assert max(np.abs(share).max() for share in shares.values()) > 0.001
    for name, actor in model.actors.items():  # nothing was done to the model itself
        assert actor.weights.keys() == before[name].keys()
        assert all(actor.weights[term] is weight for term, weight in before[name].items())


def test_other_weights_are_the_influence_under_them() -> None:
    model = ConflictModel("status_quo", worlds=TILE, rng=4, collect=False, engine="numba")
    model.step()
    pair = ("belarus", "russia")
    table = next_table(model)
    weights = {name: dict(terms) for name, terms in weights_of(table.actors).items()}
    weights["russia"]["transfers"] = 3.0 * weights["russia"]["transfers"]
    weights["belarus"]["rents"] = 0.0 * weights["belarus"]["rents"]
    shares = by_term(table, pair, weights)
    assert (shares["belarus", "rents"] == 0.0).all()
    for name, actor in table.actors.items():
        actor.weights = weights[name]
    wide = replace(table, light=table.light.weighing(weights), answered={})
    whole = belief_swaps(wide, [pair], weighed_by_all(wide))[pair].mean
    assert sum(shares.values()) == pytest.approx(whole, abs=1e-9)


def test_of_a_puppet_no_term_has_a_share() -> None:
    scenario = load_scenario("status_quo", {"actors.belarus.plays": "puppet of russia"})
    model = ConflictModel(scenario, worlds=TILE, rng=4, collect=False, engine="numba")
    model.step()
    for share in by_term(next_table(model), ("belarus", "russia")).values():
        assert (share == 0.0).all()
