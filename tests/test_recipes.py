"""The recipes of CONTRIBUTING.md, followed to the letter on a copy of the project."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
RECIPE = re.compile(r"^## Add an? (.+?)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
STEP = re.compile(r"`((?:agents|scenarios|seeds|sim)/[\w./]+)`|```(\w+)\n(.*?)```", re.DOTALL)

# Entries that the actor's recipe names in a table: parameter -> prior.
CHINA = {
    "actors.china.incentives.busy_west": 0.3,
    "actors.china.incentives.escalation": 0.5,
    "actors.china.precision": 4,
    "actors.china.scale": 1.0,
    "actors.china.switching": 0.2,
    "actors.china.memory": 0.3,
    "initial.levels.china.arms": 0,
    "world.china_arms": 0.2,
}
ENTRY = """
  - name: {name}
    prior: {prior}
    unit: test
    bounds: [0, 10]
    meaning: test
    origin: {{assumption: "a test"}}
    used_by: agents.china
"""


def follow(recipe: str, house: Path) -> None:
    """Carry out the steps of one recipe of CONTRIBUTING.md in a copy of the project."""
    steps = dict(RECIPE.findall((ROOT / "CONTRIBUTING.md").read_text()))[recipe]
    file = house
    for named, language, body in STEP.findall(steps):
        if named:
            file = house / named
        elif language == "diff":
            lines = body.splitlines(keepends=True)
            before = "".join(line[1:] for line in lines if not line.startswith("+"))
            after = "".join(line[1:] for line in lines if not line.startswith("-"))
            text = file.read_text()
            assert text.count(before) == 1, (
                f"{file.relative_to(house)} has no such lines:\n{before}"
            )
            file.write_text(text.replace(before, after))
        elif file.exists():
            file.write_text(f"{file.read_text()}\n{body}")
        else:
            file.write_text(body)


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of everything that a run needs."""
    for folder in ("agents", "scenarios", "seeds", "sim"):
        shutil.copytree(
            ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def run(house: Path, code: str) -> str:
    """What a fresh interpreter prints that finds the copy before anything installed."""
    begin = "from sim import load_scenario, simulate\n"
    done = subprocess.run(
        [sys.executable, "-c", begin + code], cwd=house, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_add_a_scenario(house: Path) -> None:
    follow("scenario", house)
    said = run(house, "s = load_scenario('weary_west')\nprint(s.title, *s.events)")
    assert said == "The West looks away 2024-03 attention -0.3 (budget deadlock)\n"


def test_add_a_parameter(house: Path) -> None:
    short = "ds = simulate(load_scenario('status_quo', {'months': 2}), worlds=8)\n"
    show = "print(float(ds.front.sum()), float(ds.attention.sum()), ds.sizes['name'])"
    before = run(house, short + show).split()
    follow("parameter", house)
    after = run(house, short + show).split()
    assert after[1] != before[1], "attention now returns at its own speed in each world"
    assert int(after[2]) == int(before[2]) + 1


def test_add_a_lever(house: Path) -> None:
    follow("lever", house)
    said = run(
        house,
        "off = {'months': 3, 'initial.levels.nato.training': 'paused'}\n"
        "moves = [{'actor': 'nato', 'from': '2023-12', 'lever': 'training', 'level': 'running'}]\n"
        "one = simulate(load_scenario('status_quo', off), worlds=8)\n"
        "two = simulate(load_scenario('status_quo', {'months': 3, 'moves': moves}), worlds=8)\n"
        "print((two.choice.sel(actor='nato', lever='training') == 1).all().item())\n"
        "print((one.front != two.front).any().item())",
    )
    assert said.split() == ["True", "True"]


def test_add_an_actor(house: Path) -> None:
    follow("actor", house)
    registry = house / "seeds" / "priors.yaml"
    with registry.open("a") as file:
        file.writelines(ENTRY.format(name=name, prior=prior) for name, prior in CHINA.items())
    said = run(
        house,
        "ds = simulate(load_scenario('status_quo', {'months': 3}), worlds=8)\n"
        "print(*ds.actor.values)\n"
        "china = ds.sel(actor='china')\n"
        "print(set(china.choice.sel(lever='arms').values.ravel().tolist()) <= {0, 1})\n"
        "print(bool(china.payoff.notnull().all()))\n"
        "mad = simulate(load_scenario('status_quo',"
        " {'months': 3, 'actors.china.plays': 'random'}), worlds=8)\n"
        "print(bool((mad.choice.sel(actor='china', lever='arms') == 1).any()))",
    )
    assert said.split("\n")[0] == "russia belarus ukraine nato china"
    assert said.split("\n")[1:4] == ["True", "True", "True"]


def test_add_an_influence_measure(house: Path) -> None:
    follow("influence measure", house)
    said = run(
        house,
        "from sim.analysis.outcomes import describe, outcome\n"
        "ds = simulate(load_scenario('status_quo', {'months': 2}), worlds=8)\n"
        "found = outcome(ds, 'concentration.belarus')\n"
        "shares = ds.dependence.sel(actor='belarus')\n"
        "shares = shares / shares.sum('target')\n"
        "print(float(abs(found - 100 * (shares**2).sum('target') ** 0.5).max()) < 1e-10)\n"
        "print(describe('concentration.belarus')[0])",
    )
    assert said.split("\n")[:2] == ["True", "Concentration of Belarus’s dependence"]


def test_the_measure_of_the_recipe_is_hirschmans_index(house: Path) -> None:
    """Hirschman (1945): shares of .6, .2, .1 and .1 have an index of 64.8074."""
    follow("influence measure", house)
    said = run(
        house,
        "import numpy as np\n"
        "from sim.influence.concentration import concentration\n"
        "held = 5.0 * np.array([[0.6, 0.2, 0.1, 0.1], [0.0, 1.0, 0.0, 0.0]])[:, :, None]\n"
        "print(*(f'{index:.4f}' for index in concentration(held)[:, 0]))",
    )
    assert said == "64.8074 100.0000\n"


@pytest.mark.parametrize("recipe", ["parameter", "lever", "actor", "influence measure"])
def test_recipes_pass_the_linter(recipe: str, house: Path) -> None:
    follow(recipe, house)
    for check in (["check"], ["format", "--check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *check, "--no-cache", "agents", "sim"],
            cwd=house,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout


def test_every_recipe_is_followed_here() -> None:
    recipes = {kind for kind, _ in RECIPE.findall((ROOT / "CONTRIBUTING.md").read_text())}
    assert recipes == {"scenario", "parameter", "lever", "actor", "influence measure"}
