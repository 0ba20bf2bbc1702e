"""The pages of the hypotheses and of the record in a real browser."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.analysis.backtest import backtest
from sim.analysis.observed import load_record
from sim.analysis.thesis.bench import TESTS, put_to_the_test
from sim.analysis.trajectories import Paths
from sim.report.record import write_backtest
from sim.report.thesis import page as thesis_page
from sim.scenario import Scenario, load_scenario
from tests.sim.report.test_browser import WIDTHS, drawn, plot, shown
from tests.support.browser import Opened
from tests.support.plausible_thesis import PlausibleRuns, small_thesis

pytestmark = pytest.mark.browser

PAGES = ["thesis", "backtest"]


def made_up(scenario: Scenario, worlds: int, seed: int, names: list[str], **_: object) -> Paths:
    """Worlds that cost nothing."""
    rng = np.random.default_rng(seed)
    shape = (scenario.months + 1, worlds)
    return Paths(scenario.start, {name: 0.5 + rng.random(shape) for name in names}, 4)


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    thesis = small_thesis()
    runs = PlausibleRuns(tmp_path_factory.mktemp("runs"), thesis.seed)
    document: dict[str, Any] = put_to_the_test(thesis, list(TESTS), runs)
    (folder / "thesis.html").write_text(thesis_page(document), encoding="utf-8")
    record = load_record()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("sim.analysis.backtest.observe", made_up)
        found = backtest(load_scenario("invasion_2022"), record, record.check, 32, 1, 4)
    write_backtest(found, folder / "backtest.html", "fulcrum backtest")
    return {name: folder / f"{name}.html" for name in PAGES}


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_every_picture_is_drawn_and_nothing_is_wider_than_the_window(
    browser_page: Opened, pages: dict[str, Path], name: str, width: int
) -> None:
    browser_page.page.set_viewport_size({"width": width, "height": 900})
    page = shown(browser_page, pages[name])
    for fold in page.locator("details > summary").all():
        fold.click()
    drawn(page)
    page.wait_for_function(
        "Array.from(document.querySelectorAll('.chart'))"
        ".every((place) => place.querySelector('.main-svg'))"
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("#noscript").count() == 0
    words = page.eval_on_selector_all(".chart text", "all => all.map(t => t.textContent)")
    assert not any("$" in text for text in words)


@pytest.mark.parametrize("name", PAGES)
def test_pictures_follow_the_switch_of_the_theme(
    browser_page: Opened, pages: dict[str, Path], name: str
) -> None:
    page = shown(browser_page, pages[name])
    slot = str(page.locator(".chart").first.get_attribute("data-slot"))
    for word, ground in (("Dark", "rgb(20, 23, 26)"), ("Light", "rgb(255, 255, 255)")):
        page.get_by_text(word, exact=True).click()
        page.wait_for_function(
            "([slot, ground]) => document.querySelector(`.chart[data-slot='${slot}'] .main-svg`)"
            ".style.background.includes(ground)",
            arg=[slot, ground],
        )
        assert ground in str(plot(page, slot, "place.querySelector('.main-svg').style.background"))
