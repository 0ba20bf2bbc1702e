"""The turns of a world that matter: by how much each changed what the actor could expect.

A turn is one lever moved by its actor in one month. It is weighed by the exact worth of the option
chosen less that of the same option with this lever left where it stood, in units of the actor's
scale. The cost of moving is left out: it says how hard the turn was, not what hung on it. A turn
may be worth less than nothing, where chance drew what did not pay.

Worth is reckoned as if an option were held for the months of a projection and for good. A turn that
is taken back sooner weighs by the share of these months for which it stood; one that is taken back
within a quarter is a lapse, told as one with the way back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from sim.analysis.decision import Decision
from sim.analysis.history import Lived, World
from sim.scenario.month import Month

MOST = 12
"""Turns that are told of a world unless more or fewer are asked for."""

LAPSE = 3
"""Months within which a lever must be back where it stood for its turn to have been a lapse."""

type Kind = Literal["shock", "held", "entry", "nuclear", "deal", "status"]


@dataclass(frozen=True)
class Turn:
    """A lever moved.

    Attributes:
        month: when.
        actor: by whom.
        lever: which.
        before: level at which it stood.
        after: level to which it was moved.
        worth: what that changed, units of the scale of whom the actor serves.
        terms: incentive -> its part of that; the parts add up to `worth`.
        chance: probability of this level, given what had been drawn before it.
        ahead: months for which an option is held in the actor's projection.
        stood: months for which it stood, lapses counted; those of the run at most.
        lapse: whether it was taken back within a quarter.
    """

    month: Month
    actor: str
    lever: str
    before: str
    after: str
    worth: float
    terms: dict[str, float]
    chance: float
    ahead: int
    stood: int = 1
    lapse: bool = False

    @property
    def weight(self) -> float:
        """How much hung on it, units of scale."""
        return abs(self.worth) * min(1.0, self.stood / self.ahead)


@dataclass(frozen=True)
class Event:
    """Something that happened to a world.

    Attributes:
        month: when.
        kind: a shock of the scenario, a lever that the scenario holds, Belarus's entry or its
            hosting of nuclear arms, a new deal between Minsk and Moscow, or a change of the war's
            status.
        before: what was, where that says something: a status, a deal as `(transfers, access,
            voice)` in the numbers of `Stand`, the actor and the lever that is held.
        after: what is.
        sizes: a shock's driver -> what was added to it.
        note: what the scenario says of it.
    """

    month: Month
    kind: Kind
    before: tuple[str | float, ...]
    after: tuple[str | float, ...]
    sizes: dict[str, float] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True)
class Chronicle:
    """A world, told.

    Attributes:
        world: which.
        months: all of them.
        turns: all, in the order of months; a lapse is one.
        events: likewise.
    """

    world: World
    months: tuple[Lived, ...]
    turns: tuple[Turn, ...]
    events: tuple[Event, ...]

    def greatest(self, most: int = MOST) -> tuple[Turn, ...]:
        """The turns on which most hung, in the order of months."""
        ranked = sorted(self.turns, key=lambda turn: -turn.weight)
        return tuple(sorted(ranked[:most], key=lambda turn: turn.month))


def chronicle(world: World, months: Sequence[Lived]) -> Chronicle:
    """What happened in a world, and who turned when.

    Args:
        world: which.
        months: as `sim.analysis.history.live` gives them, choices explained.
    """
    moves = [turn for one in months for d in one.decisions.values() for turn in turns_of(d)]
    return Chronicle(
        world,
        tuple(months),
        tuple(sorted(standing(moves, months[-1].month), key=lambda turn: turn.month)),
        tuple(event for one in months for event in _events(world, one)),
    )


def turns_of(decision: Decision) -> Iterator[Turn]:
    """The levers that an actor moved in a month, where it could have left them alone."""
    chosen = decision.chosen
    drawn = {one.lever: one for one in decision.draws}
    for lever, before, after in decision.moved():
        kept = decision.option(chosen.levels | {lever: before})
        if kept is None:  # closed: it had to move
            continue
        terms = {
            name: (term.whole - kept.terms[name].whole) / decision.scale
            for name, term in chosen.terms.items()
        }
        worth = (chosen.value - kept.value) / decision.scale
        yield Turn(
            decision.month,
            decision.actor,
            lever,
            before,
            after,
            worth,
            dict(sorted(terms.items(), key=lambda item: -abs(item[1]))),
            drawn[lever].chances[after],
            decision.months,
        )


def standing(moves: Iterable[Turn], last: Month) -> Iterator[Turn]:
    """Turns with the months for which they stood, lapses brought together with the way back.

    Args:
        moves: in the order of months.
        last: month of the run.
    """
    by_lever: defaultdict[tuple[str, str], list[Turn]] = defaultdict(list)
    for turn in moves:
        by_lever[turn.actor, turn.lever].append(turn)
    for turns in by_lever.values():
        since: Turn | None = None
        rest = iter(turns)
        for turn in rest:
            back = next((t for t in turns if t.month > turn.month), None)
            away = LAPSE if back is None else back.month - turn.month
            if back is not None and away < LAPSE and back.after == turn.before:
                yield replace(turn, stood=away, lapse=True)
                next(rest)
                continue
            if since is not None:
                yield replace(since, stood=turn.month - since.month)
            since = turn
        if since is not None:
            yield replace(since, stood=last - since.month + 1)


def _events(world: World, lived: Lived) -> Iterator[Event]:
    before, after, now = lived.before, lived.after, lived.month
    scenario = world.scenario
    if world.fork is not None and now >= world.fork.at:
        scenario = world.fork.scenario
    for shock in scenario.events:
        if shock.at == now:
            yield Event(now, "shock", (), (), dict(shock.shock), shock.note)
    for move in scenario.moves:
        if move.first == now:
            yield Event(now, "held", (move.actor, move.lever), (move.level, str(move.last)))
    if after.entered and not before.entered:
        yield Event(now, "entry", ("out",), ("in",))
    if after.nuclear and not before.nuclear:
        yield Event(now, "nuclear", ("no",), ("yes",))
    old, new = ((one.agreed, one.access, one.voice) for one in (before, after))
    if old != new:
        yield Event(now, "deal", old, new)
    if before.status != after.status:
        yield Event(now, "status", (before.status,), (after.status,))
