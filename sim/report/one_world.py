"""One world of a run, told: the one most like all others, its turns, and what hung on the greatest.

Bands and shares say how worlds differ; a world says how one thing leads to another.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final

import xarray as xr

from sim.analysis.history import OtherWorldError, World, live
from sim.analysis.medoid import Medoid, medoid
from sim.analysis.spread import varied
from sim.analysis.turns import Chronicle, Turn, chronicle
from sim.analysis.why import Mean
from sim.kernel import Engine
from sim.report.chronicle import closing, entries, opening
from sim.report.deeds import actor_words, deed, words
from sim.report.labels import month_words
from sim.report.markup import Content, Markup, el
from sim.report.numbers import signed
from sim.report.pieces import Part, chart, panel, section
from sim.report.tables import folded, table
from sim.report.theme import HUES, Json
from sim.report.waterfall import SMALL, Bar, places_of, values_of, waterfalls

if TYPE_CHECKING:
    from sim.scenario import Scenario

NAME: Final = "story"
TITLE: Final = "One world, told"
TURNS: Final = 6
"""Turns that are told."""
AMONG: Final = 2048
"""Worlds among which it is looked for; the cost grows with their square."""


def one_world(run: xr.Dataset, scenario: "Scenario", title: str, engine: Engine = "numpy") -> Part:
    """The section.

    Args:
        run: the run.
        scenario: that was run.
        title: of it, as the page says it.
        engine: what steps the world again.
    """
    among = run.isel(world=slice(0, AMONG))
    found, how = medoid(among), varied(run)
    world = World(scenario, found.world, int(run.attrs["seed"]), how.draws, how.vary)
    try:
        lived = list(live(world, recorded=run, engine=engine, movers=True))
    except OtherWorldError as error:
        note = el("p", f"No world can be told: {error}.", class_="note")
        return Part(NAME, "One world", section(NAME, TITLE, note))
    return told(chronicle(world, lived), title, found, run.sizes["world"])


def told(story: Chronicle, title: str, found: Medoid, worlds: int) -> Part:
    """The section, from a world that is known.

    Args:
        story: the world.
        title: of the scenario.
        found: how the world was chosen.
        worlds: of the run.
    """
    greatest = story.greatest(1)
    picture, charts = _picture(greatest[0]) if greatest else (None, {})
    content = section(
        NAME,
        TITLE,
        [el("p", words_, class_="reason") for words_ in opening(story, title, found, worlds)],
        el("dl", _months(story), class_="story"),
        [
            el("p", words_, class_="note" if rank else "reason")
            for rank, words_ in enumerate(closing(story, TURNS))
        ],
        picture,
    )
    return Part(NAME, "One world", content, charts)


def _months(story: Chronicle) -> list[Content]:
    """What happened, month by month."""
    out: list[Content] = []
    for month, group in groupby(entries(story, TURNS), lambda entry: entry.month):
        out.append(el("dt", month_words(month)))
        out.append(el("dd", [el("p", entry.text) for entry in group]))
    return out


def _picture(turn: Turn) -> tuple[Content, dict[str, Json]]:
    """What hung on a turn, term by term."""
    bars = _bars(turn)
    [picture] = waterfalls([bars], ("better left alone", "better moved"))
    what = deed(turn.actor, turn.lever, turn.after)
    month = month_words(str(turn.month))
    parts = "; ".join(
        f"{bar.label} {value}" for bar, value in zip(bars, values_of(bars), strict=True)
    )
    alt = f"{what}, {month}: what that was worth to it more than leaving the lever alone. {parts}."
    slot = f"{NAME}-turn"
    content = [
        el("h3", "The turn on which most hung"),
        el(
            "p",
            f"{what} in {month} (before: {words(turn.before)}). What that was worth to "
            f"{actor_words(turn.actor)} more than to leave this one lever alone, by payoff term, "
            "in units of its scale. The terms add up; this is one world, so there is no interval.",
            class_="caption",
        ),
        panel(None, chart(slot, alt, picture["layout"]["height"])),
        folded("Table: the same in numbers", _numbers(turn)),
    ]
    return content, {slot: {"chart": picture, "alt": alt, "title": f"{what}, {month}"}}


def _bars(turn: Turn) -> list[Bar]:
    parts = {name: part for name, part in turn.terms.items() if part}
    small = [name for name, part in parts.items() if abs(part) < SMALL]
    small = small if len(small) > 1 else []
    bars = [Bar(words(name), Mean(part)) for name, part in parts.items() if name not in small]
    if small:
        rest = sum(parts[name] for name in small)
        bars.append(Bar(f"{len(small)} smaller terms", Mean(rest)))
    return [*bars, Bar("in all", Mean(turn.worth), HUES[0])]


def _numbers(turn: Turn) -> Markup:
    places = places_of([])
    rows: list[Sequence[Content]] = [
        [words(name), signed(part, places)] for name, part in turn.terms.items()
    ]
    rows.append(["in all", signed(turn.worth, places)])
    return table("Worth of the turn, units of the actor’s scale", ["Term", "Worth"], rows)
