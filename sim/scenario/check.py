"""What can be wrong with a chain of files that are each in order by themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from sim.scenario.chain import Chain, Window, say_value
from sim.scenario.dated import OPEN_END
from sim.scenario.layer import Dated, Item, Setting
from sim.scenario.ledger import switches
from sim.scenario.month import Month
from sim.scenario.posteriors import PRIORS
from sim.scenario.problems import Problem
from sim.scenario.scenario import Event, Move

_TEXTS = ("title", "question", "note")


def problems_of(chain: Chain) -> Iterator[Problem]:
    """Everything that is wrong between the files of a chain."""
    for i, layer in enumerate(chain.layers):
        if not layer.overrides and not layer.effective:
            for name, said in repeats(chain, i):
                key = layer.settings[name].key
                yield Problem.at(key, name, f"repeats {said}; leave it out")
    yield from _outside(chain)
    yield from _twice(chain)
    yield from _overlaps(chain)
    yield from _undone(chain)
    yield from _nothing_to_switch(chain)


def repeats(chain: Chain, layer: int) -> Iterator[tuple[str, str]]:
    """Settings of one layer that are equal to what they override, and what that is."""
    for name, setting in chain.layers[layer].settings.items():
        if any(name in older.failed for older in chain.layers[:layer]):
            continue
        if said := _repeats(chain, layer, name, setting):
            yield name, said


def _repeats(chain: Chain, layer: int, name: str, setting: Setting) -> str:
    """What a setting repeats, or nothing."""
    if name in ("extends", "effective_of"):
        return ""
    if name in chain.vocabulary.parameters:
        value, origin = chain.value_without(chain.vocabulary.parameters[name], layer)
        return f"{say_value(value)}, {origin}" if value == setting.value else ""
    if (turned := chain.turned(name, layer, layer + 1)) is not None:
        word, origin = turned
        return f"{word}, {origin}" if word == setting.value else ""
    older = chain.written(name, layer)
    if older is not None and older[1].value == setting.value:
        text = "the text" if name in _TEXTS else str(setting.value)
        return f"{text} of {older[1].at.file}:{older[1].at.line}"
    if older is None and name == "parameters.source" and setting.value == PRIORS:
        return "the priors, which hold until another source is named"
    if older is None and name.startswith("claims.") and setting.value == "on":
        return "on, which every claim is until it is switched off"
    return ""


def _outside(chain: Chain) -> Iterator[Problem]:
    """Events that cannot fire and moves that nobody can make.

    What stands in files is held against the run as the files have it; overrides that cut a run
    short leave it out instead (see `assemble`).
    """
    if any({"start", "months"} & layer.failed for layer in chain.layers):
        return
    if (ending := chain.written("war_ends")) is not None and isinstance(ending[1].value, Month):
        window = chain.window(chain.files if ending[0] < chain.files else len(chain.layers))
        if ending[1].value not in window:
            message = f"{ending[1].value} is outside the run, {window}"
            yield Problem.at(ending[1].at, "war_ends", message)
    for i, item in chain.dated():
        upto = chain.files if i < chain.files else len(chain.layers)
        window = chain.window(upto)
        wrong = {key: month for key, month in _dates(item).items() if month not in window}
        changed = [
            (name, found[1])
            for name in ("start", "months")
            if (found := chain.written(name, upto)) is not None and found[0] > i
        ]
        if wrong and changed:  # the run was changed further down: that is where to look
            name, setting = changed[-1]
            yield Problem.at(setting.at, name, _left_out(item, wrong.values(), window))
        else:
            for key, month in wrong.items():
                message = f"{month} is outside the run, {window}"
                yield Problem.at(item.at(key), f"{item.where}.{key}", message)


def _left_out(item: Dated, months: Iterable[Month], window: Window) -> str:
    key = item.where.partition("[")[0]
    return (
        f"the run is now {window} and leaves out {' and '.join(map(str, months))} of {item.where} "
        f"in {item.whole.file}:{item.whole.line}; write {key} anew under {{replace: [...]}}"
    )


def _dates(item: Dated) -> dict[str, Month]:
    value = item.value
    if isinstance(value, Event):
        return {"at": value.at}
    return {"from": value.first} | ({"to": value.last} if value.last != OPEN_END else {})


def _twice(chain: Chain) -> Iterator[Problem]:
    """Events written twice, which would count twice."""
    first: dict[str, Item[Event]] = {}
    for _, item in chain.events():
        known = first.setdefault(str(replace(item.value, claim="")), item)
        if known is not item:
            at = f"{known.whole.file}:{known.whole.line}"
            yield Problem.at(item.whole, item.where, f"repeats {known.where} of {at}")


def _nothing_to_switch(chain: Chain) -> Iterator[Problem]:
    """Claims switched off on which no number, no setting and no event rests.

    A file that was written out in full may switch off a claim that only left-out events carried.
    """
    carried = {item.value.claim for _, item in chain.events()}
    for claim, i in chain.switched_off().items():
        switch = switches()[claim]
        if not switch.carries and claim not in carried and not chain.layers[i].effective:
            key = chain.layers[i].settings[f"claims.{claim}"].key
            said = f"{switch.without[0].lower()}{switch.without[1:].rstrip('.')}"
            yield Problem.at(key, f"claims.{claim}", f"there is nothing to switch off: {said}")


def _by_lever(chain: Chain) -> Iterator[list[Item[Move]]]:
    """Moves on one lever of one actor, by first month."""
    groups: defaultdict[tuple[str, str], list[Item[Move]]] = defaultdict(list)
    for _, item in chain.moves():
        groups[item.value.actor, item.value.lever].append(item)
    for group in groups.values():
        yield sorted(group, key=lambda item: item.value.first)


def _overlaps(chain: Chain) -> Iterator[Problem]:
    order = {id(item): i for i, (_, item) in enumerate(chain.moves())}
    for group in _by_lever(chain):
        longest = group[0]
        for item in group[1:]:
            if item.value.first <= longest.value.last:
                # The one written later is the one to mend.
                other, later = sorted((longest, item), key=lambda one: order[id(one)])
                yield Problem.at(
                    later.at("from"),
                    f"{later.where}.from",
                    f"{_span(later)} overlaps {other.where} "
                    f"({other.whole.file}:{other.whole.line}), which holds {other.value.actor} "
                    f"{other.value.lever} {_span(other)}",
                )
            longest = max(longest, item, key=lambda one: one.value.last)


def _span(item: Item[Move]) -> str:
    last = "the end" if item.value.last == OPEN_END else item.value.last
    return f"{item.value.first} to {last}"


def _undone(chain: Chain) -> Iterator[Problem]:
    """Moves back on a lever that only goes forward, from the start or from an earlier move."""
    for group in _by_lever(chain):
        actor, lever = group[0].value.actor, group[0].value.lever
        if (actor, lever) not in chain.vocabulary.irreversible:
            continue
        levels = chain.vocabulary.levers[actor][lever]
        highest, since = _level_at_start(chain, actor, lever), "at the start"
        for item in group:
            reached = levels.index(item.value.level)
            if reached < highest:
                yield Problem.at(
                    item.at("level"),
                    f"{item.where}.level",
                    f"{actor} {lever} cannot go back from {levels[highest]} ({since}) to "
                    f"{levels[reached]}",
                )
            elif reached > highest:
                at = f"{item.whole.file}:{item.whole.line}"
                highest, since = reached, f"{item.where} in {at}, from {item.value.first}"


def _level_at_start(chain: Chain, actor: str, lever: str) -> int:
    """Index of the level a lever stands at before the first month, the lowest if not fixed."""
    parameter = chain.vocabulary.parameters.get(f"initial.levels.{actor}.{lever}")
    value = chain.value(parameter) if parameter is not None else 0.0
    return int(value) if isinstance(value, float) else 0
