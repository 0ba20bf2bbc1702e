"""What is done otherwise on another path of a world: the first thing that a fork is asked."""

from collections.abc import Mapping, Sequence
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
        shares: actor and lever -> share of futures in which it is set elsewhere in some month.
        held: levers that the other path holds by order -> the last month, "" for to the end.
        futures: how many there are.
        run: name of the run in which the choices can be explained.
    """

    levers: Sequence[Otherwise]
    shares: dict[tuple[str, str], float]
    held: Mapping[tuple[str, str], str]
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


def what_is_done(told: Told) -> Part:
    """The section."""
    content = section(NAME, TITLE, el("p", _caption(told), class_="caption"), _table(told))
    return Part(NAME, "Done otherwise", content)


def _caption(told: Told) -> list[Content]:
    free = [one for one in told.levers if (one.actor, one.lever) not in told.held]
    chosen = [one for one in free if one.now != MASKED]
    if free:
        text = (
            "Levers that come to stand elsewhere, both paths under the world’s own chance. What is "
            "neither held by order nor without a choice was chosen: what changed made another "
            "option the better one, or moved its odds enough for the same chance to fall elsewhere."
        )
    else:
        text = "Under the world’s own chance nobody does anything otherwise for it."
    if any(MASKED in (one.was, one.now) for one in told.levers):
        text += f" “{MASKED.capitalize()}”: the state of the world leaves none."
    if told.futures > 1:
        text += (
            " Last column: futures in which the lever is set elsewhere in some month in which it "
            "leaves a choice on both paths."
        )
        if _more(told):
            text += " The last rows are levers that do so in other futures only."
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
    head = [*HEAD, "futures"] if many else list(HEAD)
    rows: list[Row] = []
    for one in told.levers:
        which = (one.actor, one.lever)
        named, *rest = cells(one)
        row: list[Content] = [[named, _held(told, which)], *rest]
        rows.append([*row, *_share(told, which)])
    rows += [
        [whose(*which), *[NOTHING] * (len(HEAD) - 1), *_share(told, which)] for which in _more(told)
    ]
    return table("From where the paths part", head, rows, "text") if rows else None


def _held(told: Told, which: tuple[str, str]) -> Content:
    last = told.held.get(which)
    if last is None:
        return None
    until = f" to {month_words(last, full=False)}" if last else ""
    return [" ", el("span", f"held by order{until}", class_="tag")]


def _share(told: Told, which: tuple[str, str]) -> list[Content]:
    return [of_worlds(told.shares[which], told.futures)] if told.futures > 1 else []
