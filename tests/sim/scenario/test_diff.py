from sim.scenario import Distribution, diff
from tests.sim.scenario.conftest import Load

BASE = """\
title: Base
months: 24
events: [{at: 2024-02, shock: {oil: 10}}]
moves: [{actor: nato, from: 2024-01, to: 2024-02, lever: aid, level: surge}]
"""


def test_a_scenario_does_not_differ_from_itself(load: Load) -> None:
    assert diff(load(BASE), load(BASE.replace("Base", "Another title"))) == []


def test_every_input_that_differs_is_listed_once(load: Load) -> None:
    child = """\
extends: base.yaml
start: 2024-01
horizon: 3
claims: {C18: off}
actors: {russia: {plays: myopic}}
world: {third_party_arms: 0.5}
events: [{at: 2024-03, shock: {attention: -0.1}, note: budget}]
moves: {replace: []}
"""
    differences = diff(load(BASE), load(child, base=BASE))
    assert [str(d) for d in differences] == [
        "start: 2023-12 -> 2024-01",
        "horizon: 6 -> 3",
        "claims.C18: on -> off",
        "actors.russia.plays: itself -> myopic",
        "actors.belarus.incentives.rents: 1 -> 0",
        "world.third_party_arms: uniform(0, 0.2) -> 0.5",
        "events: nothing -> 2024-03 attention -0.1 (budget)",
        "moves: 2024-01 to 2024-02 nato aid surge -> nothing",
    ]
    assert differences[5].a == Distribution("uniform", (0, 0.2))
    assert differences[5].b == 0.5
    assert differences[6].a is None


def test_a_claim_that_is_off_is_listed_with_the_events_it_leaves_out(load: Load) -> None:
    events = "events: [{at: 2024-01, shock: {oil: 5}, note: n, claim: C21}]\n"
    assert [str(d) for d in diff(load(events), load(events, {"claims.C21": "off"}))] == [
        "claims.C21: on -> off",
        "events: 2024-01 oil +5 (n; C21) -> nothing",
    ]


def test_the_order_of_files_and_lines_makes_no_difference(load: Load) -> None:
    one = "events: [{at: 2024-02, shock: {oil: 10}}, {at: 2024-01, shock: {oil: 5}}]\n"
    two = "events: [{at: 2024-01, shock: {oil: 5}}, {at: 2024-02, shock: {oil: 10.0}}]\n"
    assert load(one) == load(two)
