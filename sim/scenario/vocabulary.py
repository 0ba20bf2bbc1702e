"""The words a scenario may use: actors and their levers, parameters, shocks, claims."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from sim.scenario.registry import Parameter

type Names = dict[str, Names | Parameter | None]
"""Keys as they nest in a scenario; a leaf is a parameter, or None for `plays`."""

TEXTS = ("title", "question", "note")
GROUPS = ("actors", "world", "initial")
STRUCTURE = ("war_ends", "linkage", "beliefs")
KEYS = (
    *("extends", *TEXTS, "start", "months", "horizon", *STRUCTURE, "parameters", "claims"),
    *(*GROUPS, "events", "moves"),
)
"""Top-level keys that people write; `effective_of` is written by the program."""


@dataclass(frozen=True)
class Vocabulary:
    """Everything that can be named in a scenario file.

    Attributes:
        parameters: name -> parameter, in the order of the registry.
        levers: actor -> lever -> levels.
        irreversible: (actor, lever) pairs whose higher levels can never be left.
    """

    parameters: dict[str, Parameter]
    levers: dict[str, dict[str, tuple[str, ...]]]
    irreversible: frozenset[tuple[str, str]] = field(default=frozenset())

    @classmethod
    def of(cls, registry: Iterable[Parameter]) -> Vocabulary:
        """The vocabulary of a registry and of the actors in `agents`."""
        from agents import menus, roster

        irreversible = {
            (name, lever.name)
            for name, actor in roster().items()
            for lever in actor.menu.levers
            if lever.irreversible
        }
        return cls({p.name: p for p in registry}, menus(), frozenset(irreversible))

    @cached_property
    def names(self) -> Names:
        """The keys of `actors`, `world` and `initial` as they nest."""
        tree: Names = {group: {} for group in GROUPS}
        tree["actors"] = {actor: {"plays": None, "incentives": {}} for actor in self.levers}
        for parameter in self.parameters.values():
            *path, leaf = parameter.name.split(".")
            node = tree
            for step in path:
                inner = node.setdefault(step, {})
                assert isinstance(inner, dict), "the registry is checked for names within names"
                node = inner
            node[leaf] = parameter
        return tree

    def levels_of(self, name: str) -> tuple[str, ...] | None:
        """Names of the levels that a parameter chooses from, for those that say where levers stand.

        Args:
            name: of a parameter; `initial.levels.ACTOR.LEVER` is the index of a level.
        """
        match name.split("."):
            case ["initial", "levels", actor, lever]:
                return self.levers.get(actor, {}).get(lever)
        return None

    def named_elsewhere(self, word: str) -> str | None:
        """A parameter whose last word is `word`, when there is exactly one."""
        found = [name for name in self.parameters if name.rpartition(".")[2] == word]
        return found[0] if len(found) == 1 else None
