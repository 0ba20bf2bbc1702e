"""What an actor expects in answer to its own levers.

For declared pairs of lever and answer an actor does not rely on watching: it expects the other's
logit answer to its own lever, worked out from the other's payoff, one level deep. Without that,
pressure and inducement would have costs and no use.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from agents.actor import Actor
from agents.outlook import Array
from agents.stand_ins import decide, served_by
from sim.deliberation.rollouts import Request, roll_out
from sim.deliberation.table import Table


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
    if not table.answered:
        _work_out(table)
    out: Answers = {}
    for name, other in table.actors.items():
        if name in table.answered and (served is None or name in served):
            out.update(_answers_of(table, other, None if served is None else served[name]))
    return out


def _pairs_answered_by(name: str) -> list[Pair]:
    return [pair for pair in PAIRS if pair.other == name]


def _combinations(table: Table, pair: Pair) -> list[tuple[int, int]]:
    """Every (level of the lever, level of the answer) of a pair."""
    asking, answering = table.actors[pair.actor].menu, table.actors[pair.other].menu
    levels = asking.shape[asking.names.index(pair.lever)]
    answers = answering.shape[answering.names.index(pair.answer)]
    return [(level, answer) for level in range(levels) for answer in range(answers)]


def _work_out(table: Table) -> None:
    """Roll out every combination of every pair, for all answering actors at once."""
    others = [other for name, other in table.actors.items() if _pairs_answered_by(name)]
    found = roll_out(table, [_request(table, other) for other in others])
    table.answered = {o.name: worth for o, worth in zip(others, found, strict=True)}


def _request(table: Table, other: Actor) -> Request:
    """Rows in which the asking and the answering lever are certain, the rest as believed."""
    pairs = _pairs_answered_by(other.name)
    count = sum(len(_combinations(table, pair)) for pair in pairs)
    touched = {(p.actor, p.lever) for p in pairs} | {(p.other, p.answer) for p in pairs}
    play = {
        name: {
            lever: np.repeat(probability[:, None], count, axis=1)
            if (name, lever) in touched
            else probability[:, None]
            for lever, probability in levers.items()
        }
        for name, levers in table.believed_play(other).items()
    }
    row = 0
    for pair in pairs:
        for level, answer in _combinations(table, pair):
            for actor, lever, value in (
                (pair.actor, pair.lever, level),
                (pair.other, pair.answer, answer),
            ):
                play[actor][lever][:, row] = 0.0
                play[actor][lever][value, row] = 1.0
            row += 1
    return Request(other, play, count)


def _answers_of(table: Table, other: Actor, served: Actor | None) -> Answers:
    """Probabilities of one actor's answers, as it plays or serving another."""
    plays = table.plays[other.name] if served is None else "itself"
    whom = served_by(other, plays, table.actors) if served is None else served
    values = table.answered[other.name][whom.name] / whom.scale
    out: Answers = {}
    row = 0
    for pair in _pairs_answered_by(other.name):
        lever = other.menu.names.index(pair.answer)
        open_answers = table.open[other.name][pair.answer]
        count = open_answers.shape[0]
        levels = len(_combinations(table, pair)) // count
        answering = np.arange(count)[:, None]
        move = np.abs(answering - other.levels[lever]).astype(float)
        cost = move * other.switching + (answering > 0) * other.threshold_cost(lever)
        table_of_answers = np.empty((levels, count, table.worlds))
        for level in range(levels):
            worth = values[row : row + count]
            table_of_answers[level] = decide(
                plays, worth, move, cost, other.precision, open_answers
            )
            row += count
        out[pair] = table_of_answers
    return out
