"""Whether the score tells a wrong record, on records and forecasts whose truth is known."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from agents.outlook import Array
from sim.analysis.forecasts import Forecast, Rolling, Scored, SeriesScore, score_series
from sim.analysis.observed import Record, Span
from sim.analysis.wrong_records import Control, trials
from sim.scenario.month import Month
from tests.support.record import MONTHS, START, paths_of, record_of

ORIGINS = tuple(Month(2022, 5) + 3 * k for k in range(6))
LEADS = (3, 6)


def issued(record: Record, worlds: Mapping[Month, Array]) -> list[Rolling]:
    """Forecasts of territory, each from worlds of its own, (months + 1, worlds)."""
    found = []
    for lead in LEADS:
        figures: list[Scored] = []
        for origin, front in worlds.items():
            month = origin + lead
            for score in score_series(
                record, Span(month, month), paths_of(record, front), 1, origin
            ):
                figures += score.figures
        found.append(Rolling(lead, (SeriesScore(record.series[0], tuple(figures)),)))
    return found


def told(record: Record, worlds: Mapping[Month, Array]) -> dict[tuple[str, str, int], Control]:
    """Trial, kind and months -> what came out."""
    found = trials(record, (), issued(record, worlds), 1)
    return {(one.name, c.kind, c.months): c for one in found for c in one.controls}


def course(steps: Array) -> Array:
    return 0.2 + np.concatenate([[0.0], steps]).cumsum()


def followed(truth: Array, knows: Array, worlds: int = 200) -> dict[Month, Array]:
    """Forecasts that start from the truth, and expect a share of each later step."""
    rng = np.random.default_rng(3)
    found = {}
    for origin in ORIGINS:
        row = origin - START + 1
        later = np.concatenate([[truth[row]], truth[row] + knows[row:].cumsum()])
        noise = rng.normal(0.0, 0.002, (len(later), worlds)).cumsum(axis=0)
        front = np.concatenate([np.tile(truth[:row, None], worlds), later[:, None] + noise])
        found[origin] = front
    return found


@pytest.fixture
def steps() -> Array:
    """A course that bends: up, down, up again, and down."""
    return 0.012 * np.sin(np.arange(MONTHS) / 2.0)


@pytest.fixture
def walk() -> Array:
    """Steps of either sign, and farther from the start by and by."""
    return 0.003 + 0.004 * np.random.default_rng(8).choice([-1.0, 1.0], MONTHS)


def test_who_knows_the_course_is_told_from_every_wrong_record(tmp_path: Path, steps: Array) -> None:
    truth = course(steps)
    found = told(record_of(tmp_path / "a.csv", truth[1:]), followed(truth, steps))
    for trial in ("issued", "changes"):
        shuffled = found[trial, "shuffled", 0]
        assert shuffled.ratio > 1.5
        assert shuffled.chance is not None
        assert shuffled.chance < 0.01
        for months in (3, 6):
            assert found[trial, "exchanged", months].ratio > 1.5
            assert found[trial, "shifted", months].ratio > 1.5
    assert found["changes", "shifted", -6].ratio > 1.5
    # figures from before its date are known to a forecast, and no wrong record of levels
    assert {months for trial, _, months in found if trial == "issued"} == {0, 3, 6, 12}
    one = found["issued", "shuffled", 0]
    assert (one.series, one.error, one.told) == (1, None, False)  # one series has no spread


def test_who_knows_only_where_it_starts_is_told_by_level_and_not_by_change(
    tmp_path: Path, walk: Array
) -> None:
    truth = course(walk)
    found = told(record_of(tmp_path / "a.csv", truth[1:]), followed(truth, np.zeros(MONTHS)))
    assert found["issued", "shuffled", 0].ratio > 1.3
    changes = found["changes", "shuffled", 0]
    assert changes.ratio == pytest.approx(1.0, abs=0.02)  # the same forecast whatever comes
    assert changes.chance is not None
    assert changes.chance > 0.05
    for months in (3, 6):
        assert found["changes", "exchanged", months].ratio == pytest.approx(1.0, abs=0.03)


def test_a_forecast_of_the_opposite_is_worse_than_chance(tmp_path: Path, steps: Array) -> None:
    truth = course(steps)
    found = told(record_of(tmp_path / "a.csv", truth[1:]), followed(truth, -steps))
    changes = found["changes", "shuffled", 0]
    assert changes.ratio < 0.9
    assert changes.chance is not None
    assert changes.chance > 0.9


def test_an_easier_record_is_not_taken_for_a_better_forecast(tmp_path: Path) -> None:
    """Still at first and restless later: changes of before lie nearer to a forecast of none."""
    rng = np.random.default_rng(5)
    size = np.where(np.arange(MONTHS) < 15, 0.002, 0.02)
    truth = course(size * rng.choice([-1.0, 1.0], MONTHS))
    record = record_of(tmp_path / "a.csv", truth[1:])
    forecasts = followed(truth, np.zeros(MONTHS))
    late = {origin: forecasts[origin] for origin in ORIGINS[3:]}
    raw = []
    for months in (0, -6):
        rows = [(o - START + 1 + months, lead) for o in late for lead in LEADS]
        within = [(row, lead) for row, lead in rows if row + lead <= MONTHS]
        raw.append(np.mean([abs(truth[row + lead] - truth[row]) for row, lead in within]))
    assert raw[1] < 0.7 * raw[0]
    assert told(record, late)["changes", "shifted", -6].ratio > 0.9


def test_falling_back_to_the_mean_needs_no_model(tmp_path: Path) -> None:
    """Figures without memory: whoever knows their mean foresees changes, and nothing more."""
    truth = 0.2 + 0.01 * np.random.default_rng(2).standard_normal(MONTHS + 1)
    flat = {origin: np.full((MONTHS + 1, 200), 0.2) for origin in ORIGINS}
    rng = np.random.default_rng(3)
    blind = {origin: front + rng.normal(0.0, 0.01, front.shape) for origin, front in flat.items()}
    changes = told(record_of(tmp_path / "a.csv", truth[1:]), blind)["changes", "shuffled", 0]
    assert changes.ratio > 1.2
    assert changes.of_the_mean is not None
    assert 1.0 + (changes.ratio - 1.0) / 2.0 < changes.of_the_mean < changes.ratio * 1.1


def test_the_whole_run_meets_every_figure_and_a_window_its_own(
    tmp_path: Path, steps: Array
) -> None:
    truth = course(steps)
    record = record_of(tmp_path / "a.csv", truth[1:])
    noise = np.random.default_rng(1).normal(0.0, 0.003, (MONTHS + 1, 200))
    paths = paths_of(record, truth[:, None] + noise)
    window = Span(Month(2023, 7), Month(2023, 11))
    scores = tuple(score_series(record, window, paths, 1, Month(2023, 6)))
    whole = Forecast("whole", None, scores, (), paths)
    later = replace(whole, kind="issued", issued=Month(2023, 6))
    found = {one.name: one.controls for one in trials(record, (later, whole), (), 1)}
    assert list(found) == ["whole", "window"]
    assert {one.kind for one in found["whole"]} == {"shuffled", "exchanged"}
    assert {one.figures for one in found["whole"] if one.kind == "shuffled"} == {MONTHS}
    assert all(one.ratio > 1.5 for one in found["whole"])
    assert all(one.of_the_mean is None for one in found["whole"])
    assert {one.months for one in found["window"]} == {0, -12, -6, -3, 3}
    [shuffled] = [one for one in found["window"] if one.kind == "shuffled"]
    assert shuffled.figures == 5


@pytest.mark.parametrize(
    ("ratio", "error", "series", "told"),
    [
        (1.3, 0.1, 8, True),
        (1.2, 0.1, 8, False),
        (0.5, 0.1, 8, False),
        (1.3, 0.1, 3, False),
        (1.3, None, 1, False),
    ],
)
def test_told_is_what_lies_clear_of_the_spread_between_series(
    ratio: float, error: float | None, series: int, told: bool
) -> None:
    assert Control("shuffled", 0, ratio, error, series, series, 40).told is told


def test_the_same_seed_draws_the_same_orders(tmp_path: Path, steps: Array) -> None:
    truth = course(steps)
    record = record_of(tmp_path / "a.csv", truth[1:])
    rolling = issued(record, followed(truth, np.zeros(MONTHS)))
    assert trials(record, (), rolling, 1) == trials(record, (), rolling, 1)
