"""The scenarios that ship: each asks one question and differs from its parent by a few lines."""

from pathlib import Path

import numpy as np
import pytest

from sim.model import ConflictModel
from sim.scenario import diff, load_scenario

FILES = sorted((Path(__file__).parents[1] / "scenarios").glob("*.yaml"))
ids = [path.stem for path in FILES]

WANTED = {
    "status_quo",
    "prolonged_conflict",
    "negotiated_settlement",
    "russian_breakthrough",
    "ukrainian_breakthrough",
    "belarus_enters",
    "belarus_hedges_west",
    "nuclear_forward",
    "western_distraction",
    "north_korea_supplies",
    "russian_squeeze",
    "belarus_succession",
    "puppet_belarus",
    "invasion_2022",
}


def test_all_are_there() -> None:
    assert {path.stem for path in FILES} == WANTED


@pytest.mark.parametrize("path", FILES, ids=ids)
def test_it_asks_a_question_in_one_sentence(path: Path) -> None:
    scenario = load_scenario(path)
    assert scenario.title
    assert scenario.question.count("?") == 1
    assert scenario.question.endswith("?")


@pytest.mark.parametrize("path", FILES, ids=ids)
def test_it_differs_from_the_status_quo_by_little(path: Path) -> None:
    """Another start has to say how things stood; every other what-if is a handful of settings."""
    changed = diff(load_scenario("status_quo"), load_scenario(path))
    settings = [d for d in changed if d.where not in ("title", "question", "note")]
    assert len(settings) <= (60 if path.stem == "invasion_2022" else 8)
    assert bool(settings) == (path.stem != "status_quo")


@pytest.mark.parametrize("path", FILES, ids=ids)
def test_it_runs(path: Path) -> None:
    model = ConflictModel(load_scenario(path), worlds=8, rng=1)
    for _ in range(3):
        model.step()
    assert np.isfinite(model.state.front).all()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("scenario", "status"),
    [
        ("russian_breakthrough", "breakthrough_russia"),
        ("ukrainian_breakthrough", "breakthrough_ukraine"),
        ("negotiated_settlement", "ceasefire"),
        ("negotiated_settlement", "settled"),
    ],
)
def test_each_ending_happens_somewhere(scenario: str, status: str) -> None:
    model = ConflictModel(load_scenario(scenario, {"months": 24}), worlds=128, rng=1)
    seen = np.zeros(128)
    for _ in range(24):
        model.step()
        seen = np.maximum(seen, getattr(model.state, status))
    assert seen.mean() > 0.02
