"""Settings of the model's structure: a made ending, linkage, beliefs."""

from collections.abc import Callable
from typing import Any

import pytest

from sim.scenario import Month, ScenarioError, diff, load_scenario
from tests.sim.scenario.conftest import Load, Write


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


class TestLinkageByItsClaim:
    """C17 stands for the linkage of the deal: off, it takes linkage off as it would a number."""

    def test_the_claim_off_takes_linkage_off(self, load: Load) -> None:
        for said in ("claims: {C17: off}\n", "title: t\n"):
            s = load(said, {} if "C17" in said else {"claims.C17": "off"})
            assert ({*s.claims_off}, s.linkage, s.notes) == ({"C17"}, False, ())
        plain = load("title: t\n")
        assert [str(one) for one in diff(plain, s)] == [
            "linkage: on -> off",
            "claims.C17: on -> off",
        ]

    def test_on_again_linkage_is_back(self, load: Load) -> None:
        s = load("extends: parent\nclaims: {C17: on}\n", parent="claims: {C17: off}\n")
        assert (s.claims_off, s.linkage) == (frozenset(), True)

    @pytest.mark.parametrize(
        ("text", "parent", "linkage"),
        [
            # written further up: the switch is nearer
            ("extends: parent\nclaims: {C17: off}\n", "linkage: on\n", False),
            ("extends: parent\nclaims: {C17: off}\n", "linkage: off\n", False),
            # written as near or nearer: it holds
            ("claims: {C17: off}\nlinkage: on\n", "", True),
            ("extends: parent\nlinkage: on\n", "claims: {C17: off}\n", True),
        ],
    )
    def test_the_nearer_one_wins(self, load: Load, text: str, parent: str, linkage: bool) -> None:
        s = load(text, **({"parent": parent} if parent else {}))
        assert s.linkage is linkage
        note = "linkage: stays on though C17 is off, since it is written out"
        assert s.notes == ((note,) if linkage else ())

    @pytest.mark.parametrize("said", ["claims: {C17: off}\n", "claims: {C17: off}\nlinkage: on\n"])
    def test_written_out_it_loads_to_the_same(self, load: Load, write: Write, said: str) -> None:
        s = load(said)
        path = write("full.yaml", s.as_yaml())
        assert load(path.read_text(encoding="utf-8")) == s
        assert s.effective()["linkage"] == ("on" if s.linkage else "off")

    def test_what_repeats_it_is_refused(self, lines: Callable[..., list[str]]) -> None:
        said = "linkage: repeats off, its value while C17 is off; leave it out"
        assert lines("claims: {C17: off}\nlinkage: off\n") == [f"x.yaml:2:1: {said}"]
        found = lines("extends: parent\nlinkage: off\n", parent="claims: {C17: off}\n")
        assert found == [f"x.yaml:2:1: {said}"]

    def test_scenarios_that_do_not_use_it_are_as_they_were(self) -> None:
        for name in ("status_quo", "puppet_belarus"):
            assert "linkage" not in load_scenario(name).effective()
