"""The month as a whole: its order, its bounds, its place in Mesa."""

from dataclasses import fields
from pathlib import Path

import mesa
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.draws import TILE
from sim.kernel.projector import Projector
from sim.model import ConflictModel
from sim.sampling import draw_parameters
from sim.scenario import load_scenario
from sim.scenario.registry import load_registry
from sim.stages import STAGES

SHARES = (
    "front",
    "fortification",
    "surprise",
    "active",
    "ceasefire",
    "settled",
    "breakthrough_russia",
    "breakthrough_ukraine",
    "trust",
    "stock",
    "nuclear",
    "entered",
    "status_index",
    "autonomy",
    "regime_security",
    "sanctions_russia",
    "sanctions_belarus",
    "support_russia",
    "support_ukraine",
    "attention",
    "belief_russia",
    "belief_ukraine",
    "entry_belief",
)
SIGNED = ("fiscal_russia", "fiscal_belarus", "fiscal_ukraine")


def check_bounds(model: ConflictModel) -> None:
    for field in fields(model.state):
        values = getattr(model.state, field.name)
        assert np.isfinite(values).all(), field.name
        if field.name not in SIGNED:
            assert (values >= 0).all(), field.name
        if field.name in SHARES:
            assert (values <= 1 + 1e-12).all(), field.name


def test_the_month_runs_in_its_declared_order() -> None:
    assert [stage.name for stage in STAGES] == [
        "shocks",
        "beliefs",
        "choices",
        "deal",
        "war",
        "economies",
        "home fronts",
        "endings",
        "influence",
        "record",
    ]
    assert all(len(stage.does) > 20 for stage in STAGES)


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10**6), st.integers(0, 2**40))
def test_any_world_stays_within_bounds(first: int, seed: int) -> None:
    model = ConflictModel("status_quo", worlds=range(first, first + TILE), rng=seed)
    for _ in range(6):
        model.step()
        check_bounds(model)


@pytest.mark.slow
def test_worlds_stay_within_bounds_over_ten_years() -> None:
    model = ConflictModel(load_scenario("status_quo", {"months": 120}), worlds=TILE, rng=11)
    for _ in range(120):
        model.step()
    check_bounds(model)
    assert not model.running


def test_every_parameter_is_read_by_the_model() -> None:
    """A number that nothing reads would be an origin without an effect."""
    read: set[str] = set()

    class Watched(dict[str, np.ndarray]):
        def __getitem__(self, name: str) -> np.ndarray:
            read.add(name)
            return super().__getitem__(name)

    model = ConflictModel("status_quo", rng=1)
    values = Watched(model.parameters)
    read.clear()
    model.parameters = values
    weights = {name: actor.weights for name, actor in model.actors.items()}
    model.light = Projector(model.what_if.parameters, values, weights)
    for actor in model.actors.values():
        type(actor).__init__(actor, model, values, actor.levels)
    for actor in model.actors.values():
        for other in model.actors.values():
            if other is not actor:
                actor.expect(other)
    for _ in range(2):
        model.step()
    unread = {p.name for p in load_registry()} - read
    assert {name for name in unread if not name.startswith("initial.")} == set()


def test_every_initial_value_is_a_state_or_a_level() -> None:
    model = ConflictModel("status_quo", rng=1)
    names = {field.name for field in fields(model.state)}
    for parameter in load_registry():
        if parameter.name.startswith("initial."):
            rest = parameter.name.removeprefix("initial.")
            if rest.startswith("levels."):
                _, actor, lever = rest.split(".")
                assert lever in model.actors[actor].menu.names
            else:
                assert rest in names


def test_sets_of_draws_share_their_parameters_and_not_their_luck() -> None:
    scenario = load_scenario("status_quo")
    p = draw_parameters(scenario, 1, 0, 16, 4)["world.kappa"]
    assert (p.reshape(4, 4) == p.reshape(4, 4)[:, :1]).all()
    assert len(set(p)) == 4
    model = ConflictModel(scenario, worlds=4, rng=1)
    model.step()
    assert len(set(model.state.front[:4])) == 4


def test_puppet_random_myopic_and_scripted_take_a_seat() -> None:
    for plays in ("puppet of russia", "random", "myopic", "scripted"):
        scenario = load_scenario("status_quo", {"actors.belarus.plays": plays})
        model = ConflictModel(scenario, worlds=TILE, rng=1)
        before = model.actors["belarus"].levels.copy()
        model.step()
        after = model.actors["belarus"].levels
        check_bounds(model)
        assert (before == after).all() == (plays == "scripted")


def test_a_scripted_move_is_played_and_only_while_it_lasts() -> None:
    text = "{actor: ukraine, from: 2024-01, to: 2024-02, lever: talks, level: open}"
    scenario = load_scenario("status_quo", {"moves": f"[{text}]"})
    model = ConflictModel(scenario, worlds=TILE, rng=1)
    talks = model.actors["ukraine"].menu.names.index("talks")
    shares = []
    for _ in range(4):
        model.step()
        shares.append(float(model.actors["ukraine"].levels[talks].mean()))
    assert shares[1] == shares[2] == 1.0
    assert shares[0] < 1.0
    assert shares[3] < 1.0


def test_a_shock_moves_its_driver_in_its_month_and_nothing_before() -> None:
    event = "[{at: 2024-02, shock: {attention: -0.2}, note: budget deadlock}]"
    plain = ConflictModel("status_quo", worlds=8, rng=1)
    shocked = ConflictModel(load_scenario("status_quo", {"events": event}), worlds=8, rng=1)
    for month in range(3):
        plain.step()
        shocked.step()
        same = all(
            np.array_equal(getattr(plain.state, f.name), getattr(shocked.state, f.name))
            for f in fields(plain.state)
        )
        assert same == (month < 2)
    assert (shocked.state.attention < plain.state.attention).all()


class TestMesa:
    """With one world it is an ordinary Mesa model."""

    def test_agents_and_collector(self) -> None:
        model = ConflictModel("status_quo", worlds=1, rng=5)
        for _ in range(2):
            model.step()
        assert isinstance(model, mesa.Model)
        assert len(model.agents) == 4
        frame = model.datacollector.get_model_vars_dataframe()
        assert len(frame) == 2
        assert 0 < frame["front"].iloc[-1] < 1
        payoffs = model.datacollector.get_agent_vars_dataframe()
        assert len(payoffs) == 8

    def test_batch_run(self, tmp_path: Path) -> None:
        path = tmp_path / "short.yaml"
        path.write_text("title: Short\nstart: 2023-12\nmonths: 2\n")
        found = mesa.batch_run(
            ConflictModel,
            {"scenario": [str(path)]},
            rng=[1, 2],
            max_steps=10,
            display_progress=False,
        )
        by_run = {row["RunId"]: row["front"] for row in found}
        assert len(by_run) == 2
        assert by_run[0] != by_run[1]

    def test_needs_worlds(self) -> None:
        for worlds in (0, range(3, 3), range(0, 8, 2)):
            with pytest.raises(ValueError, match="worlds must be"):
                ConflictModel("status_quo", worlds=worlds)
