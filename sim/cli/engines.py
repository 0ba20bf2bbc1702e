"""What a command simulates with: NumPy or compiled code, in one process or several."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from pathlib import Path

    from sim.cli.inputs import Numbers
    from sim.ensemble.store import Simulate
    from sim.kernel import Engine
    from sim.scenario import Scenario


def simulate_with(numbers: Numbers, say: Callable[[str], object]) -> Simulate | None:
    """What simulates worlds as asked; the store's own choice for one process of NumPy.

    Args:
        numbers: of the run.
        say: told when somebody has to wait for the compiler.
    """
    if numbers.workers == 1 and numbers.engine == "numpy":
        return None
    from sim.ensemble.engine import simulate

    if numbers.engine == "numba":
        from sim.kernel.compiled import announce_to

        announce_to(say)
    return partial(simulate, workers=numbers.workers, engine=cast("Engine", numbers.engine))


def compile_for(scenarios: Sequence[Scenario], say: Callable[[str], object]) -> Path:
    """Have everything compiled that runs of scenarios need.

    Returns:
        Where compiled code is kept.
    """
    from sim.ensemble.engine import warm_up
    from sim.kernel.compiled import announce_to, cache_folder

    announce_to(say)
    for scenario in scenarios:
        warm_up(scenario)
    return cache_folder()
