"""A world in sentences: every one has its numbers, and the numbers are there as data too."""

import json
from dataclasses import asdict

import pytest

from agents import menus
from sim.analysis.history import Stand, World, live
from sim.analysis.medoid import Medoid
from sim.analysis.turns import Chronicle, Event, Turn, chronicle
from sim.report.chronicle import closing, entries, opening, stand_words, terms_words, why
from sim.report.deeds import DEEDS, deed
from sim.scenario import load_scenario
from sim.scenario.month import Month

NOW = Month(2024, 3)


@pytest.fixture(scope="module")
def told() -> Chronicle:
    scenario = load_scenario("status_quo", {"months": 6})
    world = World(scenario, 2)
    return chronicle(world, list(live(world)))


def only(told: Chronicle, *, turn: Turn | None = None, event: Event | None = None) -> str:
    """The text of the one thing that is to be told."""
    what = Chronicle(
        told.world,
        tuple(one for one in told.months if one.month == NOW),
        () if turn is None else (turn,),
        () if event is None else (event,),
    )
    [entry] = entries(what)
    return entry.text


def test_deeds_are_of_levers_that_exist() -> None:
    levers = menus()
    for key, levels in DEEDS.items():
        actor, lever = key.split(".")
        assert tuple(levels) == levers[actor][lever]
    assert deed("belarus", "airspace", "half_open") == "Belarus sets airspace to half open"


def test_a_turn_in_words(told: Chronicle) -> None:
    parts = {"fiscal": 0.68, "territory": -0.53, "casualties": 0.21, "flank": 0.1, "escalation": 0}
    turn = Turn(NOW, "russia", "tempo", "grind", "hold", 0.49, parts, 0.75, 6, stood=4)
    assert only(told, turn=turn) == (
        "Russia stops attacking and holds the line (before: grind). Worth +0.49 to it: "
        "fiscal +0.68, territory −0.53, casualties +0.21. Chance 75 in 100."
    )
    lapse = Turn(NOW, "nato", "flank", "reinforce", "normal", -0.6, {}, 0.04, 6, 1, lapse=True)
    assert only(told, turn=lapse) == (
        "NATO takes its eastern flank back to normal, for a month only. Worth −0.60 to it. "
        "Chance 4 in 100."
    )


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (
            Event(NOW, "shock", (), (), {"attention": -0.2}, "deadlock"),
            "A shock of the scenario (deadlock): attention −0.20 (0-1).",
        ),
        (
            Event(NOW, "held", ("belarus", "voice"), ("neutral", "2024-05")),
            "By order of the scenario, until May 2024: Belarus’s voice is neutral.",
        ),
        (Event(NOW, "entry", ("out",), ("in",)), "Belarus is in the war."),
        (Event(NOW, "nuclear", ("no",), ("yes",)), "Russian nuclear arms are in Belarus."),
        (
            Event(NOW, "deal", (1.0, 1, 0), (1.5, 2, 1)),
            "Minsk and Moscow sign a new deal: 1.5 times the transfers of 2023 against a launch "
            "pad and championing Moscow’s terms.",
        ),
        (
            Event(NOW, "status", ("active",), ("ceasefire",)),
            "A ceasefire ends the fighting.",
        ),
    ],
)
def test_events_in_words(told: Chronicle, event: Event, words: str) -> None:
    assert only(told, event=event) == words


def test_a_whole_story(told: Chronicle) -> None:
    found = entries(told, 5)
    json.dumps([asdict(entry) for entry in found], allow_nan=False)
    turns = [entry for entry in found if entry.kind == "turn"]
    assert len(turns) == min(5, len(told.turns))
    for entry in turns:
        assert entry.actor in menus()
        assert sum(entry.data["terms"].values()) == pytest.approx(entry.data["worth"])
        assert entry.text.endswith("in 100.")
    assert [entry.month for entry in found] == sorted(entry.month for entry in found)
    assert f"of {len(told.turns)} turns" in closing(told, 5)[-1]
    first = opening(told, "Status quo", None, 0)
    assert first[0] == "World 2 of “Status quo”, December 2023 to May 2024."


def test_why_this_world() -> None:
    assert "Of 100 worlds it is the one most like" in why(Medoid(3, 1.0, 1.2, 100, 100), 100)
    far = why(Medoid(3, 1.0, 1.2, 8192, 8192), 20_000)
    assert far.startswith("Of the first 8,192 of 20,000 worlds")
    group = why(Medoid(3, 1.0, 1.2, 12, 100, "ceasefire"), 100)
    assert group.startswith("Of the 12 of 100 worlds that end so (ceasefire)")
    alone = why(Medoid(3, 0.0, 0.0, 1, 100, "settled"), 100)
    assert alone == "Of 100 worlds the only one that ends so: settlement."


def test_where_a_world_stands() -> None:
    stand = Stand("settled", 0.1766, 7.8, 1.0, 1, 0, 0.8, (600.0, 400.0), True, True)
    assert stand_words(stand) == (
        "Settlement. Russia holds 17.7 % of Ukraine’s territory and pays Belarus USD 7.8 bn a "
        "year; aid to Ukraine is 0.8 times that of 2023. Belarus is in the war."
    )


def test_terms_too_small_to_show_are_left_out() -> None:
    assert terms_words({"rents": 0.5, "status": 0.004}) == "rents +0.50"
    assert terms_words({"rents": 0.0}) == ""
