"""Bad input: exit 2, a line for every problem, nothing written, no traceback."""

import re
import string
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from sim.cli import app
from sim.cli.inputs import LARGEST_SEED
from sim.scenario.registry import scenarios_path
from tests.sim.cli.conftest import Fulcrum, Said

PLACED = re.compile(r"[^:]+:\d+:\d+: .+: .+")
GOOD = (scenarios_path() / "status_quo.yaml").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def cluster_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether or not Dask's scheduler is."""
    monkeypatch.setattr("sim.ensemble.executors.find_spec", lambda name: object())


@pytest.fixture
def other(tmp_path: Path) -> Path:
    file = tmp_path / "other.yaml"
    file.write_text("extends: status_quo\ntitle: Other\n")
    return file


def is_refused(said: Said, *wanted: str) -> None:
    """Exit 2, nothing on stdout, exactly these problems (by a part of each), in any order."""
    assert said.status == 2
    assert said.out == ""
    assert "Traceback" not in said.err
    assert len(said.problems) == len(wanted), said.err
    for part in wanted:
        assert sum(part in line for line in said.problems) == 1, (part, said.err)


@pytest.mark.parametrize("words", [["run", "status_quo", "--engine", "numba"], ["warm-up"]])
def test_a_compiler_that_is_not_installed_is_asked_for(
    fulcrum: Fulcrum, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.setattr("sim.kernel.find_spec", lambda _: None)
    is_refused(fulcrum(*words), "pip install 'fulcrum-sim[fast]'")


@pytest.mark.parametrize(
    ("words", "problems"),
    [
        (["run", "nowhere"], ["nowhere:1:1: file: there is no such file"]),
        (["run", "status_qou"], ['did you mean "status_quo"?']),
        (["run", "status_quo", "--worlds", "0"], ["--worlds: must be at least 1, not 0"]),
        (["run", "status_quo", "--worlds", "-5"], ["--worlds: must be at least 1, not -5"]),
        (["run", "status_quo", "--worlds", "many"], ["Invalid value for '--worlds'"]),
        (["run", "status_quo", "--draws", "0"], ["--draws: must be at least 1, not 0"]),
        (["run", "status_quo", "--seed", "-1"], ["--seed: must be at least 0, not -1"]),
        (["run", "status_quo", "--seed", str(LARGEST_SEED + 1)], ["--seed: must be at most"]),
        (["run", "status_quo", "--scheduler", "here"], ["--scheduler: here: write an address"]),
        (
            ["run", "status_quo", "--scheduler", "tcp://h:1", "--workers", "2"],
            ["--scheduler: give it or --workers, not both"],
        ),
        (["run", "status_quo", "--engine", "cuda"], ["--engine: unknown engine 'cuda'; known are"]),
        (["run", "status_quo", "--set", "months"], ["--set: months: write key=value"]),
        (["run", "status_quo", "--set", "=12"], ["--set: =12: write key=value"]),
        (
            ["run", "status_quo", "--set", "months=9", "--set", "months=8"],
            ["--set: months: is given twice"],
        ),
        (["run", "status_quo", "--set", "world.kapa=1"], ['did you mean "kappa"']),
        (["run", "status_quo", "--wolrds", "9"], ["No such option: --wolrds"]),
        (
            ["run", "status_quo", "--vary", "luck"],
            ["--vary: luck: there are both"],
        ),
        (
            ["run", "status_qou", "--until", "frnt mcse<0.1", "--until", "x", "--worlds", "0"],
            [
                'frnt mcse<0.1: unknown outcome "frnt"',
                "--until: x: write",
                "status_quo",
                "--worlds",
            ],
        ),
        (["run"], ["Missing argument 'SCENARIO'"]),
        (["rum"], ["No such command 'rum'"]),
        (["compare", "status_quo"], ["give two scenarios or more"]),
        (["compare", "status_quo", "status_quo"], ["status_quo: is given more than once"]),
        (
            ["compare", "status_quo", "other.yaml", "--baseline", "othr"],
            ['--baseline: othr is none of the scenarios; did you mean "other"?'],
        ),
        (
            ["compare", "status_quo", "nowhere", "elsewhere", "--worlds", "0"],
            ["nowhere:1:1", "elsewhere:1:1", "--worlds"],
        ),
        (["validate", "status_quo", "nowhere", "elsewhere"], ["nowhere:1:1", "elsewhere:1:1"]),
        (["show", "nowhere"], ["nowhere:1:1"]),
        (["diff", "status_quo", "nowhere"], ["nowhere:1:1"]),
        (["runs", "--results", "other.yaml"], ["--results: other.yaml is not a folder"]),
        (["claims", "C24"], ["C24: no such claim"]),
        (["claims", "--parameter", "world.kapa"], ['did you mean "world.kappa"?']),
        (["claims", "C01", "--parameter", "world.kappa"], ["not both"]),
    ],
)
@pytest.mark.usefixtures("other", "quick")
def test_a_line_for_every_problem(
    fulcrum: Fulcrum, tmp_path: Path, words: list[str], problems: list[str]
) -> None:
    is_refused(fulcrum(*words), *problems)
    assert not (tmp_path / "results").exists()


def test_problems_of_files_options_and_folders_are_said_at_once(
    fulcrum: Fulcrum, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("extends: status_quo\nmonths: -3\ntitel: Bad\nworld: {kapa: 1}\n")
    (tmp_path / "file").write_text("mine")
    words = ["--worlds", 0, "--draws", 0, "--results", "file", "--set", "nonsense"]
    is_refused(
        fulcrum("run", "bad.yaml", *words),
        "bad.yaml:2:9: months: ",
        'bad.yaml:3:1: titel: unknown key; did you mean "title"?',
        "bad.yaml:4:9: world.kapa: ",
        "--worlds",
        "--draws",
        "--results: ",
        "--set: nonsense",
    )
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize("results", ["file", "file/deeper", "/dev/null", "/proc/nowhere/at/all"])
@pytest.mark.usefixtures("quick")
def test_results_that_cannot_be_written(fulcrum: Fulcrum, tmp_path: Path, results: str) -> None:
    (tmp_path / "file").write_text("mine")
    is_refused(fulcrum("run", "status_quo", "--results", results), "--results: ")


@pytest.mark.usefixtures("quick")
def test_scenarios_that_start_in_different_months_do_not_share_worlds(
    fulcrum: Fulcrum, tmp_path: Path
) -> None:
    (tmp_path / "later.yaml").write_text("extends: status_quo\nstart: 2024-06\n")
    is_refused(fulcrum("compare", "status_quo", "later.yaml"), "later.yaml: starts in 2024-06")


def test_validate_as_json_lists_the_problems(fulcrum: Fulcrum, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("extends: status_quo\ntitel: Bad\n")
    said = fulcrum("validate", "bad.yaml", "--json")
    assert said.status == 2
    [problem] = said.document["problems"]
    assert said.document["valid"] is False
    assert (problem["file"], problem["line"], problem["column"]) == ("bad.yaml", 2, 1)
    assert [problem["where"]] == ["titel"]
    assert len(said.problems) == 1


def spoilt(draw: st.DrawFn) -> bytes:
    """The good scenario with a few bytes cut out, put in or changed."""
    raw = bytearray(GOOD.encode())
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(len(raw) - 1, 0)))
        cut = draw(st.integers(0, 12))
        filler = st.binary(max_size=6) | st.text(string.printable, max_size=8).map(str.encode)
        raw[at : at + cut] = draw(filler)
    return bytes(raw)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.composite(spoilt)() | st.binary(max_size=60))
@example(b"")
@example(b"\xff\xfe")
@example(b"a: &x [*x]")
@example(b"months: 1\nmonths: 2\n")
@example(b"[" * 2000)
def test_no_file_brings_a_traceback(raw: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file, results = Path(folder) / "spoilt.yaml", Path(folder) / "results"
        file.write_bytes(raw)
        checked = CliRunner().invoke(app, ["validate", str(file)])
        assert isinstance(checked.exception, SystemExit | None)
        assert checked.exit_code in (0, 2)
        if checked.exit_code == 0:
            return
        ran = CliRunner().invoke(app, ["run", str(file), "--results", str(results)])
        assert isinstance(ran.exception, SystemExit)
        assert ran.exit_code == 2
        assert ran.stdout == ""
        assert ran.stderr == checked.stderr
        assert ran.stderr
        assert all(PLACED.fullmatch(line) for line in ran.stderr.splitlines())
        assert not results.exists()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(["months", "world.kappa", "claims.C01", "events", "moves", "title", "a.b", ""])
    | st.text(max_size=12),
    st.sampled_from(["12", "off", "{uniform: [0, 1]}", "[", "nan", "-1e999", "&a [*a]", "~"])
    | st.text(max_size=20),
)
def test_no_setting_brings_a_traceback(key: str, value: str) -> None:
    said = CliRunner().invoke(app, ["show", "status_quo", f"--set={key}={value}"])
    assert isinstance(said.exception, SystemExit | None)
    assert said.exit_code in (0, 2)
    if said.exit_code == 2:
        assert said.stdout == ""
        assert all(line.startswith("--set:") for line in said.stderr.splitlines())
        assert said.stderr


def test_a_missing_cluster_library_is_one_line(
    fulcrum: Fulcrum, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("sim.ensemble.executors.find_spec", lambda name: None)
    said = fulcrum("run", "status_quo", "--scheduler", "tcp://127.0.0.1:9")
    is_refused(said, "pip install 'fulcrum-sim[cluster]'")
    assert list(tmp_path.iterdir()) == []


def test_a_scheduler_that_does_not_answer_is_one_line(
    fulcrum: Fulcrum, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed", reason="needs fulcrum-sim[cluster]")
    monkeypatch.setattr("sim.ensemble.executors._ANSWER_WITHIN", 0.5)
    said = fulcrum("run", "status_quo", "--scheduler", "tcp://127.0.0.1:9")
    is_refused(said, "--scheduler: tcp://127.0.0.1:9: no Dask scheduler answers there")
