"""`python -m benchmarks.explorer`: how long a slider waits for its curve, in a real browser.

Starts the explorer as people do, moves a slider with the mouse, and reads the browser's own clock:
from the movement to the redraw of the setting's curve, at once after the page is opened and once
settings along the lever have been simulated; and from letting go to all worlds. Times are of the
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

MOVES: Final = 40
RELEASES: Final = 5
SLIDER: Final = "#lever-actors-belarus-incentives-autonomy"
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
            f"{name:58} median {statistics.median(ordered):6.0f} ms, 90 % under {tail:6.0f}, "
            f"{ordered[0]:.0f} to {ordered[-1]:.0f}, {len(ordered)} times"
        )


def _measure(page: Any, address: str) -> dict[str, list[float]]:  # noqa: ANN401 - Playwright's
    page.goto(f"{address}?set={LEVER}:0.6")
    page.wait_for_selector("html[data-done=yes]", state="attached", timeout=PATIENCE)
    page.wait_for_timeout(500)
    page.evaluate(_WATCH)
    cold = [_move(page, 0.15)]
    began = time.perf_counter()
    page.wait_for_function(
        "() => Number(document.documentElement.dataset.nearDone) === 1", timeout=PATIENCE
    )
    ready = [1000 * (time.perf_counter() - began)]
    warm = [_move(page, 0.1 + 0.8 * ((7 * k) % MOVES) / MOVES) for k in range(MOVES)]
    note = page.locator("#note").inner_text()
    assert "interpolated" in note, note
    page.mouse.up()
    let_go = []
    for k in range(RELEASES):
        page.wait_for_selector("html[data-done=yes]", state="attached", timeout=PATIENCE)
        page.wait_for_timeout(500)
        _move(page, 0.2 + 0.13 * k)
        page.mouse.up()
        page.wait_for_timeout(300)
        page.wait_for_selector("html[data-done=yes]", state="attached", timeout=PATIENCE)
        page.wait_for_timeout(300)
        let_go.append(float(page.evaluate("() => window.redraws.at(-1) - window.released")))
    return {
        "moved at once, to the first months of the curve (64 worlds)": cold,
        "waited, until settings along the lever were all there": ready,
        "moved then, to the whole curve (500 worlds, interpolated)": warm,
        "let go, to all 500 worlds of the setting itself": let_go,
    }


def _move(page: Any, share: float) -> float:  # noqa: ANN401 - Playwright's
    """Drag the thumb somewhere, and tell the milliseconds until the curve is redrawn."""
    box = page.locator(SLIDER).bounding_box()
    middle = box["y"] + box["height"] / 2
    now = page.locator(SLIDER).evaluate("one => (one.value - one.min) / (one.max - one.min)")
    page.mouse.move(box["x"] + 8 + (box["width"] - 16) * float(now), middle)
    page.mouse.down()
    page.mouse.move(box["x"] + 8 + (box["width"] - 16) * share, middle)
    page.wait_for_function(_REDRAWN, timeout=PATIENCE)
    waited = page.evaluate("() => window.redraws.find(at => at > window.moved) - window.moved")
    page.wait_for_timeout(100)
    return float(waited)


if __name__ == "__main__":
    main()
