"""Where runs are kept: one folder a run, named by what went into it.

Asking for a run again costs nothing, and asking for more of its worlds simulates only those that
are missing. A new run grows out of sight, in `.staging/`, and is renamed into place when it is
complete; a longer one grows in place, block by block, and its manifest says how many worlds can be
trusted. A process that is killed loses the blocks under way, and the next one goes on from there. A
lock lets one process at a time work on a run.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from sim.ensemble.executors import Executor, InProcess, WorkersError, spans
from sim.ensemble.identity import run_id
from sim.ensemble.levels import DEFAULT_KEEP, Keep
from sim.ensemble.manifest import Manifest, timestamp, write_whole
from sim.ensemble.trouble import Interrupted, StoreError, UnusableError

if TYPE_CHECKING:
    import xarray as xr
    from filelock import BaseFileLock

    from sim.draws import Vary
    from sim.ensemble.packing import Packed
    from sim.scenario import Scenario
    from sim.scenario.fork import Fork

type Progress = Callable[[int, int], None]

BATCH = 1024
"""Worlds of a block, which is simulated as one and put away as one."""

_SCENARIO = "scenario.yaml"
PARENT = "parent.yaml"
"""Of a fork, the scenario under which its world begins."""
_WORLDS = "worlds.zarr"
_STAGING = ".staging"


class Simulate(Protocol):
    """How the store asks for worlds `first` to `first + worlds - 1`."""

    def __call__(
        self,
        scenario: Scenario,
        worlds: int,
        seed: int,
        *,
        draws: int,
        first: int,
        vary: Vary,
        keep: Keep,
        progress: Progress | None,
    ) -> xr.Dataset:
        """The worlds asked for."""


@dataclass(frozen=True)
class StoredRun:
    """A run as the store hands it out.

    Attributes:
        id: its identity, 64 hexadecimal digits.
        path: its folder.
        dataset: as many of its worlds as were asked for; values are read from disk when they are
            asked for (`sim/ensemble/reading.py`).
    """

    id: str
    path: Path
    dataset: xr.Dataset

    @property
    def worlds_path(self) -> Path:
        """Where the numbers lie."""
        return self.path / _WORLDS

    @property
    def report_path(self) -> Path:
        """Where the run's report lies, or is to lie."""
        return self.path / "report.html"


@dataclass(frozen=True)
class Store:
    """A results folder.

    Attributes:
        root: the folder; made when it is first needed.
        simulate: what to ask for worlds; the engine, unless a test says otherwise.
        batch: worlds between two visits to the disk, a multiple of the format's block.
        executor: where they are simulated; `simulate` must be picklable for other processes.
        notify: told, in a sentence, what the user may wonder about.
    """

    root: Path
    simulate: Simulate | None = None
    batch: int = BATCH
    executor: Executor = field(default_factory=InProcess)
    notify: Callable[[str], object] = field(default=lambda _: None)

    def fetch(
        self,
        scenario: Scenario,
        worlds: int,
        seed: int,
        draws: int,
        progress: Progress | None = None,
        vary: Vary = "both",
        keep: Keep = DEFAULT_KEEP,
        fork: Fork | None = None,
    ) -> StoredRun:
        """The run of a scenario, from what is kept and what has to be simulated.

        Args:
            scenario: what to run.
            worlds: how many worlds to hand out; the run may hold more.
            seed: of all chance.
            draws: draws of chance per parameter set.
            progress: told (worlds done, worlds asked for); kept worlds count as done.
            vary: what differs between worlds.
            keep: what is recorded.
            fork: where a world of the scenario takes another path; `simulate` must know of it, and
                the worlds are futures of that one.

        Raises:
            StoreError: the folder cannot be written, what it holds cannot be read, or those who
                simulate are gone.
            Interrupted: the user stopped it; what is done is kept.
        """
        run = run_id(scenario, seed=seed, draws=draws, vary=vary, keep=keep, fork=fork)
        name = f"{scenario.name}{'' if fork is None else '-fork'}-{run[:12]}"
        final = self.root / name
        with self._locked(name):
            fresh = Manifest.begin(scenario, run, seed, draws, vary, keep, fork)
            home, manifest = self._home(name, fresh)
            if progress is not None:
                progress(min(manifest.worlds, worlds), worlds)
            try:
                self._grow(home, manifest, scenario, worlds, progress, fork)
            except KeyboardInterrupt:
                kept = Manifest.read(home)
                raise Interrupted(name, kept.worlds if kept else 0, worlds) from None
            except WorkersError as error:
                raise StoreError(
                    f"{name}: not completed: {error}; what is done is kept, the same command goes "
                    "on from there"
                ) from error
            except OSError as error:
                place = error.filename or home
                raise StoreError(f"{name}: not completed: {place}: {_reason(error)}") from error
            if home != final:
                self._settle(home, final)
            return StoredRun(run, final, _open(final, worlds))

    def holds(
        self,
        scenario: Scenario,
        seed: int,
        draws: int,
        vary: Vary = "both",
        keep: Keep = DEFAULT_KEEP,
    ) -> int:
        """Worlds of a run that are kept and need not be simulated; arguments as for `fetch`."""
        run = run_id(scenario, seed=seed, draws=draws, vary=vary, keep=keep)
        kept = Manifest.read(self.root / f"{scenario.name}-{run[:12]}")
        fresh = Manifest.begin(scenario, run, seed, draws, vary, keep)
        if kept is None or kept.run != run or kept.hashes != fresh.hashes:
            return 0
        return kept.worlds

    def obstacle(self) -> str:
        """Why the folder cannot be written, found without touching it; nothing when it can be."""
        place = self.root.absolute()
        while not os.path.lexists(place):
            place = place.parent
        if not place.is_dir():
            return f"{place} is not a folder"
        return "" if os.access(place, os.W_OK | os.X_OK) else f"{place} cannot be written"

    def runs(self) -> list[tuple[Path, Manifest]]:
        """Every run in the folder, latest first; a run still in the making says so itself."""
        if not self.root.is_dir():
            return []
        folders = [*self.root.iterdir()]
        if (self.root / _STAGING).is_dir():
            folders += (self.root / _STAGING).iterdir()
        found = [(folder, Manifest.read(folder)) for folder in folders if folder.is_dir()]
        runs = [(folder, manifest) for folder, manifest in found if manifest is not None]
        return sorted(runs, key=lambda run: run[1].changed, reverse=True)

    @contextlib.contextmanager
    def _locked(self, name: str) -> Iterator[None]:
        """Keeps other processes off a run."""
        from filelock import FileLock, Timeout

        staging = self.root / _STAGING
        lock: BaseFileLock = FileLock(staging / f"{name}.lock")
        try:
            staging.mkdir(parents=True, exist_ok=True)
            try:
                lock.acquire(timeout=0.5)
            except Timeout:
                self.notify(f"{name}: another process is working on this run; waiting for it")
                lock.acquire()
        except OSError as error:
            raise UnusableError(f"{self.root}: cannot be written: {_reason(error)}") from error
        try:
            yield
        finally:
            lock.release()

    def _home(self, name: str, fresh: Manifest) -> tuple[Path, Manifest]:
        """The folder in which the run is to grow, and what its manifest says."""
        final, staging = self.root / name, self.root / _STAGING / name
        for folder in (final, staging):
            kept = Manifest.read(folder)
            if kept is None or kept.run != fresh.run:
                continue
            if kept.hashes == fresh.hashes:
                return folder, kept
            if folder == final:
                self.notify(f"{name}: was made by other code of this model; simulating it anew")
        try:
            shutil.rmtree(staging, ignore_errors=True)
            staging.mkdir()
            fresh.write(staging)
        except OSError as error:
            raise StoreError(f"{staging}: cannot be written: {_reason(error)}") from error
        return staging, fresh

    def _grow(
        self,
        home: Path,
        manifest: Manifest,
        scenario: Scenario,
        worlds: int,
        progress: Progress | None,
        fork: Fork | None,
    ) -> None:
        """Simulates the worlds that are missing, and puts blocks away in their order."""
        from sim.draws import BLOCK, TILE
        from sim.ensemble import packing

        if manifest.worlds >= worlds and manifest.complete:
            return
        simulate = self.simulate or _engine()
        write_whole(home / _SCENARIO, (fork.scenario if fork else scenario).as_yaml())
        if fork is not None:
            write_whole(home / PARENT, scenario.as_yaml())
        executor = self.executor.sharing(worlds - manifest.worlds)
        parts = (
            spans(manifest.worlds, worlds, self.batch, executor.slots, TILE)
            if manifest.worlds < worlds
            else []
        )
        remote = executor.remote
        calls = (
            partial(
                _packed,
                partial(
                    simulate,
                    scenario,
                    stop - first,
                    manifest.seed,
                    draws=manifest.draws,
                    first=first,
                    vary=manifest.vary,
                    keep=manifest.level,
                    progress=None if remote else _onwards(progress, first, worlds),
                ),
            )
            for first, stop in parts
        )
        packing.sweep(home / _WORLDS)
        began = time.monotonic()
        before = manifest
        blocks = executor.in_order(calls)
        for (first, stop), block in zip(parts, blocks, strict=True):
            if first == 0:
                shutil.rmtree(home / _WORLDS, ignore_errors=True)
                packing.create(home / _WORLDS, block, BLOCK)
            packing.write(home / _WORLDS, block, first)
            engines = [*(manifest.engine.split(", ") if first else [])]
            engines.append(block.attributes.get("engine", manifest.engine))
            manifest = replace(
                manifest,
                worlds=stop,
                engine=", ".join(dict.fromkeys(engines)),
                changed=timestamp(),
                seconds=round(before.seconds + time.monotonic() - began, 3),
            )
            manifest.write(home)
            if remote and progress is not None:
                progress(stop, worlds)
        replace(manifest, complete=True).write(home)

    def _settle(self, staging: Path, final: Path) -> None:
        """Renames a complete run into place; one that it replaces goes only afterwards."""
        old = staging.with_name(f"{final.name}.{uuid.uuid4().hex}")
        try:
            if final.exists():
                final.rename(old)
            staging.rename(final)
        except OSError as error:
            raise StoreError(f"{final}: cannot be written: {_reason(error)}") from error
        shutil.rmtree(old, ignore_errors=True)


def _open(folder: Path, worlds: int) -> xr.Dataset:
    from sim.ensemble.reading import open_worlds

    return open_worlds(folder / _WORLDS, worlds)


def _packed(simulate: Callable[[], xr.Dataset]) -> Packed:
    """Worlds as they are stored; made where they are simulated, since that is what travels."""
    from sim.ensemble.packing import pack

    return pack(simulate())


def _engine() -> Simulate:
    from sim.ensemble.engine import simulate

    return simulate


def _onwards(progress: Progress | None, first: int, worlds: int) -> Progress | None:
    """Progress of a batch told as progress of the run."""
    if progress is None:
        return None
    return lambda done, _: progress(first + done, worlds)


def _reason(error: OSError) -> str:
    return error.strerror or str(error)
