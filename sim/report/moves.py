"""Who moves which lever, in war and in peace, and which way; and how bargaining went."""

from collections.abc import Mapping, Sequence
from typing import Final

from sim.analysis.outcomes import ACTORS, COUNTS
from sim.analysis.war_and_peace import KINDS, Average, Kind, Moved
from sim.report.aggregates import Digest
from sim.report.deeds import lever_words
from sim.report.markup import Content, Markup, el
from sim.report.numbers import NOTHING, decimals, interval, number, signed
from sim.report.pieces import featured, scenario_heading, section
from sim.report.tables import Row, folded, group_row, short, table
from sim.report.theme import change_colour

IN: Final[dict[Kind, str]] = {"war": "in war", "peace": "in peace"}
UP, DOWN = "▲", "▼"
AT_MOST: Final = 4
"""Scenarios that stand side by side in one table."""
CHOICES: Final = 100
"""Total variation is shown as choices of a hundred that would be others."""
LEAST: Final = 0.01
"""Choices of a hundred below which a figure is told as less than this."""
WHOLE: Final = (
    ("mean", "mean of its levers"),
    ("entry_allowed", "the same, entry allowed"),
    ("joint", "whole menu at once"),
)


def who_moves_what(digest: Digest, lead: str) -> Markup | None:
    """The section; None for runs that do not record it."""
    if not all(digest.moves):
        return None
    shown, rest = featured(digest, lead)
    open_, more = shown[:AT_MOST], [*shown[AT_MOST:], *rest]
    pairs = list(digest.moves[digest.baseline])
    tables = [_side_by_side(digest, pair, open_) for pair in pairs]
    folds: list[Content] = []
    if more:
        groups = [more[at : at + AT_MOST] for at in range(0, len(more), AT_MOST)]
        rest_of_them = [_side_by_side(digest, pair, group) for group in groups for pair in pairs]
        folds.append(folded(f"{len(more)} more scenarios", rest_of_them))
    if not digest.lone:  # one world has neither
        numbers = [_numbers(digest, pair) for pair in pairs]
        folds.append(folded("Table: every number with its error and spread", *numbers))
    if all(digest.deals):
        folds.append(folded("Table: the deal between Minsk and Moscow", _deals(digest)))
    return section(
        "moves",
        "Which levers, in war and in peace",
        el("p", _words(digest), class_="caption"),
        el("div", tables, class_="grid wide") if digest.single else tables,
        *folds,
    )


def choices(one: Average) -> str:
    """Influence as choices of a hundred, no digit finer than its Monte Carlo error."""
    if one.mean is None:
        return NOTHING
    if 0 < one.mean * CHOICES < LEAST:
        return f"<{LEAST}"
    return number(one.mean * CHOICES, _places(one, CHOICES))


def shift(one: Average) -> str:
    """Change in a lever's expected level over a hundred choices, with an arrow for its sign.

    A change that its error does not tell from zero keeps its number and gets no arrow; one too
    small to show is left out.
    """
    if one.mean is None or abs(one.mean) * CHOICES < LEAST:
        return ""
    size = signed(one.mean * CHOICES, _places(one, CHOICES))
    if not _clear(one):
        return size
    return f"{UP if one.mean > 0 else DOWN} {size}"


def _clear(one: Average) -> bool:
    """Whether a mean is told from zero by twice its error."""
    return one.mean is not None and one.error is not None and abs(one.mean) > 2 * one.error


def _places(one: Average, scale: float) -> int:
    error = None if one.error is None else one.error * scale
    return min(decimals(error, (one.mean or 0.0) * scale), 2)


def pair_words(pair: tuple[str, str]) -> str:
    """Who moves whom."""
    source, target = (ACTORS.get(name, name) for name in pair)
    return f"{source} over {target}"


def _words(digest: Digest) -> str:
    if digest.lone:
        averaged, way, few = "the mean of its months", "", ""
    else:
        averaged = "the mean over worlds of their months"
        way = (
            f" ({UP} teal: more of it; {DOWN} brown: less). No arrow: the Monte Carlo error hides "
            "which way"
        )
        least = min(_peaceful(one) for one in digest.moves)
        few = " Worlds whose fighting never stops are not in “peace”."
        few = "" if least == digest.worlds else few
    return (
        f"Each cell holds two numbers. Above: of {CHOICES} choices, how many would be others if "
        f"the first actor only served the second; {averaged} of war, and of peace. Below: which "
        "way the first actor’s own aims push the lever, in levels added up over "
        f"{CHOICES} choices{way}. “{NOTHING}”: nothing to choose.{few}"
    )


def _peaceful(moves: Mapping[tuple[str, str], Mapping[Kind, Moved]]) -> int:
    """Worlds that have months of peace with a choice in them."""
    return min(kinds["peace"].mean.spread.worlds for kinds in moves.values())


def _side_by_side(digest: Digest, pair: tuple[str, str], shown: Sequence[int]) -> Markup:
    """One pair: levers by scenarios, war and peace beside each other."""
    head: list[Content] = [f"{ACTORS.get(pair[1], pair[1])}’s lever"]
    for i in shown:
        for kind in KINDS:
            title = [] if digest.single else [short(digest.titles[i]), el("br")]
            head.append([*title, el("span", IN[kind], class_="muted")])
    columns = [digest.moves[i][pair][kind] for i in shown for kind in KINDS]
    levers = columns[0].levers
    most = _largest(digest)
    rows: list[Row] = [
        el(
            "tr",
            el("th", lever_words(lever), scope="row"),
            [_cell(column.levers[lever], column.shifts[lever], most) for column in columns],
        )
        for lever in levers
    ]
    for key, words in WHOLE:
        rows.append([words, *(choices(getattr(column, key)) for column in columns)])
    source, target = (ACTORS.get(name, name) for name in pair)
    caption = (
        f"{pair_words(pair)}: of {CHOICES} choices of {target}’s, so many would be others if "
        f"{source} served only {target}"
    )
    return table(caption, head, rows, "heat moves")


def _largest(digest: Digest) -> float:
    """The largest shift that is told from zero: the one range of all colours."""
    columns = (one for moves in digest.moves for kinds in moves.values() for one in kinds.values())
    shifts = (way for column in columns for way in column.shifts.values())
    return max((abs(way.mean or 0.0) for way in shifts if _clear(way)), default=1.0)


def _cell(influence: Average, moved: Average, most: float) -> Markup:
    if influence.mean is None:
        return el("td", NOTHING)
    way = shift(moved)
    lines = [el("br"), el("small", way)] if way else []
    if not _clear(moved):
        return el("td", choices(influence), lines)
    fill, ink = change_colour((moved.mean or 0.0) / most)
    return el("td", choices(influence), lines, style=f"background:{fill};color:{ink}")


def _numbers(digest: Digest, pair: tuple[str, str]) -> Markup:
    """Every number of one pair."""
    head = ["Lever", "Months", "Mean", "its error", "50 of 100 worlds", "90 of 100 worlds"]
    head += ["Change of level", "its error", "Worlds"]
    body: list[Row] = []
    for i, moves in enumerate(digest.moves):
        if not digest.single:
            body.append(group_row(scenario_heading(digest, i), len(head)))
        first = moves[pair]["war"]
        for lever in first.levers:
            for kind in KINDS:
                one = moves[pair][kind]
                row = _row(lever_words(lever), kind, one.levers[lever])
                way = one.shifts[lever]
                row[-1:] = [shift(way) or NOTHING, _error(way, CHOICES), row[-1]]
                body.append(row)
        for key, words in WHOLE:
            for kind in KINDS:
                row = _row(words, kind, getattr(moves[pair][kind], key))
                row[-1:] = ["", "", row[-1]]
                body.append(row)
    caption = f"{pair_words(pair)}: choices of {CHOICES}, averages of worlds over months of a kind"
    return table(caption, head, body)


def _deals(digest: Digest) -> Markup:
    """Counts of the deal over the whole run, by scenario."""
    order = [digest.baseline, *digest.others]
    head: list[Content] = ["In a world, over the run", *(digest.titles[i] for i in order)]
    if digest.single:
        head[1:] = ["" if digest.lone else "mean over worlds"]
    rows: list[Row] = [
        [count_label(name), *(count_words(digest.deals[i][name]) for i in order)]
        for name in digest.deals[digest.baseline]
    ]
    counts = "counts" if digest.lone else "mean counts a world"
    return table(f"Bargaining between Minsk and Moscow, {counts}", head, rows)


def count_label(name: str) -> str:
    """What is counted, where the whole run is meant."""
    return COUNTS[name].removesuffix(" so far")


def count_words(one: Average) -> str:
    """A mean count with its Monte Carlo error."""
    text = number(one.mean, 0 if one.spread.worlds == 1 else _places(one, 1))
    return text if not one.error else f"{text} ± {_error(one, 1)}"


def _row(words: str, kind: Kind, one: Average) -> list[Content]:
    values = one.spread.values
    places = _places(one, CHOICES)

    def between(low: str, high: str) -> str:
        ends = (values[low], values[high])
        scaled = [None if end is None else end * CHOICES for end in ends]
        return interval(scaled[0], scaled[1], places)

    inner, outer = between("q25", "q75"), between("q05", "q95")
    error = _error(one, CHOICES)
    return [words, kind, choices(one), error, inner, outer, f"{one.spread.worlds:,}"]


def _error(one: Average, scale: float) -> str:
    return NOTHING if one.error is None else f"{one.error * scale:.1g}".replace("-", "−")
