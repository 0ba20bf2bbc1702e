"""How the explorer reads an outcome: as reports do, but influence as choices of a hundred."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from sim.analysis.outcomes import Measure, measure

CHOICES: Final = 100
"""Total variation of 0.01 is one choice of a hundred that would be another."""


def read_as(name: str) -> Measure:
    """How to read an outcome, by its dotted name."""
    found = measure(name)
    if not found.units.startswith("total variation"):
        return found
    reading = found.reading.replace("influence of 0.01 means", "influence of 1 means")
    return replace(found, scale=CHOICES, shown_units="choices of 100", reading=reading)
