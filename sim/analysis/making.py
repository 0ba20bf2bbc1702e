"""What results in documents come from, and what of it is another by now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

WORDS: Final = {
    "fulcrum": "Fulcrum’s version",
    "seeds": "the data in seeds/",
    "code": "the model’s code",
    "judging": "the way of judging",
    "values": "the values of the source",
}
"""Key of a document -> what it is, in words."""


def made_by() -> dict[str, str]:
    """What results come from that are made now."""
    from sim import __version__
    from sim.ensemble.identity import code_digest, seeds_digest

    return {"fulcrum": __version__, "seeds": seeds_digest(), "code": code_digest()}


def differing(document: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """What of all that a document came from is another now, in words."""
    return [WORDS[key] for key in WORDS if key in now and document.get(key) != now[key]]


def written_on(file: Path) -> date | None:
    """The day on which a file was last written, None where there is none."""
    try:
        return datetime.fromtimestamp(file.stat().st_mtime, UTC).date()
    except OSError:
        return None
