"""Many rows of play, of one actor or several, rolled out together.

A row is one way that everybody might play. Rolling out forty rows at once costs little more than
rolling out ten, so the rows of all actors are gathered first. Choices need four digits of what
options are worth, so rollouts are in single precision unless the table asks for exact ones; a test
holds the choice to that of exact rollouts in double precision.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from itertools import accumulate, groupby
from typing import Any

import numpy as np

from agents.actor import Actor
from agents.outlook import Array, Outlook
from sim.deliberation.table import Table
from sim.world.controls import Controls, Play, controls
from sim.world.projection import project
from sim.world.state import State


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


def roll_out(table: Table, requests: list[Request]) -> list[Outlook]:
    """Discounted outlooks of the rows of every request.

    Requests of one horizon share a projection.

    Returns:
        For each request an outlook of shape (rows, worlds).
    """
    found: dict[int, Outlook] = {}
    ahead = [table.ahead(request.actor) for request in requests]
    order = sorted(range(len(requests)), key=lambda k: ahead[k])
    for (horizon, terminal), group in groupby(order, key=lambda k: ahead[k]):
        members = list(group)
        chosen = [requests[k] for k in members]
        precision = np.float64 if table.exact else np.float32
        believed = _optimism(table, chosen)
        seen = project(
            State(
                **{f.name: getattr(table.state, f.name).astype(precision) for f in fields(State)}
            ),
            _side_by_side([_dials(table, r) for r in chosen], table.worlds, precision),
            table.parameters if table.exact else table.light,
            horizon,
            terminal=terminal,
            optimism=None if believed is None else believed.astype(precision),
        )
        ends = list(accumulate(r.rows for r in chosen))
        for k, request, end in zip(members, chosen, ends, strict=True):
            found[k] = rows_of(seen, end - request.rows, end, table.worlds)
    return [found[k] for k in range(len(requests))]


def rows_of(seen: Outlook, start: int, end: int, worlds: int) -> Outlook:
    """Some rows of an outlook, each field (rows, worlds), in double precision."""

    def rows(value: Array) -> Array:
        whole = value.shape[0] if value.ndim == 2 else end
        return np.broadcast_to(value, (whole, worlds))[start:end].astype(np.float64)

    return Outlook(**{f.name: rows(getattr(seen, f.name)) for f in fields(Outlook)})


def _dials(table: Table, request: Request) -> tuple[Controls, int]:
    return controls(request.play, table.parameters), request.rows


def _side_by_side(
    parts: list[tuple[Controls, int]], worlds: int, precision: type[np.floating[Any]]
) -> Controls:
    """Dials of all requests, one after the other along the rows."""
    return Controls(
        **{
            f.name: np.concatenate(
                [np.broadcast_to(getattr(c, f.name), (rows, worlds)) for c, rows in parts],
                dtype=precision,
            )
            for f in fields(Controls)
        }
    )


def _optimism(table: Table, requests: list[Request]) -> Array | None:
    """Factors on Russia's power, row by row; 1 for those who see the odds as they are."""
    believed = [table.optimism(request.actor) for request in requests]
    if all(b is None for b in believed):
        return None
    return np.concatenate(
        [
            np.broadcast_to(1.0 if b is None else b, (request.rows, table.worlds))
            for b, request in zip(believed, requests, strict=True)
        ]
    )
