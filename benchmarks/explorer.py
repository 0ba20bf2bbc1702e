"""`python -m benchmarks.explorer`: how long a slider waits for its curve, in a real browser.

Starts the explorer as people do, moves a slider with the mouse, and reads the browser's own clock:
from the movement to the redraw of the setting's curve, at once after the page is opened, once
levers in view have been simulated ahead in a few worlds, and once the one at hand has in all; and
from letting go to all worlds. Times are of the
clock on the wall: the load of the machine is printed as well.
"""

import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

MOVES: Final = 24
RELEASES: Final = 4
SLIDER: Final = "#lever-actors-belarus-incentives-autonomy"
OTHERS: Final = (
    "#lever-actors-belarus-incentives-rents",
    "#lever-actors-russia-incentives-flank",
)
LEVER: Final = "actors.belarus.incentives.autonomy"
PATIENCE: Final = 240_000

_WATCH: Final = """() => {
  window.redraws = [];
  document.querySelector('#fan-1 .js-plotly-plot').on('plotly_afterplot', () => {
    requestAnimationFrame(() => setTimeout(() => window.redraws.push(performance.now()), 0));
  });
  document.addEventListener('input', () => { window.moved = performance.now(); }, true);
  document.addEventListener('change', () => { window.released = performance.now(); }, true);
}"""
_WHOLE: Final = """() => document.querySelector('#fan-1 .js-plotly-plot').data
  .find(t => t.meta === 'median').y.every(value => value !== null)"""
_AROUND: Final = "() => document.documentElement.dataset.around === '1'"
_REDRAWN: Final = "() => window.redraws.length && window.redraws.at(-1) > window.moved"


@contextmanager
def served() -> Iterator[tuple[Any, str, str]]:
    """A browser, the address of an explorer that runs meanwhile, and what it said of itself."""
    from playwright.sync_api import sync_playwright

    chrome = shutil.which("chromium") or shutil.which("google-chrome")
    if chrome is None:
        sys.exit("no Chromium or Chrome on the PATH")
    command = [sys.executable, "-c", "from sim.cli import app; app()", "explore", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        said = server.stdout.readline()
        found = re.search(r"http://\S+", said)
        assert found is not None, said
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chrome,
                args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
            )
            yield browser, found[0], said.strip()
            browser.close()
        server.terminate()


def main() -> None:
    """Measure, and print one line a stage."""
    with served() as (browser, address, said):
        times = _measure(browser.new_page(viewport={"width": 1440, "height": 1000}), address)
    print(said)
    print(f"500 worlds, 36 months; load of the machine {os.getloadavg()[0]:.1f}")
    for name, values in times.items():
        ordered = sorted(values)
        tail = ordered[int(0.9 * (len(ordered) - 1))]
        print(
            f"{name:66} median {statistics.median(ordered):6.0f} ms, 90 % under {tail:6.0f}, "
            f"{ordered[0]:.0f} to {ordered[-1]:.0f}, {len(ordered)} times"
        )


def _measure(page: Any, address: str) -> dict[str, list[float]]:  # noqa: ANN401 - Playwright's
    page.goto(f"{address}?set={LEVER}:0.6")
    page.wait_for_selector("html[data-done=yes]", state="attached", timeout=PATIENCE)
    page.evaluate(_WATCH)
    first = [_move(page, SLIDER, 0.15)]
    page.wait_for_selector("html[data-note^=Preview]", state="attached", timeout=PATIENCE)
    page.wait_for_function(_WHOLE, timeout=PATIENCE)
    whole = [float(page.evaluate("() => window.redraws.at(-1) - window.moved"))]
    page.mouse.up()
    page.wait_for_selector("html[data-done=yes]", state="attached", timeout=PATIENCE)
    page.mouse.move(700, 300)
    began = time.perf_counter()
    page.wait_for_function(_AROUND, timeout=PATIENCE)
    around = [1000 * (time.perf_counter() - began)]
    few = [_move(page, slider, share) for slider in OTHERS for share in (0.3, 0.6, 0.45)]
    note = page.locator("#note").inner_text()
    assert "interpolated" in note, note
    page.mouse.up()
    page.wait_for_selector("html[data-done=yes]", state="attached", timeout=PATIENCE)
    page.locator(SLIDER).hover()
    began = time.perf_counter()
    page.wait_for_timeout(1500)
    page.wait_for_function(
        "() => document.documentElement.dataset.nearDone === '1'", timeout=PATIENCE
    )
    ready = [1000 * (time.perf_counter() - began)]
    warm = [_move(page, SLIDER, 0.1 + 0.8 * ((7 * k) % MOVES) / MOVES) for k in range(MOVES)]
    note = page.locator("#note").inner_text()
    assert "500 of 500" in note, note
    page.mouse.up()
    let_go = []
    for k in range(RELEASES):
        page.wait_for_selector("html[data-done=yes]", state="attached", timeout=PATIENCE)
        page.wait_for_timeout(500)
        _move(page, SLIDER, 0.2 + 0.13 * k)
        page.mouse.up()
        page.wait_for_timeout(300)
        page.wait_for_selector("html[data-done=yes]", state="attached", timeout=PATIENCE)
        page.wait_for_timeout(300)
        let_go.append(float(page.evaluate("() => window.redraws.at(-1) - window.released")))
    return {
        "nothing there yet: moved, to the first months (64 worlds)": first,
        "nothing there yet: moved, to all months (64 worlds)": whole,
        "waited, until all levers in view had 64 worlds": around,
        "moved any of them, to the whole curve (64 worlds and up)": few,
        "waited beside a lever, until it had 500 worlds": ready,
        "moved it, to the whole curve (500 worlds, interpolated)": warm,
        "let go, to all 500 worlds of the setting itself": let_go,
    }


def _move(page: Any, slider: str, share: float) -> float:  # noqa: ANN401 - Playwright's
    """Drag a thumb somewhere, and tell the milliseconds until the curve is redrawn."""
    page.locator(slider).scroll_into_view_if_needed()
    box = page.locator(slider).bounding_box()
    middle = box["y"] + box["height"] / 2
    now = page.locator(slider).evaluate("one => (one.value - one.min) / (one.max - one.min)")
    page.mouse.move(box["x"] + 8 + (box["width"] - 16) * float(now), middle)
    page.mouse.down()
    page.mouse.move(box["x"] + 8 + (box["width"] - 16) * share, middle)
    page.wait_for_function(_REDRAWN, timeout=PATIENCE)
    waited = page.evaluate("() => window.redraws.find(at => at > window.moved) - window.moved")
    page.wait_for_timeout(100)
    return float(waited)


if __name__ == "__main__":
    main()
