"""A Dask cluster computes the same worlds, whatever happens to its workers."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from sim.ensemble import executors
from sim.ensemble.engine import simulate
from sim.ensemble.executors import ClusterMissingError, WorkersError, check_cluster, open_executor
from sim.ensemble.store import Store
from sim.scenario import load_scenario
from tests.support import fake_engine
from tests.support.calls import die, simulate_but_die_once, square
from tests.support.fake_engine import SCENARIO

ROOT = Path(__file__).resolve().parents[3]


@contextmanager
def dask(*words: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of Dask's own command line, ended with the block."""
    path = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "dask", *words, "--no-dashboard"]
    process = subprocess.Popen(command, env=path, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextmanager
def scheduler(folder: Path) -> Iterator[str]:
    """A scheduler without workers; its address."""
    file = folder / "scheduler.json"
    with dask("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file)):
        until = time.monotonic() + 60
        while not file.exists() or not file.read_text():
            assert time.monotonic() < until
            time.sleep(0.05)
        yield json.loads(file.read_text())["address"]


def worker(address: str, folder: Path) -> AbstractContextManager[object]:
    """A worker that nobody restarts."""
    place = ("--local-directory", str(folder))
    return dask("worker", address, "--no-nanny", "--nthreads", "1", *place)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[str]:
    """Address of a scheduler with two workers, three processes beside this one."""
    pytest.importorskip("distributed", reason="needs fulcrum-sim[cluster]")
    with (
        scheduler(tmp_path) as address,
        worker(address, tmp_path),
        worker(address, tmp_path),
    ):
        from distributed import Client

        with Client(address, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=60)
        yield address


def test_a_cluster_makes_the_same_worlds_and_outlives_the_run(cluster: str) -> None:
    scenario = load_scenario("status_quo", {"months": 2})
    here, there = simulate(scenario, 130), simulate(scenario, 130, scheduler=cluster)
    xr.testing.assert_identical(here, there)
    for name in here.data_vars:
        a, b = here[name].to_numpy(), there[name].to_numpy()
        assert np.array_equal(a, b, equal_nan=a.dtype.kind == "f"), name
    with open_executor(scheduler=cluster) as executor:
        assert executor.slots == 2
        assert list(executor.in_order(partial(square, n) for n in range(9))) == [
            n**2 for n in range(9)
        ]


def test_a_worker_that_is_killed_costs_no_worlds(cluster: str, tmp_path: Path) -> None:
    task = partial(simulate_but_die_once, tmp_path / "died", 64)
    with open_executor(scheduler=cluster) as executor:
        store = Store(tmp_path / "results", task, batch=64, executor=executor)
        stored = store.fetch(SCENARIO, 300, 1, 4)
        assert executor.slots == 1
    assert (tmp_path / "died").exists()
    whole = fake_engine.simulate(SCENARIO, 300, 1, draws=4, first=0, progress=None)
    xr.testing.assert_identical(stored.dataset, whole)


def test_a_task_that_kills_every_worker_is_an_error(
    cluster: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executors, "MOST_LOSSES", 0)
    said: list[str] = []
    with (
        worker(cluster, tmp_path),
        worker(cluster, tmp_path),  # four in all: as often as Dask tries by itself
        open_executor(scheduler=cluster, say=said.append) as executor,
    ):
        while executor.slots < 4:
            time.sleep(0.05)
        with pytest.raises(WorkersError, match="look at the logs of the workers"):
            list(executor.in_order([partial(die, 1)]))
    with open_executor(scheduler=cluster, say=said.append):
        assert said == [f"{cluster} has no workers yet; waiting for them"]


def test_workers_with_other_code_are_refused(cluster: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "sim.ensemble.identity.world_makers",
        lambda: {"code": "other", "data in seeds/": "other", "NumPy": "other"},
    )
    with (
        open_executor(scheduler=cluster) as executor,
        pytest.raises(WorkersError, match="other code, data in seeds/, NumPy than this program"),
    ):
        list(executor.in_order([partial(square, 1)]))


def test_a_scheduler_that_is_gone_is_said(cluster: str) -> None:
    from distributed import Client

    with open_executor(scheduler=cluster) as executor:
        results = executor.in_order(partial(square, n, 0.1 * n) for n in range(100))
        assert next(results) == 0
        with Client(cluster, set_as_default=False) as client:
            os.kill(client.run_on_scheduler(os.getpid), signal.SIGKILL)
        with pytest.raises(WorkersError, match="the scheduler is gone"):
            list(results)


def test_nobody_at_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed", reason="needs fulcrum-sim[cluster]")
    monkeypatch.setattr(executors, "_ANSWER_WITHIN", 0.5)
    with (
        pytest.raises(WorkersError, match=r"tcp://127\.0\.0\.1:9: no Dask scheduler answers there"),
        open_executor(scheduler="tcp://127.0.0.1:9"),
    ):
        pass


def test_a_missing_scheduler_library_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executors, "find_spec", lambda name: None)
    with pytest.raises(ClusterMissingError, match=r"pip install 'fulcrum-sim\[cluster\]'") as info:
        check_cluster()
    assert len(str(info.value).splitlines()) == 1
