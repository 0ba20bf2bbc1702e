"""Where verdicts flip: parts, tests, their correction, and a planted cause that is found."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import chi2_contingency, f_oneway

from sim.analysis.thesis.flips import difference, holm, matters, moving, parts_of
from sim.analysis.thesis.verdicts import Judged, judge
from sim.analysis.thesis.within import HIT, MISS
from sim.analysis.thesis.words import flip_brief, flip_sentence

PLAN = {"parts": 3, "parts_of": {"world.kappa": 5}, "level": 0.05, "named": 2}
RULE = {"supported_share": 0.6, "refuted_share": 0.4}


def test_parts_are_even_and_never_part_equals() -> None:
    assert np.bincount(parts_of(np.random.default_rng(1).random(99), 3)).tolist() == [33, 33, 33]
    assert parts_of(np.array([0.5, 1.0, 0.5, 1.0]), 3).tolist() == [0, 1, 0, 1]
    tied = np.array([0.0] * 50 + [1.0, 2.0, 3.0, 4.0])
    split = parts_of(tied, 3)
    assert np.unique(split[:50]).size == 1
    assert np.unique(split).tolist() == list(range(split.max() + 1))


def test_tests_are_those_of_the_library() -> None:
    rng = np.random.default_rng(2)
    part = np.repeat([0, 1, 2], 40)
    hits = (rng.random(120) < np.array([0.2, 0.5, 0.6])[part]).astype(float)
    table = np.array([[hits[part == k].sum(), (1 - hits[part == k]).sum()] for k in range(3)])
    assert difference(hits, part) == pytest.approx(chi2_contingency(table, correction=False).pvalue)
    weights = rng.random(120)
    groups = [weights[part == k] for k in range(3)]
    assert difference(weights, part) == pytest.approx(f_oneway(*groups).pvalue)
    assert difference(np.ones(120), part) == 1.0


def test_holm_by_hand() -> None:
    found = holm(np.array([0.01, 0.04, 0.03, 0.005]))
    assert found == pytest.approx([0.03, 0.06, 0.06, 0.02])


def planted(strength: float) -> Judged:
    rng = np.random.default_rng(3)
    parameters = {f"world.nothing_{k}": rng.random(240) for k in range(100)}
    parameters["world.kappa"] = rng.random(240)
    chance = 0.3 + strength * (parameters["world.kappa"] - 0.5)
    states = np.where(rng.random(240) < chance, HIT, MISS)
    return judge("H3", "", "", states, np.zeros(240), parameters, RULE)


def test_a_cause_is_found_among_many_and_named_with_counts() -> None:
    judged = planted(0.6)
    found = moving(judged, PLAN)
    named = matters(found, PLAN)
    assert [one.name for one in named] == ["world.kappa"]
    assert len(named[0].parts) == 5
    counted = sum(part.hits for part in named[0].parts)
    assert counted == judged.weights.sum()
    sentence = flip_sentence(judged, named, len(found))
    top = max(named[0].parts, key=lambda part: part.share.value)
    assert f"{top.hits:.0f} of {top.share.sets} sets hit" in sentence
    assert "world.kappa" in sentence


def test_nothing_is_named_where_nothing_moves() -> None:
    judged = planted(0.0)
    found = moving(judged, PLAN)
    assert matters(found, PLAN) == []
    assert "None of 101" in flip_sentence(judged, [], len(found))
    assert flip_brief(judged, [], len(found)) == "with none of 101 parameters"


def test_where_it_flips_in_a_few_words() -> None:
    """Neighbouring parts that say the same are one stretch; variants are told with them."""
    kappa = np.linspace(0.0, 1.0, 100)
    states = np.where((kappa > 0.4) & (np.arange(100) % 10 < 9), HIT, MISS)  # 0.9 above 0.4
    judged = judge("H3", "", "", states, np.zeros(100), {"world.kappa": kappa}, RULE)
    assert judged.verdict == "undecided"
    named = matters(moving(judged, PLAN), PLAN)
    assert flip_brief(judged, named, 1) == (
        "refuted where world.kappa is up to 0.394; supported where world.kappa is 0.404 or more"
    )
    grid = [
        {"pressure": p, "precision": k, "verdict": "supported" if k == "low" else "undecided"}
        for p in ("no", "yes")
        for k in ("low", "high")
    ]
    with_grid = replace(judged, beside={"axes": ["pressure", "precision"], "grid": grid})
    points = "upported at 2 of 4 points of the grid (precision low)"
    assert flip_brief(with_grid, [], 1) == f"with none of 1 parameters; s{points}"
    assert flip_sentence(with_grid, [], 1).startswith(f"S{points}. None of 1")
    variants = {"bargained": {"verdict": "undecided"}, "no_linkage": {"verdict": "refuted"}}
    with_variants = replace(judged, beside={"variants": variants})
    assert flip_brief(with_variants, [], 1) == (
        "with none of 1 parameters; variants: undecided bargained; refuted no linkage"
    )
