"""A choice that is explained, as rows of words and as sentences: the same wherever it is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from math import exp
from typing import Final

from sim.analysis.decision import Closed, Decision, Option
from sim.report.deeds import actor_words, words
from sim.report.numbers import decimals, number, of_100, signed

type Row = list[str]

LIKELIEST: Final = 5
"""Options shown of a menu."""
_ROUNDING: Final = 0.005


def lever_rows(decision: Decision) -> list[Row]:
    """A lever a row: its name, where it stood, the level chosen, all chances, the number drawn."""
    rows = []
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
    return rows


def outcome_words(decision: Decision) -> Iterator[str]:
    """Whether the best was chosen, and by what margin."""
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
            f"runner-up: {difference_words(best.levels, decision.levels)}."
        )
    else:
        yield (
            f"Chance drew an option worth {number(-decision.margin, 2)} less to it than the best, "
            f"which differs by {difference_words(best.levels, decision.levels)}."
        )


def parts_of_worth(decision: Decision) -> Iterator[tuple[str, float, float | None]]:
    """What an option is worth, part by part: its name, of the option chosen, of the runner-up.

    In units of scale: every payoff term, their sum, the cost of moving there, and the net worth.
    """
    chosen, other, scale = decision.chosen, decision.runner_up, decision.scale
    for name, term in chosen.terms.items():
        yield (
            words(name),
            term.whole / scale,
            None if other is None else other.terms[name].whole / scale,
        )
    yield "worth", chosen.value / scale, None if other is None else other.value / scale
    yield "cost of moving", -chosen.cost, None if other is None else -other.cost
    yield "net", chosen.net, None if other is None else other.net


def worth_rows(decision: Decision) -> list[Row]:
    """`parts_of_worth` as people read it, with the difference where there is a runner-up."""
    return [
        [name, number(one, 2)]
        if two is None
        else [name, number(one, 2), number(two, 2), signed(one - two, 2)]
        for name, one, two in parts_of_worth(decision)
    ]


def worth_head(decision: Decision) -> Row:
    """Headings of `worth_rows`."""
    if decision.margin is None:
        return ["what it is worth", "chosen"]
    other = "best" if decision.margin < 0 else "runner-up"
    return ["what it is worth", "chosen", other, "difference"]


def units_words(decision: Decision) -> str:
    """What one unit of worth is."""
    return (
        f"In units of {number(decision.scale, 2)} of {actor_words(decision.serves)}’s payoff; a "
        f"net difference of 1 makes an option {_odds(decision.precision)} times as likely."
    )


def likeliest_rows(decision: Decision) -> list[Row]:
    """The likeliest options: what they move, how likely they were, how far below the best."""
    best = max(one.net for one in decision.options)
    rows = [
        [_move(decision, one), of_100(one.probability), signed(one.net - best, 2)]
        for one in decision.options[:LIKELIEST]
    ]
    if rest := decision.options[LIKELIEST:]:
        chance = sum(one.probability for one in rest)
        rows.append([f"{len(rest)} others that were open", of_100(chance), ""])
    return rows


LIKELIEST_HEAD: Final = ["likeliest, as they move its levers", "of 100", "net, below best"]


def approximation_words(decision: Decision) -> str:
    """How far the chances drawn with are from exact ones; nothing where it would round away."""
    if decision.approximation <= _ROUNDING:
        return ""
    return (
        "The chances are put together from parts, as in every run; worked out exactly, "
        f"{of_100(decision.approximation)} choices in 100 would be others."
    )


def closed_words(decision: Decision) -> str:
    """What could not be chosen, and why."""
    if not decision.closed:
        return f"All {decision.of} options were open."
    told = [
        f"{words(lever)} {' and '.join(words(one.level) for one in group)} ({why})"
        for (lever, why), group in groupby(decision.closed, _lever_and_why)
    ]
    return f"Open were {len(decision.options)} of {decision.of} options. Closed: {'; '.join(told)}."


def _lever_and_why(closed: Closed) -> tuple[str, str]:
    return closed.lever, closed.why


def belief_words(decision: Decision) -> Iterator[str]:
    """What the actor held to be true; lines that belong under the one before are indented."""
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
    likely = {level: p for level, p in levels.items() if p >= _ROUNDING}
    if len(likely) == 1:
        return words(next(iter(likely)))
    return ", ".join(f"{words(level)} {of_100(p)}" for level, p in likely.items())


def _move(decision: Decision, option: Option) -> str:
    """What an option moves."""
    return difference_words(option.levels, decision.standing) or "nothing moved"


def difference_words(levels: Mapping[str, str], other: Mapping[str, str]) -> str:
    """Levers in which options differ, at the levels of the first."""
    moved = (f"{words(k)} {words(level)}" for k, level in levels.items() if level != other[k])
    return ", ".join(moved)


def _odds(precision: float) -> str:
    times = exp(min(precision, 50.0))
    return number(times, decimals(None, times))
