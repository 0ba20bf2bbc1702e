"""How bargaining between Minsk and Moscow went over a run: rounds, refusals, breaches."""

import xarray as xr

from sim.analysis.outcomes import COUNTS, available
from sim.analysis.spread import final, sets_of
from sim.analysis.war_and_peace import Average, average


def deals(ds: xr.Dataset) -> dict[str, Average]:
    """What is counted of the deal over the whole run, averaged over worlds.

    Args:
        ds: a run.

    Returns:
        Outcome name -> count a world; only what the run records.
    """
    recorded, sets = set(available(ds)), sets_of(ds)
    return {name: average(final(ds, name), sets) for name in COUNTS if name in recorded}
