"""Behavioural influence: how far an actor's aims change what another does (Dahl 1957).

I[i over j] is the total variation between two choice distributions of j at the same state: one
where j expects i's policy function, one where j expects the policy function of a puppet of j (i's
menu, j's payoff). Both are policy functions at this state, not smoothed past play, so a true puppet
shows exactly no influence. It needs no extra draws and no placebo. It has no sign: the change in
j's expected action stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from agents.actor import Actor
from agents.outlook import Array
from agents.response import marginals, sum_in_order, total_variation
from sim.deliberation.answers import expected_answers
from sim.deliberation.options import Design, Weighed, request, respond, weigh
from sim.deliberation.rollouts import Request
from sim.deliberation.table import Table
from sim.world.masks import live

ENTRY = "entry"


@dataclass(slots=True)
class Influence:
    """Influence of one actor over another in one month, each shape (worlds,) unless said."""

    mean: Array  # mean over the levers of the target that are live; NaN where none is
    joint: Array  # total variation over the whole menu
    levers: dict[str, Array]  # lever of the target -> total variation; NaN where masked
    shift: dict[str, Array]  # lever -> change in the expected level index, own policy less puppet's


def belief_swaps(
    table: Table,
    pairs: Iterable[tuple[str, str]],
    weighed: Mapping[str, Weighed],
    *,
    mask_entry: bool = True,
) -> dict[tuple[str, str], Influence]:
    """Influence of source over target for several pairs, at the state of the month's choices.

    Args:
        table: the month.
        pairs: (source, target) names.
        weighed: every source's options, weighed.
        mask_entry: leave the source's `entry` lever where it stands in both policies, since entry
            alone can be most of the influence.
    """
    asked: list[tuple[Design, Request]] = []
    wanted = list(pairs)
    for source, target in wanted:
        rows = weighed[target].design
        master = table.actors[target]
        for served in (None, master):
            asked.append(
                (rows, _expecting(table, master, rows, weighed[source], served, mask_entry))
            )
    seen = weigh(table, asked)
    return {
        pair: _compare(table, respond(table, own), respond(table, puppet), own.actor)
        for pair, own, puppet in zip(wanted, seen[::2], seen[1::2], strict=True)
    }


def _compare(table: Table, own: Array, puppet: Array, target: Actor) -> Influence:
    """How far two choice distributions of the target differ."""
    own_levers, puppet_levers = marginals(own, target.menu), marginals(puppet, target.menu)
    levers, shift = {}, {}
    total, count = np.zeros(own.shape[-1]), np.zeros(own.shape[-1])
    for name in target.menu.names:
        is_live = live(table.open[target.name][name])
        variation = total_variation(own_levers[name], puppet_levers[name])
        levers[name] = np.where(is_live, variation, np.nan)
        change = own_levers[name] - puppet_levers[name]
        expected = change[0] * 0.0
        for level in range(1, change.shape[0]):
            expected = expected + level * change[level]
        shift[name] = np.where(is_live, expected, np.nan)
        total, count = total + np.where(is_live, variation, 0.0), count + is_live
    mean = np.divide(total, count, out=np.full_like(total, np.nan), where=count > 0)
    return Influence(mean=mean, joint=total_variation(own, puppet), levers=levers, shift=shift)


def _expecting(
    table: Table,
    target: Actor,
    rows: Design,
    source: Weighed,
    served: Actor | None,
    mask_entry: bool,
) -> Request:
    """Rollouts of a target that expects the source's policy, serving itself or `served`."""
    actor = source.actor
    policy = respond(table, source, served)
    answers = expected_answers(table, None if served is None else {actor.name: served})
    masked = None
    if mask_entry and ENTRY in actor.menu.names:
        policy = _given_entry(policy, actor)
        masked = next((pair for pair in answers if pair.answer == ENTRY), None)
    play = table.believed_play(target)
    play[actor.name] = marginals(policy, actor.menu)
    return request(table, target, rows, play, answers, masked=masked)


def _given_entry(policy: Array, source: Actor) -> Array:
    """The policy given that the entry lever stays where it stands."""
    k = source.menu.names.index(ENTRY)
    stays = np.array(source.menu.options)[:, k, None] == source.levels[k]
    kept = np.where(stays, policy, 0.0)
    total = sum_in_order(kept)
    # where staying has no weight at all (entry is certain) the lever alone cannot be masked
    return np.where(total > 0.0, kept / np.where(total > 0.0, total, 1.0), policy)
