"""The house has one direction: what decides knows nothing of what draws, stores or reports."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted([*(ROOT / "agents").rglob("*.py"), *(ROOT / "sim").rglob("*.py")])

# Floors of the house, lowest first. A module may import from its own floor and from those below.
FLOORS = {
    "agents": 0,
    "sim.draws": 1,
    "sim.scenario": 1,
    "sim.world": 1,
    "sim.kernel": 2,
    "sim.sampling": 2,
    "sim.deliberation": 2,
    "sim.influence": 3,
    "sim.stages": 4,
    "sim.model": 4,
    "sim.ensemble": 5,
    "sim.analysis": 6,
    "sim.report": 6,
    "sim.adapters": 7,
    "sim.explorer": 7,
    "sim.cli": 8,
}


def floor_of(module: str) -> int | None:
    """The floor that a dotted module name lives on, or None if it is not of the house."""
    for name, floor in FLOORS.items():
        if module == name or module.startswith(name + "."):
            return floor
    return None


def dotted(path: Path) -> str:
    """`sim/world/war.py` as `sim.world.war`."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imported(path: Path) -> set[str]:
    """Every module that a file imports, at the top or inside a function."""
    names: set[str] = set()
    package = dotted(path) if path.name == "__init__.py" else dotted(path).rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".")[: len(package.split(".")) + 1 - node.level]
            base = ".".join(parts) if node.level else ""
            module = ".".join(filter(None, [base, node.module]))
            names |= {f"{module}.{alias.name}" for alias in node.names}
    return names


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_imports_point_downwards(path: Path) -> None:
    own = floor_of(dotted(path))
    if own is None:  # `sim` itself hands out the public names of every floor
        assert dotted(path) == "sim"
        return
    above = {name for name in imported(path) if (floor_of(name) or 0) > own}
    assert above == set()


@pytest.mark.parametrize("path", [p for p in MODULES if "agents" in p.parts[-2:]], ids=dotted)
def test_actors_know_nothing_of_the_simulation(path: Path) -> None:
    assert not {name for name in imported(path) if name.split(".")[0] == "sim"}


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_a_module_is_one_idea_with_a_word_on_it(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= 420  # "not much over 400"
    assert ast.get_docstring(ast.parse(text))
    assert path.stem not in {"utils", "helpers", "misc", "common"}
