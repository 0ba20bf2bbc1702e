"""The parts that every section is built of: headings, places for pictures, switches, keys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sim.report.aggregates import Digest, View
from sim.report.markup import Content, Markup, el
from sim.report.phrases import sources_words, yardstick_note
from sim.report.sentences import lower_first
from sim.report.tables import folded
from sim.report.theme import Json, Look

MANY: Final = 6
"""Above this many scenarios the deeper panels show three and fold the rest."""
FEATURED: Final = 3
MARKERS: Final = {
    "circle": "M21 7a4 4 0 1 1-8 0 4 4 0 1 1 8 0",
    "square": "M13 3h8v8h-8z",
    "diamond": "M17 1.8 22.2 7 17 12.2 11.8 7z",
    "triangle-up": "M17 2 22 11H12z",
    "triangle-down": "M17 12 22 3H12z",
    "pentagon": "M17 2 22 5.6 20 11.4H14L12 5.6z",
    "cross": "M15.2 2h3.6v3.2H22v3.6h-3.2V12h-3.6V8.8H12V5.2h3.2z",
    "hourglass": "M12.5 2.5h9l-9 9h9z",
    "bowtie": "M12.5 2.5v9l9-9v9z",
    "hexagon": "M17 2l4.4 2.5v5L17 12l-4.4-2.5v-5z",
    "star": "M17 1.5l1.4 3.6 3.9.2-3 2.5 1 3.7L17 9.4l-3.3 2.1 1-3.7-3-2.5 3.9-.2z",
    "x": "M13.8 2.3 17 5.5l3.2-3.2 1.5 1.5L18.5 7l3.2 3.2-1.5 1.5L17 8.5l-3.2 3.2-1.5-1.5L15.5 7"
    "l-3.2-3.2z",
}
"""Markers as SVG paths, drawn as Plotly draws the symbols of the same names."""


@dataclass(frozen=True)
class Part:
    """A section that is made elsewhere and takes its place in the page.

    Attributes:
        identifier: what links to it point at.
        words: how the page's navigation calls it.
        content: the landmark, from `section`; its pictures are places made by `chart`.
        charts: by slot, the picture's Plotly JSON as "chart" (the page sets template and width),
            its words as "alt", its title when saved as "title". What it says in numbers goes into
            the picture as "csv": {"head": [...], "rows": [[...]]}.
    """

    identifier: str
    words: str
    content: Markup
    charts: Mapping[str, Json] = field(default_factory=dict)


def section(identifier: str, title: str, *content: Content) -> Markup:
    """A landmark with a heading of its own."""
    heading = el("h2", title, id=f"{identifier}-title")
    return el("section", heading, *content, id=identifier, aria_labelledby=f"{identifier}-title")


def chart(slot: str, alt: str, height: int) -> Markup:
    """A place that the page's script draws in; `height` keeps the page from jumping."""
    place = el(
        "div",
        class_="chart",
        data_slot=slot,
        role="img",
        aria_label=alt,
        style=f"height:{height}px",
    )
    return el("div", place, class_="slot")


def panel(heading: Content, *content: Content, scenario: int | None = None) -> Markup:
    """A picture under its heading; one of a single scenario vanishes when that is switched off."""
    return el(
        "figure",
        el("figcaption", heading),
        *content,
        class_="panel",
        data_scenario=None if scenario is None else str(scenario),
    )


def swatch(look: Look) -> Markup:
    """How a scenario is drawn: its line and its marker."""
    dash = ' stroke-dasharray="5 3"' if look.dash == "dash" else ""
    line = f'<path d="M0 7H34" stroke="{look.hue}" stroke-width="2.2"{dash}/>'
    return Markup(
        '<svg class="swatch" width="34" height="14" viewBox="0 0 34 14" aria-hidden="true" '
        f'fill="{look.hue}">{line}<path d="{MARKERS[look.symbol]}"/></svg>'
    )


def scenario_heading(digest: Digest, index: int) -> Content:
    """A scenario's swatch and title."""
    return [swatch(digest.looks[index]), el("span", digest.titles[index], class_="name")]


def grid(panels: Sequence[Content]) -> Markup:
    """Panels side by side, as many columns as suit their number."""
    return el("div", panels, class_=f"grid n{len(panels)}" if len(panels) <= MANY else "grid")


def open_and_folded(shown: Sequence[Content], rest: Sequence[Content]) -> list[Content]:
    """Panels that stand open, and the others folded beneath them."""
    parts: list[Content] = [grid(shown)]
    if rest:
        parts.append(folded(f"{len(rest)} more scenarios", grid(rest)))
    return parts


def switch(name: str, legend: str, options: Sequence[tuple[str, str]]) -> Markup:
    """A choice of one among few."""
    buttons = [
        el(
            "label",
            el("input", type="radio", name=name, value=value, checked=rank == 0),
            el("span", words),
        )
        for rank, (value, words) in enumerate(options)
    ]
    return el("fieldset", el("legend", legend), buttons, class_="switch")


def featured(digest: Digest, lead: str) -> tuple[list[int], list[int]]:
    """Scenarios whose panels stand open, and those that are folded.

    Up to six stand open. Of more, the baseline and three: the one that changes the leading outcome
    most by its mean, as the sentence on top names it, the one whose change is most uncertain, and
    the one nearest the baseline. None is picked for a change on another yardstick.
    """
    order = [digest.baseline, *digest.others]
    if len(order) <= MANY:
        return order, []
    size: dict[int, float] = {}
    width: dict[int, float] = {}
    for i in digest.others:
        change = digest.changes.get((i, lead, "final"))
        if change is not None and (i, lead) not in digest.yardsticks:
            size[i] = abs(change.difference)
            width[i] = change.quantiles["q95"] - change.quantiles["q05"]
    picked: list[int] = []
    for rank in (
        sorted(size, key=lambda i: -size[i]),
        sorted(width, key=lambda i: -width[i]),
        sorted(size, key=lambda i: size[i]),
    ):
        picked += [i for i in rank if i not in picked][:1]
    picked = sorted(picked)[:FEATURED]
    shown = [digest.baseline, *picked]
    return shown, [i for i in order if i not in shown]


def band_words(digest: Digest, view: View) -> dict[str, str]:
    """Captions of the fans, by what they show."""
    several = not digest.single
    base = " The dashed line is the baseline’s median." if several else ""
    whose = "the one world" if digest.lone else "median world"
    middle = {"middle": whose + (" of each scenario" if several else "")}
    other = yardstick_note(digest, view.measure.name)
    base += f" {other}" if other else ""
    if view.measure.event:
        base = " The dashed line is the baseline." if several else ""
        words = f"Share of worlds in which it has come about, of 100.{base}"
        if digest.lone:
            words = f"100 from the month on in which it comes about.{base}"
        else:
            middle = {"middle": "share of worlds in each scenario"}
        return {"bands": words, "paths": words} | middle
    label = lower_first(view.measure.label)
    if digest.lone:
        words = f"The one world{' of each scenario' if several else ''}."
        words += " The dashed line is the baseline’s." if several else ""
        return {"bands": words, "paths": words} | middle
    return middle | {
        "bands": (
            "Line: median world. Inner band: the middle 50 of 100 worlds; outer band: the middle "
            f"90, from {sources_words(digest)}. Each month is ranked for itself: a "
            f"band is no path that {label} could take.{base}"
        ),
        "paths": (
            f"{len(digest.path_worlds)} whole worlds, picked evenly over all"
            f"{', the same ones in every panel' if several else ''}: paths that {label} does take. "
            f"Thick line: median world.{base}"
        ),
    }


class Pictures:
    """Pictures of a page in the making.

    Attributes:
        charts: slot -> chart with its words, as data for the page's script.
    """

    def __init__(self) -> None:
        self.charts: dict[str, Json] = {}

    def picture(self, slot: str, heading: str, figure: Json, alt: str) -> Markup:
        """A chart under its heading."""
        self.charts[slot] = {"chart": figure, "alt": alt}
        place = chart(slot, alt, figure["layout"]["height"])
        return panel(el("span", heading, class_="name"), place)
