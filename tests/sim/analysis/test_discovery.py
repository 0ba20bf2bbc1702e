"""Scenario discovery, and its checks against finding something in nothing."""

import numpy as np
import pytest

from sim.analysis.by_set import BySet, BySetError
from sim.analysis.discovery import Interest, discover, interest
from sim.analysis.outcomes import measure


def sets_of(x: np.ndarray, y: np.ndarray) -> BySet:
    return BySet(measure("front"), {f"p{k}": x[:, k] for k in range(x.shape[1])}, y, 4, None)


@pytest.fixture(scope="module")
def planted() -> BySet:
    rng = np.random.default_rng(1)
    x = rng.random((800, 50))
    inside = (x[:, 30] > 0.6) & (x[:, 31] < 0.5)
    return sets_of(x, inside + rng.normal(0.0, 0.3, 800))


def test_a_planted_box_is_found_among_many_parameters_and_holds_elsewhere(planted: BySet) -> None:
    found = discover(planted, Interest("above", 0.5))
    assert {one.name for one in found.limits} == {"p30", "p31"}
    by_name = {one.name: one for one in found.limits}
    assert by_name["p30"].low == pytest.approx(0.6, abs=0.02)
    assert by_name["p31"].high == pytest.approx(0.5, abs=0.02)
    for one in found.limits:
        assert one.again == 1.0
        assert one.quasi_p < 1e-6
    between = by_name["p30"].low_between
    assert between is not None
    assert between[0] < 0.6 < between[1] + 0.02
    density, coverage = found.elsewhere
    assert density > 0.9
    assert coverage > 0.75
    assert found.more_than_nothing
    assert found.box.agreement > found.nothing + 0.4
    told = found.document()
    assert told["box"]["density"] == found.box.density
    assert sum(step["chosen"] for step in told["trajectory"]) == 1


def test_in_nothing_the_box_does_not_hold_elsewhere_and_is_no_better_than_shuffles() -> None:
    rng = np.random.default_rng(2)
    found = discover(sets_of(rng.random((300, 40)), rng.normal(size=300)), Interest("above", 0.8))
    assert not found.more_than_nothing
    density, _ = found.elsewhere
    assert density == pytest.approx(found.of_interest, abs=0.08)


def test_the_same_seed_finds_the_same(planted: BySet) -> None:
    one, other = (discover(planted, Interest("above", 0.5), seed=9) for _ in range(2))
    assert one.document() == other.document()


def test_interest_is_a_threshold_or_a_share_at_one_end(planted: BySet) -> None:
    assert interest(planted, "below", 0.1, None) == Interest("below", 0.1)
    top, bottom = (interest(planted, side, None, 0.25) for side in ("above", "below"))
    assert top.of(planted.values).mean() == pytest.approx(0.25, abs=0.005)
    assert bottom.of(planted.values).mean() == pytest.approx(0.25, abs=0.005)
    assert top.threshold > bottom.threshold
    assert interest(planted, "above", None, None).top == 0.2


def test_too_few_cases_are_refused_with_where_values_lie(planted: BySet) -> None:
    with pytest.raises(BySetError, match=r"--above: 0 of 800 sets lie above 9; at least 20"):
        discover(planted, Interest("above", 9.0))
    level = sets_of(planted.matrix(), np.zeros(planted.sets))  # no share lies beyond the others
    with pytest.raises(BySetError, match="--top: 0 of 800 sets lie above 0;"):
        discover(level, interest(level, "above", None, 0.2))
    with pytest.raises(BySetError, match="--bottom: 0 of 800 sets lie below 0;"):
        discover(level, interest(level, "below", None, 0.2))
    few = sets_of(planted.matrix()[:99], planted.values[:99])
    with pytest.raises(BySetError, match="give 400 worlds or more"):
        discover(few, Interest("above", 0.5))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "influence.belarus.russia",
            "--below takes total variation, 0 to 1: 0.5 is shown as 50 of 100 choices",
        ),
        (
            "front",
            "--below takes a share of territory, 0 to 1: 0.5 is shown as 50 % of Ukraine’s "
            "territory",
        ),
        (
            "status.settled",
            "--below takes a share of worlds, 0 to 1: 0.5 is shown as 50 of 100 worlds",
        ),
        ("payoff.belarus", "--below takes payoff a month"),
    ],
)
def test_a_refused_threshold_is_told_in_which_units_it_is_given(name: str, said: str) -> None:
    rng = np.random.default_rng(1)
    values = np.linspace(0.0, 1.0, 201)
    source = BySet(measure(name), {"p": rng.random(201)}, values, 4, None)
    with pytest.raises(BySetError) as refused:
        discover(source, Interest("below", 50.0))
    assert str(refused.value).endswith(f". {said}")
