"""Say: the command line. `fulcrum --help` lists what can be said."""

from sim.cli import (
    asking,
    calibrating,
    explaining,
    exploring,
    forking,
    hinging,
    indicators,
    influence,
    kept,
    record,
    thesis,
)
from sim.cli.commands import app

__all__ = [
    "app",
    "asking",
    "calibrating",
    "explaining",
    "exploring",
    "forking",
    "hinging",
    "indicators",
    "influence",
    "kept",
    "record",
    "thesis",
]
