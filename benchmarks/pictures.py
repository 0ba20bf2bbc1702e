"""Pictures of a report for the documents, at the widths of a desk, a tablet and a telephone.

`make picture` makes the report of the demonstration and hands it over.
"""

import sys
from pathlib import Path
from typing import Final

from playwright.sync_api import FloatRect, sync_playwright

from tests.support.browser import CHROMIUM

FOLDER: Final = Path(__file__).resolve().parents[1] / "docs" / "images"
LARGEST: Final = 300_000
"""Bytes of a picture, at most."""
TALLEST: Final = 1560
"""Pixels of a picture, at most."""
SHOTS: Final = (
    ("report.png", 1440, "#summary", "#differences", False),
    ("report-time.png", 1024, "#time", "#parting", False),
    ("report-why.png", 1440, "#why", "#why", False),
    ("report-pairs.png", 1440, "#pairs", "#pairs", True),
    ("report-telephone.png", 390, "#parting", "#parting", False),
)
"""File, width of the window, first and last section shown, and whether in the dark."""


def main(report: Path) -> int:
    """Takes all pictures of a report; 1 if one comes out too large."""
    if CHROMIUM is None:
        sys.exit("no Chromium or Chrome on the PATH to take pictures with")
    too_large = 0
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for name, width, first, last, dark in SHOTS:
            page = browser.new_page(
                viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light"
            )
            page.goto(report.resolve().as_uri())
            page.wait_for_selector('html[data-drawn="yes"]', state="attached")
            top, end = (page.locator(one).bounding_box() for one in (first, last))
            assert top is not None
            assert end is not None
            start = 0.0 if first == "#summary" else top["y"]
            height = min(end["y"] + end["height"] - start, TALLEST)
            clip: FloatRect = {"x": 0, "y": start, "width": width, "height": height}
            file = FOLDER / name
            page.screenshot(path=file, full_page=True, clip=clip)
            size = file.stat().st_size
            print(f"{name}: {width} x {height:.0f}, {size / 1000:.0f} kB")
            too_large |= size > LARGEST
            page.close()
        browser.close()
    return too_large


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
