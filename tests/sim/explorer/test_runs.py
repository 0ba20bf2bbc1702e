"""Parts of worlds: none missing, none twice, and cut the same way in runs of any size."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.explorer.catalogue import Catalogue
from sim.explorer.runs import PREVIEW, Part, Run, Snapshot, Work, spans
from sim.explorer.workers import Task
from sim.scenario import load_scenario
from tests.sim.explorer.conftest import made_up


@given(st.integers(1, 5000), st.integers(1, 8))
def test_every_world_is_in_one_part(worlds: int, slots: int) -> None:
    parts = spans(worlds, slots)
    assert sorted(k for start, stop in parts for k in range(start, stop)) == list(range(worlds))


def test_a_first_answer_comes_without_the_worlds_that_take_longest() -> None:
    assert spans(500, 2)[0] == PREVIEW
    assert spans(500, 2)[-1] == (0, 64)


@given(st.sampled_from([500, 1000]))
def test_more_worlds_share_the_parts_of_fewer(worlds: int) -> None:
    assert set(spans(2000, 2)) >= {part for part in spans(worlds, 2) if part[1] < worlds}


def test_runs_that_differ_in_words_alone_are_one(catalogue: Catalogue) -> None:
    one = load_scenario("status_quo")
    same = load_scenario("status_quo", {"title": "Otherwise", "note": "the same"})
    other = load_scenario("status_quo", {"months": 12})
    keys = [Work.of(scenario, 1, 500).key for scenario in (one, same, other)]
    assert keys[0] == keys[1] != keys[2]
    assert Work.of(one, 2, 500).key != keys[0]


def task(start: int, stop: int) -> Task:
    return Task(1, load_scenario("status_quo", {"months": 6}), 1, 4, start, stop, "numpy")


def part(start: int, stop: int, months: int, state: str = "running") -> Part:
    made = Part((start, stop))
    for month in range(months):
        made.add(month, made_up(task(start, stop), month, month + 1))
    made.state = "done" if state == "done" else "running"
    return made


def test_what_is_shown_is_whole_or_the_first() -> None:
    work = Work.of(task(0, 1).scenario, 1, 200)
    run = Run(work)
    run.parts = {one.span: one for one in (part(64, 128, 1), part(128, 200, 6), part(0, 64, 1))}
    wanted = work.spans(2)
    assert run.shown(wanted) == []  # worlds that overtook others have none to stand beside
    run.parts[64, 128].add(1, made_up(task(64, 128), 1, 2))
    assert [one.span for one in run.shown(wanted)] == [(64, 128)]
    run.parts[64, 128] = part(64, 128, 6)  # whole, though nobody has said so yet
    assert [one.span for one in run.shown(wanted)] == [(64, 128), (128, 200)]


def test_parts_join_in_the_order_of_worlds() -> None:
    work = Work.of(task(0, 1).scenario, 1, 200)
    parts = [part(64, 128, 6, "done"), part(0, 64, 6, "done")]
    found = Snapshot.of(work, parts)
    assert found is not None
    ds = found.dataset()
    assert ds["world"].values.tolist() == list(range(128))
    assert found.worlds == 128
    whole = made_up(task(0, 128), 0, 6)["front"]
    np.testing.assert_array_equal(ds["front"].values, whole.T)


def test_months_come_in_order() -> None:
    one = part(64, 128, 2)
    with pytest.raises(AssertionError, match="in order"):
        one.add(5, made_up(task(64, 128), 5, 6))
