"""What an option is worth: the exact rollout.

An option is held for some months with the others at their believed play, then the flow of the last
month goes on for a terminal span. Every month of it is `sim.world.month.advance` in expected
values. This is the reference that anything faster must agree with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields

from agents.outlook import Array, Outlook
from sim.world.controls import Controls, Parameters
from sim.world.month import advance
from sim.world.state import State

type Payoffs = Callable[[State, Controls, int], Mapping[str, Array]]
"""Projects play that is held for some months: actor -> discounted payoff, (options, worlds)."""


def project(
    s: State,
    c: Controls,
    p: Parameters,
    horizon: int,
    *,
    terminal: bool = True,
    boost: Mapping[str, Array] | None = None,
    optimism: Array | None = None,
) -> Outlook:
    """Discounted sum of the outlooks of play that is held.

    Args:
        s: state now, fields of shape (worlds,).
        c: dials held throughout, shape (options, worlds) where they differ by option.
        p: parameters; `world.discount` per month, `world.terminal_months` after the horizon.
        horizon: months for which the play is held, >= 1.
        terminal: whether the last month's flow goes on for the terminal span.
        boost: factors on functions' efficiencies.
        optimism: factor on Russia's power, as believed by whoever projects, shape (worlds,).

    Returns:
        The sum, each field broadcastable to (options, worlds). Payoffs being linear in it, an
        actor's payoff of this outlook is the value of the option to that actor.
    """
    months = flows(s, c, p, horizon, boost=boost, optimism=optimism)
    total = None
    for weight, seen in zip(weights(p, horizon, terminal=terminal), months, strict=True):
        total = _add(total, seen, weight)
    assert total is not None
    return total


def flows(
    s: State,
    c: Controls,
    p: Parameters,
    horizon: int,
    *,
    boost: Mapping[str, Array] | None = None,
    optimism: Array | None = None,
) -> Iterator[Outlook]:
    """The outlooks of play that is held, month after month; arguments as in `project`."""
    if horizon < 1:
        raise ValueError("the horizon of a projection is at least one month")
    for _ in range(horizon):
        s, seen = advance(s, c, p, boost=boost, optimism=optimism)
        yield seen


def weights(p: Parameters, horizon: int, *, terminal: bool) -> list[Array | float]:
    """What a unit of payoff counts for in each month held, the flow that goes on included."""
    delta = p["world.discount"]
    out: list[Array | float] = [1.0]
    for _ in range(horizon - 1):
        out.append(out[-1] * delta)
    if terminal:
        tail = delta * (1.0 - delta ** p["world.terminal_months"]) / (1.0 - delta)
        out[-1] = out[-1] * (1.0 + tail)
    return out


def _add(total: Outlook | None, month: Outlook, weight: Array | float) -> Outlook:
    return Outlook(
        **{
            f.name: weight * getattr(month, f.name)
            if total is None
            else getattr(total, f.name) + weight * getattr(month, f.name)
            for f in fields(Outlook)
        }
    )
