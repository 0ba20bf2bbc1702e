"""The tables of docs/ODD.md and docs/model.md are those of the code as it stands."""

from dataclasses import dataclass
from typing import Annotated

import pytest

from benchmarks import odd, symbols
from benchmarks.pages import put, table
from sim.scenario.registry import load_registry
from sim.world.state import State

STALE = "make odd writes the tables anew"


def test_odd_page_is_in_step() -> None:
    page = odd.ODD.read_text(encoding="utf-8")
    assert odd.odd_page(page) == page, STALE


def test_symbols_are_in_step() -> None:
    page = odd.MODEL.read_text(encoding="utf-8")
    assert odd.model_page(page) == page, STALE


def test_odd_has_all_seven_elements_and_design_concepts() -> None:
    """Grimm et al. (2020): seven elements in order, eleven design concepts in the fourth."""
    page = odd.ODD.read_text(encoding="utf-8")
    elements = [
        line[6:] for line in page.splitlines() if line.startswith("## ") and line[3].isdigit()
    ]
    assert elements == [
        "Purpose and patterns",
        "Entities, state variables and scales",
        "Process overview and scheduling",
        "Design concepts",
        "Initialization",
        "Input data",
        "Submodels",
    ]
    concepts = page.split("## 4. Design concepts")[1].split("## 5.")[0]
    for concept in (
        "Basic principles",
        "Emergence",
        "Adaptation",
        "Objectives",
        "Learning",
        "Prediction",
        "Sensing",
        "Interaction",
        "Stochasticity",
        "Collectives",
        "Observation",
    ):
        assert f"**{concept}.**" in concepts


def test_every_parameter_and_variable_has_a_row() -> None:
    page = odd.ODD.read_text(encoding="utf-8")
    assert all(page.count(f"\n| `{p.name}` |") == 1 for p in load_registry())
    assert all(f"\n| `{name}` |" in page for name in symbols.declared(State))


def test_a_field_without_a_unit_is_refused() -> None:
    @dataclass
    class Bare:
        front: Annotated[float, "0-1", "a share"]
        other: float

    with pytest.raises(ValueError, match=r"Bare\.other needs a unit"):
        symbols.declared(Bare)


def test_a_symbol_of_nothing_is_refused() -> None:
    page = "\n# War\n\n```\nb.advance = p.no_such_parameter\n```\n\n<!-- symbols of war -->\n"
    with pytest.raises(ValueError, match=r"declared nowhere: p\.no_such_parameter"):
        list(symbols.tables(page))


def test_a_table_replaces_what_stood_in_its_place_and_nothing_else() -> None:
    page = "above\n<!-- a -->\nold\n<!-- end of a -->\nbelow"
    assert put(page, "a", "new") == "above\n<!-- a -->\nnew\n<!-- end of a -->\nbelow"
    with pytest.raises(SystemExit, match="no place for b"):
        put(page, "b", "new")
    assert table(("x", "y"), [("1", "a|b")]) == "| x | y |\n| --- | --- |\n| 1 | a\\|b |"
