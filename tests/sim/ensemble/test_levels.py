"""What is recorded of worlds changes nothing about them."""

from itertools import product
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from sim.analysis.outcomes import COUNTS, HEADLINE, available
from sim.ensemble.engine import simulate
from sim.ensemble.identity import run_id
from sim.ensemble.levels import (
    HEADLINE_LABELS,
    HEADLINE_VARIABLES,
    KEEP,
    LEVELS,
    Keep,
    check_keep,
    recorded_labels,
)
from sim.ensemble.manifest import Manifest
from sim.ensemble.measuring import measured
from sim.ensemble.recording import VARIABLES, labels_of, layout, scopes
from sim.ensemble.store import Store
from sim.influence.behavioural import HEADLINE_PAIRS
from sim.scenario import Scenario, load_scenario
from tests.support import plausible

WORLDS = 70  # beyond the first tile, in which all pairs of actors are measured


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario("status_quo", {"months": 4})


@pytest.fixture(scope="module")
def everything(scenario: Scenario) -> xr.Dataset:
    return simulate(scenario, WORLDS)


@pytest.fixture(scope="module")
def headline(scenario: Scenario) -> xr.Dataset:
    return simulate(scenario, WORLDS, keep="headline")


def bits(values: xr.DataArray) -> bytes:
    return np.ascontiguousarray(values.to_numpy()).tobytes()


@pytest.mark.parametrize("keep", [keep for keep in LEVELS if keep != "all"])
def test_what_levels_keep_is_the_same(
    everything: xr.Dataset, scenario: Scenario, keep: Keep
) -> None:
    found = simulate(scenario, WORLDS, keep=keep)
    names = LEVELS[keep].variables
    assert names is not None
    assert set(found.data_vars) == {*names, "parameter"}
    assert bits(found["parameter"]) == bits(everything["parameter"])
    for name in names:
        whole, kept = everything[name], found[name]
        assert (kept.dims, kept.dtype) == (whole.dims, whole.dtype)
        wanted = recorded_labels(kept.attrs)
        told = labels_of(name, keep)
        assert wanted == (None if told is None else frozenset(told))
        rest = kept.dims[2:]
        for labels in product(*(kept[dim].values for dim in rest)):
            picked = dict(zip(rest, labels, strict=True))
            if wanted is None or ".".join(labels) in wanted:
                assert bits(kept.sel(picked)) == bits(whole.sel(picked)), (name, labels)
            else:
                assert np.isnan(kept.sel(picked).values).all()


def test_the_pairs_are_those_measured_in_every_world() -> None:
    pairs = {f"{source}.{target}" for source, target in HEADLINE_PAIRS}
    assert set(HEADLINE_LABELS["influence"]) == pairs


def test_nothing_is_measured_that_is_not_kept() -> None:
    """And everything that is: the bits of each level are compared above."""
    one = HEADLINE_PAIRS[:1]
    found = {keep: measured(keep) for keep in LEVELS}
    assert {keep: m.pairs for keep, m in found.items()} == {
        "all": HEADLINE_PAIRS,
        "headline": HEADLINE_PAIRS,
        "influence": one,
        "figures": (),
    }
    assert [keep for keep, m in found.items() if m.all_pairs] == ["all"]
    assert [keep for keep, m in found.items() if m.capacity] == ["all"]
    for seldom in ("entry_allowed", "power"):
        assert {keep for keep, m in found.items() if getattr(m, seldom)} == {"all", "headline"}
    assert all(m.dependence for m in found.values())


def test_influence_keeps_all_levers_of_russia_and_no_report_is_made_of_it() -> None:
    levers = {scope for scope in scopes() if scope.startswith("belarus.russia.")}
    assert set(LEVELS["influence"].labels["influence_lever"]) == levers
    assert {"influence", "figures"}.isdisjoint(KEEP)


def test_headline_is_what_reports_and_documents_tell() -> None:
    assert set(HEADLINE_VARIABLES) < set(VARIABLES)
    kept = set(available(layout("headline")))
    assert {*HEADLINE, *COUNTS} <= kept
    assert {name for name in kept if name.startswith("influence_lever")} == {
        name for name in available(layout()) if name.startswith("influence_lever")
    }
    assert "influence.nato.russia" in available(layout())
    assert "influence.nato.russia" not in kept


def test_headline_runs_are_the_same_however_they_are_made(
    tmp_path: Path, scenario: Scenario, headline: xr.Dataset
) -> None:
    """Worlds asked for at once or later, in any order, by this process or by two others."""
    store = Store(tmp_path, batch=64)
    store.fetch(scenario, 6, 1, 4, keep="headline")
    stored = store.fetch(scenario, WORLDS, 1, 4, keep="headline")
    xr.testing.assert_identical(stored.dataset, headline)
    late = simulate(scenario, 10, first=60, keep="headline")
    early = simulate(scenario, 60, keep="headline")
    joined = xr.concat([early, late], "world", combine_attrs="override", data_vars="minimal")
    for name in headline.data_vars:
        assert bits(joined[name]) == bits(headline[name])
    shared = simulate(scenario, 160, workers=2, keep="headline")
    for name in headline.data_vars:
        assert bits(shared[name].isel(world=slice(WORLDS))) == bits(headline[name])


def test_levels_are_runs_of_their_own(tmp_path: Path, scenario: Scenario) -> None:
    store = Store(tmp_path, plausible.simulate)
    runs = [store.fetch(scenario, 8, 1, 4, keep=keep) for keep in ("headline", "all")]
    assert runs[0].path != runs[1].path
    for run, keep in zip(runs, ("headline", "all"), strict=True):
        assert run.id == run_id(scenario, seed=1, draws=4, keep=check_keep(keep))
        manifest = Manifest.read(run.path)
        assert manifest is not None
        assert manifest.level == run.dataset.attrs["keep"] == keep


def test_a_headline_run_takes_a_quarter_of_the_room(tmp_path: Path, scenario: Scenario) -> None:
    store = Store(tmp_path, plausible.simulate)
    sizes = {}
    for keep in ("headline", "all"):
        run = store.fetch(scenario, 1024, 1, 4, keep=check_keep(keep))
        files = run.worlds_path.glob("by_month_*/c.*")
        sizes[keep] = sum(file.stat().st_size for file in files) / (1024 * scenario.months)
    assert 200 < sizes["headline"] < 265  # bytes a world-month; noise cannot be compressed
    assert sizes["headline"] < 0.25 * sizes["all"]


def test_no_such_level(scenario: Scenario) -> None:
    with pytest.raises(ValueError, match="headline or all, not most"):
        simulate(scenario, 4, keep="most")  # type: ignore[arg-type]
