"""One what-if, complete: every parameter has a value, every date lies in the run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.scenario.distributions import Distribution
from sim.scenario.ledger import structure_without
from sim.scenario.month import Month
from sim.scenario.registry import CLAIMS
from sim.scenario.values import Value

PLAYS = ("itself", "random", "myopic", "external", "scripted")
"""Who may sit in an actor's chair, besides a `puppet of` another actor."""

OPEN = "open"
"""The end of the war where no month is set for it: as the mechanisms of the world have it."""
LINKAGE = ("on", "off")
BELIEFS = ("held", "none")


@dataclass(frozen=True)
class Event:
    """Something that happens in a given month, whatever anybody chooses.

    Attributes:
        at: its month.
        shock: name in `SHOCKS` -> what is added to it, in its unit, once at the month's start.
        note: what it stands for.
        claim: claim of the article that it carries, or nothing; with the claim switched off it
            does not happen.
    """

    at: Month
    shock: Mapping[str, float]
    note: str = ""
    claim: str = ""

    def __str__(self) -> str:
        shifts = ", ".join(f"{name} {shift:+g}" for name, shift in self.shock.items())
        said = "; ".join(filter(None, (self.note, self.claim)))
        return f"{self.at} {shifts}" + (f" ({said})" if said else "")

    def as_plain(self) -> dict[str, Any]:
        """The event as it is written in a file; a claim only where it carries one."""
        plain = {"at": str(self.at), "shock": dict(self.shock), "note": self.note}
        return plain | ({"claim": self.claim} if self.claim else {})


@dataclass(frozen=True)
class Move:
    """A choice that an actor does not make itself: a lever held at a level.

    Attributes:
        actor: who is held.
        first: first month.
        last: last month, included.
        lever: one of the actor's levers.
        level: one of the lever's levels.
    """

    actor: str
    first: Month
    last: Month
    lever: str
    level: str

    def __str__(self) -> str:
        return f"{self.first} to {self.last} {self.actor} {self.lever} {self.level}"


@dataclass(frozen=True)
class Scenario:
    """One what-if, as it is run. Made by `load_scenario`, which checks everything.

    Attributes:
        name: the file's name without its ending.
        title: in a few words.
        question: what it is meant to answer.
        note: anything else worth knowing.
        start: first month.
        months: length of the run.
        horizon: months for which an actor holds an option in its head when weighing it.
        parameters: registry name -> value, for every parameter of the registry and in its order.
        claims_off: claims of the article that are switched off.
        plays: actor -> `itself`, another of `PLAYS`, or `puppet of ACTOR`; for every actor.
        events: in the order of their months, without those that carry a claim switched off.
        moves: in the order of their first months.
        war_ends: last month of the war where it is made to end; None leaves it to the world.
        linkage: whether what Moscow needs from Minsk counts when they bargain.
        beliefs: `held`, or `none`: actors know the odds and take others' play as it stands.
        path: the file it was read from; no part of comparisons.
        notes: what a reader of the scenario should know though nothing is wrong with it; no part
            of comparisons.
    """

    name: str
    title: str
    question: str
    note: str
    start: Month
    months: int
    horizon: int
    parameters: Mapping[str, Value]
    claims_off: frozenset[str]
    plays: Mapping[str, str]
    events: tuple[Event, ...]
    moves: tuple[Move, ...]
    war_ends: Month | None = None
    linkage: bool = True
    beliefs: str = "held"
    path: Path | None = field(default=None, compare=False)
    notes: tuple[str, ...] = field(default=(), compare=False)

    @property
    def end(self) -> Month:
        """Last month of the run."""
        return self.start + (self.months - 1)

    def effective(self) -> dict[str, Any]:
        """Everything written out, in one order, as plain values fit for YAML and JSON.

        The key `effective_of` carries the name, and says that repeating a prior is meant. A file
        with this content loads to a scenario equal to this one. How the model is built is written
        where it is not as usual, so that runs keep the identity they had before there was a choice;
        linkage also where it is as usual though a claim that is off would have it otherwise.
        """
        from agents import menus  # loads Mesa, which is slow

        groups: dict[str, Any] = {
            "actors": {actor: {"plays": p} for actor, p in self.plays.items()}
        }
        decided = structure_without("linkage", self.claims_off)
        levers = menus()
        for name, value in self.parameters.items():
            *path, leaf = name.split(".")
            group = groups
            for step in path:
                group = group.setdefault(step, {})
            group[leaf] = _written(name, value, levers)
        return {
            "effective_of": self.name,
            "title": self.title,
            "question": self.question,
            "note": self.note,
            "start": str(self.start),
            "months": self.months,
            "horizon": self.horizon,
            **({} if self.war_ends is None else {"war_ends": str(self.war_ends)}),
            **({} if self.linkage and not decided else {"linkage": LINKAGE[not self.linkage]}),
            **({} if self.beliefs == BELIEFS[0] else {"beliefs": self.beliefs}),
            "claims": {c: "off" if c in self.claims_off else "on" for c in CLAIMS},
            **groups,
            "events": [event.as_plain() for event in self.events],
            "moves": [
                {
                    "actor": m.actor,
                    "from": str(m.first),
                    "to": str(m.last),
                    "lever": m.lever,
                    "level": m.level,
                }
                for m in self.moves
            ],
        }

    def as_yaml(self) -> str:
        """`effective()` as the text of a scenario file."""
        from sim.scenario.written import as_yaml

        return as_yaml(self.effective())


def _written(name: str, value: Value, levers: dict[str, dict[str, tuple[str, ...]]]) -> Any:  # noqa: ANN401 - plain YAML
    """A parameter's value as it is written in a file: where a lever stands, by the level's name."""
    if isinstance(value, Distribution):
        return value.as_yaml()
    match name.split("."):
        case ["initial", "levels", actor, lever] if lever in levers.get(actor, {}):
            return levers[actor][lever][int(value)]
    return value
