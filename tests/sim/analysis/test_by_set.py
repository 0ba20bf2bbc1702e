"""Runs read set by set: one value a set, and what chance leaves in it."""

import numpy as np
import pytest

from sim.analysis.by_set import BySetError, by_set
from sim.analysis.outcomes import OutcomeError
from tests.support.synthetic import make_run


def test_a_set_has_the_mean_of_its_draws_and_only_what_differs_is_a_parameter() -> None:
    ds = make_run(worlds=402, draws=4)
    found = by_set(ds, "payoff.belarus")
    assert found.sets == 100  # the last set is not whole
    wanted = ds["payoff"].sel(actor="belarus").values[:400, -1].astype(float)
    np.testing.assert_allclose(found.values, wanted.reshape(100, 4).mean(axis=1))
    assert list(found.parameters) == ["world.third_party_arms"]
    np.testing.assert_array_equal(
        found.parameters["world.third_party_arms"], ds["parameter"].values[:400:4, 1]
    )


def test_a_difference_is_taken_within_worlds() -> None:
    base, other = make_run(), make_run("prolonged_conflict", pull=0.5)
    found = by_set(other, "payoff.belarus", "mean", base)
    wanted = (other["payoff"] - base["payoff"]).sel(actor="belarus").mean("month").values
    np.testing.assert_allclose(found.values, wanted.reshape(-1, 4).mean(axis=1), atol=1e-6)
    assert found.against


def test_what_chance_leaves_is_told_where_it_can_be() -> None:
    ds = make_run(worlds=2000)
    rng = np.random.default_rng(1)
    unknown, luck = rng.standard_normal(500).repeat(4), rng.standard_normal(2000)
    ds["front"] = (("world", "month"), (unknown + luck)[:, None].repeat(36, 1))
    told = by_set(ds, "front").chance
    assert told is not None
    assert told == pytest.approx(0.25 / 1.25, abs=0.04)
    assert by_set(ds.assign_attrs(vary="unknown"), "front").chance is None
    assert by_set(make_run(draws=1), "front").chance is None


def test_worlds_without_a_value_are_left_out() -> None:
    ds = make_run()
    values = ds["front"].values.copy()
    values[:4] = np.nan
    values[5] = np.nan
    ds["front"] = (("world", "month"), values)
    found = by_set(ds, "front")
    assert (found.sets, found.without) == (99, 1)
    assert found.values[0] == pytest.approx(values[[4, 6, 7], -1].mean())


def test_what_cannot_be_read_is_said() -> None:
    with pytest.raises(BySetError, match="same assumptions"):
        by_set(make_run().assign_attrs(vary="chance"), "front")
    with pytest.raises(BySetError, match="fewer than two sets"):
        by_set(make_run(worlds=4), "front")
    with pytest.raises(OutcomeError, match="did you mean"):
        by_set(make_run(), "frond")
