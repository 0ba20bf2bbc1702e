"""Between two settings that were simulated: exact on them, in between elsewhere, and said so."""

import time
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.explorer.answers import Answers, Ask
from sim.explorer.between import KNOTS, ahead, between, knots, mixed
from sim.explorer.catalogue import Catalogue
from sim.explorer.runs import Work
from sim.explorer.service import Service
from sim.explorer.settings import scenario_of
from sim.explorer.state import Setting
from sim.report.aggregates import course
from tests.sim.explorer.conftest import Pretender, the_catalogue

RENTS = "actors.belarus.incentives.rents"
QUERY = f"?set={RENTS}:0.5&months=6&worlds=200"


@pytest.fixture
def answers(catalogue: Catalogue, service: Service) -> Answers:
    return Answers(catalogue, service)


def brought_near(answers: Answers, query: str = QUERY) -> None:
    deadline = time.monotonic() + 30
    while answers.near("page", query, RENTS)[0] < 1:
        assert time.monotonic() < deadline, "nothing came"
        time.sleep(0.01)


def settled(answers: Answers, ask: Ask) -> list[dict[str, Any]]:
    """All answers to a question."""
    out: list[dict[str, Any]] = []
    deadline = time.monotonic() + 30
    while not out or not out[-1]["done"]:
        assert time.monotonic() < deadline, "no end of answers"
        out.append(answers.to(replace(ask, stamp=out[-1]["stamp"] if out else "")))
    return out


def middle(answer: dict[str, Any], k: int = 1) -> list[float]:
    traces = answer["fans"][k]["chart"]["data"]
    return list(next(trace for trace in traces if trace["meta"] == "median")["y"])


@settings(deadline=None)
@given(name=st.sampled_from(sorted(the_catalogue().parameters)))
def test_knots_span_the_slider(name: str) -> None:
    lever = the_catalogue().parameters[name]
    found = knots(lever, lever.parameter.prior)
    assert list(found) == sorted(set(found))
    assert 1 <= len(found) <= 8
    assert not any(lever.trouble(value) for value in found)
    if lever.whole:
        assert all(value == int(value) for value in found)
    else:
        assert len(found) <= KNOTS


@pytest.mark.parametrize("at", [0.5, 0.625, 1.3])
def test_a_value_lies_between_its_neighbours(catalogue: Catalogue, at: float) -> None:
    view = replace(catalogue.first, mine=Setting("status_quo", ((RENTS, at),)))
    place = between(view, RENTS, catalogue)
    assert place is not None
    low, high = place.values
    assert low <= at <= high
    assert low + place.weight * (high - low) == pytest.approx(at)
    held = [work.scenario.parameters[RENTS] for work in (place.low, place.high)]
    assert held == [low, high]


def test_nothing_is_said_beyond_the_last_one(catalogue: Catalogue) -> None:
    view = replace(catalogue.first, mine=Setting("status_quo", ((RENTS, 40.0),)))
    assert between(view, RENTS, catalogue) is None
    assert between(catalogue.first, RENTS, catalogue) is None
    assert ahead(view, "world.nothing", catalogue) == []


def test_the_nearest_come_first(catalogue: Catalogue) -> None:
    view = replace(catalogue.first, mine=Setting("status_quo", ((RENTS, 1.25),)))
    rents = [work.scenario.parameters[RENTS] for work in ahead(view, RENTS, catalogue)]
    far = [abs(float(value) - 1.25) for value in rents if isinstance(value, float)]
    assert far == sorted(far)
    assert len(rents) == KNOTS


@settings(deadline=None)
@given(weight=st.floats(0, 1))
def test_lines_are_mixed_and_worlds_are_not(weight: float) -> None:
    """Worlds that part by chance keep their spread halfway, which their middle would not."""
    rng = np.random.default_rng(5)
    sets, nobody = np.arange(400) // 4, np.zeros(0, dtype=np.int64)
    one, other = rng.normal(0, 1, (3, 400)), rng.normal(10, 1, (3, 400))
    low, high = (course(months, sets, nobody, event=False) for months in (one, other))
    got = mixed(low, high, weight)
    assert got.middle[-1] == pytest.approx(10 * weight, abs=0.3)
    width = got.lines["q95"][-1] - got.lines["q05"][-1]  # type: ignore[operator]
    assert width == pytest.approx(3.29, abs=0.6)
    assert mixed(low, high, 0.0).lines == low.lines


def test_months_without_a_value_stay_so() -> None:
    sets, nobody = np.arange(8) // 4, np.zeros(0, dtype=np.int64)
    low = course(np.ones((2, 8)), sets, nobody, event=False)
    short = replace(low, lines={key: [1.0, None] for key in low.lines})
    assert mixed(low, short, 0.5).middle == [1.0, None]


def test_a_dragged_lever_is_answered_from_what_is_there(
    answers: Answers, pretender: Pretender
) -> None:
    settled(answers, Ask("page", 1, QUERY))
    brought_near(answers)
    got = settled(answers, Ask("page", 2, QUERY, drag=(RENTS, 0.731), lever=RENTS))[-1]
    assert "interpolated between 0.625 and 0.85, 200 of 200 worlds" in got["note"]
    assert got["quick"]
    assert "rents 0.731" in got["fans"][1]["heading"]
    assert "words" not in got  # differences are told of what was simulated alone
    assert 0.731 not in {taken[0] for taken in pretender.taken}
    low, high = (
        settled(answers, Ask("page", 3, QUERY.replace("0.5", value)))[-1]
        for value in ("0.625", "0.85")
    )
    share = (0.731 - 0.625) / (0.85 - 0.625)
    expected = np.array(middle(low)) * (1 - share) + np.array(middle(high)) * share
    assert middle(got) == pytest.approx(list(expected), abs=1e-4)


def test_levers_in_view_are_simulated_ahead_in_few_worlds(
    answers: Answers, pretender: Pretender
) -> None:
    """Whichever is moved first shows at once, in the same few worlds as all beside it."""
    settled(answers, Ask("page", 1, QUERY))
    deadline = time.monotonic() + 30
    while answers.near("page", QUERY, "")[1] < 1:
        assert time.monotonic() < deadline, "nothing came"
        time.sleep(0.01)
    at_first = {taken[0] for taken in pretender.taken if taken[1:] == (64, 128)}
    assert {0.4, 0.625, 0.85, 1.075, 1.3} <= at_first
    autonomy = "actors.belarus.incentives.autonomy"
    got = answers.to(Ask("page", 2, QUERY, drag=(autonomy, 0.5), lever=autonomy))
    assert "64 of 200 worlds" in got["note"]
    scenario = scenario_of(Setting("status_quo"), 6, answers.catalogue)
    base = answers.service.look(Work.of(scenario, 1, 200), preview=True)
    assert base is not None
    few = np.median(base.dataset()["influence"].sel(actor="belarus", target="russia"), axis=0)
    assert middle(got, 0) == pytest.approx(list(100 * few), abs=1e-3)


def test_settings_that_cannot_be_had_leave_the_lever_as_it_was(
    answers: Answers, pretender: Pretender
) -> None:
    settled(answers, Ask("page", 1, QUERY))
    pretender.trouble = "ValueError: not there"
    answers.near("page", QUERY, RENTS)
    deadline = time.monotonic() + 30
    while len(pretender.taken) < 10:
        assert time.monotonic() < deadline, "nothing was tried"
        time.sleep(0.01)
    pretender.trouble = ""
    got = settled(answers, Ask("page", 2, QUERY, drag=(RENTS, 0.731), lever=RENTS))[-1]
    assert "problems" not in got
    assert "quick" not in got
    assert len(middle(got)) == 6


def test_let_go_the_setting_itself_is_simulated(answers: Answers, pretender: Pretender) -> None:
    settled(answers, Ask("page", 1, QUERY))
    brought_near(answers)
    pretender.pause = 0.05
    query = QUERY.replace("0.5", "0.731")
    seen = settled(answers, Ask("page", 2, query, lever=RENTS))
    assert "interpolated" in seen[0]["note"]
    assert "words" not in seen[0]
    assert seen[-1]["note"] == ""
    assert "words" in seen[-1]
    assert 0.731 in {taken[0] for taken in pretender.taken}
