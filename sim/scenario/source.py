"""A YAML file as plain values, each with its line and column.

YAML 1.2 in its core schema: `off`, `no` and `2024-03` are words, only `true` and `false` are
booleans. What a scenario has no use for and what can be turned against a reader is refused: tags,
merge keys, anchors and aliases, several documents, deep nesting, large files.

The tree is composed here from the parser's events, rather than by the library's own composer, so
that all duplicate keys are reported at once, and size and nesting are counted while they are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.scenario.problems import Place, Problem, ScenarioError

if TYPE_CHECKING:
    from ruamel.yaml.error import MarkedYAMLError, StreamMark
    from ruamel.yaml.events import Event

type Plain = dict[str, Plain] | list[Plain] | str | int | float | bool | None
"""What a YAML file can hold."""

type KeyPath = tuple[str | int, ...]

LARGEST_FILE = 1_000_000
"""Bytes."""
MOST_VALUES = 20_000
"""Keys, items and scalars of one file."""
DEEPEST = 30
"""Mappings and lists inside one another."""

_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_INFINITY = re.compile(r"[-+]?\.(inf|Inf|INF)")
_WORDS: dict[str, bool | float | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}
_LONGEST_EXACT_INTEGER = 100


@dataclass(frozen=True)
class Source:
    """The contents of one file.

    Attributes:
        file: the file as the user would name it.
        value: a `Plain`, typed loosely for those who know what they read.
        keys: key path -> where its key stands (for a list item, where the item stands).
        values: key path -> where its value stands.
        problems: what the file may not contain though it can be read: duplicate keys (the last
            value is kept), tags, anchors, aliases (None is kept), merge keys.
    """

    file: str
    value: Any
    keys: dict[KeyPath, Place] = field(default_factory=dict)
    values: dict[KeyPath, Place] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def key(self, *path: str | int) -> Place:
        """Where the key of a path stands; the file's beginning if it has no places."""
        return self.keys.get(path, Place(self.file, 1, 1))

    def at(self, *path: str | int) -> Place:
        """Where the value of a path stands; the file's beginning if it has no places."""
        return self.values.get(path, Place(self.file, 1, 1))


def read_file(path: Path, shown: str) -> Source:
    """Reads one YAML file.

    Args:
        path: the file.
        shown: its name in messages.

    Raises:
        ScenarioError: it is missing, unreadable, over 1 MB, not UTF-8, or not acceptable YAML.
    """

    def refuse(message: str, where: str = "file", line: int = 1, column: int = 1) -> ScenarioError:
        return ScenarioError([Problem(shown, line, column, where, message)])

    try:
        if not path.is_file():
            raise refuse("is a folder, not a file" if path.is_dir() else "there is no such file")
        with path.open("rb") as stream:
            raw = stream.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise refuse(f"cannot be read: {reason}") from error
    if len(raw) > LARGEST_FILE:
        raise refuse("is larger than 1 MB; a scenario is a few kilobytes")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        message = f"byte 0x{raw[error.start]:02x} is not UTF-8; save the file as UTF-8"
        raise refuse(message, "syntax", line, column) from error
    return read_text(text, shown)


def read_text(text: str, shown: str) -> Source:
    """Reads YAML from text; see `read_file`."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError
    from ruamel.yaml.reader import ReaderError

    composer = _Composer(shown)
    try:
        composer.compose(YAML(typ="safe", pure=True).parse(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise composer.refuse(mark, "syntax", _say_syntax(error)) from error
    except ReaderError as error:
        before = text[: error.position]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        message = f"character U+{ord(text[error.position]):04X} is not allowed in YAML"
        raise ScenarioError(
            [*composer.problems, Problem(shown, line, column, "syntax", message)]
        ) from error
    except YAMLError as error:
        message = " ".join(str(error).split())
        raise composer.refuse(None, "syntax", message) from error
    problems = tuple(composer.problems)
    return Source(shown, composer.value, composer.keys, composer.values, problems)


def _say_syntax(error: MarkedYAMLError) -> str:
    """The parser's complaint in one line, with what usually causes it."""
    problem = " ".join(str(error.problem or "cannot be read as YAML").split())
    if "'\\t'" in problem:
        return "a tab stands where YAML wants spaces; indent with spaces"
    if problem.startswith("mapping values are not allowed"):
        return (
            'a second ": " on one line (quote text that holds a colon), a line indented unlike its '
            "neighbours, or a key above that lacks its colon or the blank after it"
        )
    if problem.startswith("found character") and "cannot start" in problem:
        return f"{problem}; quote the text"
    opened = error.context_mark
    begun = f"that is opened in line {opened.line + 1} " if opened is not None else ""
    if "end of stream" in problem or "<stream end>" in problem:
        return f"a quoted text, a list or a mapping {begun}is never closed"
    if problem.startswith(("expected ',' or ']'", "expected ',' or '}'")):
        return f"the list or mapping {begun}lacks a comma before this, or is not closed"
    if problem.startswith("expected <block end>"):
        return "this line's indentation fits no block above it"
    context = " ".join(str(error.context or "").split())
    return f"{problem} ({context})" if context else problem


def where_of(path: KeyPath) -> str:
    """A key path as people write it: `events[0].shock.oil`."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".")


def plain_scalar(text: str) -> Plain:
    """An unquoted scalar's value in YAML 1.2's core schema.

    Integers of more than 100 digits become infinite, so that the conversion itself never fails.
    """
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        if len(text) > _LONGEST_EXACT_INTEGER:
            return float("-inf") if text.startswith("-") else float("inf")
        base = {"0o": 8, "0x": 16}.get(text[:2], 10)
        return int(text[2:] if base != 10 else text, base)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _INFINITY.fullmatch(text):
        return float("-inf") if text.startswith("-") else float("inf")
    return text


class _Composer:
    """Builds values and places from the parser's events."""

    def __init__(self, shown: str) -> None:
        self.shown = shown
        self.problems: list[Problem] = []
        self.value: Plain = None
        self.keys: dict[KeyPath, Place] = {}
        self.values: dict[KeyPath, Place] = {}
        self._count = 0
        self._events: Iterator[Event] = iter(())

    def compose(self, events: Iterator[Event]) -> None:
        """Reads the one document of a stream."""
        from ruamel.yaml.events import DocumentStartEvent

        self._events = events
        next(events)  # the stream starts
        start = next(events)
        if not isinstance(start, DocumentStartEvent):
            return
        if start.version not in (None, (1, 2)):
            self._refuse_event(start, "only YAML 1.2 is read; drop the %YAML directive")
        first = next(events)
        self.keys[()] = self.values[()] = self._place(first)
        self.value = self._compose(first, (), 0)
        next(events)  # the document ends
        after = next(events)
        if isinstance(after, DocumentStartEvent):
            self._refuse_event(after, 'a second document ("---"); a file holds one')

    def refuse(self, mark: StreamMark | None, where: str, message: str) -> ScenarioError:
        """Notes a problem at a mark; the error with all problems, for when reading must end."""
        line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
        self.problems.append(Problem(self.shown, line, column, where, message))
        return ScenarioError(self.problems)

    def _refuse_event(self, event: Event, message: str, path: KeyPath = ()) -> ScenarioError:
        return self.refuse(event.start_mark, where_of(path) or "syntax", message)

    def _place(self, event: Event) -> Place:
        return Place(self.shown, event.start_mark.line + 1, event.start_mark.column + 1)

    def _tally(self, event: Event) -> None:
        self._count += 1
        if self._count > MOST_VALUES:
            raise self._refuse_event(event, f"more than {MOST_VALUES:,} values in one file")

    def _compose(self, event: Event, path: KeyPath, depth: int) -> Plain:
        from ruamel.yaml.events import AliasEvent, MappingStartEvent, ScalarEvent

        self._tally(event)
        if isinstance(event, AliasEvent):
            self._refuse_event(
                event, f"alias *{event.anchor}: aliases are not read, write the value out", path
            )
            return None
        self._refuse_decoration(event, path)
        if isinstance(event, ScalarEvent):
            return plain_scalar(event.value) if event.style is None else event.value
        if depth == DEEPEST:
            raise self._refuse_event(event, f"nested more than {DEEPEST} deep")
        if isinstance(event, MappingStartEvent):
            return self._mapping(path, depth + 1)
        return self._list(path, depth + 1)

    def _refuse_decoration(self, event: Event, path: KeyPath) -> None:
        tag, anchor = getattr(event, "tag", None), getattr(event, "anchor", None)
        if tag is not None:
            tag = str(tag).replace("tag:yaml.org,2002:", "!!")
            self._refuse_event(event, f"tag {tag}: tags are not read, leave it out", path)
        if anchor is not None:
            self._refuse_event(event, f"anchor &{anchor}: anchors are not read", path)

    def _mapping(self, path: KeyPath, depth: int) -> dict[str, Plain]:
        from ruamel.yaml.events import MappingEndEvent, ScalarEvent

        result: dict[str, Plain] = {}
        first_line: dict[str, int] = {}
        while not isinstance(key := next(self._events), MappingEndEvent):
            self._tally(key)
            if not isinstance(key, ScalarEvent):
                raise self._refuse_event(key, "a key must be a plain word", path)
            self._refuse_decoration(key, path)
            name, here, place = key.value, (*path, key.value), self._place(key)
            if name == "<<" and key.style is None:
                self._refuse_event(key, "merge keys are not read; write the settings out", path)
            elif name in first_line:
                message = f"duplicate key; it stands in line {first_line[name]} already"
                self._refuse_event(key, message, here)
            first_line.setdefault(name, place.line)
            value = next(self._events)
            # An empty value's mark is that of whatever comes next.
            empty = isinstance(value, ScalarEvent) and value.style is None and not value.value
            self.keys[here], self.values[here] = place, place if empty else self._place(value)
            result[name] = self._compose(value, here, depth)
        return result

    def _list(self, path: KeyPath, depth: int) -> list[Plain]:
        from ruamel.yaml.events import SequenceEndEvent

        result: list[Plain] = []
        while not isinstance(item := next(self._events), SequenceEndEvent):
            here = (*path, len(result))
            self.keys[here] = self.values[here] = self._place(item)
            result.append(self._compose(item, here, depth))
        return result
