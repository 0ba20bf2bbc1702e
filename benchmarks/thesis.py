"""Writes the verdicts of docs/thesis.md anew from the latest run: `make thesis`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.pages import DOCS, put, table
from sim.analysis.thesis.design import load_thesis
from sim.analysis.thesis.kept import read_document
from sim.report.thesis_words import figure_words, hits_words, range_words

PAGE = DOCS / "thesis.md"
COMMAND = "fulcrum thesis --engine numba --workers 2"


def verdicts(document: Mapping[str, Any]) -> str:
    """The table of verdicts, with what it takes to make it again."""
    head = ("", "verdict", "sets that hit", "error", "figure", "median set", "90 of 100 sets")
    rows = [
        (
            f"{hypothesis['id']} {hypothesis['title']}: {one['label']}",
            f"**{one['verdict']}**" + ("" if one["firm"] else ", within error"),
            hits_words(one),
            f"{100 * one['error']:.1f} %",
            one["figure"]["unit"],
            figure_words(one),
            range_words(one),
            one["flips"]["brief"],
        )
        for hypothesis in document["hypotheses"]
        for one in hypothesis["judged"]
    ]
    made_by = (
        f"`{COMMAND}`, seed {document['seed']}, Fulcrum {document['fulcrum']}; design "
        f"{document['design'][:12]}, data {document['seeds'][:12]}, code {document['code'][:12]}, "
        f"judging {document['judging'][:12]}."
    )
    return f"{table((*head, 'where it would flip'), rows)}\n\n{made_by}"


def main() -> int:
    """Read the latest document, and write its verdicts."""
    results = Path(sys.argv[1] if len(sys.argv) > 1 else "results")
    found = read_document(results)
    if found is None or found["design"] != load_thesis().digest:
        print(f"{results}: holds no verdicts of this design; run {COMMAND}", file=sys.stderr)
        return 1
    text = put(PAGE.read_text(encoding="utf-8"), "verdicts", verdicts(found))
    PAGE.write_text(text, encoding="utf-8")
    print(f"Wrote {PAGE}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
