"""Section 5: who moves whom, all pairs of actors, as a matrix and as a network, by month.

Both pictures of a scenario are made for the mean of all months; what they show of a single month is
kept beside them as short texts and widths (`by_month`), which the page's script puts in.
"""

from collections.abc import Sequence
from typing import Final

from sim.analysis.outcomes import ACTORS
from sim.analysis.pairs import ALL_MONTHS, Pair
from sim.report.aggregates import Digest
from sim.report.markup import Content, Markup, el
from sim.report.network import NETWORK_HEIGHT, network_chart
from sim.report.pairs import (
    bounds_text,
    by_month,
    cell_text,
    cells_of,
    has_pairs,
    names,
    pairs_of,
    scales_of,
    worlds_of,
)
from sim.report.pieces import chart, open_and_folded, panel, scenario_heading, section
from sim.report.tables import Row, folded, group_row, table
from sim.report.theme import CHANGE_SCALE, INKS, LEVEL_SCALE, Json

MATRIX_HEIGHT: Final = 232
CELL_LETTERS: Final = 5
"""Letters that a cell holds with room at both sides; more of them are smaller."""


def matrix_chart(digest: Digest, index: int) -> Json:
    """Who moves (down) whom (across): levels of the baseline, signed changes of the others."""
    base = index == digest.baseline
    actors = names(digest)
    told = cells_of(digest, index, ALL_MONTHS, scales_of(digest, index))
    rows = _square(told["fill"], len(actors), None)
    _, most = scales_of(digest, index)
    labels = [ACTORS[name] for name in actors]
    what = "of 100 choices" if base else "of 100 choices more or fewer"
    heat = {
        "type": "heatmap",
        "meta": "matrix",
        "x": labels,
        "y": labels,
        "z": rows,
        "text": _square(told["text"], len(actors), ""),
        "customdata": _square(_hovers(digest, index, told["half"]), len(actors), ""),
        "hovertemplate": f"%{{y}} over %{{x}}: %{{text}} {what}<br>%{{customdata}}<extra></extra>",
        "colorscale": [list(step) for step in (LEVEL_SCALE if base else CHANGE_SCALE)],
        "zmin": 0 if base else -most,
        "zmax": most,
        "showscale": False,
        "xgap": 2,
        "ygap": 2,
        "hoverongaps": False,
    }
    cells = [
        {"x": ACTORS[b], "y": ACTORS[a], "text": text, "name": "cell", "font": _font(text, ink)}
        for (a, b), text, ink in zip(pairs_of(digest), told["text"], told["ink"], strict=True)
    ]
    axis: Json = {"type": "category", "showgrid": False, "ticks": "", "showline": False}
    return {
        "data": [heat],
        "layout": {
            "height": MATRIX_HEIGHT,
            "margin": {"l": 62, "r": 4, "t": 24, "b": 4},
            "xaxis": {**axis, "side": "top"},
            "yaxis": {**axis, "autorange": "reversed"},
            "annotations": cells,
        },
    }


def _font(text: str, ink: int) -> Json:
    return {"color": INKS[ink], "size": 11 if len(text) > CELL_LETTERS else 13}


def _square(flat: Sequence[object], size: int, nothing: object) -> list[list[object]]:
    """Values of pairs as rows, with nothing on the diagonal."""
    left = iter(flat)
    return [[nothing if i == j else next(left) for j in range(size)] for i in range(size)]


def _hovers(digest: Digest, index: int, bounds: Sequence[str]) -> list[str]:
    worlds = worlds_of(digest, index)
    if digest.lone:
        return [""] * len(worlds)
    return [f"95 %: ± {one}<br>{n:,} worlds" for one, n in zip(bounds, worlds, strict=True)]


def alt_matrix(digest: Digest, index: int) -> str:
    """What the matrix shows of the mean of all months."""
    pairs, told = pairs_of(digest), cells_of(digest, index, ALL_MONTHS, (1.0, 1.0))["text"]
    parts = [
        f"{ACTORS[a]} over {ACTORS[b]} {text}" for (a, b), text in zip(pairs, told, strict=True)
    ]
    change = "" if index == digest.baseline else ", change from the baseline"
    return (
        f"{digest.titles[index]}: choices of 100 that one actor moves of another’s{change}, "
        f"mean of all months: {'; '.join(parts)}."
    )


def matrix_words(digest: Digest) -> str:
    """The caption."""
    levels = digest.relations.levels[digest.baseline]
    counts = sorted({one.worlds[ALL_MONTHS] for one in levels.values()})
    some = ""
    if len(counts) > 1:
        some = (
            f" Belarus and Russia are measured in {counts[-1]:,} worlds, the other pairs in "
            f"{counts[0]:,} of them."
        )
    change = ""
    if digest.lone:
        over = (
            "" if digest.single else " The baseline’s matrix shows levels; the others’ the change."
        )
        return (
            "Row: who moves; column: whose choices. A number is how many of 100 choices would be "
            f"others if the first actor only served the second.{over} Arrows show levels in each "
            "scenario, as wide as the number is large."
        )
    if not digest.single:
        change = (
            " The baseline’s matrix shows levels; the others’ show the mean change within worlds, "
            "brown down and teal up, one scale for the whole page, uncoloured where the 95 % "
            "interval holds zero."
        )
    return (
        "Row: who moves; column: whose choices. A number is how many of 100 choices would be "
        "others if the first actor only served the second, on average over worlds."
        f"{change} Arrows show levels in each scenario, as wide as the number is large.{some}"
    )


def month_slider(digest: Digest) -> Markup:
    """The choice of a month for all matrices and networks."""
    return el(
        "div",
        el("label", "Month", for_="month"),
        el(
            "input",
            type="range",
            id="month",
            min=0,
            max=len(digest.months),
            value="0",
            step=1,
            aria_valuetext="mean of all months",
        ),
        el("output", "mean of all months", for_="month", id="month-shown"),
        class_="picker",
    )


def who_moves_whom(digest: Digest, shown: Sequence[int], rest: Sequence[int]) -> Markup | None:
    """The section; None for runs that do not record it."""
    if not has_pairs(digest):
        return None

    def panels(which: Sequence[int]) -> list[Content]:
        return [_panel(digest, i) for i in which]

    return section(
        "pairs",
        "Who moves whom",
        el("p", matrix_words(digest), class_="caption"),
        month_slider(digest),
        open_and_folded(panels(shown), panels(rest)),
        folded(
            f"Table: every pair{'' if digest.lone else ' with its interval'}, mean of all months",
            _table(digest),
        ),
    )


def _panel(digest: Digest, index: int) -> Markup:
    base = index == digest.baseline
    kind = "choices of 100" if base else "change, choices of 100"
    return panel(
        [*_heading(digest, index), el("span", kind, class_="muted")],
        chart(f"matrix:{index}", alt_matrix(digest, index), MATRIX_HEIGHT),
        chart(f"network:{index}", f"{digest.titles[index]}, as a network", NETWORK_HEIGHT),
        scenario=index,
    )


def _heading(digest: Digest, index: int) -> list[Content]:
    return [] if digest.single else [scenario_heading(digest, index)]


def _table(digest: Digest) -> Markup:
    relations = digest.relations
    head = ["Pair", "Choices of 100", "95 % interval", "Change", "95 % interval of it", "Worlds"]
    if digest.lone:
        return _of_one_world(digest)
    keep = len(head) if not digest.single else 3
    body: list[Row] = []
    for i in [digest.baseline, *digest.others]:
        if not digest.single:
            body.append(group_row(scenario_heading(digest, i), len(head)))
        for pair, one in relations.levels[i].items():
            change = relations.changes.get(i, {}).get(pair)
            row = [
                _pair_words(pair),
                cell_text(one, 0, change=False),
                bounds_text(one, 0, change=False),
            ]
            row += (
                ["", ""]
                if change is None
                else [cell_text(change, 0, change=True), bounds_text(change, 0, change=True)]
            )
            body.append([*row[:keep], f"{one.worlds[ALL_MONTHS]:,}"])
    caption = "Choices of 100 that one actor moves of another’s: means over worlds and months"
    return table(caption, [*head[:keep], "Worlds"] if digest.single else head, body)


def _of_one_world(digest: Digest) -> Markup:
    """The same for one world: no intervals and no counts."""
    relations = digest.relations
    order = [digest.baseline, *digest.others]
    head: list[Content] = ["Pair", *(digest.titles[i] for i in order)]
    rows: list[Row] = [
        [
            _pair_words(pair),
            *(cell_text(relations.levels[i][pair], 0, change=False) for i in order),
        ]
        for pair in relations.levels[digest.baseline]
    ]
    return table("Choices of 100 that one actor moves of another’s: means over months", head, rows)


def _pair_words(pair: Pair) -> str:
    source, target = (ACTORS.get(name, name) for name in pair)
    return f"{source} over {target}"


def page_data(digest: Digest) -> Json | None:
    """Pictures of every scenario, and what they show by month."""
    if not has_pairs(digest):
        return None
    count = range(len(digest.titles))
    return {
        "actors": [ACTORS[name] for name in names(digest)],
        "matrices": [matrix_chart(digest, i) for i in count],
        "networks": [network_chart(digest, i) for i in count],
        "months": [by_month(digest, i) for i in count],
    }
