"""Many worlds: the model run tile by tile, and gathered into one dataset."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from sim.draws import BLOCK, DEFAULT_DRAWS, DEFAULT_SEED, FORMAT, TILE, Vary, check_vary
from sim.ensemble.executors import BATCH, open_executor, spans
from sim.ensemble.levels import DEFAULT_KEEP, Keep, check_keep
from sim.kernel import Engine, check_engine

if TYPE_CHECKING:
    import xarray as xr

    from sim.scenario import Scenario
    from sim.scenario.fork import Fork

type Progress = Callable[[int, int], None]
type Tile = tuple[int, dict[str, np.ndarray], dict[str, np.ndarray]]


def simulate(
    scenario: Scenario,
    worlds: int = 1000,
    seed: int | None = None,
    workers: int = 1,
    scheduler: str | None = None,
    twins: bool = False,
    *,
    draws: int = DEFAULT_DRAWS,
    first: int = 0,
    progress: Progress | None = None,
    engine: Engine = "numpy",
    vary: Vary = "both",
    keep: Keep = DEFAULT_KEEP,
    fork: Fork | None = None,
) -> xr.Dataset:
    """Run a scenario over many worlds.

    World k is draw k % draws of parameter set k // draws and is the same to the last bit whatever
    the number of worlds, of workers, or the world the run starts from.

    Args:
        scenario: from `load_scenario`.
        worlds: how many.
        seed: of the keyed draws; None takes the default seed.
        workers: processes to share the worlds among.
        scheduler: address of a Dask cluster to compute them instead, such as tcp://10.0.0.1:8786.
        twins: whether to measure influence along the path as well (docs/influence.md), between
            Russia and Belarus: `influence_path`, the same in all worlds of a set of assumptions.
            That takes four more runs.
        draws: worlds per parameter set.
        first: index of the first world.
        progress: called with (worlds done, worlds) as the run goes on; worlds under way count by
            the months they have done. Of the four runs of `twins` nothing is told.
        engine: what does the arithmetic of projections, "numpy" or "numba". The bits are the same.
        vary: what differs between worlds: "both" parameters and chance; "unknown" for parameters
            alone, every set meeting the same draws of chance; "chance" alone, every parameter at
            its median.
        keep: what is recorded: "all" variables, "headline" for what a report needs, or less
            (`sim/ensemble/levels.py`). The worlds are the same.
        fork: where one world of the scenario takes another path. The worlds are then possible
            futures of that one, future 0 the one that meets the chance of the world itself: they
            differ in chance alone, and in nothing before the path parts.

    Returns:
        The dataset of docs/format.md: dimensions world, month, actor, target, lever, transfer,
        concession, party, scope, and name (of parameters); every variable has `long_name` and
        `units`.

    Raises:
        ValueError: a count that is not positive, a seed out of range, an unknown engine, way to
            vary or level of recording; twins of a fork or of worlds that do not begin with the
            first.
        PathError: twins with a single draw of chance a set, or with less than one whole set.
        EngineMissingError: the engine needs what is not installed.
        WorkersError: the workers are gone or cannot be used.
    """
    chosen = DEFAULT_SEED if seed is None else seed
    for name, value in (("worlds", worlds), ("workers", workers), ("draws", draws)):
        if value < 1:
            raise ValueError(f"{name} must be at least 1, not {value}")
    if first < 0 or not 0 <= chosen < 2**63:
        raise ValueError("first must not be negative, and the seed must lie in 0 .. 2**63 - 1")

    check_engine(engine)
    check_vary(vary)
    check_keep(keep)
    if twins:
        from sim.ensemble.twins import Worlds, check_twins, with_path

        if first or fork is not None:
            raise ValueError("twins are run of worlds from the first on, and of no fork")
        check_twins(worlds, draws, vary)
    tiles = _tiles(
        *(scenario, chosen, draws, first, worlds, workers, scheduler, engine, vary, keep, progress),
        fork=fork,
    )
    run = gather(scenario, tiles, first, worlds, chosen, draws, engine, vary, keep, fork)
    if not twins:
        return run
    with open_executor(workers, scheduler) as executor:
        return with_path(run, scenario, Worlds(worlds, chosen, draws, vary, engine), executor)


def gather(
    scenario: Scenario,
    tiles: Iterable[Tile],
    first: int,
    worlds: int,
    seed: int,
    draws: int,
    engine: Engine,
    vary: Vary = "both",
    keep: Keep = DEFAULT_KEEP,
    fork: Fork | None = None,
) -> xr.Dataset:
    """Blocks brought together in one dataset.

    Args:
        scenario: that was run.
        tiles: its blocks; their arrays are taken out one by one.
        first: index of the first world.
        worlds: how many.
        seed: of the keyed draws.
        draws: worlds per parameter set.
        engine: what did the arithmetic of projections.
        vary: what differs between worlds.
        keep: what was recorded.
        fork: where one world of the scenario took another path.
    """
    from sim import __version__
    from sim.ensemble.recording import as_dataset
    from sim.influence.behavioural import ALL_PAIRS_WORLDS

    arrays: dict[str, np.ndarray] = {}
    parameters: dict[str, np.ndarray] = {}
    for start, tile, drawn in tiles:
        if next(iter(drawn.values())).shape[-1] == worlds:
            arrays, parameters = tile, drawn
            continue
        at = start - first
        for name in list(tile):
            values = tile.pop(name)
            if name not in arrays:
                arrays[name] = np.empty((*values.shape[:-1], worlds), dtype=values.dtype)
            arrays[name][..., at : at + values.shape[-1]] = values
        for name, values in drawn.items():
            parameters.setdefault(name, np.empty(worlds))[at : at + values.shape[-1]] = values
    forked: dict[str, str | int] = {}
    if fork is not None:
        forked = {"fork_of": fork.world, "fork_at": str(fork.at)}
        if keep == "all":
            least = f"mod {BLOCK} below {ALL_PAIRS_WORLDS}"
            forked["all_pairs"] = (
                f"influence of all pairs: futures with index {least}, if the world's is such a one"
            )
    return as_dataset(
        scenario if fork is None else fork.scenario,
        arrays,
        parameters,
        first,
        {
            "seed": seed,
            "draws": draws,
            "format": FORMAT,
            "fulcrum_version": __version__,
            "engine": engine,
            "vary": vary if fork is None else "chance",
            **forked,
        },
        keep,
    )


def run_tile(
    scenario: Scenario,
    seed: int,
    draws: int,
    start: int,
    count: int,
    engine: Engine,
    vary: Vary = "both",
    keep: Keep = DEFAULT_KEEP,
    on_month: Callable[[int], None] | None = None,
    fork: Fork | None = None,
    given: Mapping[str, np.ndarray] | None = None,
) -> Tile:
    """Run the worlds start .. start+count-1 side by side.

    Args:
        scenario: to run.
        seed: of the keyed draws.
        draws: worlds per parameter set.
        start: index of the first world.
        count: number of worlds.
        engine: what does the arithmetic of projections.
        vary: what differs between worlds.
        keep: what is recorded.
        on_month: called with the number of months done.
        fork: where one world takes another path; the worlds are then futures of it.
        given: parameters of each world, instead of draws.

    Returns:
        The index of the first world, the recorded arrays with worlds on the last axis, and the
        worlds' parameters.
    """
    from sim.ensemble.measuring import measured
    from sim.ensemble.recording import empty, write
    from sim.model import ConflictModel

    model = ConflictModel(
        scenario,
        worlds=range(start, start + count),
        rng=seed,
        draws=draws,
        collect=False,
        engine=engine,
        vary=vary,
        measured=measured(keep),
        fork=fork,
        given=given,
    )
    arrays = empty(scenario.months, model.width, keep)
    for month in range(scenario.months):
        model.step()
        write(model, arrays, month, keep)
        if on_month is not None:
            on_month(month + 1)
    parameters = {name: values[:count].copy() for name, values in model.parameters.items()}
    # a Mesa model and its agents hold each other: left to chance, several are there at a time
    del model
    gc.collect()
    return start, {name: values[..., :count] for name, values in arrays.items()}, parameters


def warm_up(scenario: Scenario) -> None:
    """Have everything compiled that a scenario's projections need.

    Raises:
        EngineMissingError: the compiler is not installed.
    """
    from sim.model import ConflictModel

    model = ConflictModel(scenario, collect=False, engine="numba")
    # a quarter has every stage in it, bargaining included
    for _ in range(min(3, scenario.months)):
        model.step()


def _tiles(
    scenario: Scenario,
    seed: int,
    draws: int,
    first: int,
    worlds: int,
    workers: int,
    scheduler: str | None,
    engine: Engine,
    vary: Vary,
    keep: Keep,
    progress: Progress | None,
    fork: Fork | None = None,
) -> Iterator[Tile]:
    """Blocks in order, from this process or from others."""
    tell = progress or (lambda done, total: None)
    if engine == "numba" and workers > 1:
        warm_up(scenario)  # once, rather than in every process

    def on_month(before: int, count: int, months: int) -> None:
        tell(before + count * months // scenario.months, worlds)

    with open_executor(workers, scheduler) as executor:
        parts = spans(first, first + worlds, BATCH, executor.slots, TILE)
        calls = [
            partial(
                run_tile,
                *(scenario, seed, draws, start, stop - start, engine, vary, keep),
                fork=fork,
                on_month=None
                if executor.remote
                else partial(on_month, start - first, stop - start),
            )
            for start, stop in parts
        ]
        for (_, stop), tile in zip(parts, executor.in_order(calls), strict=True):
            if executor.remote:
                tell(stop - first, worlds)
            yield tile
