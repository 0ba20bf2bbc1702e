"""Random numbers that are functions of their meaning (docs/format.md).

A chance number is fixed by (seed, purpose, world, month) and by nothing else: raw bits of a Philox
counter generator keyed by seed and purpose, its counter set from block and month. A parameter draw
is fixed by (seed, parameter's name, set): its coordinate in a Latin hypercube per block of sets.
World k is therefore the same world in every run, and any one of them can be drawn alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

FORMAT = 2
"""Raised by any change that alters a world's bits; see docs/format.md."""

DEFAULT_SEED = 1
DEFAULT_DRAWS = 4
BLOCK = 1024
"""Worlds that share one Philox counter block."""
TILE = 64
"""Worlds that are always computed side by side; shorter blocks are padded to a multiple of it, so
that every world takes the same path through NumPy's kernels and has the same bits."""
SETS = 256
"""Parameter sets that make up one Latin hypercube."""

type Vary = Literal["both", "unknown", "chance"]
"""What differs between worlds: sets of parameters and chance, or only one of them."""
VARY: tuple[Vary, ...] = get_args(Vary.__value__)

_LANES = 4  # numbers that one Philox4x64 counter yields


@cache
def purpose_key(purpose: str) -> int:
    """64-bit key of a purpose, from its name: adding a purpose shifts nobody else's draws."""
    return int.from_bytes(hashlib.blake2b(purpose.encode(), digest_size=8).digest(), "little")


def uniforms(seed: int, purpose: str, month: int, first: int, count: int) -> NDArray[np.float64]:
    """Uniform numbers in the open interval (0, 1) for worlds first .. first+count-1.

    Args:
        seed: of the run, 0 <= seed < 2**64.
        purpose: what the numbers are for, such as "choice.russia.tempo".
        month: months since the start of the scenario.
        first: index of the first world.
        count: number of worlds.

    Returns:
        Shape (count,), multiples of 2**-53 offset by half a step.
    """
    out = np.empty(count)
    done = 0
    while done < count:
        block, inside = divmod(first + done, BLOCK)
        take = min(count - done, BLOCK - inside)
        start = inside - inside % _LANES
        bits = np.random.Philox(
            key=np.array([seed, purpose_key(purpose)], dtype=np.uint64),
            counter=np.array([start // _LANES, 0, block, month], dtype=np.uint64),
        ).random_raw(inside - start + take)
        out[done : done + take] = bits[inside - start :] >> np.uint64(11)
        done += take
    return (out + 0.5) * 2.0**-53


def uniforms_of_draws(
    seed: int, purpose: str, month: int, first: int, count: int, draws: int
) -> NDArray[np.float64]:
    """Uniform numbers in which every set of worlds meets the same draws of chance.

    World k has the numbers that `uniforms` gives world k % draws.

    Args:
        seed: as in `uniforms`.
        purpose: likewise.
        month: likewise.
        first: index of the first world.
        count: number of worlds.
        draws: worlds per set.

    Returns:
        Shape (count,).
    """
    if draws <= count:
        return uniforms(seed, purpose, month, 0, draws)[np.arange(first, first + count) % draws]
    start = first % draws
    before = min(count, draws - start)  # the worlds up to the end of a set, if it ends among them
    parts = [(start, before), (0, count - before)]
    return np.concatenate([uniforms(seed, purpose, month, at, many) for at, many in parts])


def uniforms_of_futures(
    seed: int, purpose: str, month: int, world: int, first: int, count: int
) -> NDArray[np.float64]:
    """Uniform numbers for other futures of one world.

    Future f of world k has the same numbers whatever month it parts from the world's own path, and
    however many futures are followed. Future 0 is the world's own path, whose numbers are those of
    `uniforms` (or `uniforms_of_draws`): nothing here is ever read for it.

    Args:
        seed: of the run.
        purpose: as in `uniforms`.
        month: likewise.
        world: index of the world.
        first: number of the first future.
        count: number of futures.

    Returns:
        Shape (count,).
    """
    return uniforms(seed, f"{purpose} in futures of world {world}", month, first, count)


def check_vary(word: str) -> Vary:
    """The word itself, if it says what differs between worlds.

    Raises:
        ValueError: it does not.
    """
    if word not in VARY:
        raise ValueError(f"must be {', '.join(VARY[:-1])} or {VARY[-1]}, not {word}")
    return word


def parameter_points(
    seed: int, names: Sequence[str], first_set: int, count: int
) -> NDArray[np.float64]:
    """Points in the open unit cube for parameter sets first_set .. first_set+count-1.

    Every block of SETS sets is a Latin hypercube (McKay, Beckman & Conover 1979): each parameter
    takes each of SETS equal strata once, in an order of its own. With hundreds of parameters and
    tens of sets this keeps errors estimated from sets honest; a Sobol sequence of so many
    dimensions does not, since its coordinates repeat one another's halves
    (docs/format.md).

    Args:
        seed: of the run, 0 <= seed < 2**64.
        names: of the parameters; the numbers of one depend on its name and on no other's.
        first_set: index of the first set.
        count: number of sets.

    Returns:
        Shape (count, names).
    """
    out = np.empty((count, len(names)))
    done = 0
    while done < count:
        block, inside = divmod(first_set + done, SETS)
        take = min(count - done, SETS - inside)
        cube = _hypercube(seed, tuple(names), block)
        out[done : done + take] = cube[inside : inside + take]
        done += take
    return out


@lru_cache(maxsize=4)
def _hypercube(seed: int, names: tuple[str, ...], block: int) -> NDArray[np.float64]:
    """One block of points, (SETS, names)."""
    cube = np.empty((SETS, len(names)))
    for k, name in enumerate(names):
        bits = np.random.Philox(
            key=np.array([seed, purpose_key(f"parameter {name}")], dtype=np.uint64),
            counter=np.array([0, 0, block, 0], dtype=np.uint64),
        ).random_raw(2 * SETS)
        strata = np.argsort(bits[:SETS], kind="stable")
        within = ((bits[SETS:] >> np.uint64(11)) + 0.5) * 2.0**-53
        cube[:, k] = (strata + within) / SETS
    # the very last number of the top stratum could round to 1
    return np.minimum(cube, 1.0 - 2.0**-53)
