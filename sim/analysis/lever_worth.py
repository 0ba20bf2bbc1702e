"""What one level of a lever is worth more than another to its actor, by payoff term.

Every feasible option is rolled out exactly, each payoff term apart. The two levels are compared
with all other levers of the actor alike, and the differences are averaged over what these others
are, with the probabilities that the actor gives them. What moving the lever costs is a part of its
own, so that the parts add up to what the logit response goes by.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from agents.actor import Actor
from agents.outlook import Array
from agents.response import add_up
from agents.stand_ins import response, served_by
from sim.deliberation.answers import expected_answers
from sim.deliberation.options import design, request
from sim.deliberation.rollouts import foresee
from sim.deliberation.table import Table
from sim.world.projection import weights

COST: Final = "cost of moving"
"""The part that is no payoff term."""


@dataclass(frozen=True)
class Lead:
    """How much more one level is worth than another, in many worlds.

    Attributes:
        parts: payoff term (of whom the actor serves), or `COST` -> its part, units of scale, shape
            (worlds,); 0 where one of the levels is closed.
        there: whether both levels are open, shape (worlds,).
        serves: whose payoff the terms are of.
        months: for which an option is held in the projection.
    """

    parts: Mapping[str, Array]
    there: NDArray[np.bool_]
    serves: str
    months: int

    @property
    def whole(self) -> Array:
        """All parts together, shape (worlds,)."""
        return add_up(self.parts.values())


def lead(table: Table, name: str, lever: str, better: str, other: str) -> Lead:
    """What a level of a lever is worth more than another.

    Args:
        table: of the month, exact.
        name: of the actor.
        lever: its lever.
        better: the one level.
        other: the level that it is held against.
    """
    actor = table.actors[name]
    served = served_by(actor, table.plays[name], table.actors)
    levels = actor.menu.levels()[lever]
    one, two = levels.index(better), levels.index(other)
    axis = actor.menu.names.index(lever)
    allowed = table.open[name][lever]
    there = allowed[one] & allowed[two]
    terms = _terms(table, actor, served)
    values = add_up(terms.values())
    probable = response(actor, table.plays[name], values, table.feasible(actor))

    def by_level(options: Array) -> Array:
        """Options as (levels of the lever, all that the others can be, worlds)."""
        apart = options.reshape(*actor.menu.shape, table.worlds)
        return np.moveaxis(apart, axis, 0).reshape(len(levels), -1, table.worlds)

    others = np.add.reduce(by_level(probable), axis=0)

    def gained(options: Array) -> Array:
        apart = by_level(options)
        return np.where(there, np.add.reduce(others * (apart[one] - apart[two]), axis=0), 0.0)

    parts = {term: gained(options) for term, options in terms.items()}
    parts[COST] = gained(-actor.switching_cost())
    return Lead(parts, there, served.name, table.ahead(actor)[0])


def _terms(table: Table, actor: Actor, served: Actor) -> dict[str, Array]:
    """Every option's worth by payoff term, units of scale, each (options, worlds).

    Options that are infeasible in every world are 0.
    """
    rows = design(table, actor)
    assert rows.options is not None, "an exact table weighs every option by itself"
    asked = request(table, actor, rows, table.believed_play(actor), expected_answers(table))
    horizon, terminal = table.ahead(actor)
    shape = (len(actor.menu), table.worlds)
    out: dict[str, Array] = {i.name: np.zeros(shape) for i in served.incentives}
    held = weights(table.parameters, horizon, terminal=terminal)
    for weight, seen in zip(held, foresee(table, asked), strict=True):
        for term, flow in served.terms(seen).items():
            out[term][rows.options] += weight * flow / served.scale
    return out
