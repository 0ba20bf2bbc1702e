"""Which levels are open: spent levers, levers without effect, and moves the scenario fixes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agents.levers import Menu
from sim.world.state import State

type Levels = dict[str, dict[str, NDArray[np.bool_]]]
"""Actor -> lever -> whether each level is open, shape (levels, worlds)."""


@dataclass(frozen=True)
class Fixed:
    """A lever that the scenario holds at a level."""

    actor: str
    lever: str
    level: int


def open_levels(s: State, menus: Mapping[str, Menu], fixed: Iterable[Fixed] = ()) -> Levels:
    """Open levels of every lever at a state on the path.

    Masked are: fighting levers once the fighting has stopped, talks once a settlement or a
    breakthrough has ended the war, launching and entering in peace, entry and hosting once done
    (they cannot be undone), pressing for an entry that has happened, and paying where nothing was
    agreed. At least one level of each lever stays open, so an option is always feasible.

    Args:
        s: state; status fields are certainties, shape (worlds,).
        menus: actor -> menu.
        fixed: levers held by the scenario this month; where the level is closed by the state (an
            attack after the settlement) the state wins.
    """
    fighting = s.active > 0.5
    unsettled = fighting | (s.ceasefire > 0.5)
    entered, nuclear = s.entered > 0.5, s.nuclear > 0.5
    worlds = fighting.shape[0]
    levels: Levels = {
        actor: {
            lever.name: np.ones((len(lever.levels), worlds), dtype=bool) for lever in menu.levers
        }
        for actor, menu in menus.items()
    }

    def only(actor: str, lever: str, level: int, where: NDArray[np.bool_]) -> None:
        rows = levels[actor][lever]
        for k in range(rows.shape[0]):
            if k != level:
                rows[k] &= ~where

    only("russia", "tempo", 0, ~fighting)
    only("ukraine", "tempo", 0, ~fighting)
    only("russia", "press_entry", 0, ~fighting | entered)
    only("russia", "talks", 0, ~unsettled)
    only("ukraine", "talks", 0, ~unsettled)
    only("ukraine", "north", 0, ~unsettled)
    levels["ukraine"]["north"][2] &= fighting
    levels["belarus"]["access"][2] &= fighting
    only("belarus", "entry", 0, ~fighting & ~entered)
    only("belarus", "entry", 1, entered)
    only("belarus", "nuclear_hosting", 1, nuclear)
    owed = (s.deal_scale > 0.0) | (s.gas_scale > 0.0)
    only("russia", "support_minsk", 0, ~owed)
    for move in fixed:
        only(move.actor, move.lever, move.level, levels[move.actor][move.lever][move.level].copy())
    return levels


def live(levels: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether a lever leaves a choice, shape (worlds,)."""
    return np.count_nonzero(levels, axis=0) > 1


def feasible(levels: Mapping[str, NDArray[np.bool_]], menu: Menu) -> NDArray[np.bool_]:
    """Which options consist of open levels only, shape (options, worlds)."""
    options = np.array(menu.options)
    out = levels[menu.levers[0].name][options[:, 0]]
    for k, lever in enumerate(menu.levers[1:], start=1):
        out = out & levels[lever.name][options[:, k]]
    return out
