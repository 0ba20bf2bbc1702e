"""`fulcrum indicators` as a user types it, on made-up worlds whose front tells their end."""

import numpy as np
import pytest
import xarray as xr

from sim.scenario import Scenario
from tests.sim.cli.conftest import Fulcrum
from tests.support.synthetic import make_run


@pytest.fixture
def telling(monkeypatch: pytest.MonkeyPatch) -> None:
    """The war is settled at the end where the front was high in the sixth month."""

    def simulate(
        scenario: Scenario, worlds: int, seed: int, *, draws: int, first: int, **options: object
    ) -> xr.Dataset:
        ds = make_run(
            scenario.name, title=scenario.title, worlds=worlds, draws=draws, first=first
        ).assign_attrs(vary=options["vary"], keep=options["keep"])
        rng = np.random.default_rng(seed)
        shape = ds["front"].shape
        front = rng.random(shape)
        status = np.zeros(shape, dtype=np.int8)
        status[:, -1] = np.where(front[:, 5] + 0.2 * rng.normal(size=worlds) > 0.5, 2, 0)
        ds["front"] = (("world", "month"), front)
        ds["status"] = (("world", "month"), status, ds["status"].attrs)
        for name in ("aid", "agreed", "troops"):
            ds[name] = (("world", "month"), rng.random(shape))
        return ds

    monkeypatch.setattr("sim.ensemble.store._engine", lambda: simulate)


@pytest.mark.usefixtures("telling")
def test_what_tells_the_end_has_a_star(fulcrum: Fulcrum) -> None:
    said = fulcrum("indicators", "status_quo", "--worlds", 400)
    assert said.status == 0, said.err
    assert "what is seen in May 2024 of 400 worlds at war" in said.out
    [front] = [line for line in said.out.splitlines() if line.startswith("territory held")]
    assert front.count("*") == 2
    told = fulcrum("indicators", "status_quo", "--worlds", 400, "--json").document
    figures = told["observables"]["front"]["ends"]
    assert figures["settled"]["area"] > 0.85
    assert figures["settled"]["area"] == pytest.approx(1.0 - figures["active"]["area"])
    assert (told["at"], told["month"]) == ("2024-05", 6)


@pytest.mark.usefixtures("telling")
def test_in_another_month_the_front_tells_nothing(fulcrum: Fulcrum) -> None:
    words = ("--worlds", 400, "--month", "2024-08", "--json")
    told = fulcrum("indicators", "status_quo", *words).document
    assert told["at"] == "2024-08"
    assert told["observables"]["front"]["ends"]["settled"]["area"] == pytest.approx(0.5, abs=0.1)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--month", "2030-01"], "--month: 2030-01 is not before the end of status_quo, 2026-11"),
        (["--month", "soon"], "--month: soon"),
        (["--set", "months=4"], "--month: month 6 of the run is not before the end"),
        (["--worlds", "5000"], "--worlds: at most 4,000 here"),
    ],
)
@pytest.mark.usefixtures("telling")
def test_bad_input_is_a_line_each(fulcrum: Fulcrum, words: list[str], said: str) -> None:
    found = fulcrum("indicators", "status_quo", *words)
    assert (found.status, len(found.problems)) == (2, 1)
    assert said in found.err
