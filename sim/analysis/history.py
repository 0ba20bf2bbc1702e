"""One world, lived through again from its scenario, seed and number, every choice explained."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from agents import menus
from sim.analysis.decision import Decision, explained_month
from sim.draws import DEFAULT_DRAWS, DEFAULT_SEED, Vary
from sim.influence.behavioural import NOTHING
from sim.kernel import Engine
from sim.model import ConflictModel
from sim.scenario import Scenario, load_scenario
from sim.scenario.fork import Fork
from sim.scenario.month import Month
from sim.world.state import STATUSES


class OtherWorldError(Exception):
    """What is recorded of a world is not what this code makes of it; says what to do."""


@dataclass(frozen=True)
class World:
    """Everything that makes one world.

    Attributes:
        scenario: under which it begins.
        index: its number; of a forked world, the number of the future.
        seed: of all chance.
        draws: worlds per parameter set.
        vary: what differs between worlds.
        fork: where it takes another path, if it does.
    """

    scenario: Scenario
    index: int
    seed: int = DEFAULT_SEED
    draws: int = DEFAULT_DRAWS
    vary: Vary = "both"
    fork: Fork | None = None

    def model(self, engine: Engine = "numpy") -> ConflictModel:
        """The model of this world, before its first month."""
        return ConflictModel(
            self.scenario,
            range(self.index, self.index + 1),
            self.seed,
            draws=self.draws,
            collect=False,
            engine=engine,
            vary=self.vary,
            measured=NOTHING,
            fork=self.fork,
        )


@dataclass(frozen=True)
class Stand:
    """Where a world stands.

    Attributes:
        status: of the war, one of `STATUSES`.
        front: share of Ukraine's territory held by Russia.
        transfers: paid to Belarus, USD bn a year.
        agreed: transfers of the standing deal, multiple of those of 2023.
        access: what the deal promises: 0 none, 1 hosting, 2 launching.
        voice: what it promises: 0 none, 1 championing.
        aid: reaching Ukraine, 1 = 2023.
        casualties: of Russia and Ukraine so far, thousand.
        entered: whether Belarus is in the war.
        nuclear: whether it hosts nuclear arms.
    """

    status: str
    front: float
    transfers: float
    agreed: float
    access: int
    voice: int
    aid: float
    casualties: tuple[float, float]
    entered: bool
    nuclear: bool


@dataclass(frozen=True)
class Lived:
    """A month of a world.

    Attributes:
        month: which.
        decisions: actor -> what it chose and why, of those asked about; empty where nobody asked.
        before: where the world stood at its start.
        after: and at its end.
    """

    month: Month
    decisions: dict[str, Decision]
    before: Stand
    after: Stand


@dataclass(frozen=True)
class _Kept:
    """What a run recorded of one world.

    Attributes:
        world: its number.
        front: by month.
        status: by month.
        choices: actor and lever -> level by month, -1 where it was closed; none in a run that does
            not record them.
    """

    world: int
    front: NDArray[np.float64]
    status: NDArray[np.int64]
    choices: dict[tuple[str, str], NDArray[np.int64]]


def explain(
    scenario: Scenario | str | Path,
    world: int,
    month: Month | str,
    *,
    seed: int = DEFAULT_SEED,
    draws: int = DEFAULT_DRAWS,
    vary: Vary = "both",
    engine: Engine = "numpy",
) -> dict[str, Decision]:
    """Why every actor did what it did in one month of one world.

    Args:
        scenario: a scenario, or the path or name of a scenario file.
        world: number of the world, as in runs of any size.
        month: a month of the run, such as "2024-03".
        seed: of all chance.
        draws: worlds per parameter set.
        vary: what differs between worlds.
        engine: what does the arithmetic of projections.

    Returns:
        Actor -> decision; `decision.table()` has every option with its terms.

    Raises:
        ScenarioError: the scenario file is not valid.
        ValueError: there is no such world or month.
    """
    what_if = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
    asked = Month.parse(month) if isinstance(month, str) else month
    if not what_if.start <= asked <= what_if.end:
        raise ValueError(f"{asked} is outside the run, {what_if.start} to {what_if.end}")
    one = World(what_if, world, seed, draws, vary)
    *_, last = live(one, (asked,), until=asked, engine=engine)
    return last.decisions


def live(
    world: World,
    asked: Container[Month] | None = None,
    *,
    until: Month | None = None,
    recorded: xr.Dataset | None = None,
    engine: Engine = "numpy",
    movers: bool = False,
) -> Iterator[Lived]:
    """Live through a world, month after month.

    Args:
        world: which.
        asked: months whose choices are to be explained; None for all.
        until: last month; None for the last of the scenario.
        recorded: a run that holds the world, with what is told here held to what is recorded there.
        engine: what does the arithmetic of projections.
        movers: whether to explain only the choices of those who move a lever.

    Raises:
        OtherWorldError: the run recorded another world.
    """
    kept = None if recorded is None else _kept(recorded, world.index)
    model = world.model(engine)
    after = _stand(model)
    while model.what_if.start + model.month <= (until or model.what_if.end):
        before, now = after, model.what_if.start + model.month
        if asked is None or now in asked:
            decisions = explained_month(model, movers=movers)
        else:
            model.step()
            decisions = {}
        after = _stand(model)
        if kept is not None:
            _check(model, kept, now)
        yield Lived(now, decisions, before, after)


def _stand(model: ConflictModel) -> Stand:
    s = model.state
    return Stand(
        status=STATUSES[int(np.argmax([getattr(s, name)[0] for name in STATUSES]))],
        front=float(s.front[0]),
        transfers=float(s.paid[0]),
        agreed=float(s.deal_scale[0]),
        access=int(s.deal_host[0] + s.deal_launch[0]),
        voice=int(s.deal_champion[0]),
        aid=float(s.aid[0]),
        casualties=(float(s.casualties_russia[0]), float(s.casualties_ukraine[0])),
        entered=bool(s.entered[0] > 0.5),
        nuclear=bool(s.nuclear[0] > 0.5),
    )


def _kept(recorded: xr.Dataset, world: int) -> _Kept:
    """What a run recorded of the path of one world."""
    one = recorded[[name for name in ("front", "status", "choice") if name in recorded]]
    one = one.sel(world=world).load()
    choices: dict[tuple[str, str], NDArray[np.int64]] = {}
    if "choice" in one:
        known = one["choice"].transpose("actor", "lever", "month")
        choices = {
            (name, lever): known.sel(actor=name, lever=lever).to_numpy()
            for name, menu in menus().items()
            for lever in menu
        }
    return _Kept(world, one["front"].to_numpy(), one["status"].to_numpy(), choices)


def _check(model: ConflictModel, kept: _Kept, now: Month) -> None:
    """Hold a month to what was recorded of it.

    Raises:
        OtherWorldError: they differ.
    """
    at = model.month - 1
    same = {
        "front": kept.front[at] == model.state.front[0],
        "status": STATUSES[int(kept.status[at])] == _stand(model).status,
    }
    for (name, lever), levels in kept.choices.items():
        actor = model.actors[name]
        stands = int(actor.levels[actor.menu.names.index(lever), 0])
        same[f"{name}'s {lever}"] = levels[at] in (-1, stands)
    if differ := [what for what, agrees in same.items() if not agrees]:
        raise OtherWorldError(
            f"what is recorded of world {kept.world} is not what this code makes of it: "
            f"{', '.join(differ)} in {now}; run the scenario again to have them agree"
        )
