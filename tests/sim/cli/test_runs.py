"""run, compare and runs: what they print, write and leave."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sim.analysis.outcomes import HEADLINE
from sim.scenario import load_scenario
from tests.sim.cli.conftest import Fulcrum

ROOT = Path(__file__).resolve().parents[3]
RUN_KEYS = ["run", "path", "scenario", "worlds", "months", "seed", "report", "dataset", "outcomes"]
RUN_KEYS += ["vary", "keep", "influence", "deal"]
QUANTILES = ["q05", "q25", "median", "q75", "q95"]

pytestmark = pytest.mark.usefixtures("quick")


@pytest.fixture
def peace(tmp_path: Path) -> Path:
    """A scenario file of the user's own."""
    file = tmp_path / "peace.yaml"
    file.write_text('extends: status_quo\ntitle: Peace\nquestion: "What if they talk?"\n')
    return file


def is_run_document(told: dict[str, Any], worlds: int, months: int) -> None:
    assert list(told) == RUN_KEYS
    assert re.fullmatch(r"[0-9a-f]{64}", told["run"])
    assert (told["worlds"], told["months"], told["seed"]) == (worlds, months, 1)
    assert list(told["outcomes"]) == list(HEADLINE)
    for outcome in told["outcomes"].values():
        assert list(outcome) == ["final", "spread"]
        assert list(outcome["final"]) == [*QUANTILES, "mcse"]
        assert list(outcome["final"]["mcse"]) == QUANTILES
        assert list(outcome["spread"]) == ["unknown", "chance"]
    assert list(told["influence"]) == ["belarus.russia", "russia.belarus"]
    for kinds in told["influence"].values():
        assert list(kinds) == ["war", "peace"]
        for kind in kinds.values():
            assert list(kind) == ["mean", "entry_allowed", "joint", "levers"]
            assert len(kind["levers"]) == 5
            for lever in kind["levers"].values():
                for figure in (lever["influence"], lever["shift"], kind["mean"]):
                    assert list(figure) == ["mean", "se", *QUANTILES, "mcse", "worlds"]
                    assert (figure["mean"] is None) == (figure["worlds"] == 0)
    counts = ["rounds", "signed", "refused", "breaches.russia", "breaches.belarus"]
    assert list(told["deal"]) == counts
    for place in ("path", "report", "dataset"):
        assert Path(told[place]).exists()


def test_run_prints_the_headline_and_says_where_the_report_lies(
    fulcrum: Fulcrum, tmp_path: Path
) -> None:
    said = fulcrum("run", "status_quo", "--worlds", 200, "--set", "months=12")
    assert said.status == 0
    assert said.err == ""
    assert "Belarus’s influence over Russia" in said.out or "Belarus's influence" in said.out
    for words in ("Choices of 100 moved", "in peace", "Russia over Belarus", "Deals signed"):
        assert words in said.out
    [folder] = (tmp_path / "results").glob("status_quo-*")
    assert f"Report  {Path('results') / folder.name / 'report.html'}" in said.out
    written = {path.name for path in folder.iterdir()}
    assert written == {"manifest.json", "scenario.yaml", "worlds.zarr", "report.html"}
    page = (folder / "report.html").read_text()
    assert "fulcrum run status_quo --worlds 200 --seed 1 --set months=12" in page
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["complete"] is True


def test_run_as_json_is_one_document(fulcrum: Fulcrum) -> None:
    said = fulcrum("run", "status_quo", "--worlds", 24, "--set", "months=6", "--json")
    assert said.status == 0
    is_run_document(said.document, 24, 6)


def test_a_kept_run_is_not_simulated_again(
    fulcrum: Fulcrum, quick: list[tuple[str, int, int]]
) -> None:
    first = fulcrum("run", "status_quo", "--worlds", 24, "--json").document
    again = fulcrum("run", "status_quo", "--worlds", 24, "--json").document
    fulcrum("run", "status_quo", "--worlds", 40, "--json")
    assert again == first
    assert quick == [("status_quo", 0, 24), ("status_quo", 24, 16)]


def test_every_option_reaches_the_run(fulcrum: Fulcrum, tmp_path: Path) -> None:
    words = ["--seed", 7, "--draws", 2, "--worlds", 8, "--results", "elsewhere/deep", "--json"]
    told = fulcrum("run", "status_quo", *words).document
    assert told["seed"] == 7
    assert told["path"].startswith("elsewhere/deep/status_quo-")
    manifest = json.loads((Path(told["path"]) / "manifest.json").read_text())
    assert (manifest["seed"], manifest["draws"], manifest["worlds"]) == (7, 2, 8)
    assert not (tmp_path / "results").exists()


def test_the_scenario_in_the_folder_runs_again_as_it_stands(fulcrum: Fulcrum, peace: Path) -> None:
    settings = ["--set", "months=9", "--set", "claims.C14=off"]
    told = fulcrum("run", peace, *settings, "--worlds", 8, "--json").document
    kept = Path(told["path"]) / "scenario.yaml"
    assert load_scenario(kept) == load_scenario(peace, {"months": 9, "claims.C14": "off"})
    again = fulcrum("run", kept, "--worlds", 8, "--json").document
    assert again["run"] == told["run"]


def test_compare_prints_paired_differences(fulcrum: Fulcrum, peace: Path) -> None:
    said = fulcrum("compare", "status_quo", peace, "--worlds", 200)
    assert said.status == 0
    assert "Against “Status quo”" in said.out
    assert "95 % interval" in said.out
    [line] = [line for line in said.out.splitlines() if line.startswith("Report")]
    assert Path(line.split(maxsplit=1)[1]).stat().st_size > 100_000


def test_compare_as_json_is_one_document(fulcrum: Fulcrum, peace: Path) -> None:
    said = fulcrum("compare", "status_quo", peace, "--worlds", 200, "--json")
    assert said.status == 0
    told = said.document
    assert list(told) == ["report", "baseline", "scenarios", "paired"]
    assert told["baseline"] == "status_quo"
    assert Path(told["report"]).is_file()
    assert [run["scenario"] for run in told["scenarios"]] == ["status_quo", "peace"]
    for run in told["scenarios"]:
        is_run_document(run, 200, load_scenario("status_quo").months)
    assert [row["outcome"] for row in told["paired"]] == list(HEADLINE)
    for row in told["paired"]:
        assert list(row) == ["scenario", "outcome", "difference", "ci95", "p_greater"]
        assert row["scenario"] == "peace"
        assert row["ci95"][0] <= row["difference"] <= row["ci95"][1]
        assert 0 <= row["p_greater"] <= 1


@pytest.mark.parametrize("baseline", ["peace", "peace.yaml", "./peace.yaml"])
def test_the_baseline_may_be_any_of_them(fulcrum: Fulcrum, peace: Path, baseline: str) -> None:
    words = ["status_quo", "peace.yaml", "--baseline", baseline, "--worlds", 24, "--json"]
    told = fulcrum("compare", *words).document
    assert told["baseline"] == "peace"
    assert {row["scenario"] for row in told["paired"]} == {"status_quo"}
    command = shlex.join(["--baseline", baseline])
    assert command in Path(told["report"]).read_text()


def test_a_setting_holds_for_all_that_are_compared(fulcrum: Fulcrum, peace: Path) -> None:
    told = fulcrum("compare", "status_quo", peace, "--set", "months=5", "--worlds", 8, "--json")
    assert [run["months"] for run in told.document["scenarios"]] == [5, 5]


def test_what_a_reader_should_know_is_said_beside_the_document(fulcrum: Fulcrum) -> None:
    said = fulcrum("run", "western_distraction", "--set", "claims.C01=off", "--worlds", 8, "--json")
    assert said.status == 0
    assert said.document["scenario"] == "western_distraction"
    [note] = said.problems
    assert note.startswith("western_distraction: ")
    assert "C01" in note


def test_a_stopped_run_says_what_is_kept(
    fulcrum: Fulcrum, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def stop(*words: object, **options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.ensemble.store._engine", lambda: stop)
    said = fulcrum("run", "status_quo", "--worlds", 24)
    assert said.status == 130
    assert said.out == ""
    [line] = said.problems
    assert re.fullmatch(
        r"Stopped\. Of 24 worlds of status_quo-[0-9a-f]{12} nothing is kept yet: worlds are put "
        r"away up to 1,024 at a time; the same command starts this run over\.",
        line,
    )
    assert not list((tmp_path / "results").glob("status_quo-*"))


def test_a_disk_that_is_full_is_a_failure_in_one_line(
    fulcrum: Fulcrum, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*words: object, **options: object) -> None:
        raise OSError(28, "No space left on device", "worlds.zarr")

    monkeypatch.setattr("sim.ensemble.packing.write", full)
    said = fulcrum("run", "status_quo", "--worlds", 8, "--json")
    assert said.status == 1
    assert said.out == ""
    assert len(said.problems) == 1
    assert "No space left on device" in said.err


def test_damaged_results_are_a_failure_in_one_line(fulcrum: Fulcrum) -> None:
    told = fulcrum("run", "status_quo", "--worlds", 8, "--json").document
    next(p for p in Path(told["dataset"]).rglob("c.0.*") if p.is_file()).write_bytes(b"mine")
    said = fulcrum("run", "status_quo", "--worlds", 8)
    assert said.status == 1
    assert len(said.problems) == 1
    assert "delete" in said.err


def test_runs_lists_what_is_there(fulcrum: Fulcrum, peace: Path) -> None:
    assert fulcrum("runs").out == "no runs in results\n"
    nothing = {"bytes": 0, "runs": [], "comparisons": [], "answers": []}
    assert fulcrum("runs", "--json").document == nothing
    made = fulcrum("run", peace, "--worlds", 8, "--json").document
    fulcrum("run", "status_quo", "--worlds", 12, "--set", "months=5")
    told = fulcrum("runs", "--json").document["runs"]
    assert {run["scenario"]: run["worlds"] for run in told} == {"peace": 8, "status_quo": 12}
    [own] = [run for run in told if run["scenario"] == "peace"]
    assert (own["run"], own["path"], own["report"]) == (made["run"], made["path"], made["report"])
    printed = fulcrum("runs").out
    assert Path(made["path"]).name in printed
    assert "Peace" in printed


def test_runs_lists_comparisons(fulcrum: Fulcrum, peace: Path) -> None:
    made = fulcrum("compare", "status_quo", peace, "--worlds", 8, "--json").document
    [told] = fulcrum("runs", "--json").document["comparisons"]
    assert told["report"] == made["report"]
    assert (told["scenarios"], told["baseline"]) == (["status_quo", "peace"], "status_quo")
    assert told["runs"] == [run["run"] for run in made["scenarios"]]
    assert "status_quo, peace" in fulcrum("runs").out


def test_no_progress_bar_where_nobody_looks(fulcrum: Fulcrum) -> None:
    said = fulcrum("run", "status_quo", "--worlds", 8, "--json")
    assert said.err == ""


def test_the_model_itself_answers_a_comparison(tmp_path: Path) -> None:
    words = ["compare", "status_quo", "negotiated_settlement", "--worlds", "8", "--json"]
    said = subprocess.run(
        [sys.executable, "-c", f"from sim.cli import app; app({[*words, '--set', 'months=3']!r})"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr
    told = json.loads(said.stdout)
    assert [run["worlds"] for run in told["scenarios"]] == [8, 8]
    assert 0 < told["scenarios"][0]["outcomes"]["front"]["final"]["median"] < 1
    war = told["scenarios"][0]["influence"]["belarus.russia"]["war"]
    assert 0 < war["levers"]["support_minsk"]["influence"]["mean"] < 1
    assert told["scenarios"][0]["deal"]["rounds"]["final"]["median"] == 1  # January
    assert {row["scenario"] for row in told["paired"]} == {"negotiated_settlement"}


SLOW = """
import os, sys, time
os.chdir(sys.argv[1])
import sim.ensemble.store as store
from tests.support.synthetic import make_run

def simulate(scenario, worlds, seed, *, draws, first, vary, keep, progress):
    for done in range(1, 6):
        progress(done * worlds // 5, worlds)
        time.sleep(0.3)
    return make_run(scenario.name, worlds=worlds, months=scenario.months)

store._engine = lambda: simulate
from sim.cli import app
app(["run", "status_quo", "--worlds", "500", "--set", "months=3", "--json"])
"""


def test_a_terminal_sees_progress_throughput_and_time_left(tmp_path: Path) -> None:
    import pty

    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "120"},
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    seen = b""
    try:
        while part := os.read(ours, 4096):
            seen += part
    except OSError:  # the other end is closed: the process is done
        pass
    out, _ = process.communicate(timeout=60)
    os.close(ours)
    assert process.returncode == 0
    assert json.loads(out)["worlds"] == 500
    text = seen.decode()
    assert "/500" in text
    assert "worlds/s" in text
    assert re.search(r"00:0\d", text)
