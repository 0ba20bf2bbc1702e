"""Where a scenario's parameters come from when it does not write them: priors, or a posterior.

A posterior is a file of `seeds/posteriors/`, written by `fulcrum calibrate`: distributions of those
parameters that the record says something about. All others keep their priors, and what a
scenario or one that it extends writes out holds. Priors are the default.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from sim.scenario.problems import Problem, ScenarioError
from sim.scenario.registry import Parameter, load_registry, seeds_path, shown_from_here
from sim.scenario.source import Source, read_file
from sim.scenario.values import Value, read_value

PRIORS = "priors"
"""The source that holds unless another one is named."""


def sources() -> tuple[str, ...]:
    """Names of all sources, the priors first."""
    return (PRIORS, *sorted(path.stem for path in _folder().glob("*.yaml")))


@cache
def load_posterior(name: str) -> dict[str, Value]:
    """Parameters that a source has values of; none for the priors.

    Args:
        name: one of `sources()`.

    Raises:
        ScenarioError: the file is not well formed.
    """
    if name == PRIORS:
        return {}
    path = _folder() / f"{name}.yaml"
    return read_posterior(read_file(path, shown_from_here(path)))


def read_posterior(source: Source) -> dict[str, Value]:
    """Parameters of a file like those of `seeds/posteriors/`."""
    known = {parameter.name: parameter for parameter in load_registry()}
    document = source.value
    problems = list(source.problems)
    found: dict[str, Value] = {}
    entries = document.get("parameters") if isinstance(document, dict) else None
    if not isinstance(entries, dict):
        raise ScenarioError([Problem.at(source.at(), "parameters", "a mapping is needed")])
    for name, written in entries.items():
        trouble = _read(known.get(name), written, found)
        if trouble:
            place = source.at("parameters", name)
            problems.append(Problem.at(place, f"parameters.{name}", trouble))
    if problems:
        raise ScenarioError(problems)
    return found


def _read(parameter: Parameter | None, written: object, found: dict[str, Value]) -> str:
    """Adds a value; or says what is wrong with it."""
    if parameter is None:
        return "no parameter has this name; calibrate anew"
    value = read_value(written)
    if isinstance(value, str):
        return value
    found[parameter.name] = value
    return parameter.trouble(value)


def _folder() -> Path:
    return seeds_path() / "posteriors"
