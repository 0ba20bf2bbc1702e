"""What one file of an `extends` chain says, by itself.

A layer holds nothing of what the file inherits: settings by dotted name, and the events and moves
that it adds. `settings` and `dated` read it; what can only be judged with the rest of the chain is
in `check`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sim.scenario.month import Month
from sim.scenario.problems import Place, Problem, did_you_mean, echo
from sim.scenario.registry import CLAIMS
from sim.scenario.scenario import Event, Move
from sim.scenario.source import KeyPath, Plain, Source, where_of
from sim.scenario.vocabulary import Vocabulary


@dataclass(frozen=True)
class Setting:
    """A setting as one file has it.

    Attributes:
        value: read and checked: a `Value`, text, a whole number or a `Month`.
        key: where its key stands.
        at: where its value stands.
    """

    value: Any
    key: Place
    at: Place


@dataclass(frozen=True)
class Item[T: (Event, Move)]:
    """An event or a move as one file has it.

    Attributes:
        value: the event or move.
        where: its path in the file, such as `moves[0]`.
        whole: where it stands.
        fields: key -> where its value stands.
    """

    value: T
    where: str
    whole: Place
    fields: dict[str, Place]

    def at(self, key: str) -> Place:
        """Where a field's value stands; the item itself when the field was left out."""
        return self.fields.get(key, self.whole)


type Dated = Item[Event] | Item[Move]


@dataclass
class Layer:
    """What one file says.

    Attributes:
        file: its name in messages.
        settings: dotted name -> setting, without events and moves.
        events: events it adds.
        moves: moves it adds.
        replaces: of `events` and `moves`, those whose inherited items it leaves out.
        failed: names of settings that are there but cannot be used.
        problems: everything wrong with the file by itself.
        overrides: whether it stands for overrides from outside and no file.
    """

    file: str
    settings: dict[str, Setting] = field(default_factory=dict)
    events: list[Item[Event]] = field(default_factory=list)
    moves: list[Item[Move]] = field(default_factory=list)
    replaces: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    overrides: bool = False

    @property
    def effective(self) -> bool:
        """Whether it was written out by the program, repeating every prior on purpose."""
        return "effective_of" in self.settings


class LayerReader:
    """Reads the plain values of one file and notes what is wrong with them.

    Attributes:
        source: the file.
        vocabulary: the words it may use.
        layer: what has been read so far, and the problems.
    """

    def __init__(self, source: Source, vocabulary: Vocabulary, overrides: bool) -> None:
        self.source = source
        self.vocabulary = vocabulary
        self.layer = Layer(source.file, overrides=overrides)

    def say(self, path: KeyPath, message: str, *, key: bool = False) -> None:
        """Notes a problem at a path's value, or at its key."""
        place = self.source.key(*path) if key else self.source.at(*path)
        self.layer.problems.append(Problem.at(place, where_of(path) or "file", message))

    def keep(self, path: KeyPath, value: object) -> None:
        """Stores a setting under its dotted name, or notes that it failed."""
        name = where_of(path)
        if value is None:
            self.layer.failed.add(name)
        else:
            key, at = self.source.key(*path), self.source.at(*path)
            self.layer.settings[name] = Setting(value, key, at)

    def text(self, path: KeyPath, value: Plain, *, lines: bool) -> str | None:
        """The value as text, of several `lines` or one; None after noting that it is none."""
        if not isinstance(value, str):
            self.say(path, f"text is needed, not {echo(value)}; quote it if it is meant as text")
            return None
        allowed = "\n\t" if lines else ""
        bad = next((c for c in value if c not in allowed and _is_control(c)), None)
        if bad is not None:
            kind = "one line of text" if bad == "\n" else "text without control characters"
            self.say(path, f"{kind} is needed; this holds U+{ord(bad):04X}")
            return None
        return value.strip()

    def whole(self, path: KeyPath, value: Plain, highest: int) -> int | None:
        """The value as a number of months from 1; None after noting that it is none."""
        if isinstance(value, bool) or not isinstance(value, int):
            self.say(path, f"a whole number of months is needed, not {echo(value)}")
        elif not 1 <= value <= highest:
            self.say(path, f"{echo(value)} is outside 1 to {highest} months")
        else:
            return value
        return None

    def month(self, path: KeyPath, value: Plain) -> Month | None:
        """The value as a month; None after noting that it is none."""
        try:
            return Month.parse(value if isinstance(value, str) else "")
        except ValueError as error:
            self.say(path, f"{echo(value)} is no month; {error}")
        return None


def meant_claim(word: object) -> str:
    """`; did you mean "C01"?` for a claim that is misspelt, as c1."""
    number = word.upper().removeprefix("C").zfill(2) if isinstance(word, str) else ""
    return did_you_mean(f"C{number}", CLAIMS) if f"C{number}" in CLAIMS else ""


def refused(value: object) -> str:
    """`not "2"`: how a message names the value that was found instead."""
    return f"not {echo(value)}"


def _is_control(character: str) -> bool:
    code = ord(character)
    return code < 32 or 127 <= code < 160 or 0xD800 <= code < 0xE000
