"""Which payoff terms an influence comes from: an exact division whose parts add up.

Influence of i over j is taken at one state with some of the terms of both payoffs left out, their
weights at 0: an actor that does not care about money, or about ground. From all such values the
*Owen value* (Owen 1977) gives every term its share. It is Shapley's (1953) with the two actors as
unions: first the influence is divided between the two, then within each among its terms, always by
what a term adds, averaged over the orders in which terms can come. The shares sum to the influence,
since with no terms at all j does not care what i does. With two unions of m and n terms it takes
2^(m+1) + 2^(n+1) values, where a division that lets terms of both come in any order takes 2^(m+n).

What is held: state, beliefs, how precisely and on which scale the actors choose, and what third
actors want.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

from agents.actor import Actor
from agents.outlook import Array
from sim.deliberation.answers import expected_answers
from sim.deliberation.options import Weighed, design, request, weigh
from sim.deliberation.table import Table
from sim.influence.behavioural import Pair, belief_swaps

WIDTH = 2048
"""Worlds, each once for every choice of terms, that are taken side by side."""

type Term = tuple[str, str]
"""Actor and incentive."""
type Weights = Mapping[str, Mapping[str, Array]]
"""Actor -> incentive -> weight, shape (worlds,)."""


def weights_of(actors: Mapping[str, Actor]) -> Weights:
    """What every actor's payoff weighs."""
    return {name: actor.weights for name, actor in actors.items()}


def by_term(table: Table, pair: Pair, weights: Weights | None = None) -> dict[Term, Array]:
    """Influence of source over target, divided among the terms of both payoffs.

    Args:
        table: the month, before anything was weighed.
        pair: (source, target).
        weights: of all actors, in place of those that the table's have.

    Returns:
        Term -> its share of `Influence.mean`, shape (worlds,); NaN where the target has no choice.
    """
    full = weights_of(table.actors) if weights is None else weights
    unions = [[(name, term) for term in full[name]] for name in pair]
    chosen = list(dict.fromkeys(needed(unions)))
    values: dict[frozenset[Term], Array] = {}
    together = max(1, WIDTH // table.worlds)
    for first in range(0, len(chosen), together):
        some = chosen[first : first + together]
        values.update(zip(some, _influence(table, pair, full, some), strict=True))
    return owen(unions, values)


@dataclass(frozen=True)
class _Orders:
    """What a term adds, averaged over orders: to each choice of the others, with its weight."""

    before: frozenset[Term]
    weight: float


def needed(unions: Sequence[Sequence[Term]]) -> Iterator[frozenset[Term]]:
    """The choices that the Owen value looks at: part of one union, none or all of another."""
    for k, union in enumerate(unions):
        for others in _whole_or_none([u for n, u in enumerate(unions) if n != k]):
            for size in range(len(union) + 1):
                for some in combinations(union, size):
                    yield others | frozenset(some)


def _whole_or_none(unions: Sequence[Sequence[Term]]) -> Iterator[frozenset[Term]]:
    for size in range(len(unions) + 1):
        for some in combinations(unions, size):
            yield frozenset(term for union in some for term in union)


def owen(
    unions: Sequence[Sequence[Term]], values: Mapping[frozenset[Term], Array]
) -> dict[Term, Array]:
    """The Owen value of a game with unions.

    Args:
        unions: players of each.
        values: what choices of players are worth, for those that `needed` names.

    Returns:
        Player -> share. The shares sum to what all are worth together less what nobody is.
    """
    out: dict[Term, Array] = {}
    for k, union in enumerate(unions):
        rest = [u for n, u in enumerate(unions) if n != k]
        for term in union:
            out[term] = sum(
                (
                    one.weight * (values[one.before | {term}] - values[one.before])
                    for one in _orders(term, union, rest)
                ),
                start=np.zeros_like(values[frozenset()]),
            )
    return out


def _orders(term: Term, union: Sequence[Term], rest: Sequence[Sequence[Term]]) -> Iterator[_Orders]:
    """The choices that a term can come after, with the share of orders in which it does."""
    others = [one for one in union if one != term]
    for whole in range(len(rest) + 1):
        of_unions = 1.0 / ((len(rest) + 1) * comb(len(rest), whole))
        for came in combinations(rest, whole):
            base = frozenset(one for unit in came for one in unit)
            for size in range(len(others) + 1):
                weight = of_unions / (len(union) * comb(len(others), size))
                for some in combinations(others, size):
                    yield _Orders(base | frozenset(some), weight)


def _influence(table: Table, pair: Pair, full: Weights, chosen: Sequence[frozenset[Term]]) -> Array:
    """Influence with each choice of terms, shape (choices, worlds)."""
    columns: NDArray[np.int64] = np.tile(np.arange(table.worlds), len(chosen))
    which = np.repeat(np.arange(len(chosen)), table.worlds)
    weights: dict[str, dict[str, Array]] = {}
    for name, terms in full.items():
        weights[name] = {}
        for term, weight in terms.items():
            counts = np.array([name not in pair or (name, term) in some for some in chosen])
            weights[name][term] = np.where(counts[which], weight[columns], 0.0)
    wide = table.at(columns)
    for name, actor in wide.actors.items():  # copies: the model's own actors keep theirs
        actor.weights = weights[name]
    wide = replace(wide, light=wide.light.weighing(weights), answered={})
    found = belief_swaps(wide, [pair], _weighed(wide, pair))[pair].mean
    return found.reshape(len(chosen), table.worlds)


def _weighed(table: Table, names: Sequence[str]) -> dict[str, Weighed]:
    """The options of some of the actors, weighed as in the month's choices."""
    answers = expected_answers(table)
    asked = []
    for name in names:
        actor = table.actors[name]
        rows = design(table, actor)
        asked.append((rows, request(table, actor, rows, table.believed_play(actor), answers)))
    return {one.actor.name: one for one in weigh(table, asked)}
