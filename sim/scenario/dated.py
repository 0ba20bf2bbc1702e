"""The dated parts of one file: events, and moves that are decided for an actor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sim.scenario.layer import Item, LayerReader, meant_claim, refused
from sim.scenario.month import Month
from sim.scenario.problems import did_you_mean, echo, listing
from sim.scenario.registry import CLAIMS
from sim.scenario.scenario import Event, Move
from sim.scenario.shocks import SHOCKS
from sim.scenario.source import KeyPath, Plain, where_of
from sim.scenario.values import read_value

OPEN_END = Month(9999, 12)
"""Last month of a move without `to`: it lasts until the run ends."""


def read_events(reader: LayerReader, value: Plain) -> None:
    """Reads the list under `events` into the layer."""
    _read_list(reader, "events", value, _event, reader.layer.events)


def read_moves(reader: LayerReader, value: Plain) -> None:
    """Reads the list under `moves` into the layer."""
    _read_list(reader, "moves", value, _move, reader.layer.moves)


def _read_list[T: (Event, Move)](
    reader: LayerReader,
    key: str,
    value: Plain,
    read: Callable[[LayerReader, KeyPath, dict[str, Plain]], T | None],
    into: list[Item[T]],
) -> None:
    path: KeyPath = (key,)
    if isinstance(value, dict) and set(value) == {"replace"}:
        reader.layer.replaces.add(key)
        path, value = (key, "replace"), value["replace"]
    if not isinstance(value, list):
        reader.say(
            path,
            f"a list is needed, {refused(value)}; it is added to the {key} of the file that this "
            "one extends, {replace: [...]} leaves those out",
        )
        return
    inherits = reader.layer.overrides or "extends" in reader.source.value
    if not value and inherits and key not in reader.layer.replaces:
        reader.say(path, f"adds nothing; to leave inherited {key} out write {{replace: []}}")
    for i, item in enumerate(value):
        here = (*path, i)
        if not isinstance(item, dict):
            reader.say(here, f"a mapping is needed, {refused(item)}")
        elif (found := read(reader, here, item)) is not None:
            fields = {name: reader.source.at(*here, name) for name in item}
            into.append(Item(found, where_of(here), reader.source.at(*here), fields))


def _has_fields(
    reader: LayerReader,
    path: KeyPath,
    item: dict[str, Plain],
    needed: Sequence[str],
    optional: Sequence[str],
) -> bool:
    """Whether all needed fields are there; reports those that are not, and unknown ones."""
    known = (*needed, *optional)
    for key in item:
        if key not in known:
            hint = did_you_mean(key, known) or f"; known are {listing(known, 'and')}"
            reader.say((*path, key), f"unknown key{hint}", key=True)
    missing = [key for key in needed if key not in item]
    if missing:
        verb = "is" if len(missing) == 1 else "are"
        reader.say(path, f"{listing(missing, 'and')} {verb} missing")
    return not missing


def _event(reader: LayerReader, path: KeyPath, item: dict[str, Plain]) -> Event | None:
    complete = _has_fields(reader, path, item, ("at", "shock"), ("note", "claim"))
    at = reader.month((*path, "at"), item["at"]) if "at" in item else None
    note = reader.text((*path, "note"), item.get("note", ""), lines=True)
    shock = _shock(reader, (*path, "shock"), item["shock"]) if "shock" in item else None
    claim = _claim(reader, (*path, "claim"), item["claim"]) if "claim" in item else ""
    if not complete or at is None or note is None or shock is None or claim is None:
        return None
    return Event(at, shock, note, claim)


def _claim(reader: LayerReader, path: KeyPath, value: Plain) -> str | None:
    """The claim that an event carries; None after noting that there is no such claim."""
    if isinstance(value, str) and value in CLAIMS:
        return value
    reader.say(path, f"{echo(value)} is no claim; they are C01 to C23{meant_claim(value)}")
    return None


def _shock(
    reader: LayerReader,
    path: KeyPath,
    value: Plain,
) -> dict[str, float] | None:
    if not isinstance(value, dict) or not value:
        example = "{attention: -0.2}"
        reader.say(path, f"what it shifts is needed, such as {example}, {refused(value)}")
        return None
    shifts: dict[str, float] = {}
    for name, written in value.items():
        here, number = (*path, name), read_value(written)
        if name not in SHOCKS:
            hint = did_you_mean(name, SHOCKS) or f"; known are {listing(list(SHOCKS), 'and')}"
            reader.say(here, f"unknown shock{hint}", key=True)
        elif not isinstance(number, float):
            reader.say(here, f"a number is needed, {refused(written)}")
        elif number == 0.0:
            reader.say(here, "a shift by 0 changes nothing; leave it out")
        elif not SHOCKS[name].low <= number <= SHOCKS[name].high:
            known = SHOCKS[name]
            reader.say(
                here, f"{number:g} lies outside {known.low:g} to {known.high:g} ({known.unit})"
            )
        else:
            shifts[name] = number
    if len(shifts) < len(value):
        return None
    return {name: shifts[name] for name in SHOCKS if name in shifts}


def _move(reader: LayerReader, path: KeyPath, item: dict[str, Plain]) -> Move | None:
    complete = _has_fields(reader, path, item, ("actor", "from", "lever", "level"), ("to",))
    first = reader.month((*path, "from"), item["from"]) if "from" in item else None
    last = reader.month((*path, "to"), item["to"]) if "to" in item else OPEN_END
    backwards = first is not None and last is not None and last < first
    if backwards:
        reader.say((*path, "to"), f"the move ends in {last}, before it begins in {first}")
    chosen = _choice(reader, path, item)
    if not complete or first is None or last is None or backwards or chosen is None:
        return None
    actor, lever, level = chosen
    return Move(actor, first, last, lever, level)


def _choice(
    reader: LayerReader, path: KeyPath, item: dict[str, Plain]
) -> tuple[str, str, str] | None:
    """Actor, lever and level of a move, each looked up in what the one before offers."""
    offered: Any = reader.vocabulary.levers
    chosen: list[str] = []
    for key in ("actor", "lever", "level"):
        if key not in item:
            return None
        word, known = item[key], list(offered)
        if not isinstance(word, str) or word not in known:
            owner = f" of {' '.join(chosen)}" if chosen else ""
            meant = {True: "yes", False: "no"}[word] if isinstance(word, bool) else word
            hint = did_you_mean(meant, known) or f"; known are {listing(known, 'and')}"
            reader.say((*path, key), f"{echo(word)} is no {key}{owner}{hint}")
            return None
        chosen.append(word)
        offered = offered[word] if key != "level" else ()
    return chosen[0], chosen[1], chosen[2]
