"""The scale that panels share where some stand open and the others are folded."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from sim.analysis.partings import Gap
from sim.report.aggregates import Digest, View, panel_scales
from sim.report.scales import Scale, gap_scale

FAR: Final = 2.0
"""A panel that alone makes the scale of all so many times as long is cut off instead."""


def scaled_to_open(digest: Digest, shown: Sequence[int]) -> Digest:
    """The same, panels of one scenario on the scale of those that stand open.

    A folded scenario that goes far, and an open one that goes more than twice as far as the rest,
    would flatten all the others; its own panel is cut off and says how far it reaches. What is cut
    off is tails and not middles: the median of every scenario is on the scale.

    Args:
        digest: the report's numbers.
        shown: scenarios whose panels stand open.
    """
    if len(shown) == len(digest.titles):
        return digest
    base = digest.baseline
    views = {name: _on_open_scale(view, shown, base) for name, view in digest.views.items()}
    return replace(digest, views=views)


def _on_open_scale(view: View, shown: Sequence[int], baseline: int) -> View:
    told = [i for i in shown if any(value is not None for value in view.courses[i].middle)]
    if not told:
        return view

    middles = [one.middle for one in view.courses]

    def panels(which: Sequence[int]) -> tuple[Scale, Scale]:
        return panel_scales([view.courses[i] for i in which], middles, view.measure)

    def gaps(which: Sequence[int]) -> Scale:
        found = {i: one if i in which else _middle_of(one) for i, one in view.gaps.items()}
        return gap_scale({i: one for i, one in found.items() if i in which or one.lines})

    return replace(
        view,
        scale=_held_by_most(lambda which: panels(which)[0], told, baseline),
        path_scale=_held_by_most(lambda which: panels(which)[1], told, baseline),
        gap_scale=_held_by_most(gaps, told, baseline),
    )


def _middle_of(gap_: Gap) -> Gap:
    """A difference without its bands; nothing of an event's, which has none."""
    return replace(gap_, lines={key: gap_.lines[key] for key in ("median",) if key in gap_.lines})


def _held_by_most(
    scale_of: Callable[[Sequence[int]], Scale], told: Sequence[int], baseline: int
) -> Scale:
    """The scale of all these, or of all but the one that alone makes it more than twice as long."""
    whole = scale_of(told)
    fewer = [[i for i in told if i != one] for one in told if one != baseline]
    least = min((scale_of(rest) for rest in fewer if len(rest) > 1), key=_length, default=whole)
    return least if FAR * _length(least) < _length(whole) else whole


def _length(scale: Scale) -> float:
    return scale[1] - scale[0]
