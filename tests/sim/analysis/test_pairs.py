import numpy as np
import pytest
import xarray as xr

from sim.analysis import streams
from sim.analysis.differences import mean_interval
from sim.analysis.pairs import ALL_MONTHS, Table, recorded_pairs, tables
from sim.analysis.spread import Ints, sets_of
from tests.support.synthetic import make_run


def levels(run: xr.Dataset, sets: Ints) -> Table:
    """The levels of one run."""
    (found,), changes = tables([run], 0, sets)
    assert changes == {}
    return found


def test_every_pair_is_a_mean_over_the_worlds_that_have_it() -> None:
    run = make_run(worlds=200, months=5)
    found = levels(run, sets_of(run))
    assert len(found) == 12
    for (source, target), one in found.items():
        values = run["influence"].sel(actor=source, target=target).values.astype(np.float64)
        known = ~np.isnan(values[:, 0])
        assert one.worlds == [int(known.sum())] * 6
        assert one.worlds[0] == (200 if {source, target} == {"belarus", "russia"} else 64)
        for at, column in enumerate([values.mean(axis=1), *values.T]):
            mean, error, half = mean_interval(column[known], sets_of(run)[known])
            told = (one.mean[at], one.error[at], one.half[at])
            assert told == pytest.approx((mean, error, half), rel=1e-5)


def test_changes_are_taken_within_worlds() -> None:
    base = make_run("a", worlds=120, months=4)
    other = make_run("b", worlds=120, months=4, pull=0.5)
    sets = sets_of(base)
    _, changes = tables([other, base], 1, sets)
    assert list(changes) == [0]
    one = changes[0]["nato", "ukraine"]
    difference = (other["influence"] - base["influence"]).sel(actor="nato", target="ukraine")
    known = difference.values[:64].astype(np.float64)
    mean, error, _ = mean_interval(known[:, 2], sets[:64])
    assert one.mean[3] == pytest.approx(mean, rel=1e-4)
    assert one.error[3] == pytest.approx(error, rel=1e-4)
    assert one.mean[ALL_MONTHS] == pytest.approx(known.mean(), rel=1e-4)


def test_pieces_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    run = make_run(worlds=130, months=3, draws=3)
    sets = sets_of(run)
    whole = levels(run, sets)
    monkeypatch.setattr(streams, "PIECE", 50)  # cuts sets of three in two
    cut = levels(run, sets)
    for pair, one in whole.items():
        assert cut[pair].worlds == one.worlds
        assert cut[pair].mean == pytest.approx(one.mean)
        assert cut[pair].error == pytest.approx(one.error)


def test_months_without_a_value_are_left_out() -> None:
    run = make_run(worlds=80, months=3)
    run["influence"][:, 1, 1, 0] = np.nan
    run["influence"][:8, 2, 1, 0] = np.nan
    one = levels(run, sets_of(run))["belarus", "russia"]
    assert one.mean[2] is None
    assert one.worlds == [80, 80, 0, 72]


def test_what_is_not_recorded_is_no_pair() -> None:
    run = make_run(worlds=8, months=2)
    run["influence"].attrs["recorded"] = "belarus.russia russia.belarus"
    assert set(recorded_pairs(run)) == {("belarus", "russia"), ("russia", "belarus")}
    assert recorded_pairs(run.drop_vars("influence")) == ()
