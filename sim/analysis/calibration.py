"""Calibration: what the record of the fit window says about the parameters of the model.

The record is summed up by a level and a trend for each series of `seeds/observed.yaml`, measured in
the worlds with the error that the mapping names, and by how many checks of the ten facts a world
meets of those that are decided in the window. What the model cannot reach teaches nothing about
its parameters: a statistic for which the record lies outside 98 % of the worlds is not used,
and is named as what the model misses.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from agents.outlook import Array
from sim.analysis.facts import answerable, holding, load_facts, quantities
from sim.analysis.forecasts import measured
from sim.analysis.inference import Accepted, Learned, learn, weighted_quantiles
from sim.analysis.observed import Point, Record, Series
from sim.analysis.trajectories import Paths
from sim.draws import parameter_points
from sim.scenario import Distribution, Scenario
from sim.scenario.registry import load_registry

PLACEBOS: Final = 100
"""Made-up parameters that nothing reads: none of them ought to be called informed."""
FEWEST_FOR_A_TREND: Final = 3
REACH: Final = 0.01
"""Share of the priors' worlds that has to lie on either side of the record."""
STEPS: Final = 10
"""Steps of probability in which a posterior is written out."""
SHOWN: Final = (0.05, 0.5, 0.95)


@dataclass(frozen=True)
class Statistic:
    """One summary of the record and of each world.

    Attributes:
        name: of it.
        observed: in the record.
        prior: quantiles over all worlds, at 5, 50 and 95 %.
        posterior: over the accepted ones.
        reach: share of all worlds that lie below the record.
        after: of the accepted ones.
        used: whether worlds were compared by it.
    """

    name: str
    observed: float
    prior: tuple[float, ...]
    posterior: tuple[float, ...]
    reach: float
    after: float
    used: bool


@dataclass(frozen=True)
class Posterior:
    """What one parameter is taken for before and after.

    Attributes:
        learned: by prior probability.
        unit: of the parameter.
        prior: quantiles at 5, 50 and 95 %.
        posterior: likewise.
        place: the posterior's quantiles by prior probability.
        written: the distribution that a source of parameters holds; None where the prior stays.
    """

    learned: Learned
    unit: str
    prior: tuple[float, ...]
    posterior: tuple[float, ...]
    place: tuple[float, ...]
    written: Distribution | None


@dataclass(frozen=True)
class Calibration:
    """All that was learned.

    Attributes:
        scenario: that was run.
        worlds: drawn from the prior.
        seed: of the keyed draws.
        share: of the worlds that was accepted.
        statistics: what worlds were compared by.
        parameters: all that are not known for sure, in the order of the registry.
        placebos: made-up parameters that were called informed, of `PLACEBOS`.
        accepted: worlds that count.
    """

    scenario: Scenario
    worlds: int
    seed: int
    share: float
    statistics: tuple[Statistic, ...]
    parameters: tuple[Posterior, ...]
    placebos: int
    accepted: Accepted

    @property
    def informed(self) -> list[Posterior]:
        """Parameters that the record says something about."""
        return [one for one in self.parameters if one.learned.informed]

    @property
    def written(self) -> dict[str, Distribution]:
        """What a source of parameters holds."""
        return {one.learned.name: one.written for one in self.parameters if one.written is not None}


def watched(record: Record, scenario: Scenario) -> list[str]:
    """Quantities that have to be watched for it."""
    facts = answerable(load_facts(), scenario.start, record.fit.last)
    return sorted({*(series.quantity for series in record.series), *quantities(facts)})


def calibrate(
    scenario: Scenario, record: Record, paths: Paths, seed: int, share: float
) -> Calibration:
    """Learn from worlds drawn from the prior.

    Args:
        scenario: that they are of.
        record: what was observed.
        paths: the worlds, one a parameter set.
        seed: of their draws.
        share: of them that is accepted.
    """
    names, observed, statistics = summaries(scenario, record, paths, seed)
    registry = load_registry()
    unsure = [p for p in registry if isinstance(scenario.parameters[p.name], Distribution)]
    made_up = [f"placebo {k}" for k in range(PLACEBOS)]
    asked = [*(p.name for p in unsure), *made_up]
    points = parameter_points(seed, asked, 0, paths.worlds)
    below = (statistics < observed).mean(axis=0)
    above = (statistics > observed).mean(axis=0)
    used = np.minimum(below, above) >= REACH
    if not used.any():
        raise ValueError("the model reaches nothing of the record, so nothing can be learned")
    learned, accepted = learn(asked, points, statistics[:, used], observed[used], share)
    parameters = []
    for parameter, one in zip(unsure, learned, strict=False):
        value = scenario.parameters[parameter.name]

        def at(u: Array, parameter: Any = parameter, value: Any = value) -> Array:  # noqa: ANN401
            return np.asarray(parameter.quantile(value, u))

        u = weighted_quantiles(one.draws, accepted.weights, np.array(SHOWN))
        assert isinstance(value, Distribution)
        parameters.append(
            Posterior(
                learned=one,
                unit=parameter.unit,
                prior=tuple(map(float, at(np.array(SHOWN)))),
                posterior=tuple(map(float, at(u))),
                place=tuple(map(float, u)),
                written=_written(one, accepted, value, at),
            )
        )
    return Calibration(
        scenario=scenario,
        worlds=paths.worlds,
        seed=seed,
        share=share,
        statistics=tuple(
            _statistic(name, observed[k], statistics[:, k], accepted, bool(used[k]))
            for k, name in enumerate(names)
        ),
        parameters=tuple(parameters),
        placebos=sum(one.informed for one in learned[len(unsure) :]),
        accepted=accepted,
    )


def summaries(
    scenario: Scenario, record: Record, paths: Paths, seed: int
) -> tuple[list[str], Array, Array]:
    """Names of the statistics, their values in the record, and in each world.

    Returns:
        Shapes (statistics,) and (worlds, statistics).
    """
    names: list[str] = []
    observed: list[float] = []
    columns: list[Array] = []
    for series in record.series:
        points = [p for p in record.within(series, record.fit) if p.period.last >= paths.start]
        if not points:
            continue
        truth = np.array([series.figure(point.value) for point in points])
        worlds = np.stack([measured(record, series, point, paths, seed) for point in points])
        for name, weights in _weights(series, points).items():
            names.append(name)
            observed.append(float(weights @ truth))
            columns.append(weights @ worlds)
    facts = answerable(load_facts(), scenario.start, record.fit.last)
    checks = [c for fact in facts["facts"] for c in fact["checks"] if not c.get("given")]
    if checks:
        met = [holding(check, paths.values[check["quantity"]], paths.start) for check in checks]
        names.append("checks of the ten facts that are met")
        observed.append(float(len(checks)))
        columns.append(np.sum(met, axis=0).astype(float))
    return names, np.array(observed), np.stack(columns, axis=1)


def _weights(series: Series, points: list[Point]) -> dict[str, Array]:
    """Mean, and slope a month where there are figures enough, as weights of the figures."""
    count = len(points)
    found = {f"{series.title}: level": np.full(count, 1.0 / count)}
    if count >= FEWEST_FOR_A_TREND:
        months = np.array([float(point.period.last - points[0].period.last) for point in points])
        centred = months - months.mean()
        found[f"{series.title}: trend"] = centred / (centred**2).sum()
    return found


def _statistic(
    name: str, observed: float, worlds: Array, accepted: Accepted, used: bool
) -> Statistic:
    near, weights = worlds[accepted.worlds], accepted.weights
    after = weighted_quantiles(near, weights, np.array(SHOWN))
    return Statistic(
        name=name,
        observed=float(observed),
        prior=tuple(map(float, np.quantile(worlds, SHOWN))),
        posterior=tuple(map(float, after)),
        reach=float((worlds < observed).mean()),
        after=float(weights[near < observed].sum()),
        used=used,
    )


def _written(
    one: Learned,
    accepted: Accepted,
    prior: Distribution,
    at: Any,  # noqa: ANN401
) -> Distribution | None:
    """A posterior that other scenarios can take; None where the prior has to do.

    What a run starts from is no matter of other scenarios, and a choice stays one.
    """
    if not one.informed or one.name.startswith("initial.") or prior.kind == "choice":
        return None
    steps = np.linspace(0.0, 1.0, STEPS + 1)
    u = weighted_quantiles(one.draws, accepted.weights, steps)
    return Distribution("quantiles", tuple(float(f"{value:.6g}") for value in at(u)))
