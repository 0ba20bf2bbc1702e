"""Ten facts of 2022-23 and whether the model meets them in sign and in order.

The facts are data (`seeds/facts.yaml`): each check compares a quantity at the end of two months, or
its mean over a span with a bound. How many worlds do as the record did is counted; by how much is
not asked here.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from agents.outlook import Array
from sim.analysis.plausibility import BATCH, ratio
from sim.draws import DEFAULT_DRAWS, DEFAULT_SEED
from sim.model import ConflictModel
from sim.scenario import Scenario, load_scenario
from sim.scenario.month import Month
from sim.scenario.registry import seeds_path
from sim.world.functions import supplies

ELSEWHERE = 6.4
"""Goods that Belarus sells neither to Russia nor to the West, USD bn a year: of 39.7 bn in 2021,
what is left by the 16.3 bn to Russia and the 17 bn that were barred later (seeds/history.csv)."""

SHOWN, MISSED = 0.6, 0.4
"""Shares of worlds from which a check is shown, and below which it is missed."""


@dataclass(frozen=True)
class Verdict:
    """A check, answered.

    Attributes:
        fact: its number.
        title: of the fact.
        check: what was asked, in words.
        model: medians of the model at the two months, or the mean over the span.
        record: what was observed, in words.
        share: of worlds that do as the record did.
        shown: "yes" if at least 60 % of the worlds do, "no" if fewer than 40 %, else "in part";
            "given" where the scenario sets the quantity, so that the check cannot fail.
        error: Monte Carlo standard error of the share, None where none can be told.
    """

    fact: int
    title: str
    check: str
    model: tuple[float, ...]
    record: str
    share: float
    shown: str
    error: float | None = None

    @property
    def close(self) -> bool:
        """Whether a bound of the verdict lies within two errors of the share."""
        if self.error is None or self.shown == "given":
            return False
        return min(abs(self.share - SHOWN), abs(self.share - MISSED)) < 2.0 * self.error


def _of_state(name: str) -> Callable[[ConflictModel], Array]:
    return lambda model: getattr(model.state, name)


def _launching(model: ConflictModel) -> Array:
    if model.underway is None:
        return model.actors["belarus"].standing()["access"][2]
    return model.last.c.launch * model.last.start.active


def _ammunition(model: ConflictModel) -> Array:
    if model.underway is None:
        return 0.0 * model.state.front
    return supplies(model.last.start, model.last.c, model.parameters)["russia.arms"]["belarus"]


def _export_share(model: ConflictModel) -> Array:
    s = model.state
    sold = s.exports_russia + s.exports_transit + s.exports_west + ELSEWHERE
    return s.exports_russia / sold


QUANTITIES: dict[str, Callable[[ConflictModel], Array]] = {
    "launching": _launching,
    "ammunition": _ammunition,
    "export_share_russia": _export_share,
    "gas_price_paid": lambda model: model.parameters["world.gas_price"],
}
"""Quantities that are no field of the state, by name."""


def load_facts(path: Path | None = None) -> dict[str, Any]:
    """The facts of `seeds/facts.yaml`, or of another file like it."""
    from ruamel.yaml import YAML

    text = (path or seeds_path() / "facts.yaml").read_text(encoding="utf-8")
    document: dict[str, Any] = YAML(typ="safe", pure=True).load(text)
    return document


def face(
    scenario: Scenario | str | Path | None = None,
    worlds: int = 256,
    seed: int = DEFAULT_SEED,
    facts: dict[str, Any] | None = None,
) -> list[Verdict]:
    """Run a scenario and hold it against the facts.

    Args:
        scenario: to run; the one the facts name if left out.
        worlds: how many.
        seed: of the keyed draws.
        facts: from `load_facts`; those of the project if left out.
    """
    held = load_facts() if facts is None else facts
    chosen = (
        scenario if isinstance(scenario, Scenario) else load_scenario(scenario or held["scenario"])
    )
    names = {check["quantity"] for fact in held["facts"] for check in fact["checks"]}
    series = observe(chosen, worlds, seed, names)
    return [
        _answer(fact, check, series[check["quantity"]], chosen.start)
        for fact in held["facts"]
        for check in fact["checks"]
    ]


def observe(scenario: Scenario, worlds: int, seed: int, names: set[str]) -> dict[str, Array]:
    """Quantities month by month, shape (months + 1, worlds); row 0 is the state at the start."""
    parts: dict[str, list[Array]] = {name: [] for name in names}
    for first in range(0, worlds, BATCH):
        batch = range(first, min(first + BATCH, worlds))
        model = ConflictModel(scenario, batch, rng=seed, collect=False)
        rows: dict[str, list[Array]] = {name: [_take(name, model, len(batch))] for name in names}
        for _ in range(scenario.months):
            model.step()
            for name in names:
                rows[name].append(_take(name, model, len(batch)))
        for name in names:
            parts[name].append(np.stack(rows[name]))
    return {name: np.concatenate(batches, axis=1) for name, batches in parts.items()}


def _take(name: str, model: ConflictModel, worlds: int) -> Array:
    quantity = QUANTITIES.get(name) or _of_state(name)
    return np.broadcast_to(quantity(model), (model.width,))[:worlds].copy()


def _answer(fact: dict[str, Any], check: dict[str, Any], seen: Array, start: Month) -> Verdict:
    first, second = (str(check[key]) for key in ("first", "second"))
    a, b = (Month.parse(text) - start + 1 for text in (first, second))
    kind, name = check["expect"], check["quantity"]
    if kind in ("above", "under"):
        value = seen[a : b + 1].mean(axis=0)
        holds = value > check["bound"] if kind == "above" else value <= check["bound"]
        model: tuple[float, ...] = (float(value.mean()),)
        words = f"{name} {kind} {check['bound']:g}, {first} to {second}"
    else:
        change = seen[b] - seen[a]
        if kind == "flat":
            holds = np.abs(change) <= check["within"]
        else:
            holds = change > 0 if kind == "rises" else change < 0
        model = (float(np.median(seen[a])), float(np.median(seen[b])))
        words = f"{name} {kind}, {first} to {second}"
    share, error = _share(holds)
    shown = "yes" if share >= SHOWN else "no" if share < MISSED else "in part"
    if check.get("given"):
        shown = "given"
    return Verdict(fact["id"], fact["title"], words, model, _record(check), share, shown, error)


def _share(holds: np.ndarray) -> tuple[float, float | None]:
    """Share of worlds and its error; the worlds of one parameter set are one cluster."""
    starts = np.arange(0, holds.size, DEFAULT_DRAWS)
    part = np.add.reduceat(holds.astype(float), starts)
    return ratio(part, np.diff(np.append(starts, holds.size)).astype(float))


def _record(check: dict[str, Any]) -> str:
    """What was observed, in words or as two figures of the history."""
    record = check["record"]
    if "text" in record:
        return str(record["text"])
    dates = (str(record.get(key, check[key])) for key in ("first", "second"))
    figures = [_history()[record["series"], date] * record["scale"] for date in dates]
    return ", then ".join(f"{figure:.3g}" for figure in figures)


@cache
def _history() -> dict[tuple[str, str], float]:
    """Series and date -> value, from `seeds/history.csv`."""
    with (seeds_path() / "history.csv").open(encoding="utf-8", newline="") as file:
        return {(row["series"], row["date"]): float(row["value"]) for row in csv.DictReader(file)}


def table(verdicts: list[Verdict]) -> str:
    """The verdicts as a Markdown table."""
    lines = [
        "| fact | check | model | record | worlds, % | MC error | shown |",
        "|---|---|---|---|---|---|---|",
    ]
    told = 0
    for v in verdicts:
        name = f"{v.fact}. {v.title}" if v.fact != told else ""
        told = v.fact
        model = ", then ".join(f"{value:.3g}" for value in v.model)
        shown = ("**no**" if v.shown == "no" else v.shown) + (", within error" if v.close else "")
        error = "" if v.error is None else f"{100 * v.error:.1f}"
        lines.append(
            f"| {name} | {v.check} | {model} | {v.record} | {100 * v.share:.0f} | {error} "
            f"| {shown} |"
        )
    return "\n".join(lines)
