"""Words first: the question, the answer with its interval, the caveat; and words for pictures."""

from collections.abc import Sequence

from sim.analysis.compare import When
from sim.analysis.differences import Change
from sim.analysis.outcomes import STATUS
from sim.analysis.spread import FEWEST_SETS, too_few
from sim.analysis.yardsticks import SHORT
from sim.report.aggregates import Digest, View
from sim.report.labels import month_words
from sim.report.numbers import listed, number, of_worlds
from sim.report.phrases import (
    Places,
    event_words,
    inner_words,
    level_words,
    mean_change,
    mean_interval_words,
    median_change,
    median_words,
    middle_words,
    odds_words,
    outer_words,
    places_beside,
    places_of,
    sources_words,
    unknown_words,
    untold,
)

NOT_A_FORECAST = "A model’s output, not a forecast."


def lower_first(label: str) -> str:
    """A label inside a sentence: names keep their capital, other words lose it."""
    kept = ("Belarus", "Russia", "Ukraine", "NATO", "Western")
    return label if label.startswith(kept) else label[:1].lower() + label[1:]


def opening(digest: Digest, view: View, questions: Sequence[str]) -> tuple[str, str, str]:
    """The three sentences on top of a report.

    Args:
        digest: the report's numbers.
        view: the outcome that the report leads with.
        questions: each scenario's own question, "" where it has none.

    Returns:
        Question, answer with interval, caveat. Each is made from the same numbers as the pictures.
    """
    if digest.single:
        return (
            questions[0] or f"Where does “{digest.titles[0]}” lead?",
            _single_answer(digest, view),
            _caveat(digest, view, None),
        )
    label = lower_first(view.measure.label)
    base = digest.titles[digest.baseline]
    changes = digest.changes_of(view.measure.name)
    other = [i for i in digest.weighed_otherwise(view.measure.name) if i in changes]
    if len(digest.others) <= 3:
        who = listed([f"“{digest.titles[i]}”" for i in digest.others])
        change = "changes" if len(digest.others) == 1 else "change"
        verb = "does" if change == "changes" else "do"
        question = f"Against “{base}”, how {verb} {who} change {label}?"
        answer = _short_answer(digest, view, changes, other)
    else:
        question = f"Against “{base}”, how do {len(digest.others)} other scenarios change {label}?"
        answer = _long_answer(digest, changes, other)
    return question, answer, _caveat(digest, view, changes)


def verdict(change: Change) -> str:
    """Which way a mean goes: "higher", "lower", "the same", "unclear" or "untold"."""
    if change.p_equal == 1:
        return "the same"
    if change.lo is None or change.hi is None:
        return "untold"
    if change.lo > 0:
        return "higher"
    return "lower" if change.hi < 0 else "unclear"


def _short_answer(
    digest: Digest, view: View, changes: dict[int, Change], other: Sequence[int]
) -> str:
    last = month_words(digest.months[-1])
    if not changes:
        return f"No world has a value for it in {last}."
    held = {i: change for i, change in changes.items() if i not in other}
    shared = places_of(held.values())
    parts = [
        _clause(digest.titles[i], change, shared) if i in held else _not_held(digest.titles[i])
        for i, change in changes.items()
    ]
    base = median_words(view.courses[digest.baseline]) + _units(view)
    middle = "" if digest.lone else "a median of "
    return f"In {last}, against {middle}{base}, {'; '.join(parts)}."


def _not_held(title: str) -> str:
    """Of a scenario whose payoff is in another unit: neither gain nor loss."""
    return f"“{title}” cannot be held against it ({SHORT})"


def _clause(title: str, change: Change, shared: Places) -> str:
    # the digits of the column, and more where a larger change beside it would hide this one
    places = places_beside(change, shared)
    size = mean_change(change, places)
    bounds = mean_interval_words(change, places)
    # a mean far from its median speaks of few worlds: the two stand side by side
    odds = f"median {_middle(change, places)}; {odds_words(change)}"
    match verdict(change):
        case "the same" if change.worlds == 1:
            return f"“{title}” leaves it exactly as it is"
        case _ if change.worlds == 1:
            return f"“{title}” moves it by {size}"
        case "the same":
            return f"“{title}” leaves it exactly as it is in every world"
        case "untold":
            few = "with too few worlds for an interval"
            return f"“{title}” moves it by {size} on average, {few} ({odds})"
        case "unclear":
            found = f"{size} on average, 95 % interval {bounds}; {odds}"
            return f"“{title}” makes no clear difference ({found})"
        case way:
            size = number(abs(change.difference), places.mean)
            return f"it is {size} {way} on average in “{title}” (95 % interval {bounds}; {odds})"


def _middle(change: Change, places: Places) -> str:
    """The median of a change, in words where no digit that is known would show it."""
    told = median_change(change, places)
    return "near 0" if "<" in told else told


def _long_answer(digest: Digest, changes: dict[int, Change], other: Sequence[int]) -> str:
    left_out = listed([f"“{digest.titles[i]}”" for i in other])
    aside = f" Left out: {left_out} ({SHORT})." if other else ""
    changes = {i: change for i, change in changes.items() if i not in other}
    if not changes:
        return f"No scenario can be held against the baseline.{aside}"
    ways = [odds_words(change) if digest.lone else verdict(change) for change in changes.values()]
    counts = [
        (ways.count("higher"), "raises", "raise", "it"),
        (ways.count("lower"), "lowers", "lower", "it"),
        (ways.count("unclear") + ways.count("untold"), "makes", "make", "no clear difference"),
        (ways.count("the same"), "leaves", "leave", "it exactly as it is"),
    ]
    said = listed([f"{n} {one if n == 1 else many} {rest}" for n, one, many, rest in counts if n])
    last = month_words(digest.months[-1])
    largest = max(changes, key=lambda i: abs(changes[i].difference))
    change, places = changes[largest], places_of(changes.values())
    if digest.lone:
        title, size = digest.titles[largest], mean_change(change, places)
        return f"By {last} {said}; the largest change is “{title}” with {size}.{aside}"
    return (
        f"By {last}, on average over worlds, {said}; the largest change is "
        f"“{digest.titles[largest]}” with {mean_change(change, places)} "
        f"(95 % interval {mean_interval_words(change, places)}; "
        f"median {_middle(change, places)}; {odds_words(change)}).{aside}"
    )


def _single_answer(digest: Digest, view: View) -> str:
    course = view.courses[0]
    last = month_words(digest.months[-1])
    label = lower_first(view.measure.label)
    most = max(digest.ends[0], key=lambda end: end.share)
    ending = (
        STATUS.get(most.flag, most.flag)
        .lower()
        .replace("russian", "Russian")
        .replace("ukrainian", "Ukrainian")
    )
    if digest.lone:
        return (
            f"In {last}, {label} stands at {median_words(course)}{_units(view)}; the state of the "
            f"war is “{ending}”."
        )
    return (
        f"In {last}, {label} stands at {median_words(course)}{_units(view)} in the median world "
        f"({level_words(course, 'q05', 'q95')} in 90 of 100 worlds); the commonest state of the "
        f"war is “{ending}”, in {of_worlds(most.share, digest.worlds)} worlds."
    )


def _units(view: View) -> str:
    """Units after a number, where the words of the outcome do not hold them."""
    return f" {view.measure.shown_units}" if view.measure.scale != 1 else ""


def _caveat(digest: Digest, view: View, changes: dict[int, Change] | None) -> str:
    said = _limits(digest, view, changes)
    return f"{view.measure.reading} {said}" if view.measure.reading else said


def _limits(digest: Digest, view: View, changes: dict[int, Change] | None) -> str:
    if digest.lone:
        if digest.varied.fork_of is not None:
            more = "--futures 100 follows a hundred"
            return f"One future cannot tell how much of this is chance; {more}."
        return "One world cannot tell how much of this is chance: run at least 100."
    if digest.sets < FEWEST_SETS:
        return too_few(digest.worlds, 100)
    source = _source_of_spread(digest, view)
    if changes is None:
        left_out = "what the model leaves out is in no interval"
        return f"{source[:1].upper()}{source[1:]}; {left_out}." if source else f"W{left_out[1:]}."
    exact = "The interval tells how exactly the model was computed, not how far it can be trusted"
    return f"{exact}; {source}." if source else f"{exact}."


def _source_of_spread(digest: Digest, view: View) -> str:
    if digest.varied.vary != "both":
        return f"worlds differ by {sources_words(digest)}"
    spread = view.courses[digest.baseline].spread
    if spread.unknown is None:
        return ""
    where = "" if digest.single else f" in “{digest.titles[digest.baseline]}”"
    if untold(view.courses[digest.baseline]):
        return (
            f"these are too few sets to tell how much of the spread between worlds{where} comes "
            "from what we do not know and how much from chance"
        )
    if spread.clipped:
        return f"all of the spread between worlds{where} that can be told apart comes from chance"
    share = unknown_words(view.courses[digest.baseline])
    return (
        f"{share} % of the spread between worlds{where} comes from what we do not know, "
        "the rest from chance"
    )


def alt_forest(digest: Digest, view: View, when: When) -> str:
    """What a forest shows, for those who do not see it."""
    changes = digest.changes_of(view.measure.name, when)
    shared = places_of(changes.values())
    places = {i: places_beside(change, shared) for i, change in changes.items()}
    other = digest.weighed_otherwise(view.measure.name)
    parts = [
        f"{digest.titles[i]}{f' ({SHORT})' if i in other else ''}: {_told(change, places[i])}"
        for i, change in changes.items()
    ]
    span = "in the last month" if when == "final" else "mean over all months"
    base = digest.titles[digest.baseline]
    return f"{view.measure.label}, change from {base}, {span}. " + "; ".join(parts) + "."


def _told(change: Change, places: Places) -> str:
    """A paired difference, its spread and its odds."""
    if change.worlds == 1:
        return mean_change(change, places)
    return (
        f"median {median_change(change, places)}, 50 of 100 worlds {inner_words(change, places)}, "
        f"90 of 100 {outer_words(change, places)}, {odds_words(change)}"
    )


def alt_medians(digest: Digest, view: View) -> str:
    """What the overlaid medians show."""
    parts = []
    for title, course in zip(digest.titles, view.courses, strict=True):
        parts.append(f"{title} from {middle_words(course, 0)} to {middle_words(course, -1)}")
    kind = "share of 100 worlds" if view.measure.event else "median world"
    kind = "the one world" if digest.lone else kind
    span = f"{month_words(digest.months[0])} to {month_words(digest.months[-1])}"
    return f"{view.measure.label}, {kind}, {span}: " + "; ".join(parts) + "."


def alt_fan(digest: Digest, view: View, index: int) -> str:
    """What a fan shows."""
    course, title = view.courses[index], digest.titles[index]
    last = month_words(digest.months[-1])
    if view.measure.event:
        odds = event_words(course)
        came = f": {odds}, by {last}" if digest.lone else f" in {odds} worlds by {last}"
        return f"{title}: {view.measure.label}{came}."
    if digest.lone:
        return f"{title}: {view.measure.label} in {last}: {median_words(course)}."
    return (
        f"{title}: {view.measure.label} in {last}: median {median_words(course)}, 50 of 100 worlds "
        f"{level_words(course, 'q25', 'q75')}, 90 of 100 {level_words(course, 'q05', 'q95')}."
    )


def alt_ends(digest: Digest, index: int) -> str:
    """What a picture of end states shows."""
    parts = [
        STATUS.get(end.flag, end.flag)
        + ("" if digest.lone else f" {of_worlds(end.share, digest.worlds)}")
        for end in digest.ends[index]
        if end.share or not digest.lone
    ]
    last = month_words(digest.months[-1])
    return f"{digest.titles[index]}, state of the war in {last}: " + ", ".join(parts) + "."
