"""Pages in a results folder beside those of runs and comparisons: what other commands answered."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

type Note = dict[str, Any]
type Told = Mapping[str, Any]


@dataclass(frozen=True)
class _Kind:
    """How a command keeps what it found.

    Attributes:
        name: what people call it.
        notes: where its documents lie, below the results folder.
        title: of a document, what it is about.
        about: of a document, what was asked.
        worlds: of a document, how many worlds it rests on.
        command: of a document, what makes it again.
    """

    name: str
    notes: str
    title: Callable[[Told], str]
    about: Callable[[Told], str]
    worlds: Callable[[Told], int] = lambda told: int(told["worlds"])
    command: Callable[[Told], str] = lambda told: str(told["command"])


def _window(told: Told) -> str:
    return f"{told['window']['from']} to {told['window']['to']}"


def _title(told: Told) -> str:
    return str(told["title"])


def _outcomes(told: Told) -> str:
    return ", ".join(str(one["outcome"]) for one in told["outcomes"])


def _hypotheses(told: Told) -> str:
    return ", ".join(str(one["id"]) for one in told["hypotheses"])


def _most_worlds(told: Told) -> int:
    return max(int(one["sets"]) * int(one["draws"]) for one in told["hypotheses"])


_KINDS: Final = (
    _Kind("back-test", "backtest-*/scores.json", _title, _window),
    _Kind("calibration", "calibration-*/calibration.json", _title, lambda told: str(told["check"])),
    _Kind("sensitivity", "sensitivity-*/sensitivity.json", _title, _outcomes),
    _Kind("discovery", "discover-*/discover.json", _title, _outcomes),
    _Kind(
        "verdicts",
        "thesis/thesis*.json",
        lambda told: f"The article’s hypotheses, under {told['source']}",
        _hypotheses,
        _most_worlds,
        lambda told: f"fulcrum thesis --source {told['source']}",
    ),
)


def read_answers(results: Path) -> list[Note]:
    """Answers in a results folder whose page is there, latest first.

    Returns:
        Notes with "kind", "title", "about", "worlds", "command", "path" and "report".
    """
    found = []
    for kind in _KINDS:
        for document in results.glob(kind.notes):
            alone = document.with_suffix(".html")
            page = alone if alone.is_file() else document.parent / "report.html"
            try:
                told = json.loads(document.read_text(encoding="utf-8"))
                found.append((page.stat().st_mtime, _note(kind, told, page)))
            except (OSError, ValueError, KeyError, TypeError):  # cut off, or of another version
                continue
    return [note for _, note in sorted(found, key=lambda one: one[0], reverse=True)]


def _note(kind: _Kind, told: Told, page: Path) -> Note:
    return {
        "kind": kind.name,
        "title": kind.title(told),
        "about": kind.about(told),
        "worlds": kind.worlds(told),
        "command": kind.command(told),
        "path": str(page.parent),
        "report": str(page),
    }
