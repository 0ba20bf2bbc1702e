"""How exactly an outcome is known, and how many worlds it takes."""

import numpy as np
import pytest

from sim.analysis.outcomes import HEADLINE
from sim.analysis.precision import (
    Condition,
    ConditionError,
    Reached,
    next_worlds,
    reached,
    read_condition,
)
from sim.analysis.spread import summary
from tests.support.synthetic import make_run


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("front mcse<0.002", Condition("front", "median", 0.002)),
        (
            "  influence.belarus.russia   mcse < 2e-3 ",
            Condition("influence.belarus.russia", "median", 0.002),
        ),
        ("front[q95] mcse<0.01", Condition("front", "q95", 0.01)),
        ("entry mcse<0.02", Condition("entry", "share", 0.02)),
        ("status.settled mcse<1", Condition("status.settled", "share", 1)),
        ("transfers.total mcse<.5", Condition("transfers.total", "median", 0.5)),
    ],
)
def test_conditions_are_read(text: str, expected: Condition) -> None:
    assert read_condition(text) == expected
    assert read_condition(str(expected)) == expected


@pytest.mark.parametrize("name", HEADLINE)
def test_every_headline_outcome_can_be_asked_for(name: str) -> None:
    assert read_condition(f"{name} mcse<0.1").outcome == name


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "write OUTCOME mcse<NUMBER"),
        ("front", "write OUTCOME mcse<NUMBER"),
        ("front mcse>0.1", "write OUTCOME mcse<NUMBER"),
        ("front se<0.1", "write OUTCOME mcse<NUMBER"),
        ("front mcse<tiny", "tiny is no number above 0"),
        ("front mcse<0", "0 is no number above 0"),
        ("front mcse<nan", "nan is no number above 0"),
        ("frnt mcse<0.1", 'unknown outcome "frnt"; did you mean "front"?'),
        ("influence.belarus mcse<0.1", 'unknown outcome "influence.belarus"'),
        ("front[q96] mcse<0.1", "no quantile q96; there are q05, q25, median, q75, q95"),
        ("entry[q95] mcse<0.1", "entry is an event"),
    ],
)
def test_what_is_no_condition_is_said(text: str, problem: str) -> None:
    with pytest.raises(ConditionError, match=r".") as told:
        read_condition(text)
    assert problem in str(told.value)
    assert "\n" not in str(told.value)


def test_the_error_is_the_one_that_documents_show() -> None:
    ds = make_run(worlds=400, months=3)
    told = summary(ds, "front")["final"]["mcse"]
    found = reached(ds, Condition("front", "median", 0.001))
    assert found.error == told["median"]
    assert reached(ds, Condition("front", "q95", 0.001)).error == told["q95"]
    assert found.error is not None
    assert found.needed == pytest.approx(400 * (found.error / 0.001) ** 2, abs=1)


def test_the_guess_falls_near_what_it_takes() -> None:
    """Errors are guesses themselves: a factor of two and a half either way."""
    below = 0.0005
    few = reached(make_run(worlds=800, months=2), Condition("front", "median", below))
    assert few.needed is not None
    worlds = -(-few.needed // 4) * 4
    enough = reached(make_run(worlds=worlds, months=2), Condition("front", "median", below))
    assert enough.error is not None
    assert below / 1.6 < enough.error < below * 1.6


def test_few_sets_tell_no_error() -> None:
    found = reached(make_run(worlds=96, months=2), Condition("front", "median", 9.0))
    assert (found.error, found.needed, found.met) == (None, None, False)


def test_an_event_in_no_world_is_not_known_for_certain() -> None:
    ds = make_run(worlds=400, months=2)
    ds["concessions"] = ds["concessions"] * 0
    found = reached(ds, Condition("entry", "share", 0.001))
    assert found.error == pytest.approx(1.5 / 100)
    assert found.needed == 6000
    assert not found.met


def test_the_error_of_a_share_counts_sets() -> None:
    ds = make_run(worlds=400, months=2)
    together = np.repeat(np.arange(100) % 2, 4)[:, None] * np.ones(2)
    ds["status"] = ds["status"].copy(data=(together * 2).astype(ds["status"].dtype))
    found = reached(ds, Condition("status.settled", "share", 0.1))
    assert found.error == pytest.approx(0.05, rel=0.02)  # of 100 coins, not of 400


def told(needed: int | None, below: float = 1.0, error: float = 2.0) -> Reached:
    return Reached(Condition("front", "median", below), None if needed is None else error, needed)


@pytest.mark.parametrize(
    ("needed", "expected"),
    [(1000, 1100), (500, 552), (401, 520), (100_000, 1600), (None, 1600), (1500, 1600)],
)
def test_steps_grow_towards_the_guess(needed: int | None, expected: int) -> None:
    assert next_worlds(400, 10_000, 4, [told(needed)]) == expected


def test_steps_take_whole_sets_and_end_at_the_most_allowed() -> None:
    assert next_worlds(400, 10_000, 7, [told(1001)]) % 7 == 0
    assert next_worlds(400, 450, 4, [told(100_000)]) == 450
    done = told(9999, error=0.5)
    assert next_worlds(400, 10_000, 4, [done, told(800)]) == 880
