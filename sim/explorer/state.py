"""A view and the setting in it, as plain values: what the address of the page stands for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

MOST_COMPARED: Final = 3
MOST_LEVERS: Final = 8
MOST_SHOCKS: Final = 12
MOST_VALUES: Final = 60
MOST_CLAIMS: Final = 23
LONGEST_TITLE: Final = 80
WORLDS: Final = (200, 500, 1000, 2000)
"""Numbers of worlds to choose from; the second is the rule."""
DEFAULT_WORLDS: Final = WORLDS[1]
HIGHEST_WORLD: Final = WORLDS[-1] - 1
FEWEST_MONTHS: Final = 6
MOST_MONTHS: Final = 60
TABS: Final = ("matrix", "why", "worlds", "table")
LEVERS: Final = (
    "actors.belarus.incentives.rents",
    "actors.belarus.incentives.autonomy",
    "actors.russia.incentives.flank",
    "world.third_party_arms",
)
"""Levers in view at first, as far as the registry has them."""
LEAD: Final = "influence.belarus.russia"


@dataclass(frozen=True, order=True)
class Shock:
    """Something that is added to a quantity in one month.

    Attributes:
        at: month, as `2024-03`.
        name: what is shifted, a name of `SHOCKS`.
        size: by how much, in its unit.
    """

    at: str
    name: str
    size: float


@dataclass(frozen=True)
class Setting:
    """A scenario and what is changed of it.

    Attributes:
        start: name of the scenario that it starts from.
        values: parameter -> value at which it is held in every world, by name.
        claims: claim -> whether it is on, where that is switched by hand.
        shocks: added to the scenario's own events.
        title: as people are to read it; made from the changes when empty.
    """

    start: str
    values: tuple[tuple[str, float], ...] = ()
    claims: tuple[tuple[str, bool], ...] = ()
    shocks: tuple[Shock, ...] = ()
    title: str = ""

    def __post_init__(self) -> None:
        """One order for equal settings."""
        object.__setattr__(self, "values", tuple(sorted(dict(self.values).items())))
        object.__setattr__(self, "claims", tuple(sorted(dict(self.claims).items())))
        object.__setattr__(self, "shocks", tuple(sorted(set(self.shocks))))

    @property
    def changed(self) -> bool:
        """Whether anything of the scenario is changed."""
        return bool(self.values or self.claims or self.shocks)

    def value(self, name: str) -> float | None:
        """The value at which a parameter is held, if it is."""
        return dict(self.values).get(name)

    def holding(self, name: str, value: float | None) -> Setting:
        """The same with a parameter held, or left as the scenario has it."""
        kept = {key: held for key, held in self.values if key != name}
        if value is not None:
            kept[name] = value
        return replace(self, values=tuple(kept.items()))

    def claiming(self, claim: str, on: bool | None) -> Setting:
        """The same with a claim switched, or left as the scenario has it."""
        kept = {key: is_on for key, is_on in self.claims if key != claim}
        if on is not None:
            kept[claim] = on
        return replace(self, claims=tuple(kept.items()))


@dataclass(frozen=True)
class View:
    """Everything that the page shows, and nothing that belongs to a person.

    Attributes:
        baseline: name of the scenario that everything is compared with.
        mine: the setting that the levers move.
        compared: other scenarios and pinned settings.
        levers: parameters in view.
        months: length of all runs; None leaves each scenario its own.
        outcome: dotted name of the outcome that is shown.
        tab: which of `TABS` is open.
        month: month whose reasons are read, as `2024-03`; the last when empty.
        world: whose reasons are read; None for the one most like all others.
        worlds: worlds of a full answer.
        seed: of all chance.
    """

    baseline: str
    mine: Setting
    compared: tuple[Setting, ...] = ()
    levers: tuple[str, ...] = field(default=LEVERS)
    months: int | None = None
    outcome: str = LEAD
    tab: str = TABS[0]
    month: str = ""
    world: int | None = None
    worlds: int = DEFAULT_WORLDS
    seed: int = 1

    @property
    def settings(self) -> tuple[Setting, ...]:
        """The baseline, the setting unless it is the baseline, and those compared."""
        return (Setting(self.baseline), *([self.mine] if self.own else []), *self.compared)

    @property
    def own(self) -> bool:
        """Whether the setting is another than the baseline."""
        return self.mine.changed or self.mine.start != self.baseline


def slug(title: str, taken: Iterable[str] = ()) -> str:
    """A scenario's name, and its file's, for a title: ASCII letters, digits and underscores."""
    words = re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")[:60].strip("_")
    name = words if re.match(r"[a-z]", words) else f"setting_{words}".strip("_")
    while name in set(taken):
        name += "_changed"
    return name
