"""NATO: donor to Ukraine and guardian of its own flank, spending what attention allows."""

from __future__ import annotations

from agents.actor import Actor, Incentive
from agents.levers import Lever, Menu


class Nato(Actor):
    """The alliance as one actor: weaken Russia, avoid a wider war, mind the budget."""

    name = "nato"
    reference = "claims C01, C08, C14; Henke 2019 on the cost of coalition aid"
    menu = Menu(
        (
            Lever("aid", ("cut", "sustain", "surge")),
            Lever("russia_sanctions", ("ease", "hold", "tighten")),
            Lever("belarus_track", ("engage", "hold", "squeeze")),
            Lever("flank", ("normal", "reinforce")),
        )
    )
    interactions = (
        ("aid", "russia_sanctions"),
        ("aid", "flank"),
        ("russia_sanctions", "belarus_track"),
        ("russia_sanctions", "flank"),
    )
    incentives = (
        Incentive(
            "capability", lambda o: -o.capability_russia, "Russian capability, 1 = Dec 2023", True
        ),
        Incentive("escalation", lambda o: -o.escalation, "risk of a wider war, 0-1", True),
        Incentive(
            "budget",
            lambda o: -o.unshielded_cost,
            "donor cost unshielded by attention, 1 = aid of 2023 unattended",
            True,
        ),
        Incentive("standing", lambda o: o.standing_ukraine, "Ukraine's standing, 0-1", True),
    )
