"""The path measure as arithmetic: what it must give for play whose spread is known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.influence.path import (
    Course,
    PathError,
    divergence,
    over_levers,
    over_months,
)

MONTHS, SETS, DRAWS = 3, 5, 4
seeds = st.integers(0, 2**32)


def course(levers: dict[str, np.ndarray], live: dict[str, np.ndarray] | None = None) -> Course:
    everywhere = {name: np.ones((p.shape[0], p.shape[2]), bool) for name, p in levers.items()}
    return Course(levers, everywhere | (live or {}))


def random_play(seed: int, levels: int = 3, sets: int = SETS, draws: int = DRAWS) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.moveaxis(rng.dirichlet(np.ones(levels), (MONTHS, sets * draws)), -1, 1)


@given(seeds)
def test_play_that_retraces_its_path_is_exactly_nothing_apart(seed: int) -> None:
    play = course({"tempo": random_play(seed), "talks": random_play(seed + 1, 2)})
    found = divergence(play, play, DRAWS)
    for lever in play.levers:
        assert np.array_equal(found.distance[lever], np.zeros((MONTHS, SETS)))
        assert (found.chance[lever] > 0).all()  # though chance drives its paths apart


@given(seeds)
def test_where_chance_changes_nothing_it_is_the_total_variation(seed: int) -> None:
    one, two = (np.repeat(random_play(s, draws=1), DRAWS, axis=-1) for s in (seed, seed + 1))
    found = divergence(course({"tempo": one}), course({"tempo": two}), DRAWS)
    variation = 0.5 * np.abs(one - two).sum(axis=1)[:, ::DRAWS]
    assert found.distance["tempo"] == pytest.approx(variation, abs=1e-12)
    assert np.abs(found.chance["tempo"]).max() < 1e-12


@given(seeds)
def test_own_and_twin_may_be_exchanged(seed: int) -> None:
    one, two = course({"a": random_play(seed)}), course({"a": random_play(seed + 1)})
    forth, back = divergence(one, two, DRAWS), divergence(two, one, DRAWS)
    assert forth.distance["a"] == pytest.approx(back.distance["a"], abs=1e-12)


def test_it_is_the_energy_distance_written_out() -> None:
    p, q = random_play(1, sets=1), random_play(2, sets=1)

    def apart(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        pairs = [(i, j) for i in range(DRAWS) for j in range(DRAWS) if i != j]
        return np.mean([0.5 * np.abs(x[..., i] - y[..., j]).sum(axis=1) for i, j in pairs], axis=0)

    found = divergence(course({"a": p}), course({"a": q}), DRAWS)
    expected = apart(p, q) - 0.5 * (apart(p, p) + apart(q, q))
    assert found.distance["a"][:, 0] == pytest.approx(expected, abs=1e-12)
    assert found.apart["a"][:, 0] == pytest.approx(apart(p, q), abs=1e-12)


def test_ensembles_that_differ_by_chance_alone_are_told_from_nothing_by_no_more_than_error() -> (
    None
):
    """And without the correction they would seem far apart."""
    sets = 2000
    found = divergence(
        course({"a": random_play(3, sets=sets)}), course({"a": random_play(4, sets=sets)}), DRAWS
    )
    by_set = over_months(found.distance["a"])
    assert abs(by_set.mean()) < 4 * by_set.std(ddof=1) / np.sqrt(sets)
    assert found.apart["a"].mean() > 0.3


def test_a_difference_in_spread_alone_is_seen() -> None:
    """The same mean play, once certain and once torn between two levels by chance."""
    sure = np.full((MONTHS, 2, 400 * DRAWS), 0.5)
    rng = np.random.default_rng(1)
    torn = np.eye(2)[rng.integers(0, 2, (MONTHS, 400 * DRAWS))]
    found = divergence(course({"a": sure}), course({"a": np.moveaxis(torn, -1, 1)}), DRAWS)
    # E d(own, twin) = 1/2, within twin 1/2, within own 0
    assert found.distance["a"].mean() == pytest.approx(0.25, abs=0.02)


def test_closed_levers_do_not_count_and_half_closed_ones_count_as_played() -> None:
    one, two = random_play(5), random_play(6)
    closed = np.zeros((MONTHS, SETS * DRAWS), bool)
    partly = closed.copy()
    partly[0, 0] = True  # one world of the first set, in the first month
    found = divergence(
        course({"a": one, "b": one}, {"a": partly, "b": closed}),
        course({"a": two, "b": two}, {"a": closed, "b": closed}),
        DRAWS,
    )
    assert np.isnan(found.distance["b"]).all()
    counted = ~np.isnan(found.distance["a"])
    assert counted[0, 0]
    assert counted.sum() == 1
    levers = over_levers(found.distance)
    assert levers[0, 0] == found.distance["a"][0, 0]
    assert np.isnan(over_months(levers)[1:]).all()


def test_what_it_cannot_do_is_refused_with_a_reason() -> None:
    play = course({"a": random_play(7)})
    with pytest.raises(PathError, match="one draw of chance per set leaves no pairs"):
        divergence(play, play, 1)
    with pytest.raises(PathError, match="whole sets"):
        divergence(play, play, 3)
    shorter = course({"a": random_play(7)[..., :-DRAWS]})
    with pytest.raises(PathError, match="the same worlds"):
        divergence(play, shorter, DRAWS)


@settings(max_examples=20)
@given(seeds, st.integers(2, 5))
def test_sets_do_not_hear_of_each_other(seed: int, sets: int) -> None:
    one, two = random_play(seed, sets=sets), random_play(seed + 1, sets=sets)
    whole = divergence(course({"a": one}), course({"a": two}), DRAWS).distance["a"]
    last = slice(-DRAWS, None)
    alone = divergence(course({"a": one[..., last]}), course({"a": two[..., last]}), DRAWS)
    assert np.array_equal(whole[:, -1:], alone.distance["a"])
