"""The tab that tells why actors moved: a month and a world to choose, then the reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sim.explorer.inquiries import Inquiry
from sim.explorer.pictures import Numbers
from sim.explorer.state import HIGHEST_WORLD, View
from sim.explorer.why import Looked, chosen, otherwise, told
from sim.report.labels import month_words
from sim.report.markup import Content, Markup, el, render

if TYPE_CHECKING:
    import xarray as xr

    from sim.analysis.decision import Decision


def why_page(
    view: View,
    now: Numbers,
    month: str,
    inquiries: Sequence[Inquiry],
    found: Sequence[Mapping[str, Decision] | None],
) -> Markup:
    """What the tab shows.

    Args:
        view: that is shown.
        now: its worlds.
        month: whose reasons are read, as `2024-03`.
        inquiries: into the world that is looked into: the setting's, then the baseline's; none
            while it is not known which world that is.
        found: what came of them so far.
    """
    datasets, titles = now.comparison.datasets, now.digest.titles
    at = 1 if view.own else 0
    ds, base = datasets[at], datasets[0] if at else None
    world = inquiries[0].world if inquiries else view.world
    mine, other = (found[0], found[-1]) if found else (None, None)
    looked = None
    if world is not None and mine is not None and other is not None:
        looked = Looked(world, mine, other if at else {}, titles[0])
    parts: list[Content] = [
        _pickers(ds, month, world),
        el("p", _caption(view, titles[at], month, now.digest.worlds), class_="caption"),
    ]
    if looked is None:
        parts.append(el("p", _waiting(world), class_="note", role="status"))
    parted = None if base is None else otherwise(ds, month, base)
    parts.append(told(chosen(ds, month, base), parted, now.digest.worlds, looked))
    return render(parts)


def _pickers(ds: xr.Dataset, month: str, world: int | None) -> Markup:
    months = [str(date)[:7] for date in ds["month"].values]
    options = [
        el("option", month_words(f"{one}-01"), value=one, selected=one == month) for one in months
    ]
    return el(
        "p",
        el("label", "Month", for_="why-month"),
        el("select", options, id="why-month", data_act="month"),
        el("label", "World", for_="why-world"),
        el(
            "input",
            type="number",
            id="why-world",
            data_act="world",
            min=0,
            max=HIGHEST_WORLD,
            step=1,
            value="" if world is None else world,
        ),
        el(
            "button",
            "Most like the others",
            type="button",
            id="do-world-",
            data_act="world",
            data_value="",
        ),
        class_="picker",
    )


def _caption(view: View, title: str, month: str, worlds: int) -> Content:
    how = "asked for" if view.world is not None else f"most like the others of {worlds:,}"
    return [
        f"“{title}” in {month_words(f'{month}-01')}. The reasons are those of one world, the one "
        f"{how}: every option open to an actor was weighed anew, and the bars add up to what its "
        "choice was worth beyond the next best. For the saved file ",
        el("code", "fulcrum explain"),
        " prints the same numbers. A click on a month in a picture above leads to it.",
    ]


def _waiting(world: int | None) -> str:
    if world is None:
        return "Which world is most like all others is known when all are there."
    return f"Weighing the options of world {world:,} anew …"
