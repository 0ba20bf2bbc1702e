"""Ten facts of 2022-23 and whether the model meets them in sign and in order.

The facts are data (`seeds/facts.yaml`): each check compares a quantity at the end of two months, or
its mean over a span with a bound. How many worlds do as the record did is counted; by how much is
not asked here.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from agents.outlook import Array
from sim.analysis.plausibility import ratio
from sim.analysis.trajectories import observe
from sim.draws import DEFAULT_DRAWS, DEFAULT_SEED
from sim.scenario import Scenario, load_scenario
from sim.scenario.month import Month
from sim.scenario.registry import seeds_path

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
    return answer(held, observe(chosen, worlds, seed, quantities(held)).values, chosen.start)


def quantities(facts: dict[str, Any]) -> list[str]:
    """What has to be watched to answer the facts."""
    return sorted({check["quantity"] for fact in facts["facts"] for check in fact["checks"]})


def answerable(facts: dict[str, Any], start: Month, end: Month) -> dict[str, Any]:
    """The facts with only those checks whose months a run has.

    Args:
        facts: from `load_facts`.
        start: first month of the run; the month before it is the state that it starts from.
        end: its last month.
    """

    def has(check: dict[str, Any]) -> bool:
        first, second = (Month.parse(str(check[key])) for key in ("first", "second"))
        return start + -1 <= first and second <= end

    return facts | {
        "facts": [
            fact | {"checks": [check for check in fact["checks"] if has(check)]}
            for fact in facts["facts"]
        ]
    }


def answer(
    facts: dict[str, Any], seen: Mapping[str, Array], start: Month, draws: int = DEFAULT_DRAWS
) -> list[Verdict]:
    """Hold what was seen of a scenario against the facts.

    Args:
        facts: from `load_facts`.
        seen: quantity -> (months + 1, worlds), row 0 the state before the first month.
        start: first month of the scenario.
        draws: worlds per parameter set.
    """
    return [
        _answer(fact, check, seen[check["quantity"]], start, draws)
        for fact in facts["facts"]
        for check in fact["checks"]
    ]


def holding(check: dict[str, Any], seen: Array, start: Month) -> np.ndarray:
    """Which worlds do as the record did, (worlds,)."""
    a, b = (Month.parse(str(check[key])) - start + 1 for key in ("first", "second"))
    kind = check["expect"]
    if kind in ("above", "under"):
        value = seen[a : b + 1].mean(axis=0)
        return value > check["bound"] if kind == "above" else value <= check["bound"]
    change = seen[b] - seen[a]
    if kind == "flat":
        return np.abs(change) <= check["within"]
    return change > 0 if kind == "rises" else change < 0


def _answer(
    fact: dict[str, Any], check: dict[str, Any], seen: Array, start: Month, draws: int
) -> Verdict:
    first, second = (str(check[key]) for key in ("first", "second"))
    a, b = (Month.parse(text) - start + 1 for text in (first, second))
    kind, name = check["expect"], check["quantity"]
    if kind in ("above", "under"):
        model: tuple[float, ...] = (float(seen[a : b + 1].mean()),)
        words = f"{name} {kind} {check['bound']:g}, {first} to {second}"
    else:
        model = (float(np.median(seen[a])), float(np.median(seen[b])))
        words = f"{name} {kind}, {first} to {second}"
    share, error = _share(holding(check, seen, start), draws)
    shown = "yes" if share >= SHOWN else "no" if share < MISSED else "in part"
    if check.get("given"):
        shown = "given"
    return Verdict(fact["id"], fact["title"], words, model, _record(check), share, shown, error)


def _share(holds: np.ndarray, draws: int) -> tuple[float, float | None]:
    """Share of worlds and its error; the worlds of one parameter set are one cluster."""
    starts = np.arange(0, holds.size, draws)
    part = np.add.reduceat(holds.astype(float), starts)
    return ratio(part, np.diff(np.append(starts, holds.size)).astype(float))


def _record(check: dict[str, Any]) -> str:
    """What was observed, in words or as two figures of the history."""
    record = check["record"]
    if "text" in record:
        return str(record["text"])
    dates = (str(record.get(key, check[key])) for key in ("first", "second"))
    figures = [_history()[record["series"], date] * record["scale"] for date in dates]
    return ", then ".join(f"{float(f'{figure:.3g}'):,g}" for figure in figures)


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


def met(verdicts: list[Verdict] | tuple[Verdict, ...]) -> dict[str, Any]:
    """How many checks, and facts in all their checks, are shown; what is given is not asked.

    Returns:
        `checks` and `facts`: verdict -> count; `score`: mean share of worlds over the checks, None
        without any.
    """
    asked = [one for one in verdicts if one.shown != "given"]
    worst: dict[int, str] = {}
    for one in asked:
        rank = ("no", "in part", "yes")
        known = worst.get(one.fact, "yes")
        worst[one.fact] = min(known, one.shown, key=rank.index)
    words = ("yes", "in part", "no")
    return {
        "checks": {word: sum(one.shown == word for one in asked) for word in words},
        "facts": {word: sum(found == word for found in worst.values()) for word in words},
        "score": float(np.mean([one.share for one in asked])) if asked else None,
    }
