"""The words of a scenario file as a JSON Schema, for editors that complete and check as one types.

An editor sees one file at a time: what depends on the files it extends, and on dates, only
`load_scenario` can check.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from sim.scenario.distributions import ARGUMENTS, POSITIVE, Distribution
from sim.scenario.ledger import switches
from sim.scenario.posteriors import sources
from sim.scenario.problems import listing
from sim.scenario.registry import CLAIMS, Parameter, load_registry
from sim.scenario.scenario import BELIEFS, LINKAGE, OPEN, PLAYS
from sim.scenario.settings import FIRST_START, LAST_START, LONGEST_HORIZON, MOST_MONTHS
from sim.scenario.shocks import SHOCKS
from sim.scenario.values import Value
from sim.scenario.vocabulary import Names, Vocabulary

type Schema = dict[str, Any]

_VALUES = {
    "choice": "values, all equally likely",
    "quantiles": "values at equal steps of probability, from the lowest to the highest",
}
_MONTH: Schema = {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$"}


def json_schema(registry: Iterable[Parameter] | None = None) -> Schema:
    """A JSON Schema (draft 2020-12) of scenario files.

    Args:
        registry: the parameters that exist; those of `seeds/priors.yaml` when left out.
    """
    vocabulary = Vocabulary.of(load_registry() if registry is None else registry)
    names = vocabulary.names
    properties: Schema = {
        "extends": _text("a scenario file that this one changes, from this file's folder"),
        "effective_of": _text("written by `fulcrum show`: everything is written out on purpose"),
        "title": _text("the scenario in a few words"),
        "question": _text("what it is meant to answer"),
        "note": _text("anything else worth knowing"),
        "start": _MONTH | {"description": f"first month, {FIRST_START} to {LAST_START}"},
        "months": _whole(MOST_MONTHS, "length of the run"),
        "horizon": _whole(LONGEST_HORIZON, "months for which actors think an option through"),
        "war_ends": {
            "anyOf": [_MONTH, {"const": OPEN}],
            "description": "last month of the war, made to end then and not before; open leaves "
            "its end to the world",
        },
        "linkage": {
            "enum": list(LINKAGE),
            "description": "whether what Moscow needs from Minsk counts when they bargain",
        },
        "beliefs": {
            "enum": list(BELIEFS),
            "description": "none: actors know the odds and take the others' play as it stands",
        },
        "parameters": _object({"source": {"enum": list(sources())}})
        | {"description": "where values come from that no file writes: priors, or a posterior"},
        "claims": _claims(),
        "actors": _group(names["actors"], vocabulary, "who decides: aims, precision, who plays"),
        "world": _group(names["world"], vocabulary, "how the world works"),
        "initial": _group(names["initial"], vocabulary, "the state before the first month"),
        "events": _list(_event(), "what happens whatever anybody chooses"),
        "moves": _list(
            _move(vocabulary), "levers held at a level, whatever the actor would choose"
        ),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Fulcrum scenario",
        "description": "One file is one what-if; it may extend another.",
        **_object(properties),
        "minProperties": 1,
        "$defs": {"distribution": _distribution()},
    }


def _object(properties: Schema, required: Iterable[str] = ()) -> Schema:
    needed = {"required": list(required)} if required else {}
    return {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        **needed,
    }


def _text(description: str) -> Schema:
    return {"type": "string", "description": description}


def _whole(highest: int, description: str) -> Schema:
    return {"type": "integer", "minimum": 1, "maximum": highest, "description": description}


def _claims() -> Schema:
    known = {}
    for claim, switch in switches().items():
        words = switch.without if switch.carries else f"no number rests on it. {switch.without}"
        description = f"{switch.paraphrase} Off: {words}"
        known[claim] = {"enum": ["off", "on"], "description": description}
    description = (
        "claims of the article; one that is off makes its parameters neutral, turns the setting of "
        "the model's structure that it stands for, and leaves out the events that carry it"
    )
    return _object(known) | {"description": description}


def _group(known: object, vocabulary: Vocabulary, description: str, owner: str = "") -> Schema:
    assert isinstance(known, dict)
    properties = {key: _named(inner, vocabulary, key, owner or key) for key, inner in known.items()}
    return _object(properties) | {"description": description}


def _named(known: Names | Parameter | None, vocabulary: Vocabulary, key: str, owner: str) -> Schema:
    """The schema of one key, `owner` being the actor it stands under."""
    if isinstance(known, Parameter):
        levels = vocabulary.levels_of(known.name)
        return _parameter(known) if levels is None else _standing(known, levels)
    if known is None:
        puppets = [f"puppet of {actor}" for actor in vocabulary.levers if actor != owner]
        return {"enum": [*PLAYS, *puppets], "description": "who sits in this actor's chair"}
    description = "weights of its aims" if key == "incentives" else key
    return _group(known, vocabulary, description, owner)


def _parameter(parameter: Parameter) -> Schema:
    number: Schema = {"type": "number"}
    if math.isfinite(parameter.low):
        number["minimum"] = parameter.low
    if math.isfinite(parameter.high):
        number["maximum"] = parameter.high
    origin = f"{parameter.origin.kind} {parameter.origin}"
    return {
        "description": f"{parameter.meaning} ({parameter.unit}; from {origin})",
        "default": _plain(parameter.prior),
        "anyOf": [number, {"$ref": "#/$defs/distribution"}],
    }


def _standing(parameter: Parameter, levels: tuple[str, ...]) -> Schema:
    """Where a lever stands at the start."""
    assert not isinstance(parameter.prior, Distribution), "a lever stands somewhere"
    return {
        "description": parameter.meaning,
        "default": levels[int(parameter.prior)],
        "enum": list(levels),
    }


def _plain(value: Value) -> object:
    return value.as_yaml() if isinstance(value, Distribution) else value


def _distribution() -> Schema:
    kinds = []
    for kind, names in ARGUMENTS.items():
        numbers: Schema = {"type": "array", "minItems": len(names) or 2}
        if names:
            numbers |= {"prefixItems": [_argument(name) for name in names], "items": False}
        else:
            numbers |= {"items": {"type": "number"}}
        numbers["description"] = listing(names, "and") or _VALUES[kind]
        kinds.append(_object({kind: numbers}, [kind]))
    return {"description": "what we do not know about a number", "oneOf": kinds}


def _argument(name: str) -> Schema:
    above_zero = {"exclusiveMinimum": 0} if name in POSITIVE else {}
    return {"type": "number", "description": name, **above_zero}


def _list(item: Schema, description: str) -> Schema:
    plain = {"type": "array", "items": item}
    return {
        "description": f"{description}; added to those of the file that this one extends",
        "anyOf": [plain, _object({"replace": plain}, ["replace"])],
    }


def _event() -> Schema:
    shocks = {
        name: {
            "type": "number",
            "minimum": shock.low,
            "maximum": shock.high,
            "not": {"const": 0},
            "description": f"{shock.meaning} ({shock.unit})",
        }
        for name, shock in SHOCKS.items()
    }
    shock = _object(shocks) | {"minProperties": 1, "description": "what is added, once"}
    claim = {
        "enum": list(CLAIMS),
        "description": "claim of the article that it carries: switched off, it does not happen",
    }
    fields = {"at": _MONTH, "shock": shock, "note": _text("what it stands for"), "claim": claim}
    return _object(fields, ["at", "shock"])


def _move(vocabulary: Vocabulary) -> Schema:
    levers = vocabulary.levers
    fields = {
        "actor": {"enum": list(levers)},
        "from": _MONTH,
        "to": _MONTH | {"description": "last month, included; to the run's end when left out"},
        "lever": {"enum": list(dict.fromkeys(name for menu in levers.values() for name in menu))},
        "level": {"type": "string"},
    }
    # One rule for an actor's levers and one for each lever's levels, so that an editor can say
    # which of the two is wrong.
    rules = [
        rule
        for actor, menu in levers.items()
        for rule in (
            _when({"actor": actor}, {"lever": {"enum": list(menu)}}),
            *(
                _when({"actor": actor, "lever": lever}, {"level": {"enum": list(levels)}})
                for lever, levels in menu.items()
            ),
        )
    ]
    return _object(fields, ["actor", "from", "lever", "level"]) | {"allOf": rules}


def _when(given: dict[str, str], then: Schema) -> Schema:
    """If these fields have these values, those fields must be as described."""
    conditions = {name: {"const": value} for name, value in given.items()}
    return {
        "if": {"properties": conditions, "required": list(given)},
        "then": {"properties": then},
    }
