"""Section 8, why: for each scenario the choice that parts most, and the payoff terms behind it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from sim.analysis.history import OtherWorldError
from sim.analysis.parted_choices import Parting
from sim.analysis.why import LEAST, Mean, Reason, Told, Waterfall, Why, why
from sim.kernel import Engine
from sim.report.aggregates import Digest, View
from sim.report.deeds import actor_words, deed, lever_words, words
from sim.report.labels import month_words
from sim.report.markup import Markup, el
from sim.report.numbers import NOTHING, listed, number, of_100, of_worlds, signed
from sim.report.pieces import Part, chart, featured, panel, scenario_heading, section
from sim.report.tables import Row, folded, group_row, table
from sim.report.theme import BASELINE, Json
from sim.report.waterfall import SMALL, Bar, decimals_of, interval_words, values_of, waterfalls

if TYPE_CHECKING:
    from sim.analysis.compare import Comparison

NAME: Final = "why"
NAMED: Final = 3
"""Payoff terms named in a sentence, at most."""
LEVERS: Final = 6
"""Levers listed for each scenario."""


def reasons(
    comparison: "Comparison", digest: Digest, lead: str, engine: Engine = "numpy"
) -> Part | None:
    """The section; None where a scenario is not known.

    Args:
        comparison: what was run.
        digest: the report's numbers.
        lead: outcome that the report leads with.
        engine: what steps worlds again.
    """
    known = comparison.scenarios
    if digest.single or not known or any(one is None for one in known):
        return None
    shown = [i for i in featured(digest, lead)[0] if i != digest.baseline]
    view = digest.views[lead]
    last = {i: at for i in shown if (at := furthest(view, i)) is not None}
    try:
        found = why(comparison, shown, last, engine)
    except OtherWorldError as error:
        note = el("p", f"No reasons can be told: {error}.", class_="note")
        return Part(NAME, "Why", section(NAME, "Why", note))
    return told(found, digest)


def furthest(view: View, index: int) -> int | None:
    """Month in which an outcome lies furthest apart; None where it is not told to part."""
    gap = view.gaps.get(index)
    if gap is None or gap.parted is None:
        return None
    sizes = [0.0 if mean is None else abs(mean) for mean in gap.mean]
    return sizes.index(max(sizes))


def told(found: Why, digest: Digest) -> Part:
    """The section, from reasons that are known."""
    charts: dict[str, Json] = {}
    blocks = [_block(found, digest, i, charts) for i in found.told]
    explained = _explained(found)
    content = section(
        NAME,
        "Why",
        el("p", _caption(digest), class_="caption") if explained else None,
        blocks,
        el("p", _how(found, digest), class_="note"),
        folded("Table: the numbers of these pictures", _numbers(found, digest))
        if explained
        else None,
        folded("Table: the levers whose choices part most", _levers(found, digest)),
    )
    return Part(NAME, "Why", content, charts)


def _caption(digest: Digest) -> str:
    return (
        "For each scenario the choice that parts most. The level of it that gains is held against "
        "the one that loses: how much more it is worth to its actor in the baseline, what each "
        "payoff term adds to that here or takes away, and how much more it is worth here, in units "
        "of the actor’s scale. Right of zero the level that gains is the better one. Steps add up, "
        "but for rounding. Whiskers: 95 % interval of the mean over the worlds stepped again."
    )


def _how(found: Why, digest: Digest) -> str:
    """How the choices were found, and what was stepped again for them."""
    looked = _worlds(found.looked, "the first " if found.looked < digest.worlds else "")
    left = len(digest.others) - len(found.told)
    text = (
        f"How it was found. Of every lever it is counted in how many of {looked} another level is "
        "chosen on balance, up to the month in which the headline outcome lies furthest from the "
        "baseline’s; levers that a scenario holds do not count. The one that parts most in some "
        "month is looked at in the month in which it parts fastest: later, worlds stand where they "
        "turned to."
    )
    if _explained(found):
        first, last = found.again.start, found.again.stop - 1
        text += (
            f" Worlds {first:,} to {last:,} of each scenario were stepped again up to there, and "
            "every option weighed exactly; the mean is over those in which both levels were open "
            "in both scenarios. The single world is, of those in which the choice went from the "
            "one level to the other, the one most like all worlds; where it went so in none, of "
            "those in which both were open."
        )
    return text + (f" {left} more scenarios are left out here." if left else "")


def _explained(found: Why) -> bool:
    return any(one.reason is not None for one in found.told.values())


def _worlds(count: int, before: str = "") -> str:
    return "one world" if count == 1 else f"{before}{count:,} worlds"


def _block(found: Why, digest: Digest, index: int, charts: dict[str, Json]) -> Markup:
    """One scenario."""
    one = found.told[index]
    heading = el("h3", scenario_heading(digest, index))
    if one.reason is None:
        return el("div", heading, el("p", _nothing(found, one), class_="note"))
    reason = one.reason
    both = _both(digest, index, reason)
    ends = tuple(f"{_quoted(level)} better" for level in (reason.parting.lost, _gained(reason)))
    titles = f"Mean of {_worlds(reason.worlds)}", _world_words(reason)
    panels = []
    pictures = waterfalls(both, (ends[0], ends[1]))
    for kind, bars, title, picture in zip(("mean", "world"), both, titles, pictures, strict=True):
        slot = f"{NAME}-{kind}:{index}"
        alt = _alt(digest, index, reason, bars, title)
        what = f"{_lever(reason.parting)}, {month_words(str(reason.month))}"
        saved = f"{what}: {digest.titles[index]} against the baseline. {title}"
        charts[slot] = {"chart": picture, "alt": alt, "title": saved}
        panels.append(panel(title, chart(slot, alt, picture["layout"]["height"])))
    return el(
        "div",
        heading,
        el("p", _sentence(digest, one, reason, decimals_of(both[0])), class_="reason"),
        el("div", panels, class_="grid wide"),
    )


def _nothing(found: Why, one: Told) -> str:
    first = next(iter(one.partings), None)
    if first is None or first.largest < LEAST:
        return "No lever parts by as much as one choice in 100: nobody acts otherwise."
    return (
        f"{_lever(first)} parts most, by {of_100(first.largest)} choices of 100, which "
        f"cannot be told from chance by {_worlds(found.looked)}."
    )


def _sentence(digest: Digest, one: Told, reason: Reason, places: int) -> str:
    """What parts, when, and what makes it pay, with the decimals of the picture beneath it."""
    parting, month = reason.parting, month_words(str(reason.month))
    actor, lever = parting.choice
    peak = month_words(digest.months[parting.peak])
    when = "and fastest, in" if parting.peak == parting.month else "in"
    fastest = "There" if parting.peak == parting.month else f"It parts fastest in {month}: there"
    (had, has), (lost, keeps) = (
        [of_worlds(share, parting.worlds) for share in parting.shares[level]]
        for level in (parting.gained, parting.lost)
    )
    steps = reason.mean.steps
    ranked = sorted(steps.items(), key=lambda item: -abs(item[1].value))
    named = [
        f"{_term(name)} {signed(mean.value, places)}"
        for name, mean in ranked[:NAMED]
        if abs(mean.value) >= SMALL
    ]
    here, start = (signed(one.value, places) for one in (reason.mean.after, reason.mean.before))
    before, after = reason.serves
    whose = f" (whose payoff {actor_words(actor)} weighs here)" if after != actor else ""
    whose_there = "" if before == after else f" to {actor_words(before)}"
    made = f" Most of the change: {listed(named)}." if named else ""
    return (
        f"{_lever(parting)} parts most, {when} {peak}: {of_100(parting.largest)} choices of 100 "
        f"are others. {fastest} {deed(actor, lever, parting.gained)} in {has} worlds, in the "
        f"baseline in {had}; {_quoted(parting.lost)} is chosen in {keeps} instead of {lost}. Held "
        f"against {_quoted(parting.lost)}, {_quoted(parting.gained)} is worth {here} to "
        f"{actor_words(after)}{whose}, in the baseline {start}{whose_there}.{made}"
    )


def _world_words(reason: Reason) -> str:
    one = reason.example
    before, after = (_quoted(level) for level in one.chosen)
    if before == after:
        return f"World {one.world:,}: {before} in both"
    return f"World {one.world:,}: {before} in the baseline, {after} here"


def _alt(digest: Digest, index: int, reason: Reason, bars: Sequence[Bar], title: str) -> str:
    parting = reason.parting
    told_ = zip(bars, values_of(bars), strict=True)
    parts = "; ".join(f"{bar.label} {value}" for bar, value in told_)
    return (
        f"{digest.titles[index]}, {_lever(parting)} in {month_words(str(reason.month))}, "
        f"how much more {_quoted(parting.gained)} is worth than {_quoted(parting.lost)}. "
        f"{title}: {parts}."
    )


def _sizes(falls: Sequence[Waterfall]) -> tuple[list[str], list[str]]:
    """Steps that have a bar, largest mean first, and those that are too small in all pictures.

    What is exactly nothing in all of them is left out.
    """
    ranked = sorted(falls[0].steps, key=lambda name: -abs(falls[0].steps[name].value))
    ranked = [name for name in ranked if any(fall.steps[name].value for fall in falls)]
    small = [n for n in ranked if all(abs(fall.steps[n].value) < SMALL for fall in falls)]
    if len(small) < 2:
        small = []
    return [name for name in ranked if name not in small], small


def _both(digest: Digest, index: int, reason: Reason) -> tuple[list[Bar], list[Bar]]:
    """Rows of the mean and of the world."""
    falls = reason.mean, reason.example.waterfall
    kept, small = _sizes(falls)
    left, right = (_bars(fall, kept, small, digest.looks[index].hue) for fall in falls)
    return left, right


def _bars(fall: Waterfall, kept: Sequence[str], small: Sequence[str], hue: str) -> list[Bar]:
    """A level, the steps, a level."""
    bars = [Bar("in the baseline", fall.before, BASELINE)]
    bars += [Bar(_term(name), fall.steps[name]) for name in kept]
    if small:
        bars.append(Bar(f"{len(small)} smaller terms", _together([fall.steps[n] for n in small])))
    return [*bars, Bar("here", fall.after, hue)]


def _together(means: Sequence[Mean]) -> Mean:
    """A sum of steps; its error is at most the sum of theirs."""
    errors = [mean.error for mean in means if mean.error is not None]
    halves = [mean.half for mean in means if mean.half is not None]
    total = sum(mean.value for mean in means)
    return Mean(total, sum(errors) if errors else None, sum(halves) if halves else None)


def _numbers(found: Why, digest: Digest) -> Markup:
    """Every number of the pictures."""
    head = ["Part", "Mean", "95 % interval", "One world"]
    body: list[Row] = []
    for i, one in found.told.items():
        if one.reason is None:
            continue
        body.append(group_row(scenario_heading(digest, i), len(head)))
        left, right = _both(digest, i, one.reason)
        places = decimals_of(left)
        for bar, mean, world in zip(left, values_of(left), values_of(right), strict=True):
            body.append([bar.label, mean, interval_words(bar.mean, places), world])
    caption = "How much more the level that gains is worth than the one that loses, actor’s scale"
    return table(caption, head, body)


def _levers(found: Why, digest: Digest) -> Markup:
    """The levers among which the one that is explained was picked."""
    head = ["Lever", "Others, of 100", "most in", "on average", "fastest in", "gains", "loses"]
    body: list[Row] = []
    for i, one in found.told.items():
        body.append(group_row(scenario_heading(digest, i), len(head)))
        shown = [parting for parting in one.partings if parting.largest >= LEAST][:LEVERS]
        body += [_lever_row(digest, parting) for parting in shown]
        if not shown:
            body.append(["none parts", *[NOTHING] * (len(head) - 1)])
    caption = (
        "Choices of 100 that are others than in the baseline, on balance; what gains and loses in "
        "the month in which it parts fastest, with the 95 % interval of the gain"
    )
    return table(caption, head, body)


def _lever_row(digest: Digest, one: Parting) -> Row:
    (low, high), (top, bottom) = (one.shares[level] for level in (one.gained, one.lost))
    half = "" if one.half is None else f" ± {number(100 * one.half, 0)}"
    return [
        _lever(one),
        of_100(one.largest),
        month_words(digest.months[one.peak], full=False),
        of_100(one.average),
        month_words(digest.months[one.month], full=False),
        f"{words(one.gained)} {of_100(low)} to {of_100(high)}{half}",
        f"{words(one.lost)} {of_100(top)} to {of_100(bottom)}",
    ]


def _lever(one: Parting) -> str:
    actor, lever = one.choice
    return f"{actor_words(actor)}’s {lever_words(lever)}"


def _term(name: str) -> str:
    """A payoff term in words, with whose it is where two payoffs are weighed."""
    whose, dot, term = name.rpartition(".")
    return f"{actor_words(whose)}’s {words(term)}" if dot else words(term)


def _gained(reason: Reason) -> str:
    return reason.parting.gained


def _quoted(level: str) -> str:
    return f"“{words(level)}”"
