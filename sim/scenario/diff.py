"""What differs between two scenarios."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sim.scenario.registry import CLAIMS
from sim.scenario.scenario import Event, Move, Scenario
from sim.scenario.values import Value

type Setting = Value | str | int | Event | Move | None


@dataclass(frozen=True)
class Difference:
    """One setting that two scenarios do not share.

    Attributes:
        where: its dotted name; `events` and `moves` for a dated item that only one of them has.
        a: what the first has, None if it has nothing.
        b: what the second has, None if it has nothing.
    """

    where: str
    a: Setting
    b: Setting

    def __str__(self) -> str:
        return f"{self.where}: {_say(self.a)} -> {_say(self.b)}"


def diff(a: Scenario, b: Scenario) -> list[Difference]:
    """Every setting in force that differs; names and texts are no settings.

    A claim that only one of the two switches off is listed together with the parameters that it
    makes neutral and the events that it leaves out.

    Args:
        a: the first scenario, usually the baseline.
        b: the second.
    """
    pairs: list[tuple[str, Setting, Setting]] = [
        ("start", str(a.start), str(b.start)),
        ("months", a.months, b.months),
        ("horizon", a.horizon, b.horizon),
        *((f"claims.{c}", _switch(a, c), _switch(b, c)) for c in CLAIMS),
        *(
            (f"actors.{actor}.plays", a.plays.get(actor), b.plays.get(actor))
            for actor in dict.fromkeys((*a.plays, *b.plays))
        ),
        *(
            (name, a.parameters.get(name), b.parameters.get(name))
            for name in dict.fromkeys((*a.parameters, *b.parameters))
        ),
    ]
    return [
        *(Difference(where, one, two) for where, one, two in pairs if one != two),
        *_dated("events", a.events, b.events),
        *_dated("moves", a.moves, b.moves),
    ]


def _switch(scenario: Scenario, claim: str) -> str:
    return "off" if claim in scenario.claims_off else "on"


def _dated(
    where: str, a: tuple[Event, ...] | tuple[Move, ...], b: tuple[Event, ...] | tuple[Move, ...]
) -> Iterator[Difference]:
    for item in a:
        if item not in b:
            yield Difference(where, item, None)
    for item in b:
        if item not in a:
            yield Difference(where, None, item)


def _say(setting: Setting) -> str:
    if isinstance(setting, float):
        return f"{setting:g}"
    return "nothing" if setting is None else str(setting)
