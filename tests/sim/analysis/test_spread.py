import json

import numpy as np
import pytest

from sim.analysis.spread import (
    batch_labels,
    decompose,
    quantiles,
    sets_of,
    summary,
    variance_components,
    varied,
)
from tests.support.synthetic import make_run


def nested(
    rng: np.random.Generator, sets: int, draws: int, unknown: float, chance: float
) -> tuple[np.ndarray, np.ndarray]:
    """Normal worlds with known variances between and within sets."""
    level = np.sqrt(unknown) * rng.standard_normal(sets)
    values = level[:, None] + np.sqrt(chance) * rng.standard_normal((sets, draws))
    return values.ravel(), np.repeat(np.arange(sets), draws)


def test_two_sets_by_hand() -> None:
    # Means 2 and 6 about 4: between 2 * (4 + 4) / 1 = 16, within (2 + 2) / 2 = 2.
    values, sets = np.array([1.0, 3.0, 5.0, 7.0]), np.array([0, 0, 1, 1])
    assert variance_components(values, sets) == pytest.approx((7.0, 2.0))
    spread = decompose(values, sets)
    assert spread.unknown == pytest.approx(7 / 9)
    assert spread.chance == pytest.approx(2 / 9)
    assert not spread.clipped
    assert spread.error is None


def test_a_last_set_cut_short_is_weighted_by_its_size() -> None:
    # Means 2 and 6 about 3: between 3 * 1 + 9 = 12, within 2 / 2 = 1, size 4 - 10 / 4 = 1.5.
    values, sets = np.array([1.0, 2.0, 3.0, 6.0]), np.array([0, 0, 0, 1])
    assert variance_components(values, sets) == pytest.approx((11 / 1.5, 1.0))


@pytest.mark.parametrize(("unknown", "chance"), [(1.0, 0.0), (0.0, 1.0), (1.0, 3.0)])
def test_components_are_unbiased(unknown: float, chance: float) -> None:
    rng = np.random.default_rng(7)
    found = np.array(
        [variance_components(*nested(rng, 20, 4, unknown, chance)) for _ in range(3000)]
    )
    error = found.std(axis=0) / np.sqrt(len(found))
    assert np.all(np.abs(found.mean(axis=0) - (unknown, chance)) < 4 * error + 1e-12)


def test_a_negative_estimate_is_put_at_zero_and_said() -> None:
    values, sets = np.array([0.0, 2.0, 0.0, 2.0, 0.0, 2.0]), np.array([0, 0, 1, 1, 2, 2])
    spread = decompose(values, sets)
    assert (spread.unknown, spread.chance, spread.clipped) == (0.0, 1.0, True)


@pytest.mark.parametrize(
    ("values", "sets"),
    [
        ([3.0, 3.0, 3.0, 3.0], [0, 0, 1, 1]),
        ([0.1 + 0.2, 0.3, 0.3, 0.3], [0, 0, 1, 1]),
        ([1.0, 2.0, 3.0], [0, 1, 2]),
        ([1.0, 2.0, 3.0], [0, 0, 0]),
        ([np.nan, np.nan], [0, 0]),
    ],
    ids=["constant", "constant but for rounding", "one draw a set", "one set", "no values"],
)
def test_what_cannot_be_told_apart_is_none(values: list[float], sets: list[int]) -> None:
    spread = decompose(np.array(values), np.array(sets))
    assert (spread.unknown, spread.chance) == (None, None)


def test_worlds_without_a_value_are_left_out() -> None:
    values, sets = np.array([1.0, 3.0, np.nan, 5.0, 7.0]), np.array([0, 0, 0, 1, 1])
    assert decompose(values, sets).unknown == pytest.approx(7 / 9)
    assert quantiles(values, sets).worlds == 4


def test_the_error_of_the_share_is_about_its_spread_over_runs() -> None:
    rng = np.random.default_rng(3)
    found = [decompose(*nested(rng, 150, 4, 1.0, 1.0)) for _ in range(300)]
    shares = np.array([one.unknown for one in found])
    errors = np.array([one.error for one in found])
    assert np.sqrt((errors**2).mean()) == pytest.approx(shares.std(), rel=0.15)


def test_batches_hold_whole_neighbouring_sets() -> None:
    sets = np.repeat(np.arange(103), 4)
    labels = batch_labels(sets)
    assert labels is not None
    assert labels.max() + 1 == 20
    assert np.all(np.diff(labels) >= 0)
    assert all(np.unique(labels[sets == one]).size == 1 for one in np.unique(sets))
    sizes = np.bincount(labels)
    assert sizes.max() - sizes.min() <= 4
    assert batch_labels(np.arange(24)) is None
    assert batch_labels(np.arange(25)) is not None


@pytest.mark.parametrize("name", ["q05", "median", "q95"])
def test_quantile_errors_count_what_worlds_of_a_set_share(name: str) -> None:
    # With 80 % of the variance between sets, an error that took worlds for independent would be
    # about 1.8 times too small.
    rng = np.random.default_rng(11)
    runs = [quantiles(*nested(rng, 400, 4, 0.8, 0.2)) for _ in range(200)]
    actual = np.std([run.values[name] for run in runs])
    errors = [run.errors[name] or 0.0 for run in runs]
    told = np.sqrt(np.mean(np.square(errors)))
    assert told == pytest.approx(actual, rel=0.2)


def test_quantiles_are_those_of_all_worlds() -> None:
    values = np.random.default_rng(0).standard_normal(400)
    found = quantiles(values, np.arange(400) // 4)
    assert found.values["q25"] == np.quantile(values, 0.25)
    assert list(found.values) == list(found.errors) == ["q05", "q25", "median", "q75", "q95"]


def test_set_numbers_follow_world_numbers_wherever_a_run_begins() -> None:
    run = make_run(worlds=6, months=1, first=6)
    assert sets_of(run).tolist() == [1, 1, 2, 2, 2, 2]


def test_the_run_document_has_exactly_its_keys_and_is_json() -> None:
    run = make_run(worlds=400, months=2)
    found = summary(run, "influence.belarus.russia")
    assert list(found) == ["final", "spread"]
    assert list(found["final"]) == ["q05", "q25", "median", "q75", "q95", "mcse"]
    assert list(found["final"]["mcse"]) == ["q05", "q25", "median", "q75", "q95"]
    assert list(found["spread"]) == ["unknown", "chance"]
    assert sum(found["spread"].values()) == pytest.approx(1)
    assert all(error > 0 for error in found["final"]["mcse"].values())


def test_with_too_few_sets_errors_are_null_not_made_up() -> None:
    found = summary(make_run(worlds=8, months=2), "front")
    assert set(found["final"]["mcse"].values()) == {None}
    json.dumps(found, allow_nan=False)


def test_an_outcome_without_values_is_null() -> None:
    found = summary(make_run(worlds=8, months=2), "influence.ukraine.nato")
    assert found["final"]["median"] is None
    assert found["spread"] == {"unknown": None, "chance": None}


@pytest.mark.parametrize(("vary", "said"), [("chance", "median"), ("unknown", "same 4 draws")])
def test_a_run_that_varies_one_thing_says_what_it_cannot_tell(vary: str, said: str) -> None:
    run = make_run(worlds=400, months=2).assign_attrs(vary=vary)
    told = summary(run, "front")["spread"]
    assert (told["unknown"], told["chance"]) == (None, None)
    assert said in told["cannot_tell"]


def test_where_only_chance_varies_every_world_is_independent() -> None:
    run = make_run(worlds=8, months=1).assign_attrs(vary="chance")
    assert sets_of(run).tolist() == list(range(8))


def test_sets_that_share_their_draws_cannot_be_split_by_analysis_of_variance() -> None:
    # The one-way analysis takes what four shared draws do for what chance does in every set, and
    # counts too little for the unknown: that is why nothing is told.
    rng = np.random.default_rng(5)
    levels, draws = rng.standard_normal(200), 3 * rng.standard_normal(4)
    values = (levels[:, None] + draws).reshape(-1)
    found = variance_components(values, np.arange(800) // 4)
    assert found is not None
    assert found[0] < 0
    assert decompose(values, np.arange(800) // 4, "unknown").unknown is None


def test_the_spread_of_a_fork_is_chance_in_its_world() -> None:
    ds = make_run("status_quo", worlds=8, months=2)
    how = varied(ds.assign_attrs(vary="chance", fork_of=21, fork_at="2024-06"))
    assert (how.fork_of, how.fork_at) == (21, "2024-06")
    assert how.cannot_tell.startswith("These are futures of world 21: only chance from 2024-06 on")
    assert "median" not in how.cannot_tell
