"""Whether the score can tell the record from one that is wrong.

A wrong record may be *easier* than the right one, and so score better for no merit of the forecast:
where the last months moved more than those before them, figures of months ago lie nearer to any
forecast. So no raw score against one record is compared with a raw score against another.

Two kinds of wrong record have the very figures of the right one, set beside other forecasts, and
need no yardstick. *Shuffled*: every forecast meets every other figure of its group. *Exchanged*:
two figures so many months apart change places. The third, *shifted*, has other figures: the record
moves by so many months, a naive forecast is issued anew on the moved record, and what is compared
is the score over that of the naive one on the same record.

A forecast that starts from what was observed is near to the record it started from. Figures from
before its date are no wrong record to it but a known one: those of a random walk lie as far from
its start some months before as some months after, or nearer. So levels meet figures from later
only, and forecasts face wrong records once more as the *change* from the last figure known, where
only what the model adds to persistence counts and a record may move either way.

A change and its figure share the last figure known, so that whoever knows that a high figure falls
back is better than chance. How much of a ratio that makes is shown by a forecast that knows nothing
else: the mean and the spread of the figures before its date, set to the same trials.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, Literal

import numpy as np

from agents.outlook import Array
from sim.analysis import naive
from sim.analysis.forecasts import Forecast, Rolling, SeriesScore, measured
from sim.analysis.observed import Point, Record, Series
from sim.analysis.scores import crps
from sim.analysis.trajectories import Paths
from sim.scenario.month import Month
from sim.scenario.quantiles import standard_normal

SHIFTS: Final = (-12, -6, -3, 3, 6, 12)
"""Months by which the record is moved: to figures from before, and from later."""
APART: Final = (3, 6, 12)
"""Months between figures that change places."""
ORDERS: Final = 1999
"""Random orders of the figures to which the right one is compared."""
CLEAR: Final = 2.0
"""Standard errors between series by which a wrong record has to score worse."""
FEWEST_SERIES: Final = 4
"""With fewer, the spread between series is not known well enough to call anything told."""
NORMAL: Final = standard_normal((np.arange(200) + 0.5) / 200)
"""As many worlds of a normal distribution."""

type Kind = Literal["shuffled", "exchanged", "shifted"]


@dataclass(frozen=True)
class Met:
    """A forecast, and the figure that it met.

    Attributes:
        issued: last month known to it.
        point: the figure.
        base: the last figure known then, on the scale, where changes count; 0 where levels do.
        forecast: every world, less the base.
    """

    issued: Month
    point: Point
    base: float
    forecast: Array

    @cached_property
    def ordered(self) -> Array:
        """The worlds in rising order."""
        return np.sort(self.forecast)


@dataclass(frozen=True)
class Group:
    """Forecasts of one series that may change figures with one another: those of one lead.

    Attributes:
        series: that they are of.
        met: them, each with its figure.
        changes: whether changes from the last figure known count.
    """

    series: Series
    met: tuple[Met, ...]
    changes: bool

    @cached_property
    def scores(self) -> Array:
        """Of forecast i against figure j, (met, met)."""
        figures = [self.series.figure(one.point.value) - one.base for one in self.met]
        return np.array([[crps(one.ordered, figure) for figure in figures] for one in self.met])

    @cached_property
    def months(self) -> Array:
        """In which the figures end."""
        return np.array([one.point.period.last - self.met[0].point.period.last for one in self.met])


@dataclass(frozen=True)
class Control:
    """What the score would be against a record that is wrong.

    Attributes:
        kind: of wrong record.
        months: between figures; 0 where they are shuffled.
        ratio: of that score to the right one, geometric mean over series; above 1 the score tells.
        error: standard error of its logarithm, from the differences between series; None with one.
        worse: series that score worse.
        series: that could be treated so.
        figures: scores that went in.
        chance: share of random orders that score as well as the right one; of shuffled ones only.
        of_the_mean: the same ratio for a forecast that knows only the mean of the past; None for
            what is of no date.
    """

    kind: Kind
    months: int
    ratio: float
    error: float | None
    worse: int
    series: int
    figures: int
    chance: float | None = None
    of_the_mean: float | None = None

    @property
    def told(self) -> bool:
        """Whether the wrong record scores clearly worse."""
        if self.error is None or self.series < FEWEST_SERIES:
            return False
        return math.log(self.ratio) > CLEAR * self.error


@dataclass(frozen=True)
class Trial:
    """One set of forecasts against all wrong records.

    Attributes:
        name: of the set.
        title: in words.
        controls: every wrong record that it could meet.
    """

    name: str
    title: str
    controls: tuple[Control, ...]


def trials(
    record: Record, forecasts: Sequence[Forecast], rolling: Sequence[Rolling], seed: int
) -> tuple[Trial, ...]:
    """Hold forecasts against wrong records; those issued on several dates come first.

    Args:
        record: the right one.
        forecasts: of a window.
        rolling: issued on several dates.
        seed: of the run, for errors of measurement and random orders.
    """
    found = []
    for name, title, changes in (
        ("issued", "Forecasts issued on several dates", False),
        ("changes", "The same as changes from the last figure known", True),
    ):
        groups = [_group(record, score, changes) for one in rolling for score in one.scores]
        shifts = SHIFTS if changes else tuple(months for months in SHIFTS if months > 0)
        found.append(Trial(name, title, _all(record, groups, seed, APART, shifts)))
    for forecast in forecasts:
        if forecast.issued is None:
            course = _course(record, forecast.paths, seed)
            told = _all(record, course, seed, APART, (), dated=False)
            found.append(Trial("whole", "The whole run, all its months", told))
    for forecast in forecasts:
        if forecast.issued is not None:
            window = [_group(record, score, True) for score in forecast.scores]
            title = "Changes, issued on the eve of the window only"
            found.append(Trial("window", title, _all(record, window, seed, (), SHIFTS)))
    return tuple(one for one in found if one.controls)


def _group(record: Record, score: SeriesScore, changes: bool) -> Group:
    """Forecasts of one series, of one lead or issued on one day."""
    met = []
    for one in score.figures:
        issued = one.point.period.last + -one.lead
        base = 0.0
        if changes:
            known = record.until(score.series, issued)
            if not known:
                continue
            base = score.series.figure(known[-1].value)
        met.append(Met(issued, one.point, base, one.forecast - base))
    return Group(score.series, tuple(met), changes)


def _course(record: Record, paths: Paths, seed: int) -> list[Group]:
    """A whole run beside every figure of each scored series."""
    groups = []
    for series in record.series:
        points = record.points[series.name] if series.name in record.scored else ()
        within = [p for p in points if paths.start <= p.period.last <= paths.last]
        met = [
            Met(paths.start + -1, p, 0.0, measured(record, series, p, paths, seed)) for p in within
        ]
        groups.append(Group(series, tuple(met), changes=False))
    return groups


def _all(
    record: Record,
    groups: Sequence[Group],
    seed: int,
    apart: Sequence[int],
    shifts: Sequence[int],
    *,
    dated: bool = True,
) -> tuple[Control, ...]:
    found = _each(record, groups, seed, apart, shifts)
    if not dated:
        return tuple(found.values())
    knowing_the_mean = _each(record, [_of_the_mean(record, g) for g in groups], seed, apart, shifts)
    return tuple(
        replace(one, of_the_mean=knowing_the_mean[what].ratio if what in knowing_the_mean else None)
        for what, one in found.items()
    )


def _each(
    record: Record,
    groups: Sequence[Group],
    seed: int,
    apart: Sequence[int],
    shifts: Sequence[int],
) -> dict[tuple[Kind, int], Control]:
    found = [_shuffled(groups, seed)]
    found += [_control("exchanged", months, groups, _exchanger(months)) for months in apart]
    found += [_control("shifted", months, groups, _shifter(record, months)) for months in shifts]
    return {(one.kind, one.months): one for one in found if one is not None}


def _of_the_mean(record: Record, group: Group) -> Group:
    """The same forecasts by someone who knows only the mean and the spread of the past."""
    series, met = group.series, []
    for one in group.met:
        known = [series.figure(p.value) for p in record.until(series, one.issued)]
        if len(known) >= naive.FEWEST["persistence"]:
            told = np.mean(known) + np.std(known, ddof=1) * NORMAL
            met.append(replace(one, forecast=told - one.base))
    return replace(group, met=tuple(met))


@dataclass(frozen=True)
class Sums:
    """Scores of some figures, summed.

    Attributes:
        wrong: against the wrong record.
        right: against the right one.
        wrong_naive: of the naive forecast on the wrong record; 1 where it has the same figures.
        right_naive: of the naive forecast on the right one; likewise.
        figures: how many.
    """

    wrong: float
    right: float
    wrong_naive: float
    right_naive: float
    figures: int


def _control(
    kind: Kind,
    months: int,
    groups: Iterable[Group],
    against: Callable[[Group], Sums | None],
    chance: float | None = None,
) -> Control | None:
    """Pool groups by series, and series by the geometric mean of their ratios."""
    sums: dict[str, list[Sums]] = {}
    for group in groups:
        if (told := against(group)) is not None:
            sums.setdefault(group.series.name, []).append(told)
    if not sums:
        return None
    logs = np.array([_log_ratio(told) for told in sums.values()])
    return Control(
        kind=kind,
        months=months,
        ratio=float(np.exp(logs.mean())),
        error=float(logs.std(ddof=1) / math.sqrt(logs.size)) if logs.size > 1 else None,
        worse=int((logs > 0).sum()),
        series=logs.size,
        figures=sum(one.figures for told in sums.values() for one in told),
        chance=chance,
    )


def _log_ratio(told: Sequence[Sums]) -> float:
    wrong = sum(one.wrong for one in told) / sum(one.wrong_naive for one in told)
    right = sum(one.right for one in told) / sum(one.right_naive for one in told)
    return math.log(wrong / right)


def _shuffled(groups: Sequence[Group], seed: int) -> Control | None:
    """Every other figure in turn, which is what random orders give in the mean."""
    several = [group for group in groups if len(group.met) > 1]

    def others(group: Group) -> Sums:
        count = len(group.met)
        own = float(np.trace(group.scores))
        return Sums((float(group.scores.sum()) - own) / (count - 1), own, 1.0, 1.0, count)

    return _control("shuffled", 0, several, others, _chance(several, seed) if several else None)


def _chance(groups: Sequence[Group], seed: int) -> float:
    """Share of random orders, the right one among them, that score no worse than the right one."""
    rng = np.random.default_rng([seed, ORDERS])
    right = _by_series((group, float(np.trace(group.scores))) for group in groups)
    as_good = 1
    for _ in range(ORDERS):
        drawn = _by_series((group, _reordered(group, rng)) for group in groups)
        logs = [math.log(drawn[name] / right[name]) for name in right]
        as_good += float(np.mean(logs)) <= 1e-12
    return as_good / (ORDERS + 1)


def _reordered(group: Group, rng: np.random.Generator) -> float:
    order = rng.permutation(len(group.met))
    return float(group.scores[np.arange(order.size), order].sum())


def _by_series(scores: Iterable[tuple[Group, float]]) -> Mapping[str, float]:
    sums: dict[str, float] = {}
    for group, score in scores:
        sums[group.series.name] = sums.get(group.series.name, 0.0) + score
    return sums


def _exchanger(months: int) -> Callable[[Group], Sums | None]:
    """Two figures so many months apart change places."""

    def against(group: Group) -> Sums | None:
        i, j = np.nonzero(group.months[None, :] - group.months[:, None] == months)
        if not i.size:
            return None
        scores = group.scores
        wrong = float((scores[i, j] + scores[j, i]).sum())
        right = float((scores[i, i] + scores[j, j]).sum())
        return Sums(wrong, right, 1.0, 1.0, 2 * i.size)

    return against


def _shifter(record: Record, months: int) -> Callable[[Group], Sums | None]:
    """The record moves; naive forecasts are issued anew on it, and scores are divided by theirs."""

    def against(group: Group) -> Sums | None:
        series = group.series
        at = {point.period.last: point for point in record.points[series.name]}
        found = []
        for one in group.met:
            other, issued = at.get(one.point.period.last + months), one.issued + months
            if other is None:
                continue
            right_naive = _persistence(record, series, one.issued, one.point)
            wrong_naive = _persistence(record, series, issued, other)
            if right_naive is None or wrong_naive is None:
                continue
            base = _last(record, series, issued) if group.changes else 0.0
            wrong = crps(one.ordered, series.figure(other.value) - base)
            right = crps(one.ordered, series.figure(one.point.value) - one.base)
            found.append((wrong, right, wrong_naive, right_naive))
        if not found:
            return None
        wrong, right, wrong_naive, right_naive = map(float, np.sum(found, axis=0))
        return Sums(wrong, right, wrong_naive, right_naive, len(found))

    return against


def _last(record: Record, series: Series, issued: Month) -> float:
    return series.figure(record.until(series, issued)[-1].value)


def _persistence(record: Record, series: Series, issued: Month, point: Point) -> float | None:
    """Score of persistence issued at the end of a month; None where the past is too short."""
    past = record.until(series, issued)
    months = [known.period.last - issued for known in past]
    values = [series.figure(known.value) for known in past]
    told = naive.persistence(months, values, point.period.last - issued)
    return None if told is None else told.crps(series.figure(point.value))
