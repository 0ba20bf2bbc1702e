"""Behavioural influence: how far an actor's aims change what another does (Dahl 1957).

I[i over j] is the total variation between two choice distributions of j at the same state: one
where j expects i's policy function, one where j expects the policy function of a puppet of j (i's
menu, j's payoff). Both are policy functions at this state, not smoothed past play, so a true puppet
shows exactly no influence. It needs no extra draws and no placebo. It has no sign: the change in
j's expected action stands beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from agents.actor import Actor
from agents.outlook import Array
from agents.response import marginals, sum_in_order, total_variation
from sim.deliberation import (
    Answers,
    Table,
    Weighed,
    believed_play,
    expected_answers,
    respond,
    weigh,
)
from sim.world.masks import live

ENTRY = "entry"


@dataclass(slots=True)
class Influence:
    """Influence of one actor over another in one month, each shape (worlds,) unless said."""

    mean: Array  # mean over the levers of the target that are live; NaN where none is
    joint: Array  # total variation over the whole menu
    levers: dict[str, Array]  # lever of the target -> total variation; NaN where masked
    shift: dict[str, Array]  # lever -> change in the expected level index, own policy less puppet's


def belief_swap(
    table: Table, source: Actor, target: Actor, seen: Weighed, *, mask_entry: bool = True
) -> Influence:
    """Influence of `source` over `target` at the state of the month's choices.

    Args:
        table: the month.
        source: i, whose policy is swapped.
        target: j, whose choice may change.
        seen: the source's options as weighed, from `weigh`.
        mask_entry: leave the source's `entry` lever where it stands in both policies, since entry
            alone can be most of the influence.
    """
    own = _response_to(table, source, target, seen, None, mask_entry)
    puppet = _response_to(table, source, target, seen, target, mask_entry)
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


def _response_to(
    table: Table,
    source: Actor,
    target: Actor,
    seen: Weighed,
    served: Actor | None,
    mask_entry: bool,
) -> Array:
    """The target's choice when it expects the source's policy, serving itself or `served`."""
    policy = respond(table, source, seen, served)
    play = believed_play(table, target)
    answers: Answers = expected_answers(table, None if served is None else {source.name: served})
    masked = None
    if mask_entry and ENTRY in source.menu.names:
        policy = _given_entry(policy, source)
        masked = next((pair for pair in answers if pair.answer == ENTRY), None)
    play[source.name] = marginals(policy, source.menu)
    return respond(table, target, weigh(table, target, play, answers, masked=masked))


def _given_entry(policy: Array, source: Actor) -> Array:
    """The policy given that the entry lever stays where it stands."""
    k = source.menu.names.index(ENTRY)
    stays = np.array(source.menu.options)[:, k, None] == source.levels[k]
    kept = np.where(stays, policy, 0.0)
    total = sum_in_order(kept)
    # where staying has no weight at all (entry is certain) the lever alone cannot be masked
    return np.where(total > 0.0, kept / np.where(total > 0.0, total, 1.0), policy)
