"""The chronicle of a world in plain sentences: its events, and the turns on which most hung."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

from agents import menus
from sim.analysis.history import Stand, World
from sim.analysis.medoid import Medoid
from sim.analysis.outcomes import STATUS
from sim.analysis.turns import MOST, Chronicle, Event, Turn
from sim.report.deeds import actor_words, deed, words
from sim.report.labels import month_words
from sim.report.numbers import listed, number, of_100, signed
from sim.scenario.shocks import SHOCKS

TERMS: Final = 3
"""Payoff terms named of a turn, at most."""
LEAST: Final = 0.005
"""Parts of a turn's worth, in units of scale, that are too small to name."""

ENDINGS: Final = {
    "active": "The fighting resumes",
    "ceasefire": "A ceasefire ends the fighting",
    "settled": "A settlement ends the war",
    "breakthrough_russia": "Russia breaks through; the war is over",
    "breakthrough_ukraine": "Ukraine breaks through; the war is over",
}
_ACCESS: Final = ("no Russian troops", "hosting Russian troops", "a launch pad")
_VOICE: Final = ("", "championing Moscow’s terms")


@dataclass(frozen=True)
class Entry:
    """One thing told of a world.

    Attributes:
        month: as YYYY-MM.
        kind: a turn, where the world stands at a year's end, or a kind of event.
        actor: whose turn it is.
        text: in sentences.
        data: the same as numbers and names, fit for JSON: of a turn its lever, the levels `before`
            and `after`, its `worth` and the `terms` that add up to it.
    """

    month: str
    kind: Literal["turn", "stand", "shock", "held", "entry", "nuclear", "deal", "status"]
    actor: str | None
    text: str
    data: dict[str, Any]


def entries(chronicle: Chronicle, most: int = MOST) -> list[Entry]:
    """What is told of a world, month by month.

    Args:
        chronicle: from `sim.analysis.turns.chronicle`.
        most: turns to tell.
    """
    turns = chronicle.greatest(most)
    out = []
    for lived in chronicle.months:
        out += [_event(one) for one in chronicle.events if one.month == lived.month]
        out += [_turn(one) for one in turns if one.month == lived.month]
        if lived.month.month == 12 and lived is not chronicle.months[-1]:
            text = f"At the end of the year: {stand_words(lived.after)}"
            out.append(Entry(str(lived.month), "stand", None, text, asdict(lived.after)))
    return out


def opening(chronicle: Chronicle, title: str, found: Medoid | None, worlds: int) -> list[str]:
    """Which world it is, why this one, and where it begins.

    Args:
        chronicle: what is told.
        title: of the scenario.
        found: how the world was chosen; None if it was asked for.
        worlds: of the run in which it was found.
    """
    first, last = chronicle.months[0], chronicle.months[-1]
    return [
        f"{world_words(chronicle.world, title)}, {month_words(str(first.month))} to "
        f"{month_words(str(last.month))}." + (f" {why(found, worlds)}" if found else ""),
        f"It begins so: {stand_words(first.before)}",
    ]


def world_words(world: World, title: str) -> str:
    """A world, or the future of one, by number and title."""
    what = "World" if world.fork is None else "Future"
    return f"{what} {world.index:,} of “{title}”"


def closing(chronicle: Chronicle, most: int = MOST) -> list[str]:
    """Where the world ends, and what was left out."""
    last = chronicle.months[-1]
    told = chronicle.greatest(most)
    left = sorted(
        (turn.weight for turn in chronicle.turns if turn not in told), key=lambda weight: -weight
    )
    russia, ukraine = last.after.casualties
    out = [
        f"It ends so: {stand_words(last.after)} Killed and wounded since the war began: "
        f"{number(russia, -1)} thousand Russians, {number(ukraine, -1)} thousand Ukrainians."
    ]
    if told:
        out.append(
            f"Told are {len(told)} of {len(chronicle.turns)} turns, those on which most hung"
            + (f"; on none of the others hung more than {number(left[0], 2)}." if left else ".")
            + " Worth: how much better or worse the actor could expect to fare than with this one "
            "lever left alone, and the terms of its payoff that make the most of that, in units of "
            "its scale. Chance: of this level, as the actor weighed it."
        )
    return out


def why(found: Medoid, worlds: int) -> str:
    """Why this world and no other is told."""
    if worlds == 1:
        return "It is the one world of the run."
    among = f"the first {found.of:,} of {worlds:,}" if found.of < worlds else f"{worlds:,}"
    if found.worlds == 1:
        return f"Of {among} worlds the only one that ends so: {_status(found.ending)}."
    group = (
        f"Of {among} worlds"
        if found.ending is None
        else f"Of the {found.worlds:,} of {among} worlds that end so ({_status(found.ending)})"
    )
    return (
        f"{group} it is the one most like the others: from their headline outcomes it lies "
        f"{number(found.distance, 2)} standard deviations away on average, half of them lie more "
        f"than {number(found.typical, 2)} away."
    )


def stand_words(stand: Stand) -> str:
    """Where a world stands, in a sentence."""
    belarus = " Belarus is in the war." if stand.entered else ""
    return (
        f"{STATUS[stand.status]}. Russia holds {number(stand.front * 100, 1)} % of Ukraine’s "
        f"territory and pays Belarus USD {number(stand.transfers, 1)} bn a year; aid to Ukraine is "
        f"{number(stand.aid, 1)} times that of 2023.{belarus}"
    )


def terms_words(terms: dict[str, float], most: int = TERMS) -> str:
    """The greatest parts of a worth: "rents +0.50, sanctions −0.33"."""
    named = [(name, part) for name, part in terms.items() if abs(part) >= LEAST]
    return ", ".join(f"{words(name)} {signed(part, 2)}" for name, part in named[:most])


def _turn(turn: Turn) -> Entry:
    # of two levels, the one left goes without saying
    said = len(menus()[turn.actor][turn.lever]) > 2
    how = f" (before: {words(turn.before)})" if said else ""
    if turn.lapse:
        how += ", for a month only" if turn.stood == 1 else f", for {turn.stood} months only"
    parts = terms_words(turn.terms)
    told = f": {parts}" if parts else ""
    text = (
        f"{deed(turn.actor, turn.lever, turn.after)}{how}. Worth {signed(turn.worth, 2)} to it"
        f"{told}. Chance {of_100(turn.chance)} in 100."
    )
    data = asdict(turn) | {"month": str(turn.month), "weight": turn.weight}
    return Entry(str(turn.month), "turn", turn.actor, text, data)


def _event(event: Event) -> Entry:
    data = asdict(event) | {"month": str(event.month)}
    actor = str(event.before[0]) if event.kind == "held" else None
    return Entry(str(event.month), event.kind, actor, _event_words(event), data)


def _event_words(event: Event) -> str:
    match event.kind:
        case "shock":
            sizes = [
                f"{words(name.replace('.', ' '))} {signed(size, 2)} ({SHOCKS[name].unit})"
                for name, size in event.sizes.items()
            ]
            note = f" ({event.note})" if event.note else ""
            return f"A shock of the scenario{note}: {', '.join(sizes)}."
        case "held":
            actor, lever = (str(word) for word in event.before)
            level, last = (str(word) for word in event.after)
            until = month_words(last)
            return (
                f"By order of the scenario, until {until}: {actor_words(actor)}’s "
                f"{words(lever)} is {words(level)}."
            )
        case "entry":
            return "Belarus is in the war."
        case "nuclear":
            return "Russian nuclear arms are in Belarus."
        case "deal":
            return f"Minsk and Moscow sign a new deal: {_deal(event.after)}."
        case "status":
            return f"{ENDINGS[str(event.after[0])]}."


def _deal(deal: Sequence[str | float]) -> str:
    scale, access, voice = (float(part) for part in deal)
    promised = listed([_ACCESS[int(access)], *filter(None, [_VOICE[int(voice)]])])
    return f"{number(scale, 1)} times the transfers of 2023 against {promised}"


def _status(flag: str | None) -> str:
    word = STATUS[flag or "active"]
    return word[0].lower() + word[1:]
