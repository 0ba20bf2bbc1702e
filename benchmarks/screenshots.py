"""`python -m benchmarks.screenshots`: the pictures of the explorer in docs/images, taken anew."""

from pathlib import Path
from typing import Final

from benchmarks.explorer import PATIENCE, served

FOLDER: Final = Path(__file__).parents[1] / "docs" / "images"
VIEW: Final = "?set=actors.belarus.incentives.rents:1.2&vs=from%3Dnegotiated_settlement"
TAKEN: Final = ((1440, 1000, "light"), (1024, 900, "dark"), (390, 844, "light"))
"""Width, height and scheme."""


def main() -> None:
    """Open one view in windows of three widths, and keep what is seen."""
    with served() as (browser, address, _):
        for width, height, scheme in TAKEN:
            page = browser.new_page(
                viewport={"width": width, "height": height}, color_scheme=scheme
            )
            page.goto(address + VIEW)
            page.wait_for_timeout(500)
            page.wait_for_selector("html[data-done=yes]", state="attached", timeout=PATIENCE)
            page.wait_for_timeout(500)
            file = FOLDER / f"explorer-{width}.png"
            page.screenshot(path=file)
            page.close()
            print(f"{file.name}: {file.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
