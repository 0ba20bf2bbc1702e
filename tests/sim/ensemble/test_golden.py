"""A small run whose numbers are written down: a change of the model has to be meant.

When it is meant, write the file anew with `python -m tests.sim.ensemble.test_golden` and say why in
the commit. A change of draws, of the registry's order or of what a world is raises `FORMAT` too.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.ensemble.engine import simulate
from sim.scenario import load_scenario

GOLDEN = Path(__file__).parents[2] / "golden" / "status_quo.json"
WORLDS, MONTHS = 8, 6
NUMBERS = ("front", "trust", "regime_security", "autonomy", "attention", "oil", "agreed")
RECORDED = ("deal_round", "promised_access", "promised_voice", "fighting")


def small_run() -> dict[str, Any]:
    ds = simulate(load_scenario("status_quo", {"months": MONTHS}), WORLDS, seed=1)
    pair = {"actor": "belarus", "target": "russia"}
    return {
        **{name: ds[name].to_numpy().tolist() for name in NUMBERS + RECORDED},
        "breach": ds["breach"].to_numpy().astype(float).tolist(),
        "payoff": ds["payoff"].to_numpy().tolist(),
        "influence": ds["influence"].sel(pair).to_numpy().tolist(),
        "dependence": ds["dependence"].sel(actor="russia", target="belarus").to_numpy().tolist(),
        "choice": ds["choice"].to_numpy().tolist(),
    }


def test_the_small_run_is_what_it_was() -> None:
    """Within 1e-9, since another processor may round powers and logarithms differently."""
    expected, found = json.loads(GOLDEN.read_text()), small_run()
    assert found["choice"] == expected["choice"]
    for name in expected:
        assert np.array(found[name]) == pytest.approx(np.array(expected[name]), rel=1e-9), name


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(small_run(), separators=(",", ":")) + "\n")
