import numpy as np
import pytest

from sim.analysis.differences import mean_interval
from sim.analysis.partings import gap

SETS = np.arange(400) // 4


def noise(months: int, seed: int = 0) -> np.ndarray:
    """Worlds of a run in which nothing happens: (month, world)."""
    return np.random.default_rng(seed).standard_normal((months, SETS.size))


def test_the_month_of_parting_is_the_first_that_stands_out() -> None:
    base = noise(12)
    other = base + 0.05 * noise(12, 1)
    other[7:] += 1
    found = gap(zip(base, other, strict=True), SETS, 12, event=False, scale=1)
    assert found.parted == 7
    assert found.lines["median"][7] == pytest.approx(np.median(other[7] - base[7]))
    assert found.worlds == 400


def test_what_is_the_same_in_every_world_never_parts() -> None:
    base = noise(6)
    rounding = base * (1 + 1e-12)
    found = gap(zip(base, rounding, strict=True), SETS, 6, event=False, scale=1)
    assert found.parted is None
    assert found.mean == [0.0] * 6
    assert found.differ == [0.0] * 6


def test_looking_at_many_months_finds_no_parting_by_chance() -> None:
    # Months of pure noise: of a hundred comparisons, about five may part; without the correction
    # for looking at all months about eighty would.
    parted = 0
    for seed in range(100):
        base, other = noise(36, 2 * seed), noise(36, 2 * seed + 1)
        found = gap(zip(base, other, strict=True), SETS, 36, event=False, scale=1)
        parted += found.parted is not None
    assert parted <= 12


def test_an_interval_for_one_month_is_the_usual_one() -> None:
    base, other = noise(1), noise(1, 5)
    found = gap(zip(base, other, strict=True), SETS, 1, event=False, scale=100)
    mean, _, half = mean_interval(100 * (other[0] - base[0]), SETS)
    assert half is not None
    assert found.mean == [pytest.approx(mean)]
    assert found.low == [pytest.approx(mean - half)]
    assert found.high == [pytest.approx(mean + half)]


def test_an_event_has_no_quantiles() -> None:
    base = np.zeros((2, 400))
    other = np.zeros((2, 400))
    other[1, ::2] = 1
    found = gap(zip(base, other, strict=True), SETS, 2, event=True, scale=100)
    assert found.lines == {}
    assert found.mean == [0, 50]
    assert found.differ == [0, 0.5]


def test_worlds_without_a_value_are_left_out() -> None:
    base, other = noise(2), noise(2) + 1
    other[0] = np.nan
    other[1, :100] = np.nan
    found = gap(zip(base, other, strict=True), SETS, 2, event=False, scale=1)
    assert found.mean[0] is found.low[0] is found.lines["median"][0] is None
    assert found.mean[1] == pytest.approx(1)
    assert found.worlds == 300


def test_few_sets_tell_no_month() -> None:
    base = noise(2)[:, :40]
    found = gap(zip(base, base + 5, strict=True), SETS[:40], 2, event=False, scale=1)
    assert found.parted is None
    assert found.low == [None, None]
    assert found.mean == [pytest.approx(5)] * 2
