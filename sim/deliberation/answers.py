"""What an actor expects in answer to its own levers.

For declared pairs of lever and answer an actor does not rely on watching: it expects the other's
logit answer to its own lever, worked out from the other's payoff, one level deep. Without that,
pressure and inducement would have costs and no use.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agents.actor import Actor
from agents.outlook import Array
from agents.stand_ins import decide, served_by
from sim.deliberation.rollouts import Kinds, Request, roll_out
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
        Answers for every pair (for those of `served` actors only, if given); none where actors
        hold no beliefs.
    """
    if not table.answers_expected:
        return {}
    if not table.answered:
        _work_out(table)
    out: Answers = {}
    for name, other in table.actors.items():
        if name in table.answered and (served is None or name in served):
            plays = table.plays[name] if served is None else "itself"
            whom = served_by(other, plays, table.actors) if served is None else served[name]
            known = (name, plays, whom.name)
            if known not in table.expected:
                table.expected[known] = _answers_of(table, other, plays, whom)
            out.update(table.expected[known])
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
    rows = [(pair, *levels) for pair in pairs for levels in _combinations(table, pair)]
    which: dict[tuple[str, str], NDArray[np.int64]] = {}
    for row, (pair, level, answer) in enumerate(rows):
        for lever, value in (
            ((pair.actor, pair.lever), level),
            ((pair.other, pair.answer), answer),
        ):
            # 0 is as believed
            which.setdefault(lever, np.zeros(len(rows), dtype=np.int64))[row] = value + 1
    play = {
        name: {
            lever: Kinds.of_all(probability, len(rows))
            if (name, lever) not in which
            else Kinds(_believed_or_certain(probability), which[name, lever])
            for lever, probability in levers.items()
        }
        for name, levers in table.believed_play(other).items()
    }
    return Request(other, play, len(rows))


def _believed_or_certain(probability: Array) -> Array:
    """A lever as believed, then each of its levels for sure, (levels, 1 + levels, worlds)."""
    levels = probability.shape[0]
    out = np.empty((levels, 1 + levels, probability.shape[1]))
    out[:, 0] = probability
    out[:, 1:] = np.eye(levels)[:, :, None]
    return out


def _answers_of(table: Table, other: Actor, plays: str, whom: Actor) -> Answers:
    """Probabilities of one actor's answers, by how it plays and whom it serves."""
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
        worth = values[row : row + levels * count].reshape(levels, count, table.worlds)
        found = decide(
            plays,
            np.moveaxis(worth, 1, 0),
            move[:, None],
            cost[:, None],
            other.precision,
            open_answers[:, None],
        )
        out[pair] = np.moveaxis(np.broadcast_to(found, (count, levels, table.worlds)), 0, 1)
        row += levels * count
    return out
