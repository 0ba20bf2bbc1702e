"""What people see of a choice that is explained, and of a world that is told."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

import typer

from sim.cli.terminal import print_table, print_words

if TYPE_CHECKING:
    from sim.analysis.decision import Decision
    from sim.report.chronicle import Entry


def print_decision(decision: Decision) -> None:
    """A choice: what was chosen and how it was drawn, what it was worth, what was believed."""
    from sim.report import explained
    from sim.report.deeds import actor_words
    from sim.report.labels import month_words

    name = actor_words(decision.actor)
    typer.echo(f"{name} in {month_words(str(decision.month))}")
    typer.echo()
    head = ["lever", "stood at", "chosen", "chances of 100", "drawn"]
    print_table(head, explained.lever_rows(decision), left=4)
    for sentence in explained.outcome_words(decision):
        print_words(sentence)
    typer.echo()
    print_table(explained.worth_head(decision), explained.worth_rows(decision))
    print_words(explained.units_words(decision))
    typer.echo()
    print_table(explained.LIKELIEST_HEAD, explained.likeliest_rows(decision))
    if more := explained.approximation_words(decision):
        print_words(more)
    typer.echo()
    for sentence in (explained.closed_words(decision), *explained.belief_words(decision)):
        print_words(sentence.strip(), indent=len(sentence) - len(sentence.lstrip()))


def print_reading(decisions: Sequence[Decision]) -> None:
    """How what is shown of choices is to be read."""
    from sim.report.deeds import actor_words
    from sim.report.numbers import listed, number

    held = {one.actor: one.months for one in decisions}
    words = {actor: f"{n} months" if n > 1 else "one month" for actor, n in held.items()}
    months = next(iter(words.values()))
    if len(set(words.values())) > 1:
        months = listed([f"{told} for {actor_words(actor)}" for actor, told in words.items()])
    typer.echo()
    print_words(
        "How to read it. Levers are drawn from the top: a chance is given the levers above it, and "
        "the number drawn, of 100, falls into the part of the level chosen when the levels are "
        f"laid end to end. Worth counts {months} with the option held and others playing as "
        f"expected, then {number(decisions[0].after, 0)} more at the last month’s flow."
    )


def print_story(opening: Sequence[str], entries: Sequence[Entry], closing: Sequence[str]) -> None:
    """A world month by month."""
    from sim.report.labels import month_words

    for sentence in opening:
        print_words(sentence)
    for month, group in groupby(entries, lambda entry: entry.month):
        typer.echo()
        typer.echo(month_words(month))
        for entry in group:
            print_words(entry.text, indent=2)
    typer.echo()
    for sentence in closing:
        print_words(sentence)


def decision_document(decision: Decision) -> dict[str, Any]:
    """A choice as JSON, every feasible option with all its terms."""
    from dataclasses import asdict

    runner_up = decision.runner_up
    return asdict(decision) | {
        "month": str(decision.month),
        "runner_up": None if runner_up is None else runner_up.levels,
        "margin": decision.margin,
        "approximation": decision.approximation,
    }
