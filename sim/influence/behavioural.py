"""Behavioural influence: how far an actor's aims change what another does (Dahl 1957).

I[i over j] is the total variation between two choice distributions of j at the same state: one
where j expects i's policy function, one where j expects the policy function of a puppet of j (i's
menu, j's payoff). Both are policy functions at this state, not smoothed past play, so a true puppet
shows exactly no influence. It needs no extra draws and no placebo. It has no sign: the change in
j's expected action stands beside it.

Entry alone can be most of the influence of an actor that can enter. So its entry lever is left
where it stands in both policies; with entry allowed the same is measured once more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from agents.actor import Actor
from agents.levers import Menu
from agents.outlook import Array
from agents.response import marginals, sum_in_order, total_variation
from agents.stand_ins import served_by, weighs
from sim.deliberation.answers import Answers, expected_answers
from sim.deliberation.options import (
    ENTRY,
    Design,
    Weighed,
    fewer,
    passes,
    request,
    respond,
    weigh_anew,
)
from sim.deliberation.rollouts import Request
from sim.deliberation.table import Table
from sim.draws import BLOCK, TILE
from sim.world.masks import live

HEADLINE_PAIRS = (("belarus", "russia"), ("russia", "belarus"))
"""Pairs (source, target) whose influence is measured in every world, unless less is asked for."""

HINGING = {
    ("belarus", "russia"): (
        ("tempo", "support_minsk"),
        ("tempo", "talks"),
        ("support_minsk", "press_entry"),
        ("support_minsk", "talks"),
        ("press_entry", "talks"),
    ),
    ("russia", "belarus"): (("voice", "west"),),
}
"""Pairs of the target's levers whose joint effect hinges on what the source does. In a swap of
these pairs of actors the joint effect of all other levers is taken from the menu as weighed before,
which saves a third of the rollouts. Found by leaving out one after the other: these cannot be left
out without an error in influence above 0.001; a test holds what is left to the exact swap. Of other
pairs of actors all rows are rolled out."""

ALL_PAIRS_WORLDS = TILE
"""All pairs are measured in the worlds whose index modulo the format's block is below this: the
first tile of every block. A rule about a world's own index, so what is measured in a world depends
neither on how many worlds there are nor on how they are batched."""

type Pair = tuple[str, str]


@dataclass(frozen=True)
class Measured:
    """What is measured each month beside the path of a world, which is the same whatever is.

    Attributes:
        pairs: (source, target) whose influence is measured in every world.
        all_pairs: whether that of all other pairs is, in the worlds set apart for it.
        entry_allowed: whether influence is taken once more with the source's entry lever moving.
        dependence: whether it is found who depends on whom.
        power: likewise Coleman's, from dependence and interests.
        capacity: likewise the capacity of influence, bandwidth times dependence.
    """

    pairs: tuple[Pair, ...] = HEADLINE_PAIRS
    all_pairs: bool = True
    entry_allowed: bool = True
    dependence: bool = True
    power: bool = True
    capacity: bool = True


EVERYTHING = Measured()
NOTHING = Measured(
    pairs=(), all_pairs=False, entry_allowed=False, dependence=False, power=False, capacity=False
)
"""For those who need the path alone."""


@dataclass(slots=True)
class Influence:
    """Influence of one actor over another in one month, each shape (worlds,) unless said."""

    mean: Array  # mean over the levers of the target that are live; NaN where none is
    joint: Array  # total variation over the whole menu
    entry_allowed: Array  # as `mean`, with the source's entry lever moving too
    levers: dict[str, Array]  # lever of the target -> total variation; NaN where masked
    shift: dict[str, Array]  # lever -> change in the expected level index, own policy less puppet's


def in_all_pairs(first: int, count: int) -> NDArray[np.int64]:
    """Positions, among worlds first .. first+count-1, of those in which all pairs are measured."""
    return np.flatnonzero(np.arange(first, first + count) % BLOCK < ALL_PAIRS_WORLDS)


def influence_of_the_month(
    table: Table,
    weighed: Mapping[str, Weighed],
    columns: NDArray[np.int64],
    measured: Measured = EVERYTHING,
) -> dict[Pair, Influence]:
    """Influence of every actor over every other, at the state of the month's choices.

    Args:
        table: the month.
        weighed: every actor's options, weighed.
        columns: positions of the worlds in which all pairs are measured.
        measured: which pairs are in every world.

    Returns:
        Pair -> influence, with worlds as in the table; NaN where a pair is not measured.
    """
    found = (
        belief_swaps(table, measured.pairs, weighed, entry_allowed=measured.entry_allowed)
        if measured.pairs
        else {}
    )
    rest = [pair for pair in permutations(table.actors, 2) if pair not in found]
    if not columns.size:
        nowhere = np.full(table.worlds, np.nan)
        return found | {pair: _everywhere(table, pair[1], nowhere) for pair in rest}
    # the last of them again and again fills the tile
    padded = np.pad(columns, (0, -columns.size % TILE), mode="edge")
    some = table.at(padded)
    known = {name: one.at(padded, some.actors[name]) for name, one in weighed.items()}
    return found | {
        pair: _spread_out(one, columns, table.worlds)
        for pair, one in belief_swaps(some, rest, known).items()
    }


def belief_swaps(
    table: Table,
    pairs: Iterable[Pair],
    weighed: Mapping[str, Weighed],
    *,
    entry_allowed: bool = True,
) -> dict[Pair, Influence]:
    """Influence of source over target for several pairs, at the state of the month's choices.

    Args:
        table: the month.
        pairs: (source, target) names.
        weighed: every source's and target's options, weighed.
        entry_allowed: whether to take it once more with the source's entry lever moving.
    """
    swaps = [
        (source, target, masked)
        for source, target in pairs
        for masked in ((True, False) if entry_allowed and _may_enter(table, source) else (True,))
    ]
    policies = {source: respond(table, weighed[source]) for source, _, _ in swaps}
    answers = expected_answers(table)
    designs: dict[Pair, Design] = {}
    asked: list[tuple[Weighed, Design, Request]] = []
    for source, target, masked in swaps:
        actor, master, before = table.actors[source], table.actors[target], weighed[target]
        hinging = HINGING.get((source, target))
        if (source, target) not in designs:
            designs[source, target] = before.design if hinging is None else fewer(before, hinging)
        rows = designs[source, target]
        serving = respond(table, weighed[source], master)
        # what third actors would answer is the same in both
        served = answers | expected_answers(table, {source: master})
        for policy, answered in ((policies[source], answers), (serving, served)):
            expected = _expecting(table, master, rows, actor, policy, answered, masked)
            if hinging is not None:  # for few worlds another projection would not pay
                whom = served_by(master, table.plays[target], table.actors)
                expected = replace(expected, wanted=(whom.name,))
            asked.append((before, rows, expected))
    anew = weigh_anew(table, asked)
    found: dict[Pair, Influence] = {}
    for (source, target, masked), own, puppet in zip(swaps, anew[::2], anew[1::2], strict=True):
        one = _compare(table, own, puppet)
        if masked:
            found[source, target] = one
            if not entry_allowed:
                one.entry_allowed = one.mean * np.nan
        else:
            entering = live(table.open[source][ENTRY])
            masked_one = found[source, target]
            masked_one.entry_allowed = np.where(entering, one.mean, masked_one.mean)
    return found


def _may_enter(table: Table, name: str) -> bool:
    """Whether an actor has an entry lever, and it leaves a choice in any world."""
    levels = table.open[name].get(ENTRY)
    return levels is not None and bool(live(levels).any())


def _compare(table: Table, own: Weighed, puppet: Weighed) -> Influence:
    """How far two choice distributions of the target differ."""
    target = own.actor
    if table.compiled and weighs(table.plays[target.name]):
        weights = own.weights(table), puppet.weights(table)
        variations, shifts, joint = passes().difference(*weights, target.menu.shape)
    else:
        chosen = respond(table, own), respond(table, puppet)
        variations, shifts, joint = difference(*chosen, target.menu)
    levers, shift = {}, {}
    total, count = np.zeros(table.worlds), np.zeros(table.worlds)
    for k, name in enumerate(target.menu.names):
        is_live = live(table.open[target.name][name])
        levers[name] = np.where(is_live, variations[k], np.nan)
        shift[name] = np.where(is_live, shifts[k], np.nan)
        total, count = total + np.where(is_live, variations[k], 0.0), count + is_live
    mean = np.divide(total, count, out=np.full_like(total, np.nan), where=count > 0)
    return Influence(mean, joint, mean, levers, shift)


def difference(own: Array, puppet: Array, menu: Menu) -> tuple[Array, Array, Array]:
    """How far two distributions over the options of a menu differ.

    Returns:
        By lever, shape (levers, worlds): total variation, and change in the expected level; and
        total variation over the whole menu.
    """
    variations, shifts = [], []
    own_levers, puppet_levers = marginals(own, menu), marginals(puppet, menu)
    for name in menu.names:
        variations.append(total_variation(own_levers[name], puppet_levers[name]))
        change = own_levers[name] - puppet_levers[name]
        expected = change[0] * 0.0
        for level in range(1, change.shape[0]):
            expected = expected + level * change[level]
        shifts.append(expected)
    return np.stack(variations), np.stack(shifts), total_variation(own, puppet)


def _expecting(
    table: Table,
    target: Actor,
    rows: Design,
    source: Actor,
    policy: Array,
    answers: Answers,
    masked: bool,
) -> Request:
    """Rollouts of a target that expects a policy of the source, and answers to its own levers."""
    left = None
    if masked and ENTRY in source.menu.names:
        policy = _given_entry(policy, source)
        left = next((p for p in answers if (p.other, p.answer) == (source.name, ENTRY)), None)
    play = table.believed_play(target)
    found = passes().marginals if table.compiled else marginals
    play[source.name] = found(policy, source.menu)
    return request(table, target, rows, play, answers, masked=left)


def _given_entry(policy: Array, source: Actor) -> Array:
    """The policy given that the entry lever stays where it stands."""
    k = source.menu.names.index(ENTRY)
    stays = np.array(source.menu.options)[:, k, None] == source.levels[k]
    kept = np.where(stays, policy, 0.0)
    total = sum_in_order(kept)
    # where staying has no weight at all (entry is certain) the lever alone cannot be masked
    return np.where(total > 0.0, kept / np.where(total > 0.0, total, 1.0), policy)


def _everywhere(table: Table, target: str, value: Array) -> Influence:
    """One value for all figures of a pair."""
    levers = dict.fromkeys(table.actors[target].menu.names, value)
    return Influence(value, value, value, levers, dict(levers))


def _spread_out(found: Influence, columns: NDArray[np.int64], worlds: int) -> Influence:
    """Figures of some of the worlds put back into their places, NaN in the others."""

    def put(values: Array) -> Array:
        out = np.full(worlds, np.nan)
        out[columns] = values[: columns.size]
        return out

    return Influence(
        put(found.mean),
        put(found.joint),
        put(found.entry_allowed),
        {name: put(values) for name, values in found.levers.items()},
        {name: put(values) for name, values in found.shift.items()},
    )
