"""The first worlds of a run, stepped again from scenario and seed: what was not recorded of them.

A run keeps outcomes and choices, not what every option was worth. Since a world is a function of
scenario, seed and number, stepping it again gives the same world, and every month of it can be
gone back to. What was recorded is the check on that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import xarray as xr

from agents import menus
from sim.analysis.differences import ROUNDING
from sim.analysis.history import OtherWorldError
from sim.analysis.spread import Ints, sets_of, varied
from sim.draws import TILE
from sim.influence.behavioural import NOTHING
from sim.kernel import Engine
from sim.model import ConflictModel, Standing
from sim.stages import until_choices
from sim.world.state import STATUSES

if TYPE_CHECKING:
    from sim.deliberation.table import Table
    from sim.scenario import Scenario

type Choice = tuple[str, str]
"""Actor and lever."""
type Played = Mapping[Choice, npt.NDArray[np.integer]]
"""Actor and lever -> level chosen, -1 where it left no choice, shape (worlds, months)."""

MOST: Final = 8192
"""Worlds of a run whose recorded choices are looked at."""


class Again:
    """The first tile of a run's worlds, stepped again month by month, as far as asked.

    Attributes:
        scenario: under which they live.
        worlds: their numbers.
        sets: set number of each.
    """

    def __init__(self, scenario: Scenario, recorded: xr.Dataset, engine: Engine = "numpy") -> None:
        """Seat the worlds; nothing is stepped yet.

        Args:
            scenario: that was run.
            recorded: the run.
            engine: what does the arithmetic; both give the same bits.
        """
        self.scenario = scenario
        self.worlds = first_worlds(recorded)
        count = len(self.worlds)
        kept = recorded[["front", "status"]].isel(world=slice(0, count))
        self._kept = kept.transpose("month", "world").load()
        self.sets: Ints = sets_of(self._kept.assign_attrs(recorded.attrs))
        how = varied(recorded)
        self._model = ConflictModel(
            scenario,
            self.worlds,
            int(recorded.attrs["seed"]),
            draws=how.draws,
            collect=False,
            engine=engine,
            vary=how.vary,
            measured=NOTHING,
        )
        self._stands: list[Standing] = [self._model.standing()]
        self._chosen: list[dict[Choice, Ints]] = []

    def played(self) -> Played:
        """What everybody chose in every month of the run.

        Raises:
            OtherWorldError: the run recorded other worlds.
        """
        self._reach(self._kept.sizes["month"])
        names = self._chosen[0]
        return {name: np.stack([month[name] for month in self._chosen], axis=1) for name in names}

    def table(self, month: int) -> Table:
        """What the actors deliberate with in a month, every option to be weighed exactly.

        Args:
            month: its position, from 0.

        Raises:
            OtherWorldError: the run recorded other worlds.
        """
        self._reach(month)
        self._model.go_on_from(self._stands[month])
        return replace(until_choices(self._model), exact=True)

    def levels(self, month: int, choice: Choice) -> Ints:
        """Level chosen of a lever in a month, shape (worlds,).

        Raises:
            OtherWorldError: the run recorded other worlds.
        """
        self._reach(month + 1)
        return self._chosen[month][choice]

    def _reach(self, months: int) -> None:
        """Step on until so many months are done."""
        if len(self._stands) > months:
            return
        self._model.go_on_from(self._stands[-1])
        count = len(self.worlds)
        while len(self._stands) <= months:
            self._model.step()
            self._check(len(self._stands) - 1)
            self._stands.append(self._model.standing())
            self._chosen.append(
                {
                    (name, lever): np.where(self._model.live[name][lever], actor.levels[k], -1)[
                        :count
                    ]
                    for name, actor in self._model.actors.items()
                    for k, lever in enumerate(actor.menu.names)
                }
            )

    def _check(self, month: int) -> None:
        """Hold a month to what was recorded of it.

        Raises:
            OtherWorldError: they differ.
        """
        state, count = self._model.state, len(self.worlds)
        kept = self._kept.isel(month=month)
        statuses = np.stack([getattr(state, name)[:count] for name in STATUSES]).argmax(axis=0)
        same = np.allclose(kept["front"].values, state.front[:count], rtol=ROUNDING, atol=0.0)
        if not same or not np.array_equal(kept["status"].values, statuses):
            now = self.scenario.start + month
            raise OtherWorldError(
                f"what is recorded of worlds {self.worlds.start} to {self.worlds.stop - 1:,} is "
                f"not what this code makes of them in {now}; run the scenario again"
            )


def first_worlds(recorded: xr.Dataset) -> range:
    """Numbers of a run's first worlds, at most a tile of them and without gaps."""
    numbers = np.asarray(recorded["world"].values[:TILE], dtype=np.int64)
    gaps = np.flatnonzero(np.diff(numbers) != 1)
    count = int(gaps[0]) + 1 if gaps.size else numbers.size
    return range(int(numbers[0]), int(numbers[0]) + count)


def recorded_choices(recorded: xr.Dataset) -> Played | None:
    """What everybody chose in the first worlds of a run; None where it was not recorded."""
    if "choice" not in recorded:
        return None
    part = recorded["choice"].isel(world=slice(0, MOST))
    values = part.transpose("actor", "lever", "world", "month").values
    actors, levers = (list(map(str, part[dim].values)) for dim in ("actor", "lever"))
    return {
        (actor, lever): values[actors.index(actor), levers.index(lever)]
        for actor, lever in all_choices()
    }


def all_choices() -> Iterable[Choice]:
    """Every lever of every actor."""
    return ((actor, lever) for actor, levers in menus().items() for lever in levers)
