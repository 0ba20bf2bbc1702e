"""Pages in a real browser: they draw, answer, hand over files, and markup stays text.

That nothing is said on the console and no request leaves the machine is checked after every test,
by the fixture that opens the page.
"""

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.support.browser import Opened

pytestmark = pytest.mark.browser

WIDTHS = [1440, 1024, 390]


def shown(opened: Opened, path: Path, state: str = "") -> Page:
    """The page after all its pictures are drawn."""
    opened.page.goto(f"{path.as_uri()}#{state}")
    drawn(opened.page)
    return opened.page


def drawn(page: Page) -> None:
    """Waits until nothing is left to draw."""
    page.wait_for_selector('html[data-drawn="yes"]', state="attached", timeout=60_000)


def plot(page: Page, slot: str, what: str) -> object:
    """Something of a picture as Plotly holds it."""
    return page.eval_on_selector(f'.chart[data-slot="{slot}"]', f"(place) => {what}")


@pytest.mark.parametrize("count", [1, 2, 3, 6, 12])
def test_every_open_picture_is_drawn(
    browser_page: Opened, reports: dict[int, Path], count: int
) -> None:
    page = shown(browser_page, reports[count])
    empty = page.eval_on_selector_all(
        ".chart",
        "all => all.filter(p => p.offsetParent && !p.querySelector('.main-svg'))"
        ".map(p => p.dataset.slot)",
    )
    assert empty == []
    slots = set(
        page.eval_on_selector_all(".chart.js-plotly-plot", "all => all.map(p => p.dataset.slot)")
    )
    wanted = {"fan:0", "end:0", "dots:0", "matrix:0", "network:0", "rents:0"}
    if count > 1:
        wanted |= {"medians", "forest:influence.belarus.russia", "family:fbic.belarus.russia"}
    if count in (2, 3, 6):
        wanted |= {f"gap:{count - 1}"}
    assert wanted <= slots
    assert page.locator("#noscript").count() == 0
    assert page.locator(".modebar-btn").count() == 0
    assert page.get_by_text("Share chart").count() == 0


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("count", [1, 3, 12])
def test_nothing_is_wider_than_the_window(
    browser_page: Opened, reports: dict[int, Path], count: int, width: int
) -> None:
    browser_page.page.set_viewport_size({"width": width, "height": 900})
    page = shown(browser_page, reports[count])
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_no_name_is_broken_and_pictures_start_at_one_height(
    browser_page: Opened, reports: dict[int, Path]
) -> None:
    browser_page.page.set_viewport_size({"width": 1440, "height": 900})
    page = shown(browser_page, reports[12])
    broken = page.eval_on_selector_all(
        "figcaption .name",
        """all => all.filter(one => one.offsetParent).flatMap(one => {
          const text = one.firstChild;
          const words = [...text.data.matchAll(/[A-Za-z]+/g)];
          return words.filter(word => {
            const range = document.createRange();
            range.setStart(text, word.index);
            range.setEnd(text, word.index + word[0].length);
            return range.getClientRects().length > 1;
          }).map(word => word[0]);
        })""",
    )
    assert broken == []
    tops = page.eval_on_selector_all(
        "#pairs .grid > figure",
        """all => all.filter(one => one.offsetParent).map(one => [
          Math.round(one.getBoundingClientRect().top),
          Math.round(one.querySelector('.slot').getBoundingClientRect().top)])""",
    )
    assert len(tops) >= 4
    assert len({tuple(pair) for pair in tops}) == len({top for top, _ in tops})


def test_numbers_stand_clear_of_the_edges_of_their_cells(
    browser_page: Opened, reports: dict[int, Path]
) -> None:
    browser_page.page.set_viewport_size({"width": 1440, "height": 900})
    page = shown(browser_page, reports[12])
    widths = page.eval_on_selector_all(
        '#pairs > .grid .chart[data-slot^="matrix"]',
        """all => all.flatMap(one => {
          const cell = one._fullLayout.xaxis._length / 4 - 2;
          return [...one.querySelectorAll('.annotation-text')].map(
            text => [text.textContent, text.getBoundingClientRect().width / cell]);
        })""",
    )
    assert len(widths) == 48
    assert [text for text, share in widths if share > 0.92] == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_box_that_scrolls_shows_that_there_is_more(
    browser_page: Opened, reports: dict[int, Path], theme: str
) -> None:
    browser_page.page.set_viewport_size({"width": 390, "height": 900})
    browser_page.page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    page = shown(browser_page, reports[12])
    box = page.locator("#spread .scroll").first
    assert box.evaluate("one => one.scrollWidth > one.clientWidth")

    def at_the_edge() -> bytes:
        box.evaluate("one => window.scrollTo(0, one.getBoundingClientRect().top + scrollY)")
        left = float(box.evaluate("one => one.getBoundingClientRect().right"))
        return page.screenshot(clip={"x": left - 6, "y": 4, "width": 6, "height": 8})

    more = at_the_edge()
    box.evaluate("one => { one.scrollLeft = one.scrollWidth; }")
    assert at_the_edge() != more


def test_what_an_input_is_here_is_in_sight_on_a_telephone(
    browser_page: Opened, reports: dict[int, Path]
) -> None:
    browser_page.page.set_viewport_size({"width": 390, "height": 900})
    page = shown(browser_page, reports[12])
    over = page.eval_on_selector_all(
        "#inputs .scroll", "all => all.map(one => one.scrollWidth - one.clientWidth)"
    )
    assert over
    assert max(over) <= 0


def test_markup_in_a_title_is_seen_as_text(browser_page: Opened, reports: dict[int, Path]) -> None:
    page = shown(browser_page, reports[6])
    words = page.eval_on_selector_all(".chart text", "all => all.map(t => t.textContent)")
    assert any("<b>Bold</b> & $x$" in text for text in words)
    assert page.locator("b", has_text=re.compile("^Bold$")).count() == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_follows_the_system_and_the_switch(
    browser_page: Opened, reports: dict[int, Path], theme: str
) -> None:
    paper = {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 23, 26)"}
    other = {"light": "dark", "dark": "light"}[theme]
    ground = "place.querySelector('.main-svg').style.background"
    browser_page.page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    page = shown(browser_page, reports[3])
    assert paper[theme] in str(plot(page, "medians", ground))
    page.get_by_text(other.capitalize(), exact=True).click()
    drawn(page)
    assert paper[other] in str(plot(page, "medians", ground))
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == paper[other]
    page.reload()
    drawn(page)
    assert paper[other] in str(plot(page, "medians", ground))


def test_a_scenario_is_switched_off_and_on(browser_page: Opened, reports: dict[int, Path]) -> None:
    page = shown(browser_page, reports[3])
    visible = "place.data.filter(t => t.name === '1' && t.visible !== false).length"
    assert plot(page, "medians", visible) == 2
    key = page.locator('[data-toggle="1"]')
    key.click()
    drawn(page)
    assert key.get_attribute("aria-pressed") == "false"
    assert plot(page, "medians", visible) == 0
    assert plot(page, "family:fbic.belarus.russia", visible) == 0
    assert page.locator('figure[data-scenario="1"]:visible').count() == 0
    assert "hide=1" in page.url
    page.reload()
    drawn(page)
    assert plot(page, "medians", visible) == 0
    page.locator('[data-toggle="1"]').click()
    drawn(page)
    assert plot(page, "medians", visible) == 2
    assert "hide" not in page.url


@pytest.mark.parametrize(
    ("slot", "words"),
    [
        ("fan:1", ["median", "50 of 100 worlds", "90 of 100 worlds", "200 worlds"]),
        ("gap:1", ["median", "mean", "differs in", "200 worlds"]),
        ("medians", ["2025", "50 of 100 worlds", "90 of 100 worlds", "200 worlds"]),
        ("forest:influence.belarus.russia", ["median", "higher in", "mean", "200 worlds"]),
        ("rents:1", ["USD", "of 100 choices", "20 worlds"]),
        ("matrix:1", ["over", "of 100 choices", "95 %", "worlds"]),
        ("network:1", ["over", "of 100 choices", "64 worlds"]),
    ],
)
def test_hovering_tells_value_interval_and_worlds(
    browser_page: Opened, reports: dict[int, Path], slot: str, words: list[str]
) -> None:
    page = shown(browser_page, reports[3])
    place = page.locator(f'.chart[data-slot="{slot}"]')
    place.scroll_into_view_if_needed()
    at = page.evaluate(
        """(slot) => {
          const place = document.querySelector(`.chart[data-slot="${slot}"]`);
          const told = place.data.findIndex((t) => t.hovertemplate);
          const size = place._fullLayout._size, box = place.getBoundingClientRect();
          const trace = place.calcdata[told];
          const { xaxis, yaxis } = place._fullLayout;
          const heat = place.data[told].type === "heatmap";
          const point = heat ? null : trace[Math.floor(trace.length / 2)];
          const x = heat ? xaxis.c2p(1) : xaxis.c2p(point.x);
          const y = heat ? yaxis.c2p(0) : yaxis.c2p(point.y);
          return [box.left + size.l + x, box.top + size.t + y];
        }""",
        slot,
    )
    page.mouse.move(at[0] + 30, at[1] + 4)
    page.mouse.move(at[0], at[1], steps=4)
    label = place.locator(".hoverlayer .hovertext")
    label.first.wait_for(state="visible", timeout=5_000)
    said = " ".join(label.all_text_contents())
    for word in words:
        assert word in said, said


def saved(page: Page, slot: str, word: str) -> Path:
    """The file that a picture hands over."""
    place = page.locator(".slot", has=page.locator(f'.chart[data-slot="{slot}"]'))
    place.scroll_into_view_if_needed()
    place.hover()
    with page.expect_download() as waiting:
        place.locator(".save button", has_text=word).click()
    assert waiting.value.suggested_filename.endswith(f".{word.lower()}")
    return Path(waiting.value.path())


def test_pictures_are_saved_with_their_title_and_source(
    browser_page: Opened, reports: dict[int, Path]
) -> None:
    page = shown(browser_page, reports[3])
    picture = saved(page, "medians", "PNG").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) > 10_000
    vector = saved(page, "gap:2", "SVG").read_text()
    assert vector.startswith("<svg")
    for words in ("Belarus’s influence over Russia: Negotiated settlement", "200 worlds, seed 1"):
        assert words in vector
    assert saved(page, "network:0", "SVG").read_text().startswith("<svg")


SLOTS = ("medians", "fan:1", "gap:1", "dots:1", "end:1", "forest:front", "matrix:1", "network:1")


def test_the_numbers_of_every_kind_of_picture_are_saved(
    browser_page: Opened, reports: dict[int, Path]
) -> None:
    page = shown(browser_page, reports[3], "outcome=front")
    page.locator("#differences summary").first.click()
    drawn(page)
    for slot in (*SLOTS, "rents:1", "family:fbic.belarus.russia"):
        head, *rows = csv.reader(saved(page, slot, "CSV").read_text().splitlines())
        assert len(head) > 1, slot
        assert rows, slot
        assert all(len(row) == len(head) for row in rows), slot
        if head[0] == "month" and slot not in ("matrix:1", "network:1"):
            assert [row[0] for row in rows] == [str(month)[:7] for month in page_months(page)], slot
            assert all(float(row[1]) == float(row[1]) for row in rows), slot


def page_months(page: Page) -> list[str]:
    """The months of a page."""
    found = page.evaluate("JSON.parse(document.getElementById('numbers').textContent).months")
    return [str(month) for month in found]


def test_a_title_that_looks_like_a_formula_is_text_in_a_table(
    browser_page: Opened, tmp_path: Path
) -> None:
    from sim.analysis.compare import compare
    from sim.report import write_report
    from tests.support.synthetic import make_run

    runs = [
        make_run(f"s{i}", title=title, worlds=120, months=3, pull=0.2 * i)
        for i, title in enumerate(("Base", '=HYPERLINK("x")', "-1+2"))
    ]
    page = shown(browser_page, write_report(compare(runs), tmp_path / "r.html"))
    slot = "forest:influence.belarus.russia"
    _, *rows = csv.reader(saved(page, slot, "CSV").read_text().splitlines())
    assert [row[0] for row in rows] == ['\'=HYPERLINK("x")', "'-1+2"]


def test_the_month_slider_moves_all_matrices_and_networks(
    browser_page: Opened, reports: dict[int, Path]
) -> None:
    page = shown(browser_page, reports[3])
    texts = "JSON.stringify(place.layout.annotations.map(a => a.text + (a.arrowwidth || '')))"
    slots = [f"{kind}:{i}" for kind in ("matrix", "network") for i in range(3)]
    before = [plot(page, slot, texts) for slot in slots]
    slider = page.locator("#month")
    slider.focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    drawn(page)
    assert page.locator("#month-shown").inner_text() == "March 2024"
    assert slider.get_attribute("aria-valuetext") == "March 2024"
    after = [plot(page, slot, texts) for slot in slots]
    assert all(a != b for a, b in zip(before, after, strict=True))
    assert "month=2024-03" in page.url
    page.reload()
    drawn(page)
    assert [plot(page, slot, texts) for slot in slots] == after
    label = page.locator('.chart[data-slot="matrix:1"]').get_attribute("aria-label")
    assert label is not None
    assert "March 2024" in label


def test_a_keyboard_reaches_and_works_everything(
    browser_page: Opened, reports: dict[int, Path]
) -> None:
    page = shown(browser_page, reports[3])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    reached: set[str] = set()
    for _ in range(600):
        reached.add(
            str(
                page.evaluate(
                    "(() => { const e = document.activeElement; return e.id || e.name || "
                    "(e.dataset.toggle !== undefined ? 'toggle' : '') || "
                    "(e.closest('.save') ? 'save ' + e.textContent : '') || e.tagName; })()"
                )
            )
        )
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
    wanted = {"theme", "outcome", "paths", "when", "direction", "month", "toggle", "SUMMARY"}
    assert wanted | {"save PNG", "save SVG", "save CSV"} <= reached
    page.locator("#outcome").focus()
    page.keyboard.press("ArrowDown")
    drawn(page)
    assert "outcome=influence.russia.belarus" in page.url
    page.locator('input[name="direction"]').first.focus()
    page.keyboard.press("ArrowRight")
    drawn(page)
    assert page.locator('[data-direction="russia.belarus"]').is_visible()
    assert plot(page, "family:fbic.russia.belarus", "place.data.length > 0") is True
    page.locator("#time summary").focus()
    page.keyboard.press("Enter")
    # a browser tells of an opened fold a moment later, and only then is its table written
    page.locator('[data-table="time"] tbody tr').first.wait_for(state="attached")
    assert page.locator('[data-table="time"] tbody tr').count() == len(page_months(page))
    page.locator('[data-toggle="2"]').focus()
    page.keyboard.press("Space")
    drawn(page)
    assert "hide=2" in page.url


def test_the_address_holds_what_is_shown(browser_page: Opened, reports: dict[int, Path]) -> None:
    state = "outcome=front&show=paths&when=mean&direction=russia.belarus&month=2025-01"
    page = shown(browser_page, reports[3], state)
    assert page.locator('[data-text="label"]').first.inner_text() == (
        "Ukraine’s territory held by Russia"
    )
    assert (
        "whole worlds, picked evenly over all" in page.locator('[data-text="bands"]').inner_text()
    )
    label = page.locator('.chart[data-slot="forest:front"]').get_attribute("aria-label")
    assert label is not None
    assert page.locator("#month-shown").inner_text() == "January 2025"
    assert page.locator('[data-direction="russia.belarus"]').is_visible()


@pytest.mark.parametrize("state", ["outcome=nothing", "month=1999-01", "hide=99,x", "direction=a"])
def test_an_address_with_nonsense_shows_the_page_as_it_is(
    browser_page: Opened, reports: dict[int, Path], state: str
) -> None:
    page = shown(browser_page, reports[3], state)
    assert page.locator("#outcome").input_value() == "influence.belarus.russia"
    assert page.locator("#month-shown").inner_text() == "mean of all months"
    assert page.locator("[data-direction]:visible").count() == 1


def test_on_paper_everything_is_light_and_fits(
    browser_page: Opened, reports: dict[int, Path]
) -> None:
    page = shown(browser_page, reports[3], "theme=dark")
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    drawn(page)
    ground = "place.querySelector('.main-svg').style.background"
    assert "255, 255, 255" in str(plot(page, "medians", ground))
    widths = page.eval_on_selector_all(
        ".chart", "all => all.filter(p => p.offsetParent).map(p => Number(p.dataset.width))"
    )
    assert max(widths) <= 680
