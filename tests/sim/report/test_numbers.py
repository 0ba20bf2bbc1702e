import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.report.numbers import (
    change_decimals,
    decimals,
    interval,
    listed,
    number,
    of_100,
    of_worlds,
    percent,
    signed,
)


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.0, "0"),
        (0.004, "<1"),
        (0.0099, "<1"),
        (0.01, "1"),
        (0.294, "29"),
        (0.985, "98"),
        (0.992, ">99"),
        (1.0, "100"),
        (None, "–"),
        (math.nan, "–"),
    ],
)
def test_shares_are_counts_of_a_hundred(share: float | None, words: str) -> None:
    assert of_100(share) == words


def test_fewer_than_a_hundred_worlds_are_counted_as_they_are() -> None:
    assert of_worlds(0.375, 8) == "3 of 8"
    assert of_worlds(0.375, 800) == "38 of 100"


@pytest.mark.parametrize(
    ("value", "places", "plain", "change"),
    [
        (0.0, 2, "0", "0"),
        (0.004, 2, "0.00", "+<0.01"),
        (-0.004, 2, "−<0.01", "−<0.01"),
        (0.3, 0, "0", "+<1"),
        (-30.0, -2, "−<100", "−<100"),
        (0.126, 2, "0.13", "+0.13"),
        (-0.126, 2, "−0.13", "−0.13"),
        (12345.6, 0, "12,346", "+12,346"),
        (12345.6, -2, "12,300", "+12,300"),
        (None, 2, "–", "–"),
    ],
)
def test_a_true_minus_and_a_sign_on_all_but_an_exact_zero(
    value: float | None, places: int, plain: str, change: str
) -> None:
    assert number(value, places) == plain
    assert signed(value, places) == change


@given(
    st.floats(-1e6, 1e6).filter(lambda x: abs(x) > 1e-6),
    st.floats(1e-6, 1e6),
)
def test_no_digit_is_finer_than_the_error_but_the_leading_one(value: float, error: float) -> None:
    place = 10.0 ** -decimals(error, value)
    leading = 10.0 ** math.floor(math.log10(abs(value)))
    assert place >= error * (1 - 1e-6) or place == pytest.approx(leading)


@pytest.mark.parametrize(
    ("error", "values", "places"),
    [
        (0.003, (0.1234,), 2),
        (0.01, (0.1234,), 2),
        (0.011, (0.1234,), 1),
        (3.0, (417.0,), -1),
        (40.0, (3.0,), 0),
        (None, (0.01234,), 3),
        (0.0, (0.01234,), 4),
        (None, (0.0,), 0),
    ],
)
def test_decimals(error: float | None, values: tuple[float, ...], places: int) -> None:
    assert decimals(error, *values) == places


def test_a_clear_change_never_reads_as_zero_nor_its_interval_as_a_point() -> None:
    # With an error of 0.0012 the rule alone would give 0.00 and 0.00 to 0.01.
    places = change_decimals(0.0012, 0.004, 0.0016, 0.0064)
    assert signed(0.004, places) == "+0.004"
    assert interval(0.0016, 0.0064, places, sign=True) == "+0.002 to +0.006"
    places = change_decimals(0.009, 0.051, 0.05, 0.052)
    assert interval(0.05, 0.052, places) == "0.050 to 0.052"


def test_percentages_are_whole_or_tens() -> None:
    assert percent(0.523, 0.02) == "52"
    assert percent(0.523, 0.2) == "50"
    assert percent(0.523, None) == "52"
    assert percent(None, None) == "–"


def test_words_in_a_row() -> None:
    assert [listed(list("abc")[:n]) for n in range(4)] == ["", "a", "a and b", "a, b and c"]
