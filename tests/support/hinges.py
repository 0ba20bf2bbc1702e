"""What `fulcrum sensitivity` and `fulcrum discover` would print of made-up sets of assumptions."""

from functools import cache
from typing import Any

import numpy as np

from sim.analysis.by_set import BySet
from sim.analysis.designed import CHANCE, REST, Designed, indices
from sim.analysis.discovery import Interest, discover
from sim.analysis.outcomes import measure
from sim.analysis.sensitivity import sensitivity
from sim.scenario.registry import load_registry

HOSTILE = "<b>Bold</b> & $x$ %{y} </script>"
NAMES = [p.name for p in load_registry() if not isinstance(p.prior, float)][:60]
COMMON: dict[str, Any] = {
    "report": "report.html",
    "fulcrum": "0.1.0",
    "command": "fulcrum sensitivity status_quo",
    "scenario": "status_quo",
    "title": HOSTILE,
    "against": None,
    "against_title": None,
    "when": "final",
    "month": "2026-11-01",
    "worlds": 1600,
    "seed": 1,
}


@cache
def planted(outcome: str = "front") -> BySet:
    """Two parameters of sixty matter."""
    rng = np.random.default_rng(1)
    x = rng.random((400, len(NAMES)))
    y = 0.2 + 0.1 * x[:, 3] + 0.1 * (x[:, 5] - 0.5) ** 2 + 0.02 * rng.normal(size=400)
    return BySet(
        measure(outcome), {name: x[:, k] for k, name in enumerate(NAMES)}, y, 4, 0.12, False
    )


@cache
def idle() -> BySet:
    """Nothing matters."""
    rng = np.random.default_rng(2)
    x = rng.random((200, len(NAMES)))
    columns = {name: x[:, k] for k, name in enumerate(NAMES)}
    return BySet(measure("payoff.belarus"), columns, rng.normal(size=200), 4, 0.8, True)


@cache
def sensitivity_document() -> dict[str, Any]:
    """One outcome that hinges on something, and one that does not."""
    outcomes = [sensitivity(source).document() for source in (planted(), idle())]
    return {"method": "given", **COMMON, "outcomes": outcomes}


@cache
def designed_document() -> dict[str, Any]:
    """A design of one parameter, one claim, all else and chance."""
    rng = np.random.default_rng(3)
    values = rng.normal(size=(6, 64))
    groups = {NAMES[3]: (NAMES[3],), "C05": ("world.training",), REST: tuple(NAMES), CHANCE: ()}
    found = indices(values, groups, 1)
    told = Designed(measure("front"), 64, 384, found, 0.2, 0.05).document()
    return {"method": "designed", **COMMON, "outcomes": [told]}


@cache
def discovery_document(source: str = "planted") -> dict[str, Any]:
    """A box, or none."""
    sets = planted() if source == "planted" else idle()
    threshold = float(np.quantile(sets.values, 0.75))
    found = discover(sets, Interest("above", threshold, 0.25)).document()
    against = {"against": "other", "against_title": "Another one"} if sets.against else {}
    return {**COMMON, **against, "outcomes": [found]}
