"""Why each actor moved as it did in a month: how likely each level was, and what it got of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.analysis.differences import mean_interval
from sim.analysis.outcomes import ACTORS
from sim.analysis.spread import sets_of
from sim.report.labels import month_words
from sim.report.markup import Content, Markup, el, render
from sim.report.numbers import NOTHING, decimals, number, of_100, signed
from sim.report.tables import Row, folded, table

if TYPE_CHECKING:
    import xarray as xr

_SHOWN: Final = 0.005
"""Change of a probability below which a level is not worth a sentence."""
_WORTH: Final = 0.005
"""Change of a payoff term below which it is not worth one."""


@dataclass(frozen=True)
class Told:
    """A mean over worlds with its Monte Carlo error.

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
    """One level of a lever in a month.

    Attributes:
        actor: whose lever.
        lever: which.
        level: which.
        likely: probability with which it was weighed, mean over worlds where the lever is open.
        chosen: share of those worlds in which it was drawn.
        since: change of the probability from the month before, None in the first.
        against: change from the baseline, None for the baseline itself.
        open_in: share of worlds in which the lever left a choice.
    """

    actor: str
    lever: str
    level: str
    likely: Told
    chosen: float
    since: Told | None
    against: Told | None
    open_in: float


@dataclass(frozen=True)
class Term:
    """One term of an actor's payoff in a month.

    Attributes:
        actor: whose.
        name: of the incentive.
        worth: mean over worlds.
        since: change from the month before, None in the first.
        against: change from the baseline, None for the baseline itself.
    """

    actor: str
    name: str
    worth: Told
    since: Told | None
    against: Told | None


@dataclass(frozen=True)
class Reasons:
    """What is recorded of how all actors came to move as they did.

    Attributes:
        month: as `2024-03`.
        levels: every level of every lever.
        terms: every term of every payoff.
    """

    month: str
    levels: tuple[Level, ...]
    terms: tuple[Term, ...]


def reasons(ds: xr.Dataset, month: str, baseline: xr.Dataset | None = None) -> Reasons:
    """Why actors moved in a month, from what was recorded of it.

    Args:
        ds: worlds of a setting, as `Snapshot.dataset` gives them.
        month: as `2024-03`, one of the run's.
        baseline: the same worlds of the baseline, unless the setting is the baseline.

    Raises:
        LookupError: the run has no such month.
    """
    dates = [str(date)[:7] for date in ds["month"].values]
    if month not in dates:
        raise LookupError(f"the run has no month {month}; it goes from {dates[0]} to {dates[-1]}")
    at = dates.index(month)
    sets = sets_of(ds)
    likely, chance = ds["probability"].values, ds["conduct"].values
    other = None if baseline is None else baseline["probability"].values[:, at]
    chosen = ds["choice"].isel(month=at)
    levels = []
    for k, conduct in enumerate(chance):
        actor, lever, level = str(conduct).split(".")
        drawn = chosen.sel(actor=actor, lever=lever).values
        alive = drawn >= 0
        rank = [str(c) for c in chance if str(c).startswith(f"{actor}.{lever}.")].index(
            str(conduct)
        )
        now = likely[:, at, k]
        if not alive.any():
            continue
        levels.append(
            Level(
                actor,
                lever,
                level,
                _told(now[alive], sets[alive]),
                float((drawn[alive] == rank).mean()),
                None if at == 0 else _told(now - likely[:, at - 1, k], sets),
                None if other is None else _told(now - other[:, k], sets),
                float(alive.mean()),
            )
        )
    worth = ds["term"].values
    base = None if baseline is None else baseline["term"].values[:, at]
    terms = [
        Term(
            str(name).partition(".")[0],
            str(name).partition(".")[2],
            _told(worth[:, at, k], sets),
            None if at == 0 else _told(worth[:, at, k] - worth[:, at - 1, k], sets),
            None if base is None else _told(worth[:, at, k] - base[:, k], sets),
        )
        for k, name in enumerate(ds["term_of"].values)
    ]
    return Reasons(month, tuple(levels), tuple(terms))


def _told(values: np.ndarray, sets: np.ndarray) -> Told:
    mean, error, _ = mean_interval(np.asarray(values, dtype=np.float64), sets)
    return Told(mean, error)


def told(found: Reasons, title: str, base: str | None, worlds: int) -> Markup:
    """Reasons as the page shows them: a sentence an actor, then the tables.

    Args:
        found: the reasons.
        title: of the setting.
        base: title of the baseline, None if the setting is the baseline.
        worlds: how many.
    """
    blocks: list[Content] = []
    for actor, words in ACTORS.items():
        levels = [one for one in found.levels if one.actor == actor]
        terms = [one for one in found.terms if one.actor == actor]
        blocks.append(
            el(
                "section",
                el("h3", words),
                el("p", _sentence(words, levels, base), class_="lead"),
                _payoff_sentence(terms, base),
                _likeliest(levels, base, f"{words}: the likeliest level of each lever"),
                folded(
                    f"{words}’s levels and payoff in numbers",
                    _levels(levels, base, f"{words}: levers, of 100 worlds in which they are open"),
                    _terms(terms, base, f"{words}: payoff by term, mean over worlds"),
                ),
                class_="actor",
                aria_label=words,
            )
        )
    month = month_words(f"{found.month}-01")
    return render(
        [
            el(
                "p",
                f"“{title}” in {month}, means over {worlds:,} worlds. A probability is what the "
                "actor’s weighing gave a level before one was drawn. Changes are paired world by "
                "world, in points of a hundred for levels; those that twice their Monte "
                "Carlo error does not tell from zero are grey.",
                class_="caption",
            ),
            el("div", blocks, class_="grid reasons"),
        ]
    )


def _sentence(who: str, levels: Sequence[Level], base: str | None) -> str:
    """Which lever moved most, since the month before and against the baseline."""
    if not levels:
        return f"{who} has nothing to choose in any world."
    parts = [_most_moved(levels, "since", "since the month before")]
    if base is not None:
        parts.append(_most_moved(levels, "against", f"against “{base}”"))
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}."


def _likeliest(levels: Sequence[Level], base: str | None, caption: str) -> Markup:
    """One row a lever: the level that is likeliest, and how far its probability moved."""
    best: dict[str, Level] = {}
    for one in levels:
        kept = best.get(one.lever)
        if kept is None or one.likely.mean > kept.likely.mean:
            best[one.lever] = one
    head: list[Content] = ["Likeliest level", "of 100", "since last month"]
    if base:
        head.append("against baseline")
    rows: list[Row] = []
    for one in best.values():
        cells: list[Content] = [el("td", of_100(one.likely.mean))]
        cells.append(_cell(one.since, _points(one.since) if one.since else ""))
        if base:
            cells.append(_cell(one.against, _points(one.against) if one.against else ""))
        rows.append(el("tr", el("th", _lever(one), scope="row"), cells))
    return table(caption, head, rows)


def _most_moved(levels: Sequence[Level], which: str, words: str) -> str:
    moved = [
        (one, change)
        for one in levels
        if (change := getattr(one, which)) is not None and change.clear
    ]
    if not moved:
        return f"no lever moves clearly {words}"
    one, change = max(moved, key=lambda pair: abs(pair[1].mean))
    if abs(change.mean) < _SHOWN:
        return f"no lever moves by as much as half a point {words}"
    return f"{_lever(one)} moves most {words} ({_points(change)} points)"


def _lever(one: Level) -> str:
    return f"{one.lever.replace('_', ' ')} “{one.level.replace('_', ' ')}”"


def _points(change: Told) -> str:
    error = None if change.error is None else change.error * 100
    size = change.mean * 100
    text = signed(size, max(0, min(decimals(error, size), 1)))
    return text if any(digit in text for digit in "123456789") else "≈0"


def _payoff_sentence(terms: Sequence[Term], base: str | None) -> Content:
    which, words = ("against", f"against “{base}”") if base else ("since", "since the month before")
    moved = [
        (one, change)
        for one in terms
        if (change := getattr(one, which)) is not None
        and change.clear
        and abs(change.mean) >= _WORTH
    ]
    if not moved:
        return el("p", f"No term of its payoff differs clearly {words}.", class_="note")
    ranked = sorted(moved, key=lambda pair: -abs(pair[1].mean))[:3]
    said = ", ".join(f"{one.name.replace('_', ' ')} {_size(change)}" for one, change in ranked)
    return el("p", f"Its payoff {words}: {said}.", class_="note")


def _size(change: Told) -> str:
    text = signed(change.mean, min(decimals(change.error, change.mean), 3))
    return text if any(digit in text for digit in "123456789") else "≈0"


def _cell(change: Told | None, text: str) -> Markup:
    if change is None:
        return el("td", NOTHING, class_="muted")
    return el("td", text, class_=None if change.clear else "muted")


def _levels(levels: Sequence[Level], base: str | None, caption: str) -> Markup:
    head: list[Content] = ["Lever and level", "likely", "chosen", "since last month"]
    if base:
        head.append("against baseline")
    rows: list[Row] = []
    for one in levels:
        cells: list[Content] = [
            el("td", of_100(one.likely.mean)),
            el("td", of_100(one.chosen)),
            _cell(one.since, _points(one.since) if one.since else ""),
        ]
        if base:
            cells.append(_cell(one.against, _points(one.against) if one.against else ""))
        rows.append(el("tr", el("th", _lever(one), scope="row"), cells))
    return table(caption, head, rows)


def _terms(terms: Sequence[Term], base: str | None, caption: str) -> Markup:
    head: list[Content] = ["Term", "worth", "since last month"]
    if base:
        head.append("against baseline")
    rows: list[Row] = []
    for one in terms:
        worth = number(one.worth.mean, min(decimals(one.worth.error, one.worth.mean), 3))
        cells: list[Content] = [
            el("td", worth),
            _cell(one.since, _size(one.since) if one.since else ""),
        ]
        if base:
            cells.append(_cell(one.against, _size(one.against) if one.against else ""))
        rows.append(el("tr", el("th", one.name.replace("_", " "), scope="row"), cells))
    return table(caption, head, rows)
