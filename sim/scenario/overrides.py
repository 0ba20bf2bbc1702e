"""Settings given from outside a file: `--set key=value`, or a mapping in Python."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.scenario.distributions import Distribution
from sim.scenario.layer import Layer
from sim.scenario.month import Month
from sim.scenario.problems import Problem, ScenarioError, printable
from sim.scenario.settings import read_layer
from sim.scenario.source import Plain, Source, read_text
from sim.scenario.vocabulary import TEXTS, Vocabulary

SHOWN = "--set"
"""What stands in a problem's place for the file."""


def read_overrides(overrides: Mapping[str, Any], vocabulary: Vocabulary) -> Layer:
    """One layer from all overrides, with everything that is wrong with them.

    Args:
        overrides: dotted key -> number, distribution, plain YAML value, or YAML as text.
        vocabulary: the words they may use.
    """
    layer = Layer(SHOWN, overrides=True)
    for key, given in overrides.items():
        try:
            value = _value(str(key), given)
        except ScenarioError as error:
            layer.problems += [Problem(SHOWN, 1, 1, str(key), p.message) for p in error.problems]
            continue
        for step in reversed(str(key).split(".")):
            value = {step: value}
        part = read_layer(Source(SHOWN, value), vocabulary, overrides=True)
        layer.settings |= part.settings
        layer.events += part.events
        layer.moves += part.moves
        layer.replaces |= part.replaces
        layer.failed |= part.failed
        layer.problems += part.problems
    return layer


def _value(key: str, given: object) -> Plain:
    """What was given, as plain YAML values."""
    if isinstance(given, str):
        if key in TEXTS:
            return given
        source = read_text(given, SHOWN)
        if source.problems:
            raise ScenarioError(source.problems)
        return source.value
    return _plain(given)


def _plain(given: object) -> Plain:
    if isinstance(given, Distribution):
        return _plain(given.as_yaml())
    if isinstance(given, Month):
        return str(given)
    if isinstance(given, Mapping):
        return {str(key): _plain(value) for key, value in given.items()}
    if isinstance(given, (list, tuple)):
        return [_plain(value) for value in given]
    if hasattr(given, "item"):  # a NumPy scalar
        return given.item()
    if given is None or isinstance(given, (str, bool, int, float)):
        return given
    return printable(str(given))
