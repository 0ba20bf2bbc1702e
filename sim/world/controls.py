"""What levers do: from the play of all actors to the dials the mechanisms read.

Play is a probability for each level of each lever: certainties for the month's choices, beliefs in
a projection. A dial is the expected effect, so the mechanisms run unchanged on both (a mean-field
projection: an actor reckons with the average of the others' play, not with its variance).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from agents.outlook import Array

type Play = Mapping[str, Mapping[str, Array]]
"""Actor -> lever -> probability of each level, (levels, worlds) or (levels, options, worlds)."""

type Parameters = Mapping[str, Array]
"""Registry name -> value per world, shape (worlds,)."""


@dataclass(slots=True)
class Controls:
    """The month's dials; 0-1 unless said, each shape (worlds,) or (options, worlds)."""

    effort_russia: Array  # offensive effort, 1 = offensive
    support: Array  # share of agreed transfers paid; above 1 when sweetened
    press: Array
    talks_russia: Array
    court: Array
    host: Array  # troops, transit and repair allowed
    launch: Array  # attacks from Belarus
    nuclear: Array
    distance: Array
    neutral: Array
    champion: Array
    entry: Array
    overture: Array
    effort_ukraine: Array
    talks_ukraine: Array
    fortify: Array
    strike: Array
    aid: Array  # pledged flow, 1 = 2023
    sanctions_goal: Array  # level that policy aims at
    tighten: Array
    engage: Array
    squeeze: Array
    reinforce: Array


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
