"""The sections of the report, top to bottom: words first, then pictures, then every number."""

from collections.abc import Sequence
from typing import Final

from sim.report.aggregates import DOTS, Digest
from sim.report.figures import FAN_HEIGHT
from sim.report.labels import month_words
from sim.report.markup import Content, Markup, el
from sim.report.odds import END_ROW
from sim.report.phrases import sources_words, unit_words, untold_note
from sim.report.pieces import (
    MANY,
    chart,
    featured,
    open_and_folded,
    panel,
    scenario_heading,
    section,
    swatch,
    switch,
)
from sim.report.sentences import NOT_A_FORECAST
from sim.report.tables import folded, heat, inputs, levels, odds, paired, spread, yardsticks

OPEN_FORESTS: Final = 6


def summary(digest: Digest, sentences: tuple[str, str, str], questions: Sequence[str]) -> Markup:
    """Section 0: question, answer, caveat; what was run; the key to the scenarios."""
    question, answer, caveat = sentences
    rows = []
    for i, title in enumerate(digest.titles):
        role = (
            el("span", "baseline", class_="tag")
            if i == digest.baseline and not digest.single
            else None
        )
        own = el("span", questions[i], class_="muted") if questions[i] else None
        shown = el(
            "button",
            el("b", title),
            type="button",
            data_toggle=i,
            aria_pressed="true",
            title="Show or leave out in the pictures over time",
        )
        rows.append(el("li", swatch(digest.looks[i]), el("span", shown, " ", role, " ", own)))
    return el(
        "section",
        el("p", question, class_="question"),
        el("p", answer, class_="answer"),
        el("p", caveat, " ", el("strong", NOT_A_FORECAST), class_="caveat"),
        None if digest.single else el("ul", rows, class_="key", aria_label="Scenarios"),
        [el("p", note, class_="note") for note in digest.notes],
        id="summary",
        aria_label="In three sentences",
    )


def what_differs(digest: Digest, rows: Sequence[tuple[Content, Sequence[str]]]) -> Markup:
    """Section 1: only the inputs that differ from the baseline."""
    if rows:
        body: Content = inputs(rows, digest)
    else:
        body = el("p", "No input differs: these runs should agree in every world.")
    return section("inputs", "What differs", body)


def who_gains(digest: Digest) -> Markup:
    """Section 2: paired differences, a forest an outcome; with many scenarios a heat map first."""
    names = [name for name, view in digest.views.items() if not view.measure.event]
    base = digest.titles[digest.baseline]
    caption = el(
        "p",
        f"Each scenario against “{base}”, taken within each world and then over worlds. Marker: "
        "median change. Thick bar: the middle 50 of 100 worlds. Thin bar: the middle 90. They show "
        f"how far worlds differ in their change, from {sources_words(digest)}; "
        "they are no error bars. Mean: the average change over all worlds, its 95 % interval in "
        "the table. “Higher in” counts the worlds where the scenario’s value is the higher one, "
        "“same in” (where it counts) those where nothing changes.",
        class_="caption",
    )
    if digest.lone:
        caption = el(
            "p", f"The one world against “{base}”: by how much it changes.", class_="caption"
        )
    choice = switch(
        "when",
        "Compare",
        [
            ("final", month_words(digest.months[-1], full=False)),
            ("mean", "mean of all months"),
        ],
    )
    shown = el(
        "div", [forest_panel(digest, name) for name in names[:OPEN_FORESTS]], class_="grid wide"
    )
    rest = el(
        "div", [forest_panel(digest, name) for name in names[OPEN_FORESTS:]], class_="grid wide"
    )
    more = (
        folded(f"{len(names) - OPEN_FORESTS} more outcomes", rest) if names[OPEN_FORESTS:] else None
    )
    first = heat(digest) if len(digest.titles) > MANY else None
    note = el(
        "p",
        "Colour: the change over the baseline’s own 90 % range, brown down and teal up, one scale "
        "for the whole table.",
        class_="caption",
    )
    return section(
        "differences",
        "Who gains, and how surely",
        [first, None if digest.lone else note] if first else None,
        caption,
        choice,
        shown,
        more,
        yardsticks(digest),
        folded("Table: every number of these pictures, last month", paired(digest, "final")),
        folded("Table: the same for the mean of all months", paired(digest, "mean")),
    )


def forest_panel(digest: Digest, name: str) -> Markup:
    """One outcome's forest."""
    view = digest.views[name]
    heading = [
        el("b", view.measure.label),
        el("span", f"change, {unit_words(view)}", class_="muted"),
    ]
    return panel(heading, chart(f"forest:{name}", view.measure.label, 64 + 34 * len(digest.others)))


def outcome_picker(digest: Digest, lead: str) -> Markup:
    """The choice of the outcome that the pictures over time show."""
    options = [
        el("option", one.measure.label, value=name, selected=name == lead)
        for name, one in digest.views.items()
    ]
    return el(
        "div",
        el("label", "Outcome", for_="outcome"),
        el("select", options, id="outcome"),
        class_="picker",
    )


def path_switch(digest: Digest) -> Markup | None:
    """The choice between bands and whole paths; one world has no bands."""
    if digest.lone:
        return None
    paths = f"{len(digest.path_worlds)} whole paths"
    return switch("paths", "Show", [("bands", "bands of worlds"), ("paths", paths)])


def time_table() -> Markup:
    """A place for the numbers of the pictures over time, which the page's script fills."""
    return folded("Table: every number of these pictures", el("div", data_table="time"))


def over_time(digest: Digest, lead: str) -> Markup:
    """Section 3: medians overlaid, then fans on one scale or whole paths, for a chosen outcome."""
    view = digest.views[lead]
    shown, rest = featured(digest, lead)
    medians = panel(
        [
            el("b", view.measure.label, data_text="label"),
            el("span", unit_words(view), class_="muted", data_text="units"),
            el("span", "", class_="muted", data_text="middle"),
        ],
        choose_grey(digest),
        chart("medians", view.measure.label, 360),
    )
    spread_head = el(
        "div",
        el("h3", "Scenario by scenario, on one scale"),
        path_switch(digest),
        class_="row",
    )
    return section(
        "time",
        "Over time",
        outcome_picker(digest, lead),
        medians,
        spread_head,
        el("p", "", class_="caption", data_text="bands"),
        chosen_few(digest, rest),
        open_and_folded(
            [fan_panel(digest, i) for i in shown], [fan_panel(digest, i) for i in rest]
        ),
        time_table(),
    )


def chosen_few(digest: Digest, rest: Sequence[int]) -> Content:
    """Why these scenarios stand open, where not all do."""
    if not rest:
        return None
    return el(
        "p",
        "Open: the baseline, the scenario that changes this report’s leading outcome most on "
        "average, the one whose change differs most between worlds, and the one nearest the "
        "baseline. All panels share one scale; one that goes far beyond the open ones is cut off "
        "and says how far it reaches.",
        class_="caption",
    )


def fan_panel(digest: Digest, index: int) -> Markup:
    """One scenario's fan."""
    return panel(
        scenario_heading(digest, index),
        chart(f"fan:{index}", digest.titles[index], FAN_HEIGHT),
        scenario=index,
    )


def choose_grey(digest: Digest) -> Content:
    """Buttons that lift a scenario without a hue out of the grey."""
    grey = [i for i in digest.others if digest.looks[i].grey]
    if not grey:
        return None
    buttons = [
        el("button", digest.titles[i], type="button", data_choose=i, aria_pressed="false")
        for i in grey
    ]
    return el("div", el("span", "Bring out:", class_="muted"), buttons, class_="chips")


def dot_words(digest: Digest) -> str:
    """What a dot stands for."""
    if digest.worlds < DOTS:
        return "Each dot is one world"
    return "Each dot is 2 of 100 worlds"


def how_it_ends(digest: Digest, lead: str) -> Markup:
    """Section 6: the state of the war in the last month, and the chosen outcome, as dots."""
    last = month_words(digest.months[-1])
    if digest.lone:
        numbers = folded("Table: the last month in numbers", levels(digest))
        return section("ends", "How it ends", odds(digest), numbers)
    shown, rest = featured(digest, lead)
    chosen = el(
        "div",
        el("h3", el("span", "", data_text="label"), f" in {last}"),
        el(
            "p",
            f"{dot_words(digest)}. Dashed line: the baseline’s median. The outcome is the one "
            "chosen above.",
            class_="caption",
        ),
        open_and_folded(
            [dots_panel(digest, i) for i in shown], [dots_panel(digest, i) for i in rest]
        ),
        data_when="dots",
    )
    return section(
        "ends",
        "How it ends",
        el("h3", f"The war in {last}"),
        el(
            "p",
            f"{dot_words(digest)}; counts are rounded, so they may not add up to 100.",
            class_="caption",
        ),
        open_and_folded(
            [end_panel(digest, i) for i in shown], [end_panel(digest, i) for i in rest]
        ),
        folded("Table: all ends and events", odds(digest)),
        chosen,
        folded("Table: the last month in numbers", levels(digest)),
    )


def end_panel(digest: Digest, index: int) -> Markup:
    """One scenario's end states."""
    height = END_ROW * len(digest.ends[index]) + 6
    return panel(
        scenario_heading(digest, index),
        chart(f"end:{index}", digest.titles[index], height),
        scenario=index,
    )


def dots_panel(digest: Digest, index: int) -> Markup:
    """One scenario's fifty dots of the chosen outcome."""
    return panel(
        scenario_heading(digest, index),
        chart(f"dots:{index}", digest.titles[index], 120),
        scenario=index,
    )


def where_spread_comes_from(digest: Digest) -> Markup:
    """What we do not know against chance; in words alone where only one of them was varied."""
    if digest.varied.cannot_tell:
        return section("spread", "Unknown or chance", el("p", digest.varied.cannot_tell))
    clipped = any(one.spread.clipped for view in digest.views.values() for one in view.courses)
    rest = untold_note(one for view in digest.views.values() for one in view.courses)
    note = " ≈0: the unbiased estimate came out below zero and is put at zero." if clipped else ""
    return section(
        "spread",
        "Unknown or chance",
        el(
            "p",
            "Worlds differ because we do not know the parameters and because chance plays out "
            "differently. The bar is the first share of the variance, the rest is chance (analysis "
            "of variance over sets of worlds that share their parameters), ± one standard error."
            f"{note}{f' {rest}' if rest else ''}",
            class_="caption",
        ),
        spread(digest),
    )
