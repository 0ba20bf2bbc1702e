"""Payoffs that are measured with another yardstick than the baseline's.

A payoff is a sum of what an actor cares about, each term times its weight. Where two scenarios give
an actor different weights, its payoff differs although nothing has happened to it: such a
difference is neither gain nor loss, and nobody is to read it as one. Everything that shows
payoffs side by side asks here which of them may be held against the baseline.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from sim.analysis.outcomes import ACTORS

if TYPE_CHECKING:
    from sim.analysis.compare import Comparison

MARK: Final = "†"
"""Stands beside a number that another yardstick measured."""

SHORT: Final = "another yardstick: its weights differ"
"""What the mark means, in as few words as a picture has room for."""

type Yardsticks = frozenset[tuple[int, str]]
"""Scenario and outcome, for each payoff that another yardstick measures."""


def yardsticks_of(comparison: "Comparison") -> Yardsticks:
    """Payoffs of a comparison whose weights differ; of one run, whose draws are not read, none."""
    if not comparison.others:
        return frozenset()
    return other_yardsticks(comparison.inputs_that_differ(), comparison.baseline)


def other_yardsticks(rows: Iterable[tuple[str, Sequence[str]]], baseline: int) -> Yardsticks:
    """Payoffs whose weights differ from the baseline's.

    Args:
        rows: inputs that differ, as `Comparison.inputs_that_differ` tells them: dotted path, and
            the value in every scenario.
        baseline: index of the scenario that the others are held against.

    Returns:
        Index of the scenario and name of the outcome, as (1, "payoff.russia").
    """
    found = set()
    for path, values in rows:
        actor = _weighs(path)
        if actor is not None:
            found |= {
                (i, f"payoff.{actor}") for i, text in enumerate(values) if text != values[baseline]
            }
    return frozenset(found)


def _weighs(path: str) -> str | None:
    """The actor whose payoff an input is a weight of, None for every other input."""
    match path.split("."):
        case ["actors", actor, "incentives", _]:
            return actor
    return None


def yardstick_words(outcome: str, titles: Sequence[str]) -> str:
    """What is to be said under a picture that shows such payoffs.

    Args:
        outcome: dotted name of the payoff.
        titles: of the scenarios that measure it otherwise; none are needed to say nothing.
    """
    if not titles:
        return ""
    actor = ACTORS.get(outcome.partition(".")[2], outcome)
    quoted = [f"“{title}”" for title in titles]
    names = " and ".join(filter(None, (", ".join(quoted[:-1]), quoted[-1])))
    verb = "gives" if len(titles) == 1 else "give"
    return (
        f"{MARK} Another yardstick: {names} {verb} {actor}’s aims other weights, so that a payoff "
        "there and one of the baseline are not in the same unit. The difference is neither gain "
        "nor loss."
    )
