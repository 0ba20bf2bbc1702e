"""The explorer in a real browser, served by the command and driven by hand: mouse, keys, links.

One server and one browser for the module. Pages are asked for few worlds and months.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sim.scenario import load_scenario
from sim.scenario.ledger import switches

CHROME = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.xdist_group("explorer in a browser"),
    pytest.mark.skipif(CHROME is None, reason="no Chromium or Chrome on the PATH to open pages"),
]
RENTS = "actors.belarus.incentives.rents"
SLIDER = f"#lever-{RENTS.replace('.', '-')}"
SMALL = "?months=6&worlds=200"
MOVED = f"?set={RENTS}:1.2&months=6&worlds=200"
PATIENCE = 60_000  # ms; the machine may have much else to do
HOSTILE = "<img src=x onerror=alert(1)><b>Bold</b> & $x$ %{y}"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server that runs as long as the module's tests."""
    folder = tmp_path_factory.mktemp("explorer")
    own = folder / "hostile.yaml"
    own.write_text(f"extends: status_quo\ntitle: '{HOSTILE}'\nmonths: 6\n")
    command = [sys.executable, "-c", "from sim.cli import app; app()", "explore", str(own)]
    command += ["--port", "0", "--workers", "2"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        said = server.stdout.readline()
        found = re.search(r"http://\S+", said)
        assert found is not None, said
        yield found[0]
        server.terminate()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        one = playwright.chromium.launch(executable_path=CHROME, args=flags)
        yield one
        one.close()


class Visit:
    """A page as one person has it open, and what it did that nobody should see.

    Attributes:
        page: Playwright's.
        complaints: lines on the console and requests that left the machine or failed.
    """

    def __init__(self, browser: Any, address: str, **how: Any) -> None:  # noqa: ANN401
        how.setdefault("viewport", {"width": 1440, "height": 1000})
        self.address = address
        self.context = browser.new_context(reduced_motion="reduce", **how)
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda said: self.complaints.append(said.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._requested)
        self.page.on("response", self._answered)

    def _requested(self, request: Any) -> None:  # noqa: ANN401
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.complaints.append(f"asked {request.url}")

    def _answered(self, response: Any) -> None:  # noqa: ANN401
        if response.status >= 400:
            self.complaints.append(f"{response.status} for {response.url}")

    def open(self, query: str) -> "Visit":
        """Go to a link, and wait for all its worlds."""
        self.page.goto(self.address + query)
        return self.settled()

    def settled(self) -> "Visit":
        """Wait until the page has all worlds of what it shows."""
        self.page.wait_for_timeout(150)
        self.page.wait_for_selector("html[data-done=yes]", state="attached", timeout=PATIENCE)
        self.page.wait_for_timeout(150)
        return self

    def words(self, selector: str) -> str:
        return str(self.page.locator(selector).inner_text())

    def line(self, fan: int) -> list[float]:
        """The median that a fan shows."""
        found = self.page.evaluate(
            "k => document.querySelector(`#fan-${k} .js-plotly-plot`).data"
            ".find(t => t.meta === 'median').y",
            fan,
        )
        return [float(value) for value in found]


@pytest.fixture
def visit(browser: Any, address: str) -> Iterator[Visit]:  # noqa: ANN401
    """A visit that must leave nothing on the console and ask nobody else for anything."""
    one = Visit(browser, address)
    yield one
    one.context.close()
    assert one.complaints == []


def drag(visit: Visit, selector: str, share: float, steps: int = 4) -> None:
    """Move a slider's thumb with the mouse, without letting go."""
    visit.page.locator(selector).scroll_into_view_if_needed()
    box = visit.page.locator(selector).bounding_box()
    assert box is not None
    low, high, now = (
        float(visit.page.locator(selector).evaluate(f"one => Number(one.{key})"))
        for key in ("min", "max", "value")
    )
    thumb = 8 + (box["width"] - 16) * (now - low) / (high - low)
    middle = box["y"] + box["height"] / 2
    visit.page.mouse.move(box["x"] + thumb, middle)
    visit.page.mouse.down()
    visit.page.mouse.move(box["x"] + 8 + (box["width"] - 16) * share, middle, steps=steps)


def tab_to(page: Any, selector: str) -> None:  # noqa: ANN401
    """Go from control to control by the Tab key until one is reached."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("one => document.activeElement.matches(one)", selector):
            return
    raise AssertionError(f"{selector} is not reached by the Tab key")


def test_a_slider_moves_the_curve(visit: Visit) -> None:
    visit.open(f"?base=status_quo&show=payoff.belarus&{SMALL[1:]}")
    assert visit.page.locator(".fans figure:visible").count() == 1
    drag(visit, SLIDER, 0.9)
    visit.page.wait_for_selector("html[data-note^=Preview]", state="attached", timeout=PATIENCE)
    assert "held at" in visit.words(f"{SLIDER}-out")
    visit.page.mouse.up()
    visit.settled()
    assert f"set={RENTS}:" in visit.page.url
    assert visit.words("#note") == ""
    base, mine = visit.line(0), visit.line(1)
    assert (
        mine[-1] > base[-1]
    )  # who is paid more by what it cares more about has more by its measure
    assert "cannot be held against it" in visit.words("#words")  # and the measure is another
    drag(visit, SLIDER, 0.2)
    visit.page.mouse.up()
    visit.settled()
    assert visit.line(1)[-1] < mine[-1]
    traces = visit.page.evaluate(
        "() => document.querySelector('#fan-1 .js-plotly-plot').data.map(t => t.meta)"
    )
    assert "before" in traces  # the state before, as a ghost


def test_near_a_lever_moving_it_shows_at_once(visit: Visit) -> None:
    """Settings along the lever are simulated ahead: a whole curve while it is dragged."""
    start = f"?base=status_quo&show=payoff.belarus&set={RENTS}:0.5&{SMALL[1:]}"
    visit.open(start)
    before = visit.line(1)
    visit.page.locator(SLIDER).hover()
    visit.page.wait_for_selector("html[data-near-done='1']", state="attached", timeout=PATIENCE)
    drag(visit, SLIDER, 0.8)
    thumb = visit.page.locator(SLIDER).evaluate("one => Number(one.value)")
    visit.page.locator("#fan-1-head", has_text=f"rents {thumb:.4g},").wait_for(timeout=PATIENCE)
    assert "interpolated" in visit.words("#note")
    assert "200 of 200 worlds" in visit.words("#note")
    shown = visit.line(1)
    assert len(shown) == 6
    assert shown[-1] > before[-1]
    visit.page.mouse.up()
    visit.settled()
    assert visit.words("#note") == ""  # what was interpolated is not left standing
    mine = visit.line(1)
    assert mine != shown
    assert abs(mine[-1] - shown[-1]) < 0.2 * (mine[-1] - before[-1])


def test_pin_back_undo_and_reload(visit: Visit) -> None:
    visit.open(f"?base=status_quo&set={RENTS}:1.2&{SMALL[1:]}")
    visit.page.click("#do-pin-")
    visit.settled()
    assert visit.page.locator(".fans figure:visible").count() == 3
    assert "Belarus’s rents 1.2, Status quo" in visit.words("#panel .compared")
    pinned, words = visit.page.url, visit.words("#words")
    visit.page.reload()
    visit.settled()
    assert visit.page.url == pinned
    assert visit.words("#words") == words
    visit.page.go_back()
    visit.settled()
    assert visit.page.locator(".fans figure:visible").count() == 2
    visit.page.go_forward()
    visit.settled()
    assert visit.page.locator(".fans figure:visible").count() == 3
    visit.page.click("#do-undo")
    visit.settled()
    assert visit.page.locator(".fans figure:visible").count() == 2


def test_undo_takes_back_the_last_setting_and_leaves_what_is_looked_at(visit: Visit) -> None:
    visit.open(f"?base=status_quo&claim=C04:off&{SMALL[1:]}")
    undo = visit.page.locator("#do-undo")
    visit.page.click("[data-tab=table]")
    visit.settled()
    assert undo.is_disabled()  # nothing of the setting was done
    folds = "all => all.forEach(one => { one.open = true; })"
    visit.page.eval_on_selector_all("#panel details", folds)
    visit.page.select_option("#shock-name", "attention")
    visit.page.click("[data-act=shock]")
    visit.settled()
    visit.page.click("[data-tab=worlds]")
    visit.settled()
    assert "shock=" in visit.page.url
    undo.click()
    visit.settled()
    assert "shock=" not in visit.page.url
    assert "claim=C04:off" in visit.page.url
    assert "tab=worlds" in visit.page.url
    assert visit.page.locator("[data-tab=worlds]").get_attribute("aria-selected") == "true"
    assert undo.is_disabled()


def test_a_matrix_fits_a_telephone(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 844})
    visit.open(f"?base=status_quo&set={RENTS}:1.2&{SMALL[1:]}")
    over = visit.page.eval_on_selector_all(
        ".matrices .scroll", "all => all.map(one => one.scrollWidth - one.clientWidth)"
    )
    assert over
    assert max(over) <= 0


def test_what_is_saved_loads_to_what_is_shown(visit: Visit, tmp_path: Path) -> None:
    visit.open(f"?base=status_quo&set={RENTS}:1.2&claim=C04:off&title=Well+paid&{SMALL[1:]}")
    with visit.page.expect_download() as caught:
        visit.page.click("#save")
    file = tmp_path / caught.value.suggested_filename
    caught.value.save_as(file)
    assert file.name == "well_paid.yaml"
    read = load_scenario(file)
    assert (read.title, read.months) == ("Well paid", 6)
    assert read.parameters[RENTS] == 1.2
    assert read.claims_off == {"C04"}


def test_the_keyboard_is_enough(visit: Visit) -> None:
    visit.open(f"?base=status_quo&{SMALL[1:]}")
    page = visit.page
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.className") == "skip"
    tab_to(page, SLIDER)
    before = page.locator(SLIDER).evaluate("one => Number(one.value)")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.wait_for_url(f"**set={RENTS}**", timeout=PATIENCE)
    visit.settled()
    assert page.evaluate("() => document.activeElement.id") == SLIDER[1:]  # focus is not lost
    assert page.locator(SLIDER).evaluate("one => Number(one.value)") > before
    assert page.locator(SLIDER).get_attribute("aria-valuetext").startswith("held at")
    tab_to(page, "#do-pin-")
    page.keyboard.press("Enter")
    page.wait_for_url("**vs=**", timeout=PATIENCE)
    visit.settled()
    assert page.locator(".fans figure:visible").count() == 3
    tab_to(page, "#save")
    with page.expect_download() as caught:
        page.keyboard.press("Enter")
    assert caught.value.suggested_filename.startswith("belarus_s_rents_")
    page.focus("#tab-matrix")
    page.keyboard.press("ArrowRight")
    visit.settled()
    assert page.locator("#tab-why").get_attribute("aria-selected") == "true"
    assert page.evaluate("() => document.activeElement.id") == "tab-why"
    page.locator("#claims > summary").focus()
    page.keyboard.press("Enter")
    page.focus("#claim-C04")
    page.keyboard.press("Space")
    page.wait_for_url("**claim=C04:off**", timeout=PATIENCE)
    visit.settled()
    assert not page.locator("#claim-C04").is_checked()
    assert page.locator("#claims").get_attribute("open") is not None


def test_everything_has_a_name_for_those_who_do_not_see_it(visit: Visit) -> None:
    visit.open(f"?base=status_quo&set={RENTS}:1.2&{SMALL[1:]}")
    nameless = visit.page.evaluate(
        """() => Array.from(document.querySelectorAll('input, select, button, [role=img]'))
        .filter(one => one.checkVisibility() && !(one.getAttribute('aria-label')
          || one.textContent.trim() || (one.labels && one.labels.length)))
        .map(one => one.outerHTML.slice(0, 120))"""
    )
    assert nameless == []
    for landmark in ("main", "aside", "h1"):
        assert visit.page.locator(landmark).count() == 1
    assert "median" in str(visit.page.locator("#fan-1-box").get_attribute("aria-label"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_theme_follows_the_system_and_the_switch(
    browser: Any,  # noqa: ANN401
    address: str,
    scheme: str,
) -> None:
    papers = {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 23, 26)"}
    other = {"light": "dark", "dark": "light"}[scheme]
    visit = Visit(browser, address, color_scheme=scheme)
    visit.open(f"?base=status_quo&set={RENTS}:1.2&{SMALL[1:]}")

    def grounds() -> set[str]:
        return set(
            visit.page.evaluate(
                """() => [getComputedStyle(document.documentElement).backgroundColor,
                ...Array.from(document.querySelectorAll('figure:not([hidden]) .main-svg'))
                  .map(one => one.style.background).filter(Boolean)]"""
            )
        )

    assert grounds() - {"transparent", "none"} == {papers[scheme]}
    visit.page.locator(f"input[name=theme][value={other}]").check(force=True)
    visit.page.wait_for_timeout(400)
    assert grounds() - {"transparent", "none"} == {papers[other]}
    visit.page.reload()
    visit.settled()
    assert grounds() - {"transparent", "none"} == {papers[other]}
    visit.context.close()
    assert visit.complaints == []


def test_a_month_that_is_clicked_is_explained(visit: Visit) -> None:
    visit.open(f"?base=status_quo&set={RENTS}:1.2&{SMALL[1:]}")
    box = visit.page.locator("#fan-1 .nsewdrag").bounding_box()
    assert box is not None
    at = box["x"] + box["width"] * 0.41, box["y"] + box["height"] * 0.6
    visit.page.mouse.move(*at)
    visit.page.wait_for_selector("#fan-1 .hovertext", timeout=PATIENCE)
    assert "February 2024" in str(visit.page.text_content("#fan-1 .hoverlayer"))
    visit.page.mouse.click(*at)
    visit.page.wait_for_url("**month=2024-02**", timeout=PATIENCE)
    visit.settled()
    assert "in February 2024" in visit.words("#tab-html")
    medoid = visit.page.input_value("#why-world")
    assert f"In world {medoid}:" in visit.words("#tab-html")
    visit.page.fill("#why-world", "17")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_url("**world=17**", timeout=PATIENCE)
    visit.settled()
    assert "In world 17:" in visit.words("#tab-html")
    assert visit.page.evaluate("() => document.activeElement.id") == "why-world"
    bars = visit.page.evaluate(
        """() => Array.from(document.querySelectorAll('.worth .fall span'))
        .map(one => one.getBoundingClientRect()).filter(one => one.width > 3).length"""
    )
    assert bars > 3
    visit.page.click("#do-world-")
    visit.settled()
    assert "world=" not in visit.page.url.replace("worlds=", "")
    assert visit.page.input_value("#why-world") == medoid


def test_every_switch_says_what_it_does(visit: Visit) -> None:
    visit.open(f"?base=status_quo&{SMALL[1:]}")
    visit.page.click("#claims > summary")
    for claim, switch in switches().items():
        said = visit.words(f"#claim-{claim}-without")
        on = visit.page.locator(f"#claim-{claim}").is_enabled()
        assert said == f"{'Off' if on else 'No switch'}: {' '.join(switch.without.split())}"
    visit.page.click("#claim-C14")
    visit.settled()
    assert "claim=C14:off" in visit.page.url
    assert "world.kappa" not in visit.words("#problems")


def test_a_lever_not_yet_touched_shows_at_once(visit: Visit) -> None:
    """Levers in view are simulated ahead in a few worlds, without anybody coming near them."""
    visit.open(f"?base=status_quo&show=payoff.belarus&{SMALL[1:]}")
    visit.page.mouse.move(900, 500)
    visit.page.wait_for_selector("html[data-around='1']", state="attached", timeout=PATIENCE)
    drag(visit, SLIDER, 0.8)
    visit.page.wait_for_selector(
        "html[data-note*=interpolated]", state="attached", timeout=PATIENCE
    )
    assert len(visit.line(1)) == 6
    visit.page.mouse.up()
    visit.settled()
    assert visit.words("#note") == ""


def test_long_work_shows_progress_and_stops(visit: Visit) -> None:
    visit.page.goto(f"{visit.address}?base=status_quo&set={RENTS}:0.77&months=60&worlds=2000")
    visit.page.wait_for_selector("#stop:visible", timeout=PATIENCE)
    visit.page.wait_for_selector(".fans figure:visible", timeout=PATIENCE)
    visit.page.click("#stop")
    visit.settled()
    assert "(stopped)" in visit.words("#note")
    assert visit.words("#stop") == "Go on"
    visit.page.click("#do-reset-")
    visit.page.wait_for_timeout(300)
    assert "(stopped)" not in visit.words("#note")


def test_two_people_do_not_disturb_each_other(browser: Any, address: str) -> None:  # noqa: ANN401
    one, two = (Visit(browser, address) for _ in range(2))
    one.page.goto(f"{address}?base=status_quo&show=payoff.belarus&set={RENTS}:0.5&{SMALL[1:]}")
    two.page.goto(f"{address}?base=status_quo&show=payoff.belarus&set={RENTS}:1.25&{SMALL[1:]}")
    one.settled()
    two.settled()
    assert "rents 0.5" in one.words("#question")
    assert "rents 1.25" in two.words("#question")
    assert one.line(1)[-1] < two.line(1)[-1]
    for visit in (one, two):
        visit.context.close()
        assert visit.complaints == []


def test_a_bad_link_is_said_in_the_page(visit: Visit) -> None:
    visit.open(f"?base=status_quo&set=world.nothing:1&claim=<b>x</b>&{SMALL[1:]}")
    said = visit.words("#problems")
    assert 'there is no parameter "world.nothing"' in said
    assert "<b>x</b>" in said
    assert visit.page.locator("#problems b").count() == 0
    assert visit.page.locator(".fans figure:visible").count() == 1


def test_markup_in_a_title_is_seen_as_text(visit: Visit) -> None:
    visit.open(f"?set={RENTS}:1.2&worlds=200&tab=table&title=<i>x</i>")
    assert visit.page.evaluate("() => document.querySelectorAll('img, main b, main i').length") == 0
    assert HOSTILE in visit.words("#question")
    assert "<i>x</i>" in visit.words("#panel") + visit.words("main")


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_it_fits(browser: Any, address: str, width: int) -> None:  # noqa: ANN401
    visit = Visit(browser, address, viewport={"width": width, "height": 900})
    visit.open(f"?base=status_quo&set={RENTS}:1.2&vs=from%3Dprolonged_conflict&{SMALL[1:]}")
    assert visit.page.evaluate("() => document.documentElement.scrollWidth") <= width
    clipped = visit.page.evaluate(
        """() => Array.from(document.querySelectorAll(
          'figure:not([hidden]) .annotation-text, figure:not([hidden]) .xtick text'))
        .filter(one => {
          const own = one.getBoundingClientRect();
          const svg = one.closest('.chart').getBoundingClientRect();
          return own.width && (own.left < svg.left - 1 || own.right > svg.right + 1);
        }).map(one => one.textContent)"""
    )
    assert clipped == []
    if width == 390:
        assert not visit.page.locator(SLIDER).is_visible()
        visit.page.click("#fold")
        assert visit.page.locator(SLIDER).is_visible()
        assert visit.page.locator("#fan-1").is_visible()
    visit.context.close()
    assert visit.complaints == []
