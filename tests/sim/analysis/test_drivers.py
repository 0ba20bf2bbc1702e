"""A shift in influence divided among payoff terms, over worlds."""

import json

import numpy as np
import pytest

from sim.analysis.drivers import Drivers, DriversError, End, Part, drivers
from sim.draws import TILE
from sim.ensemble.twins import Worlds
from sim.model import ConflictModel
from sim.scenario import Month, Scenario, load_scenario

pytestmark = pytest.mark.slow
PAIR = ("belarus", "russia")
WORLDS = Worlds(TILE + 2, seed=5, draws=4, engine="numba")
WEIGHT = "actors.russia.incentives.transfers"


def means(part: Part) -> dict[str, float]:
    found = {name: one.mean for name, one in vars(part).items()}
    assert None not in found.values()
    return {name: mean for name, mean in found.items() if mean is not None}


def influence_at(scenario: Scenario, month: Month) -> float:
    model = ConflictModel(scenario, worlds=TILE, rng=5, draws=4, collect=False, engine="numba")
    for _ in range(month - scenario.start + 1):
        model.step()
    return float(np.nanmean(model.influence[PAIR].mean))


@pytest.fixture(scope="module")
def between_scenarios() -> Drivers:
    before = load_scenario("status_quo", {"months": 3})
    after = load_scenario("status_quo", {"months": 3, WEIGHT: "{triangular: [0.1, 0.2, 0.35]}"})
    month = before.end
    return drivers(End(before, month), End(after, month), [PAIR], WORLDS)[PAIR]


def test_parts_add_up_to_the_shift(between_scenarios: Drivers) -> None:
    whole = means(between_scenarios.whole)
    for name in ("before", "after", "shift", "aims", "circumstances"):
        parts = [means(part)[name] for part in between_scenarios.terms.values()]
        assert sum(parts) == pytest.approx(whole[name], abs=1e-9), name
    for part in (between_scenarios.whole, *between_scenarios.terms.values()):
        told = means(part)
        assert told["after"] - told["before"] == pytest.approx(told["shift"], abs=1e-12)
        assert told["aims"] + told["circumstances"] == pytest.approx(told["shift"], abs=1e-12)
    assert abs(whole["shift"]) > 1e-4


def test_the_whole_is_the_influence_that_runs_record(between_scenarios: Drivers) -> None:
    scenario = load_scenario("status_quo", {"months": 3})
    expected = influence_at(scenario, scenario.end)
    assert between_scenarios.whole.before.mean == pytest.approx(expected, abs=1e-9)
    assert between_scenarios.whole.before.sets == TILE // 4


def test_between_months_aims_do_nothing() -> None:
    scenario = load_scenario("status_quo", {"months": 3})
    found = drivers(End(scenario, scenario.start), End(scenario, scenario.end), [PAIR], WORLDS)
    for part in (found[PAIR].whole, *found[PAIR].terms.values()):
        assert part.aims.mean == 0.0
        assert part.circumstances.mean == part.shift.mean
    assert found[PAIR].whole.after.mean == pytest.approx(influence_at(scenario, scenario.end))


def test_where_only_weights_differ_circumstances_do_nothing() -> None:
    """In the first month nothing has followed from other weights yet."""
    before = load_scenario("status_quo", {"months": 1})
    after = load_scenario("status_quo", {"months": 1, WEIGHT: 0.4})
    month = before.start
    found = drivers(End(before, month), End(after, month), [PAIR], WORLDS)[PAIR]
    assert means(found.whole)["circumstances"] == pytest.approx(0.0, abs=1e-12)
    assert abs(means(found.whole)["aims"]) > 1e-4


def test_the_document_names_its_method_and_ranks_terms(between_scenarios: Drivers) -> None:
    found = between_scenarios.document()
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert "Owen" in found["method"]
    sizes = [abs(one["shift"]["mean"]) for one in found["terms"].values()]
    assert sizes == sorted(sizes, reverse=True)


def test_what_cannot_be_divided_is_refused() -> None:
    scenario = load_scenario("status_quo")
    late = End(scenario, Month(2030, 1))
    start = End(scenario, scenario.start)
    with pytest.raises(DriversError, match="2030-01 is outside status_quo, 2023-12 to 2026-11"):
        drivers(start, late, [PAIR], WORLDS)
    with pytest.raises(DriversError, match="nothing shifts"):
        drivers(start, start, [PAIR], WORLDS)
    with pytest.raises(DriversError, match="8 worlds or more"):
        drivers(start, End(scenario, scenario.end), [PAIR], Worlds(7, 1, 4))
