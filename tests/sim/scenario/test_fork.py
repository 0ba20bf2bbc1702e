"""Moves of another path are read whole or refused with what to do; the past is left alone."""

import pytest

from agents import menus
from sim.scenario import Scenario, load_scenario
from sim.scenario.fork import Fork, held_from, read_plays
from sim.scenario.month import Month
from sim.scenario.scenario import Move

AT = Month(2024, 6)


def scenario(**overrides: object) -> Scenario:
    return load_scenario("status_quo", {key.replace("__", "."): v for key, v in overrides.items()})


def test_moves_last_to_the_end_or_as_long_as_said() -> None:
    end = Month(2026, 11)
    moves, wrong = read_plays(
        ["belarus.voice=neutral", "nato.aid = cut..2024-09"], AT, end, menus()
    )
    assert not wrong
    assert moves == [
        Move("belarus", AT, end, "voice", "neutral"),
        Move("nato", AT, Month(2024, 9), "aid", "cut"),
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("belarus.voice", "write actor.lever=level, such as belarus.voice=neutral"),
        ("voice=neutral", "write actor.lever=level, such as belarus.voice=neutral"),
        ("belarus.voice=", "write actor.lever=level, such as belarus.voice=neutral"),
        ("belaru.voice=neutral", 'there is no actor belaru; did you mean "belarus"?'),
        ("nato.voice=neutral", "nato has no lever voice; known are aid, russia_sanctions"),
        ("belarus.voice=neutrl", 'voice has no level neutrl; did you mean "neutral"?'),
        ("belarus.voice=neutral..May", "write YYYY-MM, such as 2024-03"),
        ("belarus.voice=neutral..2024-05", "from 2024-06 to 2026-11, not 2024-05"),
    ],
)
def test_what_is_no_move(text: str, problem: str) -> None:
    moves, [line] = read_plays([text], AT, Month(2026, 11), menus())
    assert not moves
    assert line.startswith(f"{text}: ")
    assert problem in line


def test_everything_wrong_is_said_and_nothing_twice() -> None:
    texts = ["nato.aid=cut", "nato.aid=surge", "x.y=z"]
    moves, wrong = read_plays(texts, AT, Month(2026, 11), menus())
    assert len(moves) == 1
    assert wrong[0] == "nato.aid=surge: nato's aid is given twice"
    assert len(wrong) == 2


def test_what_the_scenario_held_gives_way_and_comes_back() -> None:
    held = scenario(moves="[{actor: nato, from: 2024-02, to: 2025-01, lever: aid, level: surge}]")
    path = held_from(held, [Move("nato", AT, Month(2024, 8), "aid", "cut")])
    spans = [(str(m.first), str(m.last), m.level) for m in path.moves]
    assert spans == [
        ("2024-02", "2024-05", "surge"),
        ("2024-06", "2024-08", "cut"),
        ("2024-09", "2025-01", "surge"),
    ]
    assert not Fork(0, AT, path).problems(held)


def test_a_later_move_of_the_scenario_is_cut_at_its_start() -> None:
    held = scenario(moves="[{actor: nato, from: 2024-07, to: 2025-01, lever: aid, level: surge}]")
    path = held_from(held, [Move("nato", AT, Month(2024, 8), "aid", "cut")])
    assert [(str(m.first), str(m.last)) for m in path.moves] == [
        ("2024-06", "2024-08"),
        ("2024-09", "2025-01"),
    ]


@pytest.mark.parametrize(
    ("overrides", "problem"),
    [
        ({"months": 12}, "months: the world lasts 36 months, whatever path it takes"),
        ({"initial__front": 0.2}, "initial.front: says where a world begins"),
        (
            {"events": "[{at: 2024-03, shock: {attention: -0.2}}]"},
            "events: 2024-03 attention -0.2: lies before 2024-06",
        ),
        (
            {"moves": "[{actor: nato, from: 2024-05, to: 2024-07, lever: aid, level: cut}]"},
            "moves: nato aid cut in 2024-05: lies before 2024-06",
        ),
    ],
)
def test_what_has_happened_stays(overrides: dict[str, object], problem: str) -> None:
    [line] = Fork(0, AT, scenario(**overrides)).problems(scenario())
    assert line.startswith(problem)


def test_a_path_parts_within_the_run() -> None:
    [line] = Fork(0, Month(2027, 1), scenario()).problems(scenario())
    assert line == "at: the path can part in any month from 2023-12 to 2026-11, not in 2027-01"
    changed = scenario(events="[{at: 2024-06, shock: {attention: -0.2}}]")
    assert not Fork(0, AT, changed).problems(scenario())
