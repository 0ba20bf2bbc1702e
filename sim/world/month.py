"""One month of the world, given everybody's play: the mechanisms in their fixed order.

The same function advances the real path (with luck and drawn endings) and an actor's projection of
it (expected values): an option is weighed by the world's own mechanisms.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from agents.outlook import Array, Outlook
from sim.world.controls import Controls, Parameters
from sim.world.economy import economy_stage, stress
from sim.world.endings import drawn_endings, expected_endings, hazards, made_ending, war_beliefs
from sim.world.functions import efficiencies, supplies
from sim.world.homefront import homefront_stage
from sim.world.minsk import minsk_stage, payments
from sim.world.state import State, share
from sim.world.war import Battle, Chance, fight, war_stage

type Made = Literal["goes on", "ends"]
"""What happens to the war this month where its end is made."""


@dataclass(slots=True)
class Month:
    """A month in the making: what the stages read, and what they have changed so far.

    All stages before the endings read the state at the month's start, so their order among
    themselves does not matter to a world; endings read what they left.
    """

    start: State
    c: Controls
    p: Parameters
    luck: Chance | None  # multipliers of the month; None for expected values
    draws: Array | None  # uniforms (4, worlds) that draw changes of status; None keeps odds
    e: dict[str, Array]  # efficiency of each function
    battle: Battle
    changes: dict[str, Array] = field(default_factory=dict)
    end: State | None = None
    made: Made | None = None  # what is made of the war's end; None leaves it to the world


def begin(
    s: State,
    c: Controls,
    p: Parameters,
    *,
    luck: Chance | None = None,
    draws: Array | None = None,
    boost: Mapping[str, Array] | None = None,
    optimism: Array | None = None,
    made: Made | None = None,
) -> Month:
    """Open a month: supplies are counted and the battle is joined.

    Args:
        s: state at the month's start.
        c: dials that the play sets.
        p: parameters.
        luck: multipliers of the month; None for expected values.
        draws: uniforms, shape (4, worlds), that draw changes of status; None keeps probabilities.
        boost: factors on the efficiency of named functions, for numerical marginal values.
        optimism: factor on Russia's power, as believed by whoever projects.
        made: what is made of the war's end, on the path of a world.
    """
    e = efficiencies(supplies(s, c, p), p, boost)
    return Month(s, c, p, luck, draws, e, fight(s, c, e, p, luck, optimism), made=made)


def war(m: Month) -> None:
    """Forces, materiel, the front, and what both sides learn from the fighting."""
    m.changes.update(war_stage(m.start, m.c, m.e, m.battle, m.p))
    m.changes.update(war_beliefs(m.start, m.c, m.battle, m.p))


def economies(m: Month) -> None:
    """The standing deal is served; budgets, sanctions, outside partners and Minsk follow."""
    paid = payments(m.start, m.c, m.p)
    m.changes.update(minsk_stage(m.start, m.c, m.e, paid, m.p))
    m.changes.update(economy_stage(m.start, m.c, m.e, m.battle, m.p, m.luck))


def home_fronts(m: Month) -> None:
    """Support for going on, and donors' attention."""
    m.changes.update(homefront_stage(m.start, m.c, m.battle, m.p))


def endings(m: Month) -> None:
    """Ceasefire, settlement, relapse or breakthrough."""
    after = replace(m.start, **m.changes)
    h = hazards(after, m.c, m.battle, m.p)
    if m.made is not None:
        ended = made_ending(after, h, m.p, ends=m.made == "ends")
    elif m.draws is None:
        ended = expected_endings(after, h, m.p)
    else:
        ended = drawn_endings(after, h, m.p, m.draws)
    m.end = replace(after, **ended)


WORLD_STAGES: tuple[tuple[str, Callable[[Month], None]], ...] = (
    ("war", war),
    ("economies", economies),
    ("home fronts", home_fronts),
    ("endings", endings),
)
"""The stages of a month that happen to the world, in order."""


def advance(
    s: State,
    c: Controls,
    p: Parameters,
    *,
    boost: Mapping[str, Array] | None = None,
    optimism: Array | None = None,
) -> tuple[State, Outlook]:
    """A month in expected values: the step of which projections are made.

    Args:
        s: state at the month's start.
        c: dials that the play sets.
        p: parameters.
        boost: factors on the efficiency of named functions.
        optimism: factor on Russia's power, as believed by whoever projects.

    Returns:
        The state at the month's end, and the outlook on the month that payoffs read.
    """
    m = begin(s, c, p, boost=boost, optimism=optimism)
    for _, run in WORLD_STAGES:
        run(m)
    return closed(m), outlook(m)


def closed(m: Month) -> State:
    """The state at the end of a month whose stages have all run."""
    if m.end is None:
        raise RuntimeError("the month's endings have not run yet")
    return m.end


def outlook(m: Month) -> Outlook:
    """What a finished month looks like to the actors' payoffs."""
    s, c, e, battle, p = closed(m), m.c, m.e, m.battle, m.p
    need = 1.0 + p["world.confrontation"] * c.reinforce
    flank = e["russia.flank"] / (e["russia.flank"] + need)
    buffer = e["nato.buffer"] / (1.0 + e["nato.buffer"])
    supply = s.materiel_russia / (s.materiel_russia + p["world.materiel_half"])
    supply_ukraine = s.materiel_ukraine / (s.materiel_ukraine + p["world.materiel_half"])
    solvency = 1.0 / (1.0 + stress(s.fiscal_ukraine))
    might = s.force_russia / p["world.force_reference"] * (0.5 + supply)
    exposed = p["world.flank_threat"] * (s.alignment + 0.6 * s.entered * s.active)
    # strikes guard as far as there is something to strike
    standing = share(s.troops / p["world.troops_launch"] + c.launch)
    watch = share(p["world.guard"] * (c.fortify + c.strike * standing))
    escalation = share(
        p["world.escalation_war"] * battle.intensity
        + p["world.escalation_launch"] * c.launch * s.active
        + p["world.escalation_entry"] * s.entered * s.active
        + p["world.escalation_strike"] * c.strike * s.active
        + p["world.nuclear_risk"] * s.nuclear * (0.5 + 0.5 * c.reinforce)
        + p["world.escalation_posture"] * (c.press * s.active + c.reinforce)
        - p["world.escalation_eased"] * c.engage * c.overture
    )
    cost = (
        p["world.aid_cost"] * c.aid
        + p["world.sanctions_cost"] * c.tighten
        + 0.5 * p["world.sanctions_cost"] * (c.sanctions_goal - p["world.sanctions_eased"])
        + 0.03 * c.squeeze
        + p["world.engage_cost"] * c.engage * (0.5 + s.alignment)
        + p["world.flank_cost"] * c.reinforce
    )
    return Outlook(
        front=s.front,
        casualties_russia=battle.losses_russia,
        casualties_ukraine=battle.losses_ukraine,
        stress_russia=stress(s.fiscal_russia),
        transfers=s.paid,
        outlays=s.paid + s.deferred + p["world.court_cost"] * c.court,
        flank=flank,
        escalation=escalation,
        sanctions_belarus=s.sanctions_belarus,
        retaliation=s.active
        * (
            c.strike * (0.3 + 0.7 * c.launch)
            + p["world.launch_reprisal"] * c.launch
            + p["world.entry_reprisal"] * s.entered
        )
        + p["world.entry_losses"] * battle.losses_belarus,
        regime_security=s.regime_security,
        subordination=1.0 - s.autonomy,
        western_rents=p["world.western_rents"]
        * c.engage
        * c.overture
        * (1.0 - s.sanctions_belarus)
        * (1.0 - p["world.conditionality"] * s.alignment),
        status=s.status_index,
        second_front=s.active * battle.threat * (1.0 - watch),
        backing=share(
            p["world.backing_aid"] * s.aid * (0.5 + 0.5 * s.attention)
            + p["world.backing_flank"] * c.reinforce
            - p["world.backing_strike"] * c.strike * s.active
        ),
        capability_russia=might
        * (1.0 - p["world.buffer_relief"] * buffer)
        * (1.0 - p["world.sanctions_capability"] * s.sanctions_russia)
        + exposed * (1.0 - p["world.flank_relief"] * c.reinforce),
        standing_ukraine=(1.0 - s.front) * (0.4 + 0.6 * supply_ukraine) * (0.6 + 0.4 * solvency),
        unshielded_cost=cost * (1.0 - s.attention),
    )
