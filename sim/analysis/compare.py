"""Scenarios against a baseline, world by world.

Two runs with one seed share their draws: world k of one is world k of the other in all but what
the scenarios change. The difference between them is therefore taken *within* each world, and its
quantiles are those of the differences, never differences of quantiles.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from os import PathLike
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt
import xarray as xr

from sim.analysis.differences import Change, change
from sim.analysis.outcomes import headline
from sim.analysis.spread import QUANTILES, Ints, Varied, sets_of, varied
from sim.analysis.streams import Floats, by_month, columns, fits, last_and_mean
from sim.draws import Vary
from sim.ensemble.levels import DEFAULT_KEEP, Keep

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

    from sim.scenario import Scenario

When = Literal["final", "mean"]
Progress = Callable[[int, int], None]


class ComparisonError(ValueError):
    """Runs that cannot be compared world by world; the message says why."""


@dataclass(frozen=True)
class Comparison:
    """Runs that share their worlds, one of them the baseline.

    Attributes:
        datasets: one run a scenario, cut to the worlds and months they share.
        names: scenario names, made unique.
        baseline: index of the baseline.
        scenarios: what was run, None where only the dataset is known.
        notes: what was cut, in sentences for the reader.
    """

    datasets: tuple[xr.Dataset, ...]
    names: tuple[str, ...]
    baseline: int = 0
    scenarios: tuple["Scenario | None", ...] = ()
    notes: tuple[str, ...] = ()
    _values: dict[str, dict[tuple[int, When], Floats]] = field(
        default_factory=dict, repr=False, compare=False
    )
    _months: dict[str, list[Floats]] = field(default_factory=dict, repr=False, compare=False)
    _changes: dict[tuple[int, str, When], Change | None] = field(
        default_factory=dict, repr=False, compare=False
    )

    @property
    def others(self) -> tuple[int, ...]:
        """Indices of the scenarios that are not the baseline, in order."""
        return tuple(i for i in range(len(self.names)) if i != self.baseline)

    @property
    def titles(self) -> tuple[str, ...]:
        """What people call the scenarios, made unique."""
        return _unique([_title(ds) for ds in self.datasets])

    @cached_property
    def sets(self) -> Ints:
        """Set number of each world."""
        return sets_of(self.datasets[self.baseline])

    @cached_property
    def varied(self) -> Varied:
        """What differs between worlds, the same in all scenarios."""
        return varied(self.datasets[self.baseline])

    def values(self, index: int, name: str, when: When = "final") -> Floats:
        """One outcome of one scenario: in the last month, or its mean over all months."""
        if name not in self._values:
            # those of one outcome at a time: a million worlds take 8 MB each
            self._values.clear()
        known = self._values.setdefault(name, {})
        if (index, when) not in known:
            if name in self._months:
                held = self._months[name][index]
                # worlds first again, so that the mean is summed in the order of `last_and_mean`
                # copied, since a view of the last month would keep all months in memory
                ends = held[-1].copy(), np.ascontiguousarray(held.T).mean(axis=1)
            else:
                ends = last_and_mean(self.datasets[index], name)
            known[index, "final"], known[index, "mean"] = ends
        return known[index, when]

    def months(self, index: int, name: str) -> Iterable[Floats]:
        """One outcome of one scenario month by month, each time one number a world.

        All scenarios' months of one outcome are read together and held until another outcome is
        asked for, where memory allows; otherwise they are read anew each time.

        Raises:
            OutcomeError: no such outcome.
        """
        if not fits(self.datasets):
            return by_month(self.datasets[index], name)
        if name not in self._months:
            self._months.clear()
            self._months[name] = [columns(ds, name) for ds in self.datasets]
        return self._months[name][index]

    def change(self, index: int, name: str, when: When = "final") -> Change | None:
        """Change of an outcome from the baseline to a scenario.

        Raises:
            OutcomeError: no such outcome.
        """
        if (index, name, when) not in self._changes:
            base, other = (self.values(i, name, when) for i in (self.baseline, index))
            self._changes[index, name, when] = change(base, other, self.sets)
        return self._changes[index, name, when]

    def differences(
        self, outcomes: Sequence[str] | None = None, when: When = "final"
    ) -> "pd.DataFrame":
        """Paired differences, one row for each scenario but the baseline and each outcome.

        Args:
            outcomes: dotted names; the headline outcomes if not given.
            when: "final" for the last month, "mean" for the mean over all months.

        Returns:
            Columns scenario, outcome, difference (mean), lo, hi (95 % interval of the mean, sets
            as clusters), q05 to q95 of the difference over worlds, p_greater, p_equal, se, worlds,
            other_yardstick (whether it is a payoff under other weights than the baseline's, so
            that the difference is neither gain nor loss); NaN where a number cannot be told.

        Raises:
            OutcomeError: no such outcome.
        """
        import pandas as pd

        from sim.analysis.yardsticks import yardsticks_of

        columns = ["scenario", "outcome", "difference", "lo", "hi", *QUANTILES]
        columns += ["p_greater", "p_equal", "se", "worlds", "other_yardstick"]
        others = yardsticks_of(self)
        rows = []
        names = headline(self.datasets[self.baseline]) if outcomes is None else tuple(outcomes)
        for name in names:
            for index in self.others:
                row: dict[str, Any] = {"scenario": self.names[index], "outcome": name, "worlds": 0}
                found = self.change(index, name, when)
                if found is not None:
                    row |= found.quantiles
                    row |= {key: getattr(found, key) for key in ("difference", "lo", "hi", "se")}
                    row |= {"p_greater": found.p_greater, "p_equal": found.p_equal}
                    row["worlds"] = found.worlds
                row["other_yardstick"] = (index, name) in others
                rows.append(row)
        # read outcome by outcome, told scenario by scenario
        rows = [row for at in range(len(self.others)) for row in rows[at :: len(self.others)]]
        frame = pd.DataFrame(rows, columns=columns)
        numbers = columns[2:-2]
        return frame.astype(dict.fromkeys(numbers, np.float64) | {"worlds": np.int64})

    @cached_property
    def paired(self) -> "pd.DataFrame":
        """`differences` of the headline outcomes in the last month."""
        return self.differences()

    def paired_json(self) -> list[dict[str, Any]]:
        """`paired` as `compare --json` prints it; None where a number cannot be told.

        A row of a payoff on another yardstick says so (`other_yardstick`); other rows do not.
        """
        rows = []
        for row in self.paired.to_dict("records"):
            told = {key: None if value != value else value for key, value in row.items()}
            rows.append(
                {key: told[key] for key in ("scenario", "outcome", "difference")}
                | {"ci95": [told["lo"], told["hi"]], "p_greater": told["p_greater"]}
                | ({"other_yardstick": True} if told["other_yardstick"] else {})
            )
        return rows

    def inputs_that_differ(self) -> list[tuple[str, tuple[str, ...]]]:
        """Inputs in which any scenario differs from the baseline.

        Returns:
            Rows of an input's path and its value in every scenario, in the order of `names`.
        """
        from sim.analysis.inputs import inputs_that_differ

        return inputs_that_differ(self.datasets, self.scenarios, self.baseline)

    def figure(self, name: str, view: str = "fans") -> "go.Figure":
        """A Plotly figure of one outcome.

        Args:
            name: dotted outcome name.
            view: "fans" (one panel a scenario on one scale), "medians" (overlaid), "forest"
                (paired differences in the last month).

        Raises:
            OutcomeError: no such outcome.
            ValueError: no such view.
        """
        from sim.report.notebook import comparison_figure

        return comparison_figure(self, name, view)


def compare(
    items: Sequence["xr.Dataset | Scenario | str | PathLike[str]"],
    baseline: int | str = 0,
    *,
    worlds: int = 1000,
    seed: int | None = None,
    vary: Vary = "both",
    keep: Keep = DEFAULT_KEEP,
    progress: Progress | None = None,
) -> Comparison:
    """Compare scenarios with one of them, world by world.

    Args:
        items: runs, or scenarios (or paths to scenario files) to run first.
        baseline: index or name of the scenario that the others are compared with.
        worlds: number of worlds for what has yet to be run.
        seed: seed for what has yet to be run.
        vary: what is to differ between worlds, likewise.
        keep: what is to be recorded, likewise.
        progress: called as `progress(done, total)` with worlds over all scenarios.

    Raises:
        ComparisonError: nothing to compare, an unknown baseline, or runs that are not paired.
        ScenarioError: a scenario file has problems.
    """
    if not items:
        raise ComparisonError("nothing to compare: give at least one run or scenario")
    scenarios = [_scenario(item) for item in items]
    total = worlds * sum(scenario is not None for scenario in scenarios)
    done = 0
    datasets = []
    for item, scenario in zip(items, scenarios, strict=True):
        if scenario is None:
            assert isinstance(item, xr.Dataset)
            datasets.append(item)
            continue
        from sim.ensemble.engine import simulate

        report = _shifted(progress, done, total)
        datasets.append(simulate(scenario, worlds, seed, progress=report, vary=vary, keep=keep))
        done += worlds
    return pair(datasets, scenarios, baseline)


def pair(
    datasets: Sequence[xr.Dataset],
    scenarios: Sequence["Scenario | None"] = (),
    baseline: int | str = 0,
) -> Comparison:
    """Bring finished runs together, cut to the worlds and months they share.

    Args:
        datasets: one run a scenario.
        scenarios: what was run, where known.
        baseline: index or name.

    Raises:
        ComparisonError: an unknown baseline, or runs that are not paired.
    """
    names = _unique(
        [str(ds.attrs.get("scenario", f"scenario {i}")) for i, ds in enumerate(datasets)]
    )
    index = names.index(baseline) if baseline in names else baseline
    if not isinstance(index, int) or not -len(names) <= index < len(names):
        raise ComparisonError(f"no baseline {baseline!r} among {', '.join(names)}")
    for attribute in ("seed", "draws", "format", "start", "vary"):
        default = "both" if attribute == "vary" else None
        found = {str(ds.attrs.get(attribute, default)) for ds in datasets}
        if len(found) > 1:
            raise ComparisonError(
                f"runs with {attribute} {' and '.join(sorted(found))} do not share their worlds; "
                f"run them again with one {attribute}"
            )
    cut, notes = _shared(list(datasets))
    known = tuple(scenarios) or (None,) * len(names)
    return Comparison(tuple(cut), names, index % len(names), known, tuple(notes))


def _shared(datasets: list[xr.Dataset]) -> tuple[list[xr.Dataset], list[str]]:
    notes = []
    for dim, word in (("world", "worlds"), ("month", "months")):
        first = datasets[0][dim].values
        if all(np.array_equal(first, ds[dim].values) for ds in datasets[1:]):
            continue
        common: npt.NDArray[Any] = first
        for ds in datasets[1:]:
            common = np.intersect1d(common, ds[dim].values)
        if not common.size:
            raise ComparisonError(f"these runs have no {word} in common")
        most = max(ds.sizes[dim] for ds in datasets)
        notes.append(
            f"Only the {common.size:,} {word} that all runs share are compared, of {most:,}."
        )
        datasets = [_picked(ds, dim, common) for ds in datasets]
    return datasets, notes


def _picked(ds: xr.Dataset, dim: str, common: npt.NDArray[Any]) -> xr.Dataset:
    """A run at the worlds or months that all runs share, in one stretch where they are one."""
    first = int(np.searchsorted(ds[dim].values, common[0]))
    stretch = slice(first, first + common.size)
    if np.array_equal(ds[dim].values[stretch], common):
        return ds.isel({dim: stretch})
    return ds.sel({dim: common})


def _scenario(item: object) -> "Scenario | None":
    if isinstance(item, xr.Dataset):
        return None
    if isinstance(item, str | PathLike):
        from sim.scenario import load_scenario

        return load_scenario(item)
    if isinstance(item, Mapping):
        raise ComparisonError("give a dataset, a scenario or a path, not a mapping")
    return item  # type: ignore[return-value]  # anything else has to be a Scenario


def _shifted(progress: Progress | None, done: int, total: int) -> Progress | None:
    if progress is None:
        return None
    return lambda now, _: progress(done + now, total)


def _title(ds: xr.Dataset) -> str:
    return str(ds.attrs.get("title") or ds.attrs.get("scenario") or "scenario")


def _unique(words: Sequence[str]) -> tuple[str, ...]:
    seen: dict[str, int] = {}
    unique = []
    for word in words:
        seen[word] = seen.get(word, 0) + 1
        unique.append(word if seen[word] == 1 else f"{word} ({seen[word]})")
    return tuple(unique)
