"""The back-test on worlds whose truth is known, and on the model itself."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sim.analysis.backtest import Backtest, backtest
from sim.analysis.forecasts import EventScore, SeriesScore, score_events, score_series
from sim.analysis.observed import Span, load_record
from sim.analysis.reasons import asked, hindsight, verdict, why, why_event
from sim.analysis.scores import Jackknifed
from sim.scenario import load_scenario
from sim.scenario.month import Month
from tests.support.record import START, WINDOW, paths_of, record_of, walks

BEFORE = START + -1


def scored(folder: Path, figures: np.ndarray, worlds: np.ndarray) -> SeriesScore:
    record = record_of(folder / "figures.csv", figures)
    [score] = score_series(record, WINDOW, paths_of(record, worlds), 1, BEFORE)
    return score


def test_a_record_that_is_shuffled_or_shifted_scores_clearly_worse(tmp_path: Path) -> None:
    worlds = walks(257)
    truth, others = worlds[:, 0], worlds[:, 1:]
    right = scored(tmp_path, truth, others)
    order = np.random.default_rng(1).permutation(truth.size)
    shuffled = scored(tmp_path, truth[order], others)
    shifted = scored(tmp_path, np.roll(truth, 6), others)
    assert len(right.figures) == 21
    for wrong in (shuffled, shifted):
        assert wrong.crps.value > 1.5 * right.crps.value
        assert wrong.coverage(0.9).value < right.coverage(0.9).value


def test_the_error_of_measurement_is_added_by_its_own_draws(tmp_path: Path) -> None:
    flat = np.full((22, 256), 0.2)
    one = scored(tmp_path, flat[:, 0], flat)
    spread = [figure.forecast.std() for figure in one.figures]
    assert spread == pytest.approx([0.2] * 21, rel=0.2)  # points of Ukraine, as the mapping says
    assert not (one.figures[0].forecast == one.figures[1].forecast).any()
    again = scored(tmp_path, flat[:, 0], flat[:, :64])
    assert (again.figures[3].forecast == one.figures[3].forecast[:64]).all()


def test_a_naive_forecast_knows_nothing_of_its_window(tmp_path: Path) -> None:
    worlds = walks(65)
    truth = worlds[:, 0].copy()
    window = Span(Month(2023, 7), Month(2023, 11))
    issued = Month(2023, 6)

    def naive(figures: np.ndarray) -> list[tuple[float, ...]]:
        record = record_of(tmp_path / "figures.csv", figures)
        [score] = score_series(record, window, paths_of(record, worlds[:, 1:]), 1, issued)
        assert [one.lead for one in score.figures] == [1, 2, 3, 4, 5]
        return [one.naive["persistence"].quantiles for one in score.figures]

    before = naive(truth)
    later = truth.copy()
    later[16:] += 0.3  # July 2023 on
    assert naive(later) == before
    earlier = truth.copy()
    earlier[15] += 0.01  # June 2023
    assert naive(earlier) != before


def test_events_count_from_the_month_in_which_they_come() -> None:
    record = load_record()
    front = walks(64)
    values = dict(paths_of(record, front).values)
    nuclear, launching = np.zeros((22, 64)), np.zeros((22, 64))
    nuclear[10:, :16] = 1.0  # from December 2022 on in a quarter of the worlds
    nuclear[12:, :16] = 0.0  # what came once counts ever after
    launching[1, :32] = 1.0  # in March 2022 in half of them
    paths = paths_of(record, front)
    paths = type(paths)(START, values | {"nuclear": nuclear, "launching": launching}, 4)
    window = Span(START, Month(2023, 11))
    told = {event.name: event for event in score_events(record, window, paths)}
    hosting = dict(zip(told["hosting"].months, told["hosting"].probability, strict=True))
    assert hosting[Month(2022, 11)] == 0.0
    assert hosting[Month(2023, 11)] == 0.25
    assert told["hosting"].observed.index(True) == Month(2023, 6) - START
    launches = told["launches"]
    assert Month(2022, 5) not in launches.months
    assert dict(zip(launches.months, launches.probability, strict=True))[START] == 0.5
    assert launches.brier.value == pytest.approx((0.25 + 4 * 1.0) / len(launches.months))


@pytest.fixture(scope="module")
def found() -> Backtest:
    record = replace(load_record(), origins=(Month(2022, 5),), leads=(3, 6))
    return backtest(load_scenario("invasion_2022"), record, record.check, 64, 1, 4)


@pytest.mark.slow
def test_the_model_faces_the_record(found: Backtest) -> None:
    whole, issued = found.forecasts
    assert (whole.kind, whole.issued) == ("whole", None)
    assert (issued.kind, issued.issued) == ("issued", Month(2023, 6))
    for forecast in found.forecasts:
        assert len(forecast.scores) == 9
        assert len(forecast.skills("persistence")) == 8  # transit has no past
        assert all(np.isfinite(score.crps.values).all() for score in forecast.scores)
        held, half = asked(forecast)
        assert held is not None
        assert half is not None
        for score in forecast.scores:
            assert why(score)
            assert verdict(score, "persistence") in {
                "ahead",
                "behind",
                "level, within error",
                "not compared",
            }
    # a forecast that starts from the front of June 2023 is nearer to it in October
    assert issued.scores[0].crps.value < whole.scores[0].crps.value
    assert len(found.facts) == 24
    assert {one.lead for one in found.rolling} == {3, 6}
    assert [one.name for one in found.trials] == ["issued", "changes", "whole", "window"]
    assert "5 dated shocks" in hindsight(found.scenario)


def test_the_same_command_gives_the_same_scores() -> None:
    record = replace(load_record(), origins=())
    scenario = load_scenario("invasion_2022", {"months": 2})
    window = Span(Month(2022, 4), Month(2022, 4))
    one, other = (backtest(scenario, record, window, 64, 1, 4) for _ in range(2))
    assert len(one.forecasts) == 2
    for a, b in zip(one.forecasts, other.forecasts, strict=True):
        assert [s.series.name for s in a.scores] == [s.series.name for s in b.scores]
        for mine, theirs in zip(a.scores, b.scores, strict=True):
            assert (mine.crps.values == theirs.crps.values).all()


def test_a_window_that_opens_with_the_scenario_has_no_forecast_issued_before() -> None:
    record = replace(load_record(), origins=())
    scenario = load_scenario("invasion_2022", {"months": 1})
    found = backtest(scenario, record, Span(START, START), 64, 1, 4)
    assert [one.kind for one in found.forecasts] == ["whole"]
    assert len(found.facts) == 2  # what can be asked of one month


@pytest.mark.parametrize(
    ("shares", "words"),
    [
        ((0.0, 0.0), "0 of 100 worlds; it did not happen."),
        ((0.0, 0.0004), "0 to <0.1 of 100 worlds; it did not happen."),
        ((0.287, 0.322), "28.7 to 32.2 of 100 worlds; it did not happen."),
        ((0.9999, 1.0), ">99.9 to 100 of 100 worlds; it did not happen."),
    ],
)
def test_shares_of_events_are_told_no_finer_than_they_are(
    shares: tuple[float, float], words: str
) -> None:
    nothing = Jackknifed(np.zeros(3))
    months = (Month(2023, 7), Month(2023, 8))
    score = EventScore("entry", "Entry", months, shares, (False, False), nothing, nothing, 0.0)
    assert why_event(score) == words
