"""`fulcrum backtest` as a user types it, on worlds that cost nothing."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.analysis.trajectories import Paths
from sim.scenario import Scenario
from sim.scenario.registry import seeds_path
from tests.sim.cli.conftest import Fulcrum
from tests.support.record import write_figures


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, Any]]:
    """Puts made-up worlds in place of the model; lists (months, restart) of each run."""
    runs: list[tuple[int, Any]] = []

    def observe(
        scenario: Scenario, worlds: int, seed: int, names: list[str], **options: object
    ) -> Paths:
        runs.append((scenario.months, options["restart"]))
        rng = np.random.default_rng(seed)
        shape = (scenario.months + 1, worlds)
        values = {name: 0.5 + 0.3 * rng.random(shape).cumsum(axis=0) for name in names}
        values["front"] = 0.2 + 0.01 * rng.normal(size=shape)
        return Paths(scenario.start, values, 4)

    monkeypatch.setattr("sim.analysis.backtest.observe", observe)
    return runs


def test_scores_are_printed_and_kept(fulcrum: Fulcrum, asked: list[tuple[int, Any]]) -> None:
    said = fulcrum("backtest", "--worlds", 32)
    assert said.status == 0, said.err
    assert "Territory held by Russia" in said.out
    assert "dated shocks" in said.out
    assert "Patterns" in said.out
    # an event's share is the last month's, its scores are means over months
    for head in ("of 100 worlds, at the end", "Brier, mean of months"):
        assert head in " ".join(said.out.split())
    [folder] = Path("results").glob("backtest-*")
    kept = json.loads((folder / "scores.json").read_text())
    assert kept["command"].startswith("fulcrum backtest invasion_2022 --from 2023-07 --to 2023-11")
    page = (folder / "report.html").read_text()
    assert "against the record" in page
    assert "known only in hindsight" in page
    assert "Can the score tell the record from a wrong one?" in page
    told = (Path("results") / "index.html").read_text()
    assert f'href="{folder.name}/report.html"' in told
    assert "Back-test" in told
    [listed] = fulcrum("runs", "--json").document["answers"]
    assert (listed["kind"], listed["about"]) == ("back-test", "2023-07 to 2023-11")
    printed = fulcrum("runs").out
    assert "no runs" in printed
    assert folder.name in printed
    issued = [restart.after for _, restart in asked if restart is not None]
    assert len(issued) == 7  # the window's own date of issue and six rolling ones


def test_the_document_holds_every_score(fulcrum: Fulcrum, asked: list[tuple[int, Any]]) -> None:
    document = fulcrum("backtest", "--worlds", 32, "--json").document
    whole, issued = document["forecasts"]
    assert (whole["kind"], issued["issued"]) == ("whole", "2023-06")
    assert [row["name"] for row in whole["series"]][:2] == ["territory", "losses_russia"]
    for row in whole["series"]:
        assert {"crps", "coverage", "skill", "verdict", "why", "points"} <= set(row)
        assert row["figures"] == len(row["points"])
    trials = {one["forecasts"]: one["records"] for one in document["wrong_records"]}
    assert list(trials) == ["issued", "changes", "whole", "window"]
    for row in trials["changes"]:
        assert row["ratio"] > 0
        assert row["series_worse"] <= row["series"]
    assert {event["name"] for event in whole["events"]} >= {"entry", "hosting", "launches"}
    assert document["patterns"]["facts"][0]["fact"] == 1
    assert sum(document["patterns"]["checks"].values()) == 23
    assert [one["months_ahead"] for one in document["rolling"]["leads"]] == [3, 6, 12]
    assert len(asked) == 8


def test_a_run_goes_on_to_the_end_of_the_window(
    fulcrum: Fulcrum, asked: list[tuple[int, Any]], tmp_path: Path
) -> None:
    figures = write_figures(tmp_path / "later.csv", np.full(30, 0.18))
    said = fulcrum(
        "backtest", "--observed", figures, "--from", "2024-01", "--to", "2024-06", "--worlds", 32,
        "--json",
    )  # fmt: skip
    assert said.status == 0, said.err
    assert asked[0] == (28, None)
    [only] = {row["name"] for forecast in said.document["forecasts"] for row in forecast["series"]}
    assert only == "territory"
    assert said.document["forecasts"][0]["events"] == []  # events are known to November 2023


def test_a_scenario_that_starts_within_the_record_is_told_from_when_it_can_be_scored(
    fulcrum: Fulcrum, asked: list[tuple[int, Any]], tmp_path: Path
) -> None:
    figures = write_figures(tmp_path / "later.csv", np.full(30, 0.18))
    said = fulcrum("backtest", "status_quo", "--observed", figures, "--worlds", 32)
    assert said.status == 2
    assert said.problems == [
        "--from: status_quo starts in 2023-12, after the first month scored, 2023-07; give --from "
        "2023-12, or name invasion_2022"
    ]
    assert asked == []


@pytest.mark.parametrize(
    ("words", "problems"),
    [
        (["--from", "july"], ["--from: july: write YYYY-MM"]),
        (["--from", "2023-09", "--to", "2023-08"], ["--from: 2023-09 is after --to, 2023-08"]),
        (
            ["status_quo"],
            [
                "backtest: status_quo starts in 2023-12, after the record ends (2023-11); "
                "invasion_2022 is the scenario for it"
            ],
        ),
        (
            ["status_quo", "--to", "2024-06"],
            ["backtest: status_quo starts in 2023-12, after the record ends (2023-11)"],
        ),
        (
            ["status_quo", "--from", "2023-08"],
            ["--from: 2023-08 is before status_quo starts, 2023-12"],
        ),
        (["--from", "2021-09"], ["--from: 2021-09 is before invasion_2022 starts, 2022-03"]),
        (["--from", "2023-12", "--to", "2024-01"], ["--from: no figure that counts lies in"]),
        (["--to", "2050-01"], ["--to: 2050-01 is out of reach"]),
        (["--to", "2024-01", "--set", "months=21"], ["--set: months: the run ends in 2023-11"]),
        (["--worlds", "0", "--to", "x"], ["--worlds: must be at least 1", "--to: x: write"]),
    ],
)
def test_bad_input_is_told_and_nothing_is_run(
    fulcrum: Fulcrum, asked: list[tuple[int, Any]], words: list[str], problems: list[str]
) -> None:
    said = fulcrum("backtest", *words)
    assert said.status == 2
    assert len(said.problems) == len(problems)
    for line, begins in zip(said.problems, problems, strict=True):
        assert line.startswith(begins)
    assert asked == []
    assert not Path("results").exists()


def test_every_problem_of_the_figures_is_told_with_the_rest(
    fulcrum: Fulcrum, asked: list[tuple[int, Any]], tmp_path: Path
) -> None:
    figures = tmp_path / "figures.csv"
    figures.write_text(
        "series,date,value\nru_control_shar_isw,2023-07,17\nru_control_share_isw,2023-08,170\n"
    )
    said = fulcrum("backtest", "--observed", figures, "--seed", -1)
    assert said.status == 2
    assert said.problems[0].startswith("--seed")
    assert f"{figures}:2:1: series:" in said.problems[1]
    assert 'did you mean "ru_control_share_isw"' in said.problems[1]
    assert f"{figures}:3:3: value: 170 cannot be" in said.problems[2]
    assert asked == []


def test_without_the_library_it_says_what_to_install(
    fulcrum: Fulcrum, asked: list[tuple[int, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.analysis.scores.find_spec", lambda name: None)
    said = fulcrum("backtest")
    assert said.status == 2
    assert "pip install 'fulcrum-sim[backtest]'" in said.problems[0]


def test_a_file_with_many_series_that_do_not_count_is_no_flood(
    fulcrum: Fulcrum, asked: list[tuple[int, Any]]
) -> None:
    said = fulcrum("backtest", "--observed", seeds_path() / "history.csv", "--worlds", 32)
    assert said.status == 0, said.err
    assert len([line for line in said.problems if "do not count" in line]) == 1
    page = next(Path("results").glob("backtest-*/report.html")).read_text()
    assert "Series of the file that do not count" in page
    assert "oryx_russia_monthly does not count: vehicles" in page
