"""One world on the command line: a choice explained, the whole told as a story."""

from pathlib import Path

import pytest

from sim.ensemble.engine import simulate
from sim.ensemble.store import Store
from sim.scenario import load_scenario
from tests.sim.cli.conftest import Fulcrum

SHORT = ("--set", "months=3")


@pytest.fixture
def run(fulcrum: Fulcrum) -> Path:
    """A run of the model itself in the results folder."""
    scenario = load_scenario("status_quo", {"months": 3})
    return Store(Path("results"), simulate).fetch(scenario, 8, 1, 4, keep="headline").path


def test_a_choice_in_a_table(fulcrum: Fulcrum) -> None:
    words = ["status_quo", "--world", 5, "--month", "2024-01", "--actor", "belarus"]
    said = fulcrum("explain", *words, *SHORT)
    assert said.status == 0
    assert said.out.startswith("World 5 of “Status quo”.\n\nBelarus in January 2024\n")
    for words_shown in ("chances of 100", "runner-up", "Western rents", "cost of moving", "Closed"):
        assert words_shown in said.out
    table = said.out.split("lever ", 1)[1].split("\n\n")[0].splitlines()
    assert max(len(line) for line in table[:6]) <= 80
    assert "Russia in" not in said.out


def test_a_choice_on_a_narrow_terminal_is_folded_and_nothing_is_cut(
    fulcrum: Fulcrum, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    words = ["status_quo", "--world", 5, "--month", "2024-01", "--actor", "belarus"]
    said = fulcrum("explain", *words, *SHORT)
    assert "…" not in said.out
    assert "champion" in said.out
    assert max(map(len, said.out.splitlines())) <= 40


def test_a_choice_as_json(fulcrum: Fulcrum) -> None:
    words = ["status_quo", "--world", 5, "--month", "2024-01", "--json"]
    told = fulcrum("explain", *words, *SHORT).document
    assert (told["world"], told["month"], told["medoid"]) == (5, "2024-01", None)
    assert [one["actor"] for one in told["decisions"]] == ["russia", "belarus", "ukraine", "nato"]
    for one in told["decisions"]:
        assert sum(option["probability"] for option in one["options"]) == pytest.approx(1, abs=1e-9)
        for option in one["options"]:
            parts = [term["held"] + term["after"] for term in option["terms"].values()]
            assert sum(parts) == pytest.approx(option["value"], abs=1e-9)
        assert one["levels"] in [option["levels"] for option in one["options"]]


def test_who_plays_otherwise_is_told_so(fulcrum: Fulcrum) -> None:
    plays = {"russia": "random", "belarus": "puppet of russia", "nato": "myopic"}
    words = [
        word for actor, how in plays.items() for word in ("--set", f"actors.{actor}.plays={how}")
    ]
    said = fulcrum("explain", "status_quo", "--world", 2, "--month", "2023-12", *words, *SHORT)
    assert said.status == 0
    for sentence in (
        "Russia’s play is random: what its options are worth does not count.",
        "Belarus is the puppet of Russia: it weighs Russia’s payoff, not its own.",
        "NATO is myopic: it takes the coming month for what every later one will bring.",
        "one month for NATO with the option held",
        "It expects Belarus to enter within a year with a chance of",
    ):
        assert sentence in said.out
    assert "In units of" in said.out.split("Belarus in")[1].split("Ukraine in")[0]


def test_without_a_month_the_one_on_which_most_hung(fulcrum: Fulcrum) -> None:
    told = fulcrum("explain", "status_quo", "--world", 5, "--json", *SHORT).document
    story = fulcrum("explain", "status_quo", "--world", 5, "--story", "--json", *SHORT).document
    [one] = story["stories"]
    turns = [entry for entry in one["entries"] if entry["kind"] == "turn"]
    greatest = max(turns, key=lambda entry: entry["data"]["weight"])
    assert told["month"] == greatest["month"]


def test_a_story_of_a_run_that_is_kept(
    fulcrum: Fulcrum, run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run is enough, by its name or by its scenario, and nothing is simulated again."""

    def never() -> None:
        raise AssertionError("the ensemble is there already")

    monkeypatch.setattr("sim.ensemble.store._engine", never)
    by_name = fulcrum("explain", run.name, "--story", "--json").document
    by_scenario = fulcrum("explain", "status_quo", "--story", "--json", *SHORT).document
    [one], [other] = by_name["stories"], by_scenario["stories"]
    assert one["medoid"]["of"] == 8
    assert one["run"]
    assert other["run"] is None
    same = set(one) - {"run"}
    assert {key: one[key] for key in same} == {key: other[key] for key in same}
    said = fulcrum("explain", run, "--story", "--ending", "all", "--turns", 1)
    assert said.out.startswith("World ")
    assert "It begins so: Fighting goes on." in said.out
    assert "Told are" in said.out


def test_a_run_whose_worlds_this_code_does_not_make(
    fulcrum: Fulcrum, quick: list[tuple[str, int, int]]
) -> None:
    fulcrum("run", "status_quo", "--worlds", 4, *SHORT)
    [name] = [path.name for path in Path("results").iterdir() if path.name[0] == "s"]
    said = fulcrum("explain", name, "--story")
    assert said.status == 1
    [line] = said.problems
    assert line.startswith("status_quo: what is recorded of world")
    assert line.endswith("run the scenario again to have them agree")
    assert quick


def test_everything_wrong_is_said_at_once(fulcrum: Fulcrum) -> None:
    words = ["--world", -1, "--month", "2030-01", "--actor", "nata", "--turns", 0]
    said = fulcrum("explain", "status_quo", *words, "--ending", "settled")
    assert said.status == 2
    assert said.problems == [
        '--actor: nata: there is no such actor; did you mean "nato"?',
        "--ending: belongs to --story; add that, or leave it out",
        "--ending: finds a world, and --world names one; leave one of them out",
        "--turns: belongs to --story; add that, or leave it out",
        "--turns: must be at least 1, not 0",
        "--month: 2030-01 is outside the run, 2023-12 to 2026-11",
        "--world: worlds are numbered 0 to 99,999,999, not -1",
    ]


def test_a_run_has_its_own_numbers(fulcrum: Fulcrum, run: Path) -> None:
    said = fulcrum("explain", run.name, "--seed", 2, "--set", "months=2", "--world", 8)
    assert said.status == 2
    assert said.problems == [
        f"--seed: {run.name} is a run, which has its own; leave it out, or name a scenario",
        f"--set: {run.name} is a run, which has its own; leave it out, or name a scenario",
    ]
    said = fulcrum("explain", run.name, "--world", 8)
    assert said.problems == [f"--world: worlds of {run.name} are numbered 0 to 7, not 8"]


def test_an_ending_that_no_world_has(fulcrum: Fulcrum, run: Path) -> None:
    said = fulcrum("explain", run, "--story", "--ending", "peace")
    assert said.status == 2
    [line] = said.problems
    assert line.startswith("--ending: peace: there is no such ending; of 8 worlds: active (")


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ([], "explain: name a scenario or a run, such as status_quo"),
        (["status_qou"], 'there is no such file; did you mean "status_quo"?'),
        (["status_quo", "--world", "1", "--month", "May"], "--month: May: write YYYY-MM"),
        (["status_quo", "--story", "--month", "2024-01"], "--month: a story is told from"),
        (["status_quo", "--story", "--actor", "nato"], "--actor: a story tells of all actors"),
        (["status_quo", "--worlds", "0"], "--worlds: must be at least 1, not 0"),
    ],
)
def test_what_cannot_be_explained(fulcrum: Fulcrum, words: list[str], problem: str) -> None:
    said = fulcrum("explain", *words)
    assert said.status == 2
    assert len(said.problems) == 1
    assert problem in said.problems[0]


def test_the_stages_of_a_month(fulcrum: Fulcrum) -> None:
    said = fulcrum("explain", "--stages")
    assert said.out.splitlines()[2].startswith(" 3 choices")
    names = [one["name"] for one in fulcrum("explain", "--stages", "--json").document["stages"]]
    assert names[:4] == ["shocks", "beliefs", "choices", "deal"]
