"""Imbalance and mutual dependence of two actors (Casciaro & Piskorski 2005)."""

import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.influence.dyads import imbalance, mutual

share = st.floats(0.0, 1.0)


@settings(deadline=None, max_examples=50)
@given(share, share)
def test_who_needs_whom_more_and_how_much_both_do(a: float, b: float) -> None:
    on_first, on_second = xr.DataArray(a), xr.DataArray(b)
    lead = float(imbalance(on_first, on_second))
    assert lead == -float(imbalance(on_second, on_first))
    assert (lead > 0) == (a > b)
    together = float(mutual(on_first, on_second))
    assert together == float(mutual(on_second, on_first))
    assert abs(lead) <= together <= 2.0


def test_an_even_pair_may_be_close_or_apart() -> None:
    close, apart = xr.DataArray(0.6), xr.DataArray(0.0)
    assert float(imbalance(close, close)) == float(imbalance(apart, apart)) == 0.0
    assert float(mutual(close, close)) == 1.2
    assert float(mutual(apart, apart)) == 0.0
