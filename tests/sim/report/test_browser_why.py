"""The reasons in a real browser: they are drawn, fit any window, and hand over their numbers."""

import csv
from pathlib import Path
from xml.etree import ElementTree

import pytest

from sim.report import write_report
from sim.report.aggregates import digest
from sim.report.one_world import one_world
from sim.report.page import lead_of
from sim.report.theme import DARK, LIGHT
from sim.report.why import reasons
from tests.sim.report.test_browser import WIDTHS, drawn, plot, saved, shown
from tests.support.browser import Opened
from tests.support.parting import HOSTILE, real_comparison, real_run, scenario

pytestmark = pytest.mark.browser

SLOTS = ("why-mean:1", "why-world:1")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    comparison = real_comparison("base", "other")
    numbers = digest(comparison)
    why = reasons(comparison, numbers, lead_of(numbers))
    path = tmp_path_factory.mktemp("why") / "r.html"
    return write_report(comparison, path, numbers=numbers, reasons=why)


@pytest.fixture(scope="module")
def run_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    comparison = real_comparison("other")
    told = one_world(real_run("other"), scenario("other"), HOSTILE)
    return write_report(comparison, tmp_path_factory.mktemp("one") / "r.html", reasons=told)


@pytest.mark.parametrize("width", WIDTHS)
def test_reasons_are_drawn_and_fit(browser_page: Opened, report: Path, width: int) -> None:
    browser_page.page.set_viewport_size({"width": width, "height": 900})
    page = shown(browser_page, report)
    for slot in SLOTS:
        bars = plot(page, slot, "place.querySelectorAll('.bars .point').length")
        rows = plot(page, slot, "place.data.map(t => t.y.length).reduce((a, b) => a + b)")
        assert bars == rows
        # every word lies inside the picture
        assert plot(
            page,
            slot,
            "[...place.querySelectorAll('.annotation-text-g')].every(t => {"
            " const a = t.getBoundingClientRect(), b = place.getBoundingClientRect();"
            " return a.left >= b.left - 1 && a.right <= b.right + 1 && a.top >= b.top - 1; })",
        )
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_words_of_a_narrow_picture_do_not_touch(browser_page: Opened, report: Path) -> None:
    browser_page.page.set_viewport_size({"width": 390, "height": 900})
    page = shown(browser_page, report)
    for slot in SLOTS:
        assert plot(
            page,
            slot,
            "(() => { const all = [...place.querySelectorAll('.annotation-text-g')]"
            ".map(t => t.getBoundingClientRect());"
            " return all.every((a, i) => all.every((b, j) => i === j || a.right <= b.left"
            " || b.right <= a.left || a.bottom <= b.top + 1 || b.bottom <= a.top + 1)); })()",
        )


@pytest.mark.parametrize(("theme", "ink"), [("light", LIGHT.ink), ("dark", DARK.ink)])
def test_whiskers_are_in_the_ink_of_the_theme(
    browser_page: Opened, report: Path, theme: str, ink: str
) -> None:
    page = shown(browser_page, report, f"theme={theme}")
    found = str(plot(page, SLOTS[0], "place.querySelector('.xerror').style.stroke"))
    red, green, blue = (int(ink[i : i + 2], 16) for i in (1, 3, 5))
    assert found == f"rgb({red}, {green}, {blue})"


def test_the_numbers_of_a_waterfall_are_saved_and_add_up(
    browser_page: Opened, report: Path
) -> None:
    page = shown(browser_page, report)
    for slot in SLOTS:
        head, *rows = csv.reader(saved(page, slot, "CSV").read_text().splitlines())
        assert head == ["part", "kind", "worth", "half_width_95"]
        worth = [float(row[2]) for row in rows]
        assert sum(worth[:-1]) == pytest.approx(worth[-1], abs=1e-7)
    vector = ElementTree.fromstring(saved(page, SLOTS[0], "SVG").read_text())
    words = "".join(vector.itertext())
    assert "in the baseline" in words
    assert HOSTILE in words
    assert "Belarus’s" in words


def test_a_run_tells_a_world_and_draws_its_turn(browser_page: Opened, run_report: Path) -> None:
    page = shown(browser_page, run_report)
    page.get_by_role("link", name="One world").click()
    drawn(page)
    assert page.locator("#story dt").count() > 0
    assert plot(page, "story-turn", "place.data[0].y.length > 1")
    head, *rows = csv.reader(saved(page, "story-turn", "CSV").read_text().splitlines())
    assert head[0] == "part"
    assert rows[-1][0] == "in all"


def test_hovering_tells_a_part_and_its_interval(browser_page: Opened, report: Path) -> None:
    page = shown(browser_page, report)
    place = page.locator(f'.chart[data-slot="{SLOTS[0]}"]')
    place.scroll_into_view_if_needed()
    bar = place.locator(".bars .point").first.bounding_box()
    assert bar is not None
    page.mouse.move(bar["x"] + bar["width"] / 2, bar["y"] + bar["height"] / 2)
    words = place.locator(".hoverlayer")
    words.get_by_text("95 %").wait_for(timeout=5000)
    assert " to " in (words.text_content() or "")
