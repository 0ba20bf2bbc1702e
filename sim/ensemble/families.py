"""A war made to end at several months: worlds that are one until the first of them.

Scenarios that differ in the month in which the war is made to end share every month before it. The
longest is simulated once, and each of the others goes on from where its worlds stood then. Each run
has the bits it would have had by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sim.ensemble.engine import Tile
    from sim.ensemble.levels import Keep
    from sim.kernel import Engine
    from sim.scenario import Scenario


def run_family(
    scenario: Scenario,
    ends: Sequence[int],
    seed: int,
    draws: int,
    start: int,
    count: int,
    engine: Engine,
    keep: Keep,
    on_month: Callable[[int], None] | None = None,
) -> dict[int, Tile]:
    """Run the worlds start .. start+count-1 for each of several ends of the war, side by side.

    Args:
        scenario: to run, whatever end it has itself.
        ends: lengths of the war in months.
        seed: of the keyed draws.
        draws: worlds per parameter set.
        start: index of the first world.
        count: number of worlds.
        engine: what does the arithmetic of projections.
        keep: what is recorded.
        on_month: called with the number of months simulated so far, out of `months_of`.

    Returns:
        Length of the war -> what `run_tile` gives for `ending_after` that many months.
    """
    from sim.ensemble.measuring import measured
    from sim.ensemble.recording import empty, write
    from sim.model import ConflictModel

    longest = max(ends)
    model = ConflictModel(
        ending_after(scenario, longest),
        worlds=range(start, start + count),
        rng=seed,
        draws=draws,
        collect=False,
        engine=engine,
        measured=measured(keep),
    )
    arrays = empty(scenario.months, model.width, keep)
    done = 0

    def play(into: dict[str, np.ndarray], first: int, last: int) -> None:
        nonlocal done
        for month in range(first, last):
            model.step()
            write(model, into, month, keep)
            done += 1
            if on_month is not None:
                on_month(done)

    parting = {}
    for before, end in zip((1, *sorted(ends)), sorted(ends), strict=False):
        play(arrays, before - 1, end - 1)
        parting[end] = model.standing()
    parameters = {name: values[:count] for name, values in model.parameters.items()}
    out: dict[int, Tile] = {}
    for end in ends:
        model.what_if = ending_after(scenario, end)
        model.go_on_from(parting[end])
        mine = {name: array.copy() for name, array in arrays.items()}
        play(mine, end - 1, scenario.months)
        out[end] = (start, {name: array[..., :count] for name, array in mine.items()}, parameters)
    return out


def ending_after(scenario: Scenario, months: int) -> Scenario:
    """The scenario in which the war is made to end with a month of the run, counted from 1."""
    return replace(scenario, war_ends=scenario.start + (months - 1))


def months_of(scenario: Scenario, ends: Sequence[int]) -> int:
    """How many months a family takes."""
    return max(ends) - 1 + sum(scenario.months - end + 1 for end in ends)
