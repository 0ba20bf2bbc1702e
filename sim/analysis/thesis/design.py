"""What is run to test the hypotheses: `seeds/thesis.yaml`, read and checked.

Thresholds of the verdicts are in `seeds/hypotheses.yaml`. Nothing here has a number of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sim.analysis.claims import load_hypotheses
from sim.ensemble.families import ending_after
from sim.ensemble.identity import digest
from sim.scenario import load_scenario
from sim.scenario.posteriors import PRIORS
from sim.scenario.registry import seeds_path

if TYPE_CHECKING:
    from sim.ensemble.levels import Keep
    from sim.scenario import Scenario

_GROUPS = ("actors", "world", "initial", "claims")


class DesignError(ValueError):
    """A design file that cannot be used; the message says why."""


@dataclass(frozen=True)
class Arm:
    """One scenario run over all sets of a design.

    Attributes:
        scenario: what is run.
        sets: parameter sets.
        draws: worlds per set.
        keep: what is recorded.
    """

    scenario: Scenario
    sets: int
    draws: int
    keep: Keep

    @property
    def worlds(self) -> int:
        """All worlds."""
        return self.sets * self.draws


@dataclass(frozen=True)
class Family:
    """Arms that differ only in when the war is made to end.

    Attributes:
        arm: what they share.
        ends: lengths of the war in months.
    """

    arm: Arm
    ends: tuple[int, ...]

    @property
    def arms(self) -> dict[int, Arm]:
        """Length of the war -> its arm."""
        return {
            end: replace(self.arm, scenario=ending_after(self.arm.scenario, end))
            for end in self.ends
        }


@dataclass(frozen=True)
class Design:
    """How one hypothesis is tested.

    Attributes:
        id: H1 to H6.
        plan: its entry in the design file.
        rule: its entry in the file of hypotheses.
        scenario: name of the scenario that everything starts from.
        confidence: within a set.
        terminal_from: months at a run's end whose mean flow goes on.
        flips: how it is looked for where a verdict flips.
        source: where parameters come from that no scenario writes; verdicts stand on the priors.
    """

    id: str
    plan: Mapping[str, Any]
    rule: Mapping[str, Any]
    scenario: str
    confidence: float
    terminal_from: int
    flips: Mapping[str, Any]
    source: str = PRIORS

    def arm(self, overrides: Mapping[str, Any] | None = None, scenario: str = "") -> Arm:
        """A scenario over all sets, with something changed.

        Args:
            overrides: settings by dotted name; a lever as `actor.lever` is held at a level.
            scenario: another than the one everything starts from.
        """
        months = self.plan["months"]
        base = load_scenario(scenario or self.scenario)
        settings: dict[str, Any] = {} if base.months == months else {"months": months}
        if self.source != PRIORS:
            settings["parameters.source"] = self.source
        for name, value in (overrides or {}).items():
            head, _, lever = name.partition(".")
            if lever and head not in _GROUPS:
                move = {"actor": head, "from": str(base.start), "lever": lever, "level": value}
                settings.setdefault("moves", []).append(move)
            elif name == "shock":
                shock = {key: size for key, size in value.items() if key != "at"}
                settings["events"] = [{"at": value["at"], "shock": shock}]
            else:
                settings[name] = value
        return Arm(
            load_scenario(scenario or self.scenario, settings) if settings else base,
            self.plan["sets"],
            self.plan["draws"],
            cast("Keep", self.plan["measure"]),
        )

    def grid(self) -> Iterator[tuple[tuple[str, ...], Arm]]:
        """Every point of a grid: the level of each axis, and what is run there."""
        axes = self.plan["grid"]
        for levels in product(*(axis.items() for axis in axes.values())):
            settings: dict[str, Any] = {}
            for _, change in levels:
                settings |= change
            yield tuple(name for name, _ in levels), self.arm(settings)

    def family(self, variant: str) -> Family:
        """The arms of one structural variant."""
        return Family(self.arm(self.plan["variants"][variant]), tuple(self.plan["ends"]))


@dataclass(frozen=True)
class Thesis:
    """Everything that is run.

    Attributes:
        seed: of all chance and of the sets.
        designs: id of a hypothesis -> its design.
        digest: fingerprint of the design and of the hypotheses as read.
        source: where parameters come from that no scenario writes.
    """

    seed: int
    designs: Mapping[str, Design]
    digest: str
    source: str = PRIORS

    def under(self, source: str) -> Thesis:
        """The same designs with parameters from another source, one of `posteriors.sources()`.

        What is asked and when a verdict counts stays as it is.
        """
        designs = {name: replace(one, source=source) for name, one in self.designs.items()}
        return replace(self, designs=designs, source=source)


@cache
def load_thesis(path: Path | None = None) -> Thesis:
    """The designs of all hypotheses.

    Args:
        path: a design file; the project's own when left out.

    Raises:
        DesignError: it lacks something, or does not fit the hypotheses.
    """
    from ruamel.yaml import YAML

    file = path or seeds_path() / "thesis.yaml"
    document = YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))
    hypotheses = load_hypotheses()
    try:
        designs = {
            name: Design(
                name,
                plan,
                hypotheses[name].rule,
                document["scenario"],
                document["confidence"],
                document["terminal_from_months"],
                document["flips"],
            )
            for name, plan in document["designs"].items()
        }
        _check(designs)
        rules = {name: dict(one.rule) for name, one in hypotheses.items()}
        return Thesis(document["seed"], designs, digest([_plain(document), _plain(rules)]))
    except KeyError as error:
        raise DesignError(f"{file.name}: {error.args[0]} is missing or unknown") from None


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever YAML holds
    """The same with dates and the like as text, as JSON has them."""
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value if isinstance(value, str | int | float | None) else str(value)


def _check(designs: Mapping[str, Design]) -> None:
    for design in designs.values():
        for key in ("sets", "draws", "months"):
            if not isinstance(design.plan[key], int) or design.plan[key] < 1:
                raise DesignError(f"{design.id}: {key} must be a whole number above 0")
    if "H3" in designs:
        three = designs["H3"]
        longest = three.rule["longest_end"]
        if max(three.plan["ends"]) > longest:
            raise DesignError(f"H3: the war ends after {longest} months at the latest")
        if three.plan["months"] < three.rule["horizon_multiple"] * longest:
            raise DesignError("H3: the horizon is too short for the longest end")
        wanted = {variant["id"] for variant in three.rule["variants"]}
        if wanted != set(three.plan["variants"]):
            raise DesignError("H3: its variants are not those of the hypothesis")
