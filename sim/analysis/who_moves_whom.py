"""Influence measured twice: by belief swap, and along the path by twin ensembles.

The belief swap asks, at each state that a world passes through, what j would do *now* if it
expected a puppet of j in i's place. The path measure puts that puppet there for the whole run and
compares what j does over all of it with what chance does anyway. `docs/influence.md` says when they
part, and which to cite.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from agents.outlook import Array
from sim.analysis.outcomes import ACTORS
from sim.analysis.spread import FEWEST_SETS, Varied, too_few
from sim.ensemble.executors import Executor, InProcess
from sim.ensemble.twins import SHIFT, Followed, Pair, Watch, Worlds, entry_held, follow, twin
from sim.influence.path import (
    FEWEST_DRAWS,
    Divergence,
    PathError,
    divergence,
    over_levers,
    over_months,
)

if TYPE_CHECKING:
    from sim.scenario import Scenario

TO_AVERAGE: Final = 2
"""Sets below which there is nothing to average; an error needs `FEWEST_SETS`."""
CONFIDENCE: Final = 0.95

type Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Figure:
    """A mean over sets of assumptions with its Monte Carlo error.

    Attributes:
        mean: None if no set has a value.
        error: standard error by the jackknife over sets; None with fewer than `FEWEST_SETS` sets,
            of which it would say more than is known.
        sets: how many have a value.
    """

    mean: float | None
    error: float | None
    sets: int

    @property
    def half_width(self) -> float | None:
        """Half of the 95 % interval, Student's with one degree of freedom less than sets."""
        if self.error is None:
            return None
        from scipy.special import stdtrit

        return float(stdtrit(self.sets - 1, 0.5 + CONFIDENCE / 2)) * self.error

    @property
    def clear(self) -> bool:
        """Whether its 95 % interval lies on one side of zero."""
        half = self.half_width
        return self.mean is not None and half is not None and abs(self.mean) > half

    def document(self) -> dict[str, Any]:
        """Ready for JSON."""
        half, mean = self.half_width, self.mean
        interval = None if half is None or mean is None else [mean - half, mean + half]
        return {"mean": mean, "se": self.error, "ci95": interval, "sets": self.sets}


@dataclass(frozen=True)
class Measured:
    """Influence of a source over a target, or over one of its levers, by both measures.

    Attributes:
        by_swap: belief swap, mean over the months of each set.
        by_path: twin ensembles, corrected for chance, likewise.
        shifts: of a lever, how many levels further up the source's own aims move it, by "swap" and
            by "path": the sign that distances lack.
    """

    by_swap: Array
    by_path: Array
    shifts: Mapping[str, Figure] = field(default_factory=dict)

    @cached_property
    def swap(self) -> Figure:
        """By belief swap, over sets."""
        return figure(self.by_swap)

    @cached_property
    def path(self) -> Figure:
        """Along the path, over sets."""
        return figure(self.by_path)

    @cached_property
    def gap(self) -> Figure:
        """Path less swap, within sets."""
        return figure(self.by_path - self.by_swap)

    @property
    def verdict(self) -> str:
        """Which is larger, or that no difference is told, or (without values) can be."""
        if self.gap.mean is None or self.gap.error is None:
            return "cannot be told"
        if not self.gap.clear:
            return "no difference told"
        return "path more" if self.gap.mean > 0 else "swap more"

    def document(self) -> dict[str, Any]:
        """Ready for JSON."""
        figures = {name: getattr(self, name).document() for name in ("swap", "path", "gap")}
        shifts = {name: one.document() for name, one in self.shifts.items()}
        return {**figures, "verdict": self.verdict} | ({"shift": shifts} if shifts else {})


@dataclass(frozen=True)
class PairTold:
    """All that is told of one pair.

    Attributes:
        whole: mean over the target's levers.
        apart: how far the two ensembles lie apart before chance is taken off.
        chance: how far chance alone drives paths apart.
        levers: by lever of the target.
        by_month: month -> (swap, path), means over sets; None where no set has a value.
        nothing: why nothing can be told, or nothing.
    """

    whole: Measured
    apart: Figure
    chance: Figure
    levers: Mapping[str, Measured]
    by_month: tuple[tuple[str, float | None, float | None], ...]
    nothing: str = ""

    def document(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {
            **self.whole.document(),
            "apart": self.apart.document(),
            "chance": self.chance.document(),
            "levers": {lever: one.document() for lever, one in self.levers.items()},
            "months": [{"month": m, "swap": s, "path": p} for m, s, p in self.by_month],
            "nothing": self.nothing or None,
        }


def measure_both(
    scenario: Scenario,
    pairs: Sequence[Pair],
    worlds: Worlds,
    *,
    entry: bool = False,
    executor: Executor | None = None,
    progress: Progress = lambda done, total: None,
) -> dict[Pair, PairTold]:
    """Influence of sources over targets by belief swap and along the path.

    Args:
        scenario: in which they play.
        pairs: (source, target).
        worlds: which to run; the last set is left out if it is not whole.
        entry: whether the source's entry lever may move. If not, it is left where it stands in the
            swap, and held there in both ensembles of the path measure.
        executor: where worlds are computed; here unless given.
        progress: called with (worlds done, worlds) over all ensembles.

    Raises:
        PathError: too few draws or sets for the path measure.
    """
    count = worlds.count - worlds.count % worlds.draws
    if worlds.draws < FEWEST_DRAWS:
        raise PathError(
            f"{worlds.draws} draw of chance per set leaves no pairs to tell influence from chance "
            f"by; give {FEWEST_DRAWS} or more"
        )
    if count < TO_AVERAGE * worlds.draws:
        raise PathError(
            f"{worlds.count:,} worlds of {worlds.draws} draws are no two sets of assumptions; give "
            f"{TO_AVERAGE * worlds.draws:,} worlds or more, {enough(worlds.draws):,} for errors too"
        )
    whole = Worlds(count, worlds.seed, worlds.draws, worlds.vary, worlds.engine)
    # each own ensemble is run once for all pairs that share it
    owns: list[tuple[Scenario, list[Pair]]] = []
    for pair in pairs:
        own = scenario if entry else entry_held(scenario, pair[0])
        known = next((sharing for one, sharing in owns if one == own), None)
        if known is None:
            owns.append((own, [pair]))
        else:
            known.append(pair)
    total = count * (len(owns) + len(pairs))
    done = 0

    def run(what: Scenario, watch: Watch) -> Followed:
        nonlocal done
        found = follow(what, watch, whole, where, lambda n, _: progress(done + n, total))
        done += count
        return found

    where = executor or InProcess()
    told: dict[Pair, PairTold] = {}
    for own, sharing in owns:
        targets = tuple(dict.fromkeys(target for _, target in sharing))
        seen = run(own, Watch(targets, tuple(sharing)))
        for source, target in sharing:
            beside = run(twin(own, source, target), Watch((target,)))
            apart = divergence(seen.courses[target], beside.courses[target], worlds.draws)
            swaps = seen.swaps[source, target]
            told[source, target] = _told(own, apart, swaps, worlds.draws, entry, target)
    return {pair: told[pair] for pair in pairs}


def disagreements(told: Mapping[Pair, PairTold]) -> list[str]:
    """Where the two measures say different things, in sentences."""
    said = []
    for pair, one in told.items():
        gap, words = one.whole.gap, one.whole.verdict
        if words in ("path more", "swap more"):
            assert gap.mean is not None
            assert gap.half_width is not None
            size, half = 100 * abs(gap.mean), 100 * gap.half_width
            said.append(
                f"{pair_words(pair)}: the path measure is {size:.2g} of 100 choices "
                f"{'more' if gap.mean > 0 else 'less'} than the belief swap (95 % interval "
                f"{size - half:.2g} to {size + half:.2g})."
            )
    for first, second in combinations(told, 2):
        a, b = told[first].whole, told[second].whole
        by_swap, by_path = figure(a.by_swap - b.by_swap), figure(a.by_path - b.by_path)
        larger = {
            "by belief swap": _larger(by_swap, first, second),
            "along the path": _larger(by_path, first, second),
        }
        if len(set(larger.values())) > 1:
            each = [f"{measure} {name or 'cannot be told'}" for measure, name in larger.items()]
            said.append(
                f"Which is larger, {pair_words(first)} or {pair_words(second)}: {', '.join(each)}."
            )
    return said


def document(
    scenario: Scenario, worlds: Worlds, entry: bool, told: Mapping[Pair, PairTold]
) -> dict[str, Any]:
    """What `influence --json` prints."""
    return {
        "scenario": scenario.name,
        "worlds": worlds.count - worlds.count % worlds.draws,
        "draws": worlds.draws,
        "seed": worlds.seed,
        "vary": worlds.vary,
        "cannot_tell": " ".join(limits(worlds)) or None,
        "entry": "allowed" if entry else "held",
        "pairs": {f"{source}.{target}": one.document() for (source, target), one in told.items()},
        "disagreements": disagreements(told),
    }


def enough(draws: int) -> int:
    """Worlds from which errors are told, so many draws of chance a set."""
    return FEWEST_SETS * draws


def limits(worlds: Worlds) -> list[str]:
    """What worlds cannot tell, in sentences: too few sets for errors, or only one of two varied."""
    count = worlds.count - worlds.count % worlds.draws
    least = enough(worlds.draws)
    few = too_few(count, least) if count < least else ""
    said = (few, Varied(worlds.vary, worlds.draws).cannot_tell)
    return [sentence for sentence in said if sentence]


def jackknife(values: Array) -> float | None:
    """Standard error of a mean, leaving out one value at a time (Quenouille 1949; Tukey 1958).

    Args:
        values: one number a set, none missing.

    Returns:
        None with fewer than two values.
    """
    count = values.size
    if count < TO_AVERAGE:
        return None
    left = (values.sum() - values) / (count - 1)
    return float(np.sqrt((count - 1) / count * ((left - left.mean()) ** 2).sum()))


def figure(by_set: Array) -> Figure:
    """Mean over the sets that have a value (not NaN), with its error if they are enough for one."""
    known = by_set[~np.isnan(by_set)]
    error = jackknife(known) if known.size >= FEWEST_SETS else None
    return Figure(float(known.mean()) if known.size else None, error, int(known.size))


def _told(
    scenario: Scenario,
    apart: Divergence,
    swaps: Mapping[str, Array],
    draws: int,
    entry: bool,
    target: str,
) -> PairTold:
    by_set = {name: over_draws(values, draws) for name, values in swaps.items()}
    swap, path = by_set["entry_allowed" if entry else "mean"], over_levers(apart.distance)
    # levers' own figures of the swap are taken with entry masked only
    levers = (
        {}
        if entry
        else {
            name: _measured(
                by_set[name], found, swap=by_set[f"{SHIFT}{name}"], path=apart.shift[name]
            )
            for name, found in apart.distance.items()
        }
    )
    months = [
        (str(scenario.start + k), figure(swap[k]).mean, figure(path[k]).mean)
        for k in range(scenario.months)
    ]
    whole = _measured(swap, path)
    return PairTold(
        whole,
        figure(over_months(over_levers(apart.apart))),
        figure(over_months(over_levers(apart.chance))),
        levers,
        tuple(months),
        ""
        if whole.path.mean is not None
        else f"{ACTORS.get(target, target)} has no choice in any month",
    )


def _measured(by_swap: Array, by_path: Array, **shifts: Array) -> Measured:
    """From values a month and set."""
    moved = {measure: figure(over_months(values)) for measure, values in shifts.items()}
    return Measured(over_months(by_swap), over_months(by_path), moved)


def over_draws(values: Array, draws: int) -> Array:
    """Means over the draws of each set, shape (..., worlds) to (..., sets)."""
    apart = values.reshape(*values.shape[:-1], -1, draws)
    return over_months(np.moveaxis(apart, -1, 0))


def _larger(difference: Figure, first: Pair, second: Pair) -> str:
    """The pair with the larger influence, nothing if that cannot be told from none."""
    if difference.mean is None or not difference.clear:
        return ""
    return pair_words(first if difference.mean > 0 else second)


def pair_words(pair: Pair) -> str:
    """A pair as people read it: "Belarus over Russia"."""
    source, target = (ACTORS.get(actor, actor) for actor in pair)
    return f"{source} over {target}"
