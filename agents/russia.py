"""Russia: territory and a secure western flank, against casualties, money and escalation."""

from __future__ import annotations

from itertools import combinations

from agents.actor import Actor, Incentive
from agents.levers import Lever, Menu


class Russia(Actor):
    """Wants Ukrainian territory and a dependable Belarus; pays for both."""

    name = "russia"
    reference = "claims C03, C06, C16, C18; Snyder 1984 on the price of keeping an ally"
    menu = Menu(
        (
            Lever("tempo", ("hold", "grind", "offensive")),
            Lever("support_minsk", ("withhold", "sustain", "sweeten")),
            Lever("press_entry", ("no", "yes")),
            Lever("talks", ("refuse", "open"), threshold="talks_threshold"),
            Lever("court_others", ("no", "yes")),
        )
    )
    interactions = tuple(combinations(menu.names, 2))
    incentives = (
        Incentive("territory", lambda o: o.front * 10, "10 points of Ukraine's territory", True),
        Incentive("casualties", lambda o: -o.casualties_russia / 10, "10 thousand a month", False),
        Incentive("fiscal", lambda o: -o.stress_russia, "index of fiscal stress", True),
        Incentive("transfers", lambda o: -o.outlays / 10, "USD 10 bn a year", True),
        Incentive("flank", lambda o: o.flank, "security of the western flank, 0-1", True),
        Incentive("escalation", lambda o: -o.escalation, "risk of a wider war, 0-1", True),
    )
