"""The latest back-test, read from a results folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

SCORES: Final = "scores.json"


def folder_name(identity: str) -> str:
    """The folder of a back-test within the results, by the fingerprint of what was asked."""
    return f"backtest-{identity[:12]}"


def latest_backtest(results: Path) -> tuple[dict[str, Any], Path] | None:
    """The back-test that was written last, and its file; None where none can be read."""
    files = results.glob(f"{folder_name('*')}/{SCORES}")
    for file in sorted(files, key=lambda one: (-one.stat().st_mtime, str(one))):
        try:
            document = json.loads(file.read_text(encoding="utf-8"))
            forecasts = document["forecasts"]
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if isinstance(forecasts, list):
            return document, file
    return None
