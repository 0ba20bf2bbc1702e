import re
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from sim.analysis.compare import compare
from sim.report.aggregates import Digest, digest
from sim.report.figures import complete, fan, medians
from sim.report.markup import chart_text
from sim.report.odds import COLUMNS, end_states, fifty_dots, forest
from sim.report.open_scales import scaled_to_open
from sim.report.page import LEAD
from sim.report.partings import gap_chart
from sim.report.phrases import end_words
from sim.report.pieces import featured
from tests.sim.report.conftest import HOSTILE, digest_of
from tests.support.synthetic import make_three

COUNTS = [2, 3, 6, 12]


def traces(chart: dict[str, Any], meta: str) -> list[dict[str, Any]]:
    """Traces of a chart that carry this mark."""
    return [trace for trace in chart["data"] if trace.get("meta") == meta]


@pytest.mark.parametrize("count", [1, *COUNTS])
@pytest.mark.parametrize("narrow", [False, True])
def test_every_picture_is_valid_plotly(count: int, narrow: bool) -> None:
    import plotly.graph_objects as go

    numbers = digest_of(count)
    charts = []
    for view in numbers.views.values():
        charts += [fan(numbers, view, 0), fan(numbers, view, count - 1)]
        if count > 1:
            charts.append(medians(numbers, view))
        if not view.measure.event:
            charts.append(fifty_dots(numbers, view, count - 1))
            charts.append(forest(numbers, view, "final"))
    charts += [end_states(numbers, i) for i in range(count)]
    for chart in charts:
        go.Figure(complete(chart, numbers.months, narrow))


@pytest.mark.parametrize("count", COUNTS)
def test_panels_of_an_outcome_share_one_scale(count: int) -> None:
    numbers = digest_of(count)
    for view in numbers.views.values():
        fans = [fan(numbers, view, i) for i in range(count)]
        assert len({tuple(chart["layout"]["yaxis"]["range"]) for chart in fans}) == 1
        assert len({tuple(chart["paths"]["yaxis"]["range"]) for chart in fans}) == 1
        assert len({chart["layout"]["height"] for chart in fans}) == 1
        if not view.measure.event:
            spans = [fifty_dots(numbers, view, i)["layout"]["xaxis"]["range"] for i in range(count)]
            assert len({tuple(span) for span in spans}) == 1


def test_each_fan_but_the_baselines_has_the_baseline_dashed_in_it(three_digest: Digest) -> None:
    view = three_digest.views["front"]
    base = fan(three_digest, view, 0)
    assert traces(base, "baseline") == []
    for index in three_digest.others:
        [line] = traces(fan(three_digest, view, index), "baseline")
        assert line["line"]["dash"] == "dash"
        assert line["y"] == traces(base, "median")[0]["y"]


def test_bands_have_no_outline_and_the_stated_weight(three_digest: Digest) -> None:
    chart = fan(three_digest, three_digest.views["front"], 1)
    wide, middle = traces(chart, "q95")[0], traces(chart, "q75")[0]
    assert wide["fillcolor"] == "rgba(0,114,178,0.16)"
    assert middle["fillcolor"] == "rgba(0,114,178,0.28)"
    assert {wide["line"]["width"], middle["line"]["width"]} == {0}
    assert traces(chart, "median")[0]["line"]["width"] == 2.2


def test_paths_are_one_trace_with_gaps_hidden_until_asked_for(three_digest: Digest) -> None:
    chart = fan(three_digest, three_digest.views["front"], 1)
    [paths] = traces(chart, "paths")
    assert paths["visible"] is False
    assert paths["y"].count(None) == len(three_digest.path_worlds)
    whole = complete(chart, three_digest.months)
    [drawn] = traces(whole, "paths")
    assert len(drawn["x"]) == len(drawn["y"])
    assert drawn["x"][: len(three_digest.months) + 1] == [*three_digest.months, None]


def test_an_event_has_a_share_and_no_band(three_digest: Digest) -> None:
    chart = fan(three_digest, three_digest.views["entry"], 1)
    assert len(traces(chart, "share")) == 1
    assert traces(chart, "q95") == traces(chart, "paths") == []


@pytest.mark.parametrize("count", COUNTS)
def test_every_median_has_a_label_of_its_own_in_ink(count: int) -> None:
    numbers = digest_of(count)
    chart = medians(numbers, numbers.views["influence.belarus.russia"])
    for layout in (chart["layout"], {**chart["layout"], **chart["narrow"]}):
        notes = layout["annotations"]
        assert sorted(int(note["name"]) for note in notes) == list(range(count))
        assert all("color" not in note["font"] for note in notes)
        assert all(note["font"]["size"] >= 11 for note in notes)
        low, high = layout["yaxis"]["range"]
        pixels = layout["height"] - layout["margin"]["t"] - layout["margin"]["b"]
        ends = [(high - note["y"]) * pixels / (high - low) + note["ay"] for note in notes]
        lines = max(note["text"].count("<br>") + 1 for note in notes)
        ranked = sorted(ends)
        gap = notes[0]["font"]["size"] * 1.25 * lines
        assert all(b - a >= gap for a, b in pairwise(ranked))
        assert ranked[-1] <= pixels + 1


def _ends(
    numbers: Digest, values: list[float], level: int, error: float
) -> tuple[Digest, list[str]]:
    """Scenarios whose middles end at these values, each known to so many decimals."""
    name = "influence.belarus.russia"
    view = numbers.views[name]
    courses = [
        replace(
            course, lines={**course.lines, "median": [*course.middle[:-1], value]}, places=level
        )
        for course, value in zip(view.courses, values, strict=True)
    ]
    changes = dict(numbers.changes)
    for i in numbers.others:
        one = changes[i, name, "final"]
        changes[i, name, "final"] = replace(one, se=error, errors=dict.fromkeys(one.errors, error))
    view = replace(view, courses=tuple(courses), middle_scale=(0.0, 100.0))
    numbers = replace(numbers, changes=changes, views=numbers.views | {name: view})
    return numbers, end_words(numbers, view)


def test_end_labels_tell_lines_apart_when_the_differences_do(three_digest: Digest) -> None:
    numbers, words = _ends(three_digest, [42.5, 37.1, 90.0], -1, 0.4)
    assert words == ["42", "37", "90"]
    chart = medians(numbers, numbers.views["influence.belarus.russia"])
    for layout in (chart["layout"], chart["narrow"]):
        texts = [note["text"] for note in layout["annotations"]]
        assert all(any(text.endswith(word) for text in texts) for word in words)
    assert _ends(three_digest, [41.5, 67.1, 91.0], -1, 0.4)[1] == ["40", "70", "90"]


def test_an_end_label_that_would_tell_two_lines_as_one_has_no_number(three_digest: Digest) -> None:
    _, words = _ends(three_digest, [44.0, 36.1, 90.0], -1, 10.0)
    assert words == ["", "", "90"]
    # what is not seen to part may well have the same number
    assert _ends(three_digest, [42.5, 42.1, 90.0], -1, 10.0)[1] == ["40", "40", "90"]


def test_a_hover_tells_no_band_finer_than_its_error(three_digest: Digest) -> None:
    for view in three_digest.views.values():
        if view.measure.event:
            continue
        for index, course in enumerate(view.courses):
            [middle] = traces(fan(three_digest, view, index), "median")
            formats = re.findall(r"%\{customdata\[(\d)\]:,\.(\d)f\}", middle["hovertemplate"])
            assert sorted(edge for edge, _ in formats) == ["0", "1", "2", "3"]
            for edge, shown in formats:
                errors = [course.final.errors[key] for key in _EDGES[edge]]
                ends = [abs(course.final.values[key] or 0.0) for key in _EDGES[edge]]
                error = max((one for one in errors if one is not None), default=0.0)
                last = 10 ** -int(shown)
                # the leading digit of the largest is always shown
                assert int(shown) == 0 or last >= error * 0.999 or 10 * last > max(ends)


_EDGES = {"0": ("q05", "q95"), "3": ("q05", "q95"), "1": ("q25", "q75"), "2": ("q25", "q75")}


def test_a_hostile_title_is_text_wherever_it_stands() -> None:
    numbers = digest_of(3 if HOSTILE in digest_of(3).titles else 6)
    view = numbers.views["front"]
    charts = [medians(numbers, view), forest(numbers, view, "final")]
    for chart in charts:
        for layout in (chart["layout"], chart["narrow"]):
            words = " ".join(note["text"] for note in layout["annotations"])
            assert "<b>" not in words
            assert chart_text("<b>Bold</b>") in words
        hovers = " ".join(trace.get("hovertemplate", "") for trace in chart["data"])
        assert "<b>" not in hovers
        assert "%{y}" not in hovers.replace("%{y:", "")


def test_a_forest_row_is_one_scenarios_quantiles(three_digest: Digest) -> None:
    chart = forest(three_digest, three_digest.views["payoff.belarus"], "final")
    change = three_digest.changes[2, "payoff.belarus", "final"]
    wide, middle, marker = chart["data"][3:6]
    q = change.quantiles
    assert wide["x"] == pytest.approx([q["q05"], q["q95"]], rel=1e-4)
    assert middle["x"] == pytest.approx([q["q25"], q["q75"]], rel=1e-4)
    assert marker["x"] == pytest.approx([q["median"]], rel=1e-4)
    low, high = chart["layout"]["xaxis"]["range"]
    assert low < 0 < high
    assert chart["layout"]["shapes"][0]["x0"] == chart["layout"]["shapes"][0]["x1"] == 0


def test_a_forest_says_in_how_many_worlds(three_digest: Digest) -> None:
    chart = forest(three_digest, three_digest.views["payoff.belarus"], "final")
    change = three_digest.changes[1, "payoff.belarus", "final"]
    words = [note["text"] for note in chart["layout"]["annotations"]]
    assert "higher in" in words
    assert f"{change.p_greater * 100:.0f} of 100" in words


def test_a_forest_of_one_world_has_neither_middle_nor_odds() -> None:
    numbers = digest(compare(make_three(worlds=1, months=3)))
    chart = forest(numbers, numbers.views["influence.belarus.russia"], "final")
    for layout in (chart["layout"], chart["narrow"]):
        words = " ".join(note["text"] for note in layout["annotations"])
        assert "change" in words
        assert not re.search("median|mean|higher|same|worlds", words)


def test_no_line_of_a_narrow_forest_runs_through_its_words() -> None:
    numbers = digest_of(6)
    chart = forest(numbers, numbers.views["influence.belarus.russia"], "final")
    layout = {**chart["layout"], **chart["narrow"]}
    assert layout["xaxis"]["showgrid"] is False
    high, low = layout["yaxis"]["range"][1], layout["yaxis"]["range"][0]
    inner = layout["height"] - layout["margin"]["t"] - layout["margin"]["b"]
    for note in layout["annotations"]:
        lines = 1.3 * note.get("font", {"size": 13})["size"] * (1 + note["text"].count("<br>"))
        half = 0.5 * lines * (high - low) / inner
        for line in layout["shapes"]:
            above, below = line["y0"] > note["y"] + half, line["y1"] < note["y"] - half
            assert above or below


@pytest.mark.parametrize("count", COUNTS)
def test_fifty_dots_are_fifty(count: int) -> None:
    numbers = digest_of(count)
    for index in range(count):
        assert len(end_states(numbers, index)["data"][0]["x"]) == 50
        for view in numbers.views.values():
            if not view.measure.event:
                [trace] = fifty_dots(numbers, view, index)["data"]
                places = list(zip(trace["x"], trace["y"], strict=True))
                assert len(places) == len(set(places)) == 50


def test_dates_are_said_once(three_digest: Digest) -> None:
    for view in three_digest.views.values():
        chart = fan(three_digest, view, 1)
        assert {trace["x"] for trace in chart["data"]} <= {"$months", "$paths"}


def test_a_payoff_on_another_yardstick_is_muted_and_says_so(three_digest: Digest) -> None:
    view = three_digest.views["payoff.belarus"]
    assert three_digest.weighed_otherwise("payoff.belarus") == [1, 2]  # its rents weigh otherwise
    one = replace(three_digest, yardsticks=frozenset({(1, "payoff.belarus")}))
    chart, plain = forest(one, view, "final"), forest(three_digest, view, "mean")
    assert [trace.get("opacity", 1) < 1 for trace in chart["data"]] == [True] * 3 + [False] * 3
    assert "another yardstick" in chart["data"][2]["hovertemplate"]
    pale = [note["text"] for note in chart["layout"]["annotations"] if note.get("opacity", 1) < 1]
    assert "Prolonged<br>conflict †" in pale or "Prolonged conflict †" in pale
    assert len(pale) == 1 + len(COLUMNS) - 1
    assert "median" not in pale
    for layout in (chart["layout"], chart["narrow"]):
        words = [note["text"].replace("<br>", " ") for note in layout["annotations"]]
        assert "† another yardstick: its weights differ" in words
        assert "Prolonged conflict †" in words
        assert "Negotiated settlement" in words
    assert [row[0] for row in chart["csv"]["rows"]] == [
        "Prolonged conflict †",
        "Negotiated settlement",
    ]
    free = forest(replace(one, yardsticks=frozenset()), view, "final")
    assert plain["layout"]["height"] > free["layout"]["height"]
    assert "†" not in str(free)


def test_a_difference_between_two_yardsticks_does_not_part(three_digest: Digest) -> None:
    view = three_digest.views["payoff.belarus"]
    layout = gap_chart(three_digest, view, 1)["layout"]
    words = [note["text"] for note in layout["annotations"]]
    assert words == ["† another yardstick: its weights differ"]
    assert len(layout["shapes"]) == 1  # zero, and no month of parting
    other = three_digest.views["payoff.russia"]
    assert "†" not in str(gap_chart(three_digest, other, 1)["layout"])


def test_a_folded_scenario_does_not_flatten_the_open_ones(twelve_digest: Digest) -> None:
    view = twelve_digest.views["payoff.russia"]
    shown, rest = featured(twelve_digest, LEAD)
    far, name = rest[0], "q95"
    course = view.courses[far]
    course = replace(course, lines=course.lines | {name: [900.0 for _ in course.middle]})
    gap = view.gaps[far]
    gap = replace(gap, lines=gap.lines | {name: [-900.0 for _ in gap.mean]})
    courses = tuple(course if i == far else one for i, one in enumerate(view.courses))
    wild = replace(view, courses=courses, gaps=view.gaps | {far: gap})
    one = scaled_to_open(replace(twelve_digest, views={"payoff.russia": wild}), shown)
    now = one.views["payoff.russia"]
    assert now.scale[1] < 100
    assert now.gap_scale[0] > -100
    for i in shown:
        chart = fan(one, now, i)
        assert "reaches" not in str(chart["layout"])
        assert chart["layout"]["yaxis"]["range"] == list(now.scale)
    chart = fan(one, now, far)
    assert chart["layout"]["yaxis"]["range"] == list(now.scale)
    [note] = chart["layout"]["annotations"]
    assert note["text"] == "reaches 900"
    assert (note["y"], note["yanchor"]) == (1, "top")
    assert all(trace["cliponaxis"] for trace in chart["data"])
    texts = [note["text"] for note in gap_chart(one, now, far)["layout"]["annotations"]]
    assert "reaches −900" in texts


def test_nor_does_an_open_one_that_goes_far_beyond_the_rest(twelve_digest: Digest) -> None:
    view = twelve_digest.views["payoff.russia"]
    shown, _ = featured(twelve_digest, LEAD)
    far = shown[-1]
    course, gap = view.courses[far], view.gaps[far]
    course = replace(course, lines=course.lines | {"q95": [900.0 for _ in course.middle]})
    gap = replace(gap, lines=gap.lines | {"q95": [900.0 for _ in gap.mean]})
    courses = tuple(course if i == far else one for i, one in enumerate(view.courses))
    wild = replace(view, courses=courses, gaps=view.gaps | {far: gap})
    one = scaled_to_open(replace(twelve_digest, views={"payoff.russia": wild}), shown)
    now = one.views["payoff.russia"]
    assert "reaches 900" in str(fan(one, now, far)["layout"])
    assert "reaches 900" in str(gap_chart(one, now, far)["layout"])
    for i in shown[:-1]:
        assert "reaches" not in str(fan(one, now, i)["layout"])
    # a median is never cut off, be its scenario open or folded
    moved = replace(view.courses[far], lines=view.courses[far].lines | {"median": [900.0] * 36})
    courses = tuple(moved if i == far else one for i, one in enumerate(view.courses))
    for open_ in (shown, shown[:-1]):
        held = replace(twelve_digest, views={"payoff.russia": replace(view, courses=courses)})
        assert scaled_to_open(held, open_).views["payoff.russia"].scale[1] >= 900
    # nor is the baseline
    tall = replace(view.courses[0], lines=view.courses[0].lines | {"q95": [900.0] * 36})
    wild = replace(view, courses=(tall, *view.courses[1:]))
    one = scaled_to_open(replace(twelve_digest, views={"payoff.russia": wild}), shown)
    assert one.views["payoff.russia"].scale[1] >= 900


def test_with_few_scenarios_all_stand_open_on_one_scale(three_digest: Digest) -> None:
    assert scaled_to_open(three_digest, featured(three_digest, LEAD)[0]) is three_digest
