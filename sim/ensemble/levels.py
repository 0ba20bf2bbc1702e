"""How much is recorded of a run: everything, what a report needs, or what a thesis is judged by.

Worlds are the same whatever is recorded of them, and what two levels keep has the same bits. In
single precision `headline` would take a quarter less room, but then, of 2,000 worlds, up to one in
a hundred changed sides where a report says in how many a small change is one for the better.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

type Keep = Literal["headline", "all", "influence", "figures"]
"""What is recorded: the outcomes that a report and its JSON document tell, every variable, or what
`fulcrum thesis` judges by, with Belarus's influence over Russia or without."""
KEEP: Final[tuple[Keep, ...]] = ("headline", "all")
"""Levels to choose from for a run that a report is made of."""
DEFAULT_KEEP: Final[Keep] = "all"

HEADLINE_VARIABLES: Final = (
    "front",
    "status",
    "fighting",
    "attention",
    "transfers",
    "deal_round",
    "breach",
    "concessions",
    "autonomy",
    "regime_security",
    "payoff",
    "dependence",
    "coleman",
    "influence",
    "influence_joint",
    "influence_entry_allowed",
    "influence_lever",
    "influence_shift",
)
"""Variables that `headline` keeps: what the headline outcomes, the influence lever by lever and the
counts of the deal are worked out from (`sim/analysis/outcomes.py`, `sim/report/`)."""

_PAIRS: Final = ("belarus.russia", "russia.belarus")
HEADLINE_LABELS: Final[dict[str, tuple[str, ...]]] = {
    "concessions": ("entry",),
    "coleman": ("belarus",),
    **dict.fromkeys(
        ("dependence", "influence", "influence_joint", "influence_entry_allowed"), _PAIRS
    ),
}
"""Labels of these that `headline` keeps, where it does not keep all."""

_FIGURES: Final = (
    "front",
    "status",
    "attention",
    "aid",
    "transfers",
    "agreed",
    "concessions",
    "troops",
    "entry_hazard",
    "payoff",
    "dependence",
)
_OF_FIGURES: Final = {
    "concessions": ("access", "voice", "nuclear"),
    "payoff": ("russia", "belarus"),
    "dependence": ("russia.belarus",),
}
_RUSSIAS_LEVERS: Final = tuple(
    f"belarus.russia.{lever}"
    for lever in ("tempo", "support_minsk", "press_entry", "talks", "court_others")
)


@dataclass(frozen=True)
class Level:
    """What one level keeps.

    Attributes:
        variables: by name; None for every one.
        labels: variable -> labels kept, as dotted names, where not all are.
    """

    variables: tuple[str, ...] | None = None
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


LEVELS: Final[dict[Keep, Level]] = {
    "all": Level(),
    "headline": Level(HEADLINE_VARIABLES, HEADLINE_LABELS),
    "figures": Level(_FIGURES, _OF_FIGURES),
    "influence": Level(
        (*_FIGURES, "influence", "influence_lever"),
        _OF_FIGURES | {"influence": ("belarus.russia",), "influence_lever": _RUSSIAS_LEVERS},
    ),
}

RECORDED: Final = "recorded"
"""Attribute of a variable of which only some labels were recorded: their dotted names."""


def recorded_labels(attrs: Mapping[Any, Any]) -> frozenset[str] | None:
    """Labels of a variable that were recorded, as dotted names; None if all were.

    Args:
        attrs: of the variable.
    """
    told = attrs.get(RECORDED)
    return None if told is None else frozenset(str(told).split())


def check_keep(word: str) -> Keep:
    """The word itself, if it names a level.

    Raises:
        ValueError: it does not.
    """
    for level in LEVELS:
        if level == word:
            return level
    raise ValueError(f"keep must be {' or '.join(KEEP)}, not {word}")
