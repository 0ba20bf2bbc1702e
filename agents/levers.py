"""What an actor can do: levers, and the options they span.

A lever is one dial with named levels. An option is one level of each of an actor's levers, so an
actor with levers of 3, 2 and 3 levels weighs 18 options a month. Options are numbered in the order
of nested loops over the levers, the last lever turning fastest.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Lever:
    """One dial of an actor.

    Attributes:
        name: the field's word for it, as in scenario files.
        levels: its positions, from least to most.
        irreversible: whether a higher level, once chosen, can never be left.
        threshold: name of the actor's parameter that adds to the cost of leaving the lowest
            level, in units of scale; none if empty.
    """

    name: str
    levels: tuple[str, ...]
    irreversible: bool = False
    threshold: str = ""


@dataclass(frozen=True)
class Menu:
    """All levers of one actor, and the options they span."""

    levers: tuple[Lever, ...]

    @cached_property
    def shape(self) -> tuple[int, ...]:
        """Number of levels of each lever."""
        return tuple(len(lever.levels) for lever in self.levers)

    @cached_property
    def options(self) -> tuple[tuple[int, ...], ...]:
        """Every option as a tuple of level indices, in the order of option numbers."""
        return tuple(itertools.product(*(range(n) for n in self.shape)))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the levers, in order."""
        return tuple(lever.name for lever in self.levers)

    def __len__(self) -> int:
        """Number of options."""
        return len(self.options)

    def levels(self) -> dict[str, tuple[str, ...]]:
        """Lever name -> names of its levels."""
        return {lever.name: lever.levels for lever in self.levers}
