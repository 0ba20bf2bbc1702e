"""Explanations on demand: worked out once, the latest wish of each page, before all else."""

import pytest

from sim.explorer.inquiries import MOST_KEPT, Inquiries, Inquiry
from sim.explorer.service import Service, WorldsError
from tests.sim.explorer.conftest import Pretender, some_choices
from tests.sim.explorer.test_service import until, work

ONE = work(0.5)


def into(world: int, month: str = "2024-02") -> Inquiry:
    return Inquiry.of(ONE, world, month)


def test_pages_take_turns_and_only_their_latest_wish_counts() -> None:
    asked = Inquiries()
    asked.ask("mine", [into(1), into(2)], now=0, until=5)
    asked.ask("yours", [into(3)], now=0, until=5)
    asked.ask("mine", [into(4)], now=1, until=6)
    assert [asked.next(1), asked.next(1), asked.next(1)] == [into(3), into(4), None]


def test_nobody_works_on_the_same_twice() -> None:
    asked = Inquiries()
    asked.ask("mine", [into(1)], now=0, until=5)
    asked.ask("yours", [into(1)], now=0, until=5)
    assert asked.waiting(0)
    assert asked.next(0) == into(1)
    assert not asked.waiting(0)
    assert asked.next(0) is None
    asked.settle(into(1), some_choices())
    assert asked.next(0) is None
    assert asked.known(into(1)) is some_choices()


def test_a_wish_lapses() -> None:
    asked = Inquiries()
    asked.ask("mine", [into(1)], now=0, until=5)
    assert asked.next(6) is None
    assert not asked.waiting(6)


def test_what_failed_is_tried_again_by_who_asks_anew() -> None:
    asked = Inquiries()
    asked.ask("mine", [into(1)], now=0, until=5)
    assert asked.next(0) == into(1)
    asked.settle(into(1), "no such thing")
    asked.ask("mine", [into(1)], now=1, until=6)  # the page is still there, and was told
    assert asked.next(1) is None
    asked.ask("yours", [into(1)], now=1, until=6)
    assert asked.next(1) == into(1)


def test_the_longest_unasked_go_first() -> None:
    asked = Inquiries()
    for world in range(MOST_KEPT):
        asked.settle(into(world), some_choices())
    assert asked.known(into(0))
    asked.settle(into(MOST_KEPT), some_choices())
    assert asked.known(into(0))
    assert asked.known(into(1)) is None


def test_an_explanation_goes_before_worlds_and_what_is_ahead_gives_way(
    pretender: Pretender,
) -> None:
    pretender.pause = 0.05
    service = Service(1, start=pretender.start)
    try:
        service.want("page ahead", [work(0.5, worlds=64, months=60)], behind=1)
        until(lambda: len(pretender.taken) == 1)
        service.inquire("page", [into(9)])
        until(lambda: service.told(into(9)) is not None)
        assert pretender.dropped == 1
        assert pretender.questions == [(9, "2024-02")]
    finally:
        service.close()


def test_a_process_that_dies_over_one_is_replaced(pretender: Pretender) -> None:
    pretender.dies_on = 1
    service = Service(1, start=pretender.start)
    try:
        service.inquire("page", [into(9)])
        until(lambda: service.told(into(9)) is not None)
        assert pretender.starts == 2
    finally:
        service.close()


def test_a_failure_is_said(pretender: Pretender) -> None:
    pretender.trouble = "ValueError: no such thing"
    service = Service(1, start=pretender.start)

    def failed() -> bool:
        try:
            return service.told(into(9)) is not None
        except WorldsError:
            return True

    try:
        service.inquire("page", [into(9)])
        until(failed)
        with pytest.raises(WorldsError, match="no such thing"):
            service.told(into(9))
    finally:
        service.close()
