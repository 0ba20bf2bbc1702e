"""Ensembles that differ in who sits in one chair: how another plays beside an actor or its twin.

The twin of actor i before j is a puppet of j: i's levers in the service of j's payoff, with i's
precision and cost of change, as in the belief swap (`sim/influence/behavioural.py`). It plays from
the first month on, with the same assumptions and the same chance.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from agents import menus
from agents.response import marginals
from agents.stand_ins import PUPPET
from sim.deliberation.options import ENTRY
from sim.draws import TILE, Vary
from sim.ensemble.executors import BATCH, spans
from sim.influence.behavioural import HEADLINE_PAIRS, Influence, Measured
from sim.influence.path import FEWEST_DRAWS, Course, PathError, divergence, over_levers
from sim.scenario import Move, Scenario
from sim.world.masks import live

if TYPE_CHECKING:
    import xarray as xr

    from agents.outlook import Array
    from sim.ensemble.executors import Executor
    from sim.kernel import Engine

SHIFT = "shift of "

type Pair = tuple[str, str]


@dataclass(frozen=True)
class Followed:
    """What was watched of an ensemble.

    Attributes:
        courses: actor -> how it played.
        swaps: (source, target) -> figure of the belief swap -> its value, shape (months, worlds):
            "mean" and "entry_allowed" over the target's levers, each of these by its name, and
            how far it is moved by "shift of" its name.
    """

    courses: Mapping[str, Course]
    swaps: Mapping[Pair, Mapping[str, Array]]


@dataclass(frozen=True)
class Watch:
    """What is to be watched of an ensemble.

    Attributes:
        actors: whose play.
        pairs: whose influence by belief swap.
    """

    actors: tuple[str, ...]
    pairs: tuple[Pair, ...] = ()


@dataclass(frozen=True)
class Worlds:
    """The worlds of an ensemble.

    Attributes:
        count: how many, from world 0 on.
        seed: of the keyed draws.
        draws: worlds per parameter set.
        vary: what differs between them.
        engine: what does the arithmetic.
    """

    count: int
    seed: int
    draws: int
    vary: Vary = "both"
    engine: Engine = "numpy"


def twin(scenario: Scenario, source: str, target: str) -> Scenario:
    """The scenario with the source replaced by its twin, a puppet of the target."""
    return replace(scenario, plays={**scenario.plays, source: f"{PUPPET}{target}"})


def entry_held(scenario: Scenario, actor: str) -> Scenario:
    """The scenario with an actor's entry lever held at its lowest level as long as nobody moves it.

    Entry cannot be undone, and alone can be most of an actor's influence: held in an ensemble and
    in its twin, it is in neither. Where a move of the scenario takes the lever, it stays with it.
    """
    levels = menus()[actor].get(ENTRY)
    if levels is None or scenario.parameters[f"initial.levels.{actor}.{ENTRY}"] != 0.0:
        return scenario
    moved = [m.first for m in scenario.moves if (m.actor, m.lever) == (actor, ENTRY)]
    last = min(moved) + -1 if moved else scenario.end
    if last < scenario.start:
        return scenario
    held = Move(actor, scenario.start, last, ENTRY, levels[0])
    return replace(scenario, moves=(held, *scenario.moves))


def follow(
    scenario: Scenario,
    watch: Watch,
    worlds: Worlds,
    executor: Executor,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Followed:
    """Run an ensemble and watch some of it; nothing is stored.

    Args:
        scenario: to run.
        watch: what to watch.
        worlds: which.
        executor: where worlds are computed.
        progress: called with (worlds done, worlds).
    """
    parts = spans(0, worlds.count, BATCH, executor.slots, TILE)
    calls = [partial(_tile, scenario, watch, worlds, start, stop - start) for start, stop in parts]
    tiles = []
    for (_, stop), tile in zip(parts, executor.in_order(calls), strict=True):
        tiles.append(tile)
        progress(stop, worlds.count)
    courses = {
        name: Course(
            {lever: _joined([t.courses[name].levers[lever] for t in tiles]) for lever in menu},
            {lever: _joined([t.courses[name].live[lever] for t in tiles]) for lever in menu},
        )
        for name, menu in menus().items()
        if name in watch.actors
    }
    swaps = {
        pair: {figure: _joined([t.swaps[pair][figure] for t in tiles]) for figure in figures}
        for pair, figures in tiles[0].swaps.items()
    }
    return Followed(courses, swaps)


def check_twins(worlds: int, draws: int, vary: Vary) -> None:
    """See that there are pairs of draws to tell influence from chance by.

    Raises:
        PathError: there are none, or no sets.
    """
    if draws < FEWEST_DRAWS or worlds < draws:
        raise PathError(
            f"twins need {FEWEST_DRAWS} draws of chance a set or more, and a whole set of worlds: "
            f"not {worlds:,} worlds with draws={draws}"
        )
    if vary == "chance":
        raise PathError('twins compare within sets of assumptions: not with vary="chance"')


def with_path(
    run: xr.Dataset, scenario: Scenario, worlds: Worlds, executor: Executor
) -> xr.Dataset:
    """A run with influence along the path between Russia and Belarus beside the belief swap.

    The figure is of a set of assumptions, from the pairs of its draws of chance, and stands at each
    of its worlds. One month of one set of few draws is mostly noise, and often below 0: the mean
    over sets and months is the estimate. The source's entry lever is held, as it is masked in
    `influence`.

    Args:
        run: of the worlds.
        scenario: that was run.
        worlds: which.
        executor: where the twins are run.

    Returns:
        The run with `influence_path`, dimensions world, month, actor, target: NaN for other pairs,
        for months without a choice, and for worlds of a last set that is not whole.
    """
    whole = replace(worlds, count=worlds.count - worlds.count % worlds.draws)
    sizes = [run.sizes[dim] for dim in ("world", "month", "actor", "target")]
    values = np.full(sizes, np.nan)
    for source, target in HEADLINE_PAIRS:
        own, watch = entry_held(scenario, source), Watch((target,))
        seated, beside = (
            follow(one, watch, whole, executor).courses[target]
            for one in (own, twin(own, source, target))
        )
        by_set = over_levers(divergence(seated, beside, worlds.draws).distance)
        at = (run.indexes["actor"].get_loc(source), run.indexes["target"].get_loc(target))
        values[: whole.count, :, *at] = np.repeat(by_set, worlds.draws, axis=-1).T
    told = {
        "long_name": "behavioural influence of actor over target along the path, in the world's "
        "set of assumptions, mean over its live levers, entry held",
        "units": "total variation; below 0 by chance",
    }
    return run.assign(influence_path=(("world", "month", "actor", "target"), values, told))


def _tile(scenario: Scenario, watch: Watch, worlds: Worlds, start: int, count: int) -> Followed:
    """Watch the worlds start .. start+count-1, run side by side."""
    from sim.model import ConflictModel

    model = ConflictModel(
        scenario,
        worlds=range(start, start + count),
        rng=worlds.seed,
        draws=worlds.draws,
        collect=False,
        engine=worlds.engine,
        vary=worlds.vary,
        measured=Measured(all_pairs=False),
    )
    if set(watch.pairs) - set(HEADLINE_PAIRS):
        model.in_all_pairs = np.arange(count)  # of every world, since each is asked about
    played: dict[str, list[dict[str, Array]]] = {name: [] for name in watch.actors}
    open_: dict[str, list[dict[str, np.ndarray]]] = {name: [] for name in watch.actors}
    moved: dict[Pair, list[dict[str, Array]]] = {pair: [] for pair in watch.pairs}
    for _ in range(scenario.months):
        model.step()
        for name in watch.actors:
            actor = model.actors[name]
            shares = marginals(actor.probabilities, actor.menu)
            played[name].append({lever: p[:, :count] for lever, p in shares.items()})
            levels = model.open[name]
            open_[name].append({lever: live(levels[lever])[:count] for lever in shares})
        for pair in watch.pairs:
            figures = _figures(model.influence[pair])
            moved[pair].append({figure: values[:count] for figure, values in figures.items()})
    # a Mesa model and its agents hold each other: left to chance, several are there at a time
    del model
    gc.collect()
    return Followed(
        {name: Course(_stacked(played[name]), _stacked(open_[name])) for name in watch.actors},
        {pair: _stacked(months) for pair, months in moved.items()},
    )


def _figures(found: Influence) -> dict[str, Array]:
    whole = {"mean": found.mean, "entry_allowed": found.entry_allowed}
    shifts = {f"{SHIFT}{lever}": values for lever, values in found.shift.items()}
    return whole | found.levers | shifts


def _stacked(months: Sequence[Mapping[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """From a mapping a month to a mapping of arrays with months first."""
    return {name: np.stack([month[name] for month in months]) for name in months[0]}


def _joined(parts: Sequence[np.ndarray]) -> np.ndarray:
    return np.concatenate(parts, axis=-1)
