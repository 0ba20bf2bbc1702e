"""Tables in pages that people write: each stands between two comments that name it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

DOCS = Path(__file__).resolve().parents[1] / "docs"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table, its last line without a line's end.

    Args:
        head: names of the columns.
        rows: cells; a bar inside a cell is escaped.
    """
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines
    )


def put(page: str, name: str, text: str) -> str:
    """The page with the table of a name replaced, and nothing else of it touched.

    Raises:
        SystemExit: the page has no place for it.
    """
    begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
    before, _, rest = page.partition(begin)
    _, found, after = rest.partition(end)
    if not found:
        raise SystemExit(f"no place for {name}: the page needs a line {begin.strip()} and {end}")
    return f"{before}{begin}{text}\n{end}{after}"
