"""Settings of the model's structure: a made ending, linkage, beliefs."""

from collections.abc import Callable
from typing import Any

import pytest

from sim.scenario import Month, ScenarioError, diff, load_scenario
from tests.sim.scenario.conftest import *  # noqa: F403


def refused(settings: dict[str, Any]) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        load_scenario("status_quo", settings)
    return [str(problem) for problem in caught.value.problems]


def test_what_holds_if_nothing_is_said() -> None:
    scenario = load_scenario("status_quo")
    assert (scenario.war_ends, scenario.linkage, scenario.beliefs) == (None, True, "held")
    said = {"war_ends": "open", "linkage": "on", "beliefs": "held"}
    assert load_scenario("status_quo", said) == scenario
    # what goes into a run's identity is as it was before there was a choice
    assert not {*said} & {*scenario.effective()}


def test_each_is_read_and_written_out() -> None:
    settings = {"war_ends": "2024-11", "linkage": "off", "beliefs": "none"}
    scenario = load_scenario("status_quo", settings)
    assert (scenario.war_ends, scenario.linkage) == (Month(2024, 11), False)
    assert {key: scenario.effective()[key] for key in settings} == settings
    assert [str(one) for one in diff(load_scenario("status_quo"), scenario)] == [
        "war_ends: open -> 2024-11",
        "linkage: on -> off",
        "beliefs: held -> none",
    ]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"war_ends": "2020-01"}, "war_ends: 2020-01 is outside the run, 2023-12 to 2026-11"),
        ({"war_ends": "2027-01"}, "war_ends: 2027-01 is outside the run, 2023-12 to 2026-11"),
        ({"war_ends": "soon"}, "war_ends: soon is no month; write YYYY-MM, such as 2024-03, or"),
        ({"war_ends": 6}, "war_ends: 6 is no month"),
        ({"linkage": "of"}, 'linkage: it is on or off, not of; did you mean "off"?'),
        ({"linkage": False}, 'did you mean "off"?'),
        ({"beliefs": "some"}, "beliefs: it is held or none, not some"),
    ],
)
def test_bad_input_is_one_line_that_says_what_to_do(settings: dict[str, Any], said: str) -> None:
    [problem] = refused(settings)
    assert said in problem.replace('"soon"', "soon").replace('"of"', "of").replace('"some"', "some")


def test_problems_have_their_place(lines: Callable[[str], list[str]]) -> None:
    assert lines("title: t\nwar_ends: 2029-01\nbeliefs: maybe\n") == [
        "x.yaml:2:11: war_ends: 2029-01 is outside the run, 2023-12 to 2026-11",
        'x.yaml:3:10: beliefs: it is held or none, not "maybe"',
    ]


def test_a_shorter_run_says_that_the_war_goes_on() -> None:
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "x.yaml"
        file.write_text("war_ends: 2026-01\n", encoding="utf-8")
        scenario = load_scenario(file, {"months": 12})
    assert scenario.notes == (
        "war_ends: 2026-01 is outside the run, 2023-12 to 2024-11; the war goes on throughout",
    )
