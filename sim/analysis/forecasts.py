"""Forecasts of figures and of dated events, and what each of them scored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from agents.outlook import Array
from sim.analysis import naive
from sim.analysis.observed import Dated, Point, Record, Series, Span
from sim.analysis.scores import (
    QUANTILES,
    Ensemble,
    Jackknifed,
    brier,
    log_score,
    pooled,
    skill,
)
from sim.analysis.trajectories import Paths
from sim.draws import uniforms
from sim.scenario.month import Month
from sim.scenario.quantiles import standard_normal

NAIVE: Final = ("persistence", "drift")


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

    def with_naive(self, name: str) -> list[Scored]:
        """The figures that have this naive forecast."""
        return [one for one in self.figures if name in one.naive]

    def skill(self, name: str) -> Jackknifed | None:
        """Against a naive forecast, over the figures that have one."""
        both = self.with_naive(name)
        if not both:
            return None
        return skill([one.crps for one in both], [one.naive[name].crps for one in both])

    def off(self, name: str | None = None) -> float:
        """How far medians lie above the figures in the mean, on the scale: of the model, or naive.

        Args:
            name: of a naive forecast, over the figures that have it.
        """
        return float(np.mean(self._misses(name)))

    def away(self, name: str | None = None) -> float:
        """Mean distance of medians from the figures, on the scale; see `off`."""
        return float(np.mean(np.abs(self._misses(name))))

    def width(self, name: str | None = None) -> float:
        """Mean width of the bands of 90 %, on the scale; see `off`."""
        figure = self.series.figure
        bands = (one.naive[name] if name else one for one in self._figures(name))
        ends = [(band.quantiles[0], band.quantiles[-1]) for band in bands]
        return float(np.mean([figure(high) - figure(low) for low, high in ends]))

    def _figures(self, name: str | None) -> Sequence[Scored]:
        return self.with_naive(name) if name else self.figures

    def _misses(self, name: str | None) -> list[float]:
        middle = len(QUANTILES) // 2
        return [
            self.series.figure((one.naive[name] if name else one).quantiles[middle]) - one.observed
            for one in self._figures(name)
        ]


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
    observed = series.figure(point.value)
    forecast = measured(record, series, point, paths, seed)
    months = [known.period.last - issued for known in past]
    values = [series.figure(known.value) for known in past]
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
