"""From worlds to what the right side shows: the report's sentence, forest, fans and tables.

While worlds come in, fans show what there is of each scenario; what is told of differences waits
until every scenario has all its months.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.analysis.compare import Comparison, When, pair
from sim.analysis.outcomes import HEADLINE, measure, outcome
from sim.analysis.spread import sets_of, varied
from sim.analysis.yardsticks import yardsticks_of
from sim.explorer.between import mixed
from sim.explorer.runs import Datasets, Snapshot
from sim.explorer.state import Setting
from sim.explorer.state import View as Shown
from sim.report import pieces, tables
from sim.report.aggregates import Course, Digest, View, course, ends, scaled
from sim.report.figures import complete, fan
from sim.report.labels import month_words
from sim.report.markup import Content, Markup, el, render
from sim.report.numbers import listed
from sim.report.odds import end_states, fifty_dots, forest
from sim.report.phrases import event_words, unit_words, varied_words
from sim.report.sentences import (
    NOT_A_FORECAST,
    alt_ends,
    alt_fan,
    alt_forest,
    lower_first,
    opening,
)
from sim.report.theme import BASELINE, HUES, SYMBOLS, Json, Look

if TYPE_CHECKING:
    import xarray as xr

    from sim.scenario import Scenario

MINE: Final = HUES[0]


@dataclass(frozen=True)
class Side:
    """One scenario of the page.

    Attributes:
        setting: what it is.
        scenario: what it amounts to.
        look: how it is drawn; it stays with the place in the view, whatever else is shown.
        snapshot: what there is of its worlds.
        mine: whether the levers move it.
        other: worlds of a second setting, where this one is between the two.
        weight: how much of that one.
    """

    setting: Setting
    scenario: Scenario
    look: Look
    snapshot: Snapshot | None
    mine: bool = False
    other: Snapshot | None = None
    weight: float = 0.0

    @property
    def whole(self) -> bool:
        """Whether every month is there of the setting itself."""
        there = self.snapshot is not None and self.snapshot.months == self.scenario.months
        return there and self.other is None


def looks(shown: Shown) -> tuple[Look, ...]:
    """A look for each of a view's settings. The first hue is the levers', moved or not."""
    first = Look(BASELINE, "dash", "circle")
    mine = [Look(MINE, "solid", SYMBOLS[0])] if shown.own else []
    rest = [Look(HUES[k], "solid", SYMBOLS[k]) for k in range(1, len(shown.compared) + 1)]
    return (first, *mine, *rest)


@dataclass(frozen=True)
class Numbers:
    """What is told and drawn of the scenarios at one moment.

    Attributes:
        comparison: the scenarios cut to what all of them have.
        digest: of the comparison, with the outcomes asked for.
        drawn: the same with every scenario's own worlds and months in its courses.
        whole: whether all have all their months, so that differences can be told.
    """

    comparison: Comparison
    digest: Digest
    drawn: Digest
    whole: bool


def numbers(sides: Sequence[Side], outcomes: Sequence[str], datasets: Datasets) -> Numbers:
    """Reduce worlds to numbers.

    Args:
        sides: those with a snapshot, the baseline first.
        outcomes: dotted names.
        datasets: where datasets are kept.
    """
    found = [datasets.of(s.snapshot, s.scenario) for s in sides if s.snapshot is not None]
    comparison = pair(found, [side.scenario for side in sides], 0)
    whole = all(side.whole for side in sides)
    longest = max(sides, key=lambda side: side.scenario.months).scenario
    months = tuple(f"{longest.start + k}-01" for k in range(longest.months))
    views = {name: _view(sides, name, len(months), datasets) for name in outcomes}
    known = {name: view for name, view in views.items() if view is not None}
    spans: tuple[When, ...] = ("final", "mean")
    changes = {
        (i, name, when): scaled(change, view.measure.scale)
        for name, view in known.items()
        for i in comparison.others
        for when in spans
        if whole and (change := comparison.change(i, name, when)) is not None
    }
    cut = comparison.datasets[0]
    digest = Digest(
        titles=comparison.titles,
        names=comparison.names,
        looks=tuple(side.look for side in sides),
        baseline=0,
        months=tuple(str(month)[:10] for month in cut["month"].values),
        worlds=cut.sizes["world"],
        sets=int(np.unique(comparison.sets).size),
        varied=comparison.varied,
        views=known,
        changes=changes,
        ends=tuple(ends(ds, sets_of(ds)) for ds in found),
        path_worlds=(),
        moves=tuple({} for _ in found),
        deals=tuple({} for _ in found),
        notes=comparison.notes,
        yardsticks=yardsticks_of(comparison),
    )
    return Numbers(comparison, digest, replace(digest, months=months), whole)


def _view(sides: Sequence[Side], name: str, months: int, datasets: Datasets) -> View | None:
    """One outcome, every scenario with its own worlds, its lines as long as the axis."""
    read = measure(name)
    courses = []
    for side in sides:
        if side.snapshot is None:
            continue
        one = _course(side.snapshot, name, months, datasets)
        if side.other is not None:
            one = mixed(one, _course(side.other, name, months, datasets), side.weight)
        courses.append(one)
    if all(one.final.worlds == 0 for one in courses):
        return None
    lines = [line for one in courses for line in one.lines.values()]
    values = [value for line in lines for value in line if value is not None]
    low, high = min(values), max(values)
    least = None if read.low is None else read.low * read.scale
    most = None if read.high is None else read.high * read.scale
    if read.event:
        low, high, least, most = 0.0, max(10.0, high), 0.0, 100.0
    room = 0.06 * (high - low) or abs(low) / 2 or 0.5
    low, high = low - room, high + room
    if least is not None and low < least + 0.25 * (high - least):
        low = least
    scale = (low, high if most is None else min(high, most))
    return View(read, tuple(courses), scale, scale, scale)


def _course(snapshot: Snapshot, name: str, months: int, datasets: Datasets) -> Course:
    read = measure(name)

    def reduce(ds: xr.Dataset) -> Course:
        values = outcome(ds, name).values.T * read.scale
        nobody = np.zeros(0, dtype=np.int64)
        return course(values, sets_of(ds), nobody, event=read.event, vary=varied(ds).vary)

    one = datasets.reduced(snapshot, name, reduce)
    short = [None] * (months - snapshot.months)
    return replace(one, lines={key: [*line, *short] for key, line in one.lines.items()})


def words(shown: Shown, sides: Sequence[Side], now: Numbers) -> dict[str, Any]:
    """Title, question, answer and caveat above the pictures."""
    digest = _told_once(sides, now.digest)
    view = digest.views.get(shown.outcome)
    if view is None:
        label = measure(shown.outcome).label
        return {
            "question": label,
            "answer": "No world has a value for it.",
            "caveat": "",
            "facts": "",
        }
    questions = [side.scenario.question for side in sides]
    question, answer, caveat = opening(digest, view, questions)
    if not digest.single and view.measure.event:
        question, answer = _of_an_event(digest, view)
    first = sides[0].snapshot
    seed = "" if first is None else f", seed {first.work.seed}"
    facts = f"{now.digest.worlds:,} worlds a scenario, {varied_words(now.digest)}{seed}"
    caveat = f"{caveat} {NOT_A_FORECAST}"
    return {"question": question, "answer": answer, "caveat": caveat, "facts": f"{facts}."}


def _told_once(sides: Sequence[Side], digest: Digest) -> Digest:
    """The same without scenarios whose worlds are another's, as a pinned setting's are at first."""
    keys = [side.snapshot.work.key for side in sides if side.snapshot is not None]
    kept = [i for i, key in enumerate(keys) if key not in keys[:i]]
    if len(kept) in (1, len(keys)):  # a scenario beside a copy of itself has that to be told
        return digest
    return replace(
        digest,
        titles=tuple(digest.titles[i] for i in kept),
        views={
            name: replace(view, courses=tuple(view.courses[i] for i in kept))
            for name, view in digest.views.items()
        },
        changes={
            (kept.index(i), name, when): change
            for (i, name, when), change in digest.changes.items()
            if i in kept
        },
    )


def _of_an_event(digest: Digest, view: View) -> tuple[str, str]:
    """Question and answer where an outcome comes about in a world or does not."""
    counts = [
        f"{event_words(course)} in “{title}”"
        for title, course in zip(digest.titles, view.courses, strict=True)
    ]
    what = lower_first(view.measure.label)
    last = month_words(digest.months[-1])
    return f"How often does it come about: {what}?", f"Worlds by {last}: {listed(counts)}."


def differences(shown: Shown, now: Numbers) -> dict[str, Any]:
    """The forest of paired differences, or a table of odds where the outcome is an event."""
    digest = now.digest
    view = digest.views.get(shown.outcome)
    if digest.single or view is None:
        return {"chart": None, "html": _nothing_to_compare() if digest.single else ""}
    if view.measure.event:
        only = replace(digest, ends=(), views={shown.outcome: view})
        return {"chart": None, "html": tables.odds(only)}
    head = f"Change from “{digest.titles[0]}” within each world, {unit_words(view)}"
    return {
        "chart": chart(_shorter(forest(digest, view, "final")), digest.months),
        "alt": alt_forest(digest, view, "final"),
        "words": f"{head}, {month_words(digest.months[-1])}",
        "html": tables.yardsticks(digest, shown.outcome),
    }


def _shorter(one: Json) -> Json:
    """A forest whose lines of words fit a telephone, whatever the number of digits."""
    for note in one["narrow"]["annotations"]:
        if "font" in note:
            note["text"] = note["text"].replace("the same", "same").removesuffix(" worlds")
    return one


def _nothing_to_compare() -> Markup:
    return el(
        "p",
        "Nothing differs from the baseline yet. Move a lever, switch a claim, add a shock, or "
        "compare with another scenario.",
        class_="note",
    )


def fans(shown: Shown, sides: Sequence[Side], now: Numbers, ghost: Course | None) -> dict[str, Any]:
    """One fan a scenario over time, the setting's with its state before as a ghost."""
    digest = now.drawn
    view = digest.views.get(shown.outcome)
    if view is None:
        return {"fans": [], "caption": ""}
    several = replace(digest, titles=digest.titles) if not digest.single else digest
    drawn = []
    for i, side in enumerate(sides):
        one = fan(several, view, i)
        one["data"] = [trace for trace in one["data"] if trace["meta"] != "paths"]
        if side.mine and ghost is not None:
            one["data"].insert(-1, _ghost(ghost, side.look, len(digest.months)))
        one["layout"] |= {"hovermode": "x", "height": 236}
        for layout in (one["layout"], one.get("narrow", {})):
            if "xaxis" in layout:
                layout["xaxis"] = {**layout["xaxis"], "hoverformat": "%b %Y"}
        if shown.month and f"{shown.month}-01" in digest.months:
            one["layout"]["shapes"] = [_month_mark(f"{shown.month}-01")]
        drawn.append(
            {
                "chart": chart(one, digest.months),
                "alt": alt_fan(now.digest, view, i),
                "heading": render(heading(digest, i, side.mine)),
                "mine": side.mine,
            }
        )
    ghostly = " Dotted: the setting before its last change." if ghost is not None else ""
    return {
        "fans": drawn,
        "caption": pieces.band_words(digest, view)["bands"] + ghostly,
        "label": f"{view.measure.label}, {unit_words(view)}",
    }


def heading(digest: Digest, index: int, mine: bool) -> Content:
    """A scenario's swatch and title, and what it is to the page."""
    tag = "baseline" if index == 0 else "your setting" if mine else ""
    label: list[Content] = [pieces.scenario_heading(digest, index)]
    if tag:
        label.append(el("span", tag, class_="tag"))
    return label


def _ghost(before: Course, look: Look, months: int) -> Json:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": "$months",
        "y": [None if value is None else round(value, 6) for value in before.middle[:months]],
        "line": {"color": look.hue, "width": 1.6, "dash": "dot"},
        "opacity": 0.75,
        "hoverinfo": "skip",
        "meta": "before",
    }


def _month_mark(month: str) -> Json:
    return {
        **{"type": "line", "x0": month, "x1": month, "y0": 0, "y1": 1, "yref": "paper"},
        "line": {"width": 1.2, "dash": "2px 2px"},
        "layer": "below",
    }


def ghost_course(snapshot: Snapshot | None, name: str, datasets: Datasets) -> Course | None:
    """The middle of the setting before, if its worlds are still there."""
    if snapshot is None:
        return None
    return _course(snapshot, name, snapshot.months, datasets)


def worlds(shown: Shown, sides: Sequence[Side], now: Numbers) -> dict[str, Any]:
    """How the war stands in the last month, and the outcome's values as dots."""
    digest = now.drawn
    view = digest.views.get(shown.outcome)
    states, dots = [], []
    for i, side in enumerate(sides):
        head = render(heading(digest, i, side.mine))
        states.append(
            {
                "chart": chart(end_states(digest, i), digest.months),
                "alt": alt_ends(digest, i),
                "heading": head,
            }
        )
        if view is not None and not view.measure.event:
            dots.append(
                {
                    "chart": chart(fifty_dots(digest, view, i), digest.months),
                    "alt": alt_fan(digest, view, i),
                    "heading": head,
                }
            )
    return {"ends": states, "dots": dots}


def table(now: Numbers, inputs: Sequence[tuple[Content, Sequence[str]]]) -> Markup:
    """Every number behind the pictures."""
    digest = now.digest
    if digest.single:
        return render([tables.levels(digest), tables.odds(digest)])
    return render(
        [
            tables.inputs(inputs, digest) if inputs else None,
            tables.heat(digest),
            tables.odds(digest),
            tables.folded("Every paired difference", tables.paired(digest, "final")),
            tables.folded("Levels in the last month", tables.levels(digest)),
        ]
    )


def asked(shown: Shown) -> tuple[str, ...]:
    """Outcomes that a view needs."""
    return HEADLINE if shown.tab == "table" else (shown.outcome,)


def chart(one: Json, months: Sequence[str]) -> Json:
    """A chart with its dates filled in, and what changes where it is narrow."""
    papers = [trace.get("marker", {}).get("color") for trace in one["data"]]
    done = complete(one, tuple(months))
    for trace, paper in zip(done["data"], papers, strict=True):
        if paper == "$paper":  # the page knows whether it is light or dark
            trace["marker"] = {**trace["marker"], "color": paper}
    return {**done, "narrow": one.get("narrow", {})}
