"""Payoffs through the kernel: against the mechanisms as written, and engine against engine."""

from dataclasses import fields, replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from sim.kernel import ENGINES, Engine, EngineMissingError, check_engine, compiled, plan
from sim.kernel.plan import Precision
from sim.kernel.projector import Projector
from sim.model import ConflictModel
from sim.scenario import load_scenario
from sim.world.controls import Controls, controls
from sim.world.projection import project
from sim.world.state import State
from tests.support.play import RandomMonth, random_month

AVAILABLE = [
    pytest.param(
        name,
        marks=pytest.mark.skipif(
            name == "numba" and find_spec("llvmlite") is None,
            reason="llvmlite is not installed; the compiled engine cannot be tested",
        ),
    )
    for name in ENGINES
]


def projector(month: RandomMonth, engine: Engine = "numpy") -> Projector:
    model = month.model
    weights = {name: actor.weights for name, actor in model.actors.items()}
    return Projector(model.what_if.parameters, model.parameters, weights, engine)


def written(
    month: RandomMonth,
    horizon: int,
    *,
    terminal: bool = True,
    boost: dict[str, np.ndarray] | None = None,
    optimism: np.ndarray | None = None,
) -> dict[str, np.ndarray]:
    seen = project(
        month.state,
        month.dials,
        month.parameters,
        horizon,
        terminal=terminal,
        boost=boost,
        optimism=optimism,
    )
    return {name: actor.payoff(seen) for name, actor in month.model.actors.items()}


@pytest.fixture(scope="module")
def month() -> RandomMonth:
    return random_month(11, worlds=128, rows=21)


@pytest.mark.parametrize("engine", AVAILABLE)
@pytest.mark.parametrize(("horizon", "terminal"), [(1, False), (1, True), (3, True), (8, True)])
def test_the_kernel_gives_what_the_text_gives(
    month: RandomMonth, engine: Engine, horizon: int, terminal: bool
) -> None:
    optimism = np.linspace(0.5, 2.0, 21 * 128).reshape(21, 128)
    right = written(month, horizon, terminal=terminal, optimism=optimism)
    for precision, near in ((np.float64, 1e-12), (np.float32, 1e-5)):
        found = projector(month, engine).payoffs(
            month.state,
            month.dials,
            horizon,
            terminal=terminal,
            optimism=optimism,
            precision=precision,
        )
        assert set(found) == set(right)
        for name, payoff in found.items():
            scale = np.abs(right[name]).max()
            assert np.abs(payoff - right[name]).max() < near * scale, name


@pytest.mark.parametrize("engine", AVAILABLE)
def test_rows_may_differ_in_anything(month: RandomMonth, engine: Engine) -> None:
    """Boosted functions, a bargained deal, and nothing at all that differs by row."""
    here = projector(month, engine)
    anywhere = 0.0 * month.state.front
    one = Controls(**{f.name: getattr(month.dials, f.name)[0] for f in fields(Controls)})
    standing = replace(month, dials=one)
    names = [n.removeprefix("norm.") for n in month.parameters if n.startswith("norm.")]
    rows = np.arange(len(names) + 1)[:, None]
    boost = {name: np.where(rows == k, 1.1, 1.0) + anywhere for k, name in enumerate(names)}
    deal = np.linspace(0.0, 2.0, 21)[:, None] + anywhere
    bargained = replace(month, state=replace(month.state, deal_scale=deal))
    cases = [
        (written(standing, 4, boost=boost), here.payoffs(month.state, one, 4, boost=boost)),
        (written(bargained, 4), here.payoffs(bargained.state, month.dials, 4)),
        (written(standing, 4), here.payoffs(month.state, one, 4)),
    ]
    for right, found in cases:
        for name, payoff in found.items():
            assert payoff == pytest.approx(np.atleast_2d(right[name]), rel=1e-12, abs=1e-9)
    assert cases[-1][1]["russia"].shape == (1, 128)


@pytest.mark.parametrize("engine", AVAILABLE)
def test_a_world_has_the_same_bits_whatever_is_beside_it(
    month: RandomMonth, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def payoffs(light: Projector, state: State, dials: Controls) -> np.ndarray:
        found = light.payoffs(state, dials, 5, precision=np.float32)
        return np.stack(list(found.values()))

    whole = payoffs(projector(month, engine), month.state, month.dials)
    columns = np.arange(64, 128)
    part = payoffs(
        projector(month, engine).at(columns),
        State(**{f.name: getattr(month.state, f.name)[columns] for f in fields(State)}),
        Controls(**{f.name: getattr(month.dials, f.name)[:, columns] for f in fields(Controls)}),
    )
    assert np.array_equal(whole[..., columns], part)
    few = Controls(**{f.name: getattr(month.dials, f.name)[3:5] for f in fields(Controls)})
    assert np.array_equal(whole[:, 3:5], payoffs(projector(month, engine), month.state, few))
    # one row at a time, five, all; what no row changes repeated beforehand or left to NumPy
    for chunk, wide in ((128, 64), (640, 64), (640, 1024), (1 << 20, 64)):
        monkeypatch.setattr(plan, "CHUNK", chunk)
        monkeypatch.setattr(plan, "WIDE", wide)
        again = payoffs(projector(month, engine), month.state, month.dials)
        assert np.array_equal(whole, again)


@pytest.mark.skipif(find_spec("llvmlite") is None, reason="llvmlite is not installed")
@pytest.mark.parametrize("precision", [np.float32, np.float64])
def test_both_engines_give_the_same_bits(month: RandomMonth, precision: Precision) -> None:
    one, two = (
        projector(month, engine).payoffs(month.state, month.dials, 6, precision=precision)
        for engine in ENGINES
    )
    for name, payoff in one.items():
        assert np.array_equal(payoff, two[name]), name


@pytest.mark.parametrize("engine", AVAILABLE)
def test_what_is_not_wanted_changes_nothing(month: RandomMonth, engine: Engine) -> None:
    projects = projector(month, engine)
    for precision in (np.float32, np.float64):
        every = projects.payoffs(month.state, month.dials, 6, precision=precision)
        for wanted in (("belarus",), ("russia", "nato")):
            some = projects.payoffs(month.state, month.dials, 6, precision=precision, wanted=wanted)
            assert list(some) == list(wanted)
            assert all(np.array_equal(some[name], every[name]) for name in wanted)


@pytest.mark.slow
@pytest.mark.skipif(find_spec("llvmlite") is None, reason="llvmlite is not installed")
def test_a_run_is_the_same_run_with_either_engine() -> None:
    one, two = (
        ConflictModel("negotiated_settlement", worlds=64, rng=3, engine=engine)
        for engine in ENGINES
    )
    for _ in range(3):
        one.step()
        two.step()
        for field in fields(State):
            assert np.array_equal(getattr(one.state, field.name), getattr(two.state, field.name))
        for pair, found in one.influence.items():
            assert np.array_equal(found.mean, two.influence[pair].mean, equal_nan=True)
        assert np.array_equal(one.dependence, two.dependence)


@pytest.mark.parametrize("substitution", ["{choice: [0.5, 0.7, 1.0]}", "1.0", "0.8"])
def test_a_scenario_decides_which_formula_is_read(substitution: str) -> None:
    """The way through the text follows the scenario's values, not those of the worlds at hand."""
    scenario = load_scenario("status_quo", {"months": 2, "world.substitution": substitution})
    model = ConflictModel(scenario, worlds=64, collect=False)
    state = model.state
    play = {name: actor.standing() for name, actor in model.actors.items()}
    dials = controls(play, model.parameters)
    seen = project(state, dials, model.parameters, 6)
    found = model.light.payoffs(state, dials, 6)
    for name, actor in model.actors.items():
        assert found[name][0] == pytest.approx(actor.payoff(seen), rel=1e-11)


@pytest.mark.skipif(find_spec("llvmlite") is None, reason="llvmlite is not installed")
def test_the_compiler_is_waited_for_once(
    month: RandomMonth, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    said: list[str] = []
    monkeypatch.setattr(compiled, "_listeners", [said.append])

    def run() -> None:
        compiled._loaded.clear()  # as a new process would have it
        projector(month, "numba").payoffs(month.state, month.dials, 1, precision=np.float32)

    run()
    assert len(said) == 1
    assert str(tmp_path) in said[0]
    [kept] = (tmp_path / "fulcrum").iterdir()
    run()
    assert len(said) == 1
    assert [kept] == list((tmp_path / "fulcrum").iterdir())


def test_an_engine_that_is_not_there_is_said_to_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="unknown engine 'cuda'; known are numpy and numba"):
        check_engine("cuda")
    monkeypatch.setattr("sim.kernel.find_spec", lambda _: None)
    check_engine("numpy")
    with pytest.raises(EngineMissingError, match=r"pip install 'fulcrum-sim\[fast\]'"):
        check_engine("numba")
