"""How exactly an outcome is known, whether that is exactly enough, and how many worlds it takes.

A condition reads `influence.belarus.russia mcse<0.002`: the Monte Carlo standard error of the
outcome's median in the last month lies below 0.002, in the units of the dataset. `front[q95]` asks
for another quantile. An event (`entry`, `status.settled`) has no quantile worth asking for: there
the error is the one of the share of worlds in which it has come about.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import xarray as xr

from sim.analysis.differences import mean_interval
from sim.analysis.outcomes import OutcomeError, available, measure
from sim.analysis.spread import FEWEST_SETS, QUANTILES, Ints, final, quantiles, sets_of
from sim.analysis.streams import Floats
from sim.ensemble.levels import DEFAULT_KEEP, Keep

FIRST_SETS: Final = 100
"""Parameter sets in the first step: enough for twenty batches, so that the error is one itself."""
LEAST_GROWTH: Final = 1.3
MOST_GROWTH: Final = 4.0
ROOM: Final = 1.1
"""What is added to a guess of the worlds needed, since the error that it rests on is a guess."""
_RULE_OF_THREE: Final = 1.5

_FORM = re.compile(
    r"\s*(?P<outcome>[a-z_]+(?:\.[a-z_]+)*)\s*(?:\[\s*(?P<quantile>\w+)\s*\])?"
    r"\s+mcse\s*<\s*(?P<below>\S+)\s*"
)


class ConditionError(ValueError):
    """A condition that cannot be understood; the message says what to write."""


@dataclass(frozen=True)
class Condition:
    """How exactly an outcome is wanted.

    Attributes:
        outcome: dotted name.
        quantile: by name, as in `QUANTILES`; "share" for an event.
        below: the error has to lie below this, in the dataset's units.
    """

    outcome: str
    quantile: str
    below: float

    def __str__(self) -> str:
        of = "" if self.quantile in ("median", "share") else f"[{self.quantile}]"
        return f"{self.outcome}{of} mcse<{self.below:g}"


@dataclass(frozen=True)
class Reached:
    """How exactly an outcome is known after so many worlds.

    Attributes:
        condition: what is wanted.
        error: Monte Carlo standard error, None where it cannot be told.
        needed: guess of the worlds that the condition takes, None likewise.
    """

    condition: Condition
    error: float | None
    needed: int | None

    @property
    def met(self) -> bool:
        """Whether it is known exactly enough."""
        return self.error is not None and self.error < self.condition.below

    def document(self) -> dict[str, Any]:
        """The same, ready for JSON."""
        return {
            "condition": str(self.condition),
            "outcome": self.condition.outcome,
            "quantile": self.condition.quantile,
            "below": self.condition.below,
            "error": self.error,
            "met": self.met,
            "worlds_needed": self.needed,
        }


def read_condition(text: str, keep: Keep = DEFAULT_KEEP) -> Condition:
    """A condition as people write it.

    Args:
        text: as written.
        keep: what the run is to record.

    Raises:
        ConditionError: it is none, or asks for what no run records.
    """
    found = _FORM.fullmatch(text)
    if found is None:
        raise ConditionError(
            f'{text}: write OUTCOME mcse<NUMBER, such as "front mcse<0.002" or '
            '"front[q95] mcse<0.01"'
        )
    name, quantile = found["outcome"], found["quantile"]
    try:
        below = float(found["below"])
    except ValueError:
        below = math.nan
    if not (math.isfinite(below) and below > 0):
        raise ConditionError(f"{text}: {found['below']} is no number above 0")
    from sim.ensemble.recording import layout as layout_of

    layout = layout_of(keep)
    try:
        if name not in available(layout):
            final(layout, name)  # says what is nearest, or why the run will lack it
        event = measure(name, layout).event
    except OutcomeError as error:
        raise ConditionError(f"{text}: {error}") from None
    if event and quantile is not None:
        raise ConditionError(
            f"{text}: {name} is an event, so its share of worlds is looked at: leave out "
            f"[{quantile}]"
        )
    if quantile is not None and quantile not in QUANTILES:
        raise ConditionError(f"{text}: no quantile {quantile}; there are {', '.join(QUANTILES)}")
    return Condition(name, "share" if event else quantile or "median", below)


def reached(ds: xr.Dataset, condition: Condition) -> Reached:
    """How exactly a run knows an outcome.

    Errors fall with the square root of the number of worlds, and the guess of the worlds needed
    rests on that. An event seen in no world or in all has an error of half the bound that the rule
    of three gives (Hanley & Lippman-Hand 1983), sets counting as observations; this one falls with
    the number of worlds itself.

    Args:
        ds: a run.
        condition: what is wanted.
    """
    values, sets = final(ds, condition.outcome), sets_of(ds)
    worlds = values.size
    certain = False
    if condition.quantile == "share":
        error, certain = _share_error(values, sets)
    else:
        error = quantiles(values, sets).errors[condition.quantile]
    if error is None:
        return Reached(condition, None, None)
    ratio = error / condition.below
    needed = worlds * (ratio if certain else ratio**2)
    return Reached(condition, error, max(1, math.ceil(needed)))


def _share_error(values: Floats, sets: Ints) -> tuple[float | None, bool]:
    """Standard error of a share of worlds, and whether all worlds agree."""
    count = np.unique(sets).size
    if count < FEWEST_SETS:
        return None, False
    if values.min() == values.max():
        return _RULE_OF_THREE / count, True
    return mean_interval(values, sets)[1], False


def next_worlds(now: int, most: int, draws: int, told: Sequence[Reached]) -> int:
    """How many worlds to go on to when some condition is not met.

    Args:
        now: worlds there are.
        most: worlds there may be.
        draws: worlds per set; whole sets are added.
        told: what was reached.
    """
    guesses = [one.needed for one in told if not one.met]
    wanted = max(MOST_GROWTH * now if guess is None else ROOM * guess for guess in guesses)
    wanted = min(max(wanted, LEAST_GROWTH * now), MOST_GROWTH * now)
    # rounded first, since 1.1 times 800 is a little more than 880
    return min(math.ceil(round(wanted / draws, 6)) * draws, most)
