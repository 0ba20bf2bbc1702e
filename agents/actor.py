"""An actor: a Mesa agent whose attributes are vectors over worlds.

An actor is one short file: its levers, its incentives, its reference. Everything it decides with
(the menu, beliefs about the others, the logit response) is here and the same for all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Self, cast

import mesa
import numpy as np
from numpy.typing import NDArray

from agents.levers import Menu
from agents.outlook import Array, Outlook
from agents.response import add_up, draw, over_options

if TYPE_CHECKING:
    from mesa import Model

ROSTER: dict[str, type[Actor]] = {}
"""Every actor class by name, in the order of definition."""


@dataclass(frozen=True)
class Incentive:
    """One term of a payoff: what the actor cares about, signed so that more is better.

    Attributes:
        name: as in scenario files under `actors.<actor>.incentives`.
        primitive: the month's quantity from the outlook, before its weight.
        unit: what one unit of the primitive is.
        in_peace: whether the term goes on when the fighting has stopped.
    """

    name: str
    primitive: Callable[[Outlook], Array]
    unit: str
    in_peace: bool


class Actor(mesa.Agent):
    """A player that weighs every option of its menu each month.

    Class attributes, declared by each actor's file:
        name: the actor's name in scenarios and results.
        reference: where its aims come from.
        menu: its levers.
        incentives: the terms of its payoff.
        interactions: pairs of its levers whose effects on payoffs do not simply add up, so that
            options can be put together from few rollouts; a test holds the choice to the exact
            one. None to roll out every option, which is safe for any actor.

    Attributes (vectors over worlds):
        weights: incentive -> weight, shape (worlds,).
        precision: lambda of the logit response, per unit of scale.
        scale: what one unit of value is worth in this actor's payoff.
        switching: cost of changing one lever by one level, in units of scale.
        memory: weight of the latest month in beliefs about the others, 0-1.
        thresholds: lever index -> extra cost of leaving its lowest level, in units of scale.
        levels: current level index of each lever, shape (levers, worlds).
        beliefs: other actor -> lever -> believed probability of each level, (levels, worlds).
        probabilities: of the options last weighed, shape (options, worlds).
    """

    name: ClassVar[str] = ""
    reference: ClassVar[str] = ""
    menu: ClassVar[Menu]
    incentives: ClassVar[tuple[Incentive, ...]]
    interactions: ClassVar[tuple[tuple[str, str], ...] | None] = None

    def __init_subclass__(cls) -> None:
        """Enter the actor into the roster."""
        super().__init_subclass__()
        if cls.name:
            ROSTER[cls.name] = cls

    def __init__(
        self, model: Model, parameters: Mapping[str, Array], levels: NDArray[np.int64]
    ) -> None:
        """Seat the actor in a model.

        Args:
            model: the Mesa model.
            parameters: registry name -> value per world, shape (worlds,).
            levels: standing level of each lever at the start, shape (levers, worlds).
        """
        super().__init__(model)
        self.adopt(parameters)
        self.levels = levels
        self.beliefs: dict[str, dict[str, Array]] = {}
        self.probabilities: Array = np.empty((0, levels.shape[-1]))

    def adopt(self, parameters: Mapping[str, Array]) -> None:
        """Take aims and temper from parameters; what it has seen and where it stands stay.

        Args:
            parameters: registry name -> value per world, shape (worlds,).
        """
        mine = f"actors.{self.name}."
        self.weights = {i.name: parameters[f"{mine}incentives.{i.name}"] for i in self.incentives}
        self.precision = parameters[f"{mine}precision"]
        self.scale = parameters[f"{mine}scale"]
        self.switching = parameters[f"{mine}switching"]
        self.memory = parameters[f"{mine}memory"]
        self.thresholds = {
            k: parameters[f"{mine}{lever.threshold}"]
            for k, lever in enumerate(self.menu.levers)
            if lever.threshold
        }
        nothing = np.empty(0)
        self._moves_from: tuple[NDArray[np.int64] | None, Array, Array] = (None, nothing, nothing)

    def at(self, columns: NDArray[np.int64]) -> Self:
        """The same actor in some of the worlds: a copy that weighs, and plays no part in the model.

        Args:
            columns: positions of the worlds.
        """
        other = copy(self)
        for name, held in vars(self).items():
            setattr(other, name, at_worlds(held, columns))
        return other

    def terms(self, outlook: Outlook) -> dict[str, Array]:
        """Each payoff term of a month, weight times primitive."""
        return {i.name: self.weights[i.name] * i.primitive(outlook) for i in self.incentives}

    def payoff(self, outlook: Outlook) -> Array:
        """The month's payoff: the sum of its terms, in their declared order."""
        return add_up(self.terms(outlook).values())

    def distance(self) -> Array:
        """Levels moved, summed over levers, from the standing levels, shape (options, worlds)."""
        return self._moves()[0]

    def switching_cost(self) -> Array:
        """Cost of moving from the standing levels, units of scale, shape (options, worlds)."""
        return self._moves()[1]

    def _moves(self) -> tuple[Array, Array]:
        """Distance and cost of every option, worked out once for where the levers stand."""
        if self._moves_from[0] is not self.levels:
            distance: list[Array] = []
            cost: list[Array] = []
            for k, size in enumerate(self.menu.shape):
                level = np.arange(size)[:, None]
                moved = np.abs(level - self.levels[k]).astype(float)
                distance.append(moved)
                cost.append(moved * self.switching + (level > 0) * self.threshold_cost(k))
            self._moves_from = (self.levels, over_options(distance), over_options(cost))
        return self._moves_from[1], self._moves_from[2]

    def threshold_cost(self, lever: int) -> Array:
        """Extra cost of leaving a lever's lowest level where it stands there, shape (worlds,)."""
        cost = self.thresholds.get(lever)
        return np.where(self.levels[lever] == 0, 0.0 if cost is None else cost, 0.0)

    def standing(self) -> dict[str, Array]:
        """The standing levels as certainties: lever -> (levels, worlds)."""
        return {
            lever.name: one_hot(self.levels[k], len(lever.levels))
            for k, lever in enumerate(self.menu.levers)
        }

    def choose(self, probabilities: Array, uniforms: Mapping[str, Array]) -> NDArray[np.int64]:
        """Draw this month's levels, shape (levers, worlds), and remember the probabilities."""
        self.probabilities = probabilities
        self.levels = draw(probabilities, self.menu, uniforms)
        return self.levels

    def expect(self, other: Actor) -> None:
        """Smooth the belief about another's levers towards what it just played.

        Exponential smoothing of past play (fictitious play with forgetting).

        Args:
            other: the actor watched. The first look takes what it plays as certain.
        """
        held = self.beliefs.setdefault(other.name, {})
        for k, lever in enumerate(other.menu.levers):
            played = one_hot(other.levels[k], len(lever.levels))
            before = held.get(lever.name)
            held[lever.name] = (
                played if before is None else before + self.memory * (played - before)
            )


def at_worlds[T](held: T, columns: NDArray[np.int64]) -> T:
    """Some of the worlds of everything that an object holds.

    Args:
        held: an array with worlds on its last axis, or a mapping or dataclass with such arrays at
            any depth. What is neither stays as it is.
        columns: positions of the worlds.

    Returns:
        The same in shape and kind, its arrays copied and contiguous.
    """
    found: Any = held
    if isinstance(held, np.ndarray):
        found = np.take(held, columns, axis=-1)
    elif isinstance(held, Mapping):
        found = {key: at_worlds(value, columns) for key, value in held.items()}
    elif is_dataclass(held) and not isinstance(held, type):
        changed = {f.name: at_worlds(getattr(held, f.name), columns) for f in fields(held)}
        found = replace(held, **changed)
    return cast(T, found)


def one_hot(level: NDArray[np.int64], levels: int) -> Array:
    """Level indices of any shape as certainties, levels on an axis before theirs."""
    return (np.arange(levels).reshape(-1, *(1,) * level.ndim) == level).astype(float)
