"""Another path from some month on: what a scenario can still change once a world is under way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sim.scenario.month import Month
from sim.scenario.problems import did_you_mean
from sim.scenario.scenario import Move, Scenario

UNTIL = ".."
"""Stands between a level and the last month in which it is held."""


@dataclass(frozen=True)
class Fork:
    """Where a world takes another path, and which.

    Attributes:
        world: index of the world.
        at: first month of the other path.
        scenario: under which the world goes on from there. What happened before is not its.
    """

    world: int
    at: Month
    scenario: Scenario

    def problems(self, before: Scenario) -> list[str]:
        """What it changes that can no longer be changed, one line each.

        Args:
            before: the scenario under which the world came to the month.
        """
        return list(_problems(before, self.scenario, self.at))


def _problems(before: Scenario, after: Scenario, at: Month) -> Iterator[str]:
    if not before.start <= at <= before.end:
        yield f"at: the path can part in any month from {before.start} to {before.end}, not in {at}"
    if after.start != before.start:
        yield f"start: the world began in {before.start}; that lies before {at}"
    if after.months != before.months:
        yield f"months: the world lasts {before.months} months, whatever path it takes"
    for name, value in after.parameters.items():
        if name.startswith("initial.") and value != before.parameters[name]:
            yield f"{name}: says where a world begins, and this one is under way"
    past = [{str(event) for event in one.events if event.at < at} for one in (before, after)]
    for event in sorted(past[0] ^ past[1]):
        yield f"events: {event}: lies before {at}, where the path parts"
    held = [_months_held(one, at) for one in (before, after)]
    for month, actor, lever, level in sorted(held[0] ^ held[1]):
        yield f"moves: {actor} {lever} {level} in {month}: lies before {at}, where the path parts"


def _months_held(scenario: Scenario, at: Month) -> set[tuple[Month, str, str, str]]:
    """Every month before `at` in which a lever is held."""
    return {
        (move.first + k, move.actor, move.lever, move.level)
        for move in scenario.moves
        for k in range(min(move.last, at + -1) - move.first + 1)
    }


def read_plays(
    texts: Sequence[str],
    at: Month,
    end: Month,
    levers: Mapping[str, Mapping[str, tuple[str, ...]]],
) -> tuple[list[Move], list[str]]:
    """Moves written as `actor.lever=level`, or `actor.lever=level..YYYY-MM` for a last month.

    Args:
        texts: as given.
        at: first month of all of them.
        end: last month of the run, until which they last unless they say otherwise.
        levers: actor -> lever -> names of its levels.

    Returns:
        The moves, and what is wrong with the others, one line each.
    """
    moves: list[Move] = []
    problems = []
    for text in texts:
        try:
            move = _move(text, at, end, levers)
        except ValueError as error:
            problems.append(f"{text}: {error}")
            continue
        if any((m.actor, m.lever) == (move.actor, move.lever) for m in moves):
            problems.append(f"{text}: {move.actor}'s {move.lever} is given twice")
        else:
            moves.append(move)
    return moves, problems


def held_from(scenario: Scenario, moves: Sequence[Move]) -> Scenario:
    """A scenario in which moves hold, and what it held itself of these levers stops before them."""
    kept = []
    for own in scenario.moves:
        over = [m for m in moves if (m.actor, m.lever) == (own.actor, own.lever)]
        if not over or own.last < over[0].first:
            kept.append(own)
            continue
        if own.first < over[0].first:
            kept.append(replace(own, last=over[0].first + -1))
        if own.last > over[0].last:
            kept.append(replace(own, first=max(own.first, over[0].last + 1)))
    everything = sorted((*kept, *moves), key=lambda m: m.first)
    return replace(scenario, moves=tuple(everything))


def _move(
    text: str, at: Month, end: Month, levers: Mapping[str, Mapping[str, tuple[str, ...]]]
) -> Move:
    target, equals, rest = (part.strip() for part in text.partition("="))
    level, until, last = (part.strip() for part in rest.partition(UNTIL))
    actor, dot, lever = target.partition(".")
    if not equals or not dot or not level:
        raise ValueError("write actor.lever=level, such as belarus.voice=neutral")
    if actor not in levers:
        raise ValueError(f"there is no actor {actor}{_known(actor, levers)}")
    if lever not in levers[actor]:
        raise ValueError(f"{actor} has no lever {lever}{_known(lever, levers[actor])}")
    if level not in levers[actor][lever]:
        raise ValueError(f"{lever} has no level {level}{_known(level, levers[actor][lever])}")
    month = Month.parse(last) if until else end
    if not at <= month <= end:
        raise ValueError(f"it can last until any month from {at} to {end}, not {month}")
    return Move(actor, at, month, lever, level)


def _known(word: str, known: Mapping[str, object] | Sequence[str]) -> str:
    return did_you_mean(word, list(known)) or f"; known are {', '.join(known)}"
