"""States and plays drawn at random, for what has to hold whatever they are."""

from dataclasses import dataclass, fields

import numpy as np

from agents.outlook import Array
from sim.model import ConflictModel
from sim.world.controls import Controls, controls
from sim.world.state import State


@dataclass(frozen=True)
class RandomMonth:
    """A state on the path of some worlds, shaken, and rows of mixed play."""

    model: ConflictModel
    state: State
    dials: Controls

    @property
    def parameters(self) -> dict[str, Array]:
        """Of the model."""
        return self.model.parameters

    @property
    def inputs(self) -> dict[str, Array]:
        """State, dials and weights under the names that the kernel has for them."""
        out = {f"state.{f.name}": getattr(self.state, f.name) for f in fields(State)}
        out |= {f"dial.{f.name}": getattr(self.dials, f.name) for f in fields(Controls)}
        for name, actor in self.model.actors.items():
            out |= {f"weight.{name}.{term}": w for term, w in actor.weights.items()}
        return out


def random_month(seed: int, worlds: int, rows: int) -> RandomMonth:
    """A month in which the war is on, paused or over, and play is anything.

    Args:
        seed: of the chance.
        worlds: how many, a multiple of the tile.
        rows: of play.
    """
    rng = np.random.default_rng(seed)
    model = ConflictModel("status_quo", worlds=worlds, rng=seed, collect=False)
    shaken = {
        f.name: getattr(model.state, f.name) * rng.uniform(0.7, 1.3, worlds) for f in fields(State)
    }
    for name in ("entered", "nuclear", "deal_host", "deal_launch", "deal_champion"):
        shaken[name] = rng.integers(0, 2, worlds).astype(float)
    statuses = rng.multinomial(1, [0.6, 0.2, 0.1, 0.05, 0.05], worlds).T.astype(float)
    names = ("active", "ceasefire", "settled", "breakthrough_russia", "breakthrough_ukraine")
    shaken |= dict(zip(names, statuses, strict=True))
    play: dict[str, dict[str, Array]] = {}
    for name, actor in model.actors.items():
        play[name] = {}
        for lever in actor.menu.levers:
            shares = rng.random((len(lever.levels), rows, worlds)) + 1e-3
            play[name][lever.name] = shares / shares.sum(axis=0)
    return RandomMonth(model, State(**shaken), controls(play, model.parameters))
