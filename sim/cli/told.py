"""What people see of a choice that is explained, and of a world that is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

import typer

from sim.cli.terminal import Row, print_table, print_words

if TYPE_CHECKING:
    from sim.analysis.decision import Closed, Decision, Option
    from sim.report.chronicle import Entry

LIKELIEST = 5
"""Options shown of a menu."""
_ROUNDING = 0.005


def print_decision(decision: Decision) -> None:
    """A choice: what was chosen and how it was drawn, what it was worth, what was believed."""
    from sim.report.deeds import actor_words
    from sim.report.labels import month_words

    name = actor_words(decision.actor)
    typer.echo(f"{name} in {month_words(str(decision.month))}")
    typer.echo()
    _print_levers(decision)
    for sentence in _outcome(decision):
        print_words(sentence)
    typer.echo()
    _print_worth(decision)
    typer.echo()
    _print_likeliest(decision)
    typer.echo()
    for sentence in (*_closed(decision), *_believed(decision)):
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


def _print_levers(decision: Decision) -> None:
    from sim.report.deeds import words
    from sim.report.numbers import of_100

    rows: list[Row] = []
    for draw in decision.draws:
        closed = {one.level for one in decision.closed if one.lever == draw.lever}
        chances = ", ".join(
            f"{words(level)} {'closed' if level in closed else of_100(chance)}"
            for level, chance in draw.chances.items()
        )
        rows.append(
            [
                words(draw.lever),
                words(decision.standing[draw.lever]),
                words(draw.level),
                chances,
                f"{draw.uniform * 100:.1f}",
            ]
        )
    print_table(["lever", "stood at", "chosen", "chances of 100", "drawn"], rows, left=4)


def _outcome(decision: Decision) -> Iterator[str]:
    """Whether the best was chosen, and by what margin."""
    from sim.report.deeds import actor_words
    from sim.report.numbers import number

    name, best = actor_words(decision.actor), decision.runner_up
    if decision.serves != decision.actor:
        whose = actor_words(decision.serves)
        yield f"{name} is the puppet of {whose}: it weighs {whose}’s payoff, not its own."
    elif decision.plays == "myopic":
        yield f"{name} is myopic: it takes the coming month for what every later one will bring."
    elif decision.plays != "itself":
        yield f"{name}’s play is {decision.plays}: what its options are worth does not count."
    if best is None or decision.margin is None:
        yield "There was nothing else that it could do."
    elif decision.margin >= 0:
        yield (
            f"It chose what was worth most to it, by a margin of {number(decision.margin, 2)}; "
            f"runner-up: {_difference(best.levels, decision.levels)}."
        )
    else:
        yield (
            f"Chance drew an option worth {number(-decision.margin, 2)} less to it than the best, "
            f"which differs by {_difference(best.levels, decision.levels)}."
        )


def _print_worth(decision: Decision) -> None:
    from sim.report.deeds import actor_words, words
    from sim.report.numbers import number, signed

    chosen, other = decision.chosen, decision.runner_up
    scale = decision.scale

    def row(label: str, one: float, two: float | None) -> Row:
        if two is None:
            return [label, number(one, 2)]
        return [label, number(one, 2), number(two, 2), signed(one - two, 2)]

    rows = [
        row(
            words(name),
            term.whole / scale,
            None if other is None else other.terms[name].whole / scale,
        )
        for name, term in chosen.terms.items()
    ]
    rows.append(row("worth", chosen.value / scale, None if other is None else other.value / scale))
    rows.append(row("cost of moving", -chosen.cost, None if other is None else -other.cost))
    rows.append(row("net", chosen.net, None if other is None else other.net))
    head = ["what it is worth", "chosen"]
    if other is not None:
        head += ["best" if (decision.margin or 0) < 0 else "runner-up", "difference"]
    print_table(head, rows)
    print_words(
        f"In units of {number(scale, 2)} of {actor_words(decision.serves)}’s payoff; a net "
        f"difference of 1 makes an option {_odds(decision.precision)} times as likely."
    )


def _print_likeliest(decision: Decision) -> None:
    from sim.report.numbers import of_100, signed

    best = max(one.net for one in decision.options)
    shown = decision.options[:LIKELIEST]
    rows: list[Row] = [
        [_move(decision, one), of_100(one.probability), signed(one.net - best, 2)] for one in shown
    ]
    rest = decision.options[LIKELIEST:]
    if rest:
        chance = sum(one.probability for one in rest)
        rows.append([f"{len(rest)} others that were open", of_100(chance), ""])
    print_table(["likeliest, as they move its levers", "of 100", "net, below best"], rows)
    if decision.approximation > _ROUNDING:
        print_words(
            "The chances are put together from parts, as in every run; worked out exactly, "
            f"{of_100(decision.approximation)} choices in 100 would be others."
        )


def _closed(decision: Decision) -> Iterator[str]:
    from sim.report.deeds import words

    if not decision.closed:
        yield f"All {decision.of} options were open."
        return
    told = [
        f"{words(lever)} {' and '.join(words(one.level) for one in group)} ({why})"
        for (lever, why), group in groupby(decision.closed, _lever_and_why)
    ]
    yield f"Open were {len(decision.options)} of {decision.of} options. Closed: {'; '.join(told)}."


def _lever_and_why(closed: Closed) -> tuple[str, str]:
    return closed.lever, closed.why


def _believed(decision: Decision) -> Iterator[str]:
    """What the actor held to be true."""
    from sim.report.deeds import actor_words, words
    from sim.report.numbers import of_100

    held = decision.beliefs
    if held.odds is not None:
        yield f"It believes that Russia prevails with a chance of {of_100(held.odds)} in 100."
    if held.entry is not None:
        yield (
            f"It expects Belarus to enter within a year with a chance of {of_100(held.entry)} in "
            "100, and feels the threat of it."
        )
    yield "What it expects of others, from what it has seen of them, in 100:"
    for other, play in held.play.items():
        levers = (f"{words(lever)} {_chances(levels)}" for lever, levels in play.items())
        yield f"  {actor_words(other)}: {'; '.join(levers)}."
    for one in held.answers:
        given = (f"if {words(level)}, {_chances(p)}" for level, p in one.given.items())
        yield (
            f"In answer to its {words(one.lever)} it expects of {actor_words(one.other)}’s "
            f"{words(one.answer)}: {'; '.join(given)}."
        )


def _chances(levels: Mapping[str, float]) -> str:
    """Levels that are to be reckoned with: "grind 76, offensive 24", or the one that is sure."""
    from sim.report.deeds import words
    from sim.report.numbers import of_100

    likely = {level: p for level, p in levels.items() if p >= _ROUNDING}
    if len(likely) == 1:
        return words(next(iter(likely)))
    return ", ".join(f"{words(level)} {of_100(p)}" for level, p in likely.items())


def _move(decision: Decision, option: Option) -> str:
    """What an option moves."""
    return _difference(option.levels, decision.standing) or "nothing moved"


def _difference(levels: Mapping[str, str], other: Mapping[str, str]) -> str:
    """Levers in which options differ, at the levels of the first."""
    from sim.report.deeds import words

    moved = (f"{words(k)} {words(level)}" for k, level in levels.items() if level != other[k])
    return ", ".join(moved)


def _odds(precision: float) -> str:
    from math import exp

    from sim.report.numbers import decimals, number

    times = exp(min(precision, 50.0))
    return number(times, decimals(None, times))


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
