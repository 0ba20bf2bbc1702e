"""From a setting to the scenario that is run, and to the file that `fulcrum run` reads it from."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from sim.explorer.catalogue import Catalogue
from sim.explorer.runs import Work
from sim.explorer.state import LONGEST_TITLE, Setting, View, slug
from sim.report.deeds import words
from sim.scenario import Scenario, ScenarioError, load_scenario
from sim.scenario.written import as_yaml


def scenario_of(setting: Setting, months: int | None, catalogue: Catalogue) -> Scenario:
    """The scenario that a setting amounts to; the file's own where nothing is changed.

    Args:
        setting: whose names are in the catalogue.
        months: length of the run, None for the scenario's own.
        catalogue: where scenarios are.

    Raises:
        ScenarioError: the setting contradicts itself or the scenario.
    """
    return _loaded(
        setting, months, catalogue.scenarios[setting.start], frozenset(catalogue.scenarios)
    )


def work_of(setting: Setting, view: View, catalogue: Catalogue) -> Work:
    """The run that a setting makes in a view: its months, seed and worlds.

    Raises:
        ScenarioError: the setting contradicts itself or the scenario.
    """
    path, taken = catalogue.scenarios[setting.start], frozenset(catalogue.scenarios)
    return replace(_begun(setting, view.months, path, taken, view.seed), worlds=view.worlds)


@lru_cache(maxsize=1024)
def _begun(
    setting: Setting, months: int | None, path: Path, taken: frozenset[str], seed: int
) -> Work:
    return Work.of(_loaded(setting, months, path, taken), seed, 0)


@lru_cache(maxsize=1024)
def _loaded(setting: Setting, months: int | None, path: Path, taken: frozenset[str]) -> Scenario:
    overrides: dict[str, Any] = dict(setting.values)
    overrides |= {f"claims.{claim}": "on" if on else "off" for claim, on in setting.claims}
    if setting.shocks:
        overrides["events"] = _events(setting)
    if months is not None:
        overrides["months"] = months
    found = load_scenario(path, overrides)
    if not setting.changed:
        return found
    title = setting.title or describe(setting, found.title)
    return replace(found, name=slug(title, taken), title=title)


def describe(setting: Setting, title: str) -> str:
    """A setting in a few words: what is changed, and of which scenario."""
    parts = [f"{_leaf(name)} {value:.4g}".replace("-", "−") for name, value in setting.values]
    parts += [f"{claim} {'on' if on else 'off'}" for claim, on in setting.claims]
    parts += [f"{_plainly(one.name)} {one.size:+.3g}".replace("-", "−") for one in setting.shocks]
    if not parts:
        return _cut(title)
    for count in (3, 2, 1):
        rest = len(parts) - count
        more = f" and {rest} more" if rest > 0 else ""
        words = f"{', '.join(parts[:count])}{more}, {title}"
        if len(words) <= LONGEST_TITLE:
            break
    return _cut(words)


def _plainly(name: str) -> str:
    return name.replace("_", " ").replace(".", " of ")


def _cut(words: str) -> str:
    return words if len(words) <= LONGEST_TITLE else f"{words[: LONGEST_TITLE - 1].rstrip()}…"


def _leaf(name: str) -> str:
    """A parameter's name as short as it can be told: an incentive with whose it is."""
    path = name.split(".")
    who = path[1].capitalize() if path[0] == "actors" else ""
    who = "NATO" if who == "Nato" else who
    return f"{who}’s {words(path[-1])}" if who else words(path[-1])


def _events(setting: Setting) -> list[dict[str, Any]]:
    return [{"at": one.at, "shock": {one.name: one.size}} for one in setting.shocks]


def yaml_of(setting: Setting, months: int | None, catalogue: Catalogue) -> tuple[str, str]:
    """A setting as a scenario file: its name, and its text.

    The file extends the scenario that comes with Fulcrum and says only what differs. Where such a
    file would not load to the very scenario that was shown (a scenario of the user's own that lies
    elsewhere, a run cut so short that inherited events fall out of it), it is written out in full.

    Raises:
        ScenarioError: the setting contradicts itself or the scenario.
    """
    shown = scenario_of(setting, months, catalogue)
    name = shown.name if setting.changed or months is not None else f"{shown.name}_copy"
    if name in catalogue.scenarios:
        name += "_changed"
    wanted = replace(shown, name=name)
    if setting.start in catalogue.bundled:
        short = as_yaml(_differing(setting, wanted, catalogue))
        if _amounts_to(short, wanted):
            return f"{name}.yaml", short
    return f"{name}.yaml", wanted.as_yaml()


def _differing(setting: Setting, wanted: Scenario, catalogue: Catalogue) -> dict[str, Any]:
    """Only what a file that extends the setting's scenario has to say."""
    parent = catalogue.loaded[setting.start]
    out: dict[str, Any] = {"extends": setting.start, "title": wanted.title}
    if wanted.months != parent.months:
        out["months"] = wanted.months
    switched = {c: on for c, on in setting.claims if on == (c in parent.claims_off)}
    if switched:
        out["claims"] = {claim: "on" if on else "off" for claim, on in switched.items()}
    # what a parameter is with the claims switched and nothing else: repeating it would be refused
    claims_only = replace(setting, values=(), shocks=())
    before = scenario_of(claims_only, None, catalogue).parameters
    for parameter, value in setting.values:
        if before[parameter] != value:
            _nest(out, parameter.split("."), value, catalogue, parameter)
    if setting.shocks:
        out["events"] = _events(setting)
    return out


def _nest(
    out: dict[str, Any], path: list[str], value: float, catalogue: Catalogue, name: str
) -> None:
    for step in path[:-1]:
        out = out.setdefault(step, {})
    out[path[-1]] = _written(name, value, catalogue)


def _written(name: str, value: float, catalogue: Catalogue) -> float | str:
    """A value as files have it: a level of a lever by its word."""
    from agents import menus

    match name.split("."):
        case ["initial", "levels", actor, lever]:
            levels: Mapping[str, tuple[str, ...]] = menus().get(actor, {})
            if lever in levels:
                return levels[lever][int(value)]
    return value


def _amounts_to(text: str, wanted: Scenario) -> bool:
    """Whether a file with this text, under its name, loads to this very scenario."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{wanted.name}.yaml"
        file.write_text(text, encoding="utf-8")
        try:
            return load_scenario(file) == wanted
        except ScenarioError:
            return False
