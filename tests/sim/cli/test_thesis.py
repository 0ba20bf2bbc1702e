"""`fulcrum thesis` as a user types it, on plausible numbers."""

import json
from pathlib import Path

import pytest

from sim.analysis.thesis import design, runs
from tests.sim.cli.conftest import Fulcrum
from tests.support.plausible_thesis import PlausibleRuns, small_thesis


@pytest.fixture
def plausible(monkeypatch: pytest.MonkeyPatch) -> None:
    small = small_thesis()
    monkeypatch.setattr(runs, "Runs", PlausibleRuns)
    monkeypatch.setattr(design, "load_thesis", lambda path=None: small)


@pytest.mark.usefixtures("plausible")
def test_run_twice_it_prints_the_same_and_parts_stand(fulcrum: Fulcrum) -> None:
    first = fulcrum("thesis", "--only", "H1,H2")
    assert (first.status, first.err) == (0, "")
    assert fulcrum("thesis", "--only", "h2, h1").out == first.out
    assert first.out.split()[:2] == ["verdict", "sets"]
    for line in first.out.splitlines()[1:3]:
        assert {"supported", "refuted", "undecided"} & {*line.split()}
    told = fulcrum("thesis", "--only", "H6", "--json").document
    assert [one["id"] for one in told["hypotheses"]] == ["H6"]
    kept = json.loads(Path("results/thesis/thesis.json").read_text(encoding="utf-8"))
    assert [one["id"] for one in kept["hypotheses"]] == ["H1", "H2", "H6"]
    assert Path(told["report"]).read_text(encoding="utf-8").startswith("<!doctype html>")
    [claim] = fulcrum("claims", "C15", "--json").document["claims"]
    assert claim["hypotheses"][0]["verdict"] == kept["hypotheses"][0]["verdict"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--only", "H9"], "--only: H9: there are H1, H2, H3, H4, H5, H6"),
        (["--only", "H1,,"], "--only: nothing: there are"),
        (["--design", "none.yaml"], "--design: none.yaml: cannot be read"),
        (["--workers", "0"], "--workers"),
    ],
)
def test_bad_input_is_one_line_each(fulcrum: Fulcrum, words: list[str], said: str) -> None:
    found = fulcrum("thesis", *words)
    assert found.status == 2
    assert said in found.problems[0]
    assert not Path("results").exists()


def test_a_design_that_does_not_fit_is_refused(fulcrum: Fulcrum) -> None:
    text = Path(design.__file__).parents[3] / "seeds" / "thesis.yaml"
    broken = text.read_text(encoding="utf-8").replace("months: 54", "months: 50")
    Path("mine.yaml").write_text(broken, encoding="utf-8")
    found = fulcrum("thesis", "--design", "mine.yaml")
    assert found.status == 2
    assert found.problems == ["--design: H3: the horizon is too short for the longest end"]
