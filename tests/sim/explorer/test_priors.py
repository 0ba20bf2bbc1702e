"""A prior drawn small: its shape follows the density, its mark the median."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.explorer.priors import sketch
from sim.scenario.distributions import Distribution
from tests.sim.explorer.conftest import the_catalogue

LEVERS = list(the_catalogue().parameters.values())


def points(svg: str) -> list[tuple[float, float]]:
    found = re.findall(r"L(-?[\d.]+) (-?[\d.]+)", svg)
    return [(float(x), 22 - float(y)) for x, y in found[:-1]]


def test_a_triangle_peaks_at_its_mode() -> None:
    shape = points(sketch(Distribution("triangular", (0.0, 0.25, 1.0)), 0.0, 1.0, 0.4))
    assert max(shape, key=lambda point: point[1])[0] == pytest.approx(25, abs=3)


def test_a_uniform_is_flat() -> None:
    shape = points(sketch(Distribution("uniform", (0.0, 1.0)), 0.0, 1.0, 0.5))
    heights = [height for _, height in shape]
    assert max(heights) - min(heights) < 1


def test_a_number_is_a_mark_alone() -> None:
    svg = sketch(0.5, 0.0, 1.0, 0.5)
    assert points(svg) == []
    assert "M50.00 0V22" in svg


@given(st.sampled_from(LEVERS))
@settings(deadline=None)
def test_every_prior_of_the_registry_can_be_drawn(lever: object) -> None:
    entry = lever.parameter  # type: ignore[attr-defined]
    low, high = lever.low, lever.high  # type: ignore[attr-defined]
    assert low < high
    middle = entry.prior.median if isinstance(entry.prior, Distribution) else entry.prior
    assert low <= middle <= high
    assert all(-0.1 <= y <= 22.1 for _, y in points(sketch(entry.prior, low, high, middle)))
