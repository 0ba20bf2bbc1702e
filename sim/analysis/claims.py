"""From a claim of the article to the numbers that rest on it, and back.

    claim -> parameters -> mechanism -> hypotheses -> latest verdict
    parameter -> its origin: the claims, the observed figures, or the assumption behind it

The claims and hypotheses are data (`seeds/claims.yaml`, `seeds/hypotheses.yaml`), written in this
project's words.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any, Final

from sim.scenario.distributions import Distribution
from sim.scenario.problems import did_you_mean
from sim.scenario.registry import Parameter, load_registry, seeds_path

NOT_RUN: Final = "not yet run"
"""Verdict of a hypothesis that no run has put to the test."""


class ClaimError(LookupError):
    """No such claim or parameter; the message offers the nearest."""


@dataclass(frozen=True)
class Claim:
    """One thing the article says.

    Attributes:
        id: C01 to C23.
        where: paragraph and sentence, as P5 S3.
        paraphrase: what it says, in this project's words.
        actor: whose conduct or gain it is about.
        becomes: what stands for it in the model.
        levers: choices it concerns, as actor.lever.
        mechanism: dotted names of the code that carries it.
        hypotheses: ids of the tests it is put to.
        without: what switching it off does; with nothing to switch, why and what to do instead.
        sets: names of the parameters whose value rests on it.
        structure: settings of the model's structure that hold while it is off, key -> word.
    """

    id: str
    where: str
    paraphrase: str
    actor: str
    becomes: str
    levers: tuple[str, ...]
    mechanism: tuple[str, ...]
    hypotheses: tuple[str, ...]
    without: str
    sets: tuple[str, ...]
    structure: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Hypothesis:
    """One test of the argument, with a verdict rule fixed before any run.

    Attributes:
        id: H1 to H6.
        title: in two or three words.
        claims: ids of the claims it tests.
        question: what is asked.
        test: how it is answered.
        outcomes: dotted names of what is looked at.
        rule: thresholds of the verdict, as data.
    """

    id: str
    title: str
    claims: tuple[str, ...]
    question: str
    test: str
    outcomes: tuple[str, ...]
    rule: dict[str, Any]


@cache
def load_claims(path: Path | None = None) -> dict[str, Claim]:
    """Every claim by its id, in the article's order.

    Args:
        path: a claims file; the project's own when left out.

    Raises:
        ValueError: the file is not well formed.
    """
    entries = _entries(path or seeds_path() / "claims.yaml", "claims", Claim)
    return {entry["id"]: Claim(**entry) for entry in entries}


@cache
def load_hypotheses(path: Path | None = None) -> dict[str, Hypothesis]:
    """Every hypothesis by its id.

    Args:
        path: a hypotheses file; the project's own when left out.

    Raises:
        ValueError: the file is not well formed.
    """
    entries = _entries(path or seeds_path() / "hypotheses.yaml", "hypotheses", Hypothesis)
    return {entry["id"]: Hypothesis(**entry) for entry in entries}


def _entries(path: Path, key: str, kind: type) -> list[dict[str, Any]]:
    """The entries of a seeds file, each with the fields of `kind` and no others."""
    from ruamel.yaml import YAML

    document = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    known = {one.name for one in fields(kind)}
    wanted = {one.name for one in fields(kind) if one.default_factory is MISSING}
    seen: set[str] = set()
    entries = []
    for number, entry in enumerate(document[key], start=1):
        if odd := ", ".join(sorted((wanted - set(entry)) | (set(entry) - known))):
            raise ValueError(f"{path.name}: entry {number} of {key} lacks or does not know: {odd}")
        if entry["id"] in seen:
            raise ValueError(f"{path.name}: {entry['id']} stands there twice")
        seen.add(entry["id"])
        entries.append({k: tuple(v) if isinstance(v, list) else v for k, v in entry.items()})
    return entries


def find_claim(name: str) -> Claim:
    """The claim of an id, however it is spelled (C16, c16).

    Raises:
        ClaimError: there is none.
    """
    claims = load_claims()
    if name.upper() not in claims:
        first, last = min(claims), max(claims)
        raise ClaimError(f"{name}: no such claim; they are {first} to {last}")
    return claims[name.upper()]


def find_parameter(name: str) -> Parameter:
    """The parameter of a dotted name.

    Raises:
        ClaimError: there is none.
    """
    parameters = {parameter.name: parameter for parameter in load_registry()}
    if name not in parameters:
        raise ClaimError(f"{name}: no such parameter{did_you_mean(name, parameters)}")
    return parameters[name]


def chain(claim: Claim, verdicts: Mapping[str, str] | None = None) -> dict[str, Any]:
    """A claim with everything that hangs on it, ready for JSON.

    Args:
        claim: the claim.
        verdicts: the latest verdict by hypothesis; those that are not in it have not been run.
    """
    known = verdicts or {}
    parameters = {parameter.name: parameter for parameter in load_registry()}
    hypotheses = load_hypotheses()
    return {
        "id": claim.id,
        "where": claim.where,
        "paraphrase": claim.paraphrase,
        "actor": claim.actor,
        "becomes": claim.becomes,
        "levers": list(claim.levers),
        "parameters": [_brief(parameters[name]) for name in claim.sets],
        "structure": dict(claim.structure),
        "without": claim.without,
        "mechanism": list(claim.mechanism),
        "hypotheses": [
            {"id": test.id, "title": test.title, "verdict": known.get(test.id, NOT_RUN)}
            for test in (hypotheses[name] for name in claim.hypotheses)
        ],
    }


def trace(parameter: Parameter, verdicts: Mapping[str, str] | None = None) -> dict[str, Any]:
    """A parameter back to where its number comes from, ready for JSON.

    Its origin is one of three: the claims it rests on, each with its chain, the rows of
    `seeds/figures.csv` it is taken from, or the assumption made.

    Args:
        parameter: the parameter.
        verdicts: the latest verdict by hypothesis.
    """
    origin = parameter.origin
    return {
        **_brief(parameter),
        "bounds": [parameter.low, parameter.high],
        "meaning": parameter.meaning,
        "origin": origin.kind,
        "claims": [chain(load_claims()[name], verdicts) for name in origin.claims],
        "figures": [row for row in load_figures() if row["name"] in origin.figures],
        "assumption": origin.assumption or None,
        "reference": parameter.reference or None,
    }


@cache
def load_figures() -> tuple[dict[str, str], ...]:
    """The rows of `seeds/figures.csv`, each with its source and confidence."""
    with (seeds_path() / "figures.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def select(names: Iterable[str]) -> list[Claim]:
    """The claims named, or all when none is.

    Raises:
        ClaimError: one of them does not exist.
    """
    return [find_claim(name) for name in names] or list(load_claims().values())


def _brief(parameter: Parameter) -> dict[str, Any]:
    prior = parameter.prior
    return {
        "name": parameter.name,
        "prior": prior.as_yaml() if isinstance(prior, Distribution) else prior,
        "neutral": parameter.neutral,
        "unit": parameter.unit,
        "used_by": parameter.used_by,
    }
