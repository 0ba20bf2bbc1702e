"""Runs read piece by piece give the numbers that whole arrays give, in memory that stays flat."""

import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from sim.analysis import streams
from sim.analysis.compare import compare, pair
from sim.analysis.inputs import sampled
from sim.analysis.outcomes import COUNTS, HEADLINE, outcome
from sim.analysis.precision import reached, read_condition
from sim.analysis.spread import final, summary
from sim.analysis.war_and_peace import by_kind, document, months_of_war, moved
from sim.ensemble.levels import KEEP, Keep
from sim.ensemble.store import Store
from sim.report.aggregates import digest
from sim.scenario import load_scenario
from tests.support import plausible
from tests.support.synthetic import make_run

NAMES = [*HEADLINE, *COUNTS, "influence_lever.belarus.russia.tempo"]


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces of a few worlds, and two months held at a time."""
    monkeypatch.setattr(streams, "PIECE", 37)
    monkeypatch.setattr(streams, "HELD", 2 * 8 * 400)


@pytest.fixture(scope="module")
def run() -> xr.Dataset:
    return make_run(worlds=400, months=9)


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.parametrize("name", NAMES)
def test_pieces_make_up_the_whole(run: xr.Dataset, name: str) -> None:
    whole = outcome(run, name)
    ends, means = streams.last_and_mean(run, name)
    assert ends.tobytes() == np.ascontiguousarray(whole.values[:, -1]).tobytes()
    assert final(run, name).tobytes() == ends.tobytes()
    assert means.tobytes() == whole.mean("month", skipna=False).values.tobytes()
    months = list(streams.by_month(run, name))
    assert np.stack(months, axis=1).tobytes() == whole.values.tobytes()


def test_averages_of_war_and_peace_do_not_depend_on_the_pieces(
    run: xr.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, told = by_kind(run, "influence.belarus.russia"), moved(run)
    monkeypatch.setattr(streams, "PIECE", 37)
    for kind, values in by_kind(run, "influence.belarus.russia").items():
        assert values.tobytes() == whole[kind].tobytes()
    assert document(moved(run)) == document(told)
    fighting = np.unpackbits(months_of_war(run), axis=1, count=9)
    assert (fighting == run["fighting"].values).all()


@pytest.mark.parametrize("keep", KEEP)
def test_a_stored_run_gives_what_the_run_in_memory_gives(
    keep: Keep, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Digest, JSON, errors and inputs to the last bit."""
    scenario = load_scenario("status_quo", {"months": 5})
    stored = Store(tmp_path, plausible.simulate, batch=1024).fetch(scenario, 1500, 1, 4, keep=keep)
    inside = plausible.simulate(scenario, 1500, 1, draws=4, keep=keep)
    told = digest(pair([inside])), {name: summary(inside, name) for name in HEADLINE}
    condition = read_condition("front mcse<0.002")
    error, inputs = reached(inside, condition), sampled(inside)
    monkeypatch.setattr(streams, "PIECE", 700)
    monkeypatch.setattr(streams, "HELD", 2 * 8 * 1500)
    assert digest(pair([stored.dataset])) == told[0]
    assert {name: summary(stored.dataset, name) for name in HEADLINE} == told[1]
    assert reached(stored.dataset, condition) == error
    assert sampled(stored.dataset) == inputs


def test_stored_runs_compare_as_runs_in_memory_do(tmp_path: Path) -> None:
    scenario = load_scenario("status_quo", {"months": 3})
    other = replace(scenario, name="other", title="Other")
    store = Store(tmp_path, plausible.simulate)
    stored = [store.fetch(s, 120, 1, 4, keep="headline").dataset for s in (scenario, other)]
    inside = [ds.load() for ds in stored]
    opened = [store.fetch(s, 120, 1, 4, keep="headline").dataset for s in (scenario, other)]
    assert compare(opened).paired.equals(compare(inside).paired)
    assert digest(compare(opened)) == digest(compare(inside))
    shorter = store.fetch(other, 100, 1, 4, keep="headline").dataset
    assert digest(compare([opened[0], shorter])).worlds == 100


def peak(work: Callable[[], object]) -> int:
    """Bytes that a piece of work holds at most, beyond what there was."""
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        work()
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


@pytest.mark.slow
def test_memory_does_not_grow_with_what_worlds_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More worlds add some vectors of one number a world, not the months of all variables."""
    monkeypatch.setattr(streams, "PIECE", 1024)
    monkeypatch.setattr(streams, "HELD", 8 * 3 * 8192)
    scenario = load_scenario("status_quo", {"months": 6})
    store = Store(tmp_path, plausible.simulate)
    few, many = 2048, 8192
    store.fetch(scenario, many, 1, 4, keep="headline")

    def analysis(worlds: int) -> None:
        ds = store.fetch(scenario, worlds, 1, 4, keep="headline").dataset
        assert digest(pair([ds])).worlds == worlds
        for name in HEADLINE[:3]:
            summary(ds, name)

    analysis(few)  # what is imported or cached on the way does not count
    held = [peak(partial(analysis, worlds)) for worlds in (few, many)]
    a_world = (held[1] - held[0]) / (many - few)
    whole = store.fetch(scenario, few, 1, 4, keep="headline").dataset.nbytes / few
    assert a_world < 200
    assert whole > 15 * a_world
