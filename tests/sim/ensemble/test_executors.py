"""Wherever calls are made, results come in order, few at a time, and deaths only cost time."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from sim.ensemble import executors
from sim.ensemble.executors import InProcess, WorkersError, open_executor, spans
from sim.ensemble.manifest import Manifest
from sim.ensemble.store import Store
from sim.ensemble.trouble import StoreError
from tests.support import fake_engine
from tests.support.calls import (
    die,
    die_once,
    simulate_and_say_where,
    simulate_but_die_once,
    square,
)
from tests.support.fake_engine import SCENARIO

ROOT = Path(__file__).resolve().parents[3]


def at_once(worlds: int) -> xr.Dataset:
    return fake_engine.simulate(SCENARIO, worlds, 1, draws=4, first=0, progress=None)


def test_one_worker_is_this_process() -> None:
    with open_executor() as executor:
        assert isinstance(executor, InProcess)
        assert list(executor.in_order(os.getpid for _ in range(2))) == [os.getpid()] * 2


def test_results_keep_the_order_of_their_calls_and_few_are_under_way() -> None:
    asked: list[int] = []

    def calls() -> Iterator[Callable[[], int]]:
        for number in range(12):
            asked.append(number)
            yield partial(square, number, 0.0 if number % 3 else 0.1)

    with open_executor(workers=2) as executor:
        results = []
        for result in executor.in_order(calls()):
            results.append(result)
            assert len(asked) <= len(results) + executor.slots
    assert results == [number**2 for number in range(12)]


def test_few_worlds_are_not_worth_a_process_and_many_are(tmp_path: Path) -> None:
    def processes(worlds: int) -> set[str]:
        store = Store(tmp_path / str(worlds), simulate_and_say_where, executor=executor)
        kept = Manifest.read(store.fetch(SCENARIO, worlds, 1, 4).path)
        assert kept is not None
        return set(kept.engine.split(", "))

    with open_executor(workers=2, worth=128) as executor:
        assert processes(127) == {f"process {os.getpid()}"}
        assert f"process {os.getpid()}" not in processes(128)
    with open_executor(workers=2) as asked:
        assert asked.sharing(1) is asked


def test_a_pool_serves_more_than_once_with_the_same_processes() -> None:
    with open_executor(workers=1 + 1) as executor:
        first = set(executor.in_order([os.getpid] * 4))
        again = set(executor.in_order([os.getpid] * 4))
    assert os.getpid() not in first | again
    assert len(first | again) <= 2


def test_a_worker_that_dies_costs_no_results(tmp_path: Path) -> None:
    with open_executor(workers=2) as executor:
        calls = [partial(die_once, tmp_path / "died", number) for number in range(6)]
        assert list(executor.in_order(calls)) == [number**2 for number in range(6)]
    assert (tmp_path / "died").exists()


def test_workers_that_keep_dying_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executors, "MOST_LOSSES", 1)
    with (
        open_executor(workers=2) as executor,
        pytest.raises(WorkersError, match="2 times in a row"),
    ):
        list(executor.in_order([partial(square, 1), partial(die, 2), partial(square, 3)]))


def test_an_error_in_a_call_is_raised_as_it_is() -> None:
    with open_executor(workers=2) as executor, pytest.raises(TypeError, match="unsupported"):
        list(executor.in_order([partial(square, "1")]))  # type: ignore[arg-type]


def stop_after_one(calls: list[Callable[[], int]]) -> None:
    with open_executor(workers=2) as executor:
        for _ in executor.in_order(calls):
            raise KeyboardInterrupt


def test_who_is_stopped_does_not_wait_for_what_is_under_way() -> None:
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        stop_after_one([partial(square, 1), partial(square, 2, 600.0)])
    assert time.monotonic() - began < 60


OWNER = """
import sys
from functools import partial
from pathlib import Path
from sim.ensemble.executors import open_executor
from tests.support.calls import tell_pid

if __name__ == "__main__":
    with open_executor(workers=2) as executor:
        list(executor.in_order([partial(tell_pid, Path(sys.argv[1]))] * 2))
"""


def wait_for(met: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not met():
        assert time.monotonic() < until
        time.sleep(0.05)


def is_alive(pid: int) -> bool:
    try:
        # a process that has ended but whom nobody has asked about yet is not alive
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to look at processes")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_workers_end_with_their_owner(tmp_path: Path, how: signal.Signals) -> None:
    script = tmp_path / "owner.py"
    script.write_text(OWNER)
    place = tmp_path / "pids"
    place.mkdir()
    path = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, str(script), str(place)], env=path) as owner:
        wait_for(lambda: len(list(place.iterdir())) == 2)
        workers = [int(file.name) for file in place.iterdir()]
        assert all(is_alive(pid) for pid in workers)
        owner.send_signal(how)
    wait_for(lambda: not any(is_alive(pid) for pid in workers))


def test_a_run_whose_worker_is_killed_is_the_same_run(tmp_path: Path) -> None:
    simulate = partial(simulate_but_die_once, tmp_path / "died", 64)
    told: list[tuple[int, int]] = []
    with open_executor(workers=2) as executor:
        store = Store(tmp_path / "results", simulate, batch=64, executor=executor)
        stored = store.fetch(SCENARIO, 300, 1, 4, lambda done, total: told.append((done, total)))
    assert (tmp_path / "died").exists()
    xr.testing.assert_identical(stored.dataset, at_once(300))
    assert told == [(done, 300) for done in (0, 64, 128, 192, 256, 300)]


def test_a_run_whose_workers_keep_dying_keeps_what_it_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executors, "MOST_LOSSES", 0)
    simulate = partial(simulate_but_die_once, tmp_path / "died", 128)
    with open_executor(workers=2) as executor:
        store = Store(tmp_path / "results", simulate, batch=64, executor=executor)
        with pytest.raises(StoreError, match="the same command goes on from there"):
            store.fetch(SCENARIO, 300, 1, 4)
    [(_, manifest)] = Store(tmp_path / "results").runs()
    assert manifest.worlds in (0, 64, 128)
    assert not manifest.complete
    stored = Store(tmp_path / "results", fake_engine.simulate).fetch(SCENARIO, 300, 1, 4)
    xr.testing.assert_identical(stored.dataset, at_once(300))


@given(
    first=st.integers(0, 5000),
    worlds=st.integers(1, 20_000),
    slots=st.integers(1, 70),
    block=st.sampled_from([64, 1024]),
)
def test_parts_cover_all_worlds_once(first: int, worlds: int, slots: int, block: int) -> None:
    parts = spans(first, first + worlds, block, slots, 64)
    assert (parts[0][0], parts[-1][1]) == (first, first + worlds)
    assert all(one[1] == other[0] for one, other in pairwise(parts))
    assert all(0 < stop - start <= block for start, stop in parts)
    if worlds >= slots * block:
        assert all(stop % block == 0 for _, stop in parts[:-1])
    elif worlds >= 64 * slots:
        assert len(parts) > slots / 2  # nobody idles while another has two parts to do
