"""A results folder keeps what it was given, whatever happens to the process that gives it."""

import contextlib
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.draws import Vary
from sim.ensemble.levels import Keep
from sim.ensemble.manifest import Manifest
from sim.ensemble.store import Progress, Store
from sim.ensemble.trouble import Interrupted, StoreError, UnusableError
from sim.scenario.scenario import Scenario
from tests.support import fake_engine
from tests.support.fake_engine import SCENARIO

ROOT = Path(__file__).resolve().parents[3]


@dataclass
class Engine:
    """The fake engine, keeping a list of what it was asked for.

    Attributes:
        before: run before each answer; may raise.
        asked: (first, worlds) of each request.
    """

    before: Callable[[int], object] = lambda first: None
    asked: list[tuple[int, int]] = field(default_factory=list)

    def __call__(
        self,
        scenario: Scenario,
        worlds: int,
        seed: int,
        *,
        draws: int,
        first: int,
        vary: Vary,
        keep: Keep,
        progress: Progress | None,
    ) -> xr.Dataset:
        self.asked.append((first, worlds))
        self.before(first)
        return fake_engine.simulate(
            scenario,
            worlds,
            seed,
            draws=draws,
            first=first,
            vary=vary,
            keep=keep,
            progress=progress,
        )


def at_once(worlds: int) -> xr.Dataset:
    return fake_engine.simulate(SCENARIO, worlds, 1, draws=4, first=0, progress=None)


def stop_at(world: int, error: type[BaseException]) -> Callable[[int], None]:
    """Raises `error` when the worlds from `world` on are asked for."""

    def stop(first: int) -> None:
        if first >= world:
            raise error

    return stop


def visible(root: Path) -> list[str]:
    return sorted(path.name for path in root.iterdir() if not path.name.startswith("."))


def test_a_run_leaves_a_folder_that_says_what_it_is(tmp_path: Path) -> None:
    stored = Store(tmp_path / "results", Engine()).fetch(SCENARIO, 10, 1, 4)
    xr.testing.assert_identical(stored.dataset, at_once(10))
    assert stored.path == tmp_path / "results" / f"toy-{stored.id[:12]}"
    assert visible(tmp_path / "results") == [stored.path.name]
    assert visible(stored.path) == ["manifest.json", "scenario.yaml", "worlds.zarr"]
    assert (stored.path / "scenario.yaml").read_text() == SCENARIO.as_yaml()
    manifest = json.loads((stored.path / "manifest.json").read_text())
    assert manifest["run"] == stored.id
    assert manifest["complete"] is True
    assert (manifest["worlds"], manifest["months"], manifest["seed"]) == (10, 6, 1)
    assert manifest["versions"].keys() >= {"fulcrum", "python", "numpy", "zarr"}
    assert manifest["hashes"].keys() == {"scenario", "seeds", "code"}
    assert manifest["command"]


def test_asking_again_costs_nothing(tmp_path: Path) -> None:
    engine = Engine()
    store = Store(tmp_path, engine)
    first = store.fetch(SCENARIO, 10, 1, 4)
    again = store.fetch(SCENARIO, 10, 1, 4)
    assert engine.asked == [(0, 10)]
    xr.testing.assert_identical(first.dataset, again.dataset)


def test_fewer_worlds_are_a_part_of_what_is_kept(tmp_path: Path) -> None:
    engine = Engine()
    store = Store(tmp_path, engine)
    store.fetch(SCENARIO, 10, 1, 4)
    xr.testing.assert_identical(store.fetch(SCENARIO, 3, 1, 4).dataset, at_once(3))
    assert engine.asked == [(0, 10)]


def test_more_worlds_add_only_those_that_are_missing(tmp_path: Path) -> None:
    engine = Engine()
    store = Store(tmp_path, engine)
    few = store.fetch(SCENARIO, 10, 1, 4)
    many = store.fetch(SCENARIO, 25, 1, 4)
    assert engine.asked == [(0, 10), (10, 15)]
    assert many.path == few.path
    xr.testing.assert_identical(many.dataset, at_once(25))


def test_runs_that_differ_in_any_input_are_kept_apart(tmp_path: Path) -> None:
    store = Store(tmp_path, Engine())
    longer = replace(SCENARIO, months=7)
    asked = [(SCENARIO, 1, 4), (SCENARIO, 2, 4), (SCENARIO, 1, 2), (longer, 1, 4)]
    assert len({store.fetch(s, 4, seed, draws).path for s, seed, draws in asked}) == 4
    assert store.fetch(longer, 4, 1, 4).dataset.sizes["month"] == 7


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(1, 40), min_size=1, max_size=4), st.sampled_from([8, 16, 64]))
def test_however_a_run_is_asked_for_its_worlds_are_the_same(asks: list[int], batch: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine = Engine()
        store = Store(Path(folder), engine, batch)
        for worlds in asks:
            xr.testing.assert_identical(
                store.fetch(SCENARIO, worlds, 1, 4).dataset, at_once(worlds)
            )
        assert sum(worlds for _, worlds in engine.asked) == max(asks)


def test_progress_counts_what_was_kept(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    store = Store(tmp_path, Engine(), batch=8)
    store.fetch(SCENARIO, 8, 1, 4)
    store.fetch(SCENARIO, 20, 1, 4, progress=lambda done, total: told.append((done, total)))
    assert told == [(8, 20), (16, 20), (20, 20)]


def test_a_run_that_is_stopped_goes_on_where_it_stopped(tmp_path: Path) -> None:
    with pytest.raises(Interrupted) as stopped:
        Store(tmp_path, Engine(stop_at(16, KeyboardInterrupt)), batch=8).fetch(SCENARIO, 30, 1, 4)
    assert (stopped.value.kept, stopped.value.worlds) == (16, 30)
    assert visible(tmp_path) == []
    engine = Engine()
    stored = Store(tmp_path, engine, batch=8).fetch(SCENARIO, 30, 1, 4)
    assert engine.asked == [(16, 8), (24, 6)]
    xr.testing.assert_identical(stored.dataset, at_once(30))


def test_fewer_worlds_than_a_stopped_run_has(tmp_path: Path) -> None:
    with pytest.raises(Interrupted):
        Store(tmp_path, Engine(stop_at(16, KeyboardInterrupt)), batch=8).fetch(SCENARIO, 30, 1, 4)
    engine = Engine()
    stored = Store(tmp_path, engine, batch=8).fetch(SCENARIO, 10, 1, 4)
    assert engine.asked == []
    xr.testing.assert_identical(stored.dataset, at_once(10))
    manifest = Manifest.read(stored.path)
    assert manifest is not None
    assert manifest.complete
    assert manifest.worlds == 16


def test_a_longer_run_that_fails_leaves_the_shorter_one_as_it_was(tmp_path: Path) -> None:
    Store(tmp_path, Engine(), batch=8).fetch(SCENARIO, 10, 1, 4)
    with pytest.raises(ZeroDivisionError):
        Store(tmp_path, Engine(stop_at(16, ZeroDivisionError)), batch=8).fetch(SCENARIO, 30, 1, 4)
    stored = Store(tmp_path, Engine(stop_at(0, ZeroDivisionError))).fetch(SCENARIO, 16, 1, 4)
    xr.testing.assert_identical(stored.dataset, at_once(16))


DOOMED = """
import os, signal, sys
from pathlib import Path
from sim.ensemble.store import Store
from tests.support import fake_engine

def simulate(scenario, worlds, seed, *, draws, first, vary, keep, progress):
    if first >= int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
    return fake_engine.simulate(scenario, worlds, seed, draws=draws, first=first, progress=None)

Store(Path(sys.argv[1]), simulate, batch=8).fetch(fake_engine.SCENARIO, 30, 1, 4)
"""


@pytest.mark.parametrize("kept_before", [0, 10])
@pytest.mark.parametrize("dies_at", [0, 16])
def test_a_killed_process_leaves_no_broken_run(
    tmp_path: Path, dies_at: int, kept_before: int
) -> None:
    if kept_before:
        Store(tmp_path, Engine(), batch=8).fetch(SCENARIO, kept_before, 1, 4)
    doomed = subprocess.run(
        [sys.executable, "-c", DOOMED, str(tmp_path), str(dies_at)], cwd=ROOT, check=False
    )
    assert doomed.returncode == -signal.SIGKILL
    assert len(visible(tmp_path)) == (1 if kept_before else 0)
    engine = Engine()
    stored = Store(tmp_path, engine, batch=8).fetch(SCENARIO, 30, 1, 4)
    xr.testing.assert_identical(stored.dataset, at_once(30))
    assert engine.asked[0][0] == max(dies_at, kept_before)
    assert visible(tmp_path) == [stored.path.name]


def test_what_a_killed_process_wrote_beyond_its_word_is_written_anew(tmp_path: Path) -> None:
    # The worst moment: worlds 8 to 15 are on disk, the manifest still says 8.
    stored = Store(tmp_path, Engine(), batch=8).fetch(SCENARIO, 16, 1, 4)
    manifest = Manifest.read(stored.path)
    assert manifest is not None
    replace(manifest, worlds=8).write(stored.path)
    engine = Engine()
    again = Store(tmp_path, engine, batch=8).fetch(SCENARIO, 20, 1, 4)
    assert engine.asked == [(8, 8), (16, 4)]
    xr.testing.assert_identical(again.dataset, at_once(20))


def test_a_kill_between_the_last_world_and_the_word_complete(tmp_path: Path) -> None:
    store = Store(tmp_path, Engine())
    stored = store.fetch(SCENARIO, 10, 1, 4)
    manifest = Manifest.read(stored.path)
    assert manifest is not None
    staging = tmp_path / ".staging" / stored.path.name
    stored.path.rename(staging)
    replace(manifest, complete=False).write(staging)
    again = store.fetch(SCENARIO, 10, 1, 4)
    assert Manifest.read(again.path) == manifest


def fetch_slowly(root: str, log: str) -> None:
    """In a process of its own: a run whose every batch takes a while."""

    def wait(first: int) -> None:
        with Path(log).open("a") as file:
            file.write(f"{first}\n")
        time.sleep(0.3)

    stored = Store(Path(root), Engine(wait), batch=16).fetch(SCENARIO, 32, 1, 4)
    xr.testing.assert_identical(stored.dataset, at_once(32))


def test_two_processes_that_want_the_same_run_share_it(tmp_path: Path) -> None:
    log = tmp_path / "asked"
    spawn = multiprocessing.get_context("spawn")
    arguments = (str(tmp_path / "results"), str(log))
    both = [spawn.Process(target=fetch_slowly, args=arguments) for _ in range(2)]
    for process in both:
        process.start()
    for process in both:
        process.join(60)
    assert [process.exitcode for process in both] == [0, 0]
    assert log.read_text().split() == ["0", "16"]
    assert len(visible(tmp_path / "results")) == 1


def test_waiting_for_another_process_is_said(tmp_path: Path) -> None:
    from filelock import FileLock

    said: list[str] = []
    store = Store(tmp_path, Engine())
    name = store.fetch(SCENARIO, 2, 1, 4).path.name
    lock = FileLock(tmp_path / ".staging" / f"{name}.lock")

    def let_go(message: str) -> None:
        said.append(message)
        lock.release()

    lock.acquire()
    replace(store, notify=let_go).fetch(SCENARIO, 2, 1, 4)
    assert len(said) == 1
    assert "another process" in said[0]


def other_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.ensemble.manifest.code_digest", lambda: "other code")


def test_worlds_of_other_code_are_not_passed_off_as_this_codes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    engine = Engine()
    store = Store(tmp_path, engine, notify=said.append)
    old = store.fetch(SCENARIO, 10, 1, 4)
    (old.path / "report.html").write_text("of the old worlds")
    other_code(monkeypatch)
    new = store.fetch(SCENARIO, 4, 1, 4)
    assert engine.asked == [(0, 10), (0, 4)]
    assert new.path == old.path
    assert visible(new.path) == ["manifest.json", "scenario.yaml", "worlds.zarr"]
    assert visible(tmp_path) == [new.path.name]
    assert len(said) == 1
    assert "other code" in said[0]


def test_a_stopped_run_of_other_code_is_begun_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Interrupted):
        Store(tmp_path, Engine(stop_at(8, KeyboardInterrupt)), batch=8).fetch(SCENARIO, 16, 1, 4)
    other_code(monkeypatch)
    engine = Engine()
    Store(tmp_path, engine, batch=8).fetch(SCENARIO, 16, 1, 4)
    assert engine.asked == [(0, 8), (8, 8)]


def test_damage_is_noticed_and_the_way_out_is_said(tmp_path: Path) -> None:
    store = Store(tmp_path, Engine())
    stored = store.fetch(SCENARIO, 10, 1, 4)
    next(p for p in stored.worlds_path.rglob("c.0.*") if p.is_file()).unlink()
    with pytest.raises(StoreError, match=r"lacks worlds.*; delete .*toy-.* and run again"):
        store.fetch(SCENARIO, 10, 1, 4)


@pytest.mark.parametrize("manifest", ["", "{", "[]", '{"run": "x"}', "\x00"])
def test_a_folder_without_a_sound_manifest_is_made_anew(tmp_path: Path, manifest: str) -> None:
    store = Store(tmp_path, Engine())
    stored = store.fetch(SCENARIO, 10, 1, 4)
    (stored.path / "manifest.json").write_text(manifest)
    assert store.runs() == []
    xr.testing.assert_identical(store.fetch(SCENARIO, 10, 1, 4).dataset, at_once(10))
    assert [path for path, _ in store.runs()] == [stored.path]


def test_runs_are_listed_latest_first_with_those_in_the_making(tmp_path: Path) -> None:
    store = Store(tmp_path, Engine(), batch=8)
    done = store.fetch(SCENARIO, 10, 1, 4)
    doomed = Store(tmp_path, Engine(stop_at(8, KeyboardInterrupt)), batch=8)
    with contextlib.suppress(KeyboardInterrupt):
        doomed.fetch(SCENARIO, 16, 2, 4)
    (tmp_path / "README.md").write_text("not a run")
    (tmp_path / "mine").mkdir()
    listed = {path.name: manifest for path, manifest in store.runs()}
    assert len(listed) == 2
    assert listed.pop(done.path.name).complete
    [unfinished] = listed.values()
    assert (unfinished.complete, unfinished.worlds, unfinished.seed) == (False, 8, 2)
    assert Store(tmp_path / "nowhere", Engine()).runs() == []


@pytest.mark.parametrize("inside", ["", "deeper/still"])
def test_a_file_is_no_place_for_results(tmp_path: Path, inside: str) -> None:
    file = tmp_path / "file"
    file.write_text("mine")
    engine = Engine()
    store = Store(file / inside, engine)
    assert store.obstacle() == f"{file} is not a folder"
    with pytest.raises(UnusableError, match="cannot be written"):
        store.fetch(SCENARIO, 2, 1, 4)
    assert engine.asked == []
    assert file.read_text() == "mine"


def test_looking_for_obstacles_touches_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Store(tmp_path / "a/b").obstacle() == ""
    assert visible(tmp_path) == []
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert "cannot be written" in Store(tmp_path / "a/b").obstacle()


def test_batches_are_whole_blocks() -> None:
    from sim.draws import BLOCK
    from sim.ensemble import store

    assert store.BATCH % BLOCK == 0
