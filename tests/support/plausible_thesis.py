"""All hypotheses judged on plausible numbers, in seconds: for what is told of verdicts."""

from __future__ import annotations

from dataclasses import replace

import xarray as xr

from sim.analysis.thesis.design import Arm, Family, Thesis, load_thesis
from sim.analysis.thesis.runs import Runs
from tests.support import plausible

SETS, DRAWS = 16, 4
_LESS = {
    "H3": ("ends", [12, 24, 36]),
    "H5": ("grid", {"pressure": {"no": {"russia.press_entry": "no"}, "yes": {}}}),
    "H6": ("scenarios", ["status_quo", "prolonged_conflict", "belarus_enters"]),
}


def small_thesis() -> Thesis:
    """The designs with few sets and draws, and less of what takes many runs."""
    thesis = load_thesis()
    designs = {}
    for name, design in thesis.designs.items():
        plan = {**design.plan, "sets": SETS, "draws": DRAWS}
        if name in _LESS:
            key, value = _LESS[name]
            plan[key] = value
        designs[name] = replace(design, plan=plan)
    return replace(thesis, designs=designs)


class PlausibleRuns(Runs):
    """Runs that cost only random numbers."""

    def dataset(self, arm: Arm) -> xr.Dataset:
        """As plausible as the engine's."""
        return plausible.simulate(
            arm.scenario, arm.worlds, self.seed, draws=arm.draws, keep=arm.keep
        )

    def family(self, family: Family) -> dict[int, xr.Dataset]:
        """One by one."""
        return {end: self.dataset(arm) for end, arm in family.arms.items()}
