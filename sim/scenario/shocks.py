"""What a dated event may move, and how far one event may move it."""

from __future__ import annotations

from typing import NamedTuple


class Shockable(NamedTuple):
    """A quantity that events shift.

    Attributes:
        unit: of the shift.
        low: most negative shift of one event.
        high: most positive shift of one event.
        meaning: what is shifted.
    """

    unit: str
    low: float
    high: float
    meaning: str


SHOCKS: dict[str, Shockable] = {
    "attention": Shockable("0-1", -1, 1, "donors' attention to this war"),
    "oil": Shockable("USD a barrel", -100, 100, "price of oil"),
    "gas_benchmark": Shockable(
        "USD per thousand cubic metres", -1000, 1500, "gas price that Belarus would pay elsewhere"
    ),
    "outside_arms": Shockable("0-1", -1, 1, "arms that Russia can get from others"),
    "outside_diplomacy": Shockable("0-1", -1, 1, "diplomatic cover that Russia gets from others"),
    "belarus_market": Shockable("0-1", -1, 1, "markets open to Belarus outside Russia"),
    "belarus_credit": Shockable("0-1", -1, 1, "credit open to Belarus outside Russia"),
    "belarus_transit": Shockable(
        "USD bn a year", -10, 10, "routes open to Belarus's goods outside Russia"
    ),
    "regime_security": Shockable("0-1", -1, 1, "security of the government in Minsk"),
    "autonomy": Shockable("0-1", -1, 1, "freedom of Minsk from Moscow"),
    "trust": Shockable("0-1", -1, 1, "trust between Minsk and Moscow"),
    "support.russia": Shockable("0-1", -1, 1, "support for going on in Russia"),
    "support.ukraine": Shockable("0-1", -1, 1, "support for going on in Ukraine"),
    "force.russia": Shockable("thousand", -500, 500, "Russian personnel in theatre"),
    "force.ukraine": Shockable("thousand", -500, 500, "Ukrainian personnel in theatre"),
    "mobilisation.russia": Shockable("1 = late 2023", -2, 5, "machinery of Russian recruitment"),
    "mobilisation.ukraine": Shockable("1 = late 2023", -2, 5, "machinery of Ukrainian recruitment"),
    "materiel.russia": Shockable("months of supply", -12, 12, "Russian materiel"),
    "materiel.ukraine": Shockable("months of supply", -12, 12, "Ukrainian materiel"),
    "sanctions.russia": Shockable("0-1", -1, 1, "weight of sanctions on Russia"),
    "sanctions.belarus": Shockable("0-1", -1, 1, "weight of sanctions on Belarus"),
    "front": Shockable("share of Ukraine's territory", -0.2, 0.2, "territory held by Russia"),
}
"""Name -> shift allowed. An event's shift is added once, at the start of its month."""
