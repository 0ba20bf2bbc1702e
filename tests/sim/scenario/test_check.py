"""Bad files: one line a problem, at the right place, all at once."""

from pathlib import Path

import pytest

from tests.sim.scenario.conftest import Lines, Load


def cases(table: str) -> list[tuple[str, list[str]]]:
    """Texts of files, each with the lines it must be answered with.

    In a table an empty line ends a case, and `--- ` begins each line of the answer, without the
    file's name.
    """
    content = Path(__file__).with_name(table).read_text(encoding="utf-8")
    split = [case.split("\n--- ") for case in content.strip("\n").split("\n\n")]
    return [(text, [f"x.yaml:{line}" for line in answer]) for text, *answer in split]


@pytest.mark.parametrize(("text", "expected"), cases("bad_scenarios.txt"))
def test_one_problem_is_one_line(lines: Lines, text: str, expected: list[str]) -> None:
    assert lines(text, y="title: Y\n") == expected


PARENT = """\
title: Parent
months: 24
claims: {C03: off}
actors: {belarus: {precision: 7, plays: random}}
events:
  - {at: 2025-06, shock: {oil: 1}}
moves:
  - {actor: nato, from: 2025-01, to: 2025-02, lever: aid, level: cut}
"""


@pytest.mark.parametrize(("text", "expected"), cases("bad_children.txt"))
def test_what_is_wrong_only_with_the_parent(lines: Lines, text: str, expected: list[str]) -> None:
    assert lines(f"extends: parent\n{text}\n", parent=PARENT) == expected


@pytest.mark.parametrize(
    "text",
    [
        # The prior again, but overriding the parent: this does change something.
        "extends: parent\nactors: {belarus: {precision: 4, plays: itself}}\n",
        "extends: parent\nclaims: {C03: on}\n",
        "extends: parent\nmonths: 12\nevents: {replace: []}\nmoves: {replace: []}\n",
        # Nothing has been written that this repeats, and it says who sits in the chair.
        "actors: {belarus: {plays: itself}}\n",
        "start: 2023-12\nmonths: 36\nhorizon: 6\n",
        "events: [{at: 2026-11, shock: {oil: 1}}, {at: 2023-12, shock: {oil: 1}}]\n",
        "moves: [{actor: nato, from: 2024-01, to: 2024-02, lever: aid, level: cut}, "
        "{actor: nato, from: 2024-03, lever: aid, level: cut}]\n",
        "moves: [{actor: belarus, from: 2024-01, to: 2024-02, lever: entry, level: out}, "
        "{actor: belarus, from: 2024-03, lever: entry, level: in}]\n",
    ],
)
def test_what_is_right(load: Load, text: str) -> None:
    load(text, parent=PARENT)


def test_problems_of_all_files_are_reported_at_once(lines: Lines) -> None:
    assert lines(
        "extends: parent\nmonths: 500\nmonths: 12\nworld: {arms: 1}\n",
        {"horizon": 0},
        parent="tilte: P\nextends: grand\n",
        grand="start: 1999-01\nevents: [{at: 1999-02, shock: {oil: 1}}]\nnote: [1]\n",
    ) == [
        "x.yaml:3:1: months: duplicate key; it stands in line 2 already",
        'x.yaml:4:9: world.arms: unknown world parameter; did you mean "third_party_arms"?',
        'parent.yaml:1:1: tilte: unknown key; did you mean "title"?',
        "grand.yaml:1:8: start: 1999-01 is outside 2022-02 to 2030-12",
        "grand.yaml:3:7: note: text is needed, not a list; quote it if it is meant as text",
        "--set:1:1: horizon: 0 is outside 1 to 60 months",
    ]


def test_a_key_with_a_line_break_stays_one_line(lines: Lines) -> None:
    [line] = lines('"a\\nb": 1\n')
    assert line.startswith("x.yaml:1:1: a\\nb: unknown key")


def test_what_follows_from_a_refused_alias_is_not_reported_again(lines: Lines) -> None:
    assert lines("months: &m 12\nhorizon: *m\n") == [
        "x.yaml:1:9: months: anchor &m: anchors are not read",
        "x.yaml:2:10: horizon: alias *m: aliases are not read, write the value out",
    ]
