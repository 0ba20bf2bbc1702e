"""Models whose parameters sit at the far ends of their priors, one corner of the cube a world."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import pytest

EDGE = 2.0**-62
"""The smallest quantile that a draw of the model can have; see `sim.draws`."""


@contextmanager
def corners(seed: int) -> Iterator[None]:
    """Within it, models draw every parameter at one end of its prior or at the other.

    World 0 has all of them at the lower end, world 1 all at the upper, every other world ends of
    its own. Models have to be made with `draws=1`, or four worlds share a corner.

    Args:
        seed: of the choice of ends.
    """

    def points(run: int, names: Sequence[str], first: int, count: int) -> np.ndarray:
        upper = np.random.default_rng([seed, run, first]).random((count, len(names))) < 0.5
        upper[0], upper[1] = False, True
        return np.where(upper, 1.0 - 2.0**-53, EDGE)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.sampling.parameter_points", points)
        yield
