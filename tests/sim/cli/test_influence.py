"""`fulcrum influence`: both measures on the terminal and as a document."""

import re

import pytest

from sim.analysis.who_moves_whom import Figure
from sim.cli.influence import print_both
from sim.cli.moved import number
from tests.sim.analysis.test_who_moves_whom import told
from tests.sim.cli.conftest import Fulcrum

SHORT = ["status_quo", "--set", "months=2", "--worlds", "8"]


def test_both_measures_stand_side_by_side(fulcrum: Fulcrum) -> None:
    said = fulcrum("influence", *SHORT, "--pair", "belarus.russia")
    assert said.status == 0, said.err
    assert "Status quo: 8 worlds in 2 sets of assumptions, 2 months, entry held." in said.out
    for words in ("Belarus over Russia", "support for Minsk", "mean of its levers", "chance alone"):
        assert words in said.out
    assert "Russia over Belarus" not in said.out


def test_the_document_is_one_and_the_same_twice(fulcrum: Fulcrum) -> None:
    one, two = (fulcrum("influence", *SHORT, "--json") for _ in range(2))
    assert one.document == two.document
    assert list(one.document["pairs"]) == ["belarus.russia", "russia.belarus"]
    assert one.document["pairs"]["belarus.russia"]["path"]["sets"] == 2


def test_too_few_worlds_give_neither_error_nor_verdict(fulcrum: Fulcrum) -> None:
    said = fulcrum("influence", *SHORT)
    assert "With 8 worlds the Monte Carlo error cannot be told" in said.out
    assert said.out.rstrip().endswith("run at least 100.")
    for words in (" ± ", "path more", "swap more", "Which is larger", "not told apart", "↑", "↓"):
        assert words not in said.out
    told = fulcrum("influence", *SHORT, "--json").document
    assert told["cannot_tell"].endswith("run at least 100.")
    assert told["disagreements"] == []
    assert {one["verdict"] for one in told["pairs"].values()} == {"cannot be told"}
    assert {one["gap"]["ci95"] for one in told["pairs"].values()} == {None}


def test_an_influence_that_is_stopped_keeps_nothing_and_says_so(
    fulcrum: Fulcrum, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*words: object, **options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.analysis.who_moves_whom.measure_both", stop)
    said = fulcrum("influence", *SHORT)
    assert said.status == 130
    assert said.problems == ["Stopped. Nothing is kept; the same command starts over."]


def test_what_is_wrong_is_said_at_once_and_together(fulcrum: Fulcrum) -> None:
    said = fulcrum(
        *("influence", "status_quo", "--pair", "belarus.rusia", "--pair", "nato.nato"),
        *("--entry", "no", "--seed", "-1"),
    )
    assert said.status == 2
    assert said.problems == [
        "--seed: must be at least 0, not -1",
        "--pair: belarus.rusia: write two actors, as belarus.russia, or all; did you mean "
        '"belarus.russia"?',
        "--pair: nato.nato: write two actors, as belarus.russia, or all",
        "--entry: no: there are held and allowed",
    ]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--draws", "1"], "influence: 1 draw of chance per set leaves no pairs"),
        (["--worlds", "4"], "influence: 4 worlds of 4 draws are no two sets of assumptions"),
    ],
)
def test_what_the_path_measure_cannot_do_is_bad_input(
    fulcrum: Fulcrum, options: list[str], said: str
) -> None:
    found = fulcrum("influence", "status_quo", *options)
    assert found.status == 2
    assert found.problems[0].startswith(said)


def test_disagreement_is_printed_and_so_is_agreement(capsys: pytest.CaptureFixture[str]) -> None:
    print_both({("belarus", "russia"): told(0.01, 0.03)})
    out = capsys.readouterr().out
    assert "path more" in out
    assert "the path measure is 2 of 100 choices more than the belief swap" in out
    print_both({("belarus", "russia"): told(0.01, 0.01)})
    assert "The two measures are not told apart anywhere." in capsys.readouterr().out


def test_numbers_have_the_digits_that_their_error_allows() -> None:
    assert number(Figure(0.0123, 0.002, 9)) == "1.2 ± 0.2"
    assert number(Figure(-0.000123, 0.00004, 9)) == "−0.012 ± 0.004"
    assert number(Figure(-0.000001, 0.0004, 9)) == "0.00 ± 0.04"
    assert number(Figure(0.0, 0.0, 9)) == "0 exactly"
    assert number(Figure(None, None, 0)) == ""
    assert number(Figure(0.5, None, 1)) == "50"
    assert number(Figure(-0.000012, None, 9)) == "−<0.01"
    assert number(Figure(-0.012, None, 9)) == "−1.2"


@pytest.mark.slow
def test_a_shift_is_divided_between_months_or_scenarios(fulcrum: Fulcrum) -> None:
    few = ["--worlds", "8", "--pair", "belarus.russia", "--drivers", "--engine", "numba"]
    said = fulcrum("influence", "status_quo", "--set", "months=2", *few)
    assert said.status == 0, said.err
    assert "From status_quo, 2023-12 to status_quo, 2024-01: 8 worlds, 2 sets." in said.out
    assert "Russia: transfers" in said.out
    assert "in all" in said.out
    assert "Belarus over Russia" in said.out
    assert not re.search(r"[-−]0\.00\b", said.out)  # what rounds to nothing keeps its sign
    assert " ± " not in said.out
    assert said.out.rstrip().endswith("run at least 100.")
    words = ["russian_squeeze", "--against", "status_quo", "--at", "2023-12", "--json"]
    told = fulcrum("influence", *words, *few).document
    assert told["before"] == {"scenario": "status_quo", "month": "2023-12"}
    assert told["after"] == {"scenario": "russian_squeeze", "month": "2023-12"}
    assert "belarus.rents" in told["pairs"]["belarus.russia"]["terms"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--against", "russian_squeeze"], "influence: --against and --at are about shifts; add"),
        (["--drivers", "--at", "soon"], "--at: soon is no month; write YYYY-MM"),
        (["--drivers", "--at", "2024-01"], "--at: give two months, or another scenario"),
        (["--drivers", "--at", "2034-01", "--at", "2024-01"], "influence: 2034-01 is outside"),
        (["--drivers", "--entry", "allowed"], "--entry: shifts are divided with entry held"),
        (["--drivers", "--workers", "2"], "--workers: shifts are divided in one process"),
        (
            [
                "--drivers",
                "--against",
                "puppet_belarus",
                *["--at", "2024-01"],
                *["--at", "2024-02"],
            ],
            "--at: two scenarios are held against each other in one month",
        ),
    ],
)
def test_shifts_that_cannot_be_divided_are_bad_input(
    fulcrum: Fulcrum, options: list[str], said: str
) -> None:
    found = fulcrum("influence", "status_quo", *options)
    assert found.status == 2
    assert found.problems[0].startswith(said)
