"""What a report tells of pairs of actors, and of rents and influence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sim.analysis import pairs
from sim.analysis.compare import Comparison
from sim.analysis.rents import INFLUENCE, RENTS, Rents, sum_up
from sim.analysis.streams import Floats

Family = tuple[str, ...]

FAMILIES: Final[dict[pairs.Pair, Family]] = {
    (source, target): (
        f"influence.{source}.{target}",
        f"dependence.{target}.{source}",
        f"coleman.{source}",
        f"fbic.{source}.{target}",
    )
    for source, target in (("belarus", "russia"), ("russia", "belarus"))
}
"""The four measures of one actor's influence over another: choices moved, the other's dependence,
power over contested matters, capacity."""


@dataclass(frozen=True)
class Relations:
    """Pairs and rents of a comparison; each empty where the runs do not record it.

    Attributes:
        levels: influence by pair, a table a scenario.
        changes: its change from the baseline; none for the baseline.
        rents: rents against influence, by scenario.
    """

    levels: tuple[pairs.Table, ...] = ()
    changes: dict[int, pairs.Table] = field(default_factory=dict)
    rents: tuple[Rents | None, ...] = ()


def relations(comparison: Comparison, means: Mapping[str, Sequence[Floats]]) -> Relations:
    """Work them out.

    Args:
        comparison: runs that share their worlds; a single one will do.
        means: mean over all months of rents and of influence, one number a world, by scenario.
    """
    datasets, sets = comparison.datasets, comparison.sets
    base = comparison.baseline
    levels: tuple[pairs.Table, ...] = ()
    changes: dict[int, pairs.Table] = {}
    if all(pairs.recorded_pairs(ds) for ds in datasets):
        levels, changes = pairs.tables(datasets, base, sets)
    found: tuple[Rents | None, ...] = ()
    if {RENTS, INFLUENCE} <= set(means):
        paid, moved = means[RENTS], means[INFLUENCE]
        found = tuple(
            sum_up(paid[i], moved[i], sets, None if i == base else (paid[base], moved[base]))
            for i in range(len(datasets))
        )
    return Relations(levels, changes, found)
