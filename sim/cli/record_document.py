"""A back-test as one JSON document."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.analysis.backtest import HELD, Backtest
from sim.analysis.facts import Verdict, met
from sim.analysis.forecasts import NAIVE, EventScore, Forecast, Rolling, Scored, SeriesScore
from sim.analysis.making import made_by
from sim.analysis.reasons import asked, hindsight, verdict, why
from sim.analysis.scores import QUANTILES, Jackknifed, finite
from sim.analysis.wrong_records import Trial

_Q = [f"q{round(100 * share):02d}" for share in QUANTILES]


def backtest_document(found: Backtest, report: Path, command: str) -> dict[str, Any]:
    """Everything that was scored."""
    return {
        **made_by(),
        "scenario": found.scenario.name,
        "title": found.scenario.title,
        "window": {"from": str(found.window.first), "to": str(found.window.last)},
        "worlds": found.worlds,
        "draws": found.draws,
        "seed": found.seed,
        "command": command,
        "report": str(report),
        "notes": [hindsight(found.scenario), *found.record.notes],
        "asked": {"coverage90": list(HELD), "series_ahead_of_persistence": 0.5},
        "forecasts": [_forecast(one) for one in found.forecasts],
        "rolling": {
            "issued": [str(origin) for origin in found.origins],
            "leads": [_rolling(one) for one in found.rolling],
        },
        "wrong_records": [_trial(one) for one in found.trials],
        "patterns": {
            **met(found.facts),
            "facts": [_fact(one) for one in found.facts],
        },
    }


def _forecast(forecast: Forecast) -> dict[str, Any]:
    held, half = asked(forecast)
    return {
        "kind": forecast.kind,
        "issued": None if forecast.issued is None else str(forecast.issued),
        "coverage": {"50": _told(forecast.coverage(0.5)), "90": _told(forecast.coverage(0.9))},
        "asked": {"coverage90": held, "half_ahead_of_persistence": half},
        "skill": {
            name: _told(forecast.pooled(name))
            | {
                "series": len(forecast.skills(name)),
                "model_only": _told(forecast.pooled(name, False)),
            }
            for name in NAIVE
        },
        "series": [_series(score) for score in forecast.scores],
        "events": [_event(event) for event in forecast.events],
    }


def _rolling(one: Rolling) -> dict[str, Any]:
    return {
        "months_ahead": one.lead,
        "skill": {name: _told(one.pooled(name)) for name in NAIVE},
        "series": [_series(score) for score in one.scores],
    }


def _series(score: SeriesScore) -> dict[str, Any]:
    series = score.series
    return {
        "name": series.name,
        "title": series.title,
        "observed": series.observed,
        "unit": series.unit,
        "scored_in": series.scored_in,
        "given_from_outside": series.exogenous,
        "error": {"sd": series.sd, "reason": series.reason},
        "figures": len(score.figures),
        "crps": _told(score.crps),
        "coverage": {"50": _told(score.coverage(0.5)), "90": _told(score.coverage(0.9))},
        "skill": {name: _told(score.skill(name)) for name in NAIVE},
        "verdict": verdict(score, "persistence"),
        "why": why(score),
        "points": [_point(one) for one in score.figures],
    }


def _point(one: Scored) -> dict[str, Any]:
    return {
        "date": one.point.date,
        "months_ahead": one.lead,
        "observed": one.point.value,
        "sd": one.point.sd,
        **dict(zip(_Q, one.quantiles, strict=True)),
        "crps": float(one.crps[0]),
        "naive": {
            name: {"crps": finite(other.crps), **dict(zip(_Q, other.quantiles, strict=True))}
            for name, other in one.naive.items()
        },
    }


def _event(event: EventScore) -> dict[str, Any]:
    return {
        "name": event.name,
        "title": event.title,
        "months": [str(month) for month in event.months],
        "probability": list(event.probability),
        "observed": list(event.observed),
        "brier": _told(event.brier),
        "log": _told(event.log),
        "brier_of_past_rate": event.rate,
    }


def _trial(trial: Trial) -> dict[str, Any]:
    return {
        "forecasts": trial.name,
        "title": trial.title,
        "records": [
            {
                "record": one.kind,
                "months": one.months,
                "ratio": one.ratio,
                "error_of_log": one.error,
                "series": one.series,
                "series_worse": one.worse,
                "figures": one.figures,
                "chance": one.chance,
                "ratio_of_the_mean_of_the_past": one.of_the_mean,
                "told": one.told,
            }
            for one in trial.controls
        ],
    }


def _fact(one: Verdict) -> dict[str, Any]:
    return {
        "fact": one.fact,
        "title": one.title,
        "check": one.check,
        "model": list(one.model),
        "record": one.record,
        "share": one.share,
        "error": one.error,
        "shown": one.shown,
        "within_error": one.close,
    }


def _told(one: Jackknifed | None) -> dict[str, Any]:
    if one is None:
        return {"value": None, "error": None}
    return {"value": finite(one.value), "error": finite(one.error)}
