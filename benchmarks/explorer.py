"""`python -m benchmarks.explorer`: how long a slider waits for its curve, in a real browser.

Starts the explorer as people do, moves a slider with the mouse, and reads the browser's own clock:
from the movement to the first redraw of the setting's curve, to the whole preview, and from letting
go to all worlds. Times are of the clock on the wall: the load of the machine is printed as well.
"""

import os
import re
import shutil
import statistics
import subprocess
import sys
from typing import Any, Final

REPEATS: Final = 7
SLIDER: Final = "#lever-actors-belarus-incentives-rents"
PATIENCE: Final = 120_000

_WATCH: Final = """() => {
  window.seen = [];
  document.querySelector('#fan-1 .js-plotly-plot').on('plotly_afterplot', () => {
    window.seen.push({ at: performance.now() });
  });
  const mark = (name) => () => { window[name] = performance.now(); window.seen = []; };
  document.addEventListener('input', mark('moved'), true);
  document.addEventListener('change', mark('released'), true);
}"""


def main() -> None:
    """Measure, and print one line a stage."""
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
                executable_path=chrome, args=["--no-sandbox", "--disable-gpu"]
            )
            times = _measure(browser.new_page(viewport={"width": 1440, "height": 1000}), found[0])
            browser.close()
        server.terminate()
    load = os.getloadavg()[0]
    print(f"{said.strip()}")
    print(f"500 worlds, 36 months, median of {REPEATS} (range), load of the machine {load:.1f}")
    for name, values in times.items():
        low, high = min(values), max(values)
        print(f"{name:42} {statistics.median(values):6.0f} ms ({low:.0f} to {high:.0f})")


def _measure(page: Any, address: str) -> dict[str, list[float]]:  # noqa: ANN401 - Playwright's
    page.goto(f"{address}?set=actors.belarus.incentives.rents:0.85")
    page.wait_for_selector("html[data-done=yes]", state="attached", timeout=PATIENCE)
    page.wait_for_timeout(500)
    page.evaluate(_WATCH)
    times: dict[str, list[float]] = {
        "moved, to the first months of the curve": [],
        "moved, to the whole preview (64 worlds)": [],
        "let go, to all 500 worlds": [],
    }
    for k in range(REPEATS):
        box = page.locator(SLIDER).bounding_box()
        middle = box["y"] + box["height"] / 2
        now = float(
            page.locator(SLIDER).evaluate("one => (one.value - one.min) / (one.max - one.min)")
        )
        page.mouse.move(box["x"] + 8 + (box["width"] - 16) * now, middle)
        page.mouse.down()
        page.mouse.move(box["x"] + 8 + (box["width"] - 16) * (0.15 + 0.1 * k), middle)
        page.wait_for_selector("html[data-done=yes]", state="attached", timeout=PATIENCE)
        page.wait_for_timeout(200)
        first, whole = page.evaluate(
            "() => [window.seen[0].at - window.moved, window.seen.at(-1).at - window.moved]"
        )
        page.mouse.up()
        page.wait_for_timeout(300)
        page.wait_for_selector("html[data-done=yes]", state="attached", timeout=PATIENCE)
        page.wait_for_timeout(300)
        full = page.evaluate("() => window.seen.at(-1).at - window.released")
        for name, value in zip(times, (first, whole, full), strict=True):
            times[name].append(value)
        page.wait_for_timeout(500)
    return times


if __name__ == "__main__":
    main()
