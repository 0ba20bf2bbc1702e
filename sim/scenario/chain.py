"""A file with everything it extends and what was overridden: what holds in the end, and why.

Settings: the file nearest to the reader wins, and a distribution replaces what it stands for whole.
Events and moves add up along the chain, unless a file says `replace`. A claim that a file switches
off makes its parameters neutral, whatever was written further up; a value in that file or further
down still wins. The same goes for a setting of the model's structure that a claim stands for.
Events that carry the claim then do not happen, wherever they are written. What nobody writes comes
from the source that is named, a posterior or the priors.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sim.scenario.distributions import Distribution
from sim.scenario.layer import Dated, Item, Layer, Setting
from sim.scenario.ledger import structure_without
from sim.scenario.month import Month
from sim.scenario.posteriors import PRIORS, load_posterior
from sim.scenario.registry import CLAIMS, Parameter
from sim.scenario.scenario import Event, Move
from sim.scenario.values import Value
from sim.scenario.vocabulary import Vocabulary

DEFAULT_START = Month(2023, 12)
"""The first month after the observed figures end."""
DEFAULT_MONTHS = 36
DEFAULT_HORIZON = 6


@dataclass(frozen=True)
class Window:
    """The months of a run.

    Attributes:
        start: first month.
        months: how many.
    """

    start: Month
    months: int

    @property
    def end(self) -> Month:
        """Last month."""
        return self.start + (self.months - 1)

    def __contains__(self, month: Month) -> bool:
        return self.start <= month <= self.end

    def __str__(self) -> str:
        return f"{self.start} to {self.end}"


@dataclass(frozen=True)
class Chain:
    """Layers from the oldest ancestor to the file itself, then overrides if there are any.

    Attributes:
        layers: as above.
        vocabulary: the words they use.
    """

    layers: tuple[Layer, ...]
    vocabulary: Vocabulary

    @property
    def files(self) -> int:
        """How many of the layers are files; the rest are overrides."""
        return sum(not layer.overrides for layer in self.layers)

    def written(self, name: str, upto: int | None = None) -> tuple[int, Setting] | None:
        """The setting that holds among the first `upto` layers, and the layer it stands in."""
        for i in reversed(range(len(self.layers) if upto is None else upto)):
            if name in self.layers[i].settings:
                return i, self.layers[i].settings[name]
        return None

    def switched_off(self, upto: int | None = None) -> dict[str, int]:
        """Claims that are off after the first `upto` layers -> the layer that switched each off."""
        off: dict[str, int] = {}
        for i, layer in enumerate(self.layers[:upto]):
            for claim in CLAIMS:
                setting = layer.settings.get(f"claims.{claim}")
                if setting is not None and setting.value == "on":
                    off.pop(claim, None)
                elif setting is not None:
                    off.setdefault(claim, i)
        return off

    def source(self, upto: int | None = None) -> str:
        """Where values come from that nobody writes, according to the first `upto` layers."""
        written = self.written("parameters.source", upto)
        return PRIORS if written is None else str(written[1].value)

    def value(self, parameter: Parameter) -> Value:
        """What holds for a parameter in the end."""
        return self._value(parameter, len(self.layers), len(self.layers))[0]

    def value_without(self, parameter: Parameter, layer: int) -> tuple[Value, str]:
        """What would hold in a layer if it did not set the parameter, and where that comes from."""
        return self._value(parameter, layer, layer + 1)

    def _value(self, parameter: Parameter, upto: int, claims_upto: int) -> tuple[Value, str]:
        written = self.written(parameter.name, upto)
        off = self.switched_off(claims_upto) if parameter.claims else {}
        neutral_since = max((off[c] for c in parameter.claims if c in off), default=-1)
        if neutral_since >= 0 and (written is None or written[0] < neutral_since):
            assert parameter.neutral is not None, "a parameter that rests on a claim has a neutral"
            claims = ", ".join(c for c in parameter.claims if c in off)
            return parameter.neutral, f"its value while {claims} is off"
        if written is None:
            source = self.source(claims_upto)
            held = load_posterior(source)
            if parameter.name in held:
                return held[parameter.name], f"as {source} has it"
            return parameter.prior, "its prior in the registry"
        return written[1].value, f"as {written[1].at.file}:{written[1].at.line} has it"

    def structure(self, name: str, usual: str) -> str:
        """What holds in the end for a setting of the model's structure that is one of few words."""
        every = len(self.layers)
        if (turned := self.turned(name, every, every)) is not None:
            return turned[0]
        written = self.written(name)
        return usual if written is None else str(written[1].value)

    def turned(self, name: str, upto: int, claims_upto: int) -> tuple[str, str] | None:
        """What a setting of the structure is because a claim is off, and where that comes from.

        Args:
            name: of the setting.
            upto: layers in which it may be written out.
            claims_upto: layers in which claims may be switched.

        Returns:
            None where no claim has a say, or the setting is written out as near or nearer.
        """
        off = self.switched_off(claims_upto)
        found = structure_without(name, off)
        if found is None:
            return None
        word, claim = found
        written = self.written(name, upto)
        if written is not None and written[0] >= off[claim]:
            return None
        return word, f"its value while {claim} is off"

    def window(self, upto: int | None = None) -> Window:
        """The run according to the first `upto` layers."""
        start, months = self.written("start", upto), self.written("months", upto)
        return Window(
            start[1].value if start else DEFAULT_START,
            months[1].value if months else DEFAULT_MONTHS,
        )

    def events(self) -> Iterator[tuple[int, Item[Event]]]:
        """The events that are in force, each with the layer it stands in."""
        for i in range(self._from("events"), len(self.layers)):
            yield from ((i, item) for item in self.layers[i].events)

    def moves(self) -> Iterator[tuple[int, Item[Move]]]:
        """The moves that are in force, each with the layer it stands in."""
        for i in range(self._from("moves"), len(self.layers)):
            yield from ((i, item) for item in self.layers[i].moves)

    def dated(self) -> Iterator[tuple[int, Dated]]:
        """Events, then moves, that are in force."""
        yield from self.events()
        yield from self.moves()

    def _from(self, key: str) -> int:
        return max((i for i, layer in enumerate(self.layers) if key in layer.replaces), default=0)


def say_value(value: Value) -> str:
    """A parameter's value in a message."""
    return str(value) if isinstance(value, Distribution) else f"{value:g}"
