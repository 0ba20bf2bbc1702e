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
from functools import cached_property
from typing import Final

from sim.analysis.facts import Verdict, answer, answerable, load_facts, quantities
from sim.analysis.forecasts import (
    Forecast,
    Rolling,
    Scored,
    SeriesScore,
    score_events,
    score_series,
)
from sim.analysis.observed import Record, Span
from sim.analysis.scores import check_scoring
from sim.analysis.trajectories import Paths, observe
from sim.analysis.wrong_records import Trial, trials
from sim.ensemble.executors import Executor
from sim.kernel import Engine
from sim.scenario import Scenario
from sim.scenario.month import Month

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

    @cached_property
    def trials(self) -> tuple[Trial, ...]:
        """Whether the score can tell the record from a wrong one."""
        return trials(self.record, self.forecasts, self.rolling, self.seed)


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
