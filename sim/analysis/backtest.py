"""Facing the record: forecasts of a scenario, scored against what was observed.

Three kinds of forecast are scored. The *whole* run starts where the scenario starts and holds its
dated shocks, which were known only in hindsight. The *issued* one starts over at the end of the
month before the window from what was observed by then, and knows no event dated later: this is what
naive forecasts, issued on the same day, are a fair match for. *Rolling* ones are issued at several
dates and scored some months ahead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from agents.outlook import Array
from sim.analysis import naive
from sim.analysis.facts import Verdict, answer, answerable, load_facts, quantities
from sim.analysis.observed import Dated, Point, Record, Series, Span
from sim.analysis.scores import (
    QUANTILES,
    Ensemble,
    Jackknifed,
    brier,
    check_scoring,
    log_score,
    pooled,
    skill,
)
from sim.analysis.trajectories import Paths, observe
from sim.draws import uniforms
from sim.ensemble.executors import Executor
from sim.kernel import Engine
from sim.scenario import Scenario
from sim.scenario.month import Month
from sim.scenario.quantiles import standard_normal

NAIVE = ("persistence", "drift")
EARLIER = (6, 12)
"""Months by which the record is shifted to see whether the score can tell."""

type Progress = Callable[[str], Callable[[int, int], None]]
"""From what is being run to something told (worlds done, worlds)."""


@dataclass(frozen=True)
class Naive:
    """A naive forecast of one figure.

    Attributes:
        crps: its score.
        quantiles: at `QUANTILES`, in the unit of the series.
    """

    crps: float
    quantiles: tuple[float, ...]


@dataclass(frozen=True)
class Scored:
    """One figure, forecast and observed.

    Attributes:
        point: the figure.
        lead: months from the day of issue to the end of its period.
        forecast: every world, measurement error included, on the scale of the series.
        observed: on the same scale.
        quantiles: of the forecast at `QUANTILES`, in the unit of the series.
        crps: score, (1 + groups,).
        inside: share of a central band -> whether it holds the figure, (1 + groups,).
        naive: name -> that forecast of the same figure, where there is one.
    """

    point: Point
    lead: int
    forecast: Array
    observed: float
    quantiles: tuple[float, ...]
    crps: Array
    inside: Mapping[float, Array]
    naive: Mapping[str, Naive]


@dataclass(frozen=True)
class SeriesScore:
    """All figures of one series under one forecast."""

    series: Series
    figures: tuple[Scored, ...]

    @cached_property
    def crps(self) -> Jackknifed:
        """Mean score, in the unit that the series is scored in."""
        return Jackknifed(np.mean([one.crps for one in self.figures], axis=0))

    def coverage(self, share: float) -> Jackknifed:
        """Share of the figures that a central band holds."""
        return Jackknifed(np.mean([one.inside[share] for one in self.figures], axis=0))

    def skill(self, name: str) -> Jackknifed | None:
        """Against a naive forecast, over the figures that have one."""
        both = [one for one in self.figures if name in one.naive]
        if not both:
            return None
        return skill([one.crps for one in both], [one.naive[name].crps for one in both])


@dataclass(frozen=True)
class EventScore:
    """Something dated, month by month.

    Attributes:
        name: of the event.
        title: in words.
        months: that are scored.
        probability: of each, from all worlds.
        observed: whether it had happened (or did).
        brier: mean over months.
        log: mean logarithmic score, in nats.
        rate: mean Brier score of the rate at which it came before.
    """

    name: str
    title: str
    months: tuple[Month, ...]
    probability: tuple[float, ...]
    observed: tuple[bool, ...]
    brier: Jackknifed
    log: Jackknifed
    rate: float


@dataclass(frozen=True)
class Forecast:
    """One forecast of a window, scored.

    Attributes:
        kind: "whole" or "issued".
        issued: the last month known to it; None for the whole run, which is of no date.
        scores: by series that has figures in the window.
        events: dated events.
        paths: what was seen of the worlds.
    """

    kind: str
    issued: Month | None
    scores: tuple[SeriesScore, ...]
    events: tuple[EventScore, ...]
    paths: Paths

    def coverage(self, share: float) -> Jackknifed | None:
        """Share of all figures that a central band holds."""
        held = [one.inside[share] for score in self.scores for one in score.figures]
        return Jackknifed(np.mean(held, axis=0)) if held else None

    def skills(self, name: str) -> dict[str, Jackknifed]:
        """By series, against a naive forecast."""
        found = ((score.series.name, score.skill(name)) for score in self.scores)
        return {series: one for series, one in found if one is not None}

    def pooled(self, name: str, exogenous: bool = True) -> Jackknifed | None:
        """Over series; those that the model takes as given may be left out."""
        taken = {s.series.name for s in self.scores if exogenous or not s.series.exogenous}
        return pooled([one for series, one in self.skills(name).items() if series in taken])


@dataclass(frozen=True)
class Rolling:
    """Forecasts issued at several dates, scored so many months ahead.

    Attributes:
        lead: months ahead.
        scores: by series, over the dates of issue.
    """

    lead: int
    scores: tuple[SeriesScore, ...]

    def pooled(self, name: str) -> Jackknifed | None:
        """Skill over series."""
        found = [one for score in self.scores if (one := score.skill(name)) is not None]
        return pooled(found)


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


def score_series(
    record: Record, window: Span, paths: Paths, seed: int, issued: Month
) -> list[SeriesScore]:
    """Score every series that has figures in a window.

    Args:
        record: what was observed.
        window: months that are scored.
        paths: what the worlds did.
        seed: of the measurement errors.
        issued: last month known to naive forecasts.
    """
    ensemble = Ensemble(paths.worlds, paths.draws)
    scores = []
    for series in record.series:
        points = record.within(series, window)
        past = record.until(series, issued)
        figures = tuple(
            _score(record, series, point, past, paths, ensemble, seed, issued) for point in points
        )
        if figures:
            scores.append(SeriesScore(series, figures))
    return scores


def _score(
    record: Record,
    series: Series,
    point: Point,
    past: Sequence[Point],
    paths: Paths,
    ensemble: Ensemble,
    seed: int,
    issued: Month,
) -> Scored:
    observed = float(series.scaled(np.array([point.value]))[0])
    forecast = measured(record, series, point, paths, seed)
    months = [known.period.last - issued for known in past]
    values = [float(series.scaled(np.array([known.value]))[0]) for known in past]
    at = point.period.last - issued
    found = {
        "persistence": naive.persistence(months, values, at),
        "drift": naive.drift(months, values, at),
    }
    return Scored(
        point=point,
        lead=at,
        forecast=forecast,
        observed=observed,
        quantiles=tuple(map(float, series.plain(np.quantile(forecast, QUANTILES)))),
        crps=ensemble.crps(forecast, observed),
        inside={share: ensemble.inside(forecast, observed, share) for share in (0.5, 0.9)},
        naive={
            name: Naive(
                one.crps(observed), tuple(map(float, series.plain(one.quantiles(QUANTILES))))
            )
            for name, one in found.items()
            if one is not None
        },
    )


def measured(record: Record, series: Series, point: Point, paths: Paths, seed: int) -> Array:
    """What would be observed of each world, error of measurement included, on the scale."""
    month = paths.row(point.period.last)
    luck = standard_normal(uniforms(seed, f"observation.{series.name}", month, 0, paths.worlds))
    scaled = series.scaled(record.level(series, paths, point.period)) + point.sd * luck
    if series.log:
        return scaled if series.high is None else scaled.clip(None, np.log(series.high))
    return scaled.clip(series.low, series.high)


def score_events(record: Record, window: Span, paths: Paths) -> list[EventScore]:
    """Score what is dated, month by month, as far as the record tells of it."""
    ensemble = Ensemble(paths.worlds, paths.draws)
    out = []
    for event in record.events:
        months = [
            month
            for k in range(window.months)
            if (month := window.first + k) <= record.known_to and month not in event.unknown
        ]
        if not months:
            continue
        holds = paths.values[event.quantity] > 0.5
        if not event.recurring:
            holds = np.logical_or.accumulate(holds, axis=0)
        shares = [ensemble.share(holds[paths.row(month)]) for month in months]
        came = [event.observed(month) for month in months]
        told = list(zip(shares, came, strict=True))
        out.append(
            EventScore(
                name=event.name,
                title=event.title,
                months=tuple(months),
                probability=tuple(float(share[0]) for share in shares),
                observed=tuple(came),
                brier=Jackknifed(np.mean([brier(p, y) for p, y in told], axis=0)),
                log=Jackknifed(np.mean([log_score(p, y, paths.worlds) for p, y in told], axis=0)),
                rate=float(
                    np.mean(
                        [
                            (_rate(event, paths.start, window.first, month) - y) ** 2
                            for month, y in zip(months, came, strict=True)
                        ]
                    )
                ),
            )
        )
    return out


def _rate(event: Dated, start: Month, first: Month, month: Month) -> float:
    """Chance by a month if it goes on as often as from the start of the run to the window.

    Half an event is added to the count and one month to the months (Jeffreys).
    """
    past = [start + k for k in range(first - start) if start + k not in event.unknown]
    if event.recurring:
        return (sum(m in event.at for m in past) + 0.5) / (len(past) + 1.0)
    if any(at < first for at in event.at):
        return 1.0
    return float(1.0 - (1.0 - 0.5 / (len(past) + 1.0)) ** (month - first + 1))


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
            other = [
                ensemble.crps(one.forecast, float(series.scaled(np.array([p.value]))[0]))[0]
                for one, p in pairs
            ]
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
