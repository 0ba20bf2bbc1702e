"""The conflict as a game for learners: a PettingZoo environment of one world at a time.

An agent takes the seat of an actor, sees what anybody could observe beside the actor's own aims,
and is paid the actor's payoff. Who is not seated by an agent decides as in the model, so an agent
may play one actor against the others' logit responses, or all four may learn. Playing what a run
recorded gives that run again.

Needs `pip install 'fulcrum-sim[learn]'`. docs/other_tools.md says how to use it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from functools import cached_property
from operator import index
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from agents import roster
from sim.draws import DEFAULT_DRAWS, DEFAULT_SEED
from sim.influence.behavioural import NOTHING
from sim.kernel import Engine
from sim.model import ConflictModel
from sim.scenario import Scenario, load_scenario
from sim.stages import after_choices, choices, until_choices
from sim.world.masks import feasible, open_levels
from sim.world.state import STATUSES, State

try:
    from gymnasium import spaces
    from pettingzoo import ParallelEnv
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        f'{error.name} is missing: pip install "fulcrum-sim[learn]"', name=error.name
    ) from error

if TYPE_CHECKING:
    from agents.actor import Actor

type Observation = dict[str, NDArray[Any]]
type Info = dict[str, Any]

_OWN_BELIEFS: Final = {"belief_russia": "russia", "belief_ukraine": "ukraine"}
"""Fields of the state that one actor alone knows."""
_HORIZON: Final = ("months_left", "calendar")


def parallel_env(
    scenario: Scenario | str | Path = "status_quo",
    *,
    actors: Collection[str] | None = None,
    world: int = 0,
    seed: int | None = None,
    draws: int = DEFAULT_DRAWS,
    engine: Engine = "numpy",
    render_mode: str | None = None,
) -> ConflictEnv:
    """A parallel environment: each month every agent picks one option of its actor's menu.

    Args:
        scenario: a scenario, or the path or name of a scenario file.
        actors: who is played by agents; all unless given. The others decide as in the model.
        world: the first world to play. Every `reset` without a seed goes on to the next, so
            learners meet other luck, and other parameters every `draws` worlds.
        seed: of the keyed draws, as `simulate` takes it. Copies that learn side by side need seeds,
            or first worlds, of their own.
        draws: worlds per parameter set; 1 for other parameters in every world.
        engine: what does the arithmetic of those who decide as in the model; the bits are the same.
        render_mode: "ansi" for a text of the month, or None.

    Raises:
        ScenarioError: the scenario file is not valid.
        ValueError: an unknown actor, none at all, or an unknown way to render.
        EngineMissingError: the engine needs what is not installed.
    """
    return ConflictEnv(
        scenario if isinstance(scenario, Scenario) else load_scenario(scenario),
        tuple(roster()) if actors is None else tuple(actors),
        world,
        DEFAULT_SEED if seed is None else seed,
        draws,
        engine,
        render_mode,
    )


class ConflictEnv(ParallelEnv[str, Observation, int]):
    """One world, month by month.

    An action is the number of an option, in the order of `agents.levers.Menu.options`. Of an
    option with closed levels each closed lever takes the nearest open level instead, and the
    agent's info says so under "closed": the state wins, as it does over a scenario's moves.

    Observations are dictionaries of "observation", a vector whose entries `names(agent)` lists, and
    "action_mask", 1 for each option whose levels are all open. A reward is the actor's payoff of
    the month, in its own units. The last month truncates; a war that ends does not end the world.

    Attributes:
        scenario: that is played.
        world: number of the world that is played, as in runs of any size.
        seed: of the keyed draws.
        possible_agents: actors that are played by agents.
        agents: the same until the last month is over, then nobody.
    """

    metadata: ClassVar[dict[str, Any]] = {
        "name": "fulcrum_conflict_v0",
        "render_modes": ["ansi"],
        "is_parallelizable": True,
    }

    def __init__(
        self,
        scenario: Scenario,
        actors: tuple[str, ...],
        world: int,
        seed: int,
        draws: int,
        engine: Engine,
        render_mode: str | None,
    ) -> None:
        known = roster()
        unknown = [name for name in actors if name not in known]
        if unknown or not actors:
            what = f"unknown: {', '.join(unknown)}" if unknown else "none given"
            raise ValueError(f"actors: {what}; there are {', '.join(known)}")
        if render_mode not in (None, *self.metadata["render_modes"]):
            raise ValueError(f"render_mode must be None or 'ansi', not {render_mode!r}")
        _not_negative("world", world)
        _not_negative("seed", seed)
        self.scenario, self.world, self.seed = scenario, world, seed
        self.possible_agents = [name for name in known if name in actors]
        self.agents: list[str] = []
        self.render_mode = render_mode
        self._draws, self._engine = draws, engine
        self._first = self._next = world
        self._model: ConflictModel | None = None
        self.action_spaces = {
            name: spaces.Discrete(len(known[name].menu)) for name in self.possible_agents
        }
        self.observation_spaces = {
            name: spaces.Dict(
                {
                    "observation": _box(len(self.names(name))),
                    "action_mask": spaces.MultiBinary(len(known[name].menu)),
                }
            )
            for name in self.possible_agents
        }

    def observation_space(self, agent: str) -> spaces.Space[Any]:
        """What an agent is shown; the same object each time."""
        return self.observation_spaces[agent]

    def action_space(self, agent: str) -> spaces.Space[Any]:
        """The options of an agent's menu; the same object each time."""
        return self.action_spaces[agent]

    @cached_property
    def state_space(self) -> spaces.Box:
        """What `state` gives."""
        return _box(len(_STATE) + len(self._levers) + len(_HORIZON))

    @cached_property
    def _levers(self) -> tuple[str, ...]:
        return tuple(
            f"levels.{name}.{lever}" for name, kind in roster().items() for lever in kind.menu.names
        )

    def names(self, agent: str) -> tuple[str, ...]:
        """What each entry of an agent's observation is.

        Fields of `sim.world.state.State` in its units, at the beginning of the month, but for the
        other side's odds; where every lever stands, 0 its lowest level and 1 its highest; the share
        of months left; the month of the year, 1/12 to 1; the weights of the agent's own aims.
        """
        seen = [name for name in _STATE if _OWN_BELIEFS.get(name, agent) == agent]
        aims = [f"aims.{one.name}" for one in roster()[agent].incentives]
        return (*seen, *self._levers, *_HORIZON, *aims)

    def option(self, agent: str, levels: Mapping[str, str]) -> int:
        """Number of the option with these levels; levers not named stay where they stand.

        Args:
            agent: whose menu.
            levels: lever -> level, as {"voice": "neutral"}.

        Raises:
            ValueError: no such lever or level.
        """
        menu = roster()[agent].menu
        chosen = [int(level) for level in self._playing.actors[agent].levels[:, 0]]
        for lever, level in levels.items():
            known = menu.levels().get(lever)
            if known is None or level not in known:
                what = f"levers are {', '.join(menu.names)}" if known is None else ", ".join(known)
                raise ValueError(f"{agent}.{lever}={level}: {what}")
            chosen[menu.names.index(lever)] = known.index(level)
        return int(np.ravel_multi_index(chosen, menu.shape))

    def levels(self, agent: str, option: int) -> dict[str, str]:
        """Lever -> level of an option."""
        menu = roster()[agent].menu
        return {
            lever.name: lever.levels[level]
            for lever, level in zip(menu.levers, menu.options[option], strict=True)
        }

    def reset(
        self, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict[str, Observation], dict[str, Info]]:
        """Begin a world.

        Args:
            seed: of the keyed draws; begins with the first world again. Without one the next world
                of the same seed is played.
            options: "world" for the number of the world to play; others are ignored.

        Returns:
            Observations, and infos with nothing in them: `world` and `seed` say what is played.

        Raises:
            ValueError: a seed or world below 0.
        """
        world = self._next if seed is None else self._first
        if options is not None and "world" in options:
            world = index(options["world"])
        _not_negative("world", world)
        _not_negative("seed", self.seed if seed is None else seed)
        self.seed = self.seed if seed is None else seed
        self.world, self._next = world, world + 1
        self._model = ConflictModel(
            self.scenario,
            range(self.world, self.world + 1),
            self.seed,
            draws=self._draws,
            collect=False,
            engine=self._engine,
            measured=NOTHING,
        )
        until_choices(self._model)
        self.agents = list(self.possible_agents)
        return self._observed(self.agents), {name: {} for name in self.agents}

    def step(
        self, actions: dict[str, int]
    ) -> tuple[
        dict[str, Observation],
        dict[str, float],
        dict[str, bool],
        dict[str, bool],
        dict[str, Info],
    ]:
        """Play a month.

        Args:
            actions: agent -> number of an option, for every agent.

        Raises:
            ValueError: an agent has no action, or one that is not on its menu; an action of
                somebody who is not played by an agent.
            TypeError: an action that is no whole number.
            RuntimeError: `reset` has not been called.
        """
        model, played = self._playing, self.agents
        if not played:
            return {}, {}, {}, {}, {}
        month = str(model.what_if.start + model.month)
        if strangers := [name for name in actions if name not in played]:
            raise ValueError(
                f"{', '.join(strangers)}: not played by agents; {', '.join(played)} are"
            )
        wanted = {name: self._checked(name, actions) for name in played}
        if len(played) < len(model.actors):
            choices(model)
        closed = {name: self._take(name, option) for name, option in wanted.items()}
        after_choices(model)
        outlook = model.seen_month
        infos: dict[str, Info] = {}
        for name in played:
            terms = model.actors[name].terms(outlook)
            told = {
                term: float(np.broadcast_to(value, model.width)[0]) for term, value in terms.items()
            }
            infos[name] = {"month": month, "closed": closed[name], "terms": told}
        rewards = {name: float(model.actors[name].payoff(outlook)[0]) for name in played}
        over = not model.running
        if over:
            self.agents = []
            model.open = open_levels(model.state, {n: one.menu for n, one in model.actors.items()})
        else:
            until_choices(model)
        return (
            self._observed(played),
            rewards,
            dict.fromkeys(played, False),
            dict.fromkeys(played, over),
            infos,
        )

    def state(self) -> NDArray[np.float32]:
        """The whole state of the world, for learners that are trained together and play apart."""
        return _vector((*_STATE, *self._levers, *_HORIZON), self._world())

    def render(self) -> str | None:
        """The world before the month's choices, in words; None unless `render_mode` is "ansi"."""
        if self.render_mode is None:
            return None
        from sim.report.deeds import deed
        from sim.report.labels import month_words

        model = self._playing
        at = month_words(str(model.what_if.start + model.month))
        status = next(one for one in STATUSES if getattr(model.state, one)[0] > 0.5)
        deeds = [
            deed(name, lever.name, lever.levels[actor.levels[k, 0]])
            for name, actor in model.actors.items()
            for k, lever in enumerate(actor.menu.levers)
        ]
        front = 100 * model.state.front[0]
        head = f"Before {at}, world {self.world}: {status}, Russia holds {front:.1f} % of Ukraine."
        return "\n".join([head, *deeds])

    @property
    def _playing(self) -> ConflictModel:
        if self._model is None:
            raise RuntimeError("no world has begun: call reset() first")
        return self._model

    def _checked(self, agent: str, actions: Mapping[str, int]) -> int:
        options = len(roster()[agent].menu)
        if agent not in actions:
            raise ValueError(f"{agent}: no action given; an option is 0 to {options - 1}")
        option = index(actions[agent])
        if not 0 <= option < options:
            raise ValueError(f"{agent}: there is no option {option}; they are 0 to {options - 1}")
        return option

    def _take(self, agent: str, option: int) -> dict[str, str]:
        """Move an actor's levers in the world played; tells what was closed, and what it became."""
        model = self._playing
        actor: Actor = model.actors[agent]
        levels, closed = actor.levels.copy(), {}
        for k, (lever, level) in enumerate(
            zip(actor.menu.levers, actor.menu.options[option], strict=True)
        ):
            allowed = np.flatnonzero(model.open[agent][lever.name][:, 0])
            nearest = int(allowed[np.abs(allowed - level).argmin()])
            if nearest != level:
                closed[lever.name] = f"{lever.levels[level]} -> {lever.levels[nearest]}"
            levels[k, 0] = nearest  # columns beyond are other worlds, which nobody sees
        actor.levels = levels
        return closed

    def _observed(self, agents: Collection[str]) -> dict[str, Observation]:
        """What agents are shown."""
        model, world = self._playing, self._world()
        found: dict[str, Observation] = {}
        for name in agents:
            actor = model.actors[name]
            own = {f"aims.{aim}": float(weight[0]) for aim, weight in actor.weights.items()}
            found[name] = {
                "observation": _vector(self.names(name), world | own),
                "action_mask": feasible(model.open[name], actor.menu)[:, 0].astype(np.int8),
            }
        return found

    def _world(self) -> dict[str, float]:
        """The whole state, where all levers stand, and time, by the names that `names` has."""
        model = self._playing
        known = {name: float(getattr(model.state, name)[0]) for name in _STATE}
        for name, actor in model.actors.items():
            for k, lever in enumerate(actor.menu.levers):
                share = actor.levels[k, 0] / (len(lever.levels) - 1)
                known[f"levels.{name}.{lever.name}"] = float(share)
        months = model.what_if.months
        known["months_left"] = (months - model.month) / months
        known["calendar"] = (model.what_if.start + model.month).month / 12
        return known


_STATE: Final = tuple(one.name for one in fields(State))


def _vector(names: Sequence[str], known: Mapping[str, float]) -> NDArray[np.float32]:
    return np.array([known[name] for name in names], dtype=np.float32)


def _not_negative(what: str, number: int) -> None:
    if number < 0:
        raise ValueError(f"{what} must not be negative: {number}")


def _box(size: int) -> spaces.Box:
    return spaces.Box(-np.inf, np.inf, (size,), np.float32)
