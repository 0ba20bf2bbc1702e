"""The floor: the random numbers and the written outputs of a run, without a model between them."""

import time

import numpy as np
import xarray as xr

from sim.draws import DEFAULT_DRAWS, DEFAULT_SEED, uniforms
from sim.model import ConflictModel
from sim.sampling import draw_parameters
from sim.scenario import Scenario


class Listening(ConflictModel):
    """The model, remembering what chance was asked for each month."""

    def __init__(self, scenario: Scenario) -> None:
        """Listen to one world of a scenario."""
        self.asked: list[list[str]] = []
        super().__init__(scenario, collect=False)

    def step(self) -> None:
        """One month, its purposes noted."""
        self.asked.append([])
        super().step()

    def chance(self, purpose: str) -> np.ndarray:
        """The model's own uniforms."""
        self.asked[-1].append(purpose)
        return super().chance(purpose)


def purposes_by_month(scenario: Scenario) -> list[list[str]]:
    """For each month of a scenario, the purposes for which uniforms are drawn."""
    model = Listening(scenario)
    for _ in range(scenario.months):
        model.step()
    return model.asked


def microseconds_per_month(
    scenario: Scenario, like: xr.Dataset, purposes: list[list[str]], block: int
) -> float:
    """Draw what a run draws and write what it writes.

    Args:
        scenario: whose parameters are drawn.
        like: a run of it, for the shapes and types of the outputs and the number of worlds.
        purposes: from `purposes_by_month`.
        block: worlds drawn at a time.

    Returns:
        Microseconds per world-month on one core.
    """
    worlds = like.sizes["world"]
    began = time.process_time()
    outputs = {
        name: np.empty(variable.shape, variable.dtype)
        for name, variable in like.data_vars.items()
        if variable.dims[:2] == ("world", "month")
    }
    for first in range(0, worlds, block):
        count = min(block, worlds - first)
        draw_parameters(scenario, DEFAULT_SEED, first, count, DEFAULT_DRAWS)
        for month, asked in enumerate(purposes):
            drawn = [uniforms(DEFAULT_SEED, name, month, first, count) for name in asked]
            for output in outputs.values():
                flat = output[first : first + count, month].reshape(count, -1)
                flat[...] = drawn[0][:, None]
    return (time.process_time() - began) / (worlds * len(purposes)) * 1e6
