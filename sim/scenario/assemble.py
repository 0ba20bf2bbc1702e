"""From a checked chain to a `Scenario`, with what its reader should know."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from sim.scenario.chain import DEFAULT_HORIZON, Chain, say_value
from sim.scenario.check import repeats
from sim.scenario.dated import OPEN_END
from sim.scenario.ledger import switches
from sim.scenario.month import Month
from sim.scenario.posteriors import load_posterior
from sim.scenario.scenario import BELIEFS, LINKAGE, OPEN, Event, Move, Scenario


def assemble(chain: Chain, name: str, path: Path) -> Scenario:
    """The scenario that a chain without problems amounts to."""
    window = chain.window()
    title, question, note = (_written(chain, key, "") for key in ("title", "question", "note"))
    plays = {
        actor: _written(chain, f"actors.{actor}.plays", "itself")
        for actor in chain.vocabulary.levers
    }
    return Scenario(
        name=name,
        title=title or name,
        question=question,
        note=note,
        start=window.start,
        months=window.months,
        horizon=_written(chain, "horizon", DEFAULT_HORIZON),
        parameters={p.name: chain.value(p) for p in chain.vocabulary.parameters.values()},
        claims_off=frozenset(chain.switched_off()),
        plays=plays,
        events=_events(chain),
        moves=_moves(chain),
        war_ends=_made_ending(chain),
        linkage=chain.structure("linkage", LINKAGE[0]) == LINKAGE[0],
        beliefs=_written(chain, "beliefs", BELIEFS[0]),
        path=path,
        notes=(
            *_source_notes(chain),
            *_claim_notes(chain),
            *_chair_notes(chain, plays),
            *_override_notes(chain),
        ),
    )


def _written[T: (str, int)](chain: Chain, key: str, default: T) -> T:
    found = chain.written(key)
    return default if found is None else found[1].value


def _made_ending(chain: Chain) -> Month | None:
    found = chain.written("war_ends")
    if found is None or found[1].value == OPEN:
        return None
    month: Month = found[1].value
    return month


def _events(chain: Chain) -> tuple[Event, ...]:
    """Events in the run, by month; within a month in an order that no file decides.

    Those that carry a claim switched off do not happen, wherever they are written.
    """
    window, off = chain.window(), chain.switched_off()
    found = [
        item.value
        for _, item in chain.events()
        if item.value.at in window and item.value.claim not in off
    ]
    return tuple(sorted(found, key=lambda event: (event.at, str(event))))


def _moves(chain: Chain) -> tuple[Move, ...]:
    """Moves in the run, cut to it, by first month and then by actor and lever."""
    window = chain.window()
    order = [
        (actor, lever) for actor, levers in chain.vocabulary.levers.items() for lever in levers
    ]
    found = [
        replace(
            move,
            first=max(move.first, window.start),
            last=min(move.last, window.end),
        )
        for _, item in chain.moves()
        if (move := item.value).first <= window.end and move.last >= window.start
    ]
    return tuple(sorted(found, key=lambda m: (m.first, order.index((m.actor, m.lever)))))


def _source_notes(chain: Chain) -> Iterator[str]:
    held = load_posterior(source := chain.source())
    if held:
        known = chain.vocabulary.parameters
        taken = [n for n, value in held.items() if n in known and chain.value(known[n]) == value]
        yield (
            f"parameters.source: {len(taken)} of {len(known)} parameters are as {source} has them; "
            "the others are written out or keep their priors"
        )


def _claim_notes(chain: Chain) -> Iterator[str]:
    off = chain.switched_off()
    parameters = chain.vocabulary.parameters.values()
    carried = {claim for parameter in parameters for claim in parameter.claims}
    window = chain.window()
    for claim in sorted(off):
        events = [item.value for _, item in chain.events() if item.value.claim == claim]
        for event in events:
            if event.at in window:
                said = str(replace(event, claim=""))
                yield f"claims.{claim}: off, so an event that carries it does not happen: {said}"
        structure = switches()[claim].structure
        for key, word in structure.items():
            held = chain.structure(key, word)
            if held != word:
                yield f"{key}: stays {held} though {claim} is off, since it is written out"
        if claim not in carried and not structure and not events:
            yield (
                f"claims.{claim}: no parameter and no event rests on {claim}; switching it off "
                "changes nothing"
            )
    for parameter in parameters:
        claims = [claim for claim in parameter.claims if claim in off]
        value = chain.value(parameter)
        if claims and value != parameter.neutral:
            yield (
                f"{parameter.name}: stays at {say_value(value)} though {', '.join(claims)} is off, "
                "since it is written out"
            )


def _chair_notes(chain: Chain, plays: dict[str, str]) -> Iterator[str]:
    moved = {item.value.actor for _, item in chain.moves()}
    for actor, chair in plays.items():
        if chair == "scripted" and actor not in moved:
            yield f"actors.{actor}.plays: scripted, but no move is written for {actor}"


def _override_notes(chain: Chain) -> Iterator[str]:
    """What overrides leave out, and those that change nothing."""
    window = chain.window()
    ending = _made_ending(chain)
    if ending is not None and ending not in window:
        yield f"war_ends: {ending} is outside the run, {window}; the war goes on throughout"
    for _, event in chain.events():
        if event.value.at not in window:
            at = f"{event.whole.file}:{event.whole.line}"
            yield f"{event.where}: {event.value.at} is outside the run, {window}; left out ({at})"
    for _, move in chain.moves():
        first, last = move.value.first, move.value.last
        if first not in window or (last not in window and last != OPEN_END):
            at = f"{move.whole.file}:{move.whole.line}"
            yield f"{move.where}: {first} to {last} is cut to the run, {window} ({at})"
    for i in range(chain.files, len(chain.layers)):
        for name, said in repeats(chain, i):
            yield f"{name}: the override repeats {said}; it changes nothing"
