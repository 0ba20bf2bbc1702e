"""What is told of two paths adds up as it is shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.cli.told_paths import _adds_up


@pytest.mark.parametrize(
    ("before", "after", "places", "adds"),
    [(0.16, 0.04, 1, False), (0.16, 0.04, 2, True), (1.0, 1.04, 1, True), (0.0, 0.0, 0, True)],
)
def test_what_stands_beside_a_change(before: float, after: float, places: int, adds: bool) -> None:
    assert _adds_up(before, after, after - before, places) == adds


@given(st.floats(-99, 99), st.floats(-99, 99), st.integers(0, 3))
def test_it_never_holds_where_numbers_shown_differ(a: float, b: float, places: int) -> None:
    shown = (
        f"{round(b, places) - round(a, places):+.{places}f}",
        f"{round(b - a, places):+.{places}f}",
    )
    same = shown[0].replace("-", "+") == shown[1].replace("-", "+") == f"{0:+.{places}f}"
    assert _adds_up(a, b, b - a, places) == (shown[0] == shown[1] or same)
