"""What an actor sees of a month: the primitives that payoffs are made of.

The world (`sim.world`) fills an `Outlook`; actors only read it. It holds no influence measure, no
length of the war and no scenario's name: a payoff cannot contain what is not here
(docs/model.md, "What would make it circular").

Payoffs are linear in these quantities, so the payoff of a discounted sum of months is the
discounted sum of the months' payoffs, term by term.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

type Array = NDArray[np.floating[Any]]
"""Numbers over worlds: double precision on the path, single in projections of it."""


@dataclass(slots=True)
class Outlook:
    """One month's primitives; each array broadcasts to (options, worlds).

    "War only" marks flows that stop when the fighting stops; all others go on in peace.
    """

    front: Array
    """Share of Ukraine's territory held by Russia, 0-1."""
    casualties_russia: Array
    """Russian killed and wounded, thousand in the month. War only."""
    casualties_ukraine: Array
    """Ukrainian killed and wounded, thousand in the month. War only."""
    stress_russia: Array
    """Fiscal stress of Russia, index >= 0 (0 = none, about 1 = a deficit that forces cuts)."""
    transfers: Array
    """Loans, gas rent and port access that Russia pays to Belarus, USD bn a year."""
    outlays: Array
    """What Russia pays abroad: the transfers, and what courting others costs, USD bn a year."""
    flank: Array
    """Security of Russia's western flank, 0-1."""
    escalation: Array
    """Risk of a wider war, index 0-1."""
    sanctions_belarus: Array
    """Weight of sanctions on Belarus, 0-1."""
    retaliation: Array
    """Strikes on Belarus and its own losses, index >= 0. War only."""
    regime_security: Array
    """Security of the government in Minsk, 0-1."""
    subordination: Array
    """How far Minsk has lost its freedom from Moscow, 0-1 (1 - autonomy)."""
    western_rents: Array
    """What Belarus earns from an opening to the West, USD bn a year."""
    status: Array
    """International standing of Belarus's leader, 0-1."""
    second_front: Array
    """Harm that the threat from the north does to Ukraine, index 0-1. War only."""
    backing: Array
    """How secure Western backing of Ukraine is, 0-1."""
    capability_russia: Array
    """What Russia can still bring to bear on the alliance, index, about 1 in December 2023."""
    standing_ukraine: Array
    """Ukraine's standing: territory held, supply and finances together, 0-1."""
    unshielded_cost: Array
    """Cost of aid, sanctions and flank forces (1 = aid of 2023) times (1 - public attention)."""
