"""Section 7, second half: four ways to measure one actor's influence over another, side by side."""

from typing import Final

from sim.analysis.outcomes import ACTORS
from sim.analysis.pairs import Pair
from sim.report.aggregates import Digest, View
from sim.report.figures import medians
from sim.report.labels import month_words
from sim.report.markup import Content, Markup, el
from sim.report.numbers import NOTHING
from sim.report.phrases import median_change, odds_words, places_beside, places_of, unit_words
from sim.report.pieces import chart, panel, scenario_heading, section, switch
from sim.report.relations import FAMILIES
from sim.report.sentences import alt_medians
from sim.report.tables import Row, table
from sim.report.theme import Json, change_colour

HEIGHT: Final = 250
KINDS: Final = (
    ("Choices moved", "how far its conduct changes the other’s (behavioural)"),
    ("Dependence", "what the other would lose without it (Emerson)"),
    ("Power", "share of power over the matters that others care for (Coleman)"),
    ("Capacity", "trade, arms and aid that tie the other to it (FBIC)"),
)


def view_of(digest: Digest, name: str) -> View | None:
    """One measure in all scenarios, wherever the digest holds it."""
    return digest.views.get(name) or digest.families.get(name)


def pairs_told(digest: Digest) -> list[Pair]:
    """Pairs that have two measures or more to hold side by side."""
    return [
        pair
        for pair, family in FAMILIES.items()
        if sum(view_of(digest, name) is not None for name in family) > 1
    ]


def page_data(digest: Digest) -> dict[str, Json]:
    """Pictures by outcome name, and their words."""
    names = [name for pair in pairs_told(digest) for name in FAMILIES[pair]]
    found = {name: view for name in names if (view := view_of(digest, name)) is not None}
    return {
        name: {
            "chart": medians(digest, view, HEIGHT),
            "alt": alt_medians(digest, view),
            "label": f"{view.measure.label}, {unit_words(view)}",
        }
        for name, view in found.items()
    }


def four_measures(digest: Digest) -> Markup | None:
    """The section; None where fewer than two measures are recorded."""
    told = pairs_told(digest)
    if not told:
        return None
    choice = switch("direction", "Show", [(".".join(pair), pair_words(pair)) for pair in told])
    gone = [
        f"{kind.lower()} ({pair_words(pair)})"
        for pair in told
        for (kind, _), name in zip(KINDS, FAMILIES[pair], strict=True)
        if view_of(digest, name) is None
    ]
    lacking = (
        f" Not recorded in these runs: {', '.join(gone)}; runs with --keep all have it."
        if gone
        else ""
    )
    return section(
        "families",
        "Influence measured four ways",
        el(
            "p",
            f"{'The one' if digest.lone else 'Median'} world of each scenario. The four have units "
            "of their own, so only their direction and timing can be held side by side: where they "
            f"part, the word “influence” says too little.{lacking}",
            class_="caption",
        ),
        choice,
        [_side_by_side(digest, pair, hidden=rank > 0) for rank, pair in enumerate(told)],
    )


def _side_by_side(digest: Digest, pair: Pair, *, hidden: bool) -> Markup:
    panels = []
    for (kind, meaning), name in zip(KINDS, FAMILIES[pair], strict=True):
        view = view_of(digest, name)
        if view is None:
            continue
        heading = [el("b", kind), el("span", meaning, class_="muted")]
        panels.append(panel(heading, chart(f"family:{name}", view.measure.label, HEIGHT)))
    parts: list[Content] = [el("div", panels, class_="grid wide")]
    if not digest.single:
        parts.append(agreement(digest, pair))
    return el("div", parts, data_direction=".".join(pair), hidden=hidden)


def agreement(digest: Digest, pair: Pair) -> Markup:
    """Whether the four move the same way: median change of the mean of all months, by scenario."""
    shown = []
    for (kind, _), name in zip(KINDS, FAMILIES[pair], strict=True):
        view = view_of(digest, name)
        if view is not None:
            shown.append((kind, view, digest.changes_of(name, "mean")))
    strengths = {
        (i, kind): _strength(digest, view, changes[i].quantiles["median"])
        for kind, view, changes in shown
        for i in changes
    }
    most = max((abs(value) for value in strengths.values()), default=0.0) or 1.0
    rows: list[Row] = []
    for i in digest.others:
        cells = []
        for kind, _, changes in shown:
            if i not in changes:
                cells.append(el("td", NOTHING))
                continue
            fill, ink = change_colour(strengths[i, kind] / most)
            shared = places_of(changes.values())
            words = median_change(changes[i], places_beside(changes[i], shared))
            odds = [] if digest.lone else [el("br"), el("small", odds_words(changes[i]))]
            cells.append(el("td", words, odds, style=f"background:{fill};color:{ink}"))
        rows.append(el("tr", el("th", scenario_heading(digest, i), scope="row"), cells))
    head: list[Content] = ["Scenario"]
    head += [
        [kind, el("br"), el("span", unit_words(view), class_="muted")] for kind, view, _ in shown
    ]
    span = f"{month_words(digest.months[0])} to {month_words(digest.months[-1])}"
    base = digest.titles[digest.baseline]
    caption = f"{pair_words(pair)}: median change from “{base}” in the mean of {span}; colour: the "
    caption += "change over the baseline’s own 90 % range, one scale for the table"
    if digest.lone:
        caption = f"{pair_words(pair)}: change from “{base}” in the mean of {span}"
    return table(caption, head, rows, "heat")


def _strength(digest: Digest, view: View, change: float) -> float:
    """A change over the baseline's 90 % range in the last month."""
    values = view.courses[digest.baseline].final.values
    low, high = values["q05"], values["q95"]
    return 0.0 if low is None or high is None or high == low else change / (high - low)


def pair_words(pair: Pair) -> str:
    """A pair in words."""
    source, target = (ACTORS.get(name, name) for name in pair)
    return f"{source} over {target}"
