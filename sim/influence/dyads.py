"""Two actors' dependence on one another, taken apart (Casciaro & Piskorski 2005).

Emerson's power of one actor over another is the other's dependence on it. A pair has two of them:
how unequal they are and how large both are together are different things. Casciaro & Piskorski
(Administrative Science Quarterly 50:167) find that they act against one another on what a pair
agrees on, so both are told, beside the dependence of each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import xarray as xr


def imbalance(of_other: xr.DataArray, own: xr.DataArray) -> xr.DataArray:
    """Power advantage of an actor over another.

    Args:
        of_other: dependence of the other on the actor, 0-1.
        own: dependence of the actor on the other, 0-1.

    Returns:
        From -1, where only the actor depends, to 1, where only the other does.
    """
    return of_other - own


def mutual(one: xr.DataArray, other: xr.DataArray) -> xr.DataArray:
    """Dependence of two actors on each other, summed.

    Args:
        one: dependence of the first on the second, 0-1.
        other: dependence of the second on the first, 0-1.

    Returns:
        From 0, where neither depends, to 2.
    """
    return one + other
