"""Section 4: when scenarios part from the baseline, by differences within worlds over time."""

from collections.abc import Sequence
from typing import Final

from sim.analysis.partings import Gap
from sim.analysis.yardsticks import MARK, SHORT
from sim.report.aggregates import Digest, View
from sim.report.figures import (
    FAN_HEIGHT,
    GAPS_HERE,
    MONTHS_HERE,
    band_traces,
    month_axis,
    reach_notes,
    rounded,
    value_axis,
)
from sim.report.labels import month_words
from sim.report.markup import Markup, el
from sim.report.numbers import decimals, interval, signed
from sim.report.odds import MUTED
from sim.report.phrases import sources_words
from sim.report.pieces import chart, open_and_folded, panel, scenario_heading, section
from sim.report.sentences import lower_first
from sim.report.tables import folded
from sim.report.theme import MEDIAN_WIDTH, Json

LONE_HEIGHT: Final = 300


def gap_chart(digest: Digest, view: View, index: int) -> Json:
    """One scenario's difference from the baseline: bands, median, mean, zero, month of parting."""
    found, look = view.gaps[index], digest.looks[index]
    scale = view.gap_scale
    other = (index, view.measure.name) in digest.yardsticks
    data: list[Json] = []
    if found.lines:
        data += band_traces(found.lines, look, scale)
    hover = {"hovertemplate": _hover(found), "customdata": GAPS_HERE}
    line: Json = {"type": "scatter", "mode": "lines", "x": MONTHS_HERE}
    mean = rounded(found.mean, scale)
    dotted = {"color": look.hue, "width": 1.6, "dash": "dot"}
    if found.lines:
        median = {
            "y": rounded(found.lines["median"], scale),
            "line": {"color": look.hue, "width": MEDIAN_WIDTH},
            "meta": "median",
        }
        data.append({**line, "y": mean, "line": dotted, "meta": "mean", "hoverinfo": "skip"})
        data.append({**line, **median, **hover})
    else:
        for edge, ends in (("lower", found.low), ("upper", found.high)):
            thin = {"color": look.band(0.5), "width": 1}
            traced = {"y": rounded(ends, scale), "line": thin, "meta": edge, "hoverinfo": "skip"}
            data.append({**line, **traced})
        solid = {"color": look.hue, "width": MEDIAN_WIDTH}
        data.append({**line, "y": mean, "line": solid, "meta": "mean", **hover})
    zero: Json = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": 0, "y1": 0}
    shapes = [{**zero, "layer": "below", "line": {"width": 1.4}}]
    notes: list[Json] = []
    parted = None if other else found.parted
    if parted is not None:
        at = digest.months[parted]
        upright = {"type": "line", "x0": at, "x1": at, "yref": "paper", "y0": 0, "y1": 1}
        shapes.append({**upright, "line": {"width": 1.2, "dash": "dash"}})
    else:
        at = digest.months[0]
    late = parted is not None and parted > len(digest.months) // 2
    notes.append(
        {
            "x": at,
            "xref": "x",
            "xanchor": "right" if late else "left",
            "xshift": 0 if parted is None else -4 if late else 4,
            "y": 1,
            "yref": "paper",
            "yanchor": "bottom",
            "text": parting_words(digest, found, other=other),
            "font": {"size": 12},
        }
    )
    beyond = reach_notes([*found.lines.values(), found.mean], scale)
    if beyond:
        data = [{**trace, "cliponaxis": True} for trace in data]
    notes += beyond
    if other:
        data = [{**trace, "opacity": MUTED} for trace in data]
    lone = len(digest.others) == 1
    return {
        "data": data,
        "layout": {
            "height": LONE_HEIGHT if lone else FAN_HEIGHT + 14,
            "xaxis": month_axis(digest.months, 9 if lone else 5),
            "yaxis": value_axis(scale, 6 if lone else 4),
            "margin": {"l": 52, "r": 14, "t": 24, "b": 42},
            "shapes": shapes,
            "annotations": notes,
        },
        "narrow": {"xaxis": month_axis(digest.months, 4)},
        "lines": {
            "low": rounded(found.low, scale),
            "high": rounded(found.high, scale),
            "differ": [None if share is None else round(share * 100) for share in found.differ],
        },
    }


def parting_words(digest: Digest, found: Gap, *, other: bool = False) -> str:
    """When a scenario parts from the baseline, in a few words; `other`: it cannot be held to it."""
    if other:
        return f"{MARK} {SHORT}"
    if found.parted is not None:
        return f"parts in {month_words(digest.months[found.parted], full=False)}"
    if all(share == 0 for share in found.differ):
        return "the same" if digest.lone else "the same in every world"
    if digest.lone:
        return ""
    if all(end is None for end in found.low):
        return "too few worlds to tell"
    return "does not part"


def gap_places(found: Gap) -> int:
    """Decimals that the Monte Carlo error of the means allows, the same in all months."""
    bounds = [
        (high - mean) / 2
        for mean, high in zip(found.mean, found.high, strict=True)
        if mean is not None and high is not None and high > mean
    ]
    error = sorted(bounds)[len(bounds) // 2] if bounds else None
    return decimals(error, *(value for value in found.mean if value is not None))


def _hover(found: Gap) -> str:
    """What is told of a month: value, intervals, worlds; `HOVER` says what stands where."""
    form = f"+,.{max(gap_places(found), 0)}f"

    def number(at: int) -> str:
        return f"%{{customdata[{at}]:{form}}}"

    words = ["%{x|%B %Y}"]
    if found.worlds == 1:
        return f"{words[0]}: {number(4)}<br>1 world<extra></extra>"
    if found.lines:
        words[0] += f": median %{{y:{form}}}"
        words.append(f"50 of 100 worlds: {number(1)} to {number(2)}")
        words.append(f"90 of 100 worlds: {number(0)} to {number(3)}")
    words.append(f"mean {number(4)} ({number(5)} to {number(6)})")
    words.append("differs in %{customdata[7]:.0f} of 100 worlds")
    return "<br>".join([*words, f"{found.worlds:,} worlds<extra></extra>"])


def alt_gap(digest: Digest, view: View, index: int) -> str:
    """What the picture shows, for those who do not see it."""
    found = view.gaps[index]
    mean, low, high = found.mean[-1], found.low[-1], found.high[-1]
    label = view.measure.label
    other = (index, view.measure.name) in digest.yardsticks
    last = month_words(digest.months[-1])
    end = ""
    if digest.lone:
        size = "" if mean is None else f" {signed(mean, gap_places(found))} in {last}"
        size = f" {MARK} {SHORT}" if other else size
        base = digest.titles[digest.baseline]
        return f"{digest.titles[index]}, {label}, difference from {base}:{size}."
    if mean is not None:
        places = gap_places(found)
        end = f" In {last} the mean difference is {signed(mean, places)}"
        end += "." if low is None else f" ({interval(low, high, places, sign=True)})."
    return (
        f"{digest.titles[index]}, {label}, difference from "
        f"{digest.titles[digest.baseline]} within worlds: "
        f"{parting_words(digest, found, other=other)}.{end}"
    )


def gap_words(digest: Digest, view: View) -> str:
    """The caption, which says what the lines are and how the month of parting is found."""
    label = lower_first(view.measure.label)
    if digest.lone:
        return f"Difference in {label} in the one world."
    rule = (
        "Dashed upright: the first month in which the mean difference is told from zero, by an "
        "interval that holds for all months at once with 95 %."
    )
    if view.measure.event:
        return (
            f"Difference in the share of worlds in which it has come about, of 100 worlds. Thin "
            f"lines: that interval of the difference. {rule}"
        )
    return (
        f"Difference in {label} within each world. Solid line: median of the differences; dotted: "
        f"their mean. Inner band: the middle 50 of 100 worlds; outer band: the middle 90, from "
        f"{sources_words(digest)}. Where few worlds change much, the mean leaves zero and the "
        f"median stays. {rule}"
    )


def when_they_part(digest: Digest, shown: Sequence[int], rest: Sequence[int]) -> Markup:
    """The section; which outcome it shows follows the choice above it."""

    def panels(which: Sequence[int]) -> list[Markup]:
        return [
            panel(
                scenario_heading(digest, i),
                chart(f"gap:{i}", digest.titles[i], FAN_HEIGHT + 14),
                scenario=i,
            )
            for i in which
            if i != digest.baseline
        ]

    base = digest.titles[digest.baseline]
    return section(
        "parting",
        "When they part",
        el(
            "h3",
            el("span", "", data_text="label"),
            ", change from “",
            base,
            "” ",
            el("span", "", class_="muted", data_text="units"),
        ),
        el("p", "", class_="caption", data_text="gaps"),
        open_and_folded(panels(shown), panels(rest)),
        folded("Table: every number of these pictures", el("div", data_table="gaps")),
    )
