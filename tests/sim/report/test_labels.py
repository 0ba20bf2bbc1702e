from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.report.labels import month_ticks, month_words, spread_out, wrapped


def months(first: int, count: int) -> tuple[str, ...]:
    """So many months as dates, from month `first` of 2023."""
    numbers = [2023 * 12 + first - 1 + i for i in range(count)]
    return tuple(f"{n // 12}-{n % 12 + 1:02d}-01" for n in numbers)


@given(st.lists(st.floats(-50, 350), min_size=1, max_size=12))
def test_labels_keep_apart_in_order_and_inside(wanted: list[float]) -> None:
    placed = spread_out(wanted, 17, 0, 300)
    ranked = sorted(placed)
    assert all(b - a >= 17 - 1e-6 for a, b in pairwise(ranked))
    assert ranked[0] >= -1e-9
    assert ranked[-1] <= 300 + 1e-6
    for i, one in enumerate(wanted):
        for j, other in enumerate(wanted):
            if one < other:
                assert placed[i] < placed[j]


def test_labels_with_room_stay_where_they_belong() -> None:
    assert spread_out([200, 20, 100], 17, 0, 300) == [200, 20, 100]
    assert spread_out([100, 100], 20, 0, 300) == [90, 110]


@pytest.mark.parametrize("count", [2, 3, 6, 12, 18, 36, 60, 120, 240])
@pytest.mark.parametrize("first", [1, 2, 12])
@pytest.mark.parametrize("most", [4, 5, 9])
def test_an_axis_of_months_has_ticks_enough_and_not_too_many(
    first: int, count: int, most: int
) -> None:
    positions, words = month_ticks(months(first, count), most)
    assert 2 <= len(positions) <= most
    assert len(set(words)) == len(words) or any("<br>" in word for word in words)
    assert positions == sorted(positions)


def test_ticks_name_the_year_once() -> None:
    assert month_ticks(months(12, 36), 9)[1] == [
        "Jan<br>2024",
        "Jul",
        "Jan<br>2025",
        "Jul",
        "Jan<br>2026",
        "Jul",
    ]
    assert month_ticks(months(12, 36), 4)[1] == ["2024", "2025", "2026"]
    assert month_ticks(months(12, 1), 4) == (["2023-12-01"], ["Dec<br>2023"])


def test_long_titles_break_and_end_in_dots() -> None:
    assert wrapped("Negotiated settlement", 13) == ["Negotiated", "settlement"]
    assert wrapped("A prolonged conflict with fading attention", 18) == [
        "A prolonged",
        "conflict with…",
    ]
    assert all(len(line) <= 10 for line in wrapped("Unverbrüchlichkeitserklärung", 10))


def test_months_in_words() -> None:
    assert month_words("2024-03-01") == "March 2024"
    assert month_words("2024-03-01", full=False) == "Mar 2024"
