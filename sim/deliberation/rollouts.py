"""Many rows of play, of one actor or several, rolled out together.

A row is one way that everybody might play. Rolling out forty rows at once costs little more than
rolling out ten, so the rows of all actors are gathered first.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from itertools import accumulate, groupby

import numpy as np

from agents.actor import Actor
from agents.outlook import Array, Outlook
from sim.deliberation.table import Table
from sim.world.controls import Controls, Play, controls
from sim.world.projection import project


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
        seen = project(
            table.state,
            _side_by_side([_dials(table, r) for r in chosen], table.worlds),
            table.parameters,
            horizon,
            terminal=terminal,
            optimism=_optimism(table, chosen),
        )
        ends = list(accumulate(r.rows for r in chosen))
        for k, request, end in zip(members, chosen, ends, strict=True):
            found[k] = rows_of(seen, end - request.rows, end, table.worlds)
    return [found[k] for k in range(len(requests))]


def rows_of(seen: Outlook, start: int, end: int, worlds: int) -> Outlook:
    """Some rows of an outlook, each field (rows, worlds)."""
    return Outlook(
        **{
            f.name: np.broadcast_to(value, (value.shape[0], worlds))[start:end]
            if value.ndim == 2
            else np.broadcast_to(value, (end - start, worlds))
            for f in fields(Outlook)
            for value in (getattr(seen, f.name),)
        }
    )


def _dials(table: Table, request: Request) -> tuple[Controls, int]:
    return controls(request.play, table.parameters), request.rows


def _side_by_side(parts: list[tuple[Controls, int]], worlds: int) -> Controls:
    """Dials of all requests, one after the other along the rows."""
    return Controls(
        **{
            f.name: np.concatenate(
                [np.broadcast_to(getattr(c, f.name), (rows, worlds)) for c, rows in parts]
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
