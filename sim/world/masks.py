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


@dataclass(frozen=True)
class Closure:
    """A reason for which levels of a lever are closed.

    Attributes:
        actor: whose lever it is.
        lever: its name.
        only: the level that stays open; None where `but` says which one is closed.
        but: the one level that is closed.
        where: in which worlds, shape (worlds,).
        why: for people.
    """

    actor: str
    lever: str
    only: int | None
    but: int | None
    where: NDArray[np.bool_]
    why: str

    def closes(self, level: int) -> bool:
        """Whether it is this level that is closed."""
        return level == self.but if self.only is None else level != self.only


def closures(s: State) -> tuple[Closure, ...]:
    """What a state on the path closes, and why.

    Masked are: fighting levers once the fighting has stopped, talks once a settlement or a
    breakthrough has ended the war, launching and entering in peace, entry and hosting once done
    (they cannot be undone), pressing for an entry that has happened, and paying where nothing was
    agreed.

    Args:
        s: state; status fields are certainties, shape (worlds,).
    """
    fighting = s.active > 0.5
    unsettled = fighting | (s.ceasefire > 0.5)
    entered, nuclear = s.entered > 0.5, s.nuclear > 0.5
    owed = (s.deal_scale > 0.0) | (s.gas_scale > 0.0)
    silent, over = "the fighting has stopped", "the war has ended"
    return (
        Closure("russia", "tempo", 0, None, ~fighting, silent),
        Closure("ukraine", "tempo", 0, None, ~fighting, silent),
        Closure("russia", "press_entry", 0, None, ~fighting, silent),
        Closure("russia", "press_entry", 0, None, entered, "Belarus has entered already"),
        Closure("russia", "talks", 0, None, ~unsettled, over),
        Closure("ukraine", "talks", 0, None, ~unsettled, over),
        Closure("ukraine", "north", 0, None, ~unsettled, over),
        Closure("ukraine", "north", None, 2, ~fighting, silent),
        Closure("belarus", "access", None, 2, ~fighting, silent),
        Closure("belarus", "entry", 0, None, ~fighting & ~entered, silent),
        Closure("belarus", "entry", 1, None, entered, "it has entered, which cannot be undone"),
        Closure("belarus", "nuclear_hosting", 1, None, nuclear, "hosting cannot be undone"),
        Closure("russia", "support_minsk", 0, None, ~owed, "no transfers are agreed"),
    )


def open_levels(s: State, menus: Mapping[str, Menu], fixed: Iterable[Fixed] = ()) -> Levels:
    """Open levels of every lever at a state on the path: all but what `closures` closes.

    At least one level of each lever stays open, so an option is always feasible.

    Args:
        s: state; status fields are certainties, shape (worlds,).
        menus: actor -> menu.
        fixed: levers held by the scenario this month; where the level is closed by the state (an
            attack after the settlement) the state wins.
    """
    worlds = s.active.shape[0]
    levels: Levels = {
        actor: {
            lever.name: np.ones((len(lever.levels), worlds), dtype=bool) for lever in menu.levers
        }
        for actor, menu in menus.items()
    }
    for closure in closures(s):
        _close(levels, closure)
    for move in fixed:
        held = levels[move.actor][move.lever][move.level].copy()
        why = "the scenario holds it"
        _close(levels, Closure(move.actor, move.lever, move.level, None, held, why))
    return levels


def _close(levels: Levels, closure: Closure) -> None:
    rows = levels[closure.actor][closure.lever]
    for k in range(rows.shape[0]):
        if closure.closes(k):
            rows[k] &= ~closure.where


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
