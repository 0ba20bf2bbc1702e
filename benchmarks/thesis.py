"""Writes the verdicts of docs/thesis.md anew from the latest run: `make thesis`."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.pages import DOCS, put, table
from sim.analysis.thesis.design import load_thesis
from sim.analysis.thesis.kept import beside, by_name, read_document
from sim.report.thesis_words import (
    behind_words,
    counts_words,
    figure_words,
    hits_words,
    range_words,
)

PAGE = DOCS / "thesis.md"
COMMAND = "fulcrum thesis --engine numba --workers 2"


def verdicts(document: Mapping[str, Any], fit: Sequence[Mapping[str, Any]] = ()) -> str:
    """The table of verdicts, with what it takes to make it again.

    Args:
        document: on the frozen priors.
        fit: of other sources, on the same test.
    """
    others = [(f"under {other['source']}", by_name(other)) for other in fit]
    head = ("", "verdict", "sets that hit", "error", *(name for name, _ in others))
    head += ("figure", "median set", "90 of 100 sets", "where it would flip")
    rows = [
        (
            f"{hypothesis['id']} {hypothesis['title']}: {one['label']}",
            f"**{one['verdict']}**" + within(one),
            hits_words(one),
            f"{100 * one['error']:.1f} %",
            *(_other(found.get(one["name"])) for _, found in others),
            one["figure"]["unit"],
            figure_words(one),
            range_words(one),
            one["flips"]["brief"],
        )
        for hypothesis in document["hypotheses"]
        for one in hypothesis["judged"]
    ]
    commands = [COMMAND, *(f"{COMMAND} --source {other['source']}" for other in fit)]
    made_by = (
        f"{' and '.join(f'`{command}`' for command in commands)}, seed {document['seed']}, Fulcrum "
        f"{document['fulcrum']}; design {document['design'][:12]}, data {document['seeds'][:12]}, "
        f"code {document['code'][:12]}, judging {document['judging'][:12]}."
    )
    return f"{table(head, rows)}\n\n{made_by}"


def behind(document: Mapping[str, Any]) -> str:
    """The table of what stands behind each verdict."""
    rows = [
        (
            f"{hypothesis['id']}: {one['label'].partition(',')[0]}",
            counts_words(one),
            behind_words(one),
        )
        for hypothesis in document["hypotheses"]
        for one in hypothesis["judged"]
    ]
    return table(("", "sets that hit / miss / are undecided", "what to know beside it"), rows)


def within(one: Mapping[str, Any]) -> str:
    """Said of a verdict that its error leaves a choice."""
    return "" if one["firm"] else ", within error"


def _other(one: Mapping[str, Any] | None) -> str:
    """What another source says of the same."""
    if one is None:
        return "not run"
    return f"{one['verdict']}{within(one)}, {hits_words(one)}"


def main() -> int:
    """Read the latest document, and write its verdicts."""
    results = Path(sys.argv[1] if len(sys.argv) > 1 else "results")
    found = read_document(results)
    if found is None or found["design"] != load_thesis().digest:
        print(f"{results}: holds no verdicts of this design; run {COMMAND}", file=sys.stderr)
        return 1
    fit, _ = beside(results, found)
    text = put(PAGE.read_text(encoding="utf-8"), "verdicts", verdicts(found, fit))
    text = put(text, "behind", behind(found))
    PAGE.write_text(text, encoding="utf-8")
    print(f"Wrote {PAGE}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
