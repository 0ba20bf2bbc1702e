"""The war: supply, power, attrition, the front, and the threat from the north.

Belarus enters only by what it gives: ammunition and repairs (through Russia's arms), an axis that
fixes Ukrainian brigades, a launch azimuth while it still surprises, and a small entry force.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from agents.outlook import Array
from sim.world.controls import Controls, Parameters
from sim.world.state import State, share, toward


@dataclass(slots=True)
class Chance:
    """A month's luck: positive multipliers of mean 1, each shape (worlds,)."""

    push_russia: Array
    push_ukraine: Array
    losses_russia: Array
    losses_ukraine: Array
    oil: Array
    gas: Array


@dataclass(slots=True)
class Battle:
    """What the war stage tells the stages after it, each with its unit."""

    power_russia: Annotated[Array, "thousand equivalents", "effective power of Russia"]
    power_ukraine: Annotated[Array, "thousand equivalents", "effective power of Ukraine"]
    losses_russia: Annotated[Array, "thousand a month", "Russian killed and wounded"]
    losses_ukraine: Annotated[Array, "thousand a month", "Ukrainian killed and wounded"]
    losses_belarus: Annotated[Array, "thousand a month", "Belarusian killed and wounded"]
    advance: Annotated[Array, "share of territory a month", "movement of the front towards Ukraine"]
    toll_russia: Annotated[Array, "thousand a month", "Russian losses if there is fighting"]
    toll_ukraine: Annotated[Array, "thousand a month", "Ukrainian losses if there is fighting"]
    vigour: Annotated[Array, "0-1", "intensity if there is fighting"]
    threat: Annotated[Array, "0-1", "threat from the north as Ukraine meets it"]
    intensity: Annotated[Array, "0-1", "how hard the fighting is; 0 when nobody fights"]


def contest(own: Array, enemy: Array) -> Array:
    """Contest success: own^2 / (own^2 + enemy^2) (Tullock 1980; Hirshleifer 1989)."""
    a, b = own * own, enemy * enemy
    return a / (a + b)


def attrition(enemy: Array, own: Array, rate: Array | float, exponent: Array | float) -> Array:
    """Lanchester losses per unit of time: rate * enemy * own^(2 - exponent).

    Exponent 2 is the square law (aimed fire), 1 the linear law (area fire); values between are the
    mixed laws that Turchin (2003) discusses.

    Args:
        enemy: strength of the enemy.
        own: own strength, same unit.
        rate: per unit of time (square law), per unit of time and strength (linear law).
        exponent: in [1, 2].
    """
    return rate * enemy * own ** (2.0 - exponent)


def lanchester(
    a: Array, b: Array, rate_a: float, rate_b: float, exponent: float, months: float, steps: int
) -> tuple[Array, Array]:
    """Integrate the attrition law for two sides with fixed steps of Heun's method.

    Args:
        a: strength of side A, which loses at `rate_b` times side B.
        b: strength of side B, which loses at `rate_a` times side A.
        rate_a: effectiveness of A against B.
        rate_b: effectiveness of B against A.
        exponent: in [1, 2].
        months: duration.
        steps: number of steps; more converge to the closed form.

    Returns:
        Strengths at the end, never below zero.
    """
    dt = months / steps
    for _ in range(steps):
        da, db = attrition(b, a, rate_b, exponent), attrition(a, b, rate_a, exponent)
        a1, b1 = (a - dt * da).clip(0.0), (b - dt * db).clip(0.0)
        da1, db1 = attrition(b1, a1, rate_b, exponent), attrition(a1, b1, rate_a, exponent)
        a = (a - 0.5 * dt * (da + da1)).clip(0.0)
        b = (b - 0.5 * dt * (db + db1)).clip(0.0)
    return a, b


def northern_threat(s: State, c: Controls, e: Mapping[str, Array], p: Parameters) -> Array:
    """Threat from Belarus's territory as Ukraine perceives it, 0-1.

    Rises with the axis that access opens, the troops that stand there, nuclear hosting (claim C13)
    and the belief that Belarus will enter (claim C05: from basing, not from words).
    """
    # what Russia would lose of its axes without Belarus
    axis = 1.0 - p["world.access_own"] / e["russia.access"]
    standing = (s.troops / p["world.troops_launch"]).clip(0.0, 1.0)
    return share(
        axis * (0.5 + 0.5 * standing)
        + p["world.nuclear_threat"] * s.nuclear
        + p["world.entry_threat"] * s.entry_belief
        + 0.5 * s.entered * s.active
    )


def fight(
    s: State,
    c: Controls,
    e: Mapping[str, Array],
    p: Parameters,
    luck: Chance | None,
    optimism: Array | None = None,
) -> Battle:
    """Powers, losses and movement of one month.

    Args:
        s: state at the month's start.
        c: dials of the month.
        e: efficiency of each function this month.
        p: parameters.
        luck: the month's luck; None for expected values.
        optimism: factor on Russia's power as the projecting side believes it; None for the truth.
    """
    threat = northern_threat(s, c, e, p)
    held = p["world.fixed_watch"] + p["world.fixed_fortify"] * c.fortify
    fixed = (held * threat).clip(0.0, 0.9)
    supply_russia = 0.5 + 0.5 * s.materiel_russia / (s.materiel_russia + p["world.materiel_half"])
    supply_ukraine = 0.5 + 0.5 * s.materiel_ukraine / (
        s.materiel_ukraine + p["world.materiel_half"]
    )
    azimuth = 1.0 + p["world.launch_bonus"] * c.launch * s.surprise
    # who advanced fast holds long lines with tired troops, in attack and in defence
    thin_russia = 1.0 / (1.0 + p["world.overstretch"] * s.overextension_russia)
    thin_ukraine = 1.0 / (1.0 + p["world.overstretch"] * s.overextension_ukraine)
    power_russia = (s.force_russia + s.force_belarus) * supply_russia * azimuth * thin_russia
    if optimism is not None:
        power_russia = power_russia * optimism
    front_ukraine = s.force_ukraine * (1.0 - fixed)
    power_ukraine = front_ukraine * supply_ukraine * thin_ukraine * p["world.quality_ukraine"]

    # talking restrains: an offensive in the middle of talks ends them
    effort_russia = c.effort_russia * (1.0 - p["world.restraint"] * c.talks_russia)
    effort_ukraine = c.effort_ukraine * (1.0 - p["world.restraint"] * c.talks_ukraine)
    dug_in = 1.0 + p["world.defence"] * (0.5 + s.fortification)
    push_russia = effort_russia * contest(power_russia, power_ukraine * dug_in)
    push_ukraine = effort_ukraine * contest(power_ukraine, power_russia * dug_in)
    open_line = 1.0 - s.fortification
    speed = p["world.front_speed"] * (1.0 + p["world.fluidity"] * open_line * open_line)
    # where nobody fights: the toll if both resumed, at a grind
    resumed = (1.0 - s.active) * p["world.effort_grind"]
    tempo_russia = s.active * c.effort_russia + resumed
    tempo_ukraine = s.active * c.effort_ukraine + resumed
    vigour = 0.25 + 0.5 * tempo_russia + 0.25 * tempo_ukraine
    ref, n = p["world.force_reference"], p["world.lanchester"]
    exposed_russia = 0.25 + 0.6 * tempo_russia + 0.15 * tempo_ukraine
    exposed_ukraine = 0.25 + 0.3 * tempo_russia + 0.45 * tempo_ukraine
    losses_russia = (
        p["world.losses_russia"]
        * exposed_russia
        * attrition(power_ukraine / ref, s.force_russia / ref, 1.0, n)
    )
    losses_ukraine = (
        p["world.losses_ukraine"]
        * exposed_ukraine
        * (1.0 + p["world.azimuth_losses"] * c.launch)
        * attrition(power_russia / ref, s.force_ukraine / ref, 1.0, n)
    )
    if luck is not None:
        push_russia, push_ukraine = push_russia * luck.push_russia, push_ukraine * luck.push_ukraine
        losses_russia, losses_ukraine = (
            losses_russia * luck.losses_russia,
            losses_ukraine * luck.losses_ukraine,
        )
    return Battle(
        power_russia=power_russia,
        power_ukraine=power_ukraine,
        losses_russia=s.active * losses_russia,
        losses_ukraine=s.active * losses_ukraine,
        losses_belarus=p["world.losses_belarus"] * s.force_belarus * s.active * vigour,
        advance=speed * s.active * (push_russia - push_ukraine),
        threat=threat,
        intensity=s.active * vigour,
        toll_russia=losses_russia,
        toll_ukraine=losses_ukraine,
        vigour=vigour,
    )


def war_stage(
    s: State, c: Controls, e: Mapping[str, Array], battle: Battle, p: Parameters
) -> dict[str, Array]:
    """The month's change of everything military.

    Returns:
        New values of the military fields of the state.
    """
    drain_russia = p["world.materiel_use"] * (0.45 + 0.55 * c.effort_russia) * s.active
    drain_ukraine = p["world.materiel_use"] * (0.45 + 0.55 * c.effort_ukraine) * s.active
    stillness = 1.0 / (1.0 + abs(battle.advance) / p["world.still"])
    gain = battle.advance.clip(0.0) / p["world.stretch"]
    loss = (-battle.advance).clip(0.0) / p["world.stretch"]
    pay = p["world.recruit_pay"]
    recruits_russia = (
        p["world.recruits_russia"]
        * s.mobilisation_russia
        * s.support_russia
        * (1.0 - s.force_russia / p["world.force_cap_russia"])
        * (1.0 + pay * s.fiscal_russia).clip(0.2, 1.3)
    )
    recruits_ukraine = (
        p["world.recruits_ukraine"]
        * s.mobilisation_ukraine
        * s.support_ukraine
        * (1.0 - s.force_ukraine / p["world.force_cap_ukraine"])
        * (1.0 + pay * s.fiscal_ukraine).clip(0.2, 1.3)
    )
    build, wear = p["world.mobilising"], p["world.stretch_wear"]
    # a truce is armed: ranks and stocks are refilled; after it armies go home
    peace = 1.0 - s.active - s.ceasefire
    armed, home = 1.0 - peace, peace * p["world.demobilising"]
    to_russia = home * (p["world.force_peace_russia"] - s.force_russia)
    to_ukraine = home * (p["world.force_peace_ukraine"] - s.force_ukraine)
    stored = home * p["world.materiel_peace"]
    joining = p["world.entry_force"] * s.entered * s.active
    return {
        "front": share(s.front + battle.advance),
        "force_russia": (
            s.force_russia + armed * recruits_russia - battle.losses_russia + to_russia
        ).clip(20.0),
        "force_ukraine": (
            s.force_ukraine + armed * recruits_ukraine - battle.losses_ukraine + to_ukraine
        ).clip(20.0),
        "force_belarus": (toward(s.force_belarus, joining, 0.5) - battle.losses_belarus).clip(0.0),
        "mobilisation_russia": toward(s.mobilisation_russia, 1.0 + 0.0 * gain, build),
        "mobilisation_ukraine": toward(s.mobilisation_ukraine, 1.0 + 0.0 * gain, build),
        "materiel_russia": (
            s.materiel_russia * (1.0 - home) + armed * e["russia.arms"] - drain_russia + stored
        ).clip(0.0, 12.0),
        "materiel_ukraine": (
            s.materiel_ukraine * (1.0 - home) + armed * e["ukraine.arms"] - drain_ukraine + stored
        ).clip(0.0, 12.0),
        "fortification": share(
            s.fortification
            + p["world.dig_in"] * stillness * (1.0 - s.fortification)
            - (1.0 - stillness) * p["world.erosion"] * s.fortification
        ),
        # a retreat shortens the line
        "overextension_russia": (1.0 - wear) * s.overextension_russia / (1.0 + loss) + gain,
        "overextension_ukraine": (1.0 - wear) * s.overextension_ukraine / (1.0 + gain) + loss,
        "surprise": share(
            s.surprise
            + p["world.surprise_return"] * (1.0 - s.surprise)
            - p["world.surprise_spent"] * c.launch * s.surprise * s.active
        ),
        "casualties_russia": s.casualties_russia + battle.losses_russia,
        "casualties_ukraine": s.casualties_ukraine + battle.losses_ukraine,
        "casualties_belarus": s.casualties_belarus + battle.losses_belarus,
    }
