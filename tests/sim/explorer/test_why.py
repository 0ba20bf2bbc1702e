"""Reasons of a month from what was recorded of it."""

import numpy as np
import pytest
import xarray as xr

from sim.explorer.catalogue import Catalogue
from sim.explorer.runs import Snapshot, Work
from sim.explorer.settings import scenario_of
from sim.explorer.state import Setting
from sim.explorer.why import Reasons, reasons, told
from sim.explorer.workers import Task, conducts, terms
from tests.sim.explorer.conftest import made_up, part_of

RENTS = "actors.belarus.incentives.rents"


def run(catalogue: Catalogue, rents: float) -> xr.Dataset:
    """A run whose launches follow rents, and in whose third month Russia turns to the offensive."""
    scenario = scenario_of(Setting("status_quo", ((RENTS, rents),)), 6, catalogue)
    task = Task(1, scenario, 1, 4, 0, 100, "numpy")
    arrays = made_up(task, 0, 6)
    rng = np.random.default_rng(3)
    arrays["probability"][:] = 0.3 + 0.02 * rng.random(arrays["probability"].shape[-1])
    arrays["probability"][:, conducts().index("belarus.access.launch")] += 0.1 * rents
    arrays["probability"][2:, conducts().index("russia.tempo.offensive")] += 0.25
    arrays["term"][:, terms().index("belarus.rents")] = rents
    found = Snapshot.of(Work.of(scenario, 1, 100), [part_of((0, 100), arrays)])
    assert found is not None
    return found.dataset()


def level(found: Reasons, name: str) -> object:
    actor, lever, which = name.split(".")
    [one] = [x for x in found.levels if (x.actor, x.lever, x.level) == (actor, lever, which)]
    return one


def test_changes_are_against_the_month_before_and_the_baseline(catalogue: Catalogue) -> None:
    mine, base = run(catalogue, 1.2), run(catalogue, 0.8)
    found = reasons(mine, "2024-02", base)
    offensive = level(found, "russia.tempo.offensive")
    launch = level(found, "belarus.access.launch")
    assert offensive.since.mean == pytest.approx(0.25, abs=1e-6)  # type: ignore[attr-defined]
    assert offensive.against.mean == pytest.approx(0.0, abs=1e-6)  # type: ignore[attr-defined]
    assert launch.since.mean == pytest.approx(0.0, abs=1e-6)  # type: ignore[attr-defined]
    assert launch.against.mean == pytest.approx(0.04, abs=1e-6)  # type: ignore[attr-defined]
    [rents] = [term for term in found.terms if (term.actor, term.name) == ("belarus", "rents")]
    assert rents.against is not None
    assert rents.against.mean == pytest.approx(0.4, abs=1e-6)


def test_the_first_month_has_none_before_it(catalogue: Catalogue) -> None:
    found = reasons(run(catalogue, 1.2), "2023-12")
    assert all(one.since is None and one.against is None for one in found.levels)


def test_levels_that_no_world_can_choose_are_left_out(catalogue: Catalogue) -> None:
    ds = run(catalogue, 1.2)
    ds["choice"].loc[{"actor": "russia", "lever": "press_entry"}] = -1
    found = reasons(ds, "2024-02")
    assert not [one for one in found.levels if one.lever == "press_entry"]


def test_a_probability_is_of_worlds_in_which_the_lever_is_open(catalogue: Catalogue) -> None:
    ds = run(catalogue, 1.2)
    closed = np.arange(100) % 2 == 0
    ds["choice"].loc[{"actor": "russia", "lever": "tempo"}] = np.where(closed, -1, 1)[:, None]
    ds["probability"].loc[{"conduct": "russia.tempo.grind", "world": np.flatnonzero(closed)}] = 1.0
    grind = level(reasons(ds, "2024-02"), "russia.tempo.grind")
    assert grind.likely.mean < 0.4  # type: ignore[attr-defined]
    assert grind.open_in == 0.5  # type: ignore[attr-defined]
    assert grind.chosen == 1.0  # type: ignore[attr-defined]


def test_a_month_outside_the_run_is_refused(catalogue: Catalogue) -> None:
    with pytest.raises(LookupError, match="from 2023-12 to 2024-05"):
        reasons(run(catalogue, 1.2), "2030-01")


def test_words_name_the_lever_that_moved_most(catalogue: Catalogue) -> None:
    found = reasons(run(catalogue, 1.2), "2024-02", run(catalogue, 0.8))
    page = told(found, "Well <paid>", "Status quo", 100)
    assert "Tempo “offensive” moves most since the month before (+25.0 points)" in page
    assert "access “launch” moves most against “Status quo” (+4.0 points)" in page
    assert "rents +0.400" in page
    assert "Well &lt;paid&gt;" in page
