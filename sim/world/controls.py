"""What levers do: from the play of all actors to the dials the mechanisms read.

Play is a probability for each level of each lever: certainties for the month's choices, beliefs in
a projection. A dial is the expected effect, so the mechanisms run unchanged on both (a mean-field
projection: an actor reckons with the average of the others' play, not with its variance).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from agents.outlook import Array

type Play = Mapping[str, Mapping[str, Array]]
"""Actor -> lever -> probability of each level, (levels, worlds) or (levels, options, worlds)."""

type Parameters = Mapping[str, Array]
"""Registry name -> value per world, shape (worlds,)."""


@dataclass(slots=True)
class Controls:
    """The month's dials, each with its unit; shape (worlds,) or (options, worlds)."""

    effort_russia: Annotated[Array, "1 = offensive", "Russia's effort at the front"]
    support: Annotated[Array, "multiple of agreed", "transfers that Russia pays"]
    press: Annotated[Array, "0-1", "Russia presses for entry"]
    talks_russia: Annotated[Array, "0-1", "Russia offers talks"]
    court: Annotated[Array, "0-1", "Russia courts other suppliers"]
    host: Annotated[Array, "0-1", "Belarus lets troops, transit and repair in"]
    launch: Annotated[Array, "0-1", "attacks are launched from Belarus"]
    nuclear: Annotated[Array, "0-1", "Belarus hosts warheads"]
    distance: Annotated[Array, "0-1", "Belarus speaks at a distance from Moscow"]
    neutral: Annotated[Array, "0-1", "Belarus speaks as a neutral"]
    champion: Annotated[Array, "0-1", "Belarus champions Moscow's terms"]
    entry: Annotated[Array, "0-1", "Belarus enters the war"]
    overture: Annotated[Array, "0-1", "Belarus makes overtures to the West"]
    effort_ukraine: Annotated[Array, "1 = offensive", "Ukraine's effort at the front"]
    talks_ukraine: Annotated[Array, "0-1", "Ukraine offers talks"]
    fortify: Annotated[Array, "0-1", "Ukraine fortifies its north"]
    strike: Annotated[Array, "0-1", "Ukraine strikes in Belarus"]
    aid: Annotated[Array, "1 = 2023", "flow of aid that is pledged"]
    sanctions_goal: Annotated[Array, "0-1", "level of sanctions on Russia that policy aims at"]
    tighten: Annotated[Array, "0-1", "sanctions on Russia are being tightened"]
    engage: Annotated[Array, "0-1", "NATO engages Minsk"]
    squeeze: Annotated[Array, "0-1", "NATO squeezes Minsk"]
    reinforce: Annotated[Array, "0-1", "NATO reinforces its flank"]


def controls(play: Play, p: Parameters) -> Controls:
    """Expected effect of every lever.

    Args:
        play: probabilities of levels for all four actors.
        p: parameters of the worlds.
    """
    russia, belarus, ukraine, nato = (play[a] for a in ("russia", "belarus", "ukraine", "nato"))
    hold, grind = p["world.effort_hold"], p["world.effort_grind"]

    def effort(tempo: Array) -> Array:
        return tempo[0] * hold + tempo[1] * grind + tempo[2]

    return Controls(
        effort_russia=effort(russia["tempo"]),
        support=russia["support_minsk"][1] + russia["support_minsk"][2] * p["world.sweeten"],
        press=russia["press_entry"][1],
        talks_russia=russia["talks"][1],
        court=russia["court_others"][1],
        host=belarus["access"][1] + belarus["access"][2],
        launch=belarus["access"][2],
        nuclear=belarus["nuclear_hosting"][1],
        distance=belarus["voice"][0],
        neutral=belarus["voice"][1],
        champion=belarus["voice"][2],
        entry=belarus["entry"][1],
        overture=belarus["west"][1],
        effort_ukraine=effort(ukraine["tempo"]),
        talks_ukraine=ukraine["talks"][1],
        fortify=ukraine["north"][1],
        strike=ukraine["north"][2],
        aid=nato["aid"][0] * p["world.aid_cut"]
        + nato["aid"][1]
        + nato["aid"][2] * p["world.aid_surge"],
        sanctions_goal=nato["russia_sanctions"][0] * p["world.sanctions_eased"]
        + nato["russia_sanctions"][1] * p["world.sanctions_held"]
        + nato["russia_sanctions"][2] * p["world.sanctions_tightened"],
        tighten=nato["russia_sanctions"][2],
        engage=nato["belarus_track"][0],
        squeeze=nato["belarus_track"][2],
        reinforce=nato["flank"][1],
    )
