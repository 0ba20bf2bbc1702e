"""Runs in the shape that the EMA Workbench analyses: a row a world, an array an outcome."""

import numpy as np
import pytest

from sim.adapters.ema import ema_results
from sim.analysis.outcomes import HEADLINE, OutcomeError, outcome
from tests.support.synthetic import make_run


def test_worlds_are_experiments_and_scenarios_are_policies() -> None:
    runs = [make_run("a", worlds=8, months=3), make_run("b", pull=0.5, worlds=4, months=3)]
    experiments, outcomes = ema_results(*runs)
    assert list(experiments["policy"]) == ["a"] * 8 + ["b"] * 4
    assert list(experiments["scenario"]) == [*range(8), *range(4)]
    assert set(experiments["model"]) == {"Fulcrum"}
    assert list(experiments["policy"].cat.categories) == ["a", "b"]
    assert set(outcomes) == {"TIME", *HEADLINE}
    for name, values in outcomes.items():
        assert values.shape == (12, 3), name
    assert (outcomes["front"][8:] == outcome(runs[1], "front").values).all()
    assert outcomes["TIME"][0] == pytest.approx([2023 + 11 / 12, 2024, 2024 + 1 / 12])


def test_only_what_varies_is_a_factor() -> None:
    run = make_run("a", worlds=8, months=2)
    experiments, _ = ema_results(run, outcomes=["front"])
    factors = list(experiments.columns[:-3])
    drawn = run["parameter"]
    assert factors
    for name in drawn["name"].values:
        varies = np.unique(drawn.sel(name=name)).size > 1
        assert (str(name) in factors) == varies
    name = factors[0]
    assert (experiments[name].to_numpy() == drawn.sel(name=name).values).all()


def test_what_does_not_fit_is_said() -> None:
    with pytest.raises(ValueError, match="no runs given"):
        ema_results()
    with pytest.raises(ValueError, match="a and b run over different months"):
        ema_results(make_run("a", months=3), make_run("b", months=4))
    run = make_run("a", worlds=4, months=3)
    with pytest.raises(ValueError, match="more than one run is called a"):
        ema_results(run, run)
    named = ema_results(run, run.assign_attrs(scenario="again"))[0]
    assert list(named["policy"].cat.categories) == ["a", "again"]
    with pytest.raises(OutcomeError):
        ema_results(make_run("a", worlds=4, months=2), outcomes=["fronts"])
