"""What drives a shift in influence: which payoff term of which actor accounts for how much of it.

Influence at each end of the shift is divided among the payoff terms of both actors
(`sim/influence/terms.py`, the Owen value), world by world. The ends are two scenarios in one month,
or two months of one scenario, in the same worlds. A term accounts for the change of its share, and
these add up to the shift. Each is divided once more, into what *aims* and what *circumstances* do:
the weights of the two payoffs, and all else that differs (state, beliefs, other parameters). That
is Shapley's value (1953) of a game of two, the mean over the two orders in which they can change.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from agents.outlook import Array
from sim.analysis.who_moves_whom import Figure, figure
from sim.influence.path import over_months
from sim.influence.terms import Term, Weights, by_term, weights_of
from sim.stages import STAGES

if TYPE_CHECKING:
    from sim.deliberation.table import Table
    from sim.ensemble.twins import Pair, Worlds
    from sim.model import ConflictModel
    from sim.scenario import Month, Scenario

type Progress = Callable[[int, int], None]
type Shares = dict[Term, Array]

_DIVIDING = 12


class DriversError(ValueError):
    """A shift that cannot be divided; the message says why."""


@dataclass(frozen=True)
class End:
    """One end of a shift: a scenario in a month."""

    scenario: Scenario
    month: Month

    def __str__(self) -> str:
        return f"{self.scenario.name}, {self.month}"


@dataclass(frozen=True)
class Part:
    """What is told of one term, or of the whole influence.

    Attributes:
        before: share at the first end.
        after: share at the second.
        shift: after less before.
        aims: what of the shift comes from the weights of the two payoffs.
        circumstances: what comes from all else; the two sum to the shift.
    """

    before: Figure
    after: Figure
    shift: Figure
    aims: Figure
    circumstances: Figure

    def document(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {name: one.document() for name, one in vars(self).items()}


@dataclass(frozen=True)
class Drivers:
    """A shift in the influence of one actor over another, divided.

    Attributes:
        terms: actor and incentive -> its part; the parts sum to the whole.
        whole: influence itself.
    """

    terms: Mapping[Term, Part]
    whole: Part

    def ranked(self) -> list[Term]:
        """Terms, those that account for most first."""
        return sorted(self.terms, key=lambda term: -abs(self.terms[term].shift.mean or 0.0))

    def document(self) -> dict[str, Any]:
        """Ready for JSON, terms that account for most first."""
        return {
            "whole": self.whole.document(),
            "terms": {".".join(term): self.terms[term].document() for term in self.ranked()},
            "method": "Owen value over payoff terms, the two actors as unions (Owen 1977); "
            "aims and circumstances by Shapley value (Shapley 1953)",
        }


def drivers(
    before: End,
    after: End,
    pairs: Sequence[Pair],
    worlds: Worlds,
    progress: Progress = lambda done, total: None,
) -> dict[Pair, Drivers]:
    """Divide the shift in influence from one end to the other.

    Args:
        before: first end.
        after: second end; another month of the same scenario, or a month of another.
        pairs: (source, target).
        worlds: which; the last set is left out if it is not whole.
        progress: called with (steps done, steps), a step being a month of either run; dividing
            one influence counts as twelve.

    Raises:
        DriversError: a month lies outside its scenario, both ends are the same, or there are fewer
            than two whole sets.
    """
    problems = [
        f"{end.month} is outside {end.scenario.name}, {end.scenario.start} to {end.scenario.end}"
        for end in (before, after)
        if not end.scenario.start <= end.month <= end.scenario.end
    ]
    if before == after:
        problems.append("the two ends are the same, so nothing shifts")
    count = worlds.count - worlds.count % worlds.draws
    if count < 2 * worlds.draws:
        problems.append(f"give {2 * worlds.draws:,} worlds or more: two sets of assumptions")
    if problems:
        raise DriversError("; ".join(problems))
    months = [end.month - end.scenario.start + 1 for end in (before, after)]
    total = sum(months) + _DIVIDING * len(pairs)
    first = _at(before, count, worlds, lambda n: progress(n, total))
    second = _at(after, count, worlds, lambda n: progress(months[0] + n, total))
    found = {}
    for n, pair in enumerate(pairs, start=1):
        found[pair] = _divided(first, second, pair, count, worlds.draws)
        progress(sum(months) + _DIVIDING * n, total)
    return found


def _at(end: End, count: int, worlds: Worlds, on_month: Callable[[int], None]) -> Table:
    """What the actors deliberate with in the month of one end, kept for itself."""
    from sim.model import ConflictModel

    model = ConflictModel(
        end.scenario,
        worlds=count,
        rng=worlds.seed,
        draws=worlds.draws,
        collect=False,
        engine=worlds.engine,
        vary=worlds.vary,
        all_pairs=False,
    )
    for month in range(end.month - end.scenario.start):
        model.step()
        on_month(month + 1)
    for stage in STAGES:
        if stage.name == "choices":
            break
        stage.run(model)
    on_month(end.month - end.scenario.start + 1)
    return _table(model)


def _table(model: ConflictModel) -> Table:
    from sim.deliberation.table import Table

    return Table(
        state=model.state,
        parameters=model.parameters,
        light=model.light,
        actors=model.actors,
        plays=model.what_if.plays,
        open=model.open,
        horizon=model.what_if.horizon,
    )


def _divided(first: Table, second: Table, pair: Pair, count: int, draws: int) -> Drivers:
    weights = weights_of(first.actors), weights_of(second.actors)
    a, b = by_term(first, pair), by_term(second, pair)
    if _equal(*weights, pair):  # aims do nothing: no need to ask what they would do
        aims = {term: np.zeros_like(share) for term, share in a.items()}
    else:
        early, late = by_term(first, pair, weights[1]), by_term(second, pair, weights[0])
        aims = {term: 0.5 * ((early[term] - a[term]) + (b[term] - late[term])) for term in a}

    def sets(values: Array) -> Array:
        return over_months(np.moveaxis(values[:count].reshape(-1, draws), -1, 0))

    def part(before: Array, after: Array, of_aims: Array) -> Part:
        # a world counts where both ends have a value
        shift = after - before
        known = np.where(np.isnan(shift), np.nan, 0.0)
        parts = (before, after, shift, of_aims, shift - of_aims)
        return Part(*(figure(sets(values + known)) for values in parts))

    terms = {term: part(a[term], b[term], aims[term]) for term in a}
    return Drivers(terms, part(*(_sum(shares) for shares in (a, b, aims))))


def _sum(shares: Shares) -> Array:
    total: Array = sum(shares.values(), start=np.zeros_like(next(iter(shares.values()))))
    return total


def _equal(one: Weights, other: Weights, pair: Pair) -> bool:
    return all(
        np.array_equal(weight, other[name][term])
        for name in pair
        for term, weight in one[name].items()
    )
