"""The weighted Nash product on cases worked by hand."""

import numpy as np

from sim.model import ConflictModel
from sim.world.deal import BUNDLES, weighted_nash


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
