"""The report of one run: nothing to compare, so levels instead of changes."""

from sim.report.aggregates import Digest
from sim.report.figures import LONE_FAN_HEIGHT
from sim.report.labels import month_words
from sim.report.markup import Markup, el
from sim.report.odds import END_ROW
from sim.report.phrases import unit_words
from sim.report.pieces import chart, panel, section
from sim.report.sections import dot_words, outcome_picker, path_switch, time_table
from sim.report.tables import levels, odds


def over_time(digest: Digest, lead: str) -> Markup:
    """One fan, wide, for a chosen outcome."""
    view = digest.views[lead]
    heading = [
        el("b", view.measure.label, data_text="label"),
        el("span", unit_words(view), class_="muted", data_text="units"),
    ]
    return section(
        "time",
        "Over time",
        el("div", outcome_picker(digest, lead), path_switch(digest), class_="row"),
        el("p", "", class_="caption", data_text="bands"),
        panel(heading, chart("fan:0", view.measure.label, LONE_FAN_HEIGHT)),
        time_table(),
    )


def how_it_ends(digest: Digest, lead: str) -> Markup:
    """End states as dots, the chosen outcome as dots, and the odds in a table beside them."""
    if digest.lone:
        return section("ends", "How it ends", odds(digest))
    last = month_words(digest.months[-1])
    view = digest.views[lead]
    ends = chart("end:0", digest.titles[0], END_ROW * len(digest.ends[0]) + 6)
    chosen = [
        el("b", "", data_text="label"),
        el("span", unit_words(view), class_="muted", data_text="units"),
    ]
    left = el(
        "div",
        el("h3", f"The war in {last}"),
        el("p", f"{dot_words(digest)}; counts are rounded.", class_="caption"),
        panel(None, ends),
    )
    dots = el(
        "div",
        el("h3", f"The chosen outcome in {last}"),
        el("p", f"{dot_words(digest)}. The dashed line is the median.", class_="caption"),
        panel(chosen, chart("dots:0", view.measure.label, 120)),
        data_when="dots",
    )
    return section(
        "ends", "How it ends", el("div", left, el("div", dots, odds(digest)), class_="grid wide")
    )


def where_it_stands(digest: Digest) -> Markup:
    """What the run comes to, outcome by outcome."""
    if digest.lone:
        return section("levels", "Where it stands at the end", levels(digest))
    caption = el(
        "p",
        "Quantiles over worlds in the last month. The error is the Monte Carlo standard error of "
        "the median; no digit is finer than it.",
        class_="caption",
    )
    return section("levels", "Where it stands at the end", caption, levels(digest))
