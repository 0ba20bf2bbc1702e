"""Everything that is true of a world at the end of a month.

One `State` holds a block of worlds as columns: every field has shape (worlds,), or (options,
worlds) inside a projection. The war's status is five numbers that sum to 1: certainties on the path
of a world, probabilities in an actor's projection of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Annotated

from agents.outlook import Array

STATUSES = ("active", "ceasefire", "settled", "breakthrough_russia", "breakthrough_ukraine")


@dataclass(slots=True)
class State:
    """A block of worlds, each field with its unit and what it is."""

    # war
    front: Annotated[Array, "0-1", "share of Ukraine's territory held by Russia"]
    force_russia: Annotated[Array, "thousand", "Russian personnel in theatre"]
    force_ukraine: Annotated[Array, "thousand", "Ukrainian personnel in theatre"]
    force_belarus: Annotated[Array, "thousand", "Belarus's own troops in the war"]
    mobilisation_russia: Annotated[Array, "1 = late 2023", "machinery of recruitment of Russia"]
    mobilisation_ukraine: Annotated[Array, "1 = late 2023", "machinery of recruitment of Ukraine"]
    materiel_russia: Annotated[Array, "months of supply", "Russian materiel"]
    materiel_ukraine: Annotated[Array, "months of supply", "Ukrainian materiel"]
    fortification: Annotated[Array, "0-1", "how far the line is dug in"]
    overextension_russia: Annotated[Array, "points of territory", "overextension of Russia"]
    overextension_ukraine: Annotated[Array, "points of territory", "overextension of Ukraine"]
    surprise: Annotated[Array, "0-1", "what a first attack from the north would still gain"]
    casualties_russia: Annotated[Array, "thousand", "Russian killed and wounded so far"]
    casualties_ukraine: Annotated[Array, "thousand", "Ukrainian killed and wounded so far"]
    casualties_belarus: Annotated[Array, "thousand", "Belarusian killed and wounded so far"]
    active: Annotated[Array, "probability", "the war is being fought"]
    ceasefire: Annotated[Array, "probability", "a truce that may break"]
    settled: Annotated[Array, "probability", "the war is settled for good"]
    breakthrough_russia: Annotated[Array, "probability", "Russia has broken through"]
    breakthrough_ukraine: Annotated[Array, "probability", "Ukraine has broken through"]
    # Belarus and Russia
    deal_scale: Annotated[Array, "multiple of 2023", "transfers in the standing deal; 0 = no deal"]
    deal_host: Annotated[Array, "0 or 1", "hosting is promised in the standing deal"]
    deal_launch: Annotated[Array, "0 or 1", "launching is promised in the standing deal"]
    deal_champion: Annotated[Array, "0 or 1", "championing is promised in the standing deal"]
    gas_scale: Annotated[Array, "multiple of 2023", "gas rent under this year's contract"]
    port_capacity: Annotated[Array, "USD bn a year", "rent that ports can carry"]
    loans: Annotated[Array, "USD bn a year", "loans being paid"]
    gas: Annotated[Array, "USD bn a year", "gas rent being paid"]
    ports: Annotated[Array, "USD bn a year", "port income being earned"]
    debt: Annotated[Array, "USD bn", "Belarus's debt to Russia"]
    deferred: Annotated[Array, "USD bn a year", "debt service that Russia puts off"]
    trust: Annotated[Array, "0-1", "trust between Minsk and Moscow"]
    troops: Annotated[Array, "thousand", "Russian troops in Belarus"]
    stock: Annotated[Array, "share of early 2022", "arms that Belarus can still give"]
    nuclear: Annotated[Array, "probability", "nuclear weapons are hosted"]
    entered: Annotated[Array, "probability", "Belarus has entered the war"]
    status_index: Annotated[Array, "0-1", "standing of Belarus's leader"]
    autonomy: Annotated[Array, "0-1", "freedom of Minsk from Moscow"]
    regime_security: Annotated[Array, "0-1", "security of the government in Minsk"]
    alignment: Annotated[Array, "0-1", "how far Minsk is seen to stand with Moscow (claim C08)"]
    # economies
    oil: Annotated[Array, "USD a barrel", "price of Russian oil"]
    gas_benchmark: Annotated[Array, "USD per 1,000 cubic metres", "European gas price"]
    fiscal_russia: Annotated[Array, "% of GDP", "Russia's budget headroom"]
    fiscal_belarus: Annotated[Array, "% of GDP", "Belarus's budget headroom"]
    fiscal_ukraine: Annotated[Array, "% of GDP", "Ukraine's headroom after aid"]
    sanctions_russia: Annotated[Array, "0-1", "weight of sanctions on Russia"]
    sanctions_belarus: Annotated[Array, "0-1", "weight of sanctions on Belarus"]
    output_belarus: Annotated[Array, "1 = 2021", "Belarus's output"]
    exports_russia: Annotated[Array, "USD bn a year", "goods that Belarus sells to Russia"]
    exports_transit: Annotated[Array, "USD bn a year", "goods that Belarus sells farther off"]
    exports_west: Annotated[Array, "USD bn a year", "goods that Belarus sells to the West"]
    # home fronts
    support_russia: Annotated[Array, "0-1", "Russian support for going on"]
    support_ukraine: Annotated[Array, "0-1", "Ukrainian support for going on"]
    attention: Annotated[Array, "0-1", "attention of Western publics"]
    aid: Annotated[Array, "1 = 2023", "aid reaching Ukraine"]
    # alternatives
    outside_arms: Annotated[Array, "months of supply a month", "arms that others give Russia"]
    outside_diplomacy: Annotated[Array, "index", "diplomatic cover that others give Russia"]
    belarus_market: Annotated[Array, "index", "outside markets of Belarus"]
    belarus_credit: Annotated[Array, "index", "outside credit of Belarus"]
    belarus_transit: Annotated[Array, "USD bn a year", "goods that routes outside Russia can carry"]
    # beliefs
    belief_russia: Annotated[Array, "probability", "Russia prevails, as Russia sees it"]
    belief_ukraine: Annotated[Array, "probability", "Russia prevails, as Ukraine sees it"]
    entry_belief: Annotated[Array, "probability", "Belarus enters within a year, as others see it"]

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
