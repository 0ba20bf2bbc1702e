"""From claim to number and back: the ledger, the registry and the code tell one story."""

import json
import pkgutil
import re
from pathlib import Path
from typing import Any

import pytest

from agents import menus
from sim.analysis.claims import (
    NOT_RUN,
    ClaimError,
    chain,
    find_claim,
    find_parameter,
    load_claims,
    load_figures,
    load_hypotheses,
    select,
    trace,
)
from sim.analysis.outcomes import describe
from sim.scenario.registry import CLAIMS, load_registry

REGISTRY = {parameter.name: parameter for parameter in load_registry()}
LEVERS = {f"{actor}.{lever}" for actor, menu in menus().items() for lever in menu}


def test_the_ledger_has_the_articles_claims() -> None:
    assert tuple(load_claims()) == CLAIMS
    assert tuple(load_hypotheses()) == ("H1", "H2", "H3", "H4", "H5", "H6")


@pytest.mark.parametrize("claim", load_claims().values(), ids=lambda claim: claim.id)
def test_a_claim_is_located_worded_and_carried_by_something(claim: Any) -> None:  # noqa: ANN401
    assert re.fullmatch(r"P[1-6] S\d(, S\d)?", claim.where)
    assert claim.actor in menus()
    assert len(claim.paraphrase) > 20
    assert len(claim.becomes) > 20
    assert len(claim.without) > 20
    assert claim.mechanism or claim.levers
    for lever in claim.levers:
        assert lever in LEVERS
    for mechanism in claim.mechanism:
        assert pkgutil.resolve_name(mechanism) is not None


@pytest.mark.parametrize("name", ["sim.world.nothing", "sim.world.war.nothing", "nothing"])
def test_a_mechanism_that_is_not_there_is_noticed(name: str) -> None:
    with pytest.raises((ImportError, AttributeError)):
        pkgutil.resolve_name(name)


def test_claims_and_parameters_name_each_other() -> None:
    from_claims = {(c.id, name) for c in load_claims().values() for name in c.sets}
    from_registry = {(claim, p.name) for p in REGISTRY.values() for claim in p.claims}
    assert from_claims == from_registry
    for claim in load_claims().values():
        assert len(set(claim.sets)) == len(claim.sets)


def test_claims_and_hypotheses_name_each_other() -> None:
    from_claims = {(c.id, h) for c in load_claims().values() for h in c.hypotheses}
    from_tests = {(c, h.id) for h in load_hypotheses().values() for c in h.claims}
    assert from_claims == from_tests


def test_figures_that_parameters_name_are_there() -> None:
    names = {row["name"] for row in load_figures()}
    for parameter in REGISTRY.values():
        assert set(parameter.origin.figures) <= names, parameter.name


@pytest.mark.parametrize("test", load_hypotheses().values(), ids=lambda test: test.id)
def test_a_hypothesis_looks_at_things_that_exist(test: Any) -> None:  # noqa: ANN401
    rule = test.rule
    for outcome in (*test.outcomes, *rule.get("reported_without_verdict", ())):
        assert describe(outcome)[0]
    for parameter in rule.get("interventions", ()):
        assert parameter in REGISTRY
    for lever in rule.get("levers_of_influence", ()):
        assert f"russia.{lever}" in LEVERS
    assert 0 < rule["refuted_share"] < rule["supported_share"] < 1
    assert rule["hit"]


def test_thresholds_are_those_fixed_in_advance() -> None:
    rules = {test.id: test.rule for test in load_hypotheses().values()}
    assert {(r["supported_share"], r["refuted_share"]) for r in rules.values()} == {(0.6, 0.4)}
    assert rules["H1"]["hit"] == {"statistic": "mean", "above": 0.05}
    assert rules["H1"]["months"] == 24
    assert rules["H3"]["longest_end"] == 36
    assert rules["H3"]["horizon_multiple"] == 1.5
    assert rules["H3"]["variants_needed"] == 4
    assert len(rules["H3"]["variants"]) == 6
    assert rules["H5"]["hit"] == {"statistic": "probability", "above": 0.001, "below": 0.1}
    assert rules["H5"]["months"] == 24


def test_nothing_in_the_ledger_is_copied_from_another_entry() -> None:
    for said in ("paraphrase", "becomes"):
        texts = [getattr(claim, said) for claim in load_claims().values()]
        assert len(set(texts)) == len(texts)


def test_the_chain_of_a_claim() -> None:
    told = chain(find_claim("c16"))
    assert told["id"] == "C16"
    assert [p["name"] for p in told["parameters"]] == list(load_claims()["C16"].sets)
    assert all({"prior", "neutral", "unit", "used_by"} <= p.keys() for p in told["parameters"])
    assert told["hypotheses"] == [{"id": "H2", "title": "Leverage", "verdict": NOT_RUN}]
    assert json.loads(json.dumps(told, allow_nan=False)) == told


def test_every_parameter_leads_back_to_where_it_comes_from() -> None:
    for parameter in REGISTRY.values():
        told = trace(parameter)
        behind = {kind: told[kind] for kind in ("claims", "figures", "assumption")}
        [source] = [kind for kind, found in behind.items() if found]
        assert source.startswith(told["origin"]), parameter.name
        assert told["name"] == parameter.name
        assert json.loads(json.dumps(told, allow_nan=False)) == told


def test_what_does_not_exist_is_named_with_the_nearest() -> None:
    assert [claim.id for claim in select(["C02", "c01"])] == ["C02", "C01"]
    assert len(select([])) == 23
    with pytest.raises(ClaimError, match=r"C99: no such claim; they are C01 to C23"):
        select(["C01", "C99"])
    with pytest.raises(ClaimError, match=r'did you mean "world\.kappa"'):
        find_parameter("world.kapa")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("claims: [{id: C01}]", "entry 1 of claims lacks"),
        ("claims: [{id: C01, colour: red}]", "colour"),
    ],
)
def test_a_malformed_ledger_is_refused(tmp_path: Path, text: str, complaint: str) -> None:
    file = tmp_path / "claims.yaml"
    file.write_text(text)
    with pytest.raises(ValueError, match=complaint):
        load_claims(file)


def test_an_id_that_stands_twice_is_refused(tmp_path: Path) -> None:
    entry = "{id: H1, title: t, claims: [], question: q, test: t, outcomes: [], rule: {}}"
    file = tmp_path / "hypotheses.yaml"
    file.write_text(f"hypotheses: [{entry}, {entry}]")
    with pytest.raises(ValueError, match="H1 stands there twice"):
        load_hypotheses(file)
