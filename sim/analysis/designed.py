"""What an outcome hinges on, from worlds laid out for the question: first-order and total indices.

Sobol's indices (1993) of a chosen few factors, a parameter or a group of parameters each, by the
design and the estimators of Saltelli et al. 2010 (Computer Physics Communications 181:259), as
`SALib` has them. Points A and B are drawn, and for each factor A with that factor's values from B:
N (k + 2) worlds for k factors. The first-order share is what goes with a factor by itself, the
total share what would be left of the variance if all else were known; the distance between them is
what it does in concert with others.

Two factors are always there, so that the shares are those of the whole variance: all parameters
that were not chosen, and chance. That chance can be a factor is due to the keyed draws: a world of
point A meets the luck of A whatever parameters it has, one of B that of B.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.analysis.by_set import BySetError, measure_document
from sim.analysis.outcomes import Measure, available, measure, outcome
from sim.analysis.streams import Floats, last_and_mean
from sim.draws import TILE, parameter_points
from sim.ensemble.engine import gather, run_tile
from sim.ensemble.executors import BATCH, Executor, InProcess, spans
from sim.ensemble.levels import Keep
from sim.scenario.distributions import Distribution
from sim.scenario.problems import did_you_mean
from sim.scenario.registry import CLAIMS, load_registry

if TYPE_CHECKING:
    from sim.analysis.compare import When
    from sim.kernel import Engine
    from sim.scenario import Scenario

REST: Final = "all other parameters"
CHANCE: Final = "chance"
RESAMPLES: Final = 500


class DesignMissingError(RuntimeError):
    """The library that analyses designs is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "designed runs need SALib, which is not installed: pip install 'fulcrum-sim[hinge]'"
        )


def check_design() -> None:
    """Raises DesignMissingError where no design can be analysed."""
    if find_spec("SALib") is None:
        raise DesignMissingError


@dataclass(frozen=True)
class Index:
    """What goes with one factor.

    Attributes:
        factor: its name.
        parameters: that it is made of; none for chance.
        first: share of the variance that goes with it by itself.
        first_half: half width of its 95 % interval, by bootstrap over points.
        total: share that would be left if all else were known.
        total_half: half width likewise.
    """

    factor: str
    parameters: tuple[str, ...]
    first: float
    first_half: float
    total: float
    total_half: float

    def document(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {
            "factor": self.factor,
            "parameters": list(self.parameters),
            "first": self.first,
            "first_ci95": [self.first - self.first_half, self.first + self.first_half],
            "total": self.total,
            "total_ci95": [self.total - self.total_half, self.total + self.total_half],
        }


@dataclass(frozen=True)
class Designed:
    """Indices of one outcome.

    Attributes:
        measure: of the outcome.
        points: N.
        worlds: simulated for each scenario.
        indices: the largest total first.
        mean: of the outcome over points A and B.
        sd: its standard deviation.
        against: whether the outcome is a difference between scenarios.
    """

    measure: Measure
    points: int
    worlds: int
    indices: tuple[Index, ...]
    mean: float
    sd: float
    against: bool = False

    def document(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {
            **measure_document(self.measure),
            "difference": self.against,
            "points": self.points,
            "worlds": self.worlds,
            "mean": self.mean,
            "sd": self.sd,
            "factors": [one.document() for one in self.indices],
        }


def factors(words: Sequence[str], scenarios: Sequence[Scenario]) -> dict[str, tuple[str, ...]]:
    """Chosen factors as groups of parameters.

    Args:
        words: a parameter, the beginning of the names of several up to a dot, or a claim for all
            that rests on it.
        scenarios: a parameter counts if any of them leaves it open.

    Raises:
        BySetError: a word that stands for nothing that is uncertain, or parameters in two factors.
    """
    registry = load_registry()
    open_ = [p for p in registry if any(_is_open(s, p.name) for s in scenarios)]
    known = {p.name for p in registry}
    heads = {".".join(name.split(".")[:n]) for name in known for n in range(1, name.count(".") + 1)}
    out: dict[str, tuple[str, ...]] = {}
    taken: dict[str, str] = {}
    problems = []
    for word in words:
        if word in CLAIMS:
            mine = tuple(p.name for p in open_ if word in p.claims)
        else:
            mine = tuple(p.name for p in open_ if f"{p.name}.".startswith(f"{word}."))
        if not mine:
            if word in known | heads | set(CLAIMS):
                problems.append(f"--of: {word}: no parameter of it is uncertain in this scenario")
            else:
                near = did_you_mean(word, sorted(known | heads))
                problems.append(f"--of: {word}: no parameter, group of them or claim{near}")
        for name in mine:
            if name in taken:
                problems.append(f"--of: {name} is in {taken[name]} and in {word}; give it once")
            taken[name] = word
        out[word] = mine
    if problems:
        raise BySetError("\n".join(problems))
    return out


def designed(
    scenario: Scenario,
    names: Sequence[str],
    chosen: Mapping[str, tuple[str, ...]],
    points: int,
    seed: int,
    *,
    when: When = "final",
    against: Scenario | None = None,
    engine: Engine = "numpy",
    executor: Executor | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[Designed]:
    """Simulate a design and take the indices of outcomes from it.

    Args:
        scenario: to run.
        names: dotted outcome names.
        chosen: factors, from `factors`.
        points: N, a power of two.
        seed: of points and chance.
        when: the last month, or the mean over all months.
        against: the outcome is what `scenario` has more than this one, world by world.
        engine: what does the arithmetic of projections.
        executor: where worlds are computed; here unless given.
        progress: told (worlds done, worlds).

    Raises:
        DesignMissingError: SALib is not installed.
        OutcomeError: no such outcome.
        BySetError: the outcome has no value in some world, or the same one in all.
    """
    check_design()
    keep = _keep_for(names)
    a, b = _points(chosen, points, seed)
    groups = [*chosen.values(), tuple(n for n in a if not any(n in g for g in chosen.values()))]
    crossed = [{**a, **{n: b[n] for n in group}} for group in groups]
    luck = {seed: [a, *crossed], _second(seed): [a, b]}
    several = (scenario,) if against is None else (scenario, against)
    total = len(several) * points * (len(groups) + 3)
    where = executor or InProcess()
    found = []
    done = 0
    for one in several:
        runs: list[Floats] = []
        for own, parts in luck.items():
            columns = {n: np.concatenate([part[n] for part in parts]) for n in a}
            calls = _calls(one, names, columns, points, own, when, engine, keep, where.slots)
            pieces = []
            for piece in where.in_order(calls):
                pieces.append(piece)
                done += piece.shape[1]
                progress(done, total)
            runs.append(np.concatenate(pieces, axis=1).reshape(len(names), len(parts), points))
        # A, A with each factor from B, A with the luck of B, B
        found.append(np.concatenate(runs, axis=1))
    values = found[0] if against is None else found[0] - found[1]
    rest = tuple(n for n in groups[-1] if any(_is_open(one, n) for one in several))
    every = {**chosen, REST: rest, CHANCE: ()}
    return [
        _read_off(name, table, every, seed, points, against is not None)
        for name, table in zip(names, values, strict=True)
    ]


def _read_off(
    name: str,
    values: Floats,
    every: Mapping[str, tuple[str, ...]],
    seed: int,
    points: int,
    against: bool,
) -> Designed:
    """The indices of one outcome."""
    if np.isnan(values).any():
        missing = int(np.isnan(values).any(axis=0).sum())
        raise BySetError(f"{name} has no value in some worlds of {missing:,} points")
    if np.ptp(values) == 0.0:
        raise BySetError(f"{name} is the same in all worlds, so it hinges on nothing")
    return Designed(
        measure(name),
        points,
        values.size,
        indices(values, every, seed),
        float(values[[0, -1]].mean()),
        float(values[[0, -1]].std(ddof=1)),
        against,
    )


def indices(values: Floats, groups: Mapping[str, tuple[str, ...]], seed: int) -> tuple[Index, ...]:
    """First-order and total indices of a design.

    Args:
        values: the outcome at A, at A with each factor from B, and at B: (factors + 2, points).
        groups: factors in that order, with their parameters.
        seed: of the bootstrap.
    """
    from SALib.analyze import sobol

    problem = {"num_vars": len(groups), "names": list(groups), "bounds": [[0, 1]] * len(groups)}
    # centred here: an estimator that multiplies outcomes is poor for those far from zero
    told = sobol.analyze(
        problem,
        (values - values.mean()).T.ravel(),
        calc_second_order=False,
        num_resamples=RESAMPLES,
        seed=seed,
    )
    columns = zip(
        groups.items(), told["S1"], told["S1_conf"], told["ST"], told["ST_conf"], strict=True
    )
    out = [
        Index(factor, parameters, *(float(x) for x in numbers))
        for (factor, parameters), *numbers in columns
    ]
    return tuple(sorted(out, key=lambda one: -one.total))


def _keep_for(names: Sequence[str]) -> Keep:
    """The level of recording that has these outcomes; OutcomeError if none has."""
    from sim.ensemble.recording import layout

    for name in names:
        outcome(layout("all"), name)
    return "headline" if set(names) <= set(available(layout("headline"))) else "all"


def _is_open(scenario: Scenario, name: str) -> bool:
    return isinstance(scenario.parameters[name], Distribution)


def _second(seed: int) -> int:
    """Another seed, for the luck and the other parameters of B."""
    text = f"second points of seed {seed}".encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=7).digest(), "little")


def _points(
    chosen: Mapping[str, tuple[str, ...]], points: int, seed: int
) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """A and B in the unit cube, by parameter: a Sobol sequence for what is studied."""
    from scipy.stats import qmc

    names = [parameter.name for parameter in load_registry()]
    a, b = (parameter_points(one, names, 0, points) for one in (seed, _second(seed)))
    studied = [name for group in chosen.values() for name in group]
    both = qmc.Sobol(2 * len(studied), scramble=True, seed=np.random.default_rng(seed))
    even = np.clip(both.random(points), 2.0**-53, 1.0 - 2.0**-53)
    places = [names.index(name) for name in studied]
    a[:, places], b[:, places] = np.split(even, 2, axis=1)
    return dict(zip(names, a.T, strict=True)), dict(zip(names, b.T, strict=True))


def _calls(
    scenario: Scenario,
    names: Sequence[str],
    columns: Mapping[str, Floats],
    points: int,
    seed: int,
    when: When,
    engine: Engine,
    keep: Keep,
    slots: int,
) -> Iterator[Callable[[], Floats]]:
    """The work on some worlds at a time."""
    drawn = {
        p.name: p.quantile(scenario.parameters[p.name], columns[p.name]) for p in load_registry()
    }
    worlds = next(iter(columns.values())).size
    for start, stop in spans(0, worlds, BATCH, slots, TILE):
        given = {key: column[start:stop] for key, column in drawn.items()}
        yield partial(outcomes_of, scenario, names, given, start, points, seed, when, engine, keep)


def outcomes_of(
    scenario: Scenario,
    names: Sequence[str],
    given: Mapping[str, Floats],
    start: int,
    points: int,
    seed: int,
    when: When,
    engine: Engine,
    keep: Keep,
) -> Floats:
    """Outcomes in worlds whose parameters are given; world w meets the luck of point w % N."""
    count = next(iter(given.values())).size
    tile = run_tile(scenario, seed, points, start, count, engine, "unknown", keep, given=given)
    ds = gather(scenario, [tile], start, count, seed, points, engine, "unknown", keep)
    return np.stack([last_and_mean(ds, name)[when == "mean"] for name in names])
