"""The walk from claims to numbers, code and verdicts, and back, on the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import typer

from sim.cli.terminal import print_words

_NOT_HERE = "not run here"
"""Verdict of a hypothesis that no run in the results folder has put to the test."""
_WHERE_RUN = (
    f"{_NOT_HERE.capitalize()}: not run in this results folder; docs/thesis.md has the verdicts "
    "that ship."
)


def print_claims(claims: Sequence[dict[str, Any]]) -> None:
    """All claims, a line for each step of the chain."""
    for claim in claims:
        print_words(claim["paraphrase"], indent=5, first=claim["id"])
        names = [parameter["name"] for parameter in claim["parameters"]]
        _print_step("parameters", ", ".join(names) or "none: no number rests on it")
        _print_switch(claim)
        _print_step("mechanism", ", ".join(claim["mechanism"]))
        _print_step("hypotheses", ", ".join(_verdicts(claim)) or "none")
        typer.echo()
    if any(map(_not_run, claims)):
        print_words(_WHERE_RUN)


def print_chains(claims: Sequence[dict[str, Any]]) -> None:
    """Claims at length, with all that hangs on them."""
    for number, claim in enumerate(claims):
        if number:
            typer.echo()
        print_words(claim["paraphrase"], indent=5, first=claim["id"])
        _print_step("where", f"{claim['where']} of the article, on {claim['actor']}")
        _print_step("becomes", claim["becomes"])
        numbers = [f"{p['name']} = {_prior(p['prior'])} {p['unit']}" for p in claim["parameters"]]
        _print_step("levers", *(claim["levers"] or ["none"]))
        _print_step("parameters", *(numbers or ["none: no number rests on it"]))
        _print_switch(claim)
        _print_step("mechanism", *claim["mechanism"])
        _print_step("hypotheses", *(_verdicts(claim) or ["none"]))
    if any(map(_not_run, claims)):
        typer.echo()
        print_words(_WHERE_RUN)


def _print_switch(claim: dict[str, Any]) -> None:
    """What holds while a claim is off."""
    structure = [f"{key}: {word} while it is off" for key, word in claim["structure"].items()]
    _print_step("structure", *structure)
    rests = claim["parameters"] or structure
    _print_step("without" if rests else "no switch", claim["without"])


def _verdicts(claim: dict[str, Any]) -> list[str]:
    from sim.analysis.claims import NOT_RUN

    return [
        f"{test['id']} {test['title']}: "
        f"{_NOT_HERE if test['verdict'] == NOT_RUN else test['verdict']}"
        for test in claim["hypotheses"]
    ]


def _not_run(claim: dict[str, Any]) -> bool:
    """Whether a hypothesis of a claim has no verdict."""
    from sim.analysis.claims import NOT_RUN

    return any(test["verdict"] == NOT_RUN for test in claim["hypotheses"])


def _print_step(name: str, *items: str) -> None:
    """A step of a chain: its name once, its items below one another."""
    for number, item in enumerate(items):
        print_words(item, indent=17, first=f"     {name if number == 0 else ''}")


def print_trace(told: dict[str, Any]) -> None:
    """One parameter back to where its number comes from."""
    low, high = told["bounds"]
    typer.echo(f"{told['name']} = {_prior(told['prior'])} {told['unit']}")
    _print_step("meaning", told["meaning"])
    _print_step("bounds", f"{low:g} to {high:g}")
    _print_step("used by", told["used_by"])
    if told["assumption"]:
        _print_step("assumed", told["assumption"])
    figures = [
        f"{row['name']} {row['value']} {row['unit']} ({row['actor']}, {row['as_of']}): "
        f"{row['source']}; confidence {row['confidence']}"
        for row in told["figures"]
    ]
    _print_step("figures", *figures)
    if told["neutral"] is not None:
        claims = " or ".join(claim["id"] for claim in told["claims"])
        _print_step("neutral", f"{told['neutral']:g}, when {claims} is switched off")
    if told["reference"]:
        _print_step("reference", told["reference"])
    if told["claims"]:
        typer.echo()
        print_chains(told["claims"])


def _prior(prior: float | dict[str, list[float]]) -> str:
    if not isinstance(prior, dict):
        return f"{prior:g}"
    [(kind, arguments)] = prior.items()
    return f"{kind}({', '.join(f'{value:g}' for value in arguments)})"
