"""The gate of plausible play: what it measures, and that it can fail."""

from pathlib import Path

import numpy as np
import pytest

from sim.analysis.plausibility import Figure, examine, limits, ratio, spreads, table
from sim.model import ConflictModel
from sim.scenario import load_scenario

PAGE = Path(__file__).resolve().parents[3] / "docs" / "validation.md"


def figures(**overrides: str | float) -> dict[str, Figure]:
    """The gate over a short run under overrides."""
    given = {name.replace("__", "."): value for name, value in overrides.items()}
    scenario = load_scenario("status_quo", {"months": 8, **given})
    return {figure.name: figure for figure in examine(scenario, worlds=64)}


@pytest.fixture(scope="module")
def usual() -> dict[str, Figure]:
    return figures()


def test_shares_of_a_lever_sum_to_one_and_have_an_error(usual: dict[str, Figure]) -> None:
    for name in ("russia.tempo", "ukraine.tempo", "nato.aid"):
        assert sum(usual[name].values.values()) == pytest.approx(1.0)
        error = usual[name].error
        assert error is not None
        assert 0.0 < error < 0.2
    assert usual["belarus.nuclear_hosting"].values == {}  # warheads are there from the start


def test_a_lever_that_nobody_moves_breaks_the_limit(usual: dict[str, Figure]) -> None:
    assert usual["russia.court_others"].holds
    pinned = figures(world__court_cost=50)["russia.court_others"]
    assert pinned.values["no"] > 0.97
    assert not pinned.holds


def test_a_die_where_payoffs_matter_breaks_the_limit(usual: dict[str, Figure]) -> None:
    assert usual["russia.support_minsk"].holds
    thrown = figures(actors__russia__plays="random")["russia.support_minsk"]
    assert max(thrown.values.values()) < 0.40
    assert "even" in thrown.limit


def test_a_front_that_cannot_move_breaks_the_limit(usual: dict[str, Figure]) -> None:
    assert usual["front at the end"].holds
    assert not figures(world__front_speed=0.0005, world__noise_push=0.01)["front at the end"].holds


def test_a_stock_in_its_corner_breaks_the_limit(usual: dict[str, Figure]) -> None:
    assert usual["stock in its corner: surprise"].holds
    spent = figures(initial__surprise=0.0, world__surprise_return=0.0)
    assert not spent["stock in its corner: surprise"].holds


def test_a_share_has_the_error_of_its_clusters() -> None:
    """Where sets differ and worlds within them do not, the error is that of the set means."""
    whole = np.full(50, 40.0)
    part = np.where(np.arange(50) < 20, 40.0, 0.0)
    share, error = ratio(part, whole)
    assert share == pytest.approx(0.4)
    assert error == pytest.approx(np.std(part / whole, ddof=1) / np.sqrt(50))
    assert ratio(whole, whole) == (1.0, 0.0)
    assert ratio(part[:1], whole[:1]) == (1.0, None)


def test_spread_is_the_range_of_worth_of_a_lever_with_the_others_as_chosen() -> None:
    model = ConflictModel("status_quo", 64, collect=False)
    model.step()
    for name, actor in model.actors.items():
        found = spreads(model.weighed[name], actor, model)
        values = model.weighed[name].values(actor) / actor.scale * actor.precision
        options = {option: n for n, option in enumerate(actor.menu.options)}
        for world in (0, 7, 63):
            chosen = tuple(int(level) for level in actor.levels[:, world])
            for k, lever in enumerate(actor.menu.levers):
                worth = [
                    values[options[(*chosen[:k], level, *chosen[k + 1 :])], world]
                    for level in range(len(lever.levels))
                    if model.open[name][lever.name][level, world]
                ]
                assert found[k, world] == pytest.approx(max(worth) - min(worth))


def test_a_limit_within_two_errors_is_said_to_be_close() -> None:
    near = Figure("hosting", {"host": 0.959}, 0.014, "no level above 97 %", True, 0.011)
    far = Figure("hosting", {"host": 0.90}, 0.014, "no level above 97 %", True, 0.07)
    assert near.close
    assert not far.close
    assert "yes, within error" in table([near])
    assert "within error" not in table([far])


def test_the_margin_is_that_of_the_figure_that_decides(usual: dict[str, Figure]) -> None:
    talks = usual["russia.court_others"]
    assert talks.margin is not None
    assert talks.margin <= 0.97 - max(talks.values.values()) + 1e-12
    pinned = figures(world__court_cost=50)["russia.court_others"]
    assert pinned.margin is not None
    assert pinned.margin < 0.0


def test_worlds_come_in_whole_sets() -> None:
    with pytest.raises(ValueError, match="multiple of 4"):
        examine("status_quo", worlds=6)


def test_the_page_holds_every_figure_of_the_gate_and_none_that_is_broken(
    usual: dict[str, Figure],
) -> None:
    page = PAGE.read_text(encoding="utf-8")
    written = page.partition("<!-- plausibility -->")[2].partition("<!-- end of plausibility -->")[
        0
    ]
    names = [line.split("|")[1].strip() for line in written.strip().splitlines()[2:]]
    assert names == list(usual)
    assert "**no**" not in written
    assert written.strip().splitlines()[0] == table([]).splitlines()[0]


def test_every_limit_has_its_reason() -> None:
    for name, group in limits().items():
        if isinstance(group, dict):
            assert any(key.endswith("reason") for key in group), name
