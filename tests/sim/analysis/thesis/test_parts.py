"""The rules of single hypotheses, on hand-made arrays."""

import numpy as np
import pytest
import xarray as xr

from sim.analysis.thesis.distraction import together
from sim.analysis.thesis.divergence import both_sure
from sim.analysis.thesis.entry import in_band, probability
from sim.analysis.thesis.prolonged import best_ends, thirds
from sim.analysis.thesis.within import HIT, MISS, UNDECIDED

ENDS = np.array([6.0, 12, 18, 24, 30, 36])


def test_two_ends_in_each_third() -> None:
    assert thirds(ENDS, 36).tolist() == [0, 0, 1, 1, 2, 2]
    assert thirds(np.array([1.0, 13, 25]), 36).tolist() == [0, 1, 2]


def curve(means: list[float], noise: float, draws: int = 16) -> np.ndarray:
    """One set whose ends have these means and independent draws."""
    wobble = np.random.default_rng(4).normal(size=(1, draws, len(means)))
    wobble -= wobble.mean(axis=1, keepdims=True)
    return np.array(means) + noise * wobble


@pytest.mark.parametrize(
    ("means", "noise", "state"),
    [
        ([1, 2, 3, 4, 5, 6], 0.1, HIT),
        ([6, 5, 4, 3, 2, 1], 0.1, MISS),
        ([1, 2, 9, 4, 5, 6], 0.1, MISS),
        ([1, 2, 3, 6.01, 5, 6.02], 1.0, UNDECIDED),  # another third within two errors
        ([1, 2, 3, 4, 6.01, 6.02], 0.1, HIT),  # close, but in the same third
        ([2, 2, 2, 2, 2, 2], 0.0, UNDECIDED),  # a flat curve has no best end
    ],
)
def test_best_ends(means: list[float], noise: float, state: int) -> None:
    states, best = best_ends(curve(means, noise), ENDS, 36, 2)
    assert states[0] == state
    assert ENDS[best[0]] == ENDS[int(np.argmax(means))]


def test_draws_are_paired() -> None:
    """What chance does to all ends alike does not hide a difference between them."""
    shared = 100 * np.random.default_rng(5).normal(size=(1, 16, 1))
    states, _ = best_ends(curve([1, 2, 3, 4, 5, 6], 0.1) + shared, ENDS, 36, 2)
    assert states[0] == HIT


def test_one_draw_leaves_all_undecided() -> None:
    assert best_ends(curve([1, 2, 3, 4, 5, 6], 0.0, 1), ENDS, 36, 2)[0][0] == UNDECIDED


def test_probability_of_entry_needs_no_entry() -> None:
    hazard = xr.Dataset({"entry_hazard": (("world", "month"), np.full((4, 30), 0.001))})
    assert probability(hazard, 2, 24) == pytest.approx([0.024, 0.024])


def test_hazards_add_up_to_the_probability_of_entry() -> None:
    """Expected hazards up to entry are the probability of having entered."""
    rng = np.random.default_rng(6)
    worlds, months, h = 40_000, 24, 0.03
    entered = np.zeros(worlds, dtype=bool)
    hazard = np.zeros((worlds, months))
    for month in range(months):
        hazard[:, month] = np.where(entered, 0.0, h)
        entered |= rng.random(worlds) < hazard[:, month]
    ds = xr.Dataset({"entry_hazard": (("world", "month"), hazard)})
    expected = 1 - (1 - h) ** months
    assert probability(ds, worlds, months)[0] == pytest.approx(expected, abs=0.01)


def test_the_band_is_open_at_its_edges() -> None:
    values = np.array([0.0, 0.001, 0.002, 0.0999, 0.1, 0.5])
    assert in_band(values, 0.001, 0.1).tolist() == [0, 0, 1, 1, 0, 0]


def test_both_sides_must_be_sure() -> None:
    def one_set(means: list[float], noise: float) -> np.ndarray:
        return curve(means, noise)

    clear, faint = one_set([3, 1], 0.1), one_set([1, 3], 0.1)
    assert both_sure(clear, faint, 0.95)[0]
    assert not both_sure(clear, one_set([1, 1.001], 1.0), 0.95)[0]


def test_influence_and_rents_have_to_agree() -> None:
    assert together(["supported", "supported"]) == "supported"
    assert together(["refuted", "refuted"]) == "refuted"
    assert together(["supported", "refuted"]) == "undecided"
