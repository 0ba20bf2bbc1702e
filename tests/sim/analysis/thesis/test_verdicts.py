"""Verdicts by the rule, on hand-made sets."""

import numpy as np
import pytest

from sim.analysis.claims import load_hypotheses
from sim.analysis.thesis.verdicts import (
    Share,
    firm,
    firm_over_variants,
    judge,
    verdict,
    verdict_of_variants,
)
from sim.analysis.thesis.within import HIT, MISS, UNDECIDED

RULE = {"supported_share": 0.6, "refuted_share": 0.4, "variants_needed": 4}


def states(hit: int, miss: int, undecided: int) -> np.ndarray:
    return np.array([HIT] * hit + [MISS] * miss + [UNDECIDED] * undecided)


@pytest.mark.parametrize(
    ("hit", "miss", "undecided", "expected"),
    [
        (60, 40, 0, "supported"),
        (59, 41, 0, "undecided"),
        (60, 0, 40, "supported"),
        (59, 0, 41, "undecided"),  # undecided sets stay in the denominator
        (41, 0, 59, "undecided"),
        (40, 0, 60, "refuted"),
        (0, 100, 0, "refuted"),
    ],
)
def test_the_share_of_all_sets_decides(hit: int, miss: int, undecided: int, expected: str) -> None:
    judged = judge("H1", "", "", states(hit, miss, undecided), np.zeros(100), {}, RULE)
    assert judged.verdict == expected
    assert judged.counts() == {"hit": hit, "miss": miss, "undecided": undecided}
    assert judged.share.value == hit / 100


def test_thresholds_are_data() -> None:
    for hypothesis in load_hypotheses().values():
        assert verdict(0.6, hypothesis.rule) == "supported"
        assert verdict(0.4, hypothesis.rule) == "refuted"
    strict = {"supported_share": 0.9, "refuted_share": 0.1}
    assert verdict(0.6, strict) == "undecided"


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ([0.7, 0.7, 0.7, 0.1, 0.1], "supported"),  # with the default, four of six
        ([0.7, 0.7, 0.5, 0.5, 0.5], "undecided"),
        ([0.9, 0.9, 0.9, 0.9, 0.9], "supported"),
    ],
)
def test_four_of_six_variants(others: list[float], expected: str) -> None:
    shares = dict(enumerate([0.7, *others]))
    named = {str(k): share for k, share in shares.items()}
    assert verdict_of_variants(named, "0", RULE) == expected


def test_the_default_counts_by_itself() -> None:
    shares = {"0": 0.5, **{str(k): 0.9 for k in range(1, 6)}}
    assert verdict_of_variants(shares, "0", RULE) == "undecided"
    shares = {"0": 0.1, **{str(k): 0.9 for k in range(1, 6)}}
    assert verdict_of_variants(shares, "0", RULE) == "undecided"
    shares = {"0": 0.1, "1": 0.2, "2": 0.3, "3": 0.4, "4": 0.9, "5": 0.9}
    assert verdict_of_variants(shares, "0", RULE) == "refuted"


def test_errors_of_shares() -> None:
    half = Share.of(np.repeat([0.0, 1.0], 50))
    assert half.error == pytest.approx(0.05)
    assert (half.low, half.high) == pytest.approx((0.4038, 0.5962), abs=1e-4)  # Wilson
    none = Share.of(np.zeros(100))
    assert none.error == pytest.approx(0.015)
    assert none.low == 0.0
    assert none.high == pytest.approx(0.037, abs=1e-3)
    parts = Share.of(np.array([0.25, 0.75] * 50))
    assert parts.error == pytest.approx(0.25 / np.sqrt(99))


def test_a_verdict_is_firm_if_the_interval_says_the_same() -> None:
    assert firm(Share.of(np.zeros(256)), RULE)
    assert not firm(Share.of(np.repeat([0.0, 1.0], [39, 61])), RULE)


def test_over_variants_what_is_near_the_edge_counts_only_where_it_decides() -> None:
    def of(*hits: int) -> dict[str, Share]:
        each = (Share.of(np.repeat([0.0, 1.0], [100 - hit, hit])) for hit in hits)
        return {str(k): share for k, share in enumerate(each)}

    assert firm_over_variants(of(0, 0, 0, 0, 0, 0), "0", RULE)
    assert firm_over_variants(of(0, 0, 0, 0, 41, 59), "0", RULE)  # four are refuted whatever these
    assert not firm_over_variants(of(0, 0, 0, 39, 41, 59), "0", RULE)
    assert not firm_over_variants(of(39, 0, 0, 0, 0, 0), "0", RULE)  # the default decides by itself
    assert firm_over_variants(of(50, 0, 0, 0, 0, 0), "0", RULE)  # undecided, and clearly so
