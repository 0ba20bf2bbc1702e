"""Early indicators, against counting pairs one by one and against what is known."""

import numpy as np
import pytest
import xarray as xr

from sim.analysis.thesis.indicators import OBSERVED, early_indicators
from sim.world.state import STATUSES

SETS, DRAWS, MONTHS = 60, 4, 12
WORLDS = SETS * DRAWS


def run(front: np.ndarray, status: np.ndarray) -> xr.Dataset:
    """Worlds in which nothing but the front and the status differs."""
    still = np.ones((WORLDS, MONTHS))
    kinds = {"transfer": ["loans", "gas", "ports"], "concession": ["access", "voice", "nuclear"]}
    data = {name: (("world", "month"), still) for name in ("attention", "aid", "agreed", "troops")}
    for name, (dim, labels) in zip(("transfers", "concessions"), kinds.items(), strict=True):
        values = np.ones((WORLDS, MONTHS, len(labels)))
        data[name] = (("world", "month", dim), values)  # type: ignore[assignment]
    data |= {"front": (("world", "month"), front), "status": (("world", "month"), status)}
    return xr.Dataset(data, kinds)


def worlds(strength: float, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Fronts, and statuses that depend on the front of month 6 as strongly as said."""
    rng = np.random.default_rng(seed)
    front = rng.normal(size=(WORLDS, MONTHS))
    settles = strength * front[:, 5] + rng.normal(size=WORLDS) > 0.3
    status = np.zeros((WORLDS, MONTHS), dtype=np.int8)
    status[:, -1] = np.where(settles, STATUSES.index("settled"), STATUSES.index("active"))
    return front, status


def test_it_is_the_share_of_pairs() -> None:
    front, status = worlds(1.0)
    found = early_indicators(run(front, status), DRAWS, 6)
    seen, comes = front[:, 5], status[:, -1] == STATUSES.index("settled")
    pairs = [float(a > b) for a in seen[comes] for b in seen[~comes]]
    told = found["observables"]["front"]["ends"]
    assert told["settled"]["area"] == pytest.approx(np.mean(pairs))
    assert told["active"]["area"] == pytest.approx(1 - np.mean(pairs))
    assert told["settled"]["beyond_chance"]
    assert {*found["observables"]} == {*OBSERVED}
    for name in OBSERVED:
        if name != "front":  # what is the same everywhere tells nothing, for certain
            one = found["observables"][name]["ends"]["settled"]
            assert (one["area"], one["error"], one["beyond_chance"]) == (0.5, 0.0, False)


def test_the_error_is_that_of_leaving_out_sets() -> None:
    front, status = worlds(1.0)
    found = early_indicators(run(front, status), DRAWS, 6)["observables"]["front"]["ends"]
    comes = status[:, -1] == STATUSES.index("settled")
    without = []
    for left in range(SETS):
        rest = np.arange(WORLDS) // DRAWS != left
        one, other = front[rest & comes, 5], front[rest & ~comes, 5]
        without.append((one[:, None] > other[None, :]).mean())
    spread = ((np.array(without) - np.mean(without)) ** 2).sum()
    assert found["settled"]["error"] == pytest.approx(np.sqrt((SETS - 1) / SETS * spread))


def test_what_tells_nothing_is_within_its_error_most_of_the_time() -> None:
    beyond = [
        early_indicators(run(*worlds(0.0, seed)), DRAWS, 6)["observables"]["front"]["ends"][
            "settled"
        ]["beyond_chance"]
        for seed in range(60)
    ]
    assert np.mean(beyond) < 0.17  # 0.05 are expected


def test_only_wars_that_go_on_and_ends_that_come_about() -> None:
    front, status = worlds(1.0)
    status[: DRAWS * 20, 5:] = STATUSES.index("ceasefire")  # over before anything is looked at
    found = early_indicators(run(front, status), DRAWS, 6)
    assert found["worlds"] == WORLDS - DRAWS * 20
    assert {*found["ends"]} == {"active", "settled"}
    assert sum(found["ends"].values()) == found["worlds"]
    none = early_indicators(run(front, np.zeros_like(status)), DRAWS, 6)
    assert none["ends"] == {}
