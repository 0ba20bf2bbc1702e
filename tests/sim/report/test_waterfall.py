"""A waterfall leads from its first level to its last, and says no more than is known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis.why import Mean
from sim.report.theme import BASELINE, DARK, HUES, LIGHT, Json, contrast
from sim.report.waterfall import Bar, decimals_of, places_of, values_of, waterfalls
from tests.sim.report.conftest import HOSTILE

ENDS = ("left", "right")
PARTS = st.floats(-5, 5, allow_nan=False).map(lambda value: round(value, 6))


def bars_of(start: float, parts: list[float], error: float | None = None) -> list[Bar]:
    half = None if error is None else 2 * error
    steps = [Bar(f"term {n}", Mean(part, error, half)) for n, part in enumerate(parts)]
    end = Mean(start + sum(parts), error, half)
    return [Bar("before", Mean(start, error, half), BASELINE), *steps, Bar("after", end, HUES[0])]


def drawn(picture: Json) -> dict[float, tuple[float, float]]:
    """Row -> where its bar begins and ends."""
    return {
        y: (base, base + x)
        for trace in picture["data"]
        for y, base, x in zip(trace["y"], trace["base"], trace["x"], strict=True)
    }


@given(PARTS, st.lists(PARTS, min_size=1, max_size=7), st.none() | st.floats(1e-3, 1))
def test_each_step_begins_where_the_last_one_ended(
    start: float, parts: list[float], error: float | None
) -> None:
    bars = bars_of(start, parts, error)
    [picture] = waterfalls([bars], ENDS)
    found = drawn(picture)
    assert sorted(found) == [-float(n) for n in range(len(bars) - 1, -1, -1)]
    assert found[0.0][0] == 0
    for row in range(1, len(bars) - 1):
        assert found[-float(row)][0] == pytest.approx(found[1.0 - row][1], abs=1e-3)
    last = found[1.0 - len(bars)]
    assert last[0] == 0
    assert last[1] == pytest.approx(found[2.0 - len(bars)][1], abs=2e-3)
    low, high = picture["layout"]["xaxis"]["range"]
    assert all(low <= end <= high for ends in found.values() for end in ends)
    rows = picture["csv"]["rows"]
    assert sum(row[2] for row in rows[:-1]) == pytest.approx(rows[-1][2], abs=1e-6)
    for layout in (picture["layout"], picture["narrow"]):
        texts = [note["text"] for note in layout["annotations"]]
        assert len(texts) == 2 + 2 * len(bars)


def test_waterfalls_beside_one_another_share_scale_and_margins() -> None:
    one, two = waterfalls([bars_of(0.1, [0.2]), bars_of(-3, [1, 12.25], 0.5)], ENDS)
    assert one["layout"]["xaxis"] == two["layout"]["xaxis"]
    assert one["layout"]["margin"] == two["layout"]["margin"]


def test_no_digit_is_finer_than_the_error_of_the_step_known_best() -> None:
    assert places_of([Mean(1.2345, 0.05), Mean(0.5, 0.3)]) == 1
    assert places_of([Mean(1.2345, 0.004)]) == 2
    assert places_of([Mean(0.04, 0.2)]) == 2  # the first digit of the largest always is shown
    assert places_of([Mean(1.2, 0.05)], [Mean(0.02)]) == 2  # a level that would round away
    assert places_of([Mean(1.2345)]) == 2


def test_a_step_too_small_to_be_seen_has_no_whisker_and_keeps_its_sign() -> None:
    bars = bars_of(1.0, [-0.0004, 0.5], 0.05)
    [picture] = waterfalls([bars], ENDS)
    with_whiskers, without = picture["data"]
    assert with_whiskers["y"] == [0.0, -2.0, -3.0]
    assert without["y"] == [-1.0]
    assert "error_x" not in without
    assert values_of(bars) == ["+1.0", "−<0.1", "+0.5", "+1.5"]


def test_parts_are_shown_to_add_up() -> None:
    levels = (Mean(0.7, 0.2, 0.4), Mean(2.3, 0.4, 0.8))
    parts = [Mean(1.6, 0.3, 0.6), Mean(-0.003, 0.002, 0.004)]
    bars = [
        Bar("before", levels[0], BASELINE),
        *(Bar("part", part) for part in parts),
        Bar("after", levels[1], HUES[0]),
    ]
    assert places_of(parts, levels) == 0  # which would read 1 and 2 make 2
    assert values_of(bars) == ["+0.7", "+1.6", "−<0.1", "+2.3"]


@given(PARTS, st.lists(PARTS, min_size=1, max_size=7), st.floats(1e-3, 5))
def test_a_sum_is_off_by_one_last_digit_at_most_or_has_all_decimals(
    start: float, parts: list[float], error: float
) -> None:
    bars = bars_of(start, parts, error)
    places = decimals_of(bars)
    *rounded, whole = (round(bar.mean.value, places) for bar in bars)
    assert abs(sum(rounded) - whole) <= 1.01 * 10.0**-places or places == 2
    numerals = [text.lstrip("+−<") for text in values_of(bars) if text != "0"]
    assert {len(text.partition(".")[2]) for text in numerals} <= {places}


def test_labels_are_text() -> None:
    [picture] = waterfalls(
        [[Bar(HOSTILE, Mean(1.0)), Bar("all", Mean(1.0), HUES[0])]], (HOSTILE, "")
    )
    texts = str(picture["layout"]["annotations"]) + str(picture["data"][0]["hovertemplate"])
    assert "<b>Bold" not in texts
    assert "%{y}" not in texts
    assert "$x$" not in texts
    assert "</script>" not in texts


def test_shapes_are_seen_on_light_and_dark_paper() -> None:
    [picture] = waterfalls([bars_of(1.0, [1.0, -1.0])], ENDS)
    colours = {colour for trace in picture["data"] for colour in trace["marker"]["color"]}
    assert len(colours) == 4
    for paper in (LIGHT.paper, DARK.paper):
        assert all(contrast(colour, paper) >= 3 for colour in colours)
