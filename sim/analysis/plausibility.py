"""Whether play is alive and plausible, judged without a look at any hypothesis.

Limits are data (`seeds/plausibility.yaml`), each with its reason. `examine` runs one scenario and
holds its play against them: shares of levels, deals kept, launches, the front, stocks that end in a
corner. Influence, dependence and payoffs are not looked at, so priors may be set by this page.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.actor import Actor
from agents.outlook import Array
from sim.deliberation.options import Weighed
from sim.draws import DEFAULT_DRAWS, DEFAULT_SEED
from sim.model import ConflictModel
from sim.scenario import Scenario, load_scenario
from sim.scenario.registry import seeds_path
from sim.world.state import STATUSES

BATCH = 256
"""Worlds run side by side."""


@dataclass(frozen=True)
class Figure:
    """One thing looked at.

    Attributes:
        name: what it is.
        values: name of each part -> its value.
        error: Monte Carlo standard error of the largest part or of their sum where that is held
            against the limit, None where none can be told.
        limit: what it is held against, in words; empty where it only informs.
        holds: whether it keeps the limit.
        margin: distance of the value that decides from its limit; None without such a limit.
    """

    name: str
    values: dict[str, float]
    error: float | None = None
    limit: str = ""
    holds: bool = True
    margin: float | None = None

    @property
    def close(self) -> bool:
        """Whether the limit lies within two Monte Carlo errors, so that chance may have decided."""
        if self.error is None or self.margin is None:
            return False
        return abs(self.margin) < 2.0 * self.error


@dataclass
class _Lever:
    """Counts of one lever over worlds and months, kept apart by parameter set."""

    levels: tuple[str, ...]
    reversible: bool
    chosen: list[Array] = field(default_factory=list)  # (levels, sets) a batch
    spread: list[Array] = field(default_factory=list)  # (2, sets): summed spread, months live


@dataclass
class Play:
    """What was seen of a scenario's play.

    Attributes:
        levers: actor and lever -> its counts.
        kept: share of the standing deal that both sides kept, mean over its months, per world.
        launches: months with launches and months with fighting, (2, sets).
        front: at the end, per world.
        ended: status at the end -> per world.
        stocks: name -> at the end, per world.
    """

    levers: dict[str, _Lever]
    kept: list[Array] = field(default_factory=list)
    launches: list[Array] = field(default_factory=list)
    front: list[Array] = field(default_factory=list)
    ended: dict[str, list[Array]] = field(default_factory=dict)
    stocks: dict[str, list[Array]] = field(default_factory=dict)


def limits(path: Path | None = None) -> dict[str, Any]:
    """The limits of `seeds/plausibility.yaml`, or of another file like it."""
    from ruamel.yaml import YAML

    text = (path or seeds_path() / "plausibility.yaml").read_text(encoding="utf-8")
    document: dict[str, Any] = YAML(typ="safe", pure=True).load(text)
    return document


def examine(
    scenario: Scenario | str | Path | None = None,
    worlds: int | None = None,
    seed: int = DEFAULT_SEED,
    bounds: dict[str, Any] | None = None,
) -> list[Figure]:
    """Hold the play of a scenario against the limits.

    Args:
        scenario: to run; the one the limits name if left out.
        worlds: how many, a multiple of the draws per set; as the limits say if left out.
        seed: of the keyed draws.
        bounds: the limits; those of the project if left out.

    Returns:
        Every figure, those that break a limit with `holds` false.
    """
    held = limits() if bounds is None else bounds
    chosen = (
        scenario if isinstance(scenario, Scenario) else load_scenario(scenario or held["scenario"])
    )
    count = int(worlds or held["worlds"])
    play = watch(chosen, count, seed, held["stocks"]["names"])
    return [
        *(_lever_figure(name, lever, held["levers"]) for name, lever in play.levers.items()),
        *_other_figures(play, held),
    ]


def watch(scenario: Scenario, worlds: int, seed: int, stocks: list[str]) -> Play:
    """Run a scenario and take down how it is played.

    Args:
        scenario: to run.
        worlds: how many, a multiple of the draws per set.
        seed: of the keyed draws.
        stocks: fields of the state to look at in the end.
    """
    if worlds % DEFAULT_DRAWS:
        raise ValueError(
            f"worlds must be a multiple of {DEFAULT_DRAWS}, the draws of a set: {worlds}"
        )
    play: Play | None = None
    for first in range(0, worlds, BATCH):
        batch = range(first, min(first + BATCH, worlds))
        model = ConflictModel(scenario, batch, rng=seed, collect=False)
        if play is None:
            play = Play(
                {
                    f"{name}.{lever.name}": _Lever(lever.levels, not lever.irreversible)
                    for name, actor in model.actors.items()
                    for lever in actor.menu.levers
                }
            )
        _watch_batch(model, len(batch), play, stocks)
    if play is None:
        raise ValueError("no worlds to watch")
    return play


def _watch_batch(model: ConflictModel, worlds: int, play: Play, stocks: list[str]) -> None:
    for counts in play.levers.values():
        counts.chosen.append(np.zeros((len(counts.levels), worlds // DEFAULT_DRAWS)))
        counts.spread.append(np.zeros((2, worlds // DEFAULT_DRAWS)))
    kept, stood, launches = np.zeros(worlds), np.zeros(worlds), np.zeros((2, worlds))
    for _ in range(model.what_if.months):
        model.step()
        for name, actor in model.actors.items():
            worth = spreads(model.weighed[name], actor, model)
            for k, lever in enumerate(actor.menu.levers):
                is_live = model.live[name][lever.name][:worlds]
                seen = play.levers[f"{name}.{lever.name}"]
                for level in range(len(lever.levels)):
                    seen.chosen[-1][level] += _by_set((actor.levels[k, :worlds] == level) & is_live)
                seen.spread[-1][0] += _by_set(np.where(is_live, worth[k, :worlds], 0.0))
                seen.spread[-1][1] += _by_set(is_live)
        month = model.last
        stands = month.start.deal_scale[:worlds] > 0.0
        both = (model.compliance * month.c.support.clip(None, 1.0))[:worlds]
        kept, stood = kept + np.where(stands, both, 0.0), stood + stands
        fighting = month.start.active[:worlds] > 0.5
        launches += np.stack([(month.c.launch[:worlds] > 0.5) & fighting, fighting])
    play.kept.append(np.divide(kept, stood, out=np.full(worlds, np.nan), where=stood > 0))
    play.launches.append(np.stack([_by_set(row) for row in launches]))
    play.front.append(model.state.front[:worlds].copy())
    for status in STATUSES:
        play.ended.setdefault(status, []).append(getattr(model.state, status)[:worlds].copy())
    for name in stocks:
        play.stocks.setdefault(name, []).append(getattr(model.state, name)[:worlds].copy())


def spreads(weighed: Weighed, actor: Actor, model: ConflictModel) -> Array:
    """How much it matters to an actor where each of its levers stands.

    The range of worth over a lever's open levels, its other levers as chosen this month, in units
    of 1 over its precision: the noise of a logit choice has a standard deviation of pi / sqrt(6) in
    these units.

    Args:
        weighed: the actor's options, weighed this month.
        actor: after its choice.
        model: after the step.

    Returns:
        Shape (levers, worlds).
    """
    values = weighed.values(actor) / actor.scale * actor.precision
    strides = np.cumprod((1, *actor.menu.shape[:0:-1]))[::-1]
    option = (actor.levels * strides[:, None]).sum(axis=0)
    column = np.arange(option.shape[0])
    out = np.zeros(actor.levels.shape)
    for k, lever in enumerate(actor.menu.levers):
        is_open = model.open[actor.name][lever.name]
        worth = np.stack(
            [
                values[option + (level - actor.levels[k]) * strides[k], column]
                for level in range(len(lever.levels))
            ]
        )
        high = np.where(is_open, worth, -np.inf).max(axis=0)
        low = np.where(is_open, worth, np.inf).min(axis=0)
        out[k] = high - low
    return out


def _by_set(values: NDArray[Any]) -> Array:
    """Sum over the draws of each parameter set."""
    return values.astype(float).reshape(-1, DEFAULT_DRAWS).sum(axis=1)


def ratio(part: Array, whole: Array) -> tuple[float, float | None]:
    """A share and its Monte Carlo standard error from parameter sets.

    The linearised error of a ratio of sums over clusters (Cochran 1977, chapter 6): worlds and
    months of a set are not independent.

    Args:
        part: counts per set.
        whole: counts per set that they are a part of.
    """
    total, sets = whole.sum(), len(whole)
    if total == 0:
        return math.nan, None
    share = float(part.sum() / total)
    if sets < 2:
        return share, None
    rest = part - share * whole
    return share, float(np.sqrt(sets / (sets - 1) * (rest**2).sum()) / total)


def _lever_figure(name: str, lever: _Lever, bounds: dict[str, Any]) -> Figure:
    chosen, spread = np.concatenate(lever.chosen, axis=1), np.concatenate(lever.spread, axis=1)
    live = chosen.sum(axis=0)
    shares = [ratio(row, live) for row in chosen]
    values = {level: share for level, (share, _) in zip(lever.levels, shares, strict=True)}
    if live.sum() == 0:
        return Figure(name, {}, limit="never left a choice")
    largest, error = max(shares, key=lambda pair: pair[0])
    if not lever.reversible:
        return Figure(name, values, error, "cannot be undone: no limit")
    matters = spread[0].sum() / spread[1].sum() > bounds["matters_above"]
    limit = f"no level above {100 * bounds['most']:g} %"
    holds = largest <= bounds["most"]
    margin = bounds["most"] - largest
    if matters:
        even = max(abs(share - 1.0 / len(values)) for share in values.values())
        limit += f", not within {100 * bounds['uniform_within']:g} points of even"
        holds = holds and even > bounds["uniform_within"]
        margin = min(margin, even - bounds["uniform_within"])
    return Figure(name, values, error, limit, holds, margin)


def _other_figures(play: Play, bounds: dict[str, Any]) -> list[Figure]:
    kept, front = np.concatenate(play.kept), np.concatenate(play.front)
    median = float(np.nanmedian(kept))
    launches, fighting = np.concatenate(play.launches, axis=1)
    launched, error = ratio(launches, fighting)
    ended = {name: _mean(parts) for name, parts in play.ended.items()}
    sets = np.full(len(front) // DEFAULT_DRAWS, float(DEFAULT_DRAWS))
    beyond = {
        side: _by_set(np.concatenate(play.ended[f"breakthrough_{side}"]))
        for side in ("russia", "ukraine")
    }
    both, both_error = ratio(beyond["russia"] + beyond["ukraine"], sets)
    low, middle, high = (float(q) for q in np.quantile(front, [0.05, 0.5, 0.95]))
    deal, launch = bounds["deal"], bounds["launches"]
    line, stocks = bounds["front"], bounds["stocks"]
    figures = [
        Figure(
            "deal kept by both sides, median world",
            {"kept": median},
            limit=f"above {100 * deal['compliance_least']:g} %",
            holds=median > deal["compliance_least"],
        ),
        Figure(
            "launches from Belarus, months of fighting",
            {"launches": launched},
            error,
            f"under {100 * launch['most']:g} %",
            launched < launch["most"],
            launch["most"] - launched,
        ),
        Figure(
            "front at the end",
            {"5 %": low, "median": middle, "95 %": high},
            limit=f"spread above {100 * line['spread_least']:g} points",
            holds=high - low > line["spread_least"],
        ),
        Figure(
            "breakthroughs",
            {side: ratio(count, sets)[0] for side, count in beyond.items()},
            both_error,
            f"under {100 * line['breakthroughs_most']:g} % together",
            both < line["breakthroughs_most"],
            line["breakthroughs_most"] - both,
        ),
        Figure("status at the end", ended),
    ]
    for name, parts in play.stocks.items():
        end = np.concatenate(parts)
        cornered = (end < stocks["corner"]) | (end > 1.0 - stocks["corner"])
        share, error = ratio(_by_set(cornered), sets)
        figures.append(
            Figure(
                f"stock in its corner: {name}",
                {"worlds": share},
                error,
                f"under {100 * stocks['most']:g} %",
                share < stocks["most"],
                stocks["most"] - share,
            )
        )
    return figures


def _mean(parts: list[Array]) -> float:
    return float(np.concatenate(parts).mean())


def table(figures: list[Figure]) -> str:
    """The figures as a Markdown table, shares in per cent."""
    lines = ["| figure | value, % | MC error | limit | kept |", "|---|---|---|---|---|"]
    for figure in figures:
        values = ", ".join(
            f"{100 * value:.1f}" if len(figure.values) == 1 else f"{part} {100 * value:.1f}"
            for part, value in figure.values.items()
        )
        error = "" if figure.error is None else f"{100 * figure.error:.1f}"
        verdict = ("yes" if figure.holds else "**no**") if figure.limit else ""
        verdict += ", within error" if figure.close else ""
        lines.append(f"| {figure.name} | {values} | {error} | {figure.limit} | {verdict} |")
    return "\n".join(lines)
