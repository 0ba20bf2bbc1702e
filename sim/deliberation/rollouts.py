"""Many rows of play, of one actor or several, rolled out together.

A row is one way that everybody might play. The rows of all actors are gathered first and share a
projection. Choices need four digits of what options are worth, so rollouts are in single precision
(`sim.kernel`) unless the table asks for exact ones, which are the mechanisms as they stand in
double precision; a test holds the one choice to the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from itertools import accumulate, groupby

import numpy as np
from numpy.typing import NDArray

from agents.actor import Actor
from agents.outlook import Array, Outlook
from sim.deliberation.table import Table
from sim.kernel.plan import Rows
from sim.kernel.trace import levers_of_dials
from sim.world.controls import Controls, controls
from sim.world.projection import flows, project

type Payoffs = dict[str, Array]
"""Actor -> discounted payoff of rows to it, shape (rows, worlds)."""


@dataclass(frozen=True)
class Kinds:
    """How a lever is played in many rows that play it in a few ways.

    Attributes:
        play: probabilities of levels, shape (levels, kinds, worlds).
        which: kind of every row.
    """

    play: Array
    which: NDArray[np.int64]

    @classmethod
    def of_all(cls, play: Array, rows: int) -> Kinds:
        """One way of playing, shape (levels, worlds), in all rows."""
        return cls(play[:, None], np.zeros(rows, dtype=np.int64))


@dataclass(frozen=True)
class Request:
    """Rows that one actor wants rolled out.

    Attributes:
        actor: whose beliefs about the odds and whose horizon apply.
        play: actor -> lever -> how it is played.
        rows: how many.
    """

    actor: Actor
    play: Mapping[str, Mapping[str, Kinds]]
    rows: int


def roll_out(table: Table, requests: list[Request]) -> list[Payoffs]:
    """What the rows of every request are worth to every actor.

    Requests of one horizon share a projection.

    Returns:
        For each request, payoffs of shape (rows, worlds).
    """
    found: dict[int, Payoffs] = {}
    ahead = [table.ahead(request.actor) for request in requests]
    order = sorted(range(len(requests)), key=lambda k: ahead[k])
    for (horizon, terminal), group in groupby(order, key=lambda k: ahead[k]):
        members = list(group)
        chosen = [requests[k] for k in members]
        worth = _project(table, chosen, horizon, terminal)
        ends = accumulate(r.rows for r in chosen)
        for k, request, end in zip(members, chosen, ends, strict=True):
            found[k] = {name: rows[end - request.rows : end] for name, rows in worth.items()}
    return [found[k] for k in range(len(requests))]


def foresee(table: Table, request: Request) -> Iterator[Outlook]:
    """What the rows of a request bring in each month for which they are held.

    By the mechanisms as they stand, in double precision: what exact rollouts add up.

    Returns:
        One month's outlook after the other, each field broadcastable to (rows, worlds).
    """
    dials, believed = _stacked(table, [request])
    return flows(
        table.state,
        Controls(**{name: rows.all() for name, rows in dials.items()}),
        table.parameters,
        table.ahead(request.actor)[0],
        optimism=believed.all(),
    )


def _stacked(table: Table, requests: list[Request]) -> tuple[dict[str, Rows], Rows]:
    """Dials of the rows of all requests, one after the other, and the odds believed in."""
    parts = [_dials(table, r) for r in requests]
    dials = {f.name: Rows.stacked([part[f.name] for part in parts]) for f in fields(Controls)}
    return dials, Rows.stacked([_optimism(table, r) for r in requests])


def _project(table: Table, requests: list[Request], horizon: int, terminal: bool) -> Payoffs:
    """Payoffs of the rows of all requests, one after the other."""
    dials, believed = _stacked(table, requests)
    if not table.exact:
        return table.light.payoffs(
            table.state,
            dials,
            horizon,
            terminal=terminal,
            optimism=believed,
            precision=np.float32,
        )
    seen = project(
        table.state,
        Controls(**{name: rows.all() for name, rows in dials.items()}),
        table.parameters,
        horizon,
        terminal=terminal,
        optimism=believed.all(),
    )
    return {name: actor.payoff(seen) for name, actor in table.actors.items()}


def _dials(table: Table, request: Request) -> dict[str, Rows]:
    """Dials of a request, each worked out once for rows that play its levers alike."""
    read = levers_of_dials()
    everywhere = np.arange(request.rows)
    played = {
        (actor, lever): Kinds(kinds.play, everywhere * 0) if kinds.play.shape[1] == 1 else kinds
        for actor, levers in request.play.items()
        for lever, kinds in levers.items()
    }
    # a dial that mixes levers which vary differently is worked out row by row
    unsettled = True
    while unsettled:
        unsettled = False
        for levers in read.values():
            many = [lever for lever in levers if played[lever].play.shape[1] > 1]
            if len({played[lever].which.tobytes() for lever in many}) > 1:
                for lever in many:
                    kinds = played[lever]
                    played[lever] = Kinds(kinds.play[:, kinds.which], everywhere)
                unsettled = True
    play: dict[str, dict[str, Array]] = {name: {} for name in request.play}
    for (actor, name), kinds in played.items():
        play[actor][name] = kinds.play
    found = controls(play, table.parameters)
    out = {}
    for dial, levers in read.items():
        many = [lever for lever in levers if played[lever].play.shape[1] > 1]
        value = np.atleast_2d(getattr(found, dial))
        which = played[many[0]].which if many else everywhere * 0
        out[dial] = Rows(np.broadcast_to(value, (value.shape[0], table.worlds)), which)
    return out


def _optimism(table: Table, request: Request) -> Rows:
    """Factor on Russia's power; 1 for those who see the odds as they are."""
    believed = table.optimism(request.actor)
    factor = np.ones(table.worlds) if believed is None else believed
    return Rows(factor[None], np.zeros(request.rows, dtype=np.int64))
