import json
from typing import Any

import pytest

from agents import menus
from sim.scenario import json_schema
from sim.scenario.distributions import ARGUMENTS
from sim.scenario.registry import CLAIMS, Parameter, load_registry
from sim.scenario.shocks import SHOCKS


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return json_schema()


def objects(schema: object) -> list[dict[str, Any]]:
    """Every schema of a mapping, however deep."""
    if isinstance(schema, list):
        return [found for inner in schema for found in objects(inner)]
    if not isinstance(schema, dict):
        return []
    mine = [schema] if schema.get("type") == "object" else []
    return mine + [found for inner in schema.values() for found in objects(inner)]


def test_it_is_json_and_closed_everywhere(schema: dict[str, Any]) -> None:
    assert json.loads(json.dumps(schema, allow_nan=False)) == schema
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert len(objects(schema)) > 20
    assert all(found["additionalProperties"] is False for found in objects(schema))


def test_every_parameter_is_there_with_bounds_and_meaning(schema: dict[str, Any]) -> None:
    for parameter in load_registry():
        node = schema
        for step in parameter.name.split("."):
            node = node["properties"][step]
        assert node["description"].startswith(parameter.meaning)
        if parameter.name.startswith("initial.levels."):
            _, _, actor, lever = parameter.name.split(".")
            assert node["enum"] == list(menus()[actor][lever])
            assert node["default"] in node["enum"]
            continue
        number, distribution = node["anyOf"]
        assert number.get("minimum", -float("inf")) == parameter.low
        assert number.get("maximum", float("inf")) == parameter.high
        assert distribution == {"$ref": "#/$defs/distribution"}


def test_actors_levers_and_levels_are_those_of_the_menus(schema: dict[str, Any]) -> None:
    assert set(schema["properties"]["actors"]["properties"]) == set(menus())
    move = schema["properties"]["moves"]["anyOf"][0]["items"]
    rules = {
        tuple(c["const"] for c in rule["if"]["properties"].values()): rule["then"]["properties"]
        for rule in move["allOf"]
    }
    for actor, menu in menus().items():
        assert rules[actor,]["lever"]["enum"] == list(menu)
        for lever, levels in menu.items():
            assert rules[actor, lever]["level"]["enum"] == list(levels)


def test_claims_shocks_and_distributions_are_all_there(schema: dict[str, Any]) -> None:
    claims = schema["properties"]["claims"]["properties"]
    assert list(claims) == list(CLAIMS)
    assert all("Off: " in claim["description"] for claim in claims.values())
    event = schema["properties"]["events"]["anyOf"][0]["items"]
    assert set(event["properties"]["shock"]["properties"]) == set(SHOCKS)
    assert event["properties"]["claim"]["enum"] == list(CLAIMS)
    kinds = [next(iter(kind["properties"])) for kind in schema["$defs"]["distribution"]["oneOf"]]
    assert kinds == list(ARGUMENTS)


def test_bounds_without_end_are_left_out(registry: tuple[Parameter, ...]) -> None:
    noise = json_schema(registry)["properties"]["world"]["properties"]["noise"]
    assert noise["anyOf"][0] == {"type": "number"}
    assert noise["default"] == {"normal": [0.0, 1.0]}
