"""A scenario written out in full is the same scenario."""

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents import menus
from sim.scenario import Distribution, Month, Scenario, ScenarioError, diff, load_scenario
from sim.scenario.ledger import switches
from sim.scenario.registry import CLAIMS, Parameter, load_registry
from sim.scenario.shocks import SHOCKS
from tests.sim.scenario.conftest import Load, Write

EXAMPLE = """\
title: "Off: a title"
note: |
  two
  lines
start: 2024-01
months: 12
claims: {C01: off, C18: off}
actors:
  belarus: {incentives: {autonomy: {normal: [0.5, 0.1]}}, plays: puppet of russia}
events:
  - {at: 2024-05, shock: {sanctions.russia: 0.1, oil: -5}, note: "a, b"}
  - {at: 2024-03, shock: {attention: -0.2}}
moves:
  - {actor: russia, from: 2024-06, lever: press_entry, level: yes}
"""


def reload(scenario: Scenario, registry: Sequence[Parameter]) -> Scenario:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scenario.yaml"
        path.write_text(scenario.as_yaml(), encoding="utf-8")
        return load_scenario(path, registry=registry)


def test_the_text_is_complete_and_in_one_order(load: Load) -> None:
    text = load(EXAMPLE).as_yaml()
    claims = "".join(
        f"  {claim}: {'"off"' if claim in ('C01', 'C18') else '"on"'}\n" for claim in CLAIMS
    )
    assert (
        text
        == f"""\
effective_of: x
title: "Off: a title"
question: ""
note: "two\\nlines"
start: 2024-01
months: 12
horizon: 6
claims:
{claims}actors:
  russia:
    plays: itself
    incentives:
      territory: {{lognormal: [1.0, 0.3]}}
  belarus:
    plays: puppet of russia
    incentives:
      rents: 0.0
      autonomy: {{normal: [0.5, 0.1]}}
    precision: 4.0
  ukraine:
    plays: itself
  nato:
    plays: itself
world:
  third_party_arms: {{uniform: [0.0, 0.2]}}
  noise: {{normal: [0.0, 1.0]}}
initial:
  levels:
    belarus:
      nuclear_hosting: "no"
events:
  - {{at: 2024-03, shock: {{attention: -0.2}}, note: ""}}
  - {{at: 2024-05, shock: {{oil: -5.0, sanctions.russia: 0.1}}, note: "a, b"}}
moves:
  - {{actor: russia, from: 2024-06, to: 2024-12, lever: press_entry, level: "yes"}}
"""
    )


def test_it_loads_to_the_same_scenario(load: Load, registry: tuple[Parameter, ...]) -> None:
    s = load(EXAMPLE)
    again = reload(s, registry)
    assert again == s
    assert again.name == "x"
    assert again.notes == s.notes
    assert again.as_yaml() == s.as_yaml()


def test_a_claim_is_written_only_where_an_event_carries_one(
    load: Load, registry: tuple[Parameter, ...]
) -> None:
    assert "claim" not in load(EXAMPLE).effective()["events"][0]
    carrying = EXAMPLE.replace('note: "a, b"', "note: b, claim: C21")
    s = load(carrying)
    assert s.effective()["events"][1]["claim"] == "C21"
    assert reload(s, registry) == s
    off = load(carrying, {"claims.C21": "off"})
    assert [event["at"] for event in off.effective()["events"]] == ["2024-03"]
    assert reload(off, registry) == off


def test_it_fits_into_json(load: Load) -> None:
    effective = load(EXAMPLE).effective()
    assert json.loads(json.dumps(effective, allow_nan=False)) == effective


def test_it_can_be_extended_and_overridden(load: Load, write: Write) -> None:
    write("full.yaml", load(EXAMPLE).as_yaml())
    s = load("extends: full.yaml\nmonths: 24\nactors: {belarus: {incentives: {rents: 2}}}\n")
    assert (s.name, s.months) == ("x", 24)
    assert s.parameters["actors.belarus.incentives.rents"] == 2.0
    assert load("extends: full.yaml\n", {"claims.C20": "off"}).claims_off == {"C01", "C18", "C20"}


# Any scenario that can be written.

REGISTRY = load_registry()
SWITCHED = [claim for claim, switch in switches().items() if switch.parameters]
LEVERS = [
    (actor, lever, levels) for actor, menu in menus().items() for lever, levels in menu.items()
]


def values(parameter: Parameter) -> st.SearchStrategy[float | Distribution]:
    """Numbers and distributions within a parameter's bounds."""
    low, high = max(parameter.low, -1e6), min(parameter.high, 1e6)
    numbers = st.floats(low, high, allow_subnormal=False)
    spread = st.tuples(numbers, numbers, numbers).map(sorted).filter(lambda x: x[0] < x[2])
    return st.one_of(
        numbers,
        spread.map(lambda x: Distribution("triangular", tuple(x))),
        spread.map(lambda x: Distribution("uniform", (x[0], x[2]))),
        spread.map(lambda x: Distribution("choice", tuple(x))),
        st.builds(lambda m, sd: Distribution("normal", (m, sd)), numbers, st.floats(1e-3, 10)),
    )


def written(value: float | Distribution) -> object:
    return value.as_yaml() if isinstance(value, Distribution) else value


@st.composite
def overrides(draw: st.DrawFn) -> dict[str, Any]:
    start = draw(st.builds(Month, st.integers(2023, 2029), st.integers(1, 12)))
    months = draw(st.integers(1, 120))
    text = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)
    given: dict[str, Any] = {
        "start": str(start),
        "months": months,
        "horizon": draw(st.integers(1, 60)),
        "title": draw(text),
        "question": draw(text),
        "note": draw(text.map(lambda t: f"{t}\n{t}\ttail")),
    }
    for claim in draw(st.sets(st.sampled_from(SWITCHED))):
        given[f"claims.{claim}"] = "off"
    for parameter in draw(st.lists(st.sampled_from(REGISTRY), max_size=8)):
        if not parameter.name.startswith("initial.levels"):
            given[parameter.name] = written(draw(values(parameter)))
    plays = st.sampled_from(["itself", "random", "scripted", "external", "puppet of russia"])
    given["actors.nato.plays"] = draw(plays)
    month = st.integers(0, months - 1).map(lambda i: start + i)
    shocks = st.dictionaries(
        st.sampled_from(list(SHOCKS)), st.floats(0.01, 0.2), min_size=1, max_size=3
    )
    events = st.tuples(month, shocks, text, st.sampled_from(["", *SWITCHED]))
    given["events"] = [
        {"at": str(at), "shock": shock, "note": note} | ({"claim": claim} if claim else {})
        for at, shock, note, claim in draw(
            st.lists(events, max_size=4, unique_by=lambda e: str(e[:3]))
        )
    ]
    given["moves"] = []
    for actor, lever, levels in draw(st.lists(st.sampled_from(LEVERS), unique=True, max_size=4)):
        first, last = sorted(draw(st.tuples(month, month)))
        level = levels[-1] if lever == "nuclear_hosting" else draw(st.sampled_from(levels))
        given["moves"].append(
            {"actor": actor, "from": str(first), "to": str(last), "lever": lever, "level": level}
        )
    return {key: value for key, value in given.items() if value != []}


@settings(deadline=None)
@given(overrides())
def test_any_scenario_survives_being_written_out(given: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "base.yaml"
        path.write_text("title: Base\n")
        s = load_scenario(path, given, registry=REGISTRY)
    again = reload(s, REGISTRY)
    assert again == s
    assert again.as_yaml() == s.as_yaml()
    assert diff(s, again) == []
    claims = [n for n in s.notes if "override" not in n and "an event that carries it" not in n]
    assert list(again.notes) == claims


def test_where_a_lever_stands_is_written_by_name_and_read_by_name_or_number(load: Load) -> None:
    one = load(EXAMPLE, {"initial.levels.belarus.nuclear_hosting": "no"})
    two = load(EXAMPLE, {"initial.levels.belarus.nuclear_hosting": 0})
    assert one == two
    assert one.effective()["initial"]["levels"]["belarus"]["nuclear_hosting"] == "no"
    for wrong in ("maybe", 2, -1, 0.5, True):
        with pytest.raises(ScenarioError, match="a level is needed, no or yes"):
            load(EXAMPLE, {"initial.levels.belarus.nuclear_hosting": wrong})
