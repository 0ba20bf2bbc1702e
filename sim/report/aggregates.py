"""From worlds to the few numbers that a picture shows.

Everything after this module sees quantiles, shares, fifty dots and twenty example paths, never a
run, so a page weighs the same for a hundred worlds and for a million.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import xarray as xr

from sim.analysis.compare import Comparison, When
from sim.analysis.deals import deals
from sim.analysis.differences import Change, mean_interval
from sim.analysis.outcomes import (
    HEADLINE,
    Measure,
    available,
    headline,
    measure,
    status_flags,
)
from sim.analysis.partings import Gap, Line, gap
from sim.analysis.rents import INFLUENCE, RENTS
from sim.analysis.spread import QUANTILES, Quantiles, Spread, Varied, decompose, quantiles
from sim.analysis.streams import Floats
from sim.analysis.war_and_peace import Average, Moves, moved
from sim.analysis.yardsticks import Yardsticks, yardsticks_of
from sim.draws import Vary
from sim.report.numbers import decimals
from sim.report.relations import FAMILIES, Relations, relations
from sim.report.scales import Scale, event_scale, gap_scale, middle_scale, value_scale
from sim.report.theme import Look, looks

PATHS: Final = 20
PATH_POINTS: Final = PATHS * 480
"""Points of example paths that a page affords for one outcome; longer runs show fewer paths."""
DOTS: Final = 50

HEADLINE_NOTE: Final = (
    "Only what this page shows was kept of these runs: other variables and other pairs of actors "
    "need runs with --keep all."
)


@dataclass(frozen=True)
class Course:
    """One outcome of one scenario, in the units that people are shown.

    Attributes:
        lines: quantile name -> value by month; for an event only "share", of 100 worlds.
        paths: whole example worlds, value by month; none for an event.
        dots: sorted values of the last month, one a dot; none for an event.
        final: quantiles in the last month.
        mean: mean in the last month with its standard error (an event's share of worlds, 0-1).
        mean_error: None with fewer than two sets.
        spread: sources of spread in the last month.
        places: decimals that the Monte Carlo error of the middle allows.
    """

    lines: dict[str, Line]
    paths: list[Line]
    dots: list[float]
    final: Quantiles
    mean: float | None
    mean_error: float | None
    spread: Spread
    places: int

    @property
    def event(self) -> bool:
        """Whether it is 0 or 1 in each world."""
        return "share" in self.lines

    @property
    def middle(self) -> Line:
        """The one line that stands for all worlds: the median, or an event's share."""
        return self.lines["share" if self.event else "median"]


@dataclass(frozen=True)
class View:
    """One outcome of all scenarios.

    Attributes:
        measure: how to read it.
        courses: one a scenario, in the order of the comparison.
        scale: the scale that all panels of bands share.
        path_scale: the scale that all panels of whole paths share.
        middle_scale: the scale of the overlaid medians.
        gaps: difference from the baseline within worlds, by scenario, month by month; none for the
            baseline.
        gap_scale: the scale that all panels of differences share.
    """

    measure: Measure
    courses: tuple[Course, ...]
    scale: Scale
    path_scale: Scale
    middle_scale: Scale
    gaps: dict[int, Gap] = field(default_factory=dict)
    gap_scale: Scale = (-1.0, 1.0)


@dataclass(frozen=True)
class End:
    """How many worlds end in one way.

    Attributes:
        flag: status by its name in the dataset.
        share: share of worlds.
        error: its standard error, None with fewer than two sets.
        dots: of the dots of the picture, those that stand for it.
    """

    flag: str
    share: float
    error: float | None
    dots: int


@dataclass(frozen=True)
class Digest:
    """All that a report shows of its runs."""

    titles: tuple[str, ...]
    names: tuple[str, ...]
    looks: tuple[Look, ...]
    baseline: int
    months: tuple[str, ...]
    worlds: int
    sets: int
    varied: Varied
    views: dict[str, View]
    changes: dict[tuple[int, str, When], Change]
    ends: tuple[tuple[End, ...], ...]
    path_worlds: tuple[int, ...]
    moves: tuple[Moves, ...]
    deals: tuple[dict[str, Average], ...]
    notes: tuple[str, ...]
    relations: Relations = field(default_factory=Relations)
    families: dict[str, View] = field(default_factory=dict)
    yardsticks: Yardsticks = frozenset()
    """Scenarios and payoffs that may not be held against the baseline's."""

    @property
    def others(self) -> tuple[int, ...]:
        """Scenarios other than the baseline."""
        return tuple(i for i in range(len(self.titles)) if i != self.baseline)

    def changes_of(self, name: str, when: When = "final") -> dict[int, Change]:
        """Changes of one outcome by scenario, where there are any."""
        found = {i: self.changes.get((i, name, when)) for i in self.others}
        return {i: change for i, change in found.items() if change is not None}

    def weighed_otherwise(self, name: str) -> list[int]:
        """Scenarios that measure this outcome with another yardstick than the baseline."""
        return [i for i in self.others if (i, name) in self.yardsticks]

    @property
    def single(self) -> bool:
        """Whether there is one scenario and nothing to compare."""
        return len(self.titles) == 1

    @property
    def lone(self) -> bool:
        """Whether there is one world, which has values and no spread."""
        return self.worlds == 1


def digest(comparison: Comparison, outcomes: Sequence[str] | None = None) -> Digest:
    """Reduce runs to what a report shows of them.

    Args:
        comparison: runs that share their worlds; a single one will do.
        outcomes: dotted names, the headline outcomes if not given; those without a value in any
            scenario are left out and said so.
    """
    first = comparison.datasets[0]
    recorded = headline(first)
    known = set.intersection(*(set(available(ds)) for ds in comparison.datasets))
    asked = recorded if outcomes is None else outcomes
    months = first.sizes["month"]
    affordable = max(2, PATH_POINTS // (len(comparison.names) * months))
    picked = example_worlds(comparison.sets, min(PATHS, affordable))
    views: dict[str, View] = {}
    families: dict[str, View] = {}
    changes: dict[tuple[int, str, When], Change] = {}
    means: dict[str, list[Floats]] = {}
    missing = [measure(n).label for n in HEADLINE if n not in recorded and outcomes is None]
    spans: tuple[When, ...] = ("final", "mean")
    more = [n for family in FAMILIES.values() for n in family if n in known and n not in asked]
    # one at a time: an outcome of all scenarios is read once and then dropped
    for name in [*asked, *(more if outcomes is None else [])]:
        found = view(comparison, name, picked)
        if found is None:
            missing += [measure(name, first).label] if name in asked else []
            continue
        (views if name in asked else families)[name] = found
        for index in comparison.others:
            for when in spans:
                change = comparison.change(index, name, when)
                if change is not None:
                    changes[index, name, when] = scaled(change, found.measure.scale)
        if name in (RENTS, INFLUENCE):
            means[name] = [
                comparison.values(i, name, "mean") for i in range(len(views[name].courses))
            ]
    related = relations(comparison, means) if outcomes is None else Relations()
    means.clear()  # as long as worlds are many
    notes = list(comparison.notes)
    if missing:
        notes.append(f"Not computed in these runs: {', '.join(missing)}.")
    if any(ds.attrs.get("keep") == "headline" for ds in comparison.datasets):
        notes.append(HEADLINE_NOTE)
    return Digest(
        titles=comparison.titles,
        names=comparison.names,
        looks=looks(len(comparison.names), comparison.baseline),
        baseline=comparison.baseline,
        months=tuple(str(month)[:10] for month in first["month"].values),
        worlds=first.sizes["world"],
        sets=int(np.unique(comparison.sets).size),
        varied=comparison.varied,
        views=views,
        changes=changes,
        ends=tuple(ends(ds, comparison.sets) for ds in comparison.datasets),
        path_worlds=tuple(int(first["world"].values[i]) for i in picked),
        moves=tuple(moved(ds) for ds in comparison.datasets),
        deals=tuple(deals(ds) for ds in comparison.datasets),
        relations=related,
        families=families,
        notes=tuple(notes),
        yardsticks=yardsticks_of(comparison),
    )


def view(comparison: Comparison, name: str, picked: npt.NDArray[np.int64]) -> View | None:
    """One outcome of all scenarios, or None if none of them has a value."""
    read = measure(name, comparison.datasets[0])
    courses = []
    for index in range(len(comparison.names)):
        months = (column * read.scale for column in comparison.months(index, name))
        vary = comparison.varied.vary
        courses.append(course(months, comparison.sets, picked, event=read.event, vary=vary))
    if all(one.final.worlds == 0 for one in courses):
        return None
    gaps = {index: _gap(comparison, index, read) for index in comparison.others}
    middles = [one.middle for one in courses]
    scale, path_scale = panel_scales(courses, middles, read)
    if read.event:
        return View(read, tuple(courses), scale, scale, scale, gaps, gap_scale(gaps))
    inner = [one.lines[key] for one in courses for key in ("q25", "q75")]
    return View(
        measure=read,
        courses=tuple(courses),
        scale=scale,
        path_scale=path_scale,
        middle_scale=middle_scale(middles, inner, read),
        gaps=gaps,
        gap_scale=gap_scale(gaps),
    )


def panel_scales(
    courses: Sequence[Course], middles: list[Line], read: Measure
) -> tuple[Scale, Scale]:
    """The scales of the panels that show these courses, as bands and as paths."""
    if read.event:
        scale = event_scale([one.middle for one in courses])
        return scale, scale
    bands = [line for one in courses for line in one.lines.values()]
    paths = [path for one in courses for path in one.paths]
    return value_scale([*bands, *middles], read), value_scale([*paths, *middles], read)


def _gap(comparison: Comparison, index: int, read: Measure) -> Gap:
    """The difference of one scenario from the baseline, month by month, in the units shown."""
    base, other = (comparison.months(i, read.name) for i in (comparison.baseline, index))
    months, scale = comparison.datasets[0].sizes["month"], read.scale * (100 if read.event else 1)
    pairs = zip(base, other, strict=True)
    return gap(pairs, comparison.sets, months, event=read.event, scale=scale)


def course(
    months: Iterable[Floats],
    sets: npt.NDArray[np.int64],
    picked: npt.NDArray[np.int64],
    *,
    event: bool,
    vary: Vary = "both",
) -> Course:
    """Reduce one outcome of one scenario.

    Args:
        months: month by month, one number a world, in the units to be shown.
        sets: set number of each world.
        picked: positions of the example worlds.
        event: whether it is 0 or 1 in each world.
        vary: what differs between worlds.
    """
    names = ["share"] if event else list(QUANTILES)
    lines: dict[str, Line] = {key: [] for key in names}
    paths: list[Line] = [] if event else [[] for _ in picked]
    last = np.empty(0)
    for last in months:
        found_here = [last.mean() * 100] if event else _quantiles(last)
        for key, value in zip(names, found_here, strict=True):
            lines[key].append(_told(value))
        for path, at in zip(paths, picked, strict=False):
            path.append(_told(last[at]))
    known = ~np.isnan(last)
    mean, error = None, None
    if known.any():
        mean, error, _ = mean_interval(last[known], sets[known])
    found = quantiles(last, sets)
    median = found.values["median"]
    places = 0 if event or median is None else decimals(found.errors["median"], median)
    return Course(
        lines=lines,
        paths=paths,
        dots=[] if event else dots(last[known]),
        final=found,
        mean=mean,
        mean_error=error,
        spread=decompose(last, sets, vary),
        places=places,
    )


def dots(values: Floats) -> list[float]:
    """Fifty equally likely values; with fewer worlds than that, every world's own."""
    if values.size <= DOTS:
        return [float(value) for value in np.sort(values)]
    middles = (np.arange(DOTS) + 0.5) / DOTS
    return [float(value) for value in np.quantile(values, middles)]


def ends(ds: xr.Dataset, sets: npt.NDArray[np.int64]) -> tuple[End, ...]:
    """How the worlds of a run stand in the last month, in the dataset's order of flags."""
    status = ds["status"].isel(month=-1).values
    flags = status_flags(ds)
    shares = np.array([(status == value).mean() for value in flags.values()])
    total = min(DOTS, status.size)
    errors = [mean_interval((status == value) * 1.0, sets)[1] for value in flags.values()]
    return tuple(
        End(flag, float(share), error, count)
        for flag, share, error, count in zip(
            flags, shares, errors, apportion(shares, total), strict=True
        )
    )


def apportion(shares: Floats, total: int) -> list[int]:
    """Whole dots in proportion to shares, adding up to `total` (largest remainders)."""
    exact = shares * total
    counts = np.floor(exact + 1e-9).astype(int)
    order = np.argsort(-(exact - counts), kind="stable")
    counts[order[: total - int(counts.sum())]] += 1
    return [int(count) for count in counts]


def example_worlds(sets: npt.NDArray[np.int64], most: int = PATHS) -> npt.NDArray[np.int64]:
    """Positions of at most so many worlds, spread evenly over sets and over draws."""
    unique, start, size = np.unique(sets, return_index=True, return_counts=True)
    if sets.size <= most:
        return np.arange(sets.size)
    if unique.size < most:
        return np.linspace(0, sets.size - 1, most).round().astype(np.int64)
    at = np.linspace(0, unique.size - 1, most).round().astype(np.int64)
    result: npt.NDArray[np.int64] = start[at] + np.arange(most) % size[at]
    return result


def scaled(change: Change, factor: float) -> Change:
    """A change in the units that people are shown."""

    def times(value: float | None) -> float | None:
        return None if value is None else value * factor

    return replace(
        change,
        difference=change.difference * factor,
        se=times(change.se),
        lo=times(change.lo),
        hi=times(change.hi),
        quantiles={key: value * factor for key, value in change.quantiles.items()},
        errors={key: times(value) for key, value in change.errors.items()},
    )


def _quantiles(values: Floats) -> Floats:
    """Over worlds of one month, leaving out those without a value."""
    known = ~np.isnan(values)
    probabilities = list(QUANTILES.values())
    if not known.any():
        return np.full(len(probabilities), np.nan)
    found: Floats = np.quantile(values if known.all() else values[known], probabilities)
    return found


def _told(value: float | np.floating) -> float | None:
    return None if np.isnan(value) else float(value)
