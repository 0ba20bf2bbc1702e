"""What is measured of worlds: what their level of recording keeps, and no more."""

from __future__ import annotations

from functools import cache

from sim.ensemble.levels import Keep
from sim.ensemble.recording import labels_of, recorded
from sim.influence.behavioural import HEADLINE_PAIRS, Measured


@cache
def measured(keep: Keep) -> Measured:
    """What has to be measured for a level: nothing that it does not keep."""
    kept = recorded(keep)
    over = [n for n in ("influence", "influence_joint", "influence_lever") if n in kept]
    all_pairs = "influence" in over and labels_of("influence", keep) is None
    labels = [label for name in over for label in labels_of(name, keep) or ()]
    return Measured(
        pairs=tuple(
            pair
            for pair in HEADLINE_PAIRS
            if all_pairs or any(label.split(".")[:2] == [*pair] for label in labels)
        ),
        all_pairs=all_pairs,
        entry_allowed="influence_entry_allowed" in kept,
        dependence=not {"dependence", "coleman", "fbic", "fbic_access"}.isdisjoint(kept),
        power="coleman" in kept,
        capacity=not {"fbic", "fbic_access"}.isdisjoint(kept),
    )
