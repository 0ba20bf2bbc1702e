"""Who decides: the actors, their levers and their aims. Imports nothing from `sim`."""

from __future__ import annotations


def menus() -> dict[str, dict[str, tuple[str, ...]]]:
    """Actor -> lever -> names of its levels, in the order of results.

    Returns:
        An ordered mapping; Russia, Belarus, Ukraine and NATO first, then any further actor that
        has been imported.
    """
    return {name: actor.menu.levels() for name, actor in roster().items()}


def roster() -> dict[str, type[Actor]]:  # noqa: F821 (imported on first use: Mesa is slow to load)
    """Actor name -> class, the four of the model first."""
    import agents.russia
    import agents.belarus  # noqa: I001 (the order is the order of results)
    import agents.ukraine
    import agents.nato
    from agents.actor import ROSTER

    return dict(ROSTER)
