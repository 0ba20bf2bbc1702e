"""A setting saved as a file is what was shown: the same scenario, run and numbers."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.draws import DEFAULT_DRAWS
from sim.ensemble.engine import simulate
from sim.ensemble.identity import run_id
from sim.explorer.catalogue import Catalogue, open_catalogue
from sim.explorer.runs import Snapshot, Work
from sim.explorer.service import Service
from sim.explorer.settings import describe, scenario_of, yaml_of
from sim.explorer.state import Setting, Shock
from sim.explorer.workers import KEPT
from sim.scenario import ScenarioError, load_scenario
from tests.sim.explorer.conftest import the_catalogue
from tests.sim.explorer.test_address import SETTINGS

RENTS = "actors.belarus.incentives.rents"


def saved(setting: Setting, months: int | None, catalogue: Catalogue, folder: Path) -> Path:
    name, text = yaml_of(setting, months, catalogue)
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


@given(setting=SETTINGS, months=st.none() | st.integers(6, 60))
@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
def test_a_saved_setting_is_the_run_that_was_shown(
    setting: Setting, months: int | None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    catalogue = the_catalogue()
    try:
        shown = scenario_of(setting, months, catalogue)
    except ScenarioError:
        with pytest.raises(ScenarioError):
            yaml_of(setting, months, catalogue)
        return
    file = saved(setting, months, catalogue, tmp_path_factory.mktemp("saved"))
    read = load_scenario(file)
    assert replace(read, name=shown.name) == shown
    if setting.changed:
        same = [run_id(s, seed=1, draws=DEFAULT_DRAWS) for s in (shown, read)]
        assert same[0] == same[1]


def test_a_file_says_only_what_differs(catalogue: Catalogue) -> None:
    setting = Setting(
        "prolonged_conflict", ((RENTS, 1.2),), (("C04", False),), (Shock("2024-03", "oil", -10.0),)
    )
    name, text = yaml_of(setting, 24, catalogue)
    assert name == "belarus_s_rents_1_2_c04_off_oil_10_prolonged_conflict.yaml"
    assert text.splitlines() == [
        "extends: prolonged_conflict",
        'title: "Belarus’s rents 1.2, C04 off, oil −10, Prolonged conflict"',
        "months: 24",
        "claims:",
        '  C04: "off"',
        "actors:",
        "  belarus:",
        "    incentives:",
        "      rents: 1.2",
        "events:",
        "  - {at: 2024-03, shock: {oil: -10.0}}",
    ]


def test_a_run_cut_before_inherited_events_is_written_out(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    setting = Setting("western_distraction", ((RENTS, 1.2),))
    file = saved(setting, 8, catalogue, tmp_path)
    assert "effective_of" in file.read_text()
    assert load_scenario(file) == scenario_of(setting, 8, catalogue)


def test_a_scenario_of_the_users_own_is_written_out(tmp_path: Path) -> None:
    own = tmp_path / "mine.yaml"
    own.write_text("extends: status_quo\ntitle: Mine\nmonths: 12\n")
    catalogue = open_catalogue(own)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    setting = Setting("mine", ((RENTS, 1.2),))
    file = saved(setting, None, catalogue, elsewhere)
    assert load_scenario(file) == scenario_of(setting, None, catalogue)


def test_an_unchanged_scenario_keeps_its_identity(catalogue: Catalogue) -> None:
    shown = scenario_of(Setting("status_quo"), None, catalogue)
    assert shown == catalogue.loaded["status_quo"]


def test_words_for_a_setting_are_short(catalogue: Catalogue) -> None:
    many = tuple((name, one.low) for name, one in list(catalogue.parameters.items())[:9])
    assert describe(Setting("status_quo", many), "Status quo").endswith(" more, Status quo")
    assert len(describe(Setting("status_quo", many), "S" * 90)) <= 80


@pytest.mark.slow
def test_the_worlds_shown_are_those_of_a_run(catalogue: Catalogue, tmp_path: Path) -> None:
    """Computed by the explorer's processes in its parts, and by `simulate` from the saved file."""
    setting = Setting("status_quo", ((RENTS, 1.2),), title="Well paid")
    work = Work.of(scenario_of(setting, 6, catalogue), seed=1, worlds=136)
    service = Service(1)
    try:
        while True:
            service.want("page", [work])
            if service.progress([work])[0] == service.progress([work])[1]:
                break
            service.wait([work], "", 0.2)
        found = service.look(work)
    finally:
        service.close()
    assert isinstance(found, Snapshot)
    shown = found.dataset()
    run = simulate(load_scenario(saved(setting, 6, catalogue, tmp_path)), 136, 1)
    assert shown.attrs["title"] == run.attrs["title"] == "Well paid"
    assert set(shown.data_vars) == set(KEPT)
    for name in KEPT:
        np.testing.assert_array_equal(shown[name].values, run[name].values)
