"""What is told of a pair of actors in a month: words, colours and widths for all pictures of it."""

from collections.abc import Sequence
from typing import Final

from sim.analysis.outcomes import ACTORS
from sim.analysis.pairs import ALL_MONTHS, Pair, Series, Table
from sim.report.aggregates import Digest
from sim.report.numbers import NOTHING, decimals, interval, number, signed
from sim.report.theme import INKS, Json, change_colour, level_colour

CHOICES: Final = 100
"""Influence is told as choices of a hundred that would be others."""
WIDEST: Final = 6.0
"""Pixels of the widest arrow of a report."""
THINNEST: Final = 0.8


def has_pairs(digest: Digest) -> bool:
    """Whether the runs record influence between all actors.

    Where it is that of Belarus and Russia alone, the section on their levers tells it.
    """
    wanted = {(a, b) for a in ACTORS for b in ACTORS if a != b}
    return bool(digest.relations.levels) and all(
        wanted <= set(one) for one in digest.relations.levels
    )


def names(digest: Digest) -> list[str]:
    """Actors in the order of the matrix."""
    pairs = digest.relations.levels[digest.baseline]
    return [name for name in ACTORS if any(name in pair for pair in pairs)]


def cell_text(one: Series, at: int, *, change: bool) -> str:
    """A cell: choices of a hundred, no digit finer than its error."""
    mean, error = one.mean[at], one.error[at]
    if mean is None:
        return NOTHING
    value, off = mean * CHOICES, None if error is None else error * CHOICES
    if change:
        return signed(value, min(decimals(off, value), 2))
    return "<0.01" if 0 < value < 0.01 else number(value, min(decimals(off, value), 2))


def bounds_text(one: Series, at: int, *, change: bool) -> str:
    """The 95 % interval of a cell."""
    mean, half = one.mean[at], one.half[at]
    if mean is None or half is None:
        return NOTHING
    low, high = (mean - half) * CHOICES, (mean + half) * CHOICES
    places = min(decimals(half / 2 * CHOICES, low, high), 3)
    return interval(low if change else max(low, 0.0), high, places, sign=change)


def half_text(one: Series, at: int) -> str:
    """Half the width of that interval."""
    half = one.half[at]
    return NOTHING if half is None else f"{half * CHOICES:.1g}"


def _clear(one: Series, at: int) -> bool:
    mean, half = one.mean[at], one.half[at]
    return mean is not None and half is not None and abs(mean) > half


def by_month(digest: Digest, index: int) -> Json:
    """What both pictures show, of all months first and then of each: a value a pair."""
    scales = scales_of(digest, index)
    steps = range(len(digest.months) + 1)
    return {
        "worlds": worlds_of(digest, index),
        "steps": [cells_of(digest, index, at, scales) for at in steps],
    }


def scales_of(digest: Digest, index: int) -> tuple[float, float]:
    """What the widest arrow and the strongest colour of a report stand for."""
    relations, base = digest.relations, digest.baseline
    if index == base:
        return _widest(digest), _most([relations.levels[base]], clear=False)
    return _widest(digest), _most(list(relations.changes.values()), clear=True)


def pairs_of(digest: Digest) -> list[Pair]:
    """Pairs in the order of the matrix, row by row."""
    actors = names(digest)
    return [(a, b) for a in actors for b in actors if a != b]


def worlds_of(digest: Digest, index: int) -> list[int]:
    """Worlds that tell of each pair."""
    levels = digest.relations.levels[index]
    return [levels[pair].worlds[ALL_MONTHS] for pair in pairs_of(digest)]


def cells_of(digest: Digest, index: int, at: int, scales: tuple[float, float]) -> Json:
    """What both pictures show of one month."""
    widest, most = scales
    colour = level_colour if index == digest.baseline else change_colour
    change = index != digest.baseline
    levels = digest.relations.levels[index]
    told = digest.relations.changes[index] if change else levels
    shown = [told[pair] for pair in pairs_of(digest)]
    fills = [_fill(one, at, change=change) for one in shown]
    return {
        "text": [cell_text(one, at, change=change) for one in shown],
        "half": [half_text(one, at) for one in shown],
        "fill": fills,
        "ink": [INKS.index(colour(value / most)[1]) for value in fills],
        "level": [cell_text(levels[pair], at, change=False) for pair in pairs_of(digest)],
        "width": [_width(levels[pair], at, widest) for pair in pairs_of(digest)],
    }


def _fill(one: Series, at: int, *, change: bool) -> float:
    """The number that colours a cell; a change that its error hides gets no colour."""
    mean = one.mean[at]
    if mean is None or (change and not _clear(one, at)):
        return 0
    return float(f"{mean * CHOICES:.3g}")


def _width(one: Series, at: int, widest: float) -> float:
    mean = one.mean[at]
    if not mean or widest <= 0:
        return 0
    return round(max(THINNEST, WIDEST * mean / widest), 1)


def _widest(digest: Digest) -> float:
    """The strongest influence of any pair, month and scenario: the one scale of all arrows."""
    tables = digest.relations.levels
    means = (mean for one in tables for series in one.values() for mean in series.mean)
    return max((mean for mean in means if mean is not None), default=0.0)


def _most(tables: Sequence[Table], *, clear: bool) -> float:
    """The largest number that colours a cell, over all pairs and months of these tables."""
    found = [
        abs(mean) * CHOICES
        for one in tables
        for series in one.values()
        for at, mean in enumerate(series.mean)
        if mean is not None and (not clear or _clear(series, at))
    ]
    return max(found, default=0.0) or 1.0
