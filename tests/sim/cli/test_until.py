"""`run --until` and `--vary`, as a user types them."""

import json
from pathlib import Path

import pytest

from tests.sim.cli.conftest import Fulcrum

MONTHS = ["--set", "months=3"]


def test_worlds_are_added_until_the_condition_holds(
    fulcrum: Fulcrum, quick: list[tuple[str, int, int]]
) -> None:
    said = fulcrum("run", "status_quo", *MONTHS, "--until", "front mcse<0.0005", "--json")
    assert said.status == 0
    told = said.document["until"]
    assert told["met"] is True
    assert told["most"] == 20_000
    [condition] = told["conditions"]
    assert condition["condition"] == "front mcse<0.0005"
    assert (condition["outcome"], condition["quantile"]) == ("front", "median")
    assert condition["error"] == said.document["outcomes"]["front"]["final"]["mcse"]["median"]
    assert condition["error"] < 0.0005
    worlds = [step["worlds"] for step in told["steps"]]
    assert worlds[0] == 400
    assert worlds == sorted(set(worlds))
    assert said.document["worlds"] == worlds[-1] < 20_000
    assert all(step["errors"]["front mcse<0.0005"] >= 0.0005 for step in told["steps"][:-1])
    assert len(worlds) > 1
    # only what was missing was simulated
    assert sum(count for _, _, count in quick) == worlds[-1]
    assert len(said.problems) == len(worlds) + 1
    assert "not yet" in said.problems[0]
    assert "worlds needed" in said.problems[0]
    assert said.problems[-1] == f"Exactly enough with {worlds[-1]:,} worlds."


def test_the_report_names_a_command_that_makes_it_again(fulcrum: Fulcrum) -> None:
    told = fulcrum("run", "status_quo", *MONTHS, "--until", "front mcse<0.0005", "--json").document
    command = f"fulcrum run status_quo --worlds {told['worlds']} --seed 1 --set months=3"
    assert command in Path(told["report"]).read_text()
    plain = fulcrum("run", "status_quo", *MONTHS, "--worlds", told["worlds"], "--json").document
    assert plain["outcomes"] == told["outcomes"]
    assert plain["run"] == told["run"]


def test_what_was_kept_before_changes_no_step(fulcrum: Fulcrum) -> None:
    words = ["run", "status_quo", *MONTHS, "--until", "front mcse<0.0005", "--json"]
    fulcrum("run", "status_quo", *MONTHS, "--worlds", 3000)
    after = fulcrum(*words).document
    assert after["until"] == fulcrum(*words, "--results", "new").document["until"]


def test_the_most_allowed_is_said_when_it_is_reached_first(fulcrum: Fulcrum) -> None:
    conditions = ["--until", "front mcse<1e-6", "--until", "autonomy[q95] mcse<9"]
    said = fulcrum("run", "status_quo", *MONTHS, *conditions, "--worlds", 600, "--json")
    assert said.status == 0
    told = said.document["until"]
    assert (told["met"], told["most"], said.document["worlds"]) == (False, 600, 600)
    assert [one["met"] for one in told["conditions"]] == [False, True]
    assert [one["quantile"] for one in told["conditions"]] == ["median", "q95"]
    last = said.problems[-1]
    assert last.startswith("Stopped at 600 worlds, the most allowed, before front mcse<1e-06 held;")
    assert "would be needed" in last


def test_too_few_worlds_for_any_error(fulcrum: Fulcrum) -> None:
    said = fulcrum("run", "status_quo", *MONTHS, "--until", "front mcse<1", "--worlds", 40)
    assert said.status == 0
    assert "no error can be told" in said.problems[0]
    assert "cannot be told" in said.problems[-1]


@pytest.mark.usefixtures("quick")
def test_a_run_without_conditions_is_what_it_was(fulcrum: Fulcrum) -> None:
    told = fulcrum("run", "status_quo", *MONTHS, "--json").document
    assert told["worlds"] == 1000
    assert "until" not in told
    assert told["vary"] == "both"


@pytest.mark.parametrize("vary", ["chance", "unknown"])
def test_what_varies_is_said_everywhere(fulcrum: Fulcrum, vary: str) -> None:
    both = fulcrum("run", "status_quo", *MONTHS, "--worlds", 400, "--json").document
    words = ["run", "status_quo", *MONTHS, "--worlds", 400, "--vary", vary]
    told = fulcrum(*words, "--json").document
    assert told["run"] != both["run"]
    assert told["vary"] == vary
    for outcome in told["outcomes"].values():
        assert (outcome["spread"]["unknown"], outcome["spread"]["chance"]) == (None, None)
        assert "cannot be told here" in outcome["spread"]["cannot_tell"]
    manifest = json.loads((Path(told["path"]) / "manifest.json").read_text())
    assert manifest["vary"] == vary
    page = Path(told["report"]).read_text()
    heads = {
        "chance": "one parameter set, at the medians; only chance varies",
        "unknown": "100 parameter sets, all under the same 4 draws of chance",
    }
    assert heads[vary] in page
    assert "cannot be told here" in page
    assert f"--vary {vary}" in page
    printed = fulcrum(*words).out
    assert "cannot be told here" in printed
    assert "unknown, %" not in printed
    plain = fulcrum("run", "status_quo", *MONTHS, "--worlds", 400)
    assert "unknown, %" in plain.out
    assert "cannot be told" not in plain.out


@pytest.mark.usefixtures("quick")
def test_compare_varies_all_its_scenarios(fulcrum: Fulcrum, tmp_path: Path) -> None:
    (tmp_path / "peace.yaml").write_text("extends: status_quo\ntitle: Peace\n")
    words = ["compare", "status_quo", "peace.yaml", "--worlds", 100, "--vary", "chance", "--json"]
    told = fulcrum(*words).document
    assert [run["vary"] for run in told["scenarios"]] == ["chance", "chance"]
    assert "--vary chance" in Path(told["report"]).read_text()
    # every world counts by itself, so a hundred of them are enough for errors
    assert told["scenarios"][0]["outcomes"]["front"]["final"]["mcse"]["median"] > 0
