"""Ukraine: its territory and its backers, against casualties and a second front."""

from __future__ import annotations

from agents.actor import Actor, Incentive
from agents.levers import Lever, Menu


class Ukraine(Actor):
    """Fights for territory while watching the north."""

    name = "ukraine"
    reference = "claims C07, C10, C13; Fearon 1995"
    menu = Menu(
        (
            Lever("tempo", ("hold", "grind", "offensive")),
            Lever("talks", ("refuse", "open"), threshold="talks_threshold"),
            Lever("north", ("watch", "fortify", "strike")),
        )
    )
    incentives = (
        Incentive("territory", lambda o: -o.front * 10, "10 points of its territory", True),
        Incentive("casualties", lambda o: -o.casualties_ukraine / 10, "10 thousand a month", False),
        Incentive("second_front", lambda o: -o.second_front, "harm from the north, 0-1", False),
        Incentive("backing", lambda o: o.backing, "security of Western backing, 0-1", True),
    )
