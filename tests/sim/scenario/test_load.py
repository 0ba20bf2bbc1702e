"""What a file amounts to: defaults, inheritance, claims, overrides, and where files are found."""

import pickle
from pathlib import Path

import numpy as np
import pytest

from sim.scenario import Distribution, Month, Problem, ScenarioError, load_scenario
from sim.scenario.ledger import shared_parameters, switches
from sim.scenario.registry import Parameter, load_registry
from tests.sim.scenario.conftest import Lines, Load, Write

RENTS = "actors.belarus.incentives.rents"
AUTONOMY = "actors.belarus.incentives.autonomy"
ARMS = "world.third_party_arms"


def test_what_is_not_said_takes_its_default(load: Load, registry: tuple[Parameter, ...]) -> None:
    s = load("question: what if nothing\n")
    assert (s.name, s.title, s.question, s.note) == ("x", "x", "what if nothing", "")
    assert (s.start, s.months, s.end, s.horizon) == (Month(2023, 12), 36, Month(2026, 11), 6)
    assert s.parameters == {p.name: p.prior for p in registry}
    assert list(s.parameters) == [p.name for p in registry]
    actors = ["russia", "belarus", "ukraine", "nato"]
    assert list(s.plays.items()) == [(actor, "itself") for actor in actors]
    assert (s.claims_off, s.events, s.moves, s.notes) == (frozenset(), (), (), ())


def test_the_example_of_the_documentation_loads(load: Load) -> None:
    s = load(
        """\
# yaml-language-server: $schema=../docs/scenario.schema.json
extends: status_quo.yaml
title: Prolonged conflict
start: 2023-12
months: 36
claims: {C01: off}
actors:
  belarus: {incentives: {rents: 1.5, autonomy: 0.5}, precision: 3, plays: itself}
world: {third_party_arms: {uniform: [0.0, 0.3]}}
events:
  - {at: 2024-03, shock: {attention: -0.2}, note: budget deadlock}
moves:
  - {actor: ukraine, from: 2024-06, to: 2024-12, lever: talks, level: open}
""",
        status_quo="title: Status quo\n",
    )
    assert s.title == "Prolonged conflict"
    assert s.parameters[RENTS] == 1.5
    assert s.parameters[ARMS] == Distribution("uniform", (0.0, 0.3))
    assert [str(event) for event in s.events] == ["2024-03 attention -0.2 (budget deadlock)"]
    assert [str(move) for move in s.moves] == ["2024-06 to 2024-12 ukraine talks open"]


def test_levels_and_switches_are_words(load: Load) -> None:
    s = load("moves: [{actor: russia, from: 2024-01, lever: press_entry, level: yes}]\n")
    assert s.moves[0].level == "yes"
    assert s.moves[0].last == s.end


def test_a_scenario_and_its_problems_travel_between_processes(load: Load) -> None:
    s = load("claims: {C01: off}\nevents: [{at: 2024-01, shock: {oil: 1}}]\n")
    assert pickle.loads(pickle.dumps(s)) == s
    error = ScenarioError([Problem("x.yaml", 1, 2, "months", "no")])
    assert pickle.loads(pickle.dumps(error)).problems == error.problems


# Inheritance.


def test_the_nearest_file_wins_over_any_depth(load: Load) -> None:
    s = load(
        "extends: parent.yaml\nmonths: 12\nactors: {belarus: {incentives: {rents: 3}}}\n",
        parent="extends: grand.yaml\ntitle: Parent\nactors: {belarus: {incentives: {rents: 2}}}\n",
        grand="title: Grand\nmonths: 24\nactors: {belarus: {precision: 5, plays: myopic}}\n",
    )
    assert (s.title, s.months) == ("Parent", 12)
    assert s.parameters[RENTS] == 3.0
    assert s.parameters["actors.belarus.precision"] == 5.0
    assert s.plays["belarus"] == "myopic"


def test_a_distribution_is_replaced_whole(load: Load) -> None:
    parent = "world: {third_party_arms: {triangular: [0, 0.1, 0.2]}}\n"
    s = load("extends: parent.yaml\nworld: {third_party_arms: {uniform: [0, 1]}}\n", parent=parent)
    assert s.parameters[ARMS] == Distribution("uniform", (0, 1))
    s = load("extends: parent.yaml\nworld: {third_party_arms: 0.4}\n", parent=parent)
    assert s.parameters[ARMS] == 0.4


DATED = """\
events: [{at: 2024-02, shock: {oil: 10}}]
moves: [{actor: nato, from: 2024-01, to: 2024-02, lever: aid, level: surge}]
"""


def test_events_and_moves_add_up(load: Load) -> None:
    s = load(
        "extends: parent\nevents: [{at: 2024-01, shock: {oil: -5}}]\n"
        "moves: [{actor: nato, from: 2024-03, to: 2024-04, lever: aid, level: cut}]\n",
        parent=DATED,
    )
    assert [str(event) for event in s.events] == ["2024-01 oil -5", "2024-02 oil +10"]
    assert [move.level for move in s.moves] == ["surge", "cut"]


def test_replace_leaves_inherited_ones_out(load: Load) -> None:
    s = load("extends: parent\nevents: {replace: []}\n", parent=DATED)
    assert s.events == ()
    assert len(s.moves) == 1


def test_switching_a_claim_off_makes_inherited_values_neutral(load: Load) -> None:
    parent = "actors: {belarus: {incentives: {rents: 2, autonomy: 3}}}\n"
    s = load("extends: parent\nclaims: {C18: off}\n", parent=parent)
    assert s.claims_off == {"C18"}
    assert s.parameters[RENTS] == 0.0
    assert s.parameters[AUTONOMY] == 3.0
    assert s.notes == ()


def test_one_claim_of_several_is_enough_to_be_neutral(load: Load) -> None:
    assert load("claims: {C20: off}\n").parameters[AUTONOMY] == 0.0


def test_a_value_written_with_the_switch_or_below_it_wins_and_is_said(load: Load) -> None:
    s = load("claims: {C18: off}\nactors: {belarus: {incentives: {rents: 2}}}\n")
    assert s.parameters[RENTS] == 2.0
    assert s.notes == (f"{RENTS}: stays at 2 though C18 is off, since it is written out",)
    child = "extends: parent\nactors: {belarus: {incentives: {rents: 2}}}\n"
    assert load(child, parent="claims: {C18: off}\n").parameters[RENTS] == 2.0


def test_a_claim_can_be_switched_on_again(load: Load) -> None:
    grand = "actors: {belarus: {incentives: {rents: 2}}}\n"
    files = {"parent": "extends: grand\nclaims: {C18: off}\n", "grand": grand}
    s = load("extends: parent\nclaims: {C18: on}\n", **files)
    assert s.claims_off == frozenset()
    assert s.parameters[RENTS] == 2.0


def test_a_claim_that_changes_nothing_here_may_be_switched_off_and_it_is_said(load: Load) -> None:
    s = load("claims: {C03: off}\n")  # its parameter is not in this registry
    assert s.claims_off == {"C03"}
    assert s.notes == (
        "claims.C03: no parameter and no event rests on C03; switching it off changes nothing",
    )


EVENTS = """\
events:
  - {at: 2024-01, shock: {oil: -5}, note: other}
  - {at: 2024-02, shock: {attention: -0.2}, note: a war elsewhere, claim: C21}
"""


def test_an_event_that_carries_a_claim_happens_unless_the_claim_is_off(load: Load) -> None:
    on = load(EVENTS)
    assert [event.claim for event in on.events] == ["", "C21"]
    assert str(on.events[1]) == "2024-02 attention -0.2 (a war elsewhere; C21)"
    # the claim has no parameter: what it switches is the event
    for off in (
        load("extends: parent\nclaims: {C21: off}\n", parent=EVENTS),
        load(EVENTS, {"claims.C21": "off"}),
        load(f"claims: {{C21: off}}\n{EVENTS}"),
    ):
        assert off.events == on.events[:1]
        assert off.notes == (
            "claims.C21: off, so an event that carries it does not happen: "
            "2024-02 attention -0.2 (a war elsewhere)",
        )
    back = load("extends: parent\nclaims: {C21: on}\n", parent=f"claims: {{C21: off}}\n{EVENTS}")
    assert back.events == on.events


def test_an_event_of_another_claim_stays(load: Load) -> None:
    s = load(EVENTS.replace("C21", "C01"), {"claims.C03": "off"})
    assert len(s.events) == 2


def test_every_claim_of_the_article_switches_something_or_says_that_it_does_not() -> None:
    plain = load_scenario("status_quo")
    for claim, switch in switches().items():
        if not switch.carries:
            with pytest.raises(ScenarioError, match=f"claims.{claim}: there is nothing to switch"):
                load_scenario("status_quo", {f"claims.{claim}": "off"})
            continue
        off = load_scenario("status_quo", {f"claims.{claim}": "off"})
        changed = {n for n, value in off.parameters.items() if value != plain.parameters[n]}
        assert changed == set(switch.parameters), claim
        assert off.linkage == ("linkage" not in switch.structure), claim
        for name in changed:
            [parameter] = [p for p in load_registry() if p.name == name]
            assert off.parameters[name] == parameter.neutral


def test_claims_that_share_a_number_do_not_add_up() -> None:
    assert shared_parameters() == {
        "world.access_belarus": ("C06", "C16"),
        "world.kappa": ("C14", "C16"),
    }
    one = load_scenario("status_quo", {"claims.C14": "off"}).parameters
    other = load_scenario("status_quo", {"claims.C16": "off"}).parameters
    assert one["world.kappa"] == other["world.kappa"] == 0.0


@pytest.mark.parametrize(
    ("name", "claim"),
    [("western_distraction", "C01"), ("invasion_2022", "C01"), ("north_korea_supplies", "C19")],
)
def test_the_scenarios_that_carry_a_claim_by_an_event(name: str, claim: str) -> None:
    on = load_scenario(name)
    off = load_scenario(name, {f"claims.{claim}": "off"})
    assert [event for event in on.events if event.claim != claim] == list(off.events)
    assert len(off.events) == len(on.events) - 1
    assert any(note.startswith(f"claims.{claim}: off, so an event") for note in off.notes)


def test_a_scripted_actor_without_moves_is_said(load: Load) -> None:
    assert load("actors: {nato: {plays: scripted}}\n").notes == (
        "actors.nato.plays: scripted, but no move is written for nato",
    )


# Overrides.


def test_overrides_take_yaml_text_or_values(load: Load) -> None:
    s = load(
        "title: X\n",
        {
            "months": "12",
            "claims.C01": "off",
            RENTS: np.float64(2.5),
            ARMS: "{uniform: [0, 1]}",
            "world.noise": Distribution("normal", (0, 2)),
            "actors.russia.plays": "puppet of belarus",
            "title": "yes: this is text",
            "start": Month(2024, 1),
            "horizon": np.int64(3),
            "events": [{"at": "2024-05", "shock": {"oil": 1}}],
        },
    )
    assert (s.months, s.horizon, s.start, s.title) == (12, 3, Month(2024, 1), "yes: this is text")
    assert s.parameters[RENTS] == 2.5
    assert s.parameters[ARMS] == Distribution("uniform", (0, 1))
    assert s.parameters["world.noise"] == Distribution("normal", (0, 2))
    assert s.plays["russia"] == "puppet of belarus"
    assert len(s.events) == 1


def test_overrides_may_nest(load: Load) -> None:
    s = load("title: X\n", {"world": {"third_party_arms": 0.5}, "claims": "{C01: off}"})
    assert s.parameters[ARMS] == 0.5
    assert s.claims_off == {"C01"}


def test_an_override_that_changes_nothing_is_said(load: Load) -> None:
    s = load("months: 12\n", {"months": 12, RENTS: 1.0})
    assert s.notes == (
        "months: the override repeats 12 of scenarios/x.yaml:1; it changes nothing",
        f"{RENTS}: the override repeats 1, its prior in the registry; it changes nothing",
    )


def test_overrides_that_shorten_the_run_leave_out_what_no_longer_fits(load: Load) -> None:
    moves = "moves: [{actor: nato, from: 2024-01, to: 2024-09, lever: aid, level: cut}]\n"
    s = load(f"events: [{{at: 2024-06, shock: {{oil: 1}}}}]\n{moves}", {"months": 3})
    assert s.events == ()
    assert s.moves[0].last == s.end == Month(2024, 2)
    assert s.notes == (
        "events[0]: 2024-06 is outside the run, 2023-12 to 2024-02; left out (scenarios/x.yaml:1)",
        "moves[0]: 2024-01 to 2024-09 is cut to the run, 2023-12 to 2024-02 (scenarios/x.yaml:2)",
    )


def test_bad_overrides_are_reported_with_their_keys(lines: Lines) -> None:
    assert lines(
        "title: X\n",
        {
            "actors.belarus.incentives.rent": 1,
            "claims.C01": "of",
            "months": "[1",
            "extends": "y.yaml",
            "world.third_party_arms": "{unifrom: [0, 1]}",
            "events": "[{at: 2030-01, shock: {oil: 1}}]",
        },
    ) == [
        '--set:1:1: actors.belarus.incentives.rent: unknown incentive; did you mean "rents"?',
        '--set:1:1: claims.C01: a claim is on or off, not "of"; did you mean "off"?',
        "--set:1:1: months: a quoted text, a list or a mapping that is opened in line 1 is never "
        "closed",
        "--set:1:1: extends: belongs in a file and cannot be overridden",
        '--set:1:1: world.third_party_arms: unknown distribution "unifrom"; '
        'did you mean "uniform"?',
        "--set:1:1: events[0].at: 2030-01 is outside the run, 2023-12 to 2026-11",
    ]


# Finding files.


def test_a_bare_name_is_looked_for_in_scenarios(
    write: Write, registry: tuple[Parameter, ...]
) -> None:
    write("mine.yaml", "title: Mine\n")
    s = load_scenario("mine", registry=registry)
    assert (s.title, s.path) == ("Mine", Path("scenarios/mine.yaml"))
    Path("mine").write_text("title: Another\n")
    assert load_scenario("mine", registry=registry).title == "Another"


def test_the_scenarios_of_the_project_are_found_from_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_scenario("status_quo").name == "status_quo"
    Path("own.yaml").write_text("extends: status_quo\ntitle: My own\n")
    assert load_scenario("own.yaml").title == "My own"


def test_every_scenario_of_the_project_loads_with_a_title_and_a_question() -> None:
    from sim.scenario.registry import scenarios_path

    files = sorted(scenarios_path().rglob("*.yaml"))
    assert {"status_quo", "prolonged_conflict", "negotiated_settlement"} <= {f.stem for f in files}
    for file in files:
        s = load_scenario(file)
        assert s.title != s.name, file
        assert s.question, file


def test_a_parent_that_only_the_project_has_is_pointed_to(lines: Lines) -> None:
    assert lines("extends: status_quo.yaml\n") == [
        "x.yaml:1:10: extends: there is no scenarios/status_quo.yaml; "
        "to extend the one that comes with Fulcrum write status_quo"
    ]


def test_an_unknown_name_suggests_a_known_one(write: Write) -> None:
    write("long_war.yaml", "title: Long\n")
    with pytest.raises(ScenarioError) as caught:
        load_scenario("long_wra")
    assert str(caught.value) == (
        'long_wra:1:1: file: there is no such file; did you mean "long_war"?'
    )


def test_a_file_may_extend_one_in_another_folder_of_the_tree(
    load: Load, write: Write, registry: tuple[Parameter, ...]
) -> None:
    write("base.yaml", "title: Base\n")
    path = write("later/peace/deal.yaml", "extends: ../../base.yaml\nmonths: 5\n")
    assert load_scenario(path, registry=registry).title == "Base"


@pytest.mark.parametrize(
    ("extends", "said"),
    [
        ("../secret.yaml", "../secret.yaml lies outside the folder scenarios"),
        ("/etc/hostname", "a path from this file's folder is needed"),
        ("~/x.yaml", "a path from this file's folder is needed"),
        (
            "../scenarios/../secret.yaml",
            "../scenarios/../secret.yaml lies outside the folder scenarios",
        ),
        ("link.yaml", "link.yaml lies outside the folder scenarios"),
        ("nothing.yaml", "there is no scenarios/nothing.yaml"),
        ("x.yaml", "goes in a circle: scenarios/x.yaml -> scenarios/x.yaml"),
        ("parnet.yaml", 'there is no scenarios/parnet.yaml; did you mean "parent"?'),
        ("'a\\0b.yaml'", "there is no"),
        ("[a, b]", "the name of a scenario file is needed, not a list"),
        ("", "the name of a scenario file is needed, not nothing"),
    ],
)
def test_parents_that_are_refused(
    lines: Lines, write: Write, tmp_path: Path, extends: str, said: str
) -> None:
    (tmp_path / "secret.yaml").write_text("title: Secret\n")
    write("parent.yaml", "title: Parent\n")
    (tmp_path / "scenarios/link.yaml").symlink_to(tmp_path / "secret.yaml")
    [line] = lines(f"title: X\nextends: {extends}\n")
    column = 10 if extends else 1
    assert line.startswith(f"x.yaml:2:{column}: extends: {said}")


def test_a_circle_is_reported_where_it_closes(lines: Lines) -> None:
    assert lines("extends: a.yaml\n", a="title: A\nextends: b.yaml\n", b="extends: a.yaml\n") == [
        "b.yaml:1:10: extends: goes in a circle: "
        "scenarios/a.yaml -> scenarios/b.yaml -> scenarios/a.yaml"
    ]


def test_without_its_parent_a_file_is_still_checked_by_itself(lines: Lines) -> None:
    assert lines("extends: gone.yaml\nmonths: 999\nactors: {belarus: {precision: 4}}\n") == [
        "x.yaml:1:10: extends: there is no scenarios/gone.yaml",
        "x.yaml:2:9: months: 999 is outside 1 to 120 months",
    ]


def test_a_name_that_cannot_name_a_folder_is_refused(write: Write) -> None:
    path = write(" .yaml", "title: X\n")
    with pytest.raises(ScenarioError, match="rename the file"):
        load_scenario(path)
