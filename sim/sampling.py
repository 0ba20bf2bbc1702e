"""The parameters of each world: what we do not know, drawn set by set."""

from __future__ import annotations

import numpy as np

from agents.outlook import Array
from sim.draws import parameter_points
from sim.scenario.registry import load_registry
from sim.scenario.scenario import Scenario


def draw_parameters(
    scenario: Scenario, seed: int, first: int, count: int, draws: int
) -> dict[str, Array]:
    """Parameter values of worlds first .. first+count-1.

    World k belongs to set k // draws; every parameter of the registry is drawn in every run,
    whether the scenario gives it a distribution or a number, so that changing one shifts no other.

    Args:
        scenario: with a number or a distribution for every parameter.
        seed: of the run.
        first: index of the first world.
        count: number of worlds.
        draws: worlds per set.

    Returns:
        Registry name -> values, shape (count,).
    """
    registry = load_registry()
    worlds = np.arange(first, first + count)
    sets = worlds // draws
    names = [parameter.name for parameter in registry]
    points = parameter_points(seed, names, int(sets[0]), int(sets[-1] - sets[0]) + 1)
    out: dict[str, Array] = {}
    for k, parameter in enumerate(registry):
        drawn = parameter.quantile(scenario.parameters[parameter.name], points[:, k])
        out[parameter.name] = drawn[sets - sets[0]]
    return out
