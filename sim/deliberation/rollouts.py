"""Many rows of play, of one actor or several, rolled out together.

A row is one way that everybody might play. The rows of all actors are gathered first and share a
projection. Choices need four digits of what options are worth, so rollouts are in single precision
(`sim.kernel`) unless the table asks for exact ones, which are the mechanisms as they stand in
double precision; a test holds the one choice to the other.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from itertools import accumulate, groupby

import numpy as np

from agents.actor import Actor
from agents.outlook import Array
from sim.deliberation.table import Table
from sim.world.controls import Controls, Play, controls
from sim.world.projection import project

type Payoffs = dict[str, Array]
"""Actor -> discounted payoff of rows to it, shape (rows, worlds)."""


@dataclass(frozen=True)
class Request:
    """Rows that one actor wants rolled out.

    Attributes:
        actor: whose beliefs about the odds and whose horizon apply.
        play: probabilities of levels, each (levels, rows, worlds) or with one row for all.
        rows: how many.
    """

    actor: Actor
    play: Play
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


def _project(table: Table, requests: list[Request], horizon: int, terminal: bool) -> Payoffs:
    """Payoffs of the rows of all requests, one after the other."""
    dials, believed = _side_by_side(table, requests), _optimism(table, requests)
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
        table.state, dials, table.parameters, horizon, terminal=terminal, optimism=believed
    )
    return {name: actor.payoff(seen) for name, actor in table.actors.items()}


def _side_by_side(table: Table, requests: list[Request]) -> Controls:
    """Dials of all requests, one after the other along the rows."""
    parts = [(controls(r.play, table.parameters), r.rows) for r in requests]
    precision = np.float64 if table.exact else np.float32
    total = sum(rows for _, rows in parts)

    def together(name: str) -> Array:
        out = np.empty((total, table.worlds), dtype=precision)
        start = 0
        for part, rows in parts:
            out[start : start + rows] = getattr(part, name)
            start += rows
        return out

    return Controls(**{f.name: together(f.name) for f in fields(Controls)})


def _optimism(table: Table, requests: list[Request]) -> Array:
    """Factors on Russia's power, row by row; 1 for those who see the odds as they are."""
    out = np.ones((sum(r.rows for r in requests), table.worlds))
    start = 0
    for request in requests:
        believed = table.optimism(request.actor)
        if believed is not None:
            out[start : start + request.rows] = believed
        start += request.rows
    return out
