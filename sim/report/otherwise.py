"""What is done otherwise on another path of a world: the first thing that a fork is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sim.analysis.paths import MASKED, Otherwise
from sim.report.deeds import actor_words, lever_words, words
from sim.report.labels import month_words
from sim.report.markup import Content, Markup, el
from sim.report.numbers import NOTHING, of_worlds
from sim.report.pieces import Part, section
from sim.report.tables import Row, table

NAME: Final = "otherwise"
TITLE: Final = "What is done otherwise"
HEAD: Final = ("", "first in", "was", "now", "months in all")


@dataclass(frozen=True)
class Told:
    """What a page says of two paths.

    Attributes:
        levers: those that stand elsewhere under the world's own chance.
        shares: actor and lever -> share of futures in which it stands elsewhere in some month.
        held: levers that the other path holds by order.
        futures: how many there are.
        run: name of the run in which the choices can be explained.
    """

    levers: Sequence[Otherwise]
    shares: dict[tuple[str, str], float]
    held: frozenset[tuple[str, str]]
    futures: int
    run: str


def whose(actor: str, lever: str) -> str:
    """A lever and its actor, as "Russia’s support for Minsk"."""
    return f"{actor_words(actor)}’s {lever_words(lever)}"


def cells(one: Otherwise) -> list[str]:
    """A row of the table, as the terminal has it too; `HEAD` says what stands where."""
    month = month_words(one.month, full=False)
    named = whose(one.actor, one.lever)
    return [named, month, words(one.was), words(one.now), str(one.months)]


def done_otherwise(told: Told) -> Part:
    """The section."""
    content = section(NAME, TITLE, el("p", _caption(told), class_="caption"), _table(told))
    return Part(NAME, "Done otherwise", content)


def _caption(told: Told) -> list[Content]:
    free = [one for one in told.levers if (one.actor, one.lever) not in told.held]
    chosen = [one for one in free if one.now != MASKED]
    if not free and not _more(told):
        return ["Under the world’s own chance nobody does anything otherwise for it."]
    text = (
        "Levers that come to stand elsewhere, both paths under the world’s own chance. Those not "
        "held by order were chosen: what changed made another option the better one, or moved its "
        "odds enough for the same chance to fall elsewhere."
    )
    if any(MASKED in (one.was, one.now) for one in told.levers):
        text += " Where a lever is closed, the state of the world leaves nothing to choose."
    if told.futures > 1:
        text += " Last column: futures in which the lever stands elsewhere in some month."
    if not chosen:
        return [text]
    first = chosen[0]
    command = f"fulcrum explain {told.run} --world 0 --month {first.month} --actor {first.actor}"
    return [text, " Why, option by option: ", el("code", command)]


def _more(told: Told) -> list[tuple[str, str]]:
    """Levers that stand elsewhere in other futures only, the commonest first."""
    known = {(one.actor, one.lever) for one in told.levers}
    found = [which for which, share in told.shares.items() if share and which not in known]
    return sorted(found, key=lambda which: -told.shares[which])


def _table(told: Told) -> Markup | None:
    many = told.futures > 1
    head = [*HEAD, f"of {min(told.futures, 100)} futures"] if many else list(HEAD)
    rows: list[Row] = []
    for one in told.levers:
        which = (one.actor, one.lever)
        named, *rest = cells(one)
        held = [" ", el("span", "held by order", class_="tag")] if which in told.held else None
        row: list[Content] = [[named, held], *rest]
        rows.append([*row, *_share(told, which)])
    rows += [
        [whose(*which), *[NOTHING] * (len(HEAD) - 1), *_share(told, which)] for which in _more(told)
    ]
    return table("From where the paths part", head, rows, "text") if rows else None


def _share(told: Told, which: tuple[str, str]) -> list[Content]:
    return [of_worlds(told.shares[which], told.futures)] if told.futures > 1 else []
