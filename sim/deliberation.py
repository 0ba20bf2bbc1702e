"""How an actor weighs its options: what it expects of the others, and what each option is worth.

Beliefs about the others are smoothed past play, except for declared pairs of lever and answer:
there an actor expects the other's logit answer to its own lever, worked out from the other's
payoff, one level deep. Without them pressure and inducement would have costs and no use.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from agents.actor import Actor
from agents.outlook import Array, Outlook
from agents.response import logit
from agents.stand_ins import looks_ahead, response, served_by
from sim.world.controls import Parameters, Play, controls
from sim.world.endings import believed_power
from sim.world.masks import Levels, feasible
from sim.world.month import begin
from sim.world.projection import project
from sim.world.state import State


@dataclass(frozen=True)
class Pair:
    """A lever and the answer it is meant to draw."""

    actor: str
    lever: str
    other: str
    answer: str


PAIRS = (
    Pair("russia", "press_entry", "belarus", "entry"),
    Pair("russia", "support_minsk", "belarus", "access"),
    Pair("russia", "support_minsk", "belarus", "voice"),
    Pair("nato", "belarus_track", "belarus", "west"),
    Pair("nato", "russia_sanctions", "russia", "tempo"),
    Pair("ukraine", "north", "belarus", "access"),
)

type Answers = dict[Pair, Array]
"""Pair -> probability of each answer given each level of the lever, (levels, answers, worlds)."""


@dataclass(frozen=True)
class Weighed:
    """What some options of an actor would lead to.

    Attributes:
        rows: numbers of the options weighed: all that are feasible in at least one world.
        outlook: fields broadcastable to (rows, worlds).
    """

    rows: NDArray[np.int64]
    outlook: Outlook


@dataclass
class Table:
    """Everything the actors of a block of worlds deliberate with in one month.

    Attributes:
        state: at the month's start, after shocks.
        parameters: registry name -> (worlds,).
        actors: by name, in the order of results.
        plays: actor -> way of playing (agents.stand_ins).
        open: levels open this month.
        horizon: months for which an option is held.

    The outlooks behind expected answers are worked out once a month and kept here.
    """

    state: State
    parameters: Parameters
    actors: Mapping[str, Actor]
    plays: Mapping[str, str]
    open: Levels
    horizon: int
    _answered: dict[str, Outlook] = field(default_factory=dict)

    def optimism(self, actor: Actor) -> Array | None:
        """Factor on Russia's power that makes the odds those the actor believes in.

        The belligerents project the war with their own odds (differing beliefs are what keeps it
        going); the others with the odds as they are.
        """
        believed = {"russia": self.state.belief_russia, "ukraine": self.state.belief_ukraine}.get(
            actor.name
        )
        if believed is None:
            return None
        standing = {name: other.standing() for name, other in self.actors.items()}
        month = begin(self.state, controls(standing, self.parameters), self.parameters)
        return believed_power(believed, month.battle)

    def feasible(self, actor: Actor) -> NDArray[np.bool_]:
        """Feasible options of an actor, shape (options, worlds)."""
        return feasible(self.open[actor.name], actor.menu)


def believed_play(table: Table, actor: Actor) -> dict[str, dict[str, Array]]:
    """What an actor expects everybody to play: the others as watched, itself as it stands."""
    return {
        name: other.standing() if other is actor else dict(actor.beliefs[name])
        for name, other in table.actors.items()
    }


def weigh(
    table: Table, actor: Actor, play: Play, answers: Answers, *, masked: Pair | None = None
) -> Weighed:
    """Discounted outlook of every option that is feasible in any of the worlds.

    Args:
        table: the month.
        actor: who weighs.
        play: expected play of the others, levers of shape (levels, worlds).
        answers: expected answers to the actor's own levers.
        masked: a pair to leave at `play` (entry, in the masked influence measure).

    Returns:
        The options weighed and what they lead to.
    """
    weighed = np.flatnonzero(table.feasible(actor).any(axis=1))
    options = np.array(actor.menu.options)[weighed]
    rows: dict[str, dict[str, Array]] = {
        name: {lever: probability[:, None] for lever, probability in levers.items()}
        for name, levers in play.items()
    }
    rows[actor.name] = {
        lever.name: (np.arange(len(lever.levels))[:, None, None] == options[:, k, None]).astype(
            float
        )
        for k, lever in enumerate(actor.menu.levers)
    }
    for pair, table_of_answers in answers.items():
        if pair.actor == actor.name and pair != masked:
            level = options[:, actor.menu.names.index(pair.lever)]
            rows[pair.other][pair.answer] = np.moveaxis(table_of_answers[level], 1, 0)
    return Weighed(weighed, _project(table, actor, rows))


def _project(table: Table, actor: Actor, rows: Play) -> Outlook:
    """What play would lead to, as far ahead as an actor looks and with the odds it believes in."""
    horizon, terminal = looks_ahead(table.plays[actor.name], table.horizon)
    return project(
        table.state,
        controls(rows, table.parameters),
        table.parameters,
        horizon,
        terminal=terminal,
        optimism=table.optimism(actor),
    )


def respond(table: Table, actor: Actor, weighed: Weighed, served: Actor | None = None) -> Array:
    """Choice probabilities of an actor over options seen, as itself or serving another.

    Args:
        table: the month.
        actor: whose menu it is.
        weighed: from `weigh`.
        served: whose payoff to serve; None for the way the scenario seats the actor.

    Returns:
        Probabilities, shape (options, worlds), over the whole menu.
    """
    plays = "itself"
    if served is None:
        plays = table.plays[actor.name]
        served = served_by(actor, plays, table.actors)
    rows, feasible_options = weighed.rows, table.feasible(actor)
    out = np.zeros(feasible_options.shape)
    out[rows] = response(actor, plays, served, weighed.outlook, feasible_options[rows], rows)
    return out


def expected_answers(table: Table, served: Mapping[str, Actor] | None = None) -> Answers:
    """Logit answers of every declared pair, as the others play or as puppets would.

    The answering actor weighs only the levels of the answering lever, its other levers as they
    stand, against the asking lever held at each level and everything else at its beliefs.

    Args:
        table: the month.
        served: answering actor -> whose payoff it serves instead of its own.

    Returns:
        Answers for every pair (for those of `served` actors only, if given).
    """
    out: Answers = {}
    for name, other in table.actors.items():
        pairs = [pair for pair in PAIRS if pair.other == name]
        if pairs and (served is None or name in served):
            if name not in table._answered:
                table._answered[name] = _answer_outlooks(table, other, pairs)
            seen = table._answered[name]
            out.update(_answer(table, other, pairs, seen, None if served is None else served[name]))
    return out


def _answer_rows(table: Table, other: Actor, pair: Pair) -> list[tuple[int, int]]:
    """Every (level of the lever, level of the answer) of a pair."""
    asking = table.actors[pair.actor].menu
    levels = asking.shape[asking.names.index(pair.lever)]
    answers = other.menu.shape[other.menu.names.index(pair.answer)]
    return [(level, answer) for level in range(levels) for answer in range(answers)]


def _answer_outlooks(table: Table, other: Actor, pairs: list[Pair]) -> Outlook:
    """Outlooks of every row of every pair that one actor answers, in one projection."""
    base = believed_play(table, other)
    count = sum(len(_answer_rows(table, other, pair)) for pair in pairs)
    rows = {
        name: {
            lever: np.repeat(probability[:, None], count, axis=1)
            for lever, probability in levers.items()
        }
        for name, levers in base.items()
    }
    at = 0
    for pair in pairs:
        for level, answer in _answer_rows(table, other, pair):
            for actor, lever, value in (
                (pair.actor, pair.lever, level),
                (pair.other, pair.answer, answer),
            ):
                rows[actor][lever][:, at] = 0.0
                rows[actor][lever][value, at] = 1.0
            at += 1
    return _project(table, other, rows)


def _answer(
    table: Table, other: Actor, pairs: list[Pair], seen: Outlook, served: Actor | None
) -> Answers:
    """Probabilities of the answers, given their outlooks."""
    plays = table.plays[other.name] if served is None else "itself"
    whom = served_by(other, plays, table.actors) if served is None else served
    values = whom.payoff(seen) / whom.scale
    out: Answers = {}
    at = 0
    for pair in pairs:
        rows = _answer_rows(table, other, pair)
        lever = other.menu.names.index(pair.answer)
        open_answers = table.open[other.name][pair.answer]
        count = open_answers.shape[0]
        levels = len(rows) // count
        probabilities = np.empty((levels, count, open_answers.shape[1]))
        answering = np.arange(count)[:, None]
        move = np.abs(answering - other.levels[lever]) * other.switching
        move = move + (answering > 0) * other.threshold_cost(lever)
        for level in range(levels):
            value = values[at + level * count : at + (level + 1) * count] - move
            if plays == "random":
                probabilities[level] = logit(np.zeros_like(value), 0.0, open_answers)
            elif plays in ("scripted", "external"):
                probabilities[level] = logit(-move, 1e6, open_answers)
            else:
                probabilities[level] = logit(value, other.precision, open_answers)
        out[pair] = probabilities
        at += len(rows)
    return out
