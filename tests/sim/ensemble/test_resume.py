"""A run that is killed, at any moment, goes on from the worlds its manifest vouches for."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import xarray as xr

from sim.ensemble.engine import simulate
from sim.ensemble.manifest import Manifest
from sim.ensemble.store import Store
from sim.scenario import load_scenario
from tests.support import fake_engine
from tests.support.fake_engine import SCENARIO

ROOT = Path(__file__).resolve().parents[3]
TRIES = 20
WORLDS, BATCH = 21, 4

# One process loads everything once; each try is a child of it that begins a run and is killed.
RUNS = """
import os, sys
from pathlib import Path
from sim.ensemble import packing
from sim.ensemble.store import Store
from tests.support import fake_engine

for folder in sys.stdin:
    child = os.fork()
    if child == 0:
        store = Store(Path(folder.strip()), fake_engine.simulate, batch=int(sys.argv[2]))
        store.fetch(fake_engine.SCENARIO, int(sys.argv[1]), 1, 4)
        os._exit(0)
    print(child, flush=True)
    os.waitpid(child, 0)
    print("ended", flush=True)
"""


def kept(root: Path) -> int:
    """Worlds that the manifest of the only run vouches for."""
    return next((manifest.worlds for _, manifest in Store(root).runs()), 0)


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_run_killed_at_a_random_moment_goes_on(tmp_path: Path) -> None:
    chance = random.Random(4)
    whole = fake_engine.simulate(SCENARIO, WORLDS, 1, draws=4, first=0, progress=None)
    asked: list[int] = []

    def remember(*args: object, first: int, **options: object) -> xr.Dataset:
        asked.append(first)
        return fake_engine.simulate(*args, first=first, **options)  # type: ignore[arg-type]

    cut_short = 0
    command = [sys.executable, "-W", "ignore", "-c", RUNS, str(WORLDS), str(BATCH)]
    path = {**os.environ, "PYTHONPATH": str(ROOT)}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=path) as runs:
        assert runs.stdin is not None
        assert runs.stdout is not None
        for attempt in range(TRIES):
            root = tmp_path / str(attempt)
            print(root, file=runs.stdin, flush=True)
            child = int(runs.stdout.readline())
            target = chance.randrange(WORLDS)
            until = time.monotonic() + 30
            while kept(root) < target:
                assert time.monotonic() < until
            time.sleep(chance.uniform(0, 0.02))
            os.kill(child, signal.SIGKILL)
            assert runs.stdout.readline() == "ended\n"

            trusted = kept(root)
            assert trusted >= target
            cut_short += trusted < WORLDS
            asked.clear()
            stored = Store(root, remember, batch=BATCH).fetch(SCENARIO, WORLDS, 1, 4)
            xr.testing.assert_identical(stored.dataset, whole)
            assert asked == list(range(trusted, WORLDS, BATCH))
            assert not list(root.rglob("*.partial"))
            manifest = Manifest.read(stored.path)
            assert manifest is not None
            assert (manifest.worlds, manifest.complete) == (WORLDS, True)
        runs.stdin.close()
    assert cut_short >= TRIES / 2


def test_a_run_made_longer_is_the_longer_run(tmp_path: Path) -> None:
    """The model itself: more worlds later, or all at once, on one worker or two."""
    scenario = load_scenario("status_quo", {"months": 1})
    topped_up = Store(tmp_path / "two", batch=64)
    topped_up.fetch(scenario, 10, 1, 4)
    longer = topped_up.fetch(scenario, 150, 1, 4).dataset
    at_once = Store(tmp_path / "one").fetch(scenario, 150, 1, 4).dataset
    xr.testing.assert_identical(longer, at_once)
    xr.testing.assert_identical(longer, simulate(scenario, 150, 1, workers=2))


def test_what_was_never_renamed_into_place_is_swept_away(tmp_path: Path) -> None:
    store = Store(tmp_path, fake_engine.simulate)
    stored = store.fetch(SCENARIO, 10, 1, 4)
    chunk = next(path for path in stored.worlds_path.rglob("c.0.*") if path.is_file())
    draft = chunk.with_suffix(".0123.partial")
    draft.write_bytes(chunk.read_bytes()[:10])
    longer = store.fetch(SCENARIO, 20, 1, 4)
    assert not draft.exists()
    whole = fake_engine.simulate(SCENARIO, 20, 1, draws=4, first=0, progress=None)
    xr.testing.assert_identical(longer.dataset, whole)


def test_a_chunk_is_replaced_as_a_whole_file(tmp_path: Path) -> None:
    """Who has a chunk open goes on seeing the old one: nothing is written into it."""
    store = Store(tmp_path, fake_engine.simulate)
    stored = store.fetch(SCENARIO, 10, 1, 4)
    chunks = list(stored.worlds_path.rglob("c.0.*"))
    metadata = list(stored.worlds_path.glob("*/zarr.json"))
    assert chunks
    assert metadata
    for path in chunks + metadata:
        (tmp_path / "held").mkdir(exist_ok=True)
        os.link(path, tmp_path / "held" / str(path.relative_to(stored.path)).replace("/", "."))
    before = {path: path.read_bytes() for path in (tmp_path / "held").iterdir()}
    store.fetch(SCENARIO, 20, 1, 4)
    assert {path: path.read_bytes() for path in (tmp_path / "held").iterdir()} == before
    assert all(path.stat().st_nlink == 1 for path in chunks + metadata)
