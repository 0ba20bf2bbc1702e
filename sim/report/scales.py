"""The scales that pictures of one outcome share, within the values that can exist."""

from collections.abc import Mapping

from sim.analysis.outcomes import Measure
from sim.analysis.partings import Gap, Line

Scale = tuple[float, float]


def value_scale(lines: list[Line], read: Measure) -> Scale:
    """A scale that holds all lines, within the values that can exist."""
    values = [value for line in lines for value in line if value is not None]
    low, high = min(values), max(values)
    least = None if read.low is None else read.low * read.scale
    most = None if read.high is None else read.high * read.scale
    if low == high:
        low, high = low - (abs(low) / 2 or 0.5), high + (abs(high) / 2 or 0.5)
    else:
        room = 0.05 * (high - low)
        low, high = low - room, high + room
    if least is not None:
        low = least if low < least + 0.25 * (high - least) else max(low, least)
    return low, high if most is None else min(high, most)


def middle_scale(middles: list[Line], inner: list[Line], read: Measure) -> Scale:
    """A scale for medians alone, never so fine that it shows but a fifth of the middle half."""
    low, high = value_scale(middles, read)
    least, most = value_scale(inner, read)
    room = 0.2 * (most - least) - (high - low)
    if room <= 0:
        return low, high
    return max(least, low - room / 2), min(most, high + room / 2)


def gap_scale(gaps: Mapping[int, Gap]) -> Scale:
    """A scale that holds all differences and zero."""
    lines = [line for one in gaps.values() for line in (*one.lines.values(), one.mean)]
    values = [0.0, *(value for line in lines for value in line if value is not None)]
    low, high = min(values), max(values)
    room = 0.06 * (high - low) or 1.0
    return low - room, high + room


def event_scale(middles: list[Line]) -> Scale:
    """A scale for shares of worlds, from none up."""
    most = max(value for line in middles for value in line if value is not None)
    return 0.0, min(100.0, max(10.0, most * 1.1))
