"""What `fulcrum sensitivity` and `fulcrum discover` print."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import typer

from sim.cli.terminal import print_names, print_words
from sim.report.hinge_words import (
    NOT_ALLOWED_FOR,
    box_sentences,
    factor_sentence,
    factor_words,
    hinge_sentences,
    interest_words,
    limit_words,
    outcome_words,
    parameter_words,
    percent,
    typed_words,
    unit_words,
    way_words,
)
from sim.report.numbers import of_100

FEWEST_SHOWN: Final = 8
"""Parameters in the table, unless more stand out."""

type Told = Mapping[str, Any]


def print_sensitivity(told: Told) -> None:
    """A table for each outcome, parameters that matter most first."""
    for k, one in enumerate(told["outcomes"]):
        if k:
            typer.echo()
        print_words(_title(told, one))
        if told["method"] == "designed":
            _print_factors(one)
        else:
            _print_shares(told, one)
    typer.echo()
    print_words("A model's output, not a forecast.")


def _print_shares(told: Told, one: Told) -> None:
    for words in hinge_sentences(one, told["when"]):
        print_words(words)
    typer.echo()
    standing = sum(row["stands_out"] for row in one["parameters"])
    rows = [
        [
            row["parameter"],
            parameter_words(row["parameter"]),
            percent(row["share"]),
            " to ".join(map(percent, row["ci95"])),
            f"{row['p']:.3f}",
            way_words(row["direction"]) if row["stands_out"] else "could be nothing",
        ]
        for row in one["parameters"][: max(standing, FEWEST_SHOWN)]
    ]
    print_names(["parameter", "", "share, %", "95 %", "p", "outcome"], rows, left=2)
    print_words(
        f"Share of the spread between {one['sets']:,} sets that goes with a parameter by itself. "
        f"The largest of {len(one['parameters'])} that do nothing would reach "
        f"{percent(one['baseline_of_nothing'])} %; p is the probability that it reaches this."
    )


def _print_factors(one: Told) -> None:
    print_words(factor_sentence(one))
    typer.echo()
    rows = [
        [
            factor_words(row),
            percent(row["first"]),
            " to ".join(map(percent, row["first_ci95"])),
            percent(row["total"]),
            " to ".join(map(percent, row["total_ci95"])),
        ]
        for row in one["factors"]
    ]
    print_names(["of the spread, %", "by itself", "95 %", "in all", "95 %"], rows, left=1)
    print_words(
        f"{one['worlds']:,} worlds in a design of {one['points']:,} points. In all: what would be "
        "left of the spread if all else were known."
    )


def print_discovery(told: Told) -> None:
    """The box in words, then its limits."""
    [one] = told["outcomes"]
    print_words(f"{_title(told, one)}: sets {interest_words(one)} ({one['shown_units']})")
    if typed := typed_words(one):
        print_words(typed)
    for words in box_sentences(one, told["when"]):
        print_words(words)
    limits = one["box"]["limits"]
    if limits:
        typer.echo()
        rows = [
            [
                row["parameter"],
                parameter_words(row["parameter"]),
                f"{limit_words(row)} {unit_words(row['parameter'])}",
                f"{of_100(row['again'])} of 100",
                f"{row['quasi_p']:.2g}" if row["quasi_p"] >= 0.001 else "<0.001",
            ]
            for row in limits
        ]
        print_names(["parameter", "", "limit", "again in", "quasi-p"], rows, left=3)
        print_words(
            "Again in: random halves of the sets in which the search restricts it on the same side."
        )
        print_words(NOT_ALLOWED_FOR)
    print_words("A model's output, not a forecast.")


def _title(told: Told, one: Told) -> str:
    words = outcome_words(one, told["when"], told["month"])
    base = f", change from “{told['against_title']}”" if told["against"] else ""
    return f"{told['title']}: {words}{base}"
