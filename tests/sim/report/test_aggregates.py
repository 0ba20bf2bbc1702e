import numpy as np
import pytest

from sim.analysis.compare import Comparison, compare
from sim.analysis.outcomes import HEADLINE, outcome
from sim.report.aggregates import (
    DOTS,
    PATHS,
    Digest,
    apportion,
    digest,
    dots,
    example_worlds,
    scaled,
)
from tests.support.synthetic import make_run, make_three


def test_lines_are_quantiles_by_month_in_shown_units(
    three: Comparison, three_digest: Digest
) -> None:
    front = three_digest.views["front"].courses[1]
    values = outcome(three.datasets[1], "front").values * 100
    assert front.lines["median"] == pytest.approx(np.quantile(values, 0.5, axis=0))
    assert front.lines["q95"] == pytest.approx(np.quantile(values, 0.95, axis=0))


def test_an_event_is_a_share_of_worlds_and_nothing_else(
    three: Comparison, three_digest: Digest
) -> None:
    entry = three_digest.views["entry"].courses[1]
    share = outcome(three.datasets[1], "entry").values.mean(axis=0)
    assert list(entry.lines) == ["share"]
    assert entry.lines["share"] == pytest.approx(share * 100)
    assert entry.mean == pytest.approx(share[-1])
    assert (entry.paths, entry.dots) == ([], [])


def test_scales_hold_what_they_show_and_no_value_that_cannot_be(three_digest: Digest) -> None:
    for view in three_digest.views.values():
        low, high = view.scale
        lines = [line for one in view.courses for line in one.lines.values()]
        values = [value for line in lines for value in line if value is not None]
        assert low <= min(values)
        assert max(values) <= high
        if view.measure.event:
            assert (low, high <= 100) == (0, True)
            continue
        for scale in (view.scale, view.path_scale, view.middle_scale):
            least, most = view.measure.low, view.measure.high
            assert least is None or scale[0] >= least * view.measure.scale
            assert most is None or scale[1] <= most * view.measure.scale


def test_example_worlds_are_twenty_of_twenty_sets_and_all_draws() -> None:
    sets = np.repeat(np.arange(50), 4)
    picked = example_worlds(sets)
    assert picked.size == PATHS
    assert np.unique(sets[picked]).size == PATHS
    assert set(picked % 4) == {0, 1, 2, 3}
    assert example_worlds(sets[:6]).tolist() == [0, 1, 2, 3, 4, 5]
    assert np.unique(example_worlds(np.repeat(np.arange(8), 4))).size == PATHS


def test_paths_are_whole_worlds_the_same_in_each_scenario(
    three: Comparison, three_digest: Digest
) -> None:
    view = three_digest.views["payoff.belarus"]
    for index, ds in enumerate(three.datasets):
        values = outcome(ds, "payoff.belarus")
        worlds = values.sel(world=list(three_digest.path_worlds)).values
        np.testing.assert_array_equal(view.courses[index].paths, worlds)


def test_dots_are_equally_likely_values() -> None:
    values = np.random.default_rng(0).standard_normal(1000)
    found = dots(values)
    assert len(found) == DOTS
    assert found == sorted(found)
    assert np.mean(values < found[10]) == pytest.approx(0.21, abs=0.002)
    assert dots(np.array([3.0, 1.0])) == [1.0, 3.0]


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ([1.0, 0.0], [50, 0]),
        ([0.5, 0.5], [25, 25]),
        ([0.589, 0.411], [29, 21]),
        ([0.334, 0.333, 0.333], [17, 17, 16]),
        ([0.995, 0.005], [50, 0]),
    ],
)
def test_dots_add_up(shares: list[float], expected: list[int]) -> None:
    assert apportion(np.array(shares), 50) == expected


def test_ends_count_worlds(three: Comparison, three_digest: Digest) -> None:
    for ds, ends in zip(three.datasets, three_digest.ends, strict=True):
        assert sum(end.share for end in ends) == pytest.approx(1)
        assert sum(end.dots for end in ends) == DOTS
        active = (ds["status"].isel(month=-1) == 0).mean().item()
        assert ends[0].share == pytest.approx(active)
        assert ends[0].flag == "active"


def test_changes_are_scaled_as_levels_are(three: Comparison, three_digest: Digest) -> None:
    shown = three_digest.changes[1, "front", "final"]
    plain = three.change(1, "front")
    assert plain is not None
    assert shown == scaled(plain, 100)
    assert shown.difference == pytest.approx(plain.difference * 100)
    assert shown.p_greater == plain.p_greater


def test_what_has_no_value_is_named_and_left_out() -> None:
    run = make_run(worlds=8, months=2).drop_vars("coleman")
    run["attention"][:] = np.nan
    found = digest(compare([run]))
    assert "attention" not in found.views
    assert found.notes == (
        "Not computed in these runs: Belarus’s power over contested matters, Western attention.",
    )
    assert len(found.views) == len(HEADLINE) - 2


def test_months_without_a_value_are_gaps() -> None:
    run = make_run(worlds=8, months=3)
    run["front"][:, 1] = np.nan
    run["front"][0, 2] = np.nan
    lines = digest(compare([run])).views["front"].courses[0].lines
    assert [value is None for value in lines["median"]] == [False, True, False]


def test_nothing_in_a_digest_grows_with_worlds() -> None:
    def size(value: object) -> int:
        if isinstance(value, dict):
            return sum(size(part) for part in value.values())
        if isinstance(value, list | tuple):
            return sum(size(part) for part in value)
        return size(vars(value)) if hasattr(value, "__dict__") else 1

    few, many = (digest(compare(make_three(worlds=n, months=4))) for n in (200, 2000))
    assert size(few) == size(many)
