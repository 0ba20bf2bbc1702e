"""Belarus: rents and a safe regime, against sanctions, retaliation and loss of autonomy."""

from __future__ import annotations

from itertools import combinations

from agents.actor import Actor, Incentive
from agents.levers import Lever, Menu


class Belarus(Actor):
    """Lukashenko's government: lives on rents from Moscow and must survive them."""

    name = "belarus"
    reference = "claims C15, C18-C20; Morrow 1991 on autonomy against security"
    menu = Menu(
        (
            Lever("access", ("deny", "host", "launch")),
            Lever(
                "nuclear_hosting", ("no", "yes"), irreversible=True, threshold="nuclear_threshold"
            ),
            Lever("voice", ("distance", "neutral", "champion")),
            Lever("entry", ("out", "in"), irreversible=True, threshold="entry_threshold"),
            Lever("west", ("closed", "overture")),
        )
    )
    interactions = tuple(combinations(menu.names, 2))
    incentives = (
        Incentive("rents", lambda o: o.transfers / 10, "USD 10 bn a year", True),
        Incentive("sanctions", lambda o: -o.sanctions_belarus, "weight of sanctions, 0-1", True),
        Incentive("retaliation", lambda o: -o.retaliation, "index of strikes and losses", False),
        Incentive("regime_security", lambda o: o.regime_security, "0-1", True),
        Incentive("autonomy", lambda o: -o.subordination, "lost freedom from Moscow, 0-1", True),
        Incentive("western_rents", lambda o: o.western_rents / 10, "USD 10 bn a year", True),
        Incentive("status", lambda o: o.status, "standing, 0-1", True),
    )
