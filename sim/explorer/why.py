"""Why actors moved in a month: what all worlds chose, and the reasons of one world.

The reasons are those of `sim.analysis.decision` and in the words of `fulcrum explain`, so a number
here is the number that the command prints for the same world, month and actor.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from agents import menus
from sim.analysis.differences import mean_interval
from sim.analysis.outcomes import ACTORS
from sim.analysis.spread import sets_of
from sim.report.deeds import words
from sim.report.explained import (
    LIKELIEST_HEAD,
    approximation_words,
    belief_words,
    closed_words,
    difference_words,
    lever_rows,
    likeliest_rows,
    outcome_words,
    parts_of_worth,
    units_words,
    worth_head,
    worth_rows,
)
from sim.report.markup import Content, Markup, el
from sim.report.numbers import NOTHING, decimals, of_100, of_worlds, signed
from sim.report.tables import Row, folded, table

if TYPE_CHECKING:
    import xarray as xr

    from sim.analysis.decision import Decision

SUMS: Final = ("worth", "net")
"""Parts of worth that are sums of others: in a waterfall they stand on the ground."""
OTHERWISE: Final = 6
"""Worlds offered in which a setting's choice is another than the baseline's."""


@dataclass(frozen=True)
class Change:
    """A mean change over worlds with its Monte Carlo error.

    Attributes:
        mean: over worlds.
        error: sets as clusters; None with fewer than two.
    """

    mean: float
    error: float | None

    @property
    def clear(self) -> bool:
        """Whether it is told from zero by twice its error."""
        return self.error is not None and abs(self.mean) > 2 * self.error


@dataclass(frozen=True)
class Level:
    """How often one level of a lever was chosen in a month.

    Attributes:
        actor: whose lever.
        lever: which.
        level: which.
        share: of the worlds in which the lever left a choice.
        against: change of that from the baseline, within worlds where it left one in both; None
            for the baseline itself and where there is no such world.
        open_in: share of all worlds in which the lever left a choice.
    """

    actor: str
    lever: str
    level: str
    share: float
    against: Change | None
    open_in: float


def chosen(ds: xr.Dataset, month: str, baseline: xr.Dataset | None = None) -> tuple[Level, ...]:
    """What was chosen in a month, over worlds; levers that left no world a choice are left out.

    Args:
        ds: worlds of a setting.
        month: as `2024-03`, one of the run's.
        baseline: the same worlds of the baseline, unless the setting is the baseline.

    Raises:
        LookupError: the run has no such month.
    """
    dates = [str(date)[:7] for date in ds["month"].values]
    if month not in dates:
        raise LookupError(f"the run has no month {month}; it goes from {dates[0]} to {dates[-1]}")
    at, sets, out = dates.index(month), sets_of(ds), []
    for actor, lever, levels in _levers():
        drawn = _drawn(ds, at, actor, lever)
        alive = drawn >= 0
        if not alive.any():
            continue
        other = None if baseline is None else _drawn(baseline, at, actor, lever)
        both = alive & (other >= 0) if other is not None else np.zeros_like(alive)
        for rank, level in enumerate(levels):
            against = None
            if other is not None and both.any():
                moved = (drawn[both] == rank) * 1.0 - (other[both] == rank)
                mean, error, _ = mean_interval(moved, sets[both])
                against = Change(mean, error)
            share = float((drawn[alive] == rank).mean())
            out.append(Level(actor, lever, level, share, against, float(alive.mean())))
    return tuple(out)


def _levers() -> list[tuple[str, str, tuple[str, ...]]]:
    return [(a, lever, levels) for a, menu in menus().items() for lever, levels in menu.items()]


def _drawn(ds: xr.Dataset, at: int, actor: str, lever: str) -> np.ndarray:
    values: np.ndarray = ds["choice"].isel(month=at).sel(actor=actor, lever=lever).values
    return values


def otherwise(ds: xr.Dataset, month: str, baseline: xr.Dataset) -> dict[str, tuple[int, ...]]:
    """Worlds in which an actor chose otherwise than in the baseline, by actor.

    A lever counts where it left a choice in both.
    """
    found = {}
    mine, base = (one["choice"].sel(month=month).squeeze("month") for one in (ds, baseline))
    for actor in menus():
        one, two = mine.sel(actor=actor).values, base.sel(actor=actor).values
        differ = ((one != two) & (one >= 0) & (two >= 0)).any(axis=-1)
        found[actor] = tuple(int(world) for world in ds["world"].values[differ])
    return found


@dataclass(frozen=True)
class Looked:
    """The world that is looked into.

    Attributes:
        world: its number.
        mine: actor -> its choice in the setting.
        base: the same in the baseline; empty if the setting is the baseline.
        base_title: title of the baseline.
    """

    world: int
    mine: Mapping[str, Decision]
    base: Mapping[str, Decision]
    base_title: str


def told(
    levels: Sequence[Level],
    parted: Mapping[str, Sequence[int]] | None,
    worlds: int,
    looked: Looked | None,
) -> Markup:
    """Reasons as the page shows them, actor by actor.

    Args:
        levels: what all worlds chose.
        parted: actor -> worlds in which it chose otherwise than in the baseline; None if the
            setting is the baseline.
        worlds: how many there are.
        looked: one of them, explained; None while it is being weighed.
    """
    blocks: list[Content] = []
    for actor, name in ACTORS.items():
        own = [one for one in levels if one.actor == actor]
        blocks.append(
            el(
                "section",
                el("h3", name),
                el("p", _over_worlds(name, own, parted is not None), class_="note"),
                None if parted is None else _parted(parted[actor], worlds),
                None if looked is None else _choice(looked, actor),
                folded(
                    f"{name} in all {worlds:,} worlds",
                    _levels(name, own, parted is not None),
                ),
                class_="actor",
                aria_label=name,
            )
        )
    return el("div", blocks, class_="grid reasons")


def _over_worlds(who: str, levels: Sequence[Level], compared: bool) -> str:
    """What most worlds chose; against the baseline, what moved most."""
    if not levels:
        return f"{who} has nothing to choose in any world."
    if not compared:
        best = _likeliest(levels)
        told_levels = ", ".join(f"{_name(one)} {of_100(one.share)}" for one in best)
        return f"Of 100 worlds: {told_levels}."
    moved = [one for one in levels if one.against is not None and one.against.clear]
    if not moved:
        return "Over all worlds no lever is told apart from the baseline’s."
    most = max(moved, key=lambda one: abs(one.against.mean) if one.against else 0.0)
    assert most.against is not None
    return (
        f"Over all worlds {_name(most)} moves most: {of_100(most.share)} of 100, "
        f"{_points(most.against)} against the baseline."
    )


def _likeliest(levels: Sequence[Level]) -> list[Level]:
    best: dict[str, Level] = {}
    for one in levels:
        if one.lever not in best or one.share > best[one.lever].share:
            best[one.lever] = one
    return list(best.values())


def _parted(numbers: Sequence[int], worlds: int) -> Markup:
    """Worlds to look into in which the choice is another than the baseline's."""
    if not numbers:
        return el("p", "In every world it chooses as in the baseline.", class_="note")
    share = of_worlds(len(numbers) / worlds, worlds)
    offered = [
        [
            el(
                "button",
                f"{number:,}",
                type="button",
                data_act="world",
                data_value=str(number),
                class_="world",
                aria_label=f"Look into world {number:,}",
            ),
            " ",
        ]
        for number in numbers[:OTHERWISE]
    ]
    more = "such as" if len(numbers) > OTHERWISE else "namely"
    return el(
        "p",
        f"It chooses otherwise than in the baseline in {share} worlds, {more} ",
        offered,
        class_="note",
    )


def _choice(looked: Looked, actor: str) -> Content:
    """One world's choice: whether it was the best, what it was worth, and how it was drawn."""
    decision, base = looked.mine[actor], looked.base.get(actor)
    sentences = [*outcome_words(decision)]
    if base is not None:
        other = difference_words(base.levels, decision.levels)
        title = looked.base_title
        sentences.append(
            f"In “{title}” it chooses {other} in this world."
            if other
            else f"In “{title}” it chooses the same in this world."
        )
    return [
        el("p", el("b", f"In world {looked.world:,}: "), " ".join(sentences), class_="lead"),
        _waterfall(decision),
        el("p", units_words(decision), class_="hint"),
        _levers_table(decision, base),
        folded(
            "How it was drawn, likeliest options, what was closed, what was believed",
            table(
                f"{ACTORS[actor]}: how each lever was drawn",
                ["lever", "stood at", "chosen", "chances of 100", "drawn"],
                lever_rows(decision),
                "words",
            ),
            table(f"{ACTORS[actor]}: likeliest options", LIKELIEST_HEAD, likeliest_rows(decision)),
            [
                el("p", sentence.strip(), class_="note")
                for sentence in (
                    approximation_words(decision),
                    closed_words(decision),
                    *belief_words(decision),
                )
                if sentence
            ],
        ),
    ]


def _waterfall(decision: Decision) -> Markup:
    """What each part of worth adds to the margin over the runner-up, in numbers and bars."""
    bars = _bars(decision)
    rows: list[Row] = []
    for cells, bar in zip(worth_rows(decision), bars, strict=True):
        kind = "sum" if cells[0] in SUMS else None
        rows.append(
            el(
                "tr",
                el("th", cells[0], scope="row"),
                [el("td", cell) for cell in cells[1:]],
                el("td", bar, class_="fall") if bar is not None else None,
                class_=kind,
            )
        )
    head: list[Content] = [*worth_head(decision)]
    if decision.margin is not None:
        head.append(el("span", "the difference, adding up", class_="sr"))
    return table(f"{ACTORS[decision.actor]}: what the choice was worth", head, rows, "worth")


def _bars(decision: Decision) -> list[Markup | None]:
    """A bar for each part of worth, from where the parts before it have led to; None without."""
    parts = [(name, one, two) for name, one, two in parts_of_worth(decision)]
    spans: list[tuple[float, float]] = []
    total = 0.0
    for name, one, two in parts:
        if two is None:
            return [None] * len(parts)
        size = one - two
        start = 0.0 if name in SUMS else total
        spans.append((start, start + size))
        total = start + size
    low = min(0.0, *(min(span) for span in spans))
    high = max(0.0, *(max(span) for span in spans))
    wide = (high - low) or 1.0
    bars: list[Markup | None] = []
    for start, end in spans:
        left, width = (min(start, end) - low) / wide, abs(end - start) / wide
        style = f"left:{100 * left:.1f}%;width:{100 * width:.1f}%"
        bar = el("span", style=style, class_="more" if end >= start else "less")
        zero = f"--zero:{100 * (0.0 - low) / wide:.1f}%"
        bars.append(el("div", bar, style=zero, aria_hidden="true"))
    return bars


def _levers_table(decision: Decision, base: Decision | None) -> Markup:
    """Lever by lever: where it stood, what was chosen, how likely that was, and in the baseline."""
    head: list[Content] = ["lever", "stood at", "chosen", "of 100"]
    if base is not None:
        head.append("baseline")
    rows: list[Row] = []
    for draw in decision.draws:
        cells = [
            words(draw.lever),
            words(decision.standing[draw.lever]),
            words(draw.level),
            of_100(draw.chances[draw.level]),
        ]
        there: Content = None
        if base is not None:
            level = base.levels[draw.lever]
            there = el("td", words(level), class_="muted" if level == draw.level else None)
        moved = decision.standing[draw.lever] != draw.level
        rows.append(
            el(
                "tr",
                el("th", cells[0], scope="row"),
                [el("td", cell) for cell in cells[1:]],
                there,
                class_="moved" if moved else None,
            )
        )
    caption = f"{ACTORS[decision.actor]}: its levers, and how likely what it chose was"
    return table(caption, head, rows, "words")


def _levels(who: str, levels: Sequence[Level], compared: bool) -> Markup:
    """Every level with how often it was chosen."""
    head: list[Content] = ["lever and level", "of 100", "open in, of 100"]
    if compared:
        head.append("against baseline")
    rows: list[Row] = []
    for one in levels:
        cells: list[Content] = [el("td", of_100(one.share)), el("td", of_100(one.open_in))]
        if compared:
            change = one.against
            grey = None if change is not None and change.clear else "muted"
            text = NOTHING if change is None else _points(change)
            cells.append(el("td", text, class_=grey))
        rows.append(el("tr", el("th", _name(one), scope="row"), cells))
    caption = (
        f"{who}: how often each level was chosen, of 100 worlds in which its lever left a choice"
    )
    return table(caption, head, rows)


def _name(one: Level) -> str:
    return f"{words(one.lever)} “{words(one.level)}”"


def _points(change: Change) -> str:
    """A change of a share in points of a hundred, no digit finer than its error."""
    error = None if change.error is None else change.error * 100
    size = change.mean * 100
    return signed(size, min(decimals(error, size), 1))
