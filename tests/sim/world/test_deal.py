"""The weighted Nash product on cases worked by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.model import ConflictModel
from sim.world.controls import controls
from sim.world.deal import (
    BUNDLES,
    ROUND,
    Bargain,
    beyond_january,
    breaches,
    deal_stage,
    settle,
    weighted_nash,
)


def column(*values: float) -> np.ndarray:
    return np.array(values)[:, None]


def test_equal_weights_maximise_the_product() -> None:
    best, _ = weighted_nash(column(1, 4, 6), column(9, 4, 1), np.array([0.5]))
    assert best[0] == 1


def test_weight_moves_the_deal_to_the_heavier_side() -> None:
    gains = column(1, 4, 9), column(9, 4, 1)
    assert weighted_nash(*gains, np.array([0.9]))[0][0] == 0
    assert weighted_nash(*gains, np.array([0.1]))[0][0] == 2


def test_nothing_is_signed_that_one_side_would_rather_not() -> None:
    _, product = weighted_nash(column(5, -1), column(-1, 5), np.array([0.5]))
    assert product[0] == -np.inf


@pytest.mark.parametrize(
    ("russia", "belarus", "went"),
    [
        # what two bundles are worth to each beyond present play
        ((-1.0, -1.0), (-1.0, -1.0), "nothing_wanted"),
        ((0.0, 0.0), (0.0, 0.0), "nothing_wanted"),  # the standing deal, kept as now
        ((1e-12, -1.0), (1e-12, -1.0), "nothing_wanted"),  # rounding
        ((1.0, -1.0), (0.1, -1.0), "signed"),
        ((1.0, 2.0), (-1.0, 0.1), "signed"),
        ((1.0, -1.0), (-1.0, -1.0), "refused_by_belarus"),
        ((1.0, 2.0), (0.0, -1.0), "refused_by_belarus"),
        ((-1.0, -1.0), (-1.0, 3.0), "refused_by_russia"),
        ((1.0, -1.0), (-1.0, 1.0), "refused_by_both"),
        ((1.0, -0.1), (-0.1, 9.0), "refused_by_both"),
    ],
)
def test_how_a_round_goes(
    russia: tuple[float, float], belarus: tuple[float, float], went: str
) -> None:
    found = settle(column(*russia), column(*belarus), np.array([0.5]))
    assert ROUND[found.went[0]] == went
    assert found.signed[0] == (went == "signed")
    gains = found.gain_russia[0], found.gain_belarus[0]
    assert min(gains) > 0 if went == "signed" else gains == (0, 0)


gains = st.lists(st.floats(-1, 1), min_size=4, max_size=4)


@given(gains, gains, st.floats(0.1, 0.9))
def test_a_round_is_told_the_same_from_both_sides(
    one: list[float], two: list[float], weight: float
) -> None:
    mirror = {"refused_by_belarus": "refused_by_russia", "refused_by_russia": "refused_by_belarus"}
    here = settle(column(*one), column(*two), np.array([weight]))
    there = settle(column(*two), column(*one), np.array([1 - weight]))
    went = ROUND[here.went[0]]
    assert ROUND[there.went[0]] == mirror.get(went, went)
    assert here.gain_russia[0] == there.gain_belarus[0]


@given(st.integers(1, 24), st.floats(0, 60), st.floats(0.9, 0.999), st.integers(0, 11))
def test_the_weight_of_gas_is_that_of_the_months_from_january_on(
    horizon: int, terminal: float, discount: float, months: int
) -> None:
    terminal = float(round(terminal))
    p = {"world.discount": np.array([discount]), "world.terminal_months": np.array([terminal])}
    weights = discount ** np.arange(horizon + int(terminal))
    expected = weights[months:].sum() / weights.sum()
    assert beyond_january(p, horizon, months)[0] == pytest.approx(expected, abs=1e-9)
    assert beyond_january(p, horizon, 0)[0] == 1.0


@pytest.mark.parametrize(
    ("deal", "play", "russia", "belarus"),
    [
        # (scale, host, launch, champion), (support, access, voice) -> what each side breaks
        ((1, 1, 0, 0), ("sustain", "host", "neutral"), 0.0, 0.0),
        ((1, 1, 0, 0), ("sweeten", "launch", "neutral"), 0.0, 0.0),
        ((1, 1, 0, 0), ("withhold", "host", "neutral"), 1.0, 0.0),
        ((1, 1, 0, 0), ("sustain", "deny", "neutral"), 0.0, 1.0),
        ((1, 1, 1, 0), ("sustain", "host", "neutral"), 0.0, 0.5),
        ((1, 1, 0, 1), ("withhold", "deny", "distance"), 1.0, 1.0),
        ((1, 0, 0, 0), ("sustain", "deny", "distance"), 0.0, 0.0),  # Minsk had promised nothing
        ((0, 1, 0, 0), ("withhold", "deny", "neutral"), 0.0, 1.0),  # Moscow had
        ((0, 0, 0, 0), ("withhold", "deny", "distance"), 0.0, 0.0),
    ],
)
def test_a_breach_is_the_share_of_what_was_promised_and_not_kept(
    deal: tuple[int, int, int, int], play: tuple[str, str, str], russia: float, belarus: float
) -> None:
    model = ConflictModel("status_quo", rng=1)
    for name, lever, level in zip(
        ("russia", "belarus", "belarus"), ("support_minsk", "access", "voice"), play, strict=True
    ):
        actor = model.actors[name]
        k = actor.menu.names.index(lever)
        actor.levels[k] = actor.menu.levers[k].levels.index(level)
    scale, host, launch, champion = (model.state.front * 0.0 + value for value in deal)
    state = replace(
        model.state,
        deal_scale=scale,
        gas_scale=scale,
        deal_host=host,
        deal_launch=launch,
        deal_champion=champion,
    )
    standing = {name: actor.standing() for name, actor in model.actors.items()}
    found = breaches(state, controls(standing, model.parameters), model.parameters)
    assert found["russia"] == pytest.approx(russia)
    assert found["belarus"] == pytest.approx(belarus)


def test_what_is_signed_is_what_stands() -> None:
    model = ConflictModel("status_quo", worlds=64, rng=1)
    signed = np.arange(64) % 2 == 0
    bundle = np.full(64, BUNDLES.index((1.5, 2, 1)))
    yes = np.ones(64, dtype=bool)
    outcome = Bargain(signed, bundle, 1.0 * signed, 1.0 * signed, yes, yes)
    assert (outcome.went == np.where(signed, 1, 4)).all()
    new = deal_stage(model.state, outcome, january=False)
    assert "gas_scale" not in new
    assert (new["deal_scale"] == np.where(signed, 1.5, model.state.deal_scale)).all()
    assert (new["deal_launch"] == np.where(signed, 1.0, model.state.deal_launch)).all()
    assert (new["deal_champion"] == np.where(signed, 1.0, model.state.deal_champion)).all()


def test_the_standing_deal_rolls_over_between_quarters_and_gas_follows_in_january() -> None:
    model = ConflictModel("status_quo", worlds=64, rng=1)
    model.step()  # December: no round
    assert model.bargain is None
    assert (model.state.deal_scale == 1.0).all()
    model.step()  # January
    assert model.bargain is not None
    signed = model.bargain.signed
    assert np.where(signed, 0.0, model.state.deal_scale - 1.0).tolist() == [0.0] * 64
    scales = np.array([scale for scale, _, _ in BUNDLES])[model.bargain.bundle]
    assert (model.state.deal_scale[signed] == scales[signed]).all()
    assert (model.state.gas_scale == model.state.deal_scale).all()
    assert (model.bargain.gain_russia[signed] > 0).all()
    assert (model.bargain.gain_belarus[signed] > 0).all()
    before = model.state.deal_scale.copy()
    model.step()  # February: no round
    assert model.bargain is None
    assert (model.state.deal_scale == before).all()
