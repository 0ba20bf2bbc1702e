"""H3 can tell: a model rigged for long wars is caught, and one rigged against them."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agents.actor import Incentive
from agents.belarus import Belarus
from agents.outlook import Array, Outlook
from sim.analysis.thesis.bench import put_to_the_test
from sim.analysis.thesis.design import Thesis, load_thesis
from sim.analysis.thesis.runs import Runs

VARIANTS = ("bargained", "no_linkage", "absorption", "high_confrontation")


def small(weight: float | None) -> Thesis:
    """H3 with few sets, draws and ends, and the four variants that a verdict needs."""
    thesis = load_thesis()
    design = thesis.designs["H3"]
    rigged = {} if weight is None else {"actors.belarus.incentives.status": weight}
    plan = {
        **design.plan,
        "sets": 8,
        "draws": 8,
        "ends": [12, 24, 36],
        "variants": {name: {**design.plan["variants"][name], **rigged} for name in VARIANTS},
    }
    return replace(thesis, designs={"H3": replace(design, plan=plan)})


def payoff_of_belarus(tmp_path: Path, weight: float | None) -> dict[str, Any]:
    thesis = small(weight)
    document = put_to_the_test(thesis, ["H3"], Runs(tmp_path, thesis.seed, "numba"))
    found: dict[str, Any] = document["hypotheses"][0]["judged"][0]
    assert found["name"] == "H3.payoff.belarus"
    return found


def months_of_war(o: Outlook) -> Array:
    """1 in a month of war and 0 in one of peace, so that its sum is the war's length."""
    return o.casualties_russia / (o.casualties_russia + 1e-3)


def months_of_peace(o: Outlook) -> Array:
    """The same with the other sign, since weights lie above 0."""
    return -months_of_war(o)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("length", "verdict", "third"),
    [(months_of_war, "supported", 36), (months_of_peace, "refuted", 12)],
)
def test_war_length_in_a_payoff_is_caught(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    length: Callable[[Outlook], Array],
    verdict: str,
    third: int,
) -> None:
    """With the war's length in the place of status, verdict and curves go where it pulls."""
    rigged = tuple(
        Incentive("status", length, "months of war", False) if i.name == "status" else i
        for i in Belarus.incentives
    )
    monkeypatch.setattr(Belarus, "incentives", rigged)
    found = payoff_of_belarus(tmp_path, 6.0)
    assert found["verdict"] == verdict
    for variant in found["beside"]["variants"].values():
        assert variant["best"][str(third)] >= 6


@pytest.mark.slow
def test_without_the_rig_it_is_not_so(tmp_path: Path) -> None:
    """What the rig turns over: without it no variant has all its best ends in the longest third."""
    found = payoff_of_belarus(tmp_path, None)
    assert found["verdict"] != "supported"
