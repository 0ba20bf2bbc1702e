"""Facing the record: forecasts of a scenario, scored against what was observed.

Three kinds of forecast are scored. The *whole* run starts where the scenario starts and holds its
dated shocks, which were known only in hindsight. The *issued* one starts over at the end of the
month before the window from what was observed by then, and knows no event dated later: this is what
naive forecasts, issued on the same day, are a fair match for. *Rolling* ones are issued at several
dates and scored some months ahead.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from sim.analysis.facts import Verdict, answer, answerable, load_facts, quantities
from sim.analysis.forecasts import (
    Forecast,
    Rolling,
    Scored,
    SeriesScore,
    score_events,
    score_series,
)
from sim.analysis.observed import Point, Record, Series, Span
from sim.analysis.scores import Ensemble, check_scoring
from sim.analysis.trajectories import Paths, observe
from sim.ensemble.executors import Executor
from sim.kernel import Engine
from sim.scenario import Scenario
from sim.scenario.month import Month

EARLIER: Final = (6, 12)
"""Months by which the record is shifted to see whether the score can tell."""
HELD: Final = (0.8, 0.98)
"""Shares of all figures that bands of 90 % have to hold: asked for before the first score."""

type Progress = Callable[[str], Callable[[int, int], None]]
"""From what is being run to something told (worlds done, worlds)."""


@dataclass(frozen=True)
class Backtest:
    """A scenario held against the record.

    Attributes:
        scenario: that was run.
        record: that it was held against.
        window: months that were scored.
        worlds: of each forecast.
        draws: worlds per parameter set.
        seed: of the keyed draws.
        forecasts: whole and, unless the window opens with the scenario, issued.
        rolling: by lead.
        origins: last months known to the rolling forecasts.
        facts: what they ask, answered by the whole run.
    """

    scenario: Scenario
    record: Record
    window: Span
    worlds: int
    draws: int
    seed: int
    forecasts: tuple[Forecast, ...]
    rolling: tuple[Rolling, ...]
    origins: tuple[Month, ...]
    facts: tuple[Verdict, ...]


def backtest(
    scenario: Scenario,
    record: Record,
    window: Span,
    worlds: int,
    seed: int,
    draws: int,
    *,
    engine: Engine = "numpy",
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Backtest:
    """Run a scenario, and forecasts issued on the way, and score them.

    Args:
        scenario: to run; it covers the window.
        record: to hold it against.
        window: months whose figures are scored.
        worlds: of each forecast.
        seed: of the keyed draws.
        draws: worlds per parameter set.
        engine: what does the arithmetic of projections.
        executor: where worlds are computed; here unless given.
        progress: told how far each run is.

    Raises:
        ScoringMissingError: the library that scores is not installed.
    """
    check_scoring()
    facts = answerable(load_facts(), scenario.start, scenario.end)
    names = record.quantities()

    def run(what: str, asked: Sequence[str], issued: Month | None, until: Month) -> Paths:
        return observe(
            replace(scenario, months=until - scenario.start + 1),
            worlds,
            seed,
            asked,
            draws=draws,
            engine=engine,
            executor=executor,
            restart=None if issued is None else record.restart(issued),
            progress=None if progress is None else progress(what),
        )

    whole = run("whole run", sorted({*names, *quantities(facts)}), None, scenario.end)
    before = window.first + -1
    forecasts = [_forecast(record, window, whole, seed, before, None)]
    if before >= scenario.start:
        later = run(f"issued {before}", names, before, window.last)
        forecasts.append(_forecast(record, window, later, seed, before, before))
    origins = [
        origin
        for origin in record.origins
        if scenario.start <= origin < min(record.last, scenario.end)
    ]
    figures: dict[tuple[int, str], list[Scored]] = {}
    for origin in origins:
        last = min(origin + max(record.leads), scenario.end)
        paths = run(f"issued {origin}", names, origin, last)
        for lead in record.leads:
            month = origin + lead
            if month <= last:
                for score in score_series(record, Span(month, month), paths, seed, origin):
                    figures.setdefault((lead, score.series.name), []).extend(score.figures)
    rolling = tuple(
        Rolling(
            lead,
            tuple(
                SeriesScore(series, tuple(figures[lead, series.name]))
                for series in record.series
                if (lead, series.name) in figures
            ),
        )
        for lead in record.leads
    )
    return Backtest(
        scenario=scenario,
        record=record,
        window=window,
        worlds=worlds,
        draws=draws,
        seed=seed,
        forecasts=tuple(forecasts),
        rolling=rolling,
        origins=tuple(origins),
        facts=tuple(answer(facts, whole.values, scenario.start, draws)),
    )


def _forecast(
    record: Record, window: Span, paths: Paths, seed: int, before: Month, issued: Month | None
) -> Forecast:
    return Forecast(
        kind="whole" if issued is None else "issued",
        issued=issued,
        scores=tuple(score_series(record, window, paths, seed, before)),
        events=tuple(score_events(record, window, paths)),
        paths=paths,
    )


@dataclass(frozen=True)
class Control:
    """What the score would be against a record that is wrong.

    Attributes:
        words: what was done to the record.
        ratio: of that score to the true one, geometric mean over series; above 1 the score tells.
        series: that could be treated so.
    """

    words: str
    ratio: float
    series: int


def controls(forecast: Forecast, record: Record) -> list[Control]:
    """Whether the score can tell the record from a shuffled or a shifted one.

    Shuffled: each figure is replaced by every other figure of its series in turn, and the scores
    are averaged, which is what random permutations give in the mean.
    """
    shuffled: list[float] = []
    shifted: dict[int, list[float]] = {months: [] for months in EARLIER}
    start = forecast.paths.start
    for score in forecast.scores:
        series = score.series
        known = [p for p in record.points[series.name] if p.period.last >= start]
        ensemble = Ensemble(forecast.paths.worlds, forecast.paths.worlds)

        def against(
            pairs: list[tuple[Scored, Point]],
            series: Series = series,
            ensemble: Ensemble = ensemble,
        ) -> float:
            other = [ensemble.crps(one.forecast, series.figure(p.value))[0] for one, p in pairs]
            own = [one.crps[0] for one, _ in pairs]
            return float(np.log(np.mean(other) / np.mean(own)))

        pairs = [(one, p) for one in score.figures for p in known if p.date != one.point.date]
        if pairs:
            shuffled.append(against(pairs))
        for months in EARLIER:
            pairs = [
                (one, p)
                for one in score.figures
                for p in known
                if one.point.period.last - p.period.last == months
            ]
            if pairs:
                shifted[months].append(against(pairs))
    told = [("figures of each series shuffled", shuffled)]
    told += [(f"figures {months} months older", logs) for months, logs in shifted.items()]
    return [Control(w, float(np.exp(np.mean(logs))), len(logs)) for w, logs in told if logs]
