"""Random numbers that are functions of their meaning (docs/format.md).

A chance number is fixed by (seed, purpose, world, month) and by nothing else: raw bits of a Philox
counter generator keyed by seed and purpose, its counter set from block and month. A parameter draw
is fixed by (seed, set, parameter): a Sobol point, digitally shifted per block of sets. World k
is therefore the same world in every run, and any one of them can be drawn alone.
"""

from __future__ import annotations

import hashlib
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

FORMAT = 1
"""Raised by any change that alters a world's bits; see docs/format.md."""

DEFAULT_SEED = 1
DEFAULT_DRAWS = 4
BLOCK = 1024
"""Worlds that share one Philox counter block."""
TILE = 64
"""Worlds that are always computed side by side; shorter blocks are padded to a multiple of it, so
that every world takes the same path through NumPy's kernels and has the same bits."""
SETS = 256
"""Parameter sets that share one scramble of the Sobol sequence."""

_LANES = 4  # numbers that one Philox4x64 counter yields
_SOBOL_BITS = 30


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


@lru_cache(maxsize=4)
def _sobol(dimensions: int) -> NDArray[np.uint64]:
    """The first SETS points of the unscrambled Sobol sequence as integers, (SETS, dimensions)."""
    from scipy.stats import qmc  # slow to import

    points = qmc.Sobol(dimensions, scramble=False, bits=_SOBOL_BITS).random(SETS)
    return (points * 2.0**_SOBOL_BITS).astype(np.uint64)


def parameter_points(seed: int, dimensions: int, first_set: int, count: int) -> NDArray[np.float64]:
    """Points in the open unit cube for parameter sets first_set .. first_set+count-1.

    A Sobol sequence, one dimension per registry entry, started anew every SETS sets under a random
    digital shift keyed by (seed, block of sets, dimension). Adding a dimension leaves the others
    as they were.

    Returns:
        Shape (count, dimensions).
    """
    base = _sobol(dimensions)
    out = np.empty((count, dimensions))
    done = 0
    while done < count:
        block, inside = divmod(first_set + done, SETS)
        take = min(count - done, SETS - inside)
        raw = np.random.Philox(
            key=np.array([seed, purpose_key("parameters")], dtype=np.uint64),
            counter=np.array([0, 0, block, 0], dtype=np.uint64),
        ).random_raw(dimensions)
        shift = raw >> np.uint64(64 - _SOBOL_BITS)
        out[done : done + take] = base[inside : inside + take] ^ shift
        done += take
    return (out + 0.5) * 2.0**-_SOBOL_BITS
