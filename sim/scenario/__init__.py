"""What if: from a YAML file to a checked scenario.

    scenario = load_scenario("scenarios/status_quo.yaml", {"months": 12})

`load_scenario` raises `ScenarioError` with every problem of the input, each with file, line and
column. `docs/scenarios.md` tells how the files are written.
"""

from __future__ import annotations

from sim.scenario.diff import Difference, diff
from sim.scenario.distributions import Distribution
from sim.scenario.load import load_scenario
from sim.scenario.month import Month
from sim.scenario.problems import Problem, ScenarioError
from sim.scenario.scenario import Event, Move, Scenario
from sim.scenario.schema import json_schema

__all__ = [
    "Difference",
    "Distribution",
    "Event",
    "Month",
    "Move",
    "Problem",
    "Scenario",
    "ScenarioError",
    "diff",
    "json_schema",
    "load_scenario",
]
