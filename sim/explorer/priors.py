"""A prior drawn small, behind the slider that moves its parameter."""

from __future__ import annotations

from typing import Final

import numpy as np

from sim.report.markup import Markup
from sim.scenario.distributions import Distribution
from sim.scenario.values import Value

_POINTS: Final = 48
_HEIGHT: Final = 22


def sketch(value: Value, low: float, high: float, middle: float) -> Markup:
    """The density of a value over a range, with its median marked; a number is a mark alone.

    Args:
        value: what the scenario says of a parameter.
        low: where the slider begins.
        high: where it ends.
        middle: the median.
    """
    mark = 100 * (middle - low) / (high - low)
    line = f'<path class="mark" d="M{mark:.2f} 0V{_HEIGHT}"/>'
    shape = f'<path class="prior" d="{_outline(value, low, high)}"/>'
    return Markup(
        f'<svg class="sketch" viewBox="0 0 100 {_HEIGHT}" preserveAspectRatio="none" '
        f'aria-hidden="true">{shape}{line}</svg>'
    )


def _outline(value: Value, low: float, high: float) -> str:
    if not isinstance(value, Distribution):
        return ""
    grid = np.linspace(low, high, _POINTS + 1)
    if value.kind == "choice":
        width = (high - low) / 60
        heights = np.zeros_like(grid)
        for arg in value.args:
            heights[np.abs(grid - arg) <= max(width, (high - low) / _POINTS / 2)] = 1.0
    else:
        heights = _density(value, grid)
    top = heights.max()
    if top <= 0:
        return ""
    points = [
        f"{100 * (x - low) / (high - low):.2f} {_HEIGHT - (_HEIGHT - 3) * h / top:.2f}"
        for x, h in zip(grid, heights, strict=True)
    ]
    return f"M0 {_HEIGHT}L{'L'.join(points)}L100 {_HEIGHT}Z"


def _density(value: Distribution, grid: np.ndarray) -> np.ndarray:
    """Slope of the distribution function over the grid, from its inverse."""
    chances = (np.arange(4000) + 0.5) / 4000
    quantiles = value.ppf(chances)
    reached = np.interp(grid, quantiles, chances, left=0.0, right=1.0)
    slopes = np.diff(reached)
    return np.concatenate([slopes[:1], (slopes[1:] + slopes[:-1]) / 2, slopes[-1:]])
