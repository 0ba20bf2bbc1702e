"""The section that says why: it is there where scenarios are known, and every number adds up."""

import json
import re
from pathlib import Path

import pytest

from sim.analysis.compare import Comparison, pair
from sim.report import write_report
from sim.report.aggregates import digest
from sim.report.page import lead_of
from sim.report.pieces import Part
from sim.report.static import pictures
from sim.report.why import furthest, reasons
from tests.support.parting import HOSTILE, real_comparison, real_run, scenario

SLOTS = {"why-mean:1", "why-world:1"}


def section_of(comparison: Comparison) -> Part | None:
    shown = digest(comparison)
    return reasons(comparison, shown, lead_of(shown))


@pytest.fixture(scope="module")
def two() -> Comparison:
    return real_comparison("base", "other")


@pytest.fixture(scope="module")
def part(two: Comparison) -> Part:
    made = section_of(two)
    assert made is not None
    return made


def test_the_section_stands_in_the_page_with_its_pictures(
    two: Comparison, part: Part, tmp_path: Path
) -> None:
    text = write_report(two, tmp_path / "r.html", reasons=part).read_text()
    assert '<section id="why"' in text
    assert '<a href="#why">Why</a>' in text
    [block] = re.findall(r'<script type="application/json" id="numbers">(.*?)</script>', text)
    told = json.loads(block)["parts"]
    assert set(told) == SLOTS
    for slot in SLOTS:
        assert f'data-slot="{slot}"' in text
        assert told[slot]["alt"].startswith(HOSTILE)
        assert "in the baseline" in told[slot]["alt"]
        assert "Belarus’s" in told[slot]["title"]
    assert HOSTILE not in text.replace(block, "")


def test_every_picture_adds_up(part: Part) -> None:
    for one in part.charts.values():
        rows = one["chart"]["csv"]["rows"]
        assert (rows[0][0], rows[-1][0]) == ("in the baseline", "here")
        assert sum(row[2] for row in rows[:-1]) == pytest.approx(rows[-1][2], abs=1e-7)
        assert any(row[0] == "rents" for row in rows)


def test_what_was_stepped_again_is_said(part: Part) -> None:
    assert "Worlds 0 to 63 of each scenario were stepped again" in part.content
    assert "80 worlds" in part.content
    assert "most like all worlds" in part.content
    assert "+0 " not in part.content
    assert "0.0000" not in part.content
    assert "nan" not in part.content


def test_only_known_scenarios_have_reasons(two: Comparison) -> None:
    assert section_of(pair([real_run("base"), real_run("other")])) is None
    known = [scenario("base"), None]
    assert section_of(pair([real_run("base"), real_run("other")], known)) is None


def test_scenarios_that_are_the_same_are_said_to_be() -> None:
    made = section_of(real_comparison("base", "base"))
    assert made is not None
    assert made.charts == {}
    assert "nobody acts otherwise" in made.content
    assert "none parts" in made.content


def test_what_chance_may_have_parted_is_said_to_be_so() -> None:
    few = slice(0, 4)
    runs = [real_run("base").isel(world=few), real_run("other").isel(world=few)]
    made = section_of(pair(runs, [scenario("base"), scenario("other")]))
    assert made is not None
    assert made.charts == {}
    assert "which cannot be told from chance by 4 worlds." in made.content
    assert "were stepped again" not in made.content


def test_worlds_that_are_not_those_recorded_are_named_and_not_shown() -> None:
    runs = [real_run("base"), real_run("base").assign(front=real_run("base")["front"] + 0.01)]
    choice = real_run("other")["choice"]
    runs[1] = runs[1].assign(choice=choice)
    made = section_of(pair(runs, [scenario("base"), scenario("other")]))
    assert made is not None
    assert made.charts == {}
    assert "No reasons can be told: what is recorded of worlds 0 to 63" in made.content


def test_months_after_the_outcome_lies_furthest_apart_are_not_looked_at(two: Comparison) -> None:
    shown = digest(two)
    view = shown.views[lead_of(shown)]
    gap = view.gaps[1]
    sizes = [abs(mean or 0.0) for mean in gap.mean]
    at = furthest(view, 1)
    assert at == (None if gap.parted is None else sizes.index(max(sizes)))


def test_pictures_are_figures_too(two: Comparison, part: Part) -> None:
    shown = digest(two)
    names = [one.name for one in pictures(shown, lead_of(shown), [part])]
    assert names[-2:] == [f"why-{kind}-{shown.names[1]}" for kind in ("mean", "world")]
    assert not {one.name for one in pictures(shown, lead_of(shown))} & set(names[-2:])
