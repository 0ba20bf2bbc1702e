"""The model at the far ends of what it may be told: it bends, and does not break.

Every parameter at one end of its prior or the other, another corner in every world, over ten years;
and what follows from it for the endings: none is out of reach.
"""

from __future__ import annotations

from dataclasses import fields
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents import ORDER
from sim.draws import TILE
from sim.model import ConflictModel
from sim.scenario import load_scenario
from sim.scenario.registry import load_registry
from sim.world.masks import feasible
from sim.world.state import STATUSES, State
from tests.support.corners import EDGE, corners

SEATED = {
    "itself": {},
    "random": dict.fromkeys(ORDER, "random"),
    "served": {"belarus": "puppet of russia", "ukraine": "puppet of nato", "russia": "myopic"},
}
ROUNDING = 1e-12


def bounds() -> dict[str, tuple[float, float]]:
    """Field of the state -> what it must lie between, from what the registry says of its start.

    Only signs and shares are held against a field: a stock may outgrow the range of its start.
    Whatever does not start from a parameter is a flag, a share or a stock that starts at nothing.
    """
    starts = {p.name.removeprefix("initial."): p for p in load_registry()}
    out = {}
    for field in fields(State):
        start = starts.get(field.name)
        low = -np.inf if start is not None and start.low < 0.0 else 0.0
        share = field.name in STATUSES or (start is not None and (start.low, start.high) == (0, 1))
        out[field.name] = (low, 1.0 if share else np.inf)
    return out


BOUNDS = bounds()


def check(model: ConflictModel) -> None:
    """Nothing is infinite, negative or above the whole that should not be."""
    for name, (low, high) in BOUNDS.items():
        values = getattr(model.state, name)
        assert np.isfinite(values).all(), name
        assert values.min() >= low, name
        assert values.max() <= high + ROUNDING, name
    total = sum(getattr(model.state, name) for name in STATUSES)
    assert np.asarray(total) == pytest.approx(1.0)
    for field in fields(model.seen_month):
        assert np.isfinite(getattr(model.seen_month, field.name)).all(), field.name
    for actor in model.actors.values():
        assert actor.probabilities.min() >= 0.0
        assert actor.probabilities.sum(axis=0) == pytest.approx(1.0)
        assert np.isfinite(actor.payoff(model.seen_month)).all()
    measured = {"dependence": model.dependence, **model.capacity}
    for name, values in measured.items():
        assert values.min() >= 0.0, name
        assert values.max() <= 1.0 + ROUNDING, name
    open_ended = {"coleman": model.coleman}
    for pair, found in model.influence.items():
        open_ended |= {f"{pair} joint": found.joint, f"{pair} mean": found.mean}
        open_ended |= {f"{pair} {lever}": values for lever, values in found.levers.items()}
    for name, values in open_ended.items():
        known = values[~np.isnan(values)]
        assert ((known >= 0.0) & (known <= 1.0 + ROUNDING)).all(), name


def cornered(
    seed: int, months: int, plays: dict[str, str], name: str = "status_quo", first: int = 0
) -> ConflictModel:
    """A tile of corners, about to play; what is at stake is bounds, so actors look 2 months on.

    From world 0 on influence is measured in all pairs; in the next tile in two of them, which is
    quicker.
    """
    settings_ = {f"actors.{actor}.plays": way for actor, way in plays.items()}
    with corners(seed):
        scenario = load_scenario(name, {"months": months, "horizon": 2, **settings_})
        return ConflictModel(
            scenario, worlds=range(first, first + TILE), rng=1, draws=1, collect=False
        )


@cache
def reached(seated: str) -> dict[str, float]:
    """Ten years of checked months; status -> share of the worlds that were ever in it."""
    model = cornered(5, 120, SEATED[seated], first=TILE)
    ever = {name: np.zeros(TILE, dtype=bool) for name in STATUSES}
    while model.running:
        model.step()
        check(model)
        for name in STATUSES:
            ever[name] |= getattr(model.state, name) == 1.0
    assert model.month == 120
    return {name: float(worlds.mean()) for name, worlds in ever.items()}


def test_corners_are_the_ends_of_the_priors() -> None:
    model = cornered(5, 1, {})
    for parameter in load_registry():
        found = model.parameters[parameter.name]
        low, high = parameter.quantile(parameter.prior, np.array([EDGE, 1.0 - 2.0**-53]))
        assert found[0] == low
        assert found[1] == high
        assert set(found) == {low, high}, parameter.name


@pytest.mark.slow
@pytest.mark.parametrize("seated", SEATED)
def test_every_month_of_ten_years_is_within_bounds(seated: str) -> None:
    assert reached(seated)["active"] > 0.9


@pytest.mark.slow
def test_no_ending_is_out_of_reach() -> None:
    """Neither stalemate nor any way out of it is built in: from the priors all of them happen."""
    shares = reached("itself")
    for status in STATUSES:
        assert shares[status] > 0.0, status
    assert shares["active"] > 0.9


@settings(max_examples=3, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    name=st.sampled_from(["invasion_2022", "negotiated_settlement", "belarus_succession"]),
    plays=st.fixed_dictionaries(
        dict.fromkeys(ORDER, st.sampled_from(["itself", "random", "myopic", "puppet of nato"]))
    ),
)
def test_any_corner_of_any_start_is_within_bounds(
    seed: int, name: str, plays: dict[str, str]
) -> None:
    plays = {a: "itself" if way == f"puppet of {a}" else way for a, way in plays.items()}
    model = cornered(seed, 12, plays, name)
    while model.running:
        model.step()
        check(model)


def test_without_precision_play_is_uniform_over_what_is_open() -> None:
    """Whatever the payoffs say: lambda = 0 is the reference that assumes nothing of anybody."""
    careless = {f"actors.{actor}.precision": 0.0 for actor in ORDER}
    with corners(2):
        scenario = load_scenario("status_quo", {"months": 4, "horizon": 2, **careless})
        model = ConflictModel(scenario, worlds=TILE, rng=3, draws=1)
    while model.running:
        model.step()
        for name, actor in model.actors.items():
            allowed = feasible(model.open[name], actor.menu)
            assert np.array_equal(actor.probabilities, allowed / allowed.sum(axis=0)), name
        for found in model.influence.values():
            assert np.nanmax(found.joint) == 0.0
