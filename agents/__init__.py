"""Who decides: the actors, their levers and their aims. Imports nothing from `sim`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agents.actor import Actor

ORDER = ("russia", "belarus", "ukraine", "nato")
"""Actors in the order of results. Their modules load Mesa, which is slow, so only on demand."""


def menus() -> dict[str, dict[str, tuple[str, ...]]]:
    """Actor -> lever -> names of its levels, in the order of results.

    Returns:
        An ordered mapping; Russia, Belarus, Ukraine and NATO first, then any further actor that
        has been imported.
    """
    return {name: actor.menu.levels() for name, actor in roster().items()}


def roster() -> dict[str, type[Actor]]:
    """Actor name -> class, the four of the model first."""
    from importlib import import_module

    from agents.actor import ROSTER

    for name in ORDER:
        import_module(f"agents.{name}")
    return {name: ROSTER[name] for name in (*ORDER, *(n for n in ROSTER if n not in ORDER))}
