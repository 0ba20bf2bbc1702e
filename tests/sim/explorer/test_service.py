"""Worlds on demand: shared, dropped when nobody wants them, bounded, and alive after a death."""

import time
from collections.abc import Callable

import pytest

from sim.explorer.runs import Work
from sim.explorer.service import MOST_TICKETS, Service, WorldsError
from sim.scenario import load_scenario
from tests.sim.explorer.conftest import Pretender

PATIENCE = 20.0


def work(rents: float, worlds: int = 200, months: int = 6) -> Work:
    changes = {"actors.belarus.incentives.rents": rents, "months": months}
    return Work.of(load_scenario("status_quo", changes), 1, worlds)


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, "nothing came"
        time.sleep(0.005)


def finished(service: Service, *works: Work) -> bool:
    done, wanted = service.progress(works)
    return done == wanted


def test_all_worlds_come_and_are_kept(service: Service, pretender: Pretender) -> None:
    one = work(0.9)
    service.want("page", [one])
    until(lambda: finished(service, one))
    found = service.look(one)
    assert found is not None
    assert (found.worlds, found.months) == (200, 6)
    begun = len(pretender.taken)
    service.want("another page", [one])
    until(lambda: finished(service, one))
    assert len(pretender.taken) == begun == 3


def test_a_preview_takes_the_first_part_only(service: Service, pretender: Pretender) -> None:
    one = work(0.9)
    service.want("page", [one], preview=True)
    until(lambda: service.progress([one], preview=True) == (64 * 6, 64 * 6))
    service.want("page", [one])
    until(lambda: finished(service, one))
    preview = service.look(one, preview=True)
    assert preview is not None
    assert preview.spans == ((64, 128),)
    assert sorted(taken[1:] for taken in pretender.taken) == [(0, 64), (64, 128), (128, 200)]


def test_what_nobody_wants_any_longer_is_dropped(service: Service, pretender: Pretender) -> None:
    pretender.pause = 0.05
    slow, wanted = work(0.5, months=60), work(1.1)
    service.want("page", [slow])
    until(lambda: len(pretender.taken) == 2)
    pretender.pause = 0.0
    service.want("page", [wanted])
    until(lambda: finished(service, wanted))
    assert service.progress([slow])[0] < service.progress([slow])[1]
    assert {taken[0] for taken in pretender.taken} == {0.5, 1.1}


def test_stopping_stops(service: Service, pretender: Pretender) -> None:
    pretender.pause = 0.02
    one = work(0.5, months=60)
    service.want("page", [one])
    until(lambda: len(pretender.taken) == 2)
    service.release("page")
    until(lambda: pretender.dropped == 2)
    assert len(pretender.taken) == 2


def test_two_pages_do_not_disturb_each_other(service: Service, pretender: Pretender) -> None:
    pretender.pause = 0.01
    mine, yours = work(0.5), work(1.1)
    service.want("mine", [mine])
    service.want("yours", [yours])
    service.want("yours", [yours])
    until(lambda: finished(service, mine, yours))
    assert pretender.dropped == 0
    levels = [service.look(one) for one in (mine, yours)]
    fronts = [float(one.dataset()["front"].mean()) for one in levels if one is not None]
    assert fronts[1] - fronts[0] == pytest.approx(0.06)


def test_one_page_leaving_takes_nothing_from_another(
    service: Service, pretender: Pretender
) -> None:
    pretender.pause = 0.01
    one = work(0.5, months=12)
    service.want("mine", [one])
    service.want("yours", [one])
    service.release("mine")
    until(lambda: finished(service, one))
    assert pretender.dropped == 0


def test_a_wish_lapses_when_the_page_is_gone(pretender: Pretender) -> None:
    now = [0.0]
    pretender.pause = 0.02
    service = Service(1, start=pretender.start, clock=lambda: now[0])
    try:
        service.want("page", [work(0.5, months=60)])
        until(lambda: len(pretender.taken) == 1)
        now[0] = 60.0
        until(lambda: pretender.dropped == 1)
        assert len(pretender.taken) == 1
    finally:
        service.close()


def test_first_answers_go_before_full_ones(pretender: Pretender) -> None:
    pretender.pause = 0.01
    service = Service(1, start=pretender.start)
    try:
        service.want("mine", [work(0.5, worlds=500)])
        until(lambda: len(pretender.taken) == 1)
        service.want("yours", [work(1.1)], preview=True)
        until(lambda: len(pretender.taken) >= 2)
        assert pretender.taken[1] == (1.1, 64, 128)
    finally:
        service.close()


def test_memory_is_bounded(pretender: Pretender) -> None:
    service = Service(2, start=pretender.start, cache_bytes=3_000_000)
    try:
        works = [work(0.5 + 0.01 * k) for k in range(8)]
        for one in works:
            service.want("page", [one])
            until(lambda one=one: finished(service, one))  # type: ignore[misc]
        service.want("page", [works[-1]])
        kept = [one for one in works if service.look(one) is not None]
        size = sum(
            array.nbytes
            for one in kept
            if (found := service.look(one)) is not None
            for arrays in found.arrays
            for array in arrays.values()
        )
        assert works[-1] in kept
        assert len(kept) < len(works)
        assert size <= 3_000_000
    finally:
        service.close()


def test_pages_without_number_are_forgotten(service: Service, pretender: Pretender) -> None:
    one = work(0.9)
    for k in range(MOST_TICKETS + 50):
        service.want(f"page {k}", [one])
    assert len(service._wishes) <= MOST_TICKETS


def test_a_process_that_dies_costs_time_and_no_answer(pretender: Pretender) -> None:
    pretender.dies_on = 1
    service = Service(1, start=pretender.start)
    try:
        one = work(0.9)
        service.want("page", [one])
        until(lambda: finished(service, one))
        assert pretender.starts == 2
    finally:
        service.close()


def test_a_failure_is_said_and_tried_again_when_asked_anew(
    service: Service, pretender: Pretender
) -> None:
    pretender.trouble = "ValueError: no such thing"
    one = work(0.9)
    service.want("page", [one])
    until(lambda: service.wait([one], "", 0.0).startswith("ValueError"))
    with pytest.raises(WorldsError, match="no such thing"):
        service.look(one)
    pretender.trouble = ""
    service.release("page")
    service.want("page", [one])
    until(lambda: finished(service, one))


def test_waiting_ends_with_news_or_with_patience(service: Service, pretender: Pretender) -> None:
    one = work(0.9)
    began = time.monotonic()
    stamp = service.wait([one], "-", 0.05)
    assert stamp == "-"
    assert time.monotonic() - began >= 0.05
    service.want("page", [one])
    assert service.wait([one], "[]", PATIENCE) != "[]"


def test_what_is_simulated_ahead_gives_way(pretender: Pretender) -> None:
    pretender.pause = 0.02
    service = Service(1, start=pretender.start)
    try:
        ahead, asked = work(0.5, worlds=64, months=60), work(1.1, worlds=64)
        service.want("page ahead", [ahead], behind=True)
        until(lambda: len(pretender.taken) == 1)
        service.want("page", [asked])
        until(lambda: finished(service, asked))
        assert pretender.dropped == 1
        until(lambda: len(pretender.taken) == 3)  # and is taken up again
        assert [taken[0] for taken in pretender.taken] == [0.5, 1.1, 0.5]
    finally:
        service.close()


def test_what_is_asked_for_does_not_give_way_to_more_of_it(pretender: Pretender) -> None:
    pretender.pause = 0.01
    service = Service(1, start=pretender.start)
    try:
        one, other = work(0.5, worlds=64, months=12), work(1.1, worlds=64)
        service.want("page", [one])
        until(lambda: len(pretender.taken) == 1)
        service.want("yours", [other])
        until(lambda: finished(service, one, other))
        assert pretender.dropped == 0
    finally:
        service.close()
