"""`--engine numba` and `warm-up`: the same run, and no silence while the compiler works."""

import json
from importlib.util import find_spec
from pathlib import Path

import pytest

from sim.kernel import compiled
from tests.sim.cli.conftest import Fulcrum

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(find_spec("llvmlite") is None, reason="llvmlite is not installed"),
]
SHORT = ("status_quo", "--worlds", "8", "--set", "months=4")
SMALL = ("run", "status_quo", "--worlds", "4", "--set", "months=2", "--json")


def test_a_run_goes_on_with_another_engine(fulcrum: Fulcrum) -> None:
    one = fulcrum(*SMALL)
    assert one.status == 0, one.err
    more = fulcrum(*SMALL, "--worlds", "8", "--engine", "numba")
    assert more.status == 0, more.err
    assert more.document["run"] == one.document["run"]
    manifest = json.loads((Path(more.document["path"]) / "manifest.json").read_text())
    assert manifest["engine"] == "numpy, numba"
    apart = fulcrum(*SMALL, "--worlds", "8", "--results", "elsewhere")
    assert apart.document["outcomes"] == more.document["outcomes"]


def test_who_waits_for_the_compiler_is_told_and_warm_up_waits_for_all(
    fulcrum: Fulcrum, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(compiled, "_loaded", {})
    said = fulcrum("warm-up")
    assert said.status == 0
    assert str(tmp_path / "cache") in said.out
    files = len([*(tmp_path / "cache").rglob("*.o")])
    assert files >= 3
    assert f" {files} pieces of code compiled now" in said.out
    # many pieces, one wait: no sentence comes twice
    assert said.err.count("compiling a projection") == 1
    assert len(set(said.problems)) == len(said.problems)
    for words in (
        ("warm-up",),
        (*SMALL, "--engine", "numba"),
        ("influence", *SHORT, "--pair", "all", "--engine", "numba"),
        ("influence", *SHORT, "--entry", "allowed", "--pair", "all", "--engine", "numba"),
        ("influence", *SHORT, "--drivers", "--engine", "numba"),
    ):
        monkeypatch.setattr(compiled, "_loaded", {})
        again = fulcrum(*words)
        assert again.status == 0, again.err
        assert "compiling" not in again.err, words
    assert len([*(tmp_path / "cache").rglob("*.o")]) == files


def test_a_run_that_waits_for_the_compiler_says_so_once(
    fulcrum: Fulcrum, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(compiled, "_loaded", {})
    said = fulcrum(*SMALL, "--engine", "numba")
    assert said.err.count("compiling a projection") == 1
