"""Finding scenario files: the one that was named, and those that it extends."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from sim.scenario.problems import Problem, ScenarioError, did_you_mean
from sim.scenario.registry import scenarios_path, shown_from_here
from sim.scenario.source import Source, read_file

_ENDINGS = (".yaml", ".yml")
_FOLDER = "scenarios"


@dataclass(frozen=True)
class Found:
    """A scenario file.

    Attributes:
        path: where it is.
        shown: its name in messages: the words that the user would use.
        tree: the folder that its ancestors must lie in.
    """

    path: Path
    shown: str
    tree: Path


def find_scenario(named: str | os.PathLike[str]) -> Found:
    """The file that a path or a bare name stands for.

    A bare name, without folder and ending, is looked for as given, as `scenarios/NAME.yaml`, and
    among the scenarios that come with the project.

    Raises:
        ScenarioError: there is no such file.
    """
    text = os.fspath(named)
    if _is_file(Path(text)):
        return _found(Path(text), text)
    if _is_bare(text):
        for folder in (Path(_FOLDER), scenarios_path()):
            path = folder / f"{text}.yaml"
            if _is_file(path):
                return _found(path, shown_from_here(path))
    if _is_folder(Path(text)):
        message = "is a folder, not a scenario file"
    else:
        message = f"there is no such file{did_you_mean(_stem(text), _known())}"
    raise ScenarioError([Problem(text, 1, 1, "file", message)])


def read_chain(found: Found) -> tuple[list[Source], list[Problem]]:
    """Reads a file and, as far as they can be read, all that it extends.

    Returns:
        The sources, oldest ancestor first, and what kept further ones from being read.
    """
    sources: list[Source] = []
    met: dict[Path, str] = {}
    while True:
        try:
            source = read_file(found.path, found.shown)
        except ScenarioError as error:
            return sources[::-1], error.problems
        sources.append(source)
        met[found.path.resolve()] = found.shown
        extends = source.value.get("extends") if isinstance(source.value, dict) else None
        if not isinstance(extends, str) or not extends.strip():
            return sources[::-1], []
        parent = _parent(found, extends.strip())
        if isinstance(parent, Found) and parent.path.resolve() in met:
            circle = list(met.values())[list(met).index(parent.path.resolve()) :]
            parent = f"goes in a circle: {' -> '.join([*circle, parent.shown])}"
        if isinstance(parent, str):
            return sources[::-1], [Problem.at(source.at("extends"), "extends", parent)]
        found = parent


def _parent(child: Found, named: str) -> Found | str:
    """The file that `extends` names, or what is wrong with it."""
    if os.path.isabs(named) or named.startswith("~"):
        return "a path from this file's folder is needed, such as status_quo.yaml"
    wanted = f"{named}.yaml" if _is_bare(named) else named
    path = child.path.parent / wanted
    own = scenarios_path() / f"{_stem(named)}.yaml"
    if _is_bare(named) and not _is_file(path) and _is_file(own):
        return _found(own, shown_from_here(own))
    try:
        inside = path.resolve().is_relative_to(child.tree)
    except (OSError, ValueError, RuntimeError):
        return f"{named} is no path"
    if not inside:
        return f"{named} lies outside the folder {child.tree.name}, from which this file may extend"
    shown = os.path.normpath(os.path.join(os.path.dirname(child.shown), wanted))
    if _is_file(path):
        return Found(path, shown, child.tree)
    if _is_file(own):
        return f"there is no {shown}; to extend the one that comes with Fulcrum write {own.stem}"
    beside = [file.stem for file in path.parent.glob("*.yaml")]
    return f"there is no {shown}{did_you_mean(own.stem, beside)}"


def _found(path: Path, shown: str) -> Found:
    """A file with its tree: the nearest folder called `scenarios` above it, or its own folder."""
    real = path.resolve()
    tree = next((folder for folder in real.parents if folder.name == _FOLDER), real.parent)
    return Found(path, shown, tree)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def _is_bare(name: str) -> bool:
    return (
        name.strip(".") != ""
        and "/" not in name
        and "\\" not in name
        and not name.endswith(_ENDINGS)
    )


def _stem(name: str) -> str:
    base = os.path.basename(name)
    return base.rpartition(".")[0] if base.endswith(_ENDINGS) else base


def _known() -> list[str]:
    folders = (Path(_FOLDER), scenarios_path())
    return sorted({path.stem for folder in folders for path in folder.glob("*.yaml")})
