"""A small registry and a folder to write scenario files in."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.scenario import Scenario, ScenarioError, load_scenario
from sim.scenario.registry import Parameter, load_registry

REGISTRY = """\
parameters:
  - name: actors.belarus.incentives.rents
    prior: 1.0
    unit: payoff per 10 USD bn a year
    bounds: [0, 10]
    meaning: weight of rents
    origin: {claim: C18}
    neutral: 0.0
    used_by: agents.belarus
  - name: actors.belarus.incentives.autonomy
    prior: {triangular: [0.2, 0.5, 0.9]}
    unit: payoff per unit
    bounds: [0, 10]
    meaning: weight of autonomy
    origin: {claim: [C15, C20]}
    neutral: 0.0
    used_by: agents.belarus
  - name: actors.belarus.precision
    prior: 4
    unit: per unit of scale
    bounds: [0, 100]
    meaning: lambda of the logit response
    origin: {assumption: between chance and certainty}
    used_by: agents.actor
  - name: actors.russia.incentives.territory
    prior: {lognormal: [1.0, 0.3]}
    unit: payoff per 10 points
    bounds: [0, 10]
    meaning: weight of territory
    origin: {figure: gdp_current}
    used_by: agents.russia
    reference: Fearon 1995
  - name: world.third_party_arms
    prior: {uniform: [0.0, 0.2]}
    unit: share of need
    bounds: [0, 1]
    meaning: arms that others supply to Russia
    origin: {assumption: shells came from abroad}
    used_by: sim.world.dependence
  - name: world.noise
    prior: {normal: [0.0, 1.0]}
    unit: log points
    bounds: [-.inf, .inf]
    meaning: drift of the front
    origin: {assumption: symmetric}
    used_by: sim.world.war
  - name: initial.levels.belarus.nuclear_hosting
    prior: 0
    unit: level index
    bounds: [0, 1]
    meaning: where the lever stands at the start
    origin: {assumption: not yet}
    used_by: sim.world.state
"""

type Load = Callable[..., Scenario]
type Lines = Callable[..., list[str]]
type Write = Callable[[str, str], Path]


@pytest.fixture(scope="session")
def registry(tmp_path_factory: pytest.TempPathFactory) -> tuple[Parameter, ...]:
    path = tmp_path_factory.mktemp("seeds") / "priors.yaml"
    path.write_text(REGISTRY)
    return load_registry(path)


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes `scenarios/NAME` into an empty folder that becomes the current one."""
    monkeypatch.chdir(tmp_path)

    def write(name: str, text: str) -> Path:
        path = Path("scenarios") / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def load(write: Write, registry: tuple[Parameter, ...]) -> Load:
    """Loads `x.yaml` with the given text, under the small registry."""

    def load(text: str, overrides: dict[str, Any] | None = None, **others: str) -> Scenario:
        for name, content in others.items():
            write(f"{name}.yaml", content)
        return load_scenario(write("x.yaml", text), overrides, registry=registry)

    return load


@pytest.fixture
def lines(load: Load) -> Lines:
    """The problems of `x.yaml`, one line each, without the folder's name."""

    def lines(text: str, overrides: dict[str, Any] | None = None, **others: str) -> list[str]:
        with pytest.raises(ScenarioError) as caught:
            load(text, overrides, **others)
        return [str(problem).removeprefix("scenarios/") for problem in caught.value.problems]

    return lines
