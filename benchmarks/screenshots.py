"""`python -m benchmarks.screenshots`: the pictures of the explorer in docs/images, taken anew."""

from pathlib import Path
from typing import Final

from benchmarks.explorer import PATIENCE, served

FOLDER: Final = Path(__file__).parents[1] / "docs" / "images"
VIEW: Final = "?claim=C14:off&vs=from%3Dnegotiated_settlement"
WHY: Final = f"{VIEW}&tab=why&month=2024-11&world=3"
TAKEN: Final = (
    ("explorer-1440", VIEW, (1440, 1000), "light", ""),
    ("explorer-1024", VIEW, (1024, 900), "dark", ""),
    ("explorer-390", VIEW, (390, 844), "light", ""),
    ("explorer-why-1440", WHY, (1440, 1000), "light", "#more"),
    ("explorer-why-390", WHY, (390, 844), "dark", "section[aria-label=Belarus]"),
)
"""Name, view, size of the window, scheme, and what is brought into sight."""


def main() -> None:
    """Open two views in windows of three widths, and keep what is seen."""
    with served() as (browser, address, _):
        for name, view, (width, height), scheme, sight in TAKEN:
            page = browser.new_page(
                viewport={"width": width, "height": height}, color_scheme=scheme
            )
            page.goto(address + view)
            page.wait_for_timeout(500)
            page.wait_for_selector("html[data-done=yes]", state="attached", timeout=PATIENCE)
            page.wait_for_timeout(500)
            if sight:
                page.locator(sight).evaluate("one => one.scrollIntoView()")
                page.wait_for_timeout(200)
            file = FOLDER / f"{name}.png"
            page.screenshot(path=file)
            page.close()
            print(f"{file.name}: {file.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
