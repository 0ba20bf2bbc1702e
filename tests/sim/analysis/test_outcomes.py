from pathlib import Path

import numpy as np
import pytest

from sim.analysis.outcomes import (
    HEADLINE,
    OutcomeError,
    available,
    describe,
    headline,
    measure,
    outcome,
    status_flags,
)
from sim.ensemble import packing
from sim.ensemble.reading import open_worlds
from tests.support.synthetic import make_run


def test_every_headline_outcome_is_in_a_run_and_has_words() -> None:
    run = make_run(worlds=8, months=3)
    assert headline(run) == HEADLINE
    for name in HEADLINE:
        values = outcome(run, name)
        assert values.dims == ("world", "month")
        assert values.dtype == np.float64
        label, units = describe(name)
        assert values.attrs == {"long_name": label, "units": units}


@pytest.mark.parametrize(
    ("name", "pick"),
    [
        ("front", {}),
        ("force.russia", {"actor": "russia"}),
        ("influence.belarus.russia", {"actor": "belarus", "target": "russia"}),
        ("dependence.russia.belarus", {"actor": "russia", "target": "belarus"}),
        ("transfers.gas", {"transfer": "gas"}),
        ("concessions.voice", {"concession": "voice"}),
        ("choice.russia.tempo", {"actor": "russia", "lever": "tempo"}),
    ],
)
def test_a_dotted_name_picks_along_the_dimensions(name: str, pick: dict[str, str]) -> None:
    run = make_run(worlds=8, months=3)
    expected = run[name.split(".")[0]].sel(pick).values
    np.testing.assert_array_equal(outcome(run, name).values, expected)
    assert name in available(run)


def test_total_transfers_sum_the_kinds_and_stay_missing_where_one_is() -> None:
    run = make_run(worlds=8, months=3)
    run["transfers"][0, 0, 1] = np.nan
    total = outcome(run, "transfers.total").values
    parts = [outcome(run, f"transfers.{kind}").values for kind in ("loans", "gas", "ports")]
    assert np.isnan(total[0, 0])
    np.testing.assert_allclose(total[1:], sum(part[1:] for part in parts))


def test_two_dependences_make_an_imbalance_and_a_sum() -> None:
    run = make_run(worlds=8, months=3)
    on_belarus = outcome(run, "dependence.russia.belarus")
    on_russia = outcome(run, "dependence.belarus.russia")
    minsk = outcome(run, "imbalance.belarus.russia")
    np.testing.assert_allclose(minsk, on_belarus - on_russia)
    np.testing.assert_allclose(outcome(run, "imbalance.russia.belarus"), -minsk)
    np.testing.assert_allclose(outcome(run, "mutual.belarus.russia"), on_belarus + on_russia)
    assert describe("imbalance.belarus.russia") == (
        "Belarus’s power advantage over Russia",
        "-1 to 1",
    )
    assert measure("mutual.belarus.russia").high == 2
    for name in ("imbalance.belarus.russia", "mutual.belarus.russia", "mutual.nato.ukraine"):
        assert name in available(run)
    with pytest.raises(OutcomeError):
        outcome(run, "imbalance.belarus.belarus")


def test_an_imbalance_needs_both_dependences() -> None:
    from sim.ensemble.recording import layout

    run = make_run(worlds=8, months=3)
    lacking = run["dependence"].sel(actor=["russia"]).to_dataset()
    assert not [n for n in available(lacking) if n.startswith(("imbalance", "mutual"))]
    assert "imbalance.belarus.russia" in available(layout("headline"))
    assert "imbalance.belarus.ukraine" not in available(layout("headline"))


def test_who_has_entered_stays_in() -> None:
    run = make_run(worlds=4, months=4)
    run["concessions"][:, :, 3] = np.array([[0, 0, 0, 0], [0, 1, 1, 1], [0, 1, 0, 0], [1, 1, 1, 1]])
    expected = [[0, 0, 0, 0], [0, 1, 1, 1], [0, 1, 1, 1], [1, 1, 1, 1]]
    np.testing.assert_array_equal(outcome(run, "entry").values, expected)


def test_status_flags_become_events_and_a_breakthrough_is_either_side() -> None:
    run = make_run(worlds=5, months=1)
    run["status"][:, 0] = [0, 1, 2, 3, 4]
    assert outcome(run, "status.settled").values.ravel().tolist() == [0, 0, 1, 0, 0]
    assert outcome(run, "status.breakthrough").values.ravel().tolist() == [0, 0, 0, 1, 1]
    assert outcome(run, "status.breakthrough_ukraine").values.ravel().tolist() == [0, 0, 0, 0, 1]
    assert status_flags(run)["breakthrough_russia"] == 3


@pytest.mark.parametrize(
    ("wrong", "offered"),
    [
        ("influence.belarus.rusia", "influence.belarus.russia"),
        ("transfer.total", "transfers.total"),
        ("status.setled", "status.settled"),
        ("fornt", "front"),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(wrong: str, offered: str) -> None:
    with pytest.raises(OutcomeError, match=f'unknown outcome "{wrong}"; did you mean "{offered}"'):
        outcome(make_run(worlds=4, months=1), wrong)


@pytest.mark.parametrize("name", ["status", "influence", "influence.belarus", "parameter", "world"])
def test_half_a_name_is_no_name(name: str) -> None:
    with pytest.raises(OutcomeError):
        outcome(make_run(worlds=4, months=1), name)


def test_a_variable_without_words_here_speaks_through_its_attributes() -> None:
    run = make_run(worlds=4, months=1)
    run["oil"] = run["front"] * 400
    run["oil"].attrs = {"long_name": "price of oil", "units": "USD a barrel"}
    read = measure("oil", run)
    assert (read.label, read.units) == ("price of oil", "USD a barrel")
    assert outcome(run, "oil").attrs["units"] == "USD a barrel"


def test_a_run_recorded_at_a_lower_level_has_fewer_headlines() -> None:
    run = make_run(worlds=4, months=1).drop_vars("coleman")
    assert "coleman.belarus" not in headline(run)
    assert len(headline(run)) == len(HEADLINE) - 1


def test_naming_what_a_stored_run_holds_reads_none_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reports ask for names time and again; twelve stored runs once took 16 s of reading for it."""
    run = make_run(worlds=8, months=3)
    packing.create(tmp_path / "worlds", packing.pack(run), 8)
    packing.write(tmp_path / "worlds", packing.pack(run), 0)
    stored = open_worlds(tmp_path / "worlds", 8)
    monkeypatch.setattr("sim.ensemble.reading._Series._read", _must_not_be_read)
    assert set(available(stored)) == set(available(run))
    assert headline(stored) == HEADLINE
    with pytest.raises(AssertionError, match="was read"):
        _ = outcome(stored, "front").values


def _must_not_be_read(series: object, key: object) -> None:
    raise AssertionError(f"{key} of {series} was read")
