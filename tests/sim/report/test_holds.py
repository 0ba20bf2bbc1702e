"""Section 9: where the model holds, in ten seconds, and with what it was found."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sim.report import write_report
from sim.report.holds import Found, where_it_holds
from tests.sim.report.test_browser import shown
from tests.support.browser import Opened
from tests.support.synthetic import make_run

DAY = date(2023, 12, 3)
RULE = {"supported_share": 0.6, "refuted_share": 0.4}


def judged(name: str, verdict: str, hits: int = 3, firm: bool = True) -> dict[str, Any]:
    return {
        "name": name,
        "label": f"Figure of {name}, in full",
        "verdict": verdict,
        "firm": firm,
        "share": hits / 10,
        "error": 0.1,
        "ci95": [0.05, 0.6],
        "sets": 10,
        "counts": {"hit": hits, "miss": 10 - hits, "undecided": 0},
        "figure": {"median": 1.0, "q05": 0.0, "q95": 2.0},
        "flips": {"brief": f"where {name} <flips>"},
    }


def verdicts(**about: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    rule = RULE | {"variants_needed": 4, "variants": [{}] * 6}
    return {
        "source": "priors",
        "fulcrum": "9.9.9",
        "code": "abcdef0123456789",
        "hypotheses": [
            {
                "id": "H1",
                "title": "No puppet",
                "rule": RULE,
                "judged": [judged("H1", "supported", 7)],
            },
            {
                "id": "H3",
                "title": "Prolonged war",
                "rule": rule,
                "judged": [
                    judged("H3.payoff.belarus", "refuted"),
                    judged("H3.dependence", "refuted", firm=False),
                    judged("H3.influence", "refuted"),
                ],
            },
        ],
    } | about


def told(value: float | None, error: float | None = 0.02) -> dict[str, Any]:
    return {"value": value, "error": error}


def scores() -> dict[str, Any]:
    return {
        "scenario": "invasion_2022",
        "window": {"from": "2023-07", "to": "2023-11"},
        "fulcrum": "9.9.9",
        "code": "abcdef0123456789",
        "asked": {"coverage90": [0.8, 0.98], "series_ahead_of_persistence": 0.5},
        "forecasts": [
            {
                "issued": issued,
                "coverage": {"90": told(0.83)},
                "skill": {"persistence": told(0.07), "drift": told(None, None)},
                "series": [
                    {"skill": {"persistence": told(value)}} for value in (0.2, -0.1, None, 0.3)
                ],
            }
            for issued in (None, "2023-06")
        ],
    }


def words(*found: Found | None) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", where_it_holds(*found).content).split())


def test_with_nothing_it_names_the_commands_in_one_line() -> None:
    part = where_it_holds(None, None)
    assert (part.identifier, part.words) == ("holds", "Where it holds")
    assert part.content.count("<p") == 1
    said = words(None, None)
    assert "fulcrum thesis puts the argument to six tests and fulcrum backtest" in said


def test_verdicts_come_first_with_share_interval_and_flip() -> None:
    said = words(Found(verdicts(), DAY), None)
    answer = "Of 4 verdicts on the argument: 1 supported (H1 No puppet) and 3 refuted."
    assert said.startswith(f"Where it holds {answer}")
    assert "✓ supported 7 of 10 95 %: 5 to 60 of 100" in said
    assert "within error" in said
    assert "where H1 &lt;flips&gt;" in said
    assert "Supported from 60 of 100 sets on, refuted up to 40; H3 also needs 4 of 6" in said
    assert "Not in this results folder: fulcrum backtest" in said


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ([], "nothing that it rests on has changed since."),
        (["the model’s code"], "the model’s code has changed since, so that it may no longer hold"),
        (["a", "b"], "a and b have changed since, so that it may no longer hold"),
    ],
)
def test_it_says_when_on_what_and_whether_that_changed(changed: list[str], expected: str) -> None:
    said = words(Found(verdicts(), DAY, changed), None)
    assert f"Made on 3 December 2023 by Fulcrum 9.9.9, code abcdef012345; {expected}" in said
    assert "frozen priors" in said


def test_another_source_stands_beside() -> None:
    other = verdicts(source="posterior_2023")
    other["hypotheses"][0]["judged"] = [judged("H1", "undecided", 5)]
    other["hypotheses"][1]["judged"] = []
    part = where_it_holds(Found(verdicts(), DAY, beside=[other]), None)
    assert "under posterior_2023" in part.content
    assert part.content.count("not yet run") == 3
    assert "undecided 5 of 10 ± 10.0 points" in words(Found(verdicts(), DAY, beside=[other]), None)


def test_pooled_scores_stand_with_what_was_asked() -> None:
    said = words(None, Found(scores(), DAY, ["the data in seeds/"]))
    assert "“invasion_2022” against what was observed, July 2023 to November 2023." in said
    assert "Issued at the end of June 2023 83 % +0.07 ± 0.02 – 2 of 3" in said
    assert said.index("Issued at the end of June 2023") < said.index("The whole run, with its")
    assert "80 to 98 % in the bands" in said
    assert "the data in seeds/ has changed since" in said


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1440])
def test_it_stands_in_the_report_and_fits(browser_page: Opened, tmp_path: Path, width: int) -> None:
    other = verdicts(source="posterior_2023")
    part = where_it_holds(Found(verdicts(), DAY, beside=[other]), Found(scores(), DAY))
    run = make_run(worlds=16, months=3)
    report = write_report(run, tmp_path / "r.html", verdicts=part)
    browser_page.page.set_viewport_size({"width": width, "height": 900})
    page = shown(browser_page, report)
    assert page.locator("nav a[href='#holds']").inner_text() == "Where it holds"
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    # on a phone a verdict is a block with its words, on a screen a row of a table
    said = page.evaluate("getComputedStyle(document.querySelector('#holds td'), null).display")
    assert said == ("block" if width < 640 else "table-cell")
    cell = page.locator("#holds table.verdicts td").last
    before = cell.evaluate("cell => getComputedStyle(cell, '::before').content")
    assert ("Would flip" in before) == (width < 640)
