"""Writes the tables of docs/validation.md anew from runs: `make plausibility`.

Each table stands between two comments that name it, and nothing else of the page is touched.
"""

from __future__ import annotations

import sys

from benchmarks.pages import DOCS, put
from sim.analysis import facts, plausibility

PAGE = DOCS / "validation.md"


def main() -> int:
    """Measure, write, and say whether play is plausible."""
    figures = plausibility.examine()
    page = put(PAGE.read_text(encoding="utf-8"), "plausibility", plausibility.table(figures))
    page = put(page, "facts", facts.table(facts.face()))
    PAGE.write_text(page, encoding="utf-8")
    broken = [figure.name for figure in figures if not figure.holds]
    print(f"Wrote {PAGE}")
    print("Play is plausible." if not broken else "Not plausible: " + ", ".join(broken))
    if close := [figure.name for figure in figures if figure.close]:
        print("Not told from their limits by this many worlds: " + ", ".join(close))
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
