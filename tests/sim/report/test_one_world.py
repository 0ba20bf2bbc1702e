"""A run's page tells one of its worlds, and what hung on its greatest turn."""

from dataclasses import replace
from pathlib import Path

import pytest

from sim.analysis.compare import pair
from sim.analysis.history import World, live
from sim.analysis.medoid import medoid
from sim.analysis.turns import Chronicle, chronicle
from sim.report import write_report
from sim.report.one_world import TURNS, one_world, told
from sim.report.pieces import Part
from tests.support.parting import HOSTILE, real_run, scenario


@pytest.fixture(scope="module")
def part() -> Part:
    return one_world(real_run("other"), scenario("other"), HOSTILE)


@pytest.fixture(scope="module")
def story() -> Chronicle:
    run = real_run("other")
    world = World(scenario("other"), medoid(run).world)
    return chronicle(world, list(live(world, recorded=run)))


def test_it_is_the_world_most_like_the_others(part: Part, story: Chronicle) -> None:
    assert f"World {story.world.index:,} of “" in part.content
    assert "it is the one most like the others" in part.content
    assert HOSTILE not in part.content
    assert part.content.count("Chance") <= TURNS + 1


def test_it_is_enough_to_explain_who_moves(story: Chronicle) -> None:
    some = list(live(story.world, movers=True))
    assert chronicle(story.world, some).turns == story.turns
    explained = [name for one in some for name in one.decisions]
    assert 0 < len(explained) < 4 * len(some)


def test_what_hung_on_the_greatest_turn_adds_up(part: Part, story: Chronicle) -> None:
    [greatest] = story.greatest(1)
    [one] = part.charts.values()
    rows = one["chart"]["csv"]["rows"]
    assert rows[-1][0] == "in all"
    assert rows[-1][2] == pytest.approx(greatest.worth, abs=1e-7)
    assert sum(row[2] for row in rows[:-1]) == pytest.approx(greatest.worth, abs=1e-7)


def test_a_world_in_which_nobody_turns_has_no_picture(story: Chronicle) -> None:
    made = told(replace(story, turns=()), "Still", medoid(real_run("other")), 80)
    assert made.charts == {}
    assert "The turn on which most hung" not in made.content


def test_it_stands_in_the_page_of_a_run(part: Part, tmp_path: Path) -> None:
    comparison = pair([real_run("other")], [scenario("other")])
    text = write_report(comparison, tmp_path / "r.html", reasons=part).read_text()
    assert '<section id="story"' in text
    assert 'data-slot="story-turn"' in text


def test_a_world_that_is_not_the_one_recorded_is_not_told() -> None:
    run = real_run("base")
    made = one_world(run.assign(front=run["front"] + 0.01), scenario("base"), "Base")
    assert made.charts == {}
    assert "No world can be told" in made.content
