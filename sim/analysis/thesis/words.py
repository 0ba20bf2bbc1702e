"""Where a verdict flips: in a sentence with counts, and in a few words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from sim.analysis.thesis.flips import Moving, Part
from sim.analysis.thesis.verdicts import Judged
from sim.scenario.registry import load_registry

_PLACES = {2: ("lower half", "upper half"), 3: ("lowest third", "middle third", "highest third")}
_FIFTHS = ("lowest fifth", "second fifth", "middle fifth", "fourth fifth", "highest fifth")


def flip_sentence(judged: Judged, named: Sequence[Moving], looked_at: int) -> str:
    """Which parameters matter most, and whether the verdict flips with them."""
    grid = grid_words(judged) if "grid" in judged.beside else []
    by_grid = [f"{'; '.join(grid).capitalize()}."] if grid else []
    if named:
        return " ".join([*by_grid, *(_about(one, judged) for one in named)])
    nothing = (
        f"None of {looked_at} uncertain parameters moves the share of sets by more than chance "
        "would among so many."
    )
    return " ".join([*by_grid, nothing])


def flip_brief(judged: Judged, named: Sequence[Moving], looked_at: int) -> str:
    """Where a verdict would be another, in a few words."""
    said = [
        f"{where} where {one.name} is {' or '.join(spans)}"
        for one in named
        for where, spans in _elsewhere(one, judged).items()
    ]
    if not said:
        moved = f"; {named[0].name} moves it most" if named else ""
        said = [f"with none of {looked_at} parameters{moved}"]
    if "grid" in judged.beside:
        said += grid_words(judged)
    if "variants" in judged.beside:
        said.append(_over(judged.beside["variants"]))
    return "; ".join(said)


def grid_words(judged: Judged) -> list[str]:
    """Points of a grid at which another verdict would hold, and what they have in common."""
    axes, grid = judged.beside["axes"], judged.beside["grid"]
    out = []
    for said in dict.fromkeys(point["verdict"] for point in grid):
        mine = [point for point in grid if point["verdict"] == said]
        if said == judged.verdict:
            continue
        levels = [(axis, {point[axis] for point in mine}) for axis in axes]
        shared = [f"{axis} {next(iter(held))}" for axis, held in levels if len(held) == 1]
        where = f" ({', '.join(shared)})" if shared else ""
        out.append(f"{said} at {len(mine)} of {len(grid)} points of the grid{where}")
    return out


def _over(variants: Mapping[str, Mapping[str, Any]]) -> str:
    """Structural variants by what each says alone."""
    each: dict[str, list[str]] = {}
    for name, found in variants.items():
        each.setdefault(found["verdict"], []).append(name.replace("_", " "))
    if len(each) == 1:
        return f"{next(iter(each))} in all {len(variants)} variants"
    return "variants: " + "; ".join(f"{said} {', '.join(names)}" for said, names in each.items())


def _elsewhere(one: Moving, judged: Judged) -> dict[str, list[str]]:
    """Another verdict -> stretches of a parameter in which it would hold."""
    out: dict[str, list[str]] = {}
    for said, neighbours in groupby(one.parts, lambda part: part.verdict):
        stretch = [*neighbours]
        if said == judged.verdict:
            continue
        low, high = f"{stretch[0].low:.3g}", f"{stretch[-1].high:.3g}"
        if stretch[0] is one.parts[0]:
            out.setdefault(said, []).append(f"up to {high}")
        elif stretch[-1] is one.parts[-1]:
            out.setdefault(said, []).append(f"{low} or more")
        else:
            out.setdefault(said, []).append(f"{low} to {high}")
    return out


def _about(one: Moving, judged: Judged) -> str:
    meaning = next(p.meaning for p in load_registry() if p.name == one.name)
    least = min(range(len(one.parts)), key=lambda k: one.parts[k].share.value)
    most = max(range(len(one.parts)), key=lambda k: one.parts[k].share.value)
    said = [_part(one, k) for k in (most, least)]
    flips = [k for k, part in enumerate(one.parts) if part.verdict != judged.verdict]
    words = f"{one.name} ({meaning}): {said[0]}, against {said[1]}."
    if not flips:
        return f"{words} The verdict is {judged.verdict} in each."
    where: dict[str, list[str]] = {}
    for k in flips:
        where.setdefault(one.parts[k].verdict, []).append(_place(k, len(one.parts)))
    said_of = [f"{said} in the {' and the '.join(places)}" for said, places in where.items()]
    return f"{words} There alone it would be {', and '.join(said_of)}."


def _part(one: Moving, k: int) -> str:
    part = one.parts[k]
    span = f"{part.low:.3g}" if part.low == part.high else f"{part.low:.3g} to {part.high:.3g}"
    return f"{_hits(part)} sets hit where it is in its {_place(k, len(one.parts))} ({span})"


def _hits(part: Part) -> str:
    hits = f"{part.hits:.0f}" if float(part.hits).is_integer() else f"{part.hits:.1f}"
    return f"{hits} of {part.share.sets}"


def _place(k: int, parts: int) -> str:
    if parts == len(_FIFTHS):
        return _FIFTHS[k]
    return _PLACES[parts][k] if parts in _PLACES else f"part {k + 1} of {parts}"
