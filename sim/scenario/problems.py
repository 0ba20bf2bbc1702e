"""What is wrong with an input, said so that its author can mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_LONGEST_ECHO = 60
_LONGEST_WORD_TO_CORRECT = 60
_SHORTEST_PART = 4
_CLOSE = 0.7
_MOST_SUGGESTED = 8


@dataclass(frozen=True)
class Place:
    """A position in a file.

    Attributes:
        file: the file as the user would name it.
        line: counted from 1.
        column: counted from 1, in characters.
    """

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True)
class Problem:
    """One thing wrong with an input.

    Attributes:
        file: the file it stands in, as the user would name it.
        line: line of the offending key or value, from 1.
        column: its column, from 1.
        where: dotted path of the setting, such as `actors.belarus.incentives.rents`; `file` or
            `syntax` when the trouble is not with one setting.
        message: what is wrong and what to do.
    """

    file: str
    line: int
    column: int
    where: str
    message: str

    @classmethod
    def at(cls, place: Place, where: str, message: str) -> Problem:
        """A problem at a place."""
        return cls(place.file, place.line, place.column, where, message)

    def __str__(self) -> str:
        # Keys and file names can hold line breaks; a problem is one line all the same.
        return printable(f"{self.file}:{self.line}:{self.column}: {self.where}: {self.message}")


class ScenarioError(ValueError):
    """An input that cannot be used, with everything that is wrong with it.

    Attributes:
        problems: at least one, in the order found: file by file, top to bottom.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: list[Problem] = list(dict.fromkeys(problems))
        if not self.problems:
            raise ValueError("a ScenarioError needs at least one problem")
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[ScenarioError], tuple[list[Problem]]]:
        return (type(self), (self.problems,))


def printable(text: str) -> str:
    """`text` on one line, with every character that a terminal would act on escaped."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def echo(value: object) -> str:
    """A value from an input file, short enough to stand inside a message.

    Text is quoted, so that `"2"` and `2` can be told apart.
    """
    if isinstance(value, str):
        text = f'"{printable(value)}"'
    elif isinstance(value, bool):
        text = "true" if value else "false"
    elif value is None:
        text = "nothing"
    elif isinstance(value, float):
        text = repr(value)
    elif isinstance(value, dict):
        return "a mapping"
    elif isinstance(value, (list, tuple)):
        return "a list"
    else:
        text = printable(str(value))
    return text if len(text) <= _LONGEST_ECHO else f"{text[: _LONGEST_ECHO - 1]}…"


def did_you_mean(word: object, known: Iterable[str]) -> str:
    """`; did you mean "rents"?` for the known word closest to `word`, or for those that share it.

    Words that contain `word`, or are contained in it, count when none is close in spelling.
    """
    if not isinstance(word, str) or not 0 < len(word) <= _LONGEST_WORD_TO_CORRECT:
        return ""
    meant = word.lower()
    by_lower = {option.lower(): option for option in reversed(list(known))}
    found = difflib.get_close_matches(meant, list(by_lower), n=1, cutoff=_CLOSE)
    if not found and len(word) >= _SHORTEST_PART:
        found = [o for o in by_lower if meant in o or (o in meant and len(o) >= _SHORTEST_PART)]
    if not 0 < len(found) <= _MOST_SUGGESTED:
        return ""
    return f"; did you mean {listing([f'"{by_lower[option]}"' for option in found[::-1]])}?"


def listing(words: Sequence[str], joint: str = "or") -> str:
    """`a, b or c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {joint} {words[-1]}"
