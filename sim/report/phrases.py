"""Small wordings that sentences, charts, tables and the terminal share."""

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from itertools import combinations
from typing import Final

from sim.analysis.differences import Change
from sim.analysis.outcomes import Measure
from sim.analysis.yardsticks import MARK, yardstick_words
from sim.report.aggregates import Course, Digest, View
from sim.report.labels import month_words
from sim.report.numbers import (
    NOTHING,
    at_most_two_digits,
    change_decimals,
    decimals,
    interval,
    number,
    of_100,
    of_worlds,
    percent,
    signed,
)

SEEN_APART: Final = 0.06
"""Share of a picture’s height, about a label’s, by which lines are seen to end apart."""
UNTOLD: Final = 0.25
"""Standard error of a share from which on the share is not told."""


@dataclass(frozen=True)
class Places:
    """Decimals for the changes of one outcome, the same in every picture and table.

    Attributes:
        median: for the median over worlds.
        mean: for the mean and its 95 % interval.
        inner: for the middle 50 of 100 worlds.
        outer: for the middle 90.
    """

    median: int
    mean: int
    inner: int
    outer: int


def places_of(changes: Iterable[Change]) -> Places:
    """Decimals for changes that stand beside one another.

    The largest Monte Carlo error among them decides; one more digit is shown where a mean's
    interval, or a median that all but its error tells from zero, would round away.
    """
    median, mean, inner, outer = [], [], [], []
    all_changes = list(changes)
    se = max((c.se for c in all_changes if c.se is not None), default=None)
    worst = {
        key: max((e for c in all_changes if (e := c.errors[key]) is not None), default=None)
        for key in ("q05", "q25", "median", "q75", "q95")
    }
    # With too few sets for batches, the error of the mean stands in for that of the quantiles.
    worst = {key: error if error is not None else se for key, error in worst.items()}
    for c in all_changes:
        q = c.quantiles
        low = c.difference if c.lo is None else c.lo
        high = c.difference if c.hi is None else c.hi
        mean.append(change_decimals(se, c.difference, low, high))
        error = worst["median"]
        near = 2 * (error or 0.0)
        median.append(change_decimals(error, q["median"], q["median"] - near, q["median"] + near))
        inner.append(decimals(_larger(worst["q25"], worst["q75"]), q["q25"], q["q75"]))
        outer.append(decimals(_larger(worst["q05"], worst["q95"]), q["q05"], q["q95"]))
    ends = [c.quantiles[key] for c in all_changes for key in ("q05", "q95")]
    means = [c.difference for c in all_changes]
    wanted = (max(each, default=0) for each in (median, mean, inner, outer))
    return Places(*(at_most_two_digits(places, *ends, *means) for places in wanted))


def places_beside(change: Change, shared: Places) -> Places:
    """Decimals for one change among others: the column's, or more where its own error allows.

    The roughest scenario must not hide what is known of the rest.
    """
    own = places_of([change])
    return Places(*(max(pair) for pair in zip(astuple(shared), astuple(own), strict=True)))


def _larger(one: float | None, other: float | None) -> float | None:
    return max((error for error in (one, other) if error is not None), default=None)


def higher_in(change: Change) -> str:
    """Worlds in which the scenario's value is the higher one, as "62 of 100"."""
    return of_worlds(change.p_greater, change.worlds)


def same_in(change: Change) -> str:
    """Worlds in which nothing changes, as "93 of 100"."""
    return of_worlds(change.p_equal, change.worlds)


def odds_words(change: Change) -> str:
    """The odds in words: "higher in 62 of 100 worlds", with the unchanged ones if they count."""
    if change.worlds == 1:
        return "the same" if change.p_equal == 1 else "higher" if change.p_greater else "lower"
    if change.p_equal == 1:
        return "the same in every world"
    if change.p_equal < 0.01:
        return f"higher in {higher_in(change)} worlds"
    return f"higher in {higher_in(change).split()[0]}, the same in {same_in(change)} worlds"


def median_change(change: Change, places: Places) -> str:
    """The median of a paired difference, signed."""
    return signed(change.quantiles["median"], places.median)


def mean_change(change: Change, places: Places) -> str:
    """The mean of a paired difference, signed."""
    return signed(change.difference, places.mean)


def mean_interval_words(change: Change, places: Places) -> str:
    """The 95 % interval of the mean of a paired difference."""
    return interval(change.lo, change.hi, places.mean, sign=True)


def inner_words(change: Change, places: Places) -> str:
    """The middle 50 of 100 worlds of a paired difference, as "−0.02 to +0.11"."""
    return interval(change.quantiles["q25"], change.quantiles["q75"], places.inner, sign=True)


def outer_words(change: Change, places: Places) -> str:
    """The middle 90 of 100 worlds of a paired difference."""
    return interval(change.quantiles["q05"], change.quantiles["q95"], places.outer, sign=True)


def middle_words(course: Course, month: int) -> str:
    """The middle of all worlds in a month: the median, or of a hundred worlds an event's share."""
    value = course.middle[month]
    if value is not None and course.event:
        return of_100(value / 100)
    return number(value, course.places)


def end_words(digest: Digest, view: View) -> list[str]:
    """The middle in the last month of every scenario, for labels that stand beside each other.

    Rounded each by the error of its own level, lines that end apart would be told to end at the
    same number: the difference within worlds is known far better. So there are as many decimals as
    tell the ends apart, at most those of the paired differences. Where even these do not, though
    the lines are seen to part, there is no number.

    Args:
        digest: the report's numbers.
        view: the outcome.

    Returns:
        A text a scenario, "" where the line alone tells more than a number would.
    """
    ends = [course.middle[-1] for course in view.courses]
    if view.measure.event:
        told = [middle_words(course, -1) for course in view.courses]
    else:
        changes = digest.changes_of(view.measure.name).values()
        own = [course.places for course in view.courses]
        finest = max(min(own), places_of(changes).median if changes else min(own))
        for places in range(min(max(own), finest), finest + 1):
            told = [
                number(end, max(course.places, places))
                for end, course in zip(ends, view.courses, strict=True)
            ]
            if not _told_alike(told, ends, 0.0):
                break
    low, high = view.middle_scale
    alike = _told_alike(told, ends, SEEN_APART * (high - low))
    return ["" if rank in alike else text for rank, text in enumerate(told)]


def _told_alike(told: Sequence[str], ends: Sequence[float | None], least: float) -> set[int]:
    """Those whose words are another's too although their values lie further apart than `least`."""
    return {
        rank
        for i, j in combinations(range(len(told)), 2)
        if told[i] == told[j] and abs((ends[i] or 0.0) - (ends[j] or 0.0)) > least
        for rank in (i, j)
    }


def median_words(course: Course) -> str:
    """The median in the last month."""
    return number(course.final.values["median"], _level_places(course))


def level_words(course: Course, low: str, high: str) -> str:
    """An interval of worlds in the last month, as "0.05 to 0.31"."""
    values = course.final.values
    return interval(values[low], values[high], _level_places(course))


def _level_places(course: Course) -> int:
    """Decimals for the median and the intervals of worlds that stand beside it.

    One number for all, the finest that any of them bears: rounded each by its own error, an outer
    interval could look narrower than the inner one, and a median lie outside both.
    """
    values, errors = course.final.values, course.final.errors
    places = [course.places]
    for low, high in (("q25", "q75"), ("q05", "q95")):
        ends = [value for key in (low, high) if (value := values[key]) is not None]
        if ends:
            places.append(decimals(_larger(errors[low], errors[high]), *ends))
    return max(places)


def event_words(course: Course) -> str:
    """In how many worlds an event has come about by the last month; yes or no in one world."""
    if course.final.worlds == 1:
        return "yes" if course.mean else "no"
    return of_worlds(course.mean, course.final.worlds)


def event_change(change: Change) -> tuple[str, str]:
    """Change of an event's odds, in worlds of a hundred, with its 95 % interval."""
    value = signed(change.difference * 100, 0)
    low = None if change.lo is None else change.lo * 100
    high = None if change.hi is None else change.hi * 100
    return value, interval(low, high, 0, sign=True)


def comes_about(change: Change) -> str:
    """Change of an event in one world."""
    if change.p_equal == 1:
        return "no change"
    return "no → yes" if change.p_greater else "yes → no"


def untold(course: Course) -> bool:
    """Whether the sources of the spread are known so badly that a share would say nothing."""
    return course.spread.error is not None and course.spread.error >= UNTOLD


def untold_note(courses: Iterable[Course]) -> str:
    """What a dash in place of a share means; "" where none stands."""
    if not any(untold(course) for course in courses):
        return ""
    wide = f"{UNTOLD * 100:.0f} points or more"
    return f"{NOTHING}: not told, as its error is {wide}; more sets would tell it."


def unknown_words(course: Course) -> str:
    """Share of the spread that comes from what is not known, in percent, with its error."""
    spread = course.spread
    if spread.unknown is None or untold(course):
        return NOTHING
    share = "≈0" if spread.clipped else percent(spread.unknown, spread.error)
    if spread.error is None or spread.error < 0.005:
        return share
    return f"{share} ± {number(spread.error * 100, 0)}"


def marked(digest: Digest, index: int, name: str, text: str) -> str:
    """A number or a title, with the mark where another yardstick measured it."""
    return f"{text} {MARK}" if (index, name) in digest.yardsticks else text


def yardstick_note(digest: Digest, *names: str) -> str:
    """What is to be said where outcomes are shown that another yardstick measures; else ""."""
    notes = (
        yardstick_words(name, [digest.titles[i] for i in digest.weighed_otherwise(name)])
        for name in names
    )
    return " ".join(filter(None, notes))


def varied_words(digest: Digest) -> str:
    """What differs between worlds, for the head of a report."""
    draws = digest.varied.draws
    if digest.lone and digest.varied.fork_of is None:
        return f"number {digest.path_worlds[0]:,}"
    if digest.varied.fork_of is not None:
        at = month_words(digest.varied.fork_at)
        if digest.lone:
            return f"one future of world {digest.varied.fork_of:,}, its own chance from {at} on"
        return f"futures of world {digest.varied.fork_of:,}; only chance from {at} on varies"
    if digest.varied.vary == "chance":
        return "one parameter set, at the medians; only chance varies"
    sets = f"{digest.sets:,} parameter set{'' if digest.sets == 1 else 's'}"
    if digest.varied.vary == "unknown":
        given = "the same single draw" if draws == 1 else f"the same {draws:,} draws"
        return f"{sets}, all under {given} of chance"
    return f"{sets} × {draws} draws of chance"


def sources_words(digest: Digest) -> str:
    """Where differences between worlds come from."""
    if digest.varied.vary == "both":
        return "what we do not know and chance together"
    return "chance alone" if digest.varied.vary == "chance" else "what we do not know alone"


def unit_words(view: View) -> str:
    """Units of the numbers that a picture of this outcome shows."""
    if not view.measure.event:
        return view.measure.shown_units
    return "100 = yes" if view.courses[0].final.worlds == 1 else "of 100 worlds"


def label_words(view: View) -> str:
    """What an outcome is, with its units where they are not plain from the words."""
    read = view.measure
    return f"{read.label}, of 100 worlds" if read.event else measure_words(read)


def measure_words(read: Measure) -> str:
    """The same of an outcome that is a number in each world."""
    plain = read.shown_units.startswith("payoff") or (read.scale == 1 and read.high == 1)
    return read.label if plain else f"{read.label}, {read.shown_units}"
