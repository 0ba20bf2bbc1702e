"""What is wrong with an input, said so that its author can mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_LONGEST_ECHO = 60
_LONGEST_WORD_TO_CORRECT = 60
_SHORTEST_PART = 3


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
    """`; did you mean "rents"?` when a known word is close to `word` or alone holds it."""
    if not isinstance(word, str) or not 0 < len(word) <= _LONGEST_WORD_TO_CORRECT:
        return ""
    options = list(known)
    by_lower = {option.lower(): option for option in reversed(options)}
    close = difflib.get_close_matches(word.lower(), list(by_lower), n=1, cutoff=0.6)
    if not close and len(word) >= _SHORTEST_PART:
        close = [option for option in by_lower if word.lower() in option]
    return f'; did you mean "{by_lower[close[0]]}"?' if len(close) == 1 else ""


def listing(words: Sequence[str], joint: str = "or") -> str:
    """`a, b or c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {joint} {words[-1]}"
