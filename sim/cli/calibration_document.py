"""A calibration as JSON, as files, and on the terminal."""

from __future__ import annotations

import textwrap
from typing import Any

import typer

from sim.analysis.backtest import Backtest
from sim.analysis.calibration import PLACEBOS, Calibration, Posterior, Statistic
from sim.analysis.observed import Record
from sim.analysis.scores import Jackknifed, finite
from sim.cli.terminal import print_names, print_words
from sim.scenario.written import as_yaml


def calibration_document(
    found: Calibration, checks: dict[str, Backtest], record: Record, command: str
) -> dict[str, Any]:
    """Everything that was learned, and whether it helps."""
    return {
        "scenario": found.scenario.name,
        "title": found.scenario.title,
        "command": command,
        "fit": str(record.fit),
        "check": str(record.check),
        "worlds": found.worlds,
        "seed": found.seed,
        "accepted": len(found.accepted.worlds),
        "effective": found.accepted.effective,
        "tolerance": found.accepted.tolerance,
        "placebos": {"made_up": PLACEBOS, "called_informed": found.placebos},
        "statistics": [_statistic(one) for one in found.statistics],
        "parameters": [_parameter(one) for one in found.parameters],
        "silent": [one.learned.name for one in found.parameters if not one.learned.informed],
        "checks": [_check(words, one) for words, one in checks.items()],
    }


def _statistic(one: Statistic) -> dict[str, Any]:
    return {
        "name": one.name,
        "observed": one.observed,
        "prior": list(one.prior),
        "posterior": list(one.posterior),
        "used": one.used,
        "worlds_below": {"prior": one.reach, "posterior": one.after},
    }


def _parameter(one: Posterior) -> dict[str, Any]:
    told = one.learned
    return {
        "name": told.name,
        "unit": one.unit,
        "informed": told.informed,
        "width": {"value": told.width, "error": told.width_error},
        "shift": {"value": told.shift, "error": told.shift_error},
        "prior": list(one.prior),
        "posterior": list(one.posterior),
        "written": None if one.written is None else one.written.as_yaml(),
    }


def _check(words: str, found: Backtest) -> dict[str, Any]:
    source, _, window = words.partition(" ")
    return {
        "parameters": source,
        "window": window,
        "forecasts": [
            {
                "kind": forecast.kind,
                "coverage90": None if (held := forecast.coverage(0.9)) is None else held.value,
                "skill_to_persistence": None
                if (pooled := forecast.pooled("persistence")) is None
                else {"value": finite(pooled.value), "error": finite(pooled.error)},
                "crps": {
                    score.series.name: {"value": score.crps.value, "error": score.crps.error}
                    for score in forecast.scores
                },
            }
            for forecast in found.forecasts
        ],
    }


def posterior_yaml(found: Calibration, record: Record, command: str) -> str:
    """A source of parameters, as `seeds/posteriors/` holds them."""
    text = (
        f"What the record of {record.fit} says about parameters, where it says anything: written "
        f"by `{command}`. Quantiles at equal steps of probability; parameters apart from one "
        "another, since a scenario draws each for itself."
    )
    head = textwrap.fill(text, 98, initial_indent="# ", subsequent_indent="# ")
    return f"{head}\n" + as_yaml(
        {
            "parameters": {
                name: {value.kind: list(value.args)} for name, value in found.written.items()
            }
        }
    )


def weights_csv(found: Calibration) -> str:
    """The worlds that count, each with its weight."""
    pairs = zip(found.accepted.worlds, found.accepted.weights, strict=True)
    return "world,weight\n" + "".join(f"{world},{weight:.9g}\n" for world, weight in pairs)


def print_calibration(found: Calibration, checks: dict[str, Backtest], record: Record) -> None:
    """What was learned, on the terminal."""
    informed = found.informed
    print_words(
        f"Of {found.worlds:,} worlds of the priors the {len(found.accepted.worlds):,} nearest to "
        f"the record of {record.fit} count, as much as {found.accepted.effective:,.0f} equal ones. "
        f"It says something about {len(informed)} of {len(found.parameters)} parameters that are "
        f"not known; of {PLACEBOS} made-up ones that nothing reads, {found.placebos} would be "
        "called so."
    )
    typer.echo()
    rows = [
        [
            one.learned.name,
            _band(one.prior),
            _band(one.posterior),
            f"{one.learned.width:.2f} ± {one.learned.width_error:.2f}",
            f"{one.learned.shift:+.2f} ± {one.learned.shift_error:.2f}".replace("-", "−"),
        ]
        for one in informed
    ]
    head = ["informed", "prior: 5 %, median, 95 %", "posterior", "width to prior's"]
    print_names([*head, "shift in the prior"], rows, left=1)
    typer.echo()
    silent = [one.learned.name for one in found.parameters if not one.learned.informed]
    print_words(f"The record says nothing about the other {len(silent)}: {', '.join(silent)}.")
    typer.echo()
    rows = [
        [
            one.name,
            f"{one.observed:.3g}",
            _band(one.prior),
            _band(one.posterior),
            f"{100 * one.reach:.1f}",
            f"{100 * one.after:.1f}",
            "yes" if one.used else "out of reach",
        ]
        for one in found.statistics
    ]
    head = ["statistic", "record", "priors", "accepted", "below, % of all", "of accepted", "used"]
    print_names(head, rows, left=1)
    typer.echo()
    rows = [
        [
            f"{words}, {forecast.kind}",
            *_figures(forecast.coverage(0.9), forecast.pooled("persistence")),
        ]
        for words, one in checks.items()
        for forecast in one.forecasts
    ]
    print_names(["held against the record", "in 90 %", "skill to persistence"], rows, left=1)


def _figures(coverage: Jackknifed | None, pooled: Jackknifed | None) -> list[str]:
    from sim.report.record_words import percent, skill_words

    return [percent(None if coverage is None else coverage.value), skill_words(pooled)]


def _band(values: tuple[float, ...]) -> str:
    return ", ".join(f"{value:.3g}" for value in values).replace("-", "−")
