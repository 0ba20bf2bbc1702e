"""Claims ranked by what they do, on runs whose differences are known."""

import json

import numpy as np
import pytest
import xarray as xr

from sim.analysis.claim_effects import ClaimEffects, claim_effects
from sim.analysis.compare import pair
from sim.cli.claim_effects import print_claim_effects
from sim.scenario import Scenario, load_scenario
from tests.support.synthetic import make_run

BASE = load_scenario("status_quo", {"months": 6})
PULLS = {"C14": 0.2, "C16": 0.6, "C09": 0.0}


def fetch(scenario: Scenario) -> xr.Dataset:
    """An arithmetic run: switching a claim off pulls outcomes by a known amount."""
    [off] = scenario.claims_off or {""}
    return make_run(scenario.name, pull=PULLS.get(off, 0.0), worlds=200, months=6)


@pytest.fixture(scope="module")
def found() -> ClaimEffects:
    return claim_effects(BASE, claims=PULLS, fetch=fetch)


def test_an_effect_is_on_less_off_within_worlds(found: ClaimEffects) -> None:
    compared = pair([make_run("status_quo", pull=0.6, worlds=200, months=6), fetch(BASE)])
    for one in found.of("C16"):
        expected = compared.change(1, one.outcome, "mean")
        assert expected is not None
        assert one.change.difference == expected.difference
        assert one.change.se == expected.se


def test_claims_stand_in_the_order_of_what_they_do(found: ClaimEffects) -> None:
    assert [claim for claim, _ in found.ranked()] == ["C16", "C14", "C09"]
    assert found.ranked()[-1][1] == 0.0
    moved = [o for o in found.outcomes if found.on(o)[0].change.clear]
    assert moved
    for outcome in moved:
        assert found.on(outcome)[0].claim == "C16"
        assert not found.on(outcome)[-1].change.clear


def test_claims_that_share_a_number_are_named(found: ClaimEffects) -> None:
    assert found.shared() == {"world.kappa": ("C14", "C16")}
    assert claim_effects(BASE, claims=["C09"], fetch=fetch).shared() == {}


def test_it_is_json_and_prints(
    found: ClaimEffects, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)  # a pipe gets tables as wide as they are
    told = found.document()
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    print_claim_effects(found)
    out = capsys.readouterr().out
    lines = out.splitlines()
    first = [line.split()[0] for line in lines[1:4]]
    assert first == ["C16", "C14", "C09"]
    assert lines[3].split()[-5:] == ["nothing", "beyond", "its", "error", "0"]
    [row] = [line for line in lines if line.startswith("Russia’s dependence on Belarus")]
    assert row.index("C16 −") < row.index("C14 −")
    [row] = [line for line in lines if line.startswith("Settlement")]
    assert row.rstrip().endswith("none beyond its error")
    assert "200 worlds, mean over months" in out
    assert "C14 and C16 share world.kappa" in out


def test_on_the_model_every_claim_is_run_on_the_same_worlds() -> None:
    seen: list[tuple[int, int]] = []
    found = claim_effects(
        load_scenario("status_quo", {"months": 2}),
        worlds=100,
        claims=["C01", "C18"],
        engine="numba",
        when="final",
        progress=lambda done, total: seen.append((done, total)),
    )
    assert seen == [(1, 3), (2, 3), (3, 3)]
    attention = {one.claim: one.change for one in found.on("attention")}
    assert attention["C01"].clear  # attention starts higher without it
    assert attention["C01"].difference < -0.1
    transfers = {one.claim: one.change for one in found.on("transfers.total")}
    assert transfers["C18"].difference > 0
    assert all(np.isfinite(one.change.difference) for one in found.effects)


def test_a_claim_with_nothing_to_switch_is_refused() -> None:
    with pytest.raises(ValueError, match="C21: there is nothing to switch off"):
        claim_effects(BASE, claims=["C21"], fetch=fetch)
