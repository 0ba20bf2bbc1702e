"""The capacity index: its shape, and what access adds."""

import numpy as np
import pytest

from sim.influence.fbic import bandwidth, capacity
from sim.model import ConflictModel


def test_symmetric_bandwidth_leaves_the_ratio_of_dependences() -> None:
    """The shape of the index of Moyer et al. (2018): FBIC_AB / FBIC_BA = D_BA / D_AB."""
    passed = np.full((2, 2, 1), 0.7)
    dependence = np.array([[[0.0], [0.2]], [[0.6], [0.0]]])
    found = capacity(passed, dependence)[:, :, 0]
    assert found[0, 1] / found[1, 0] == pytest.approx(0.6 / 0.2)


@pytest.fixture(scope="module")
def model() -> ConflictModel:
    model = ConflictModel("status_quo", worlds=8, rng=1)
    model.step()
    return model


def test_bandwidth_is_symmetric_and_a_share(model: ConflictModel) -> None:
    names = list(model.actors)
    for with_access in (False, True):
        found = bandwidth(
            model.state, model.last.c, model.parameters, names, with_access=with_access
        )
        assert np.array_equal(found, np.swapaxes(found, 0, 1))
        assert ((found >= 0) & (found <= 1)).all()


def test_access_counts_for_the_pair_that_has_it_and_for_no_other(model: ConflictModel) -> None:
    plain, access = model.capacity["fbic"], model.capacity["fbic_access"]
    differs = ~np.isclose(plain, access).all(axis=-1)
    pairs = {(int(i), int(j)) for i, j in np.argwhere(differs)}
    assert pairs <= {(0, 1), (1, 0)}
    assert pairs


def test_weights_pick_the_channel(model: ConflictModel) -> None:
    names = list(model.actors)
    only_security = bandwidth(
        model.state, model.last.c, model.parameters, names, weights=(0.0, 1.0, 0.0)
    )
    nato, russia = names.index("nato"), names.index("russia")
    assert (only_security[nato, russia] == 0.0).all()
