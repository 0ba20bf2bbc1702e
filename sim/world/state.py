"""Everything that is true of a world at the end of a month.

One `State` holds a block of worlds as columns: every field has shape (worlds,), or (options,
worlds) inside a projection. The war's status is five numbers that sum to 1: certainties on the path
of a world, probabilities in an actor's projection of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from agents.outlook import Array

STATUSES = ("active", "ceasefire", "settled", "breakthrough_russia", "breakthrough_ukraine")


@dataclass(slots=True)
class State:
    """A block of worlds; shares 0-1 unless a unit is given."""

    # war
    front: Array  # share of Ukraine's territory held by Russia
    force_russia: Array  # thousand personnel in theatre
    force_ukraine: Array
    force_belarus: Array  # thousand of its own troops in the war
    mobilisation_russia: Array  # machinery of recruitment, 1 = late 2023
    mobilisation_ukraine: Array
    materiel_russia: Array  # months of supply
    materiel_ukraine: Array
    fortification: Array
    overextension_russia: Array
    overextension_ukraine: Array
    surprise: Array  # what a first attack from the north would still gain
    casualties_russia: Array  # thousand, cumulative
    casualties_ukraine: Array
    casualties_belarus: Array
    active: Array
    ceasefire: Array
    settled: Array
    breakthrough_russia: Array
    breakthrough_ukraine: Array
    # Belarus and Russia
    deal_scale: Array  # agreed transfers, multiple of those of 2023; 0 = no deal
    deal_host: Array  # promised: hosting, launching, championing (0 or 1)
    deal_launch: Array
    deal_champion: Array
    gas_scale: Array  # multiple of the 2023 gas rent under this year's contract
    port_capacity: Array  # USD bn a year of rent that ports can carry
    loans: Array  # paid, USD bn a year
    gas: Array
    ports: Array
    debt: Array  # owed to Russia, USD bn
    deferred: Array  # debt service that Russia puts off, USD bn a year
    trust: Array
    troops: Array  # Russian troops in Belarus, thousand
    stock: Array  # ammunition and equipment Belarus can still give, share of early 2022
    nuclear: Array
    entered: Array
    status_index: Array
    autonomy: Array
    regime_security: Array
    alignment: Array  # how far Minsk is seen to stand with Moscow (claim C08)
    # economies
    oil: Array  # USD a barrel
    gas_benchmark: Array  # USD per 1,000 cubic metres
    fiscal_russia: Array  # headroom, % of GDP
    fiscal_belarus: Array
    fiscal_ukraine: Array
    sanctions_russia: Array
    sanctions_belarus: Array
    output_belarus: Array  # 1 = 2021
    exports_russia: Array  # goods that Belarus sells to Russia, USD bn a year
    exports_transit: Array  # and beyond, through Russian ports or other routes
    exports_west: Array  # and to the West and Ukraine
    # home fronts
    support_russia: Array
    support_ukraine: Array
    attention: Array
    aid: Array  # flow reaching Ukraine, 1 = 2023
    # alternatives
    outside_arms: Array  # months of supply a month that others give Russia
    outside_diplomacy: Array
    belarus_market: Array  # outside partners of Belarus
    belarus_credit: Array
    belarus_transit: Array  # goods that routes outside Russia can carry, USD bn a year
    # beliefs
    belief_russia: Array  # Russia's probability that it prevails
    belief_ukraine: Array  # Ukraine's probability that Russia prevails
    entry_belief: Array  # Ukraine's probability that Belarus enters within a year

    @property
    def paid(self) -> Array:
        """All transfers being paid to Belarus, USD bn a year."""
        return self.loans + self.gas + self.ports

    @classmethod
    def initial(cls, parameters: Mapping[str, Array]) -> State:
        """The state before the first month, from the `initial.*` parameters.

        Args:
            parameters: registry name -> value per world, shape (worlds,).
        """
        start = {
            name.removeprefix("initial."): value
            for name, value in parameters.items()
            if name.startswith("initial.")
        }
        zero = next(iter(start.values())) * 0.0
        derived = {"active": zero + 1.0}
        return cls(
            **{f.name: derived.get(f.name, start.get(f.name, zero)) + 0.0 for f in fields(cls)}
        )


def toward(value: Array, level: Array, rate: Array | float) -> Array:
    """Move a share of the way to a level: no stock integrates a constant drift into a corner."""
    return value + rate * (level - value)


def share(value: Array) -> Array:
    """Clip to [0, 1]."""
    return value.clip(0.0, 1.0)


def sigmoid(x: Array) -> Array:
    """Algebraic sigmoid 1/2 + x / (2 (1 + |x|)), from 0 to 1.

    Used in place of the logistic curve: the same shape, heavier tails, and only exact arithmetic,
    so every processor gives the same bits.
    """
    return 0.5 + 0.5 * x / (1.0 + abs(x))
