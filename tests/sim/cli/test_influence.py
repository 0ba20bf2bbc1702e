"""`fulcrum influence`: both measures on the terminal and as a document."""

import pytest

from sim.analysis.who_moves_whom import Figure
from sim.cli.influence import _number, print_both
from tests.sim.analysis.test_who_moves_whom import told
from tests.sim.cli.conftest import Fulcrum

SHORT = ["status_quo", "--set", "months=2", "--worlds", "8"]


def test_both_measures_stand_side_by_side(fulcrum: Fulcrum) -> None:
    said = fulcrum("influence", *SHORT, "--pair", "belarus.russia")
    assert said.status == 0, said.err
    assert "Status quo: 8 worlds in 2 sets of assumptions, 2 months, entry held." in said.out
    for words in ("belarus over russia", "support_minsk", "mean of its levers", "chance alone"):
        assert words in said.out
    assert "russia over belarus" not in said.out


def test_the_document_is_one_and_the_same_twice(fulcrum: Fulcrum) -> None:
    one, two = (fulcrum("influence", *SHORT, "--json") for _ in range(2))
    assert one.document == two.document
    assert list(one.document["pairs"]) == ["belarus.russia", "russia.belarus"]
    assert one.document["pairs"]["belarus.russia"]["path"]["sets"] == 2


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
    assert _number(Figure(0.0123, 0.002, 9)) == "1.2 ± 0.2"
    assert _number(Figure(-0.000123, 0.00004, 9)) == "−0.012 ± 0.004"
    assert _number(Figure(-0.000001, 0.0004, 9)) == "0.00 ± 0.04"
    assert _number(Figure(0.0, 0.0, 9)) == "0 exactly"
    assert _number(Figure(None, None, 0)) == ""
    assert _number(Figure(0.5, None, 1)) == "50"
