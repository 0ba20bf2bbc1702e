"""The environment for learners: PettingZoo's own tests, and runs that are played again in it."""

import subprocess
import sys
import warnings

import numpy as np
import pytest
from pettingzoo.test import parallel_api_test, parallel_seed_test

from agents import roster
from sim import ConflictModel, simulate
from sim.adapters.pettingzoo import ConflictEnv, parallel_env
from sim.kernel import Engine
from sim.scenario import Scenario, load_scenario

MONTHS = 6


@pytest.fixture(scope="module")
def short() -> Scenario:
    return load_scenario("status_quo", {"months": MONTHS})


def random_options(env: ConflictEnv, shown: dict[str, dict[str, np.ndarray]]) -> dict[str, int]:
    return {
        name: int(env.action_space(name).sample(mask=shown[name]["action_mask"]))
        for name in env.agents
    }


@pytest.mark.parametrize("actors", [None, ["belarus"]])
def test_it_keeps_to_pettingzoos_own_rules(short: Scenario, actors: list[str] | None) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # what the tests of PettingZoo only warn of counts
        parallel_api_test(parallel_env(short, actors=actors), num_cycles=2 * MONTHS)
        parallel_seed_test(lambda: parallel_env(short, actors=actors), num_cycles=2 * MONTHS)


@pytest.mark.parametrize(
    ("actors", "engine"),
    [(None, "numpy"), (["belarus"], "numpy"), (["russia", "nato"], "numba")],
)
def test_playing_what_a_run_chose_gives_the_run_again(
    short: Scenario, actors: list[str] | None, engine: Engine
) -> None:
    world = 5
    run = simulate(short, 1, first=world)
    model = ConflictModel(short, range(world, world + 1), collect=False)
    env = parallel_env(short, actors=actors, world=world, engine=engine)
    env.reset()
    for month in range(MONTHS):
        model.step()
        options = {
            name: int(np.ravel_multi_index(model.actors[name].levels[:, 0], kind.menu.shape))
            for name, kind in roster().items()
            if name in env.agents
        }
        _, rewards, ended, over, infos = env.step(options)
        for name, reward in rewards.items():
            assert reward == float(run["payoff"].sel(world=world, actor=name)[month])
            assert sum(infos[name]["terms"].values()) == pytest.approx(reward, abs=1e-12)
            assert infos[name]["closed"] == {}
        front = env.state()[0]
        assert front == np.float32(run["front"].sel(world=world)[month])
        assert not any(ended.values())
        assert all(flag == (month == MONTHS - 1) for flag in over.values())
    assert env.agents == []
    assert env.step({}) == ({}, {}, {}, {}, {})


def test_the_mask_is_what_the_model_may_choose(short: Scenario) -> None:
    env = parallel_env(short)
    shown, _ = env.reset()
    seen = set()
    for _ in range(MONTHS):
        for name, kind in roster().items():
            mask = shown[name]["action_mask"]
            seen.add(int(mask.sum()))
            assert len(mask) == len(kind.menu)
            assert env.observation_space(name).contains(shown[name])
        shown, _, _, _, infos = env.step(random_options(env, shown))
        assert all(info["closed"] == {} for info in infos.values())
    assert len(seen) > 1


def test_a_closed_level_gives_way_to_the_nearest_open_one(short: Scenario) -> None:
    env = parallel_env(short, actors=["belarus"])
    shown, _ = env.reset()
    gone = env.option("belarus", {"nuclear_hosting": "no"})  # it hosts, which cannot be undone
    assert shown["belarus"]["action_mask"][gone] == 0
    _, _, _, _, infos = env.step({"belarus": gone})
    assert infos["belarus"]["closed"] == {"nuclear_hosting": "no -> yes"}
    stands = env.levels("belarus", env.option("belarus", {}))
    assert stands["nuclear_hosting"] == "yes"


def test_what_the_scenario_holds_stays_held() -> None:
    squeeze = load_scenario("russian_squeeze")  # holds Russia's support of Minsk in July 2024
    env = parallel_env(squeeze, actors=["russia"])
    env.reset()
    closed = {}
    while env.agents:
        sustain = env.option("russia", {"support_minsk": "sustain"})
        _, _, _, _, infos = env.step({"russia": sustain})
        closed[infos["russia"]["month"]] = infos["russia"]["closed"].get("support_minsk")
    assert closed["2024-06"] is None
    assert closed["2024-07"] == closed["2024-12"] == "sustain -> withhold"
    assert closed["2025-01"] is None


def test_an_actor_sees_the_world_but_not_what_others_believe(short: Scenario) -> None:
    env = parallel_env(short)
    shown, _ = env.reset()
    for name, kind in roster().items():
        names = env.names(name)
        seen = dict(zip(names, shown[name]["observation"], strict=True))
        assert seen["front"] == env.state()[0]
        assert ("belief_russia" in seen) == (name == "russia")
        assert ("belief_ukraine" in seen) == (name == "ukraine")
        aims = {one.removeprefix("aims.") for one in names if one.startswith("aims.")}
        assert aims == {one.name for one in kind.incentives}
        levels = [value for one, value in seen.items() if one.startswith("levels.")]
        assert all(0 <= value <= 1 for value in levels)
        assert seen["months_left"] == 1
        assert seen["calendar"] == 1  # December
    assert env.state_space.contains(env.state())
    after, _, _, _, _ = env.step(random_options(env, shown))
    seen = dict(zip(env.names("nato"), after["nato"]["observation"], strict=True))
    assert seen["months_left"] == pytest.approx(1 - 1 / MONTHS)
    assert seen["calendar"] == pytest.approx(1 / 12)


def test_each_reset_is_another_world_and_a_seed_begins_anew(short: Scenario) -> None:
    env = parallel_env(short, world=3)
    first, infos = env.reset()
    assert (env.world, env.seed) == (3, 1)
    assert infos == {name: {} for name in env.agents}  # wrappers take keys of a reset for a promise
    second, _ = env.reset()
    assert env.world == 4
    assert (first["russia"]["observation"] != second["russia"]["observation"]).any()
    again, _ = env.reset(options={"world": 3})
    assert (again["russia"]["observation"] == first["russia"]["observation"]).all()
    env.reset()
    assert env.world == 4
    other, _ = env.reset(seed=7)
    assert (env.world, env.seed) == (3, 7)
    assert (other["russia"]["observation"] != first["russia"]["observation"]).any()
    for wrong in ({"seed": -1}, {"options": {"world": -1}}):
        with pytest.raises(ValueError, match="must not be negative: -1"):
            env.reset(**wrong)
    assert (env.world, env.seed) == (3, 7)


def test_parameters_change_with_the_set(short: Scenario) -> None:
    aims = []
    for draws in (2, 1):
        env = parallel_env(short, actors=["belarus"], draws=draws)
        at = env.names("belarus").index("aims.rents")
        aims.append([env.reset()[0]["belarus"]["observation"][at] for _ in range(4)])
    assert [len(set(one)) for one in aims] == [2, 4]


def test_the_last_mask_is_of_the_last_state(short: Scenario) -> None:
    settled = load_scenario("status_quo", {"months": 3, "war_ends": "2024-01"})
    env = parallel_env(settled, actors=["russia"])
    env.reset()
    while env.agents:
        shown, _, _, _, _ = env.step({"russia": env.option("russia", {})})
    mask = shown["russia"]["action_mask"].astype(bool)
    tempos = {env.levels("russia", int(option))["tempo"] for option in np.flatnonzero(mask)}
    assert tempos == {"hold"}


def test_options_have_names(short: Scenario) -> None:
    env = parallel_env(short)
    env.reset()
    for name, kind in roster().items():
        for option in (0, len(kind.menu) - 1):
            assert env.option(name, env.levels(name, option)) == option
    with pytest.raises(ValueError, match=r"belarus\.voice=loud: distance, neutral, champion"):
        env.option("belarus", {"voice": "loud"})
    with pytest.raises(ValueError, match="levers are access, "):
        env.option("belarus", {"voic": "neutral"})


def test_what_cannot_be_played_is_said(short: Scenario) -> None:
    with pytest.raises(ValueError, match="actors: unknown: poland; there are russia, belarus"):
        parallel_env(short, actors=["belarus", "poland"])
    with pytest.raises(ValueError, match="actors: none given"):
        parallel_env(short, actors=[])
    with pytest.raises(ValueError, match="render_mode must be None or 'ansi'"):
        parallel_env(short, render_mode="human")
    with pytest.raises(ValueError, match="world must not be negative"):
        parallel_env(short, world=-1)
    env = parallel_env(short, actors=["belarus"])
    with pytest.raises(RuntimeError, match="call reset"):
        env.step({"belarus": 0})
    env.reset()
    with pytest.raises(ValueError, match="belarus: no action given"):
        env.step({})
    with pytest.raises(ValueError, match="there is no option 72; they are 0 to 71"):
        env.step({"belarus": 72})
    with pytest.raises(ValueError, match="nato: not played by agents; belarus are"):
        env.step({"belarus": 0, "nato": 0})
    with pytest.raises(TypeError):
        env.step({"belarus": 0.7})  # type: ignore[dict-item]


def test_the_month_is_told_in_words(short: Scenario) -> None:
    env = parallel_env(short, render_mode="ansi")
    env.reset()
    told = env.render()
    assert told is not None
    head, *deeds = told.splitlines()
    assert head.startswith("Before December 2023, world 0: active, Russia holds ")
    assert len(deeds) == sum(len(kind.menu.levers) for kind in roster().values())
    quiet = parallel_env(short)
    quiet.reset()
    assert quiet.render() is None


def test_without_the_library_it_says_what_to_install() -> None:
    code = "import sys; sys.modules['pettingzoo'] = None; import sim.adapters.pettingzoo"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert said.returncode == 1
    assert 'pip install "fulcrum-sim[learn]"' in said.stderr.splitlines()[-1]
