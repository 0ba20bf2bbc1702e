"""Figures of influence as people read them: choices in a hundred, with the digits they deserve."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.analysis.who_moves_whom import Figure

_MOST_PLACES = 2
"""Of a figure without an error."""


def signed(shift: Figure | None) -> str:
    """Levels moved in 100 choices, with an arrow where the sign is beyond its error."""
    if shift is None or shift.mean is None or abs(100 * shift.mean) < 0.005:
        return ""
    arrow = ("↑ " if shift.mean > 0 else "↓ ") if shift.clear else ""
    places = 2 if abs(100 * shift.mean) < 0.95 else 0
    return f"{arrow}{100 * shift.mean:+.{places}f}".replace("-", "−")


def number(figure: Figure) -> str:
    """A mean and its error in hundredths, as many digits as the error allows; few without one."""
    if figure.mean is None:
        return ""
    if figure.error is None:
        from sim.report.numbers import decimals
        from sim.report.numbers import number as plain

        value = 100 * figure.mean
        return plain(value, min(decimals(None, value), _MOST_PLACES))
    mean, error = 100 * figure.mean, 100 * figure.error
    if mean == error == 0.0:
        return "0 exactly"
    places = min(max(-math.floor(math.log10(max(error, 1e-9))), 1), 3)
    mean = round(mean, places) + 0.0  # no minus before nothing
    return f"{mean:.{places}f} ± {error:.{places}f}".replace("-", "−")
