"""The equations of docs/model.md give what the functions give, and name all that these read."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import reduce
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import sim.deliberation.table
import sim.influence
import sim.stages
import sim.world
from agents.outlook import Array
from benchmarks import symbols
from sim.influence.fbic import bandwidth
from sim.model import ConflictModel
from sim.world.controls import Controls, controls
from sim.world.deal import breaches
from sim.world.economy import stress
from sim.world.endings import expected_endings, hazards, war_costs
from sim.world.functions import supplies
from sim.world.minsk import compliance, usual_transfers
from sim.world.month import WORLD_STAGES, Month, begin, closed, outlook
from sim.world.projection import weights
from sim.world.state import State, share, sigmoid, toward
from sim.world.war import Chance, contest

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
SECTIONS = dict(symbols.sections(PAGE))
DOTTED = re.compile(r"(?<![\w./])(?:sim|agents)(?:\.[A-Za-z_]\w*)+")

type Values = dict[str, Any]


def spread(held: DataclassInstance) -> Values:
    """The fields of a dataclass by name."""
    return {f.name: getattr(held, f.name) for f in fields(held)}


def tree(values: Mapping[str, Any]) -> SimpleNamespace:
    """Dotted names as nested attributes; a word that Python keeps for itself gets a line behind."""
    root: dict[str, Any] = {}
    for name, value in values.items():
        *path, last = name.split(".")
        node = root
        for part in path:
            node = node.setdefault(part, {})
        node["in_" if last == "in" else last] = value

    def made(node: dict[str, Any]) -> SimpleNamespace:
        return SimpleNamespace(
            **{k: made(v) if isinstance(v, dict) else v for k, v in node.items()}
        )

    return made(root)


def smallest(*values: Array) -> Array:
    return reduce(np.minimum, values)


def largest(*values: Array) -> Array:
    return reduce(np.maximum, values)


WORDS = {
    "share": share,
    "sigmoid": sigmoid,
    "toward": toward,
    "stress": stress,
    "contest": contest,
    "clip": np.clip,
    "where": np.where,
    "log": np.log,
    "abs": np.abs,
    "sqrt": np.sqrt,
    "min": smallest,
    "max": largest,
}
"""What equations may call."""


WIDE = {
    "force_russia": (5.0, 900.0),
    "force_ukraine": (5.0, 900.0),
    "force_belarus": (0.0, 0.2),
    "mobilisation_russia": (0.2, 3.0),
    "materiel_russia": (0.0, 14.0),
    "materiel_ukraine": (0.0, 14.0),
    "troops": (0.0, 60.0),
    "deal_scale": (0.0, 0.2),
    "debt": (0.0, 0.1),
    "oil": (0.0, 260.0),
    "gas_benchmark": (0.0, 3600.0),
    "fiscal_russia": (-60.0, 30.0),
    "fiscal_ukraine": (-60.0, 30.0),
    "output_belarus": (0.0, 2.6),
    "support_russia": (0.0, 1.0),
    "support_ukraine": (0.0, 1.0),
}
"""Stocks that are spread until their bounds, and those of what follows from them, are met."""


def as_python(text: str) -> str:
    """An equation as Python reads it."""
    for sign, operator in (("×", "*"), ("−", "-"), ("^", "**"), ("s'.", "s_next.")):
        text = text.replace(sign, operator)
    return re.sub(r"\.in\b", ".in_", text)


@pytest.fixture(scope="module")
def model() -> ConflictModel:
    """Worlds that have gone on until they differ in much."""
    found = ConflictModel("status_quo", worlds=64, rng=5)
    for _ in range(2):
        found.step()
    return found


@pytest.fixture(scope="module")
def month(model: ConflictModel) -> Month:
    """The last month again, on dials and a state that reach every term and nearly every bound.

    Every dial and every share that play had left at 0 or 1 takes values over its range, in an order
    of its own; stocks with bounds reach them.
    """
    rng = np.random.default_rng(3)
    before, worlds = model.last, model.width
    dials = {f.name: rng.random(worlds) for f in fields(Controls)} | {
        "support": 2.0 * rng.random(worlds)
    }
    s = before.start
    corners = {
        f.name: rng.random(worlds)
        for f in fields(State)
        if set(np.unique(getattr(s, f.name))) <= {0.0, 1.0}
    }
    far = {name: rng.uniform(low, high, worlds) for name, (low, high) in WIDE.items()}
    some = {"active": 0.6 + 0.0 * s.front, "ceasefire": 0.3 + 0.0 * s.front}
    c = Controls(**dials)
    found = begin(replace(s, **(corners | far | some)), c, before.p, luck=before.luck)
    for _, run in WORLD_STAGES:
        run(found)
    return found


def evaluate(section: str, model: ConflictModel, month: Month, **other: object) -> Values:
    """What the equations of a section say: name on the left -> value."""
    p = {n.removeprefix("world."): v for n, v in model.parameters.items() if n.startswith("world.")}
    weights = {
        n.removeprefix("actors.").replace("incentives.", ""): v
        for n, v in model.parameters.items()
        if ".incentives." in n
    }
    luck = month.luck
    assert isinstance(luck, Chance)
    names: Values = {
        **WORDS,
        "s": tree(spread(month.start)),
        "s_next": SimpleNamespace(),
        "c": tree(spread(month.c)),
        "p": tree(p),
        "w": tree(weights),
        "e": tree(month.e),
        "b": tree(spread(month.battle)),
        "luck": tree(spread(luck)),
        **other,
    }
    said: Values = {}
    for equation in symbols.equations(SECTIONS[section]):
        sides = symbols.SIDES if symbols.for_side(equation, "?", "?") != equation else (("", ""),)
        for side in sides:
            left, right = symbols.for_side(equation, *side).split(" = ", 1)
            value = eval(as_python(right), {"__builtins__": {}}, names)
            said[left] = value
            if left.startswith("s'."):
                setattr(names["s_next"], left.removeprefix("s'."), value)
            elif "." not in left:
                names[left] = value
    return said


def agree(said: Values, prefix: str, truth: Mapping[str, Any], *, all_of_them: bool = True) -> None:
    """The equations for names with a prefix give what the code has, and leave none out."""
    found = {n.removeprefix(prefix): v for n, v in said.items() if n.startswith(prefix)}
    assert found
    if all_of_them:
        assert set(found) == set(truth)
    for name, value in found.items():
        shape = np.shape(truth[name])
        expected = np.broadcast_to(value, shape)
        np.testing.assert_allclose(truth[name], expected, rtol=1e-12, atol=1e-12, err_msg=name)


def compliance_of(model: ConflictModel, month: Month) -> Array:
    return evaluate("minsk", model, month)["compliance"]


def test_levers(model: ConflictModel, month: Month) -> None:
    rng = np.random.default_rng(4)
    believed = {
        name: {
            lever.name: rng.dirichlet(np.ones(len(lever.levels)), model.width).T
            for lever in actor.menu.levers
        }
        for name, actor in model.actors.items()
    }
    play = {
        f"{name}.{lever.name}.{level}": believed[name][lever.name][k]
        for name, actor in model.actors.items()
        for lever in actor.menu.levers
        for k, level in enumerate(lever.levels)
    }
    said = evaluate("levers", model, month, L=tree(play))
    agree(said, "c.", spread(controls(believed, model.parameters)))


def test_supplies(model: ConflictModel, month: Month) -> None:
    said = evaluate("supplies", model, month, compliance=compliance_of(model, month))
    given = supplies(month.start, month.c, month.p)
    truth = {f"{f}.{who}": q for f, by in given.items() for who, q in by.items()}
    agree(said, "q.", truth)


def test_war(model: ConflictModel, month: Month) -> None:
    said = evaluate("war", model, month)
    agree(said, "b.", spread(month.battle))
    agree(said, "s'.", month.changes, all_of_them=False)


def test_belarus_and_russia(model: ConflictModel, month: Month) -> None:
    said = evaluate("minsk", model, month)
    agree(said, "s'.", month.changes, all_of_them=False)
    assert said["compliance"] == pytest.approx(compliance(month.start, month.c, month.p))
    assert said["usual_transfers"] == pytest.approx(usual_transfers(month.p))


def test_breaches(model: ConflictModel, month: Month) -> None:
    said = evaluate("deal", model, month, compliance=compliance_of(model, month))
    agree(said, "breach.", breaches(month.start, month.c, month.p))


def test_economy(model: ConflictModel, month: Month) -> None:
    agree(evaluate("economy", model, month), "s'.", month.changes, all_of_them=False)


def test_home_fronts(model: ConflictModel, month: Month) -> None:
    agree(evaluate("home fronts", model, month), "s'.", month.changes, all_of_them=False)


@pytest.mark.parametrize("talking", [False, True])
def test_endings(model: ConflictModel, month: Month, talking: bool) -> None:
    """Where talks may be had, and where all talk on fronts from none to beyond collapse."""
    after, c = replace(month.start, **month.changes), month.c
    one = np.ones_like(after.front)
    if talking:
        after = replace(
            after,
            active=0.7 * one,
            ceasefire=0.3 * one,
            settled=0.0 * one,
            front=np.linspace(0.0, 0.8, one.size),
        )
        c = replace(c, talks_russia=one, talks_ukraine=one)
    h = hazards(after, c, month.battle, month.p)
    if talking:
        assert all((getattr(h, f.name) > 0.0).any() for f in fields(h))
    said = evaluate(
        "endings", model, month, s=tree(spread(after)), c=tree(spread(c)), h=tree(spread(h))
    )
    agree(said, "h.", spread(h))
    agree(said, "s'.", expected_endings(after, h, month.p))
    costs = war_costs(month.battle, after, month.p)
    for name, cost in zip(("russia", "ukraine"), costs, strict=True):
        np.testing.assert_allclose(said[f"cost_{name}"], cost, rtol=1e-12)


def test_every_variable_that_moves_has_an_equation(month: Month) -> None:
    lines = [
        symbols.for_side(line, *sides)
        for text in SECTIONS.values()
        for line in symbols.equations(text)
        for sides in symbols.SIDES
    ]
    said = {line.split(" = ")[0].removeprefix("s'.") for line in lines if line.startswith("s'.")}
    assert set(month.changes) <= said


def test_payoffs(model: ConflictModel, month: Month) -> None:
    said = evaluate("payoffs", model, month, s=tree(spread(closed(month))))
    agree(said, "o.", spread(outlook(month)))


def test_channels_of_capacity(model: ConflictModel, month: Month) -> None:
    """Every channel of every pair, one weighed alone at a time; pairs left out have none."""
    s, names = closed(month), list(model.actors)
    usual = usual_transfers(month.p)
    said = evaluate("capacity", model, month, s=tree(spread(s)), usual_transfers=usual)
    shape = (len(names), len(names), model.width)

    def written(channel: str) -> Array:
        out = np.zeros(shape)
        for name, value in said.items():
            _, one, two, of = name.split(".")
            if of == channel:
                i, j = names.index(one), names.index(two)
                out[i, j] = out[j, i] = value
        return out

    for k, channel in enumerate(("economic", "security", "political")):
        alone = (float(k == 0), float(k == 1), float(k == 2))
        found = bandwidth(s, month.c, month.p, names, weights=alone)
        np.testing.assert_allclose(found, written(channel), atol=1e-12, err_msg=channel)
    three = sum(written(channel) for channel in ("economic", "security", "political"))
    np.testing.assert_allclose(bandwidth(s, month.c, month.p, names), three / 3.0, atol=1e-12)
    i, j = names.index("russia"), names.index("belarus")
    four = bandwidth(s, month.c, month.p, names, with_access=True)[i, j]
    np.testing.assert_allclose(four, (three + written("access"))[i, j] / 4.0, atol=1e-12)


def test_value_of_an_option() -> None:
    """V = sum of d^t u(t) over the horizon, and d^(H-1) (d + ... + d^N) u(H-1) after it."""
    d, horizon, after = 0.9, 3, 4
    p = {"world.discount": np.array([d]), "world.terminal_months": np.array([float(after)])}
    found = [float(np.squeeze(w)) for w in weights(p, horizon, terminal=True)]
    tail = d ** (horizon - 1) * sum(d**k for k in range(1, after + 1))
    assert found == pytest.approx([1.0, d, d**2 + tail])


def modules(package: ModuleType) -> list[ModuleType]:
    """Every module of a package."""
    return [
        importlib.import_module(f"{package.__name__}.{found.name}")
        for found in pkgutil.iter_modules(package.__path__)
    ]


def mechanisms() -> dict[str, Callable[..., Any]]:
    """Every public function of the world's and the measures' modules, by dotted name."""
    return {
        f"{module.__name__}.{name}": held
        for module in modules(sim.world) + modules(sim.influence)
        for name, held in vars(module).items()
        if inspect.isfunction(held) and held.__module__ == module.__name__ and name[0] != "_"
    }


def resolve(dotted: str) -> object:
    """What a dotted name names; an AttributeError where there is nothing of that name."""
    parts = dotted.split(".")
    for k in range(len(parts), 0, -1):
        try:
            held: Any = importlib.import_module(".".join(parts[:k]))
        except ModuleNotFoundError:
            continue
        for part in parts[k:]:
            if is_dataclass(held) and part in {f.name for f in fields(held)}:
                return part
            held = getattr(held, part)
        return held
    raise AttributeError(dotted)


@pytest.mark.parametrize("page", ["model.md", "ODD.md"])
def test_every_dotted_name_exists(page: str) -> None:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    named = set(DOTTED.findall(text))
    assert len(named) > 10
    for dotted in sorted(named):
        resolve(dotted)


def test_a_name_of_nothing_is_found_out() -> None:
    with pytest.raises(AttributeError):
        resolve("sim.world.war.fightt")


def test_every_mechanism_is_named() -> None:
    assert len(mechanisms()) > 40
    assert sorted(set(mechanisms()) - set(DOTTED.findall(PAGE))) == []


def test_every_parameter_that_a_mechanism_reads_is_in_an_equation() -> None:
    """Boxes and the plain formulas alike; the registry knows no others of the world."""
    shown = {
        symbols.for_side(found, *sides)
        for found in re.findall(r"\bp\.\w+", PAGE)
        for sides in symbols.SIDES
    }
    read = {
        f"p.{name}"
        for module in [
            *modules(sim.world),
            *modules(sim.influence),
            sim.stages,
            sim.deliberation.table,
        ]
        for name in re.findall(r'p\["world\.(\w+)"\]', inspect.getsource(module))
    }
    assert len(read) > 150
    assert sorted(read - shown) == []
