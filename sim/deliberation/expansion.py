"""Options put together from parts: a cut expansion about the standing option.

The worth of an option is that of the standing option, plus what each changed lever does, plus what
each two changed levers do beyond that (Rabitz & Alis 1999). It is added up lever by lever over the
grid that a menu is, so an effect is added once for all options that share it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from agents.outlook import Array

type Change = tuple[tuple[int, int], ...]
"""Levers changed from the standing option, each with how many levels further (cyclically)."""


@dataclass(frozen=True)
class Expansion:
    """Where the effects of changes belong in a menu, for the standing options of a block of worlds.

    Attributes:
        shape: number of levels of each lever.
        groups: levers, one or two, that have effects of their own.
        pairs: rows that change two levers, and the rows that change either of them.
        places: of the effects, one row of the table after the other for every group and level,
            as places in the flattened table.
    """

    shape: tuple[int, ...]
    groups: tuple[tuple[int, ...], ...]
    pairs: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]
    places: NDArray[np.int64]

    @classmethod
    def about(
        cls, anchor: NDArray[np.int64], changes: tuple[Change, ...], shape: tuple[int, ...]
    ) -> Expansion:
        """Work out the places.

        Args:
            anchor: levels of the standing option, shape (levers, worlds).
            changes: what each row changes, the first nothing.
            shape: number of levels of each lever.
        """
        row_of = {change: row for row, change in enumerate(changes)}
        groups = tuple(dict.fromkeys(tuple(k for k, _ in change) for change in changes if change))
        double = [change for change in changes if len(change) == 2]
        pairs = tuple(
            np.array([row_of[part] for part in parts], dtype=np.int64)
            for parts in (
                double,
                [(change[0],) for change in double],
                [(change[1],) for change in double],
            )
        )
        worlds = anchor.shape[1]
        steps = [
            (np.arange(size)[:, None] - level) % size
            for size, level in zip(shape, anchor, strict=True)
        ]
        none = len(changes)  # a last row of zeros
        rows = []
        for group in groups:
            sizes = [shape[k] for k in group]
            table = np.full(sizes, none)
            for far in product(*(range(1, size) for size in sizes)):
                table[far] = row_of.get(tuple(zip(group, far, strict=True)), none)
            if len(group) == 1:
                rows.append(table[steps[group[0]]])
            else:
                first, second = steps[group[0]], steps[group[1]]
                rows.append(table[first[:, None], second[None]].reshape(-1, worlds))
        places = np.concatenate(rows) if rows else np.empty((0, worlds), dtype=np.int64)
        return cls(shape, groups, pairs, places * worlds + np.arange(worlds))  # type: ignore[arg-type]

    def over_menu(self, rows: Array) -> Array:
        """Add up effects.

        Args:
            rows: a quantity in every row, shape (rows, worlds).

        Returns:
            The quantity for every option, shape (options, worlds), in double precision.
        """
        worlds = rows.shape[1]
        base = rows[0].astype(np.float64)
        table = np.zeros((rows.shape[0] + 1, worlds))
        effects = table[:-1]
        np.subtract(rows, base, out=effects)
        both, one, other = self.pairs
        effects[both] -= effects[one] + effects[other]
        found = np.take(table, self.places)
        parts: dict[tuple[int, ...], Array] = {}
        start = 0
        for group in self.groups:
            sizes = [self.shape[k] for k in group]
            end = start + int(np.prod(sizes))
            parts[group] = found[start:end].reshape(*sizes, worlds)
            start = end
        total = base
        for k, size in enumerate(self.shape):
            added = self._of_lever(parts, k, size, worlds)
            total = total[..., None, :] + added
        return total.reshape(-1, worlds)

    def _of_lever(
        self, parts: dict[tuple[int, ...], Array], lever: int, size: int, worlds: int
    ) -> Array:
        """What a lever does, alone and with those before it: over the grid of all of them."""
        total = parts.get((lever,), np.zeros((size, 1)))
        total = total.reshape(*(1,) * lever, size, -1)
        for before in range(lever):
            pair = parts.get((before, lever))
            if pair is not None:
                grid = [1] * lever
                grid[before] = self.shape[before]
                total = total + pair.reshape(*grid, size, worlds)
        return total
