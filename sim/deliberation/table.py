"""What the actors of a block of worlds deliberate with in one month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.actor import Actor, at_worlds
from agents.outlook import Array
from agents.stand_ins import looks_ahead
from sim.kernel.projector import Projector
from sim.world.controls import Parameters, controls
from sim.world.endings import believed_power
from sim.world.masks import Levels, feasible
from sim.world.month import begin
from sim.world.state import State
from sim.world.war import Battle


@dataclass
class Table:
    """Everything deliberation needs in one month.

    Attributes:
        state: at the month's start, after shocks.
        parameters: registry name -> (worlds,).
        light: what rolls out options for these parameters.
        actors: by name, in the order of results.
        plays: actor -> way of playing (agents.stand_ins).
        open: levels open this month.
        horizon: months for which an option is held.
        exact: weigh every option by its own rollout in double precision, instead of putting it
            together from parts in single precision.
        answers_expected: whether actors expect answers to their own levers.
        answered: payoffs behind the answers an actor expects, worked out once a month.
        expected: answers by actor, way of playing and whom it serves, likewise.
        allowed: feasible options by actor, likewise.
    """

    state: State
    parameters: Parameters
    light: Projector
    actors: Mapping[str, Actor]
    plays: Mapping[str, str]
    open: Levels
    horizon: int
    exact: bool = False
    answers_expected: bool = True
    answered: dict[str, dict[str, Array]] = field(default_factory=dict)
    expected: dict[tuple[str, str, str], dict[Any, Array]] = field(default_factory=dict, init=False)
    allowed: dict[str, NDArray[np.bool_]] = field(default_factory=dict, init=False)

    @property
    def compiled(self) -> bool:
        """Whether compiled code does the arithmetic."""
        return self.light.engine == "numba"

    @property
    def worlds(self) -> int:
        """Number of worlds side by side."""
        return self.state.front.shape[0]

    def at(self, columns: NDArray[np.int64]) -> Table:
        """The month of some of the worlds.

        Args:
            columns: positions of the worlds; as many as a whole number of the model's tiles, or
                bits would depend on how many there are.
        """
        return Table(
            state=at_worlds(self.state, columns),
            parameters=at_worlds(self.parameters, columns),
            light=self.light.at(columns),
            actors={name: actor.at(columns) for name, actor in self.actors.items()},
            plays=self.plays,
            open=at_worlds(self.open, columns),
            horizon=self.horizon,
            exact=self.exact,
            answers_expected=self.answers_expected,
            answered=at_worlds(self.answered, columns),
        )

    def feasible(self, actor: Actor) -> NDArray[np.bool_]:
        """Feasible options of an actor, shape (options, worlds)."""
        if actor.name not in self.allowed:
            self.allowed[actor.name] = feasible(self.open[actor.name], actor.menu)
        return self.allowed[actor.name]

    def ahead(self, actor: Actor) -> tuple[int, bool]:
        """How far an actor looks ahead: months held, and whether what follows counts."""
        return looks_ahead(self.plays[actor.name], self.horizon)

    def optimism(self, actor: Actor) -> Array | None:
        """Factor on Russia's power that makes the odds those the actor believes in.

        The belligerents project the war with their own odds (differing beliefs are what keeps it
        going); the others with the odds as they are, which None stands for.
        """
        believed = {"russia": self.state.belief_russia, "ukraine": self.state.belief_ukraine}.get(
            actor.name
        )
        if believed is None:
            return None
        return believed_power(believed, self._battle)

    @cached_property
    def _battle(self) -> Battle:
        """The battle if everybody plays as they stand."""
        standing = {name: actor.standing() for name, actor in self.actors.items()}
        return begin(self.state, controls(standing, self.parameters), self.parameters).battle

    def believed_play(self, actor: Actor) -> dict[str, dict[str, Array]]:
        """What an actor expects everybody to play: others as watched, itself as it stands."""
        return {
            name: other.standing() if other is actor else dict(actor.beliefs[name])
            for name, other in self.actors.items()
        }
