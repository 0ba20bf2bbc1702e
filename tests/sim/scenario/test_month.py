import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario import Month

months = st.builds(Month, st.integers(1900, 2100), st.integers(1, 12))


@given(months, st.integers(-200, 200))
def test_a_month_plus_a_number_is_that_many_months_away(month: Month, distance: int) -> None:
    assert (month + distance) - month == distance
    assert (month + distance < month) == (distance < 0)


@given(months)
def test_a_month_is_read_as_it_is_written(month: Month) -> None:
    assert Month.parse(str(month)) == month


def test_december_is_followed_by_january() -> None:
    assert str(Month(2023, 12) + 1) == "2024-01"
    assert str(Month(2024, 1) + -1) == "2023-12"


@pytest.mark.parametrize(
    "text", ["2024", "2024-3", "2024-13", "2024-00", "24-03", "2024-03-01", ""]
)
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"YYYY-MM|1 to 12"):
        Month.parse(text)
