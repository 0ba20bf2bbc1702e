"""The record: which figures count, in what unit and with what error."""

from pathlib import Path

import numpy as np
import pytest

from sim.analysis.observed import Record, Series, Span, load_record
from sim.analysis.trajectories import QUANTITIES, Paths
from sim.scenario.month import Month
from sim.scenario.registry import seeds_path
from sim.world.state import State
from tests.support.record import START, paths_of, walks, write_figures


@pytest.fixture(scope="module")
def record() -> Record:
    return load_record()


def series_of(record: Record, name: str) -> Series:
    return next(one for one in record.series if one.name == name)


def test_every_quantity_is_one_of_the_model(record: Record) -> None:
    for name in record.quantities():
        assert name in QUANTITIES or name in State.__dataclass_fields__


def test_interpolated_figures_do_not_count(record: Record) -> None:
    dates = {point.date for point in record.points["territory"]}
    assert "2023-05" in dates
    assert not dates & {"2023-03", "2023-04", "2023-06", "2023-07", "2023-08", "2023-09"}


def test_rows_of_low_confidence_have_twice_the_error(record: Record) -> None:
    told = {point.date: point.sd for point in record.points["support_russia"]}
    assert told["2023-08"] == 2 * told["2023-07"] == 4.0


def test_the_check_window_holds_what_was_fixed_beforehand(record: Record) -> None:
    counts = {s.name: len(record.within(s, record.check)) for s in record.series}
    assert counts == {
        "territory": 2,
        "losses_russia": 5,
        "western_aid": 5,
        "support_russia": 4,
        "support_ukraine": 1,
        "troops": 2,
        "exports_russia": 0,
        "exports_transit": 1,
        "output_belarus": 0,
        "oil_price": 5,
        "gas_europe": 5,
    }


def test_only_the_dates_that_are_asked_for_count(record: Record) -> None:
    assert [p.date for p in record.points["output_belarus"]] == ["2020", "2021", "2022"]


def test_a_relative_series_is_divided_by_its_base_which_is_not_scored(record: Record) -> None:
    [point] = record.points["exports_transit"]
    assert point.date == "2023-10"
    assert point.value == pytest.approx(8.8 / 2.6)
    assert point.period == Span(Month(2023, 1), Month(2023, 10))  # ten months, as the mapping says
    assert record.base["exports_transit"].value == 2.6
    transit = series_of(record, "exports_transit")
    assert [p.value for p in record.until(transit, Month(2023, 6))] == [1.0]


def test_levels_are_in_the_unit_of_the_series(record: Record) -> None:
    rows = np.arange(22.0)[:, None] * np.ones(2)
    paths = Paths(START, {name: rows + 1.0 for name in record.quantities()}, 4)

    def level(name: str, first: Month, last: Month) -> float:
        return float(record.level(series_of(record, name), paths, Span(first, last))[0])

    april = Month(2022, 4)  # row 2
    assert level("territory", april, april) == pytest.approx(300.0)
    assert level("losses_russia", april, april) == pytest.approx(1000.0)
    assert level("western_aid", april, april) == pytest.approx(3 * 5.37)
    # the mean of a year that begins before the run: two months at the start's state
    year = np.mean([1, 1, *range(2, 12)])
    assert level("exports_russia", Month(2022, 1), Month(2022, 12)) == pytest.approx(year)
    assert level("output_belarus", Month(2022, 1), Month(2022, 12)) == pytest.approx(
        100 * (year - 1)
    )
    base = np.mean([1, 1, *range(2, 10)])
    ten = np.mean(range(12, 22))
    assert level("exports_transit", Month(2023, 1), Month(2023, 10)) == pytest.approx(ten / base)


def test_a_later_forecast_starts_from_what_was_known(record: Record) -> None:
    placed = {one.field: one for one in record.restart(Month(2023, 6)).placed}
    assert placed["front"].value == pytest.approx(0.1764)  # of May: June is interpolated
    assert placed["front"].error == pytest.approx(0.002)
    assert placed["casualties_russia"].value == pytest.approx(228.34)
    assert placed["aid"].value == pytest.approx((3.895 + 5.456 + 3.851) / 3 / 5.37)
    assert placed["aid"].error == pytest.approx(0.6 / np.sqrt(3))
    assert placed["support_russia"].most == 1.0
    assert placed["nuclear"].value == 1.0  # warheads came in June
    assert "entered" not in placed
    assert "nuclear" not in {one.field for one in record.restart(Month(2023, 5)).placed}
    old = {one.field for one in record.restart(Month(2023, 11)).placed}
    assert "troops" in old
    assert "support_ukraine" not in {
        one.field for one in record.restart(Month(2023, 9)).placed
    }  # its last figure is four months old


def test_given_figures_stand_from_their_first_date_on(tmp_path: Path) -> None:
    plain = load_record()
    path = tmp_path / "new.csv"
    path.write_text(
        "series,date,value\nru_control_share_isw,2023-11,18.0\nru_control_share_isw,2024-01,18.2\n"
    )
    given = load_record(path)
    before = [p for p in plain.points["territory"] if p.period.last < Month(2023, 11)]
    assert list(given.points["territory"][: len(before)]) == before
    assert [p.value for p in given.points["territory"][len(before) :]] == [18.0, 18.2]
    assert given.scored == {"territory"}
    assert given.within(series_of(given, "oil_price"), plain.check) == []
    assert given.points["oil_price"] == plain.points["oil_price"]  # the past stays known
    assert given.last == Month(2024, 1)


def test_figures_that_nothing_answers_are_said_not_to_count(tmp_path: Path) -> None:
    path = write_figures(tmp_path / "new.csv", walks(1)[:, 0], "oryx_russia_monthly")
    [note] = load_record(path).notes
    assert note.startswith("oryx_russia_monthly does not count: vehicles")


def test_zero_has_a_place_on_a_logarithm(record: Record) -> None:
    troops = series_of(record, "troops")
    scaled = troops.scaled(np.array([0.0, 1000.0, 2000.0]))
    assert np.isfinite(scaled).all()
    assert troops.plain(scaled) == pytest.approx([1.0, 1000.0, 2000.0])
    assert paths_of(record, walks(4)).worlds == 4


def test_the_record_given_as_a_file_is_the_record(record: Record) -> None:
    given = load_record(seeds_path() / "history.csv")
    assert given.points == record.points
    assert given.scored == record.scored
    assert given.base == record.base
    assert all("does not count" in note for note in given.notes)
