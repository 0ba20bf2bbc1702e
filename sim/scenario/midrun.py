"""What a scenario can still change once a world is under way: nothing that has happened."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.month import Month
from sim.scenario.problems import did_you_mean
from sim.scenario.scenario import Move, Scenario


class SpentError(ValueError):
    """A change that would have to be made before a world began, or in its past.

    Attributes:
        problems: one line each.
    """

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


def changes_of_the_past(before: Scenario, after: Scenario, at: Month) -> list[str]:
    """What a scenario changes that can no longer be changed in a month, one line each.

    Args:
        before: the scenario under which a world came to the month.
        after: the one under which it is to go on.
        at: the month.
    """
    return list(_changes(before, after, at))


def read_move(
    text: str, at: Month, until: Month, levers: dict[str, dict[str, tuple[str, ...]]]
) -> Move:
    """A move as `actor.lever=level`, held from one month to another.

    Args:
        text: what was written.
        at: first month.
        until: last month.
        levers: actor -> lever -> names of its levels.

    Raises:
        ValueError: it names no such actor, lever or level; the message says what is known.
    """
    target, equals, level = (part.strip() for part in text.partition("="))
    actor, dot, lever = target.partition(".")
    if not equals or not dot:
        raise ValueError(f"{text}: write actor.lever=level, such as belarus.voice=neutral")
    if actor not in levers:
        raise ValueError(f"{text}: no actor {actor}{_known(actor, list(levers))}")
    if lever not in levers[actor]:
        raise ValueError(
            f"{text}: {actor} has no lever {lever}{_known(lever, list(levers[actor]))}"
        )
    names = levers[actor][lever]
    if level not in names:
        raise ValueError(f"{text}: {lever} has no level {level}{_known(level, list(names))}")
    return Move(actor, at, until, lever, level)


def _changes(before: Scenario, after: Scenario, at: Month) -> Iterator[str]:
    if after.start != before.start:
        yield f"start: the world began in {before.start}; it cannot be changed on the way"
    if after.months != before.months:
        yield f"months: the world lasts {before.months} months; they cannot be changed on the way"
    for name, value in after.parameters.items():
        if name.startswith("initial.") and value != before.parameters[name]:
            yield f"{name}: says where a world begins, and this one is under way"
    past = [{str(event) for event in one.events if event.at < at} for one in (before, after)]
    for event in sorted(past[0] ^ past[1]):
        yield f"events: {event} lies before {at}, where the path parts"
    held = [_months_held(one, at) for one in (before, after)]
    for month, actor, lever, level in sorted(held[0] ^ held[1]):
        yield f"moves: {actor} {lever} {level} in {month} lies before {at}, where the path parts"


def _months_held(scenario: Scenario, at: Month) -> set[tuple[Month, str, str, str]]:
    """Every month before `at` in which a lever is held."""
    return {
        (move.first + k, move.actor, move.lever, move.level)
        for move in scenario.moves
        for k in range(min(move.last, at + -1) - move.first + 1)
    }


def _known(word: str, known: list[str]) -> str:
    return did_you_mean(word, known) or f"; known are {', '.join(known)}"
