"""A file of figures: what can be read, and everything that is wrong with one that cannot."""

from pathlib import Path

import pytest

from sim.analysis.long_format import read_rows
from sim.scenario.month import Month
from sim.scenario.problems import ScenarioError

KNOWN = ["front", "losses"]
LIMITS = {"front": (0.0, 100.0, False), "losses": (0.0, None, True)}


def write(folder: Path, text: str) -> Path:
    path = folder / "figures.csv"
    path.write_text(text, encoding="utf-8")
    return path


def refused(path: Path) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        read_rows(path, KNOWN, LIMITS)
    return [str(p).removeprefix(f"{path}:") for p in caught.value.problems]


def test_dates_of_every_form_are_periods(tmp_path: Path) -> None:
    text = "date,series,value\n2023-07,front,1\n2023Q2,front,2\n2022,front,3\n2022-02-28,front,4\n"
    rows = read_rows(write(tmp_path, text), KNOWN, LIMITS)
    assert [(row.first, row.last) for row in rows] == [
        (Month(2023, 7), Month(2023, 7)),
        (Month(2023, 4), Month(2023, 6)),
        (Month(2022, 1), Month(2022, 12)),
        (Month(2022, 2), Month(2022, 2)),
    ]
    assert rows[0].confidence == "medium"
    assert rows[0].line == 2


def test_every_problem_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "series,date,value,confidence\n"
        "frnt,2023-07,17,high\n"
        "front,07/2023,17,high\n"
        'front,2023-08,"17,5",high\n'
        "front,2023-09,117,high\n"
        "losses,2023-09,0,sure\n"
        "front,2023-10,17\n"
        "front,2023-11,17,low\n"
        "front,2023-11,18,low\n",
    )
    told = refused(path)
    assert [line.split(":")[0] for line in told] == ["2", "3", "4", "5", "6", "6", "7", "9"]
    assert 'did you mean "front"' in told[0]
    assert "write YYYY-MM" in told[1]
    assert "a number is needed" in told[2]
    assert "0 to 100" in told[3]
    assert "no confidence" in told[5] or "no confidence" in told[4]
    assert "cells" in told[6]
    assert "line 8 already" in told[7]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("series,date,value\n", "holds no figures"),
        ("series,date\nfront,2023-07\n", "value"),
        ("serie,date,value\nfront,2023-07,1\n", "series"),
        ("series,date,value,value\nfront,2023-07,1,2\n", "two columns"),
        ("series,date,value\nfront,2023-07,nan\n", "a number is needed"),
        ("series,date,value\nfront,2023-07,1e999\n", "a number is needed"),
        ("series,date,value\nfront,2023-07,1\0\n", "zero byte"),
    ],
)
def test_files_that_hold_nothing_usable(tmp_path: Path, text: str, words: str) -> None:
    assert any(words in line for line in refused(write(tmp_path, text)))


def test_a_file_that_is_no_text_or_not_there(tmp_path: Path) -> None:
    path = tmp_path / "figures.csv"
    assert any("cannot be read" in line for line in refused(path))
    path.write_bytes(b"series,date,value\nfront,2023-07,\xff\n")
    assert any(line.startswith("2:") and "UTF-8" in line for line in refused(path))


def test_a_byte_order_mark_and_blank_lines_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "figures.csv"
    path.write_bytes(b"\xef\xbb\xbfseries,date,value\r\n\r\nfront,2023-07,17\r\n")
    assert [row.value for row in read_rows(path, KNOWN, LIMITS)] == [17.0]
