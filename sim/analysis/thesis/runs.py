"""The runs behind the hypotheses, each fetched from the store and simulated if it is not there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.analysis.thesis.design import Arm, Family
from sim.ensemble.engine import gather, simulate
from sim.ensemble.executors import BATCH, Executor, InProcess, spans
from sim.ensemble.families import months_of, run_family
from sim.ensemble.store import Store
from sim.ensemble.trouble import StoreError

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr

    from sim.ensemble.engine import Tile
    from sim.kernel import Engine
    from sim.scenario import Scenario

type Progress = Callable[[int, int], None]


@dataclass
class Runs:
    """Fetches runs and tells how far the whole thesis is.

    Attributes:
        root: folder of the runs.
        seed: of all of them.
        engine: what does the arithmetic.
        executor: where worlds are computed.
        notify: told, in a sentence, what the user may wonder about.
        tell: told (worlds done, worlds in all).
        worlds: in all.
    """

    root: Path
    seed: int
    engine: Engine = "numpy"
    executor: Executor = field(default_factory=InProcess)
    notify: Callable[[str], object] = field(default=lambda _: None)
    tell: Progress = field(default=lambda done, total: None)
    worlds: int = 0
    _done: int = 0

    def dataset(self, arm: Arm) -> xr.Dataset:
        """All worlds of an arm."""
        before = self._done

        def progress(done: int, _: int) -> None:
            self.tell(before + done, self.worlds)

        found = self._store().fetch(
            arm.scenario, arm.worlds, self.seed, arm.draws, progress, keep=arm.keep
        )
        self._done = before + arm.worlds
        self.tell(self._done, self.worlds)
        return found.dataset

    def family(self, family: Family) -> dict[int, xr.Dataset]:
        """All worlds of arms that differ only in when the war is made to end."""
        arms = family.arms
        store = self._store()
        kept = {
            end: store.holds(a.scenario, self.seed, a.draws, keep=a.keep) for end, a in arms.items()
        }
        lacking = tuple(end for end, arm in arms.items() if kept[end] < arm.worlds)
        if not lacking:
            return {end: self.dataset(arm) for end, arm in arms.items()}
        made = self._simulate(Family(family.arm, lacking))
        out = {}
        for end, arm in arms.items():
            if end in made:
                given = partial(_given, made[end])
                here = Store(self.root, given, notify=self.notify)
                out[end] = here.fetch(
                    arm.scenario, arm.worlds, self.seed, arm.draws, keep=arm.keep
                ).dataset
                self._done += arm.worlds
            else:
                out[end] = self.dataset(arm)
        self.tell(self._done, self.worlds)
        return out

    def _store(self) -> Store:
        made_by = partial(simulate, engine=self.engine)
        return Store(self.root, made_by, executor=self.executor, notify=self.notify)

    def _simulate(self, family: Family) -> dict[int, xr.Dataset]:
        from sim.draws import TILE
        from sim.ensemble.executors import WorkersError

        arm = family.arm
        parts = spans(0, arm.worlds, BATCH, self.executor.slots, TILE)
        whole = months_of(arm.scenario, family.ends)

        def on_month(before: int, count: int, months: int) -> None:
            done = len(family.ends) * (before + count * months / whole)
            self.tell(self._done + int(done), self.worlds)

        calls = [
            partial(
                run_family,
                arm.scenario,
                family.ends,
                self.seed,
                arm.draws,
                start,
                stop - start,
                self.engine,
                arm.keep,
                on_month=None if self.executor.remote else partial(on_month, start, stop - start),
            )
            for start, stop in parts
        ]
        tiles: list[dict[int, Tile]] = []
        try:
            for (_, stop), found in zip(parts, self.executor.in_order(calls), strict=True):
                tiles.append(found)
                on_month(stop, 0, 0)
        except WorkersError as error:
            raise StoreError(f"not completed: {error}; the same command goes on") from error
        return {
            end: gather(
                a.scenario,
                (found[end] for found in tiles),
                0,
                a.worlds,
                self.seed,
                a.draws,
                self.engine,
                keep=a.keep,
            )
            for end, a in family.arms.items()
        }


def _given(
    dataset: xr.Dataset,
    scenario: Scenario,
    worlds: int,
    seed: int,
    *,
    first: int,
    **_: Any,  # noqa: ANN401 - what the store says besides has been heeded
) -> xr.Dataset:
    """Worlds that are simulated already."""
    return dataset.isel(world=slice(first, first + worlds))


def parameters_of(ds: xr.Dataset, draws: int) -> dict[str, np.ndarray[Any, Any]]:
    """Name -> value in each set, of the parameters that differ between sets."""
    values = ds["parameter"].transpose("world", "name").to_numpy()[::draws]
    differ = values.max(axis=0) > values.min(axis=0)
    return {str(name): values[:, k] for k, name in enumerate(ds["name"].to_numpy()) if differ[k]}
