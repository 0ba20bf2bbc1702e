"""Reports as commands write them say why, from worlds that are really stepped again."""

from pathlib import Path

import pytest

from tests.sim.cli.conftest import Fulcrum

WORDS = ("--worlds", 64, "--set", "months=2", "--json")


@pytest.mark.parametrize("keep", ["all", "headline"])
def test_a_comparison_and_a_run_give_their_reasons(fulcrum: Fulcrum, keep: str) -> None:
    two = ("status_quo", "russian_squeeze")
    compared = fulcrum("compare", *two, *WORDS, "--keep", keep)
    text = Path(compared.document["report"]).read_text()
    assert '<section id="why"' in text
    assert 'data-slot="why-mean:1"' in text
    assert "Russia’s support for Minsk parts most" in text
    run = fulcrum("run", "status_quo", *WORDS, "--keep", keep)
    text = Path(run.document["report"]).read_text()
    assert '<section id="story"' in text
    assert 'data-slot="story-turn"' in text


@pytest.mark.usefixtures("quick")
def test_a_world_that_cannot_be_made_again_is_not_told(fulcrum: Fulcrum) -> None:
    run = fulcrum("run", "status_quo", "--worlds", 40, "--json")
    assert "No world can be told" in Path(run.document["report"]).read_text()


@pytest.mark.usefixtures("quick")
def test_choices_that_do_not_part_have_no_picture(fulcrum: Fulcrum) -> None:
    two = ("status_quo", "prolonged_conflict")
    compared = fulcrum("compare", *two, "--worlds", 40, "--json")
    text = Path(compared.document["report"]).read_text()
    assert 'data-slot="why-mean:1"' not in text
    assert "nobody acts otherwise" in text
    assert "were stepped again" not in text
