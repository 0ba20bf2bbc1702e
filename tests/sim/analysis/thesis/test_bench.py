"""A small thesis from end to end: twice the same, resumed, and kept apart from other designs."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sim.analysis import making
from sim.analysis.thesis import kept
from sim.analysis.thesis.bench import merged, put_to_the_test
from sim.analysis.thesis.design import Thesis, load_thesis
from sim.analysis.thesis.runs import Runs
from sim.ensemble.store import Store
from sim.world.state import STATUSES

NAMES = ["H1", "H2", "H4", "H6"]


def small() -> Thesis:
    thesis = load_thesis()
    plans = {name: {**d.plan, "sets": 8, "draws": 2} for name, d in thesis.designs.items()}
    plans["H6"]["scenarios"] = ["status_quo", "russian_breakthrough"]
    return replace(
        thesis,
        designs={name: replace(thesis.designs[name], plan=plan) for name, plan in plans.items()},
    )


def run(folder: Path, told: list[tuple[int, int]] | None = None) -> dict[str, Any]:
    thesis = small()
    runs = Runs(folder, thesis.seed, "numba")
    if told is not None:
        runs.tell = lambda done, total: told.append((done, total))
    return put_to_the_test(thesis, NAMES, runs)


@pytest.mark.slow
def test_run_twice_it_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[int, int]] = []
    first = run(tmp_path / "one", told)
    assert told[-1][0] == told[-1][1]
    assert [one for one, _ in told] == sorted(one for one, _ in told)
    again = run(tmp_path / "two")
    assert json.dumps(again) == json.dumps(first)
    # a third time nothing is simulated
    monkeypatch.setattr("sim.ensemble.engine.run_tile", None)
    assert run(tmp_path / "one") == first
    for one in first["hypotheses"]:
        for judged in one["judged"]:
            assert sum(judged["counts"].values()) == judged["sets"] == 8
            assert len(judged["by_set"]["figure"]) == 8


@pytest.mark.slow
def test_endings_are_fetched_from_the_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    thesis = small()
    design = thesis.designs["H3"]
    plan = {**design.plan, "ends": [6, 12], "months": 14}
    family = replace(design, plan=plan).family("bargained")
    runs = Runs(tmp_path, thesis.seed, "numba")
    made = runs.family(family)
    assert len(list(tmp_path.glob("status_quo-*"))) == 2
    store = Store(tmp_path)
    arm = family.arms[6]
    for seed, there in ((thesis.seed, arm.worlds), (thesis.seed + 1, 0)):
        assert store.holds(arm.scenario, seed, arm.draws, keep="influence") == there
    assert store.holds(arm.scenario, thesis.seed, arm.draws) == 0
    monkeypatch.setattr("sim.analysis.thesis.runs.run_family", None)
    again = Runs(tmp_path, thesis.seed, "numba").family(family)
    for end, ds in made.items():
        assert ds.equals(again[end])
        assert (ds["status"].to_numpy()[:, : end - 1] == STATUSES.index("active")).all()
        assert (ds["status"].to_numpy()[:, end - 1 :] == STATUSES.index("settled")).all()


def document(design: str, **verdicts: str) -> dict[str, Any]:
    return {
        **dict.fromkeys(("fulcrum", "seeds", "code", "judging", "seed"), "x"),
        "values": None,
        "design": design,
        "hypotheses": [
            {"id": name, "verdict": verdict, "judged": []} for name, verdict in verdicts.items()
        ],
    }


def test_hypotheses_not_run_again_stand_if_all_else_is_the_same() -> None:
    old, new = document("d", H1="refuted", H2="refuted"), document("d", H2="supported")
    together = merged(old, new)["hypotheses"]
    assert [(one["id"], one["verdict"]) for one in together] == [
        ("H1", "refuted"),
        ("H2", "supported"),
    ]
    assert merged(document("other", H1="refuted"), new) == new
    assert merged(None, new) == new


def test_verdicts_of_another_design_are_none(tmp_path: Path) -> None:
    assert kept.latest_verdicts(tmp_path) == {}
    folder = tmp_path / kept.FOLDER
    folder.mkdir()
    ours = load_thesis().digest
    for design, expected in ((ours, {"H1": "refuted"}), ("toy", {})):
        text = json.dumps(document(design, H1="refuted"))
        (folder / kept.document_name()).write_text(text, encoding="utf-8")
        assert kept.latest_verdicts(tmp_path) == expected
    (folder / kept.document_name()).write_text("{", encoding="utf-8")
    assert kept.latest_verdicts(tmp_path) == {}


class TestBeside:
    """Documents of several sources in one folder."""

    def keep(self, results: Path, source: str, **about: Any) -> dict[str, Any]:  # noqa: ANN401
        made = document("d", H1="refuted") | kept.made_by(source) | about
        folder = results / kept.FOLDER
        folder.mkdir(exist_ok=True)
        (folder / kept.document_name(source)).write_text(json.dumps(made), encoding="utf-8")
        return made

    def test_those_of_one_making_stand_beside_each_other(self, tmp_path: Path) -> None:
        ours, other = (self.keep(tmp_path, source) for source in ("priors", "posterior_2023"))
        assert kept.beside(tmp_path, ours) == ([other], [])
        assert kept.beside(tmp_path, other) == ([ours], [])
        assert kept.changed_since(ours) == kept.changed_since(other) == []
        assert kept.judged_on(tmp_path) == kept.judged_on(tmp_path, "posterior_2023")

    @pytest.mark.parametrize("key", ["code", "seeds", "judging", "design", "seed", "values"])
    def test_of_another_making_they_are_named_only(self, tmp_path: Path, key: str) -> None:
        ours = self.keep(tmp_path, "priors")
        other = self.keep(tmp_path, "posterior_2023", **{key: "another"})
        assert kept.beside(tmp_path, ours) == ([], ["posterior_2023"])
        said = making.WORDS.get(key)
        assert kept.changed_since(other) == ([said] if said else [])

    def test_hypotheses_of_another_source_do_not_stand_in(self) -> None:
        old, new = (
            document("d", H1="refuted") | {"values": "v"},
            document("d", H2="refuted") | {"values": None},
        )
        assert merged(old, new) == new

    def test_a_source_that_is_gone_is_said(self) -> None:
        gone = document("d") | {"source": "posterior_1999"}
        assert kept.changed_since(gone) == ["the source posterior_1999, which is gone"]
