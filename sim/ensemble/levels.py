"""How much is recorded of a run: what a report needs, or everything.

Worlds are the same whatever is recorded of them, and what both levels keep has the same bits. In
single precision `headline` would take a quarter less room, but then, of 2,000 worlds, up to one in
a hundred changed sides where a report says in how many a small change is one for the better.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal, get_args

type Keep = Literal["headline", "all"]
"""What is recorded: the outcomes that a report and its JSON document tell, or every variable."""
KEEP: tuple[Keep, ...] = get_args(Keep.__value__)
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
    if word not in KEEP:
        raise ValueError(f"keep must be {' or '.join(KEEP)}, not {word}")
    return word
