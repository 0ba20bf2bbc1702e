"""The conflict as a Mesa model: Mesa runs across actors, NumPy across worlds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import mesa
import numpy as np
from numpy.typing import NDArray

from agents import roster
from agents.actor import Actor, at_worlds, one_hot
from agents.outlook import Array, Outlook
from sim.deliberation.options import Weighed
from sim.draws import (
    DEFAULT_DRAWS,
    DEFAULT_SEED,
    TILE,
    Vary,
    check_vary,
    uniforms,
    uniforms_of_draws,
    uniforms_of_futures,
)
from sim.influence.behavioural import EVERYTHING, Influence, Measured, in_all_pairs
from sim.kernel import Engine
from sim.kernel.projector import Projector
from sim.sampling import draw_parameters
from sim.scenario import Scenario, load_scenario
from sim.scenario.fork import Fork
from sim.scenario.registry import load_registry
from sim.stages import STAGES
from sim.world.controls import controls
from sim.world.deal import PARTIES, Bargain
from sim.world.functions import Supplies, norms, supplies
from sim.world.masks import Levels
from sim.world.month import Month, outlook
from sim.world.state import State


@dataclass(frozen=True)
class Standing:
    """Where a model's worlds stand between two months.

    Attributes:
        month: months done.
        state: of the worlds.
        actors: name -> where its levers stand, and what it believes of the others' play.
    """

    month: int
    state: State
    actors: dict[str, tuple[NDArray[np.int64], dict[str, dict[str, Array]]]]


class ConflictModel(mesa.Model):
    """Russia, Belarus, Ukraine and NATO over a block of worlds, one month a step.

    Arrays keep worlds on the last axis. The worlds are padded to a multiple of `TILE`; the first
    `len(model.worlds)` columns are the ones asked for. With one world it is an ordinary Mesa model:
    `model.agents`, `model.datacollector`, `mesa.batch_run` and SolaraViz work on it. Mesa's own
    `model.scenario` stays Mesa's; ours is `model.what_if`.

    Attributes:
        what_if: the scenario.
        worlds: indices of the worlds, as in runs of any size.
        seed: of the keyed draws; one seed and one index make one world, whatever runs beside it.
        draws: worlds per parameter set.
        vary: what differs between worlds.
        fork: where the world takes another path; None where every column is a world of its own.
        state: the state after the last step.
        parameters: registry name -> value per world, and the factors of `norms`.
        actors: name -> agent, in the order of results.
        month: months done.
        compliance: how far Belarus kept the deal in the last month, 0-1.
        in_all_pairs: positions of the worlds in which the influence of all pairs is measured.
        entry_hazard: probability of entry in the last month's choices.
        influence: (source, target) -> behavioural influence in the last month.
        dependence: of actor on target, shape (actors, targets, worlds).
        coleman: power of each actor, shape (actors, worlds).
        capacity: "fbic" and "fbic_access" -> of actor over target, (actors, targets, worlds).
        live: actor -> lever -> whether it left a choice in the last month.
        breaches: party to the deal -> share of its promises broken in the last month.
        bargain: the last month's round of bargaining, None when there was none.
    """

    def __init__(
        self,
        scenario: Scenario | str | Path,
        worlds: int | range = 1,
        rng: int | None = None,
        *,
        draws: int = DEFAULT_DRAWS,
        collect: bool = True,
        exact: bool = False,
        engine: Engine = "numpy",
        vary: Vary = "both",
        measured: Measured = EVERYTHING,
        fork: Fork | None = None,
        given: Mapping[str, Array] | None = None,
    ) -> None:
        """Seat the actors and draw the parameters.

        Args:
            scenario: a scenario, or the path or name of a scenario file.
            worlds: how many, from world 0 on, or a range of indices such as range(7, 8).
            rng: the run's seed; None takes the default seed of runs, not a random one.
            draws: worlds per parameter set.
            collect: whether to keep a Mesa DataCollector.
            exact: weigh every option by a rollout of its own, the slow reference.
            engine: what does the arithmetic of rollouts; both give the same bits.
            vary: "both"; "unknown" for the same draws of chance in every set; "chance" for one
                set, every parameter at its median.
            measured: of influence and dependence; what else happens is the same.
            fork: where one world takes another path. `worlds` are then possible futures of it:
                all have its parameters and its past, and the chance of future 0 is its own.
            given: registry name -> value in each world, for every parameter, instead of draws. What
                is a number in the scenario has to be that number.

        Raises:
            ScenarioError: the scenario file is not valid.
            ValueError: no worlds, a range with gaps, an unknown engine or way to vary, a fork that
                would change the past.
            EngineMissingError: the engine needs what is not installed.
        """
        seed = DEFAULT_SEED if rng is None else int(rng)
        super().__init__(rng=seed)
        self.what_if = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
        self.worlds = range(worlds) if isinstance(worlds, int) else worlds
        if len(self.worlds) == 0 or self.worlds.step != 1 or self.worlds.start < 0:
            raise ValueError(f"worlds must be a number above 0 or a range without gaps: {worlds!r}")
        self.seed, self.draws, self.vary = seed, draws, check_vary(vary)
        self.fork, self.given = fork, given
        if fork is not None and (wrong := fork.problems(self.what_if)):
            raise ValueError("; ".join(wrong))
        self.width = -(-len(self.worlds) // TILE) * TILE
        # futures are measured as the world itself is
        apart = measured.all_pairs and (fork is None or in_all_pairs(fork.world, 1).size > 0)
        self.in_all_pairs = in_all_pairs(self.worlds.start, len(self.worlds) if apart else 0)
        self.parameters = self._drawn()
        self.state = State.initial(self.parameters)
        self.actors: dict[str, Actor] = {
            name: kind(self, self.parameters, _initial_levels(kind, self.parameters))
            for name, kind in roster().items()
        }
        self.exact = exact
        self.light = self._projector(engine)
        self.month = 0
        self.open: Levels = {}
        self.live: dict[str, dict[str, NDArray[np.bool_]]] = {}
        self.weighed: dict[str, Weighed] = {}
        self.compliance: Array = np.ones(self.width)
        self.breaches: dict[str, Array] = {name: np.zeros(self.width) for name in PARTIES}
        self.bargain: Bargain | None = None
        self.promised: dict[str, Array] = {}
        self.underway: Month | None = None
        self.measured = measured
        self.entry_hazard: Array = np.zeros(self.width)
        self.influence: dict[tuple[str, str], Influence] = {}
        self.dependence: Array = np.zeros((len(self.actors), len(self.actors), self.width))
        self.interests: Array = np.zeros_like(self.dependence)
        self.coleman: Array = np.zeros((len(self.actors), self.width))
        self.capacity: dict[str, Array] = {}
        self.datacollector = _collector(self) if collect else None

    def step(self) -> None:
        """One month: the stages in their fixed order."""
        self.turn()
        for stage in STAGES:
            stage.run(self)

    def turn(self) -> None:
        """Where the path parts, take the other one; what has happened stays.

        The world goes on with the parameters that it would have in a run of the other scenario (the
        same draw of each), and its actors take their aims and temper from there. The state, where
        levers stand and what actors have seen of one another are as they were.
        """
        if self.fork is None or self.what_if.start + self.month != self.fork.at:
            return
        self.what_if = self.fork.scenario
        self.parameters = self._drawn()
        for actor in self.actors.values():
            actor.adopt(self.parameters)
        self.light = self._projector(self.light.engine)

    def standing(self) -> Standing:
        """Where the worlds stand between two months: all that the next one is made from."""
        held = {
            name: (
                actor.levels,
                {other: dict(levers) for other, levers in actor.beliefs.items()},
            )
            for name, actor in self.actors.items()
        }
        return Standing(self.month, self.state, held)

    def go_on_from(self, standing: Standing) -> None:
        """Go back to where these worlds stood, under the scenario of this model."""
        self.month, self.state = standing.month, standing.state
        for name, (levels, beliefs) in standing.actors.items():
            actor = self.actors[name]
            actor.levels = levels
            actor.beliefs = {other: dict(levers) for other, levers in beliefs.items()}

    def _drawn(self) -> dict[str, Array]:
        """Parameters of the scenario at hand; futures of one world all have that world's."""
        first, count = self.worlds.start, self.width
        if self.given is not None:
            spare = self.width - len(self.worlds)
            return {name: np.pad(column, (0, spare), "edge") for name, column in self.given.items()}
        if self.fork is not None:
            first, count = self.fork.world, TILE
        drawn = draw_parameters(self.what_if, self.seed, first, count, self.draws, self.vary)
        if self.fork is None:
            return drawn
        return at_worlds(drawn, np.zeros(self.width, dtype=np.int64))

    def _projector(self, engine: Engine) -> Projector:
        """What rolls out options under the parameters at hand; their norms are worked out."""
        self.parameters |= norms(
            _reference_supplies(self.parameters), self.parameters["world.substitution"]
        )
        weights = {name: actor.weights for name, actor in self.actors.items()}
        return Projector(self.what_if.parameters, self.parameters, weights, engine)

    @property
    def last(self) -> Month:
        """The month that the last step played: its dials, its battle, its outcome."""
        if self.underway is None:
            raise RuntimeError("no month has been played yet: call step() first")
        return self.underway

    @property
    def seen_month(self) -> Outlook:
        """What the last month looked like to the actors' payoffs."""
        return outlook(self.last)

    def chance(self, purpose: str) -> NDArray[np.float64]:
        """This month's keyed uniforms for a purpose, shape (worlds,)."""
        fork, first = self.fork, self.worlds.start
        if fork is None:
            return self._chance_of_worlds(purpose, first, self.width)
        own = self._chance_of_worlds(purpose, fork.world, 1)
        if self.what_if.start + self.month < fork.at:
            return np.repeat(own, self.width)
        out = uniforms_of_futures(self.seed, purpose, self.month, fork.world, first, self.width)
        if first == 0:
            out[0] = own[0]
        return out

    def _chance_of_worlds(self, purpose: str, first: int, count: int) -> NDArray[np.float64]:
        if self.vary == "unknown":
            return uniforms_of_draws(self.seed, purpose, self.month, first, count, self.draws)
        return uniforms(self.seed, purpose, self.month, first, count)


def _reference_supplies(parameters: dict[str, Array]) -> Supplies:
    """Supplies at the medians of the registry's `initial.*`, the same state for all scenarios."""
    width = next(iter(parameters.values())).shape[0]
    medians = {
        entry.name: np.full(
            width, entry.prior if isinstance(entry.prior, float) else entry.prior.median
        )
        for entry in load_registry()
        if entry.name.startswith("initial.")
    }
    reference = parameters | medians
    play: dict[str, dict[str, Array]] = {}
    for name, kind in roster().items():
        levels = _initial_levels(kind, reference)
        play[name] = {
            lever.name: one_hot(levels[k], len(lever.levels))
            for k, lever in enumerate(kind.menu.levers)
        }
    return supplies(State.initial(reference), controls(play, reference), reference)


def _initial_levels(kind: type[Actor], parameters: dict[str, Array]) -> NDArray[np.int64]:
    """Levels at which an actor's levers stand before the first month, (levers, worlds)."""
    names = [f"initial.levels.{kind.name}.{lever}" for lever in kind.menu.names]
    return np.stack([parameters[name] for name in names]).astype(np.int64)


def _collector(model: ConflictModel) -> mesa.DataCollector:
    """Mesa's collector: numbers for one world, arrays over worlds for more."""

    def column(values: Array) -> float | Array:
        return float(values[0]) if len(model.worlds) == 1 else values[: len(model.worlds)].copy()

    return mesa.DataCollector(
        model_reporters={
            "front": lambda m: column(m.state.front),
            "active": lambda m: column(m.state.active),
            "transfers": lambda m: column(m.state.paid),
            "regime_security": lambda m: column(m.state.regime_security),
            "autonomy": lambda m: column(m.state.autonomy),
            "influence_belarus_russia": lambda m: column(m.influence["belarus", "russia"].mean),
            "influence_russia_belarus": lambda m: column(m.influence["russia", "belarus"].mean),
        },
        agent_reporters={"payoff": lambda a: column(a.payoff(model.seen_month))},
    )
