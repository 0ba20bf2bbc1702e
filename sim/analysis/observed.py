"""The record that the model is held against: observed series, and what answers them in the model.

`seeds/observed.yaml` names the series, with unit and error, and `seeds/history.csv` holds their
figures. Another file in the same long format may take the place of the figures from its first date
of a series on; what came before stays the past from which naive forecasts are made.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np

from agents.outlook import Array
from sim.analysis.long_format import Row, read_rows
from sim.analysis.trajectories import Paths, Placed, Restart
from sim.scenario.month import Month
from sim.scenario.registry import seeds_path

INTERPOLATED: Final = re.compile("interpolat", re.IGNORECASE)
LOW: Final = 2.0
"""Factor on the error of rows of low confidence."""
SMALLEST: Final = 1e-3
"""Zero has no logarithm: worlds below this share of the median world are put there."""


@dataclass(frozen=True)
class Span:
    """Months from the first to the last, both included."""

    first: Month
    last: Month

    def __contains__(self, month: Month) -> bool:
        return self.first <= month <= self.last

    def __str__(self) -> str:
        return f"{self.first} to {self.last}"

    @property
    def months(self) -> int:
        """How many."""
        return self.last - self.first + 1


@dataclass(frozen=True)
class Setting:
    """How a later forecast starts from an observed value.

    Attributes:
        field: of the state.
        months: the mean of so many is taken.
        observed: series of the record that sets it.
    """

    field: str
    months: int
    observed: str


@dataclass(frozen=True)
class Series:
    """One observed series and the quantity of the model that answers it.

    Attributes:
        name: of ours.
        title: in a few words.
        observed: its name in the record.
        unit: of the record.
        quantity: of the model; (quantity + shift) * times is in the unit of the record.
        times: see above.
        shift: see above.
        over: "end", "change" or "mean" of a figure's period.
        months: length of the period where the date does not say it.
        relative_to: date by whose value both sides are divided.
        only: dates that count.
        log: whether errors, forecasts and scores live on the logarithm.
        low: smallest value there can be.
        high: largest, None without a limit.
        sd: of the measurement error, on the scale.
        reason: for this error.
        exogenous: whether the model takes it as given from outside.
        restart: how it sets the state of later forecasts, if it does.
    """

    name: str
    title: str
    observed: str
    unit: str
    quantity: str
    times: float
    shift: float
    over: Literal["end", "change", "mean"]
    months: int | None
    relative_to: str | None
    only: str | None
    log: bool
    low: float
    high: float | None
    sd: float
    reason: str
    exogenous: bool
    restart: Setting | None

    @property
    def scored_in(self) -> str:
        """Unit of the scores."""
        return "log points" if self.log else self.unit

    def scaled(self, values: Array) -> Array:
        """Values in the unit as they are scored, within the bounds of what there can be."""
        if not self.log:
            return values.clip(self.low, self.high)
        least = max(SMALLEST * float(np.median(values)), np.finfo(float).tiny)
        return np.log(values.clip(least, self.high))

    def plain(self, scaled: Array) -> Array:
        """Back from the scale to the unit."""
        return np.exp(scaled) if self.log else scaled

    def figure(self, value: float) -> float:
        """An observed value on the scale."""
        return float(np.log(value)) if self.log else value


@dataclass(frozen=True)
class Point:
    """One figure of the record.

    Attributes:
        date: as it is written.
        period: months that it covers.
        value: in the unit of its series.
        sd: of its measurement error, on the scale of its series.
    """

    date: str
    period: Span
    value: float
    sd: float


@dataclass(frozen=True)
class Dated:
    """Something that happens once or not at all; or, if `recurring`, in each month anew.

    Attributes:
        name: of ours.
        title: in words.
        quantity: of the model, above one half where it is the case.
        at: months in which it came about (first month of it, or each).
        unknown: months of which the record does not tell.
        recurring: see above.
    """

    name: str
    title: str
    quantity: str
    at: tuple[Month, ...]
    unknown: tuple[Month, ...]
    recurring: bool

    def observed(self, month: Month) -> bool:
        """Whether it was the case in (or, of what happens once, by) a month."""
        return month in self.at if self.recurring else any(at <= month for at in self.at)


@dataclass(frozen=True)
class Record:
    """All that is observed, with what answers it.

    Attributes:
        scenario: that the mapping was made for.
        series: in the order of the mapping.
        points: name of a series -> its figures that count, by date.
        scored: names of series that are scored: all, or those of the file that was given.
        events: dated events.
        known_to: last month of which events are known.
        fit: months that parameters may be fitted to.
        check: months that they are checked on.
        origins: last months known to the forecasts issued on the way.
        leads: months ahead.
        oldest_restart: months after which a figure sets no state.
        base: name of a series -> the figure that its others are divided by.
        settings: name of a series -> figures that later forecasts start from.
        notes: what of the file does not count.
    """

    scenario: str
    series: tuple[Series, ...]
    points: Mapping[str, tuple[Point, ...]]
    scored: frozenset[str]
    events: tuple[Dated, ...]
    known_to: Month
    fit: Span
    check: Span
    origins: tuple[Month, ...]
    leads: tuple[int, ...]
    oldest_restart: int
    base: Mapping[str, Point]
    settings: Mapping[str, tuple[Point, ...]]
    notes: tuple[str, ...] = ()

    @property
    def last(self) -> Month:
        """The last month that any series has a figure of."""
        return max(points[-1].period.last for points in self.points.values() if points)

    def quantities(self) -> list[str]:
        """What has to be watched of the model."""
        return sorted({s.quantity for s in self.series} | {e.quantity for e in self.events})

    def within(self, series: Series, span: Span) -> list[Point]:
        """Figures of a series whose period ends in a span, if it is scored."""
        if series.name not in self.scored:
            return []
        return [point for point in self.points[series.name] if point.period.last in span]

    def until(self, series: Series, month: Month) -> list[Point]:
        """Figures that were known at the end of a month, the base of relative ones included."""
        known = [p for p in self.points[series.name] if p.period.last <= month]
        base = self.base.get(series.name)
        if base is not None and base.period.last <= month:
            known.append(replace(base, value=1.0))
        return sorted(known, key=lambda point: point.period.last)

    def level(self, series: Series, paths: Paths, period: Span) -> Array:
        """What the model has for a period, in the unit of the series, one number a world."""
        found = _over(series, paths, period)
        base = self.base.get(series.name)
        return found if base is None else found / _over(series, paths, base.period)

    def restart(self, after: Month) -> Restart:
        """A forecast issued at the end of a month, from what the record holds by then.

        What has come about once and for all by then is known to have.
        """
        placed = [
            Placed(event.quantity, 1.0, 0.0, False, 1.0)
            for event in self.events
            if not event.recurring and event.observed(after)
        ]
        for series in self.series:
            if series.restart is None:
                continue
            known = [p for p in self.settings[series.name] if p.period.last <= after]
            if not known or after - known[-1].period.last > self.oldest_restart:
                continue
            newest = known[-1].period.last
            used = [p for p in known if newest - p.period.last < series.restart.months]
            value = float(np.mean([point.value for point in used]))
            sd = float(np.sqrt(np.sum([point.sd**2 for point in used]))) / len(used)
            placed.append(
                Placed(
                    series.restart.field,
                    value / series.times - series.shift,
                    sd if series.log else sd / abs(series.times),
                    series.log,
                    None if series.high is None else series.high / series.times - series.shift,
                )
            )
        return Restart(after, tuple(placed))


def load_record(figures: Path | None = None, mapping: Path | None = None) -> Record:
    """The record of the project, or another one.

    Args:
        figures: a file in the long format of `seeds/history.csv` that takes the place of the
            figures from its first date of a series on; only its series are scored then.
        mapping: a file like `seeds/observed.yaml`; that of the project if left out.

    Raises:
        ScenarioError: the figures cannot be used, with everything that is wrong with them.
    """
    from ruamel.yaml import YAML

    text = (mapping or seeds_path() / "observed.yaml").read_text(encoding="utf-8")
    document: dict[str, Any] = YAML(typ="safe", pure=True).load(text)
    series = tuple(_series(entry) for entry in document["series"])
    rows = read_rows(seeds_path() / "history.csv")
    needed = {s.observed for s in series} | {s.restart.observed for s in series if s.restart}
    scored = frozenset(s.name for s in series)
    notes: list[str] = []
    if figures is not None:
        limits = {s.observed: (s.low, s.high, s.log) for s in series}
        given = read_rows(figures, known={row.series for row in rows}, limits=limits)
        first: dict[str, Month] = {}
        for row in given:
            first[row.series] = min(row.first, first.get(row.series, row.first))
        rows = [r for r in rows if r.series not in first or r.first < first[r.series]] + given
        scored = frozenset(s.name for s in series if s.observed in first)
        for name in sorted(set(first) - needed):
            why = document["not_counted"].get(name, "no quantity of the model answers it")
            notes.append(f"{name} does not count: {why}")
    points, base, settings = {}, {}, {}
    for one in series:
        found = _points(one, rows, one.observed)
        if one.restart is not None:
            settings[one.name] = _points(one, rows, one.restart.observed)
        if one.relative_to is not None:
            at = [point for point in found if point.date == one.relative_to]
            later = [point for point in found if point.date != one.relative_to]
            if at:
                base[one.name] = at[0]
            found = tuple(replace(p, value=p.value / at[0].value) for p in later) if at else ()
        points[one.name] = found
    check = _span(document["check"])
    return Record(
        scenario=document["scenario"],
        series=series,
        points=points,
        scored=scored,
        events=(
            *(_event(entry, recurring=False) for entry in document["events"]),
            *(_event(entry, recurring=True) for entry in document["recurring"]),
        ),
        known_to=check.last,
        fit=_span(document["fit"]),
        check=check,
        origins=tuple(Month.parse(str(month)) for month in document["origins"]),
        leads=tuple(document["leads"]),
        oldest_restart=document["oldest_restart"],
        base=base,
        settings=settings,
        notes=tuple(notes),
    )


def _series(entry: dict[str, Any]) -> Series:
    restart, (low, high) = entry.get("restart"), entry["bounds"]
    return Series(
        name=entry["name"],
        title=entry["title"],
        observed=entry["observed"],
        unit=entry["unit"],
        quantity=entry["quantity"],
        times=float(entry["times"]),
        shift=float(entry.get("shift", 0.0)),
        over=entry["over"],
        months=entry.get("months"),
        relative_to=None if "relative_to" not in entry else str(entry["relative_to"]),
        only=entry.get("only"),
        log=entry["scale"] == "log",
        low=float(low),
        high=None if high is None else float(high),
        sd=float(entry["error"]["sd"]),
        reason=entry["error"]["reason"],
        exogenous=bool(entry.get("exogenous", False)),
        restart=None
        if restart is None
        else Setting(
            restart["field"], restart["months"], restart.get("observed", entry["observed"])
        ),
    )


def _points(series: Series, rows: list[Row], observed: str) -> tuple[Point, ...]:
    """Figures that count, by the end of their period."""
    found = []
    for row in rows:
        if row.series != observed or INTERPOLATED.search(row.note):
            continue
        if series.only is not None and not re.fullmatch(series.only, row.date):
            continue
        first = row.first if series.months is None else row.last + (1 - series.months)
        sd = series.sd * (LOW if row.confidence == "low" else 1.0)
        found.append(Point(row.date, Span(first, row.last), row.value, sd))
    return tuple(sorted(found, key=lambda point: point.period.last))


def _event(entry: dict[str, Any], *, recurring: bool) -> Dated:
    at = entry["at"] if recurring else [entry["at"]]
    return Dated(
        name=entry["name"],
        title=entry["title"],
        quantity=entry["quantity"],
        at=tuple(Month.parse(str(month)) for month in at if month is not None),
        unknown=tuple(Month.parse(str(month)) for month in entry.get("unknown", [])),
        recurring=recurring,
    )


def _span(entry: Mapping[str, object]) -> Span:
    return Span(Month.parse(str(entry["from"])), Month.parse(str(entry["to"])))


def _over(series: Series, paths: Paths, period: Span) -> Array:
    values = paths.values[series.quantity]
    end = values[paths.row(period.last)]
    if series.over == "change":
        return (end - values[paths.row(period.first + -1)]) * series.times
    if series.over == "mean":
        rows = [paths.row(period.first + k) for k in range(period.months)]
        end = values[rows].mean(axis=0)
    return (end + series.shift) * series.times
