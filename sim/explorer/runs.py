"""Runs as far as they have got: parts of worlds, joined into a dataset that the analysis reads."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import TYPE_CHECKING, Final, Literal, cast

import numpy as np

from sim.draws import DEFAULT_DRAWS, FORMAT, TILE
from sim.ensemble.identity import run_id

if TYPE_CHECKING:
    import xarray as xr

    from sim.explorer.workers import Arrays
    from sim.scenario import Scenario

PREVIEW: Final = (TILE, 2 * TILE)
"""Worlds of the first answer. Not those of the first tile: in them the influence of all pairs of
actors is measured as well, which takes as long again."""
LARGEST_PART: Final = 512
FEWEST_MONTHS: Final = 2
"""Months of a part that are worth a picture while the rest is under way."""
_KEPT_DATASETS: Final = 48
_KEPT_REDUCED: Final = 2000

type Span = tuple[int, int]
type State = Literal["waiting", "running", "done"]


@dataclass(frozen=True)
class Work:
    """A run that somebody wants.

    Attributes:
        key: identity of its numbers; scenarios that differ in name and words alone share it.
        scenario: to run.
        seed: of all chance.
        worlds: how many in the end.
        draws: worlds per parameter set.
    """

    key: str
    scenario: Scenario
    seed: int
    worlds: int
    draws: int = DEFAULT_DRAWS

    @classmethod
    def of(cls, scenario: Scenario, seed: int, worlds: int) -> Work:
        """The work that a scenario makes."""
        bare = replace(scenario, name="", title="", question="", note="", path=None, notes=())
        return cls(run_id(bare, seed=seed, draws=DEFAULT_DRAWS), scenario, seed, worlds)

    def spans(self, slots: int) -> list[Span]:
        """Worlds in the parts and the order in which they are computed.

        A part for a first answer, then most of them, and last the first tile: it takes longest.

        Args:
            slots: parts that can be computed at the same moment.
        """
        return spans(self.worlds, slots)


def spans(worlds: int, slots: int) -> list[Span]:
    """`Work.spans` of so many worlds; cuts do not hang on the number, so that parts are shared."""
    if worlds <= TILE:
        return [(0, worlds)]
    first = (PREVIEW[0], min(PREVIEW[1], worlds))
    rest = [(first[1], min(LARGEST_PART, worlds))] if worlds > first[1] else []
    rest += [
        (at, min(at + LARGEST_PART, worlds)) for at in range(LARGEST_PART, worlds, LARGEST_PART)
    ]
    return [first, *rest, (0, TILE)]


@dataclass
class Part:
    """Some worlds of a run.

    Attributes:
        span: first world and the one after the last.
        months: months done.
        state: whether a worker has it.
        arrays: what is there, (months, ..., worlds).
    """

    span: Span
    months: int = 0
    state: State = "waiting"
    arrays: list[Arrays] = field(default_factory=list)

    def add(self, first: int, arrays: Arrays) -> None:
        """Put months behind those that are there."""
        assert first == self.months, "months come in order"
        self.arrays.append(arrays)
        self.months += next(iter(arrays.values())).shape[0]

    def begin_anew(self) -> None:
        """Forget what is there: nobody waited for the rest."""
        self.months, self.state, self.arrays = 0, "waiting", []

    def whole(self, upto: int) -> Arrays:
        """The first months, in one piece; a part that is done is kept so."""
        if len(self.arrays) > 1:
            names = self.arrays[0]
            self.arrays = [{n: np.concatenate([one[n] for one in self.arrays]) for n in names}]
        return {name: array[:upto] for name, array in self.arrays[0].items()}

    @property
    def size(self) -> int:
        """Bytes."""
        return sum(a.nbytes for arrays in self.arrays for a in arrays.values())


@dataclass
class Run:
    """A run as far as it has got.

    Attributes:
        work: what is run.
        parts: by their worlds.
        trouble: why it cannot be had, if it cannot.
    """

    work: Work
    parts: dict[Span, Part] = field(default_factory=dict)
    trouble: str = ""

    def part(self, span: Span) -> Part:
        """One part, made when first asked for."""
        return self.parts.setdefault(span, Part(span))

    def shown(self, spans: Iterable[Span]) -> list[Part]:
        """The parts to show of those wanted: all up to the first that is not whole, or that one.

        None that overtook another: two runs that show anything share their first part.
        """
        have = [self.parts.get(span) for span in spans]
        # the last months come before the word that they were the last
        months = self.work.scenario.months
        done = [p for p in takewhile(lambda p: p is not None and p.months == months, have) if p]
        first = have[0] if have else None
        if done or first is None or first.months < FEWEST_MONTHS:
            return done
        return [first]

    @property
    def size(self) -> int:
        """Bytes."""
        return sum(part.size for part in self.parts.values())


@dataclass(frozen=True)
class Snapshot:
    """What there is of a run at one moment; it does not change.

    Attributes:
        work: what was run.
        spans: the worlds there are.
        months: how many of the months.
        arrays: of each span, (months, ..., worlds).
    """

    work: Work
    spans: tuple[Span, ...]
    months: int
    arrays: tuple[Arrays, ...]

    @classmethod
    def of(cls, work: Work, parts: Sequence[Part]) -> Snapshot | None:
        """What is there of some parts, None if nothing is."""
        if not parts:
            return None
        ordered = sorted(parts, key=lambda part: part.span)
        months = min(part.months for part in ordered)
        arrays = tuple(part.whole(months) for part in ordered)
        return cls(work, tuple(part.span for part in ordered), months, arrays)

    @property
    def worlds(self) -> int:
        """How many worlds there are."""
        return sum(stop - start for start, stop in self.spans)

    def only(self, spans: Sequence[Span]) -> Snapshot:
        """Some of its worlds."""
        kept = [k for k, span in enumerate(self.spans) if span in spans]
        arrays = tuple(self.arrays[k] for k in kept)
        return replace(self, spans=tuple(self.spans[k] for k in kept), arrays=arrays)

    def dataset(self) -> xr.Dataset:
        """As the analysis reads it: the variables kept, world first, with labels and flags."""
        return dataset(self)


def dataset(snapshot: Snapshot) -> xr.Dataset:
    """`Snapshot.dataset`."""
    import pandas as pd
    import xarray as xr

    from sim import __version__
    from sim.ensemble.recording import VARIABLES, sizes
    from sim.world.state import STATUSES

    scenario = snapshot.work.scenario
    labels = sizes()
    data = {}
    for name in snapshot.arrays[0]:
        whole = np.concatenate([arrays[name] for arrays in snapshot.arrays], axis=-1)
        known = VARIABLES[name]
        more = {"long_name": known.long_name, "units": known.units}
        data[name] = (("world", "month", *known.dims), np.moveaxis(whole, -1, 0), more)
    worlds = np.concatenate([np.arange(start, stop) for start, stop in snapshot.spans])
    months = pd.date_range(f"{scenario.start}-01", periods=snapshot.months, freq="MS")
    used = {dim for variable in data.values() for dim in variable[0]}
    out = xr.Dataset(
        data,
        coords={
            "world": worlds,
            "month": months.to_numpy("datetime64[ns]"),
            **{dim: list(values) for dim, values in labels.items() if dim in used},
        },
        attrs={
            "scenario": scenario.name,
            "title": scenario.title,
            "question": scenario.question,
            "start": str(scenario.start),
            "months": snapshot.months,
            "worlds": snapshot.worlds,
            "seed": snapshot.work.seed,
            "draws": snapshot.work.draws,
            "format": FORMAT,
            "fulcrum_version": __version__,
            "vary": "both",
        },
    )
    out["status"].attrs |= {
        "flag_values": list(range(len(STATUSES))),
        "flag_meanings": " ".join(STATUSES),
    }
    return out


class Datasets:
    """Datasets of the last snapshots that were looked at; they do not change, so all share them."""

    def __init__(self) -> None:
        self._kept: OrderedDict[object, xr.Dataset] = OrderedDict()
        self._reduced: OrderedDict[object, object] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, snapshot: Snapshot, called: Scenario | None = None) -> xr.Dataset:
        """A snapshot's dataset, under its scenario's words or those of another it stands for."""
        key = (snapshot.work.key, snapshot.spans, snapshot.months)
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                found = self._kept[key] = snapshot.dataset()
            self._kept.move_to_end(key)
            while len(self._kept) > _KEPT_DATASETS:
                self._kept.popitem(last=False)
        words = called or snapshot.work.scenario
        named = {"scenario": words.name, "title": words.title, "question": words.question}
        return found.assign_attrs(named)

    def medoid(self, snapshot: Snapshot) -> int:
        """The world of a snapshot that is most like all others, as `fulcrum explain` finds it."""
        from sim.analysis.medoid import medoid

        return self.reduced(snapshot, "medoid", lambda ds: medoid(ds).world)

    def reduced[T](self, snapshot: Snapshot, what: str, make: Callable[[xr.Dataset], T]) -> T:
        """What a snapshot comes to, worked out once; the same `what` has to be the same `make`."""
        key = (snapshot.work.key, snapshot.spans, snapshot.months, what)
        with self._lock:
            if key in self._reduced:
                self._reduced.move_to_end(key)
                return cast("T", self._reduced[key])
        found = make(self.of(snapshot))
        with self._lock:
            self._reduced[key] = found
            while len(self._reduced) > _KEPT_REDUCED:
                self._reduced.popitem(last=False)
        return found
