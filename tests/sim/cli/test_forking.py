"""A world on another path: run, kept with where it comes from, and told."""

import json
from pathlib import Path

import pytest

from sim.ensemble.manifest import Manifest
from sim.ensemble.reading import read
from tests.sim.cli.conftest import Fulcrum

SHORT = ("status_quo", "--set", "months=4")
PATH = ("--world", 3, "--at", "2024-02", "--play", "belarus.voice=neutral")


@pytest.fixture
def run(fulcrum: Fulcrum) -> Path:
    """A short run of the model itself."""
    return Path(fulcrum("run", *SHORT, "--worlds", 8, "--json").document["path"])


@pytest.mark.slow
def test_a_fork_of_a_run(fulcrum: Fulcrum, run: Path) -> None:
    told = fulcrum("fork", run.name, *PATH, "--futures", 5, "--json").document
    assert (told["world"], told["at"], told["futures"]) == (3, "2024-02", 5)
    assert told["changes"] == ["moves: nothing -> 2024-02 to 2024-03 belarus voice neutral"]
    assert told["parted"] == "2024-02"
    first = told["otherwise"][0]
    assert (first["month"], first["actor"], first["now"]) == ("2024-02", "belarus", "neutral")
    front = told["outcomes"]["front"]
    assert front["difference"] == pytest.approx(front["after"] - front["before"])
    assert front["ci95"] == [None, None]  # five futures are too few for an interval
    own, path = (Path(one["path"]) for one in told["runs"])
    kept = Manifest.read(path)
    assert kept is not None
    recorded = Manifest.read(run)
    assert recorded is not None
    assert kept.lineage == {
        "run": recorded.run,
        "scenario": "status_quo",
        "world": 3,
        "at": "2024-02",
        "changes": told["changes"],
    }
    there, here = read(run / "worlds.zarr", 8), read(path / "worlds.zarr", 5)
    same = there["front"].sel(world=3).values[:2]
    assert (here["front"].values[:, :2] == same).all()
    assert (read(own / "worlds.zarr", 5)["front"][0] == there["front"].sel(world=3)).all()

    assert told["report"] == str(path / "report.html")
    page = (path / "report.html").read_text()
    assert "futures of world 3; only chance from February 2024 on varies" in page
    assert "--play belarus.voice=neutral --futures 5" in page
    assert "<h1>Status quo, world 3: another path from February 2024</h1>" in page
    assert "Against “As it was”, how does “Other path” change" in page

    # what is kept is not simulated again, and can be told
    again = fulcrum("fork", run.name, *PATH, "--futures", 5)
    assert again.status == 0
    assert "What then stands elsewhere" in again.out
    assert "95 % interval" in again.out
    story = fulcrum("explain", path.name, "--world", 0, "--story")
    assert story.out.startswith(
        "Future 0 of “Status quo, world 3, another path from February 2024”"
    )
    assert "By order of the scenario, until March 2024: Belarus’s voice is neutral." in story.out

    # and is not forked again
    said = fulcrum("fork", path.name, *PATH)
    assert said.status == 2
    [line] = said.problems
    assert "is a fork of world 3 of status_quo from 2024-02 on" in line

    kept_by_name = {one["path"] for one in fulcrum("runs", "--json").document["runs"]}
    assert {str(own), str(path)} <= kept_by_name


def test_other_aims_and_one_future(fulcrum: Fulcrum, run: Path) -> None:
    words = ["--world", 2, "--at", "2024-01", "--set", "actors.belarus.incentives.autonomy=3"]
    said = fulcrum("fork", run, *words)
    assert said.status == 0
    assert "another path from January 2024" in (run.parent / "index.html").read_text()
    assert "actors.belarus.incentives.autonomy: triangular" in said.out
    assert "as it was" in said.out
    assert "interval" not in said.out
    assert "--futures says how much of this is chance" in said.out


def test_futures_of_a_world_as_it_was(fulcrum: Fulcrum, run: Path) -> None:
    words = ["--world", 2, "--at", "2024-01", "--futures", 6]
    said = fulcrum("fork", run, *words)
    assert said.out.startswith("Status quo, world 2 as it was: 6 futures from January 2024 on.")
    told = fulcrum("fork", run, *words, "--json").document
    assert len(told["runs"]) == 1
    final = told["outcomes"]["front"]["final"]
    assert final["q05"] <= final["median"] <= final["q95"]


def test_a_move_that_the_state_closes_is_said(fulcrum: Fulcrum, run: Path) -> None:
    words = ["--world", 2, "--at", "2024-01", "--play", "belarus.nuclear_hosting=no"]
    said = fulcrum("fork", run, *words)
    assert said.status == 0
    assert said.err.startswith("belarus nuclear_hosting no: closed in 2024-01")
    assert "nobody does anything otherwise" in said.out


def test_everything_wrong_is_said_at_once(fulcrum: Fulcrum) -> None:
    words = ["--at", "2024-06", "--play", "belarus.voic=x", "--futures", 0, "--seed", -1]
    said = fulcrum("fork", "status_quo", *words, "--set", "months=12")
    assert said.status == 2
    assert said.problems == [
        "--seed: must be at least 0, not -1",
        "--world: say which world, such as --world 0",
        "--futures: must be 1 to 100,000,000, not 0",
        '--play: belarus.voic=x: belarus has no lever voic; did you mean "voice"?',
        "--set: months: the world lasts 36 months, whatever path it takes",
    ]


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ([], "fork: name a scenario or a run, such as status_quo"),
        (["status_quo", "--world", "1"], "--at: say from which month, such as --at 2024-06"),
        (
            ["status_quo", "--world", "1", "--at", "2024-06"],
            "fork: nothing would change; give --play, --set or --futures",
        ),
        (
            ["status_quo", "--world", "1", "--at", "2021-06", "--futures", "2"],
            "--at: 2021-06 is outside the run, 2023-12 to 2026-11",
        ),
        (
            ["status_quo", "--world", "1", "--at", "2024-06", "--set", "wrold.x=1"],
            'wrold: unknown key; did you mean "world"?',
        ),
    ],
)
def test_what_cannot_be_forked(fulcrum: Fulcrum, words: list[str], problem: str) -> None:
    said = fulcrum("fork", *words)
    assert said.status == 2
    assert problem in "\n".join(said.problems)


def test_a_run_without_lineage_says_nothing_of_it(run: Path) -> None:
    text = json.loads((run / "manifest.json").read_text())
    assert text.pop("lineage") is None
    (run / "manifest.json").write_text(json.dumps(text))
    kept = Manifest.read(run)
    assert kept is not None  # as runs kept by earlier releases
    assert kept.lineage is None
