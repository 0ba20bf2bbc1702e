"""War and peace apart: cases worked by hand, and worlds that never see peace."""

import json
import warnings

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis.deals import deals
from sim.analysis.outcomes import COUNTS, available, describe, outcome
from sim.analysis.war_and_peace import average, by_kind, document, moved
from tests.support.synthetic import LEVERS, make_run

NAME = "influence_lever.belarus.russia.talks"


def small(influence: list[list[float]], fighting: list[list[int]]) -> xr.Dataset:
    """A run whose influence over Russia's talks, and whose months of war, are given by hand."""
    run = make_run(worlds=len(influence), months=len(influence[0]))
    run["fighting"][:] = np.array(fighting)
    run["influence_lever"].loc[{"scope": "belarus.russia.talks"}] = np.array(influence)
    return run


@pytest.mark.parametrize(
    ("influence", "fighting", "war", "peace"),
    [
        ([0.1, 0.3, 0.5], [1, 1, 0], 0.2, 0.5),
        ([0.1, 0.3, 0.5], [1, 1, 1], 0.3, np.nan),
        ([0.1, 0.3, 0.5], [0, 0, 0], np.nan, 0.3),
        ([0.1, np.nan, 0.5], [1, 1, 0], 0.1, 0.5),  # masked in a month of war
        ([0.1, 0.3, np.nan], [1, 0, 0], 0.1, 0.3),
        ([np.nan, np.nan, 0.5], [1, 1, 0], np.nan, 0.5),
    ],
)
def test_months_of_a_kind_are_averaged_within_a_world(
    influence: list[float], fighting: list[int], war: float, peace: float
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = by_kind(small([influence], [fighting]), NAME)
    assert found["war"] == pytest.approx([war], nan_ok=True)
    assert found["peace"] == pytest.approx([peace], nan_ok=True)


@given(st.lists(st.booleans(), min_size=12, max_size=12))
def test_the_months_of_both_kinds_are_all_months(fighting: list[bool]) -> None:
    run = make_run(worlds=4, months=12)
    run["fighting"][:] = np.array(fighting, np.int8)
    found = by_kind(run, "influence.belarus.russia")
    wars = sum(fighting)
    in_war, in_peace = (
        np.nan_to_num(found["war"]) * wars,
        np.nan_to_num(found["peace"]) * (12 - wars),
    )
    total = in_war + in_peace
    assert total / 12 == pytest.approx(outcome(run, "influence.belarus.russia").mean("month"))


def test_worlds_without_peace_are_left_out_of_it() -> None:
    run = small([[0.1, 0.3], [0.1, 0.5], [0.2, 0.9]], [[1, 1], [1, 0], [1, 0]])
    kinds = moved(run)["belarus", "russia"]
    assert kinds["war"].levers["talks"].spread.worlds == 3
    peace = kinds["peace"].levers["talks"]
    assert peace.spread.worlds == 2
    assert peace.mean == pytest.approx(0.7)
    run["influence_lever"].loc[{"scope": "belarus.russia.tempo"}] = np.nan
    nothing = moved(run)["belarus", "russia"]["war"].levers["tempo"]
    assert (nothing.mean, nothing.error, nothing.spread.worlds) == (None, None, 0)


def test_the_error_is_that_of_sets_and_shrinks_with_their_number() -> None:
    rng = np.random.default_rng(1)
    errors = []
    for sets in (50, 800):
        values = rng.standard_normal(sets).repeat(4)
        found = average(values, np.arange(4 * sets) // 4)
        assert found.error == pytest.approx(values.std() / np.sqrt(sets), rel=0.05)
        errors.append(found.error)
    assert errors[0] / errors[1] == pytest.approx(4, rel=0.25)  # type: ignore[operator]


def test_every_pair_and_lever_is_told_as_json() -> None:
    told = document(moved(make_run(worlds=200, months=24)))
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert list(told) == ["belarus.russia", "russia.belarus"]
    for pair, levers in zip(told.values(), (LEVERS[:5], LEVERS[5:10]), strict=True):
        for kind in ("war", "peace"):
            assert list(pair[kind]["levers"]) == levers
            lever = pair[kind]["levers"][levers[1]]
            assert abs(lever["shift"]["mean"]) == pytest.approx(lever["influence"]["mean"])
            assert pair[kind]["entry_allowed"]["mean"] > pair[kind]["mean"]["mean"]
            assert lever["influence"]["se"] > 0


def test_a_run_that_does_not_record_it_tells_nothing() -> None:
    run = make_run(worlds=8, months=3)
    assert document(moved(run.drop_vars("influence_lever"))) == {}
    assert document(moved(run.drop_vars("fighting"))) == {}
    assert deals(run.drop_vars(["deal_round", "breach"])) == {}


def test_rounds_are_counted_by_how_they_went() -> None:
    run = make_run(worlds=1, months=6)
    run["deal_round"][0] = [-1, 0, 1, 2, 3, 4]
    run["breach"][0] = np.array([[0, 0], [1, 0], [0, 0.5], [1, 0], [0, 0], [0, 0]])
    counted = {
        "deal.rounds": [0, 1, 2, 3, 4, 5],
        "deal.signed": [0, 0, 1, 1, 1, 1],
        "deal.refused": [0, 0, 0, 1, 2, 3],
        "deal.breaches.russia": [0, 1, 1, 2, 2, 2],
        "deal.breaches.belarus": [0, 0, 1, 1, 1, 1],
    }
    assert set(counted) == set(COUNTS)
    for name, expected in counted.items():
        assert outcome(run, name).values[0].tolist() == expected
        assert name in available(run)
        assert describe(name)[1] == "count"
        assert deals(run)[name].mean == expected[-1]


def test_a_scope_is_named_by_source_target_and_lever() -> None:
    run = make_run(worlds=4, months=3)
    picked = run["influence_shift"].sel(scope="russia.belarus.voice")
    name = "influence_shift.russia.belarus.voice"
    np.testing.assert_array_equal(outcome(run, name), picked)
    assert describe(name) == ("Where Russia’s aims move Belarus’s voice", "levels")
    assert describe(NAME)[0] == "Belarus’s influence over Russia’s talks"
