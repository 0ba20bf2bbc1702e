"""The medoid is the world nearest to all others, whatever the units."""

import numpy as np
import pytest
import xarray as xr

from sim.analysis.medoid import EndingError, mean_distances, medoid, medoids_by_ending, standardised
from sim.analysis.outcomes import headline, outcome
from tests.support.synthetic import make_run


@pytest.fixture(scope="module")
def run() -> xr.Dataset:
    return make_run("status_quo", worlds=60, months=5)


def brute(rows: np.ndarray, among: list[int]) -> int:
    """The medoid by its definition."""
    apart = [[np.linalg.norm(rows[i] - rows[j]) for j in among] for i in among]
    return among[int(np.sum(apart, axis=1).argmin())]


def test_it_is_the_world_of_least_mean_distance(run: xr.Dataset) -> None:
    columns = []
    for name in headline(run):
        values = outcome(run, name).values
        values = np.where(np.isnan(values), np.nanmean(values, axis=0), values)
        spread = np.sqrt(((values - values.mean(axis=0)) ** 2).mean())
        if spread > 0:
            columns.append((values - values.mean(axis=0)) / spread)
    rows = np.concatenate(columns, axis=1)
    found = medoid(run)
    assert found.world == brute(rows, list(range(60)))
    assert (found.worlds, found.of, found.ending) == (60, 60, None)
    assert found.distance <= found.typical


def test_units_do_not_matter(run: xr.Dataset) -> None:
    other = run.copy()
    other["transfers"] = run["transfers"] * 1000.0
    assert medoid(other).world == medoid(run).world
    assert np.allclose(standardised(other), standardised(run), atol=1e-5)  # stored singly


def test_a_distance_is_in_standard_deviations(run: xr.Dataset) -> None:
    rows = standardised(run)
    assert (rows**2).sum(axis=1).mean() == pytest.approx(1.0)
    assert mean_distances(rows, np.array([4])) == [0.0]
    two = mean_distances(rows, np.array([4, 9]))
    assert two == pytest.approx([np.linalg.norm(rows[4] - rows[9])] * 2)


def test_each_ending_has_its_own(run: xr.Dataset) -> None:
    ends = run["status"].isel(month=-1).values
    flags = str(run["status"].attrs["flag_meanings"]).split()
    found = medoids_by_ending(run)
    assert [flags.index(str(one.ending)) for one in found] == sorted(set(ends.tolist()))
    rows = standardised(run)
    for one in found:
        group = [int(k) for k in np.flatnonzero(ends == flags.index(str(one.ending)))]
        assert one.world == brute(rows, group)
        assert one.worlds == len(group)
    [alone] = medoids_by_ending(run, (str(found[0].ending),))
    assert alone == found[0]


def test_an_ending_that_is_none_is_refused_with_those_that_are(run: xr.Dataset) -> None:
    with pytest.raises(EndingError, match=r"peace: there is no such ending; of 60 worlds: \w+ \("):
        medoids_by_ending(run, ("peace",))
    fighting = run.copy()
    fighting["status"] = run["status"] * 0
    fighting["status"].attrs = run["status"].attrs
    with pytest.raises(EndingError, match=r"settled: no world ends so"):
        medoids_by_ending(fighting, ("settled",))


def test_what_a_world_does_not_have_does_not_set_it_apart(run: xr.Dataset) -> None:
    """Influence over an actor without a choice is not a number."""
    other = run.copy(deep=True)
    other["influence"][7, 2] = np.nan
    assert np.isfinite(standardised(other)).all()
    assert abs(standardised(other)[7]).max() <= abs(standardised(run)).max() * 1.2
