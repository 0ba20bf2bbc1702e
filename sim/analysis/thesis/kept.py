"""The latest document of the hypotheses, and its verdicts, read from a results folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

FOLDER: Final = "thesis"
DOCUMENT: Final = "thesis.json"
PAGE: Final = "thesis.html"


def read_document(results: Path) -> dict[str, Any] | None:
    """The latest document in a results folder, or None where there is none that can be read."""
    try:
        text = (results / FOLDER / DOCUMENT).read_text(encoding="utf-8")
        found: dict[str, Any] = json.loads(text)
        hypotheses = found["hypotheses"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if isinstance(hypotheses, list) else None


def latest_verdicts(results: Path) -> dict[str, str]:
    """Hypothesis -> its latest verdict in words, of the designs that count.

    Verdicts under another design than the committed one are none.
    """
    from sim.analysis.thesis.design import load_thesis

    found = read_document(results)
    if found is None or found.get("design") != load_thesis().digest:
        return {}
    return {one["id"]: verdict_words(one) for one in found["hypotheses"]}


def verdict_words(hypothesis: dict[str, Any]) -> str:
    """A hypothesis's verdict; with several judged apart, each by its outcome."""
    if hypothesis["verdict"] is not None:
        return str(hypothesis["verdict"])
    judged = hypothesis["judged"]
    return ", ".join(f"{one['name'].partition('.')[2]} {one['verdict']}" for one in judged)
