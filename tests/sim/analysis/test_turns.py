"""Turns weigh by what hung on them, and a lapse is not told as two."""

import pytest

from sim.analysis.history import World, live
from sim.analysis.turns import Turn, chronicle, standing, turns_of
from sim.scenario import load_scenario
from sim.scenario.month import Month

START = Month(2024, 1)


def turn(month: int, before: str, after: str, worth: float = 1.0, lever: str = "tempo") -> Turn:
    return Turn(START + month, "russia", lever, before, after, worth, {"territory": worth}, 0.5, 6)


def told(*moves: Turn, last: int = 11) -> list[tuple[int, str, int, bool]]:
    found = sorted(standing(moves, START + last), key=lambda one: one.month)
    return [(one.month - START, one.after, one.stood, one.lapse) for one in found]


def test_a_turn_stands_until_the_next_or_the_end() -> None:
    moves = (turn(1, "hold", "grind"), turn(5, "grind", "offensive"))
    assert told(*moves) == [(1, "grind", 4, False), (5, "offensive", 7, False)]


def test_a_lapse_is_one_turn_and_the_one_before_it_goes_on() -> None:
    moves = (
        turn(0, "hold", "grind"),
        turn(3, "grind", "hold"),
        turn(5, "hold", "grind"),
        turn(9, "grind", "offensive"),
    )
    assert told(*moves) == [
        (0, "grind", 9, False),
        (3, "hold", 2, True),
        (9, "offensive", 3, False),
    ]


def test_a_turn_taken_back_after_a_quarter_is_no_lapse() -> None:
    moves = (turn(0, "hold", "grind"), turn(3, "grind", "hold"))
    assert told(*moves) == [(0, "grind", 3, False), (3, "hold", 9, False)]


def test_two_steps_one_way_are_no_lapse() -> None:
    moves = (turn(0, "hold", "grind"), turn(1, "grind", "offensive"))
    assert told(*moves) == [(0, "grind", 1, False), (1, "offensive", 11, False)]


def test_levers_do_not_end_each_other() -> None:
    moves = (turn(0, "hold", "grind"), turn(1, "no", "yes", lever="press_entry"))
    assert [stood for _, _, stood, _ in told(*moves)] == [12, 11]


def test_weight_is_the_part_of_the_worth_that_had_time() -> None:
    whole, half = turn(0, "hold", "grind", -0.8), turn(0, "hold", "grind", 0.8)
    [one] = standing([whole], START + 20)
    [other] = standing([half], START + 2)
    assert one.weight == pytest.approx(0.8)
    assert other.weight == pytest.approx(0.4)


def test_turns_of_a_world_and_their_terms() -> None:
    scenario = load_scenario("status_quo", {"months": 6})
    world = World(scenario, 2)
    months = list(live(world))
    found = chronicle(world, months)
    moves = [one for lived in months for d in lived.decisions.values() for one in turns_of(d)]
    assert moves
    for one in moves:
        assert sum(one.terms.values()) == pytest.approx(one.worth, abs=1e-9)
        assert list(one.terms.values()) == sorted(one.terms.values(), key=lambda part: -abs(part))
        decision = months[one.month - scenario.start].decisions[one.actor]
        assert (decision.standing[one.lever], decision.levels[one.lever]) == (one.before, one.after)
    assert len(found.turns) <= len(moves)
    greatest = found.greatest(3)
    left = [one.weight for one in found.turns if one not in greatest]
    assert min(one.weight for one in greatest) >= max(left, default=0.0)
    assert [one.month for one in greatest] == sorted(one.month for one in greatest)


def test_events_are_told_in_their_month() -> None:
    scenario = load_scenario(
        "status_quo",
        {
            "months": 3,
            "events": "[{at: 2024-01, shock: {attention: -0.2}, note: deadlock}]",
            "moves": "[{actor: belarus, from: 2024-02, lever: entry, level: in}]",
        },
    )
    world = World(scenario, 0)
    events = {event.kind: event for event in chronicle(world, list(live(world))).events}
    assert events["shock"].month == Month(2024, 1)
    assert (events["shock"].sizes, events["shock"].note) == ({"attention": -0.2}, "deadlock")
    assert events["held"].before == ("belarus", "entry")
    assert events["entry"].month == Month(2024, 2)
