"""The pages of what outcomes hinge on: words that fit the numbers, pictures that hold them."""

import json
import re
from typing import Any

import pytest

from sim.analysis.by_set import measure_document
from sim.analysis.outcomes import measure
from sim.report import hinge_figures
from sim.report.hinge import discovery_page, sensitivity_page
from sim.report.hinge_words import (
    box_sentences,
    chance_words,
    factor_sentence,
    hinge_sentences,
    limit_words,
    parameter_words,
    percent,
    plain,
    typed_words,
    way_words,
)
from tests.support import hinges


def charts(page: str) -> dict[str, Any]:
    [block] = re.findall(r'<script type="application/json" id="numbers">(.*?)</script>', page)
    return dict(json.loads(block)["charts"])


def test_the_page_names_what_stands_out_and_draws_every_share() -> None:
    told = hinges.sensitivity_document()
    page = sensitivity_page(told)
    front, payoff = told["outcomes"]
    assert "2 of 60 uncertain parameters stand out" in page
    assert "None of 60 uncertain parameters stands out" in page
    assert "more draws a set (--draws)" in page
    drawn = charts(page)
    bars, dots = drawn["shares:0"]["chart"]["data"]
    assert len(bars["x"]) == 12
    assert dots["x"][0] == pytest.approx(100 * front["parameters"][0]["share"], rel=1e-3)
    assert bars["marker"]["color"][:3].count(hinge_figures.FAINT) == 1
    assert set(drawn) == {"shares:0", "shares:1", "course:0:0", "course:0:1"}
    assert "hinges on" in page
    assert "<b>Bold" not in page
    assert payoff["told"] == 0


def test_what_could_be_nothing_is_told_over_the_side_it_lies_on() -> None:
    row = {"parameter": "initial.front", "share": 0.2, "ci95": [0.1, 0.3], "stands_out": True}
    picture = hinge_figures.ranked([row], 0.1)
    for layout in (picture["layout"], picture["narrow"]):
        [note] = layout["annotations"]
        assert note["x"] == picture["layout"]["shapes"][0]["x0"] == 10
        assert note["xanchor"] == "right"


def test_the_page_of_a_design_shows_both_indices_of_every_factor() -> None:
    told = hinges.designed_document()
    page = sensitivity_page(told)
    first, total = charts(page)["factors:0"]["chart"]["data"]
    assert len(first["x"]) == len(total["x"]) == 4
    for words in ("all other parameters (60)", "C05 (1)", "chance"):
        assert words in page


def test_the_page_of_a_box_shows_limits_and_what_holds_elsewhere() -> None:
    told = hinges.discovery_document()
    page = discovery_page(told)
    [one] = told["outcomes"]
    assert one["more_than_nothing"]
    drawn = charts(page)
    assert set(drawn) == {"limits", "trajectory"}
    way, box, elsewhere = drawn["trajectory"]["chart"]["data"]
    assert len(way["x"]) == len(one["trajectory"])
    assert box["y"] == [pytest.approx(100 * one["box"]["density"], rel=1e-3)]
    assert elsewhere["y"] == [pytest.approx(100 * one["elsewhere"]["density"], rel=1e-3)]
    for limit in one["box"]["limits"]:
        assert limit_words(limit) in page
    assert "It is more than chance" in page


@pytest.mark.parametrize("name", ["front", "influence.belarus.russia", "entry", "payoff.belarus"])
def test_a_threshold_is_given_as_it_is_typed_where_its_units_differ(name: str) -> None:
    told = hinges.discovery_document()
    [one] = told["outcomes"]
    one |= {**measure_document(measure(name)), "threshold": 0.00328, "side": "above"}
    page = discovery_page(told)
    if name == "payoff.belarus":
        assert typed_words(one) == ""
        assert "To be typed" not in page
        return
    assert typed_words(one).startswith("To be typed as --above 0.00328 (")
    assert typed_words(one) in page
    assert "above 0.328" in page


def test_a_box_that_is_no_better_than_shuffles_is_not_the_headline() -> None:
    told = hinges.discovery_document("idle")
    page = discovery_page(told)
    [answer] = re.findall(r'<p class="answer">(.*?)</p>', page)
    assert answer.startswith("No box")
    assert "change from “Another one”" in page


def test_without_limits_nothing_is_said_of_a_box() -> None:
    [one] = hinges.discovery_document()["outcomes"]
    bare = {**one, "box": {**one["box"], "limits": []}, "more_than_nothing": False}
    assert box_sentences(bare, "final")[0].startswith("No box: no limit on any parameter")
    page = discovery_page({**hinges.COMMON, "outcomes": [bare]})
    assert "Limits of the box" not in page


def test_what_is_not_known_well_enough_is_said() -> None:
    [one] = hinges.designed_document()["outcomes"]
    assert factor_sentence(one).endswith("would narrow them.")
    lead = {**one["factors"][0], "factor": "chance", "parameters": [], "total": 0.5}
    lead |= {"first": 0.4, "total_ci95": [0.45, 0.55]}
    said = factor_sentence({"factors": [lead]})
    assert said == (
        "The largest share in all is that of chance: 50 % of the spread between worlds (45 to 55), "
        "40 % by itself."
    )
    [box] = hinges.discovery_document()["outcomes"]
    assert "A hint, no more" not in " ".join(box_sentences(box, "final"))
    rate = box["sets_of_interest"] / box["sets"]
    weak = {**box, "elsewhere": {"density": rate + 0.01, "coverage": 0.5}}
    assert "A hint, no more" in " ".join(box_sentences(weak, "final"))


def test_words() -> None:
    assert (
        parameter_words("actors.belarus.incentives.rents") == "Belarus: weight of rents from Russia"
    )
    assert parameter_words("world.substitution") == "how well suppliers replace one another"
    assert [percent(x) for x in (0.416, 0.0234, -0.0123, 0.0)] == ["42", "2.3", "−1.2", "0.0"]
    assert [plain(x) for x in (0.0, 1234.5, -0.03333, 0.00000421)] == [
        *("0", "1,234", "−0.0333", "0.0000042"),
    ]
    assert plain(0.5, sign=True) == "+0.5"
    assert [way_words(x) for x in (0.5, -0.5, 0.05)] == ["rises with it", "falls with it", "bends"]
    both = {"low": 0.2, "high": 0.4}
    assert limit_words(both) == "between 0.2 and 0.4"
    assert limit_words({**both, "low": None}) == "below 0.4"


def test_what_chance_leaves_is_said_with_what_to_do() -> None:
    assert "cannot be told" in chance_words({"chance_left": None, "draws": 1}, "final")
    much = {"chance_left": 0.8, "draws": 4}
    assert "--when mean" in chance_words(much, "final")
    assert "--when mean" not in chance_words(much, "mean")
    one = {"parameters": [{"stands_out": True}], "told": 0.2, "chance_left": 0.1, "draws": 4}
    assert hinge_sentences(one, "final")[0].startswith("One of 1 uncertain")


def test_a_box_is_told_in_words_and_its_small_p_taken_for_what_it_is() -> None:
    document = hinges.discovery_document()
    for more in (True, False):
        [one] = document["outcomes"]
        one["more_than_nothing"] = more
        said = " ".join(box_sentences(one, "final"))
        assert "are such" not in said
        assert "of these" not in said
        density, coverage = one["box"]["density"], one["box"]["coverage"]
        assert f"{density * 100:.0f} of 100 sets of assumptions are cases of this kind" in said
        assert f"The box holds {coverage * 100:.0f} of 100 of all such cases" in said
        assert "1 without a mistake" in said
        assert "is no sign that the box is more than chance" in discovery_page(document)
