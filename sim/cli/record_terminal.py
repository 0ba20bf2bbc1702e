"""A back-test on the terminal: the answer first, then series, events and facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from sim.analysis.facts import met
from sim.analysis.reasons import asked, fewest, hindsight, unscored, verdict, why
from sim.cli.terminal import print_names, print_table, print_words
from sim.report.record_words import (
    TRIAL_HEAD,
    answer_words,
    forecast_title,
    pattern_words,
    percent,
    score_words,
    skill_words,
    trial_rows,
    trial_words,
)

if TYPE_CHECKING:
    from sim.analysis.backtest import Backtest
    from sim.analysis.forecasts import Forecast


def print_backtest(found: Backtest) -> None:
    """All scores of a back-test."""
    print_words(hindsight(found.scenario))
    for words in (unscored(found),):
        if words:
            print_words(words)
    for forecast in found.forecasts:
        _print_forecast(forecast, found)
    if found.rolling:
        typer.echo()
        issued = ", ".join(str(origin) for origin in found.origins)
        print_words(f"Forecasts issued at the end of {issued}")
        rows = [
            [
                f"{one.lead} months ahead",
                str(sum(len(score.figures) for score in one.scores)),
                skill_words(one.pooled("persistence")),
                skill_words(one.pooled("drift")),
            ]
            for one in found.rolling
            if one.scores
        ]
        print_table(["", "figures", "skill to persistence", "to drift"], rows)
    _print_trials(found)
    if found.facts:
        typer.echo()
        print_words(pattern_words(met(found.facts)))


def _print_trials(found: Backtest) -> None:
    """Whether the score can tell the record from a wrong one."""
    typer.echo()
    print_words(trial_words(found.trials))
    rows = [
        [trial.title if k == 0 else "", *cells]
        for trial in found.trials
        for k, cells in enumerate(trial_rows(trial))
    ]
    if rows:
        print_names(["", *TRIAL_HEAD], rows, left=2)


def _print_forecast(forecast: Forecast, found: Backtest) -> None:
    typer.echo()
    print_words(f"{forecast_title(forecast)}, scored {found.window}")
    for words in (*answer_words(forecast, *asked(forecast)), fewest(forecast)):
        if words:
            print_words(words)
    rows = [
        [
            score.series.title,
            str(len(score.figures)),
            percent(score.coverage(0.5).value),
            percent(score.coverage(0.9).value),
            score_words(score.crps),
            skill_words(score.skill("persistence")),
            skill_words(score.skill("drift")),
            verdict(score, "persistence"),
        ]
        for score in forecast.scores
    ]
    head = ["series", "figures", "in 50 %", "in 90 %", "CRPS", "skill to persistence", "to drift"]
    print_names([*head, "to persistence"], rows, left=1)
    for score in forecast.scores:
        if verdict(score, "persistence") == "behind":
            print_words(f"{score.series.title}: {why(score)}", indent=2, first="")
    events = [
        [
            event.title,
            f"{100 * event.probability[-1]:.1f}",
            "yes" if event.observed[-1] else "no",
            f"{event.brier.value:.3f}",
            f"{event.log.value:.3f}",
            f"{event.rate:.3f}",
        ]
        for event in forecast.events
    ]
    if events:
        # the share is the last month's and a score the mean over all: no square of one another
        head = [f"event, by {found.window.last}", "of 100 worlds, at the end", "observed then"]
        scores = [
            "Brier, mean of months",
            "log score, likewise",
            "Brier of the past rate, likewise",
        ]
        print_names([*head, *scores], events, left=1)
