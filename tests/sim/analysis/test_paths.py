"""Two paths of one world are held against each other month by month and lever by lever."""

import numpy as np
import pytest
import xarray as xr

from sim.analysis.compare import pair
from sim.analysis.outcomes import outcome
from sim.analysis.paths import Otherwise, done_otherwise, effects, elsewhere, not_held, parted
from sim.scenario.month import Month
from sim.scenario.scenario import Move
from tests.support.synthetic import make_run


@pytest.fixture
def own() -> xr.Dataset:
    run = make_run("status_quo", worlds=6, months=4).assign_attrs(vary="chance")
    run["choice"] = run["choice"] * 0
    return run


def test_levers_that_come_to_stand_elsewhere(own: xr.Dataset) -> None:
    path = own.copy(deep=True)
    path["choice"].loc[{"world": 0, "actor": "belarus", "lever": "voice"}] = [0, 1, 0, 2]
    path["choice"].loc[{"world": 0, "actor": "russia", "lever": "press_entry"}] = [0, -1, 0, 0]
    path["choice"].loc[{"world": 3, "actor": "nato", "lever": "aid"}] = 2
    months = np.datetime_as_string(own["month"].values, unit="M")
    assert done_otherwise(own, path) == [
        Otherwise(str(months[1]), "russia", "press_entry", "no", "no choice", 1),
        Otherwise(str(months[1]), "belarus", "voice", "distance", "neutral", 2),
    ]
    [alone] = done_otherwise(own, path, future=3)
    assert (alone.actor, alone.was, alone.now, alone.months) == ("nato", "cut", "surge", 4)
    assert not done_otherwise(own, own)


def test_in_how_many_futures_a_lever_stands_elsewhere(own: xr.Dataset) -> None:
    path = own.copy(deep=True)
    path["choice"].loc[{"world": [1, 4], "actor": "belarus", "lever": "voice"}] = [0, 0, 2, 0]
    path["choice"].loc[{"world": 5, "actor": "nato", "lever": "aid"}] = -1  # closed, not played
    path["choice"].loc[{"world": 5, "actor": "nato", "lever": "flank"}] = 1
    found = elsewhere(own, path)
    assert found["belarus", "voice"] == pytest.approx(2 / 6)
    assert found["nato", "flank"] == pytest.approx(1 / 6)
    assert sum(share > 0 for share in found.values()) == 2


def test_where_paths_part(own: xr.Dataset) -> None:
    path = own.copy(deep=True)
    path["trust"][4, 2] += 1e-15
    assert parted(own, path) == str(np.datetime_as_string(own["month"].values[2], unit="M"))
    path = own.copy(deep=True)
    path["influence"][1, 1] = own["influence"][1, 1] = np.nan
    assert parted(own, path) is None


def test_effects_are_changes_within_futures(own: xr.Dataset) -> None:
    path = own.copy(deep=True)
    path["front"] = own["front"] + 0.01
    found = effects(pair([own, path]))
    front = found["front"]
    assert front.before == pytest.approx(float(outcome(own, "front")[:, -1].mean()))
    assert front.after - front.before == pytest.approx(0.01)
    assert front.change.difference == pytest.approx(0.01)
    assert front.change.p_greater == 1.0
    assert found["autonomy"].change.difference == 0.0


def test_moves_that_the_state_closes(own: xr.Dataset) -> None:
    first = Month.parse(str(np.datetime_as_string(own["month"].values[0], unit="M")))
    moves = [
        Move("nato", first, first, "aid", "cut"),
        Move("belarus", first, first, "voice", "neutral"),
    ]
    assert not_held(own, moves) == moves[1:]
