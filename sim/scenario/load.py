"""From a YAML file to a checked `Scenario`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any

from sim.scenario.assemble import assemble
from sim.scenario.chain import Chain
from sim.scenario.check import problems_of
from sim.scenario.files import find_scenario, read_chain
from sim.scenario.layer import Layer
from sim.scenario.overrides import SHOWN, read_overrides
from sim.scenario.problems import Problem, ScenarioError
from sim.scenario.registry import Parameter, load_registry
from sim.scenario.scenario import Scenario
from sim.scenario.settings import name_trouble, read_layer
from sim.scenario.vocabulary import Vocabulary


def load_scenario(
    path: str | os.PathLike[str],
    overrides: Mapping[str, Any] | None = None,
    *,
    registry: Iterable[Parameter] | None = None,
) -> Scenario:
    """Reads a scenario and everything it extends.

    Args:
        path: a file; or a bare name, which is looked for as given, as `scenarios/NAME.yaml`, and
            among the scenarios that come with the project.
        overrides: dotted key -> number, distribution as `{kind: [arguments]}`, or YAML text, such
            as `{"world.third_party_arms": "{uniform: [0, 0.3]}", "claims.C01": "off"}`. Events and
            moves outside a run that an override changes are left out or cut, and a note says so.
        registry: the parameters that exist; those of `seeds/priors.yaml` when left out.

    Raises:
        ScenarioError: the input cannot be used; it holds every problem found.
    """
    found = find_scenario(path)
    vocabulary = Vocabulary.of(load_registry() if registry is None else registry)
    sources, broken = read_chain(found)
    layers = [read_layer(source, vocabulary) for source in sources]
    name = found.path.stem
    if layers and (written := layers[-1].settings.get("effective_of")) is not None:
        name = written.value
    if overrides:
        layers.append(read_overrides(overrides, vocabulary))
    chain = Chain(tuple(layers), vocabulary)
    problems = [*broken, *(problem for source in sources for problem in source.problems)]
    refused = {(p.file, p.line, p.column) for p in problems}
    problems += _not_at(refused, (problem for layer in layers for problem in layer.problems))
    if trouble := name_trouble(name):
        problems.append(Problem(found.shown, 1, 1, "file", f"{trouble}; rename the file"))
    if not broken and not any("extends" in layer.failed for layer in layers):
        # Without an ancestor most of these would be false alarms.
        problems += _not_at(refused, problems_of(chain))
    if problems:
        raise ScenarioError(_in_reading_order(problems, found.shown, layers))
    return assemble(chain, name, found.path)


def _not_at(places: set[tuple[str, int, int]], problems: Iterable[Problem]) -> list[Problem]:
    """Problems but for those that follow from one already reported at the same place."""
    return [p for p in problems if p.file == SHOWN or (p.file, p.line, p.column) not in places]


def _in_reading_order(problems: list[Problem], shown: str, layers: list[Layer]) -> list[Problem]:
    """The file itself first, then the files it extends, then overrides; each from the top."""
    files = [shown, *(layer.file for layer in reversed(layers) if not layer.overrides)]
    rank = {file: i for i, file in reversed(list(enumerate(files)))} | {SHOWN: len(files) + 1}
    return sorted(problems, key=lambda p: (rank.get(p.file, len(files)), p.line, p.column))
