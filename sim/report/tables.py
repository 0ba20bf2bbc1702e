"""Tables: every number that a picture shows, and what differs between scenarios."""

from collections.abc import Sequence

from sim.analysis.compare import When
from sim.analysis.outcomes import STATUS
from sim.report.aggregates import Course, Digest, View
from sim.report.labels import wrapped
from sim.report.markup import Content, Markup, el, render
from sim.report.numbers import NOTHING, number, of_worlds
from sim.report.phrases import (
    event_change,
    event_words,
    higher_in,
    inner_words,
    level_words,
    marked,
    mean_change,
    mean_interval_words,
    median_change,
    median_words,
    outer_words,
    places_beside,
    places_of,
    same_in,
    unit_words,
    unknown_words,
    untold,
    untold_note,
    yardstick_note,
)
from sim.report.theme import change_colour

WIDE_AT_MOST = 4
"""Scenarios that a table of words can still show side by side."""
BARS_AT_MOST = 5
"""Scenarios beside one another that leave room for bars."""


type Row = Markup | Sequence[Content]
"""A finished row, or its cells with the heading of the row first."""


def table(caption: str, head: Sequence[Content], rows: Sequence[Row], kind: str = "") -> Markup:
    """A table that scrolls by itself where it is too wide; its first column names the row."""
    body = [
        el("tr", el("th", row[0], scope="row"), [el("td", cell) for cell in row[1:]])
        if not isinstance(row, Markup)
        else row
        for row in rows
    ]
    whole = el(
        "table",
        el("caption", el("span", caption)),
        el("thead", el("tr", [el("th", cell, scope="col") for cell in head])),
        el("tbody", body),
        class_=kind or None,
    )
    return el("div", whole, class_="scroll", role="region", aria_label=caption, tabindex=0)


def group_row(title: Content, span: int) -> Markup:
    """A heading inside a table."""
    return el("tr", el("th", title, colspan=span, scope="rowgroup"), class_="group")


def folded(summary: str, *content: Content, open_: bool = False) -> Markup:
    """Something to unfold."""
    return el("details", el("summary", summary), *content, open=open_)


def inputs(rows: Sequence[tuple[Content, Sequence[str]]], digest: Digest) -> Markup:
    """Only the inputs that differ from the baseline."""
    caption = f"Inputs that differ from “{digest.titles[digest.baseline]}”"
    order = [digest.baseline, *digest.others]
    if len(order) <= WIDE_AT_MOST:
        head = ["Input", *(digest.titles[i] for i in order)]
        side_by_side: list[Row] = [
            [label, *(_cell(cells[i], cells[digest.baseline], i == digest.baseline) for i in order)]
            for label, cells in rows
        ]
        return table(caption, head, side_by_side, "text")
    body: list[Row] = []
    for i in digest.others:
        own = [(label, cells) for label, cells in rows if cells[i] != cells[digest.baseline]]
        body.append(group_row(digest.titles[i], 3))
        body += [[label, cells[digest.baseline], cells[i]] for label, cells in own]
        if not own:
            body.append(["no input differs", NOTHING, NOTHING])
    return table(caption, ["Input", "Baseline", "Here"], body, "text")


def _cell(text: str, base: str, is_base: bool) -> Content:
    return text if is_base or text != base else el("span", "as baseline", class_="muted")


def paired(digest: Digest, when: When) -> Markup:
    """Every number of the forests."""
    span = "in the last month" if when == "final" else "as the mean over all months"
    head = ["Scenario", "Mean change", "95 % interval of the mean", "Median", "50 of 100 worlds"]
    head += ["90 of 100 worlds", "Higher in", "Same in"]
    if digest.lone:
        head = ["Scenario", "Change"]
    body: list[Row] = []
    for view in digest.views.values():
        if view.measure.event:
            continue
        body.append(group_row(f"{view.measure.label} ({unit_words(view)})", len(head)))
        shared = places_of(digest.changes_of(view.measure.name, when).values())
        for i in digest.others:
            change = digest.changes.get((i, view.measure.name, when))
            if change is None:
                body.append([digest.titles[i], *[NOTHING] * (len(head) - 1)])
                continue
            places = places_beside(change, shared)
            cells = [mean_change(change, places), mean_interval_words(change, places)]
            cells += [median_change(change, places), inner_words(change, places)]
            cells.append(outer_words(change, places))
            cells += [higher_in(change), same_in(change)]
            cells = cells[: len(head) - 1]
            title = marked(digest, i, view.measure.name, digest.titles[i])
            if (i, view.measure.name) in digest.yardsticks:
                body.append([title, *(el("span", cell, class_="muted") for cell in cells)])
                continue
            body.append([title, *cells])
    base = digest.titles[digest.baseline]
    within = "" if digest.lone else " within each world"
    whole = table(f"Change from “{base}”{within}, {span}", head, body)
    return render([whole, yardsticks(digest)])


def yardsticks(digest: Digest, *names: str) -> Markup:
    """The note under a picture that marks payoffs, of all outcomes unless some are named."""
    note = yardstick_note(digest, *(names or digest.views))
    return el("p", note, class_="caption") if note else Markup("")


def levels(digest: Digest) -> Markup:
    """Quantiles of every outcome in the last month, with their errors and sources of spread."""
    head = ["Scenario", "Median", "its error", "50 of 100 worlds", "90 of 100 worlds"]
    head.append("Spread not known, %")
    if digest.lone:
        head = ["Scenario", "Value"]
    if digest.single:
        head[0] = "Outcome"
    body: list[Row] = []
    for view in digest.views.values():
        if view.measure.event:
            continue
        label = f"{view.measure.label} ({unit_words(view)})"
        if not digest.single:
            body.append(group_row(label, len(head)))
        for title, one in zip(digest.titles, view.courses, strict=True):
            error = one.final.errors["median"]
            cells = [median_words(one), _error(error), level_words(one, "q25", "q75")]
            cells += [level_words(one, "q05", "q95"), unknown_words(one)]
            body.append([label if digest.single else title, *cells[: len(head) - 1]])
    if digest.lone:
        return table("The last month", head, body)
    caption = "The last month: quantiles over worlds and where their spread comes from"
    shown = [view for view in digest.views.values() if not view.measure.event]
    if note := untold_note(one for view in shown for one in view.courses):
        caption += f". {note}"
    return table(caption, head, body)


def _error(error: float | None) -> str:
    return NOTHING if error is None else f"{error:.1g}".replace("-", "−")


def odds(digest: Digest) -> Markup:
    """End states and events as counts of worlds, with their change from the baseline."""
    order = [digest.baseline, *digest.others]
    head: list[Content] = ["By the last month", *(digest.titles[i] for i in order)]
    body: list[Row] = []
    if digest.ends and digest.lone:
        states = [max(digest.ends[i], key=lambda end: end.share).flag for i in order]
        body.append(["State of the war", *(STATUS.get(state, state) for state in states)])
    elif digest.ends:
        body.append(group_row("State of the war", len(head)))
        for row, end in enumerate(digest.ends[digest.baseline]):
            cells = [of_worlds(digest.ends[i][row].share, digest.worlds) for i in order]
            body.append([STATUS.get(end.flag, end.flag), *cells])
    events = [view for view in digest.views.values() if view.measure.event]
    if events:
        label = "Events" if digest.single else "Events, with the change from the baseline"
        body += [] if digest.lone else [group_row(label, len(head))]
        body += [[view.measure.label, *(_odds(digest, view, i) for i in order)] for view in events]
    caption = "The state of the war in the last month, and what has come about by then"
    return table(caption if digest.lone else "Of 100 worlds", head, body)


def _odds(digest: Digest, view: View, index: int) -> Content:
    words = event_words(view.courses[index])
    change = digest.changes.get((index, view.measure.name, "final"))
    if change is None or digest.lone:
        return words
    if change.p_equal == 1:
        return [words, el("br"), el("span", "no change in any world", class_="muted")]
    size, bounds = event_change(change)
    return [words, el("br"), el("span", f"{size} ({bounds})", class_="muted")]


def heat(digest: Digest) -> Markup:
    """Many scenarios at a glance: a row each, median paired change by outcome, coloured by size.

    Colour is the change over the baseline's own 90 % range, one scale for the whole report; the
    number says the rest.
    """
    shown = [view for view in digest.views.values() if not view.measure.event]
    strengths = {
        (i, view.measure.name): _strength(digest, view, i)
        for view in shown
        for i in digest.others
        if (i, view.measure.name) not in digest.yardsticks
    }
    most = max((abs(value) for value in strengths.values()), default=0.0) or 1.0
    head: list[Content] = ["Scenario"]
    head += [
        [_breakable(view.measure.label), el("br"), el("span", unit_words(view), class_="muted")]
        for view in shown
    ]
    shared = {
        view.measure.name: places_of(digest.changes_of(view.measure.name).values())
        for view in shown
    }
    body: list[Row] = []
    for i in digest.others:
        cells: list[Markup] = []
        for view in shown:
            name = view.measure.name
            change = digest.changes.get((i, name, "final"))
            if change is None:
                cells.append(el("td", NOTHING))
                continue
            text = median_change(change, places_beside(change, shared[name]))
            if (i, name) in digest.yardsticks:
                cells.append(el("td", marked(digest, i, name, text), class_="muted"))
                continue
            fill, ink = change_colour(strengths[i, name] / most)
            cells.append(el("td", text, style=f"background:{fill};color:{ink}"))
        body.append(el("tr", el("th", digest.titles[i], scope="row"), cells))
    base = digest.titles[digest.baseline]
    kind = "Change" if digest.lone else "Median change"
    whole = table(f"{kind} from “{base}” in the last month", head, body, "heat outcomes")
    return render([whole, yardsticks(digest)])


def _breakable(label: str) -> str:
    """A label whose longest word may be broken; browsers without a dictionary know no hyphens."""
    return label.replace("dependence", "depend\u00adence")


def short(title: str) -> Content:
    """A title that fits a narrow column, whole on hovering."""
    lines = wrapped(title, 13, 3)
    return title if " ".join(lines) == title else el("span", " ".join(lines), title=title)


def _strength(digest: Digest, view: View, index: int) -> float:
    change = digest.changes.get((index, view.measure.name, "final"))
    values = view.courses[digest.baseline].final.values
    low, high = values["q05"], values["q95"]
    if change is None or low is None or high is None or high == low:
        return 0.0
    return change.quantiles["median"] / (high - low)


def spread(digest: Digest) -> Markup:
    """What we do not know against chance, by outcome and scenario, as bars with numbers."""
    order = [digest.baseline, *digest.others]
    bars = len(order) <= BARS_AT_MOST
    titles = [digest.titles[i] if bars else short(digest.titles[i]) for i in order]
    head: list[Content] = ["Outcome in the last month", *titles]
    rows: list[Row] = [
        [view.measure.label, *(_unknown(view.courses[i], bars) for i in order)]
        for view in digest.views.values()
    ]
    return table(
        "Share of the variance between worlds that comes from what we do not know",
        head,
        rows,
        "bars",
    )


def _unknown(one: Course, bar: bool) -> Content:
    unknown = one.spread.unknown
    if unknown is None:
        same = one.final.worlds and one.final.values["q05"] == one.final.values["q95"]
        return el("span", "no spread" if same else NOTHING, class_="muted")
    if untold(one):
        return el("span", NOTHING, class_="muted")
    words = f"{unknown_words(one)} %"
    if not bar:
        return words
    inner = el("span", style=f"width:{number(unknown * 100, 1)}%")
    return [el("span", inner, class_="bar", aria_hidden="true"), el("span", words, class_="share")]
