"""`run --until`: worlds are added until what is asked for is known exactly enough."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.analysis.precision import Condition, Reached
    from sim.ensemble.store import StoredRun


@dataclass(frozen=True)
class Step:
    """What was reached with so many worlds."""

    worlds: int
    told: tuple[Reached, ...]

    @property
    def met(self) -> bool:
        """Whether every condition holds."""
        return all(one.met for one in self.told)

    def words(self) -> str:
        """The step as a line for people."""
        return f"{self.worlds:,} worlds: {'; '.join(_words(one) for one in self.told)}"


def read_conditions(texts: Sequence[str], keep: str) -> tuple[list[Condition], list[str]]:
    """The conditions that `--until` was given, and what is wrong with them, one line each.

    Args:
        texts: as given.
        keep: what the run is to record, as given; what is wrong with it is said elsewhere.
    """
    if not texts:
        return [], []
    from sim.analysis.precision import ConditionError, read_condition

    conditions, problems = [], []
    for text in texts:
        try:
            conditions.append(read_condition(text, "headline" if keep == "headline" else "all"))
        except ConditionError as error:
            problems.append(f"--until: {error}")
    return conditions, problems


def run_until(
    fetch: Callable[[int], StoredRun],
    conditions: Sequence[Condition],
    most: int,
    draws: int,
    say: Callable[[str], object],
) -> tuple[StoredRun, list[Step]]:
    """Ask for more and more worlds of a run.

    The steps depend on what the worlds show and on nothing else, so that the same command ends with
    the same number of worlds, whatever was kept before.

    Args:
        fetch: gives the run with so many worlds.
        conditions: all of which are to hold.
        most: worlds at which to stop in any case.
        draws: worlds per set.
        say: told, at every step, what was reached.

    Returns:
        The run, and what was reached step by step.
    """
    from sim.analysis.precision import FIRST_SETS, next_worlds, reached

    steps: list[Step] = []
    worlds = min(FIRST_SETS * draws, most)
    while True:
        stored = fetch(worlds)
        step = Step(worlds, tuple(reached(stored.dataset, one) for one in conditions))
        steps.append(step)
        say(step.words())
        if step.met:
            say(f"Exactly enough with {worlds:,} worlds.")
            return stored, steps
        if worlds >= most:
            missed = [one for one in step.told if not one.met]
            say(
                f"Stopped at {most:,} worlds, the most allowed, before "
                f"{_listed([str(one.condition) for one in missed])} held; {_advice(missed)}"
            )
            return stored, steps
        worlds = next_worlds(worlds, most, draws, step.told)


def until_document(steps: Sequence[Step], most: int) -> dict[str, Any]:
    """What `run --until --json` says of the conditions."""
    last = steps[-1]
    return {
        "met": last.met,
        "most": most,
        "conditions": [one.document() for one in last.told],
        "steps": [
            {"worlds": step.worlds, "errors": {str(r.condition): r.error for r in step.told}}
            for step in steps
        ],
    }


def _words(one: Reached) -> str:
    if one.error is None or one.needed is None:
        return f"{one.condition}: no error can be told from these"
    if one.met:
        return f"{one.condition}: holds, {one.error:.2g}"
    return f"{one.condition}: not yet, {one.error:.2g}; about {_round(one.needed):,} worlds needed"


def _advice(missed: Sequence[Reached]) -> str:
    guesses = [one.needed for one in missed]
    known = [guess for guess in guesses if guess is not None]
    if len(known) < len(guesses):
        return "the error of some of them cannot be told."
    return f"about {_round(max(known)):,} would be needed (--worlds)."


def _round(number: int) -> int:
    """Two digits of a guess; more would say more than is known."""
    unit: int = 10 ** max(len(str(number)) - 2, 0)
    return -(-number // unit) * unit


def _listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
