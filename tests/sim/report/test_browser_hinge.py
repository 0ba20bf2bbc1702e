"""The pages of `fulcrum sensitivity` and `fulcrum discover` in a real browser."""

from pathlib import Path

import pytest

from sim.report.hinge import discovery_page, sensitivity_page
from tests.sim.report.test_browser import WIDTHS, drawn, plot, shown
from tests.support import hinges
from tests.support.browser import Opened

pytestmark = pytest.mark.browser

PAGES = ["sensitivity", "designed", "discover"]


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("hinges")
    texts = {
        "sensitivity": sensitivity_page(hinges.sensitivity_document()),
        "designed": sensitivity_page(hinges.designed_document()),
        "discover": discovery_page(hinges.discovery_document()),
    }
    for name, text in texts.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in PAGES}


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_every_picture_is_drawn_within_the_window(
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


def test_words_of_pictures_stay_inside_and_apart(
    browser_page: Opened, pages: dict[str, Path]
) -> None:
    """Labels of rows are not cut off at the left, on a screen or on a phone."""
    for width in (1440, 390):
        browser_page.page.set_viewport_size({"width": width, "height": 900})
        page = shown(browser_page, pages["sensitivity"])
        drawn(page)
        cut = page.eval_on_selector_all(
            ".chart",
            "all => all.flatMap((place) => {"
            " const left = place.getBoundingClientRect().left;"
            " return Array.from(place.querySelectorAll('.ytick text'))"
            ".filter((text) => text.getBoundingClientRect().left < left - 1)"
            ".map((text) => text.textContent); })",
        )
        assert cut == []


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
