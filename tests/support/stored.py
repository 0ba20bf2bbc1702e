"""Stored runs of any size without a simulation: for what has to be fast with many worlds."""

from collections.abc import Sequence
from pathlib import Path

from sim.ensemble.levels import DEFAULT_KEEP, Keep
from sim.ensemble.store import Store, StoredRun
from sim.scenario import load_scenario
from tests.support import plausible

TWELVE = (
    *("status_quo", "prolonged_conflict", "negotiated_settlement", "belarus_enters"),
    *("belarus_hedges_west", "belarus_succession", "north_korea_supplies", "nuclear_forward"),
    *("russian_breakthrough", "russian_squeeze", "ukrainian_breakthrough", "western_distraction"),
)
"""Scenarios of the project that share their start and their months."""


def store_runs(
    results: Path,
    worlds: int,
    names: Sequence[str] = TWELVE,
    *,
    seed: int = 1,
    draws: int = 4,
    keep: Keep = DEFAULT_KEEP,
) -> list[StoredRun]:
    """Fills a results folder with runs that look like the engine's.

    Args:
        results: folder of all results.
        worlds: in each run.
        names: scenarios of the project.
        seed: of the runs.
        draws: of chance per parameter set.
        keep: what is recorded.

    Returns:
        The runs, as `fulcrum compare` finds them.
    """
    store = Store(results, plausible.simulate)
    return [
        store.fetch(load_scenario(name), worlds, seed, draws, None, "both", keep) for name in names
    ]
