"""Every number of the model, with where it comes from: the parameter registry `seeds/priors.yaml`.

A parameter's name is the key of its draws, so that a new one shifts nobody else's, and a name is
never given to another quantity (docs/format.md, "A draw is a function of its meaning").
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sim.scenario.distributions import Distribution
from sim.scenario.problems import Problem, ScenarioError, did_you_mean, echo, listing
from sim.scenario.source import KeyPath, Plain, Source, read_file, where_of
from sim.scenario.values import Value, read_value

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CLAIMS = tuple(f"C{number:02d}" for number in range(1, 24))
"""The article's claims, C01 to C23."""

_NAME = re.compile(
    r"(actors\.[a-z]\w*\.(incentives\.[a-z]\w*|[a-z]\w*)|(world|initial)(\.[a-z]\w*)+)"
)
_RESERVED = re.compile(r"actors\.\w+\.(plays|incentives)")
_MODULE = re.compile(r"(agents|sim)(\.[a-z_]\w*)+", re.IGNORECASE)
_REQUIRED = ("name", "prior", "unit", "bounds", "meaning", "origin", "used_by")
_OPTIONAL = ("neutral", "reference")
_ORIGINS = ("claim", "figure", "assumption")


@dataclass(frozen=True)
class Origin:
    """Where a number comes from: exactly one of the three is given.

    Attributes:
        claims: claims of the article that it puts into numbers.
        figures: rows of `seeds/figures.csv` it is taken from.
        assumption: why it was assumed, in a sentence.
    """

    claims: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    assumption: str = ""

    @property
    def kind(self) -> str:
        """`claim`, `figure` or `assumption`."""
        return "claim" if self.claims else "figure" if self.figures else "assumption"

    def __str__(self) -> str:
        return ", ".join(self.claims or self.figures) or self.assumption


@dataclass(frozen=True)
class Parameter:
    """One number of the model.

    Attributes:
        name: its dotted path in scenario files.
        prior: a number, or a distribution of what we do not know about it.
        unit: of the number.
        low: smallest value that makes sense.
        high: largest value that makes sense.
        meaning: what it stands for.
        origin: where it comes from.
        neutral: its value when a claim it rests on is switched off; None unless it rests on one.
        used_by: dotted module of the mechanism that reads it.
        reference: publication behind it, or nothing.
    """

    name: str
    prior: Value
    unit: str
    low: float
    high: float
    meaning: str
    origin: Origin
    neutral: float | None
    used_by: str
    reference: str = ""

    @property
    def claims(self) -> tuple[str, ...]:
        """Claims it rests on; switching any of them off makes it neutral."""
        return self.origin.claims

    def trouble(self, value: Value) -> str:
        """Why a value lies outside the bounds; nothing if it does not.

        An unbounded distribution must have its median inside: draws beyond the bounds are moved to
        them (see `quantile`), so a median outside would make most worlds alike.
        """
        bounds = f"{self.low:g} to {self.high:g} ({self.unit})"
        if not isinstance(value, Distribution):
            return "" if self.low <= value <= self.high else f"{value:g} lies outside {bounds}"
        low, high = value.support
        if value.kind in ("normal", "lognormal"):
            middle = value.args[0]
            if not self.low <= middle <= self.high:
                return f"the median {middle:g} of {value} lies outside {bounds}"
        elif low < self.low or high > self.high:
            return f"{value} reaches outside {bounds}"
        return ""

    def quantile(self, value: Value, u: NDArray[np.float64]) -> NDArray[np.float64]:
        """Draws of this parameter; those beyond its bounds are moved to them.

        Args:
            value: what a scenario says of it.
            u: uniforms strictly between 0 and 1, any shape.

        Returns:
            Values in the shape of `u`.
        """
        import numpy as np

        if isinstance(value, Distribution):
            return np.clip(value.ppf(u), self.low, self.high)
        return np.full(np.shape(u), value)


def _packaged(inside: str, checkout: str) -> Path:
    package = Path(__file__).resolve().parents[1]
    installed = package / inside
    return installed if installed.is_dir() else package.parent / checkout


def seeds_path() -> Path:
    """The folder `seeds/`, in a checkout or in an installed package."""
    return _packaged("_seeds", "seeds")


def scenarios_path() -> Path:
    """The folder `scenarios/`, in a checkout or in an installed package."""
    return _packaged("_scenarios", "scenarios")


@cache
def load_registry(path: Path | None = None) -> tuple[Parameter, ...]:
    """Every parameter, in the order of the registry.

    Args:
        path: a registry file; the project's own `seeds/priors.yaml` when left out.

    Raises:
        ScenarioError: the registry is not well formed, with every problem in it.
    """
    file = path or seeds_path() / "priors.yaml"
    return _Reader(read_file(file, shown_from_here(file))).parameters()


def shown_from_here(path: Path) -> str:
    """A path as short as it can be said from here."""
    try:
        return str(path.relative_to(Path.cwd()))
    except (OSError, ValueError):
        return str(path)


class _Reader:
    """Turns a registry file into parameters and collects what is wrong with it."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.problems: list[Problem] = list(source.problems)

    def parameters(self) -> tuple[Parameter, ...]:
        document = self.source.value
        if not isinstance(document, dict) or set(document) != {"parameters"}:
            self._say((), 'a registry has one key, "parameters"', where="file")
        elif not isinstance(document["parameters"], list) or not document["parameters"]:
            self._say(("parameters",), "a list of parameters is needed")
        else:
            entries = document["parameters"]
            found = [self._entry(entry, ("parameters", i)) for i, entry in enumerate(entries)]
            self._check_names(found)
            if not self.problems:
                return tuple(p for p in found if p is not None)
        raise ScenarioError(sorted(self.problems, key=lambda p: (p.line, p.column)))

    def _say(self, path: KeyPath, message: str, where: str = "", key: bool = False) -> None:
        place = self.source.key(*path) if key else self.source.at(*path)
        self.problems.append(Problem.at(place, where or self._where(path), message))

    def _where(self, path: KeyPath) -> str:
        """`parameters[3] (world.oil).bounds`: the number alone would say little."""
        if len(path) < 2:
            return where_of(path)
        entry = self.source.value["parameters"][path[1]]
        name = entry.get("name") if isinstance(entry, dict) else None
        head = where_of(path[:2]) + (f" ({name})" if isinstance(name, str) else "")
        return where_of((head, *path[2:]))

    def _check_names(self, found: list[Parameter | None]) -> None:
        first: dict[str, int] = {}
        for i, parameter in enumerate(found):
            if parameter is None:
                continue
            path = ("parameters", i, "name")
            if parameter.name in first:
                line = self.source.key("parameters", first[parameter.name]).line
                self._say(path, f"already in the registry, line {line}")
            first.setdefault(parameter.name, i)
        for name, i in first.items():
            inside = next((other for other in first if other.startswith(f"{name}.")), None)
            if inside is not None:
                self._say(("parameters", i, "name"), f"cannot hold a value and also {inside}")

    def _entry(self, entry: Plain, path: KeyPath) -> Parameter | None:
        before = len(self.problems)
        if not isinstance(entry, dict):
            self._say(path, f"a parameter is a mapping, not {echo(entry)}")
            return None
        known = (*_REQUIRED, *_OPTIONAL)
        for key in entry:
            if key not in known:
                self._say((*path, key), f"unknown key{did_you_mean(key, known)}", key=True)
        for key in _REQUIRED:
            if key not in entry:
                self._say(path, f"{key} is missing")
        name = self._text(entry, path, "name")
        if name and (not _NAME.fullmatch(name) or _RESERVED.fullmatch(name)):
            self._say(
                (*path, "name"),
                "a name is actors.ACTOR.incentives.NAME, actors.ACTOR.NAME, world.NAME or "
                "initial.NAME",
            )
        used_by = self._text(entry, path, "used_by")
        if used_by and not _MODULE.fullmatch(used_by):
            self._say((*path, "used_by"), "a dotted module is needed, such as sim.world.war")
        origin = self._origin(entry, path)
        low, high = self._bounds(entry, path)
        prior = read_value(entry["prior"]) if "prior" in entry else 0.0
        if isinstance(prior, str):
            self._say((*path, "prior"), prior)
        if len(self.problems) > before:
            return None
        assert not isinstance(prior, str)
        parameter = Parameter(
            name=name,
            prior=prior,
            unit=self._text(entry, path, "unit"),
            low=low,
            high=high,
            meaning=self._text(entry, path, "meaning"),
            origin=origin,
            neutral=self._neutral(entry, path, origin),
            used_by=used_by,
            reference=self._text(entry, path, "reference"),
        )
        self._check_bounds(parameter, path)
        return parameter if len(self.problems) == before else None

    def _text(self, entry: dict[str, Plain], path: KeyPath, key: str) -> str:
        value = entry.get(key, "")
        if key in entry and (not isinstance(value, str) or not value.strip()):
            self._say((*path, key), f"text is needed, not {echo(value)}")
            return ""
        return str(value)

    def _bounds(self, entry: dict[str, Plain], path: KeyPath) -> tuple[float, float]:
        match entry.get("bounds", [0, 1]):
            case [bool(), _] | [_, bool()]:
                pass
            case [int() | float() as low, int() | float() as high] if low < high:
                return float(low), float(high)
        self._say((*path, "bounds"), "two numbers are needed, [low, high], low below high")
        return -math.inf, math.inf

    def _origin(self, entry: dict[str, Plain], path: KeyPath) -> Origin:
        value, here = entry.get("origin"), (*path, "origin")
        if "origin" not in entry:
            return Origin()
        if not isinstance(value, dict) or len(value) != 1 or not set(value) <= set(_ORIGINS):
            self._say(here, f"exactly one of {listing(_ORIGINS)} is needed, as a mapping")
            return Origin()
        [(kind, content)] = value.items()
        given = content if isinstance(content, list) and kind != "assumption" else [content]
        words = [word for word in given if isinstance(word, str) and word.strip()]
        if not words or len(words) < len(given):
            self._say((*here, kind), "text is needed, or a list of names")
            return Origin()
        if kind == "assumption":
            return Origin(assumption=words[0])
        for claim in words if kind == "claim" else ():
            if claim not in CLAIMS:
                self._say((*here, kind), f"{echo(claim)} is no claim; they are C01 to C23")
        return Origin(claims=tuple(words)) if kind == "claim" else Origin(figures=tuple(words))

    def _neutral(self, entry: dict[str, Plain], path: KeyPath, origin: Origin) -> float | None:
        if origin.kind != "claim":
            if "neutral" in entry:
                self._say((*path, "neutral"), "only a parameter that rests on a claim has one")
            return None
        if "neutral" not in entry:
            self._say(path, "neutral is missing: the value when the claim is switched off")
            return None
        value = read_value(entry["neutral"])
        if isinstance(value, (str, Distribution)):
            self._say((*path, "neutral"), value if isinstance(value, str) else "a number is needed")
            return None
        return value

    def _check_bounds(self, parameter: Parameter, path: KeyPath) -> None:
        if trouble := parameter.trouble(parameter.prior):
            self._say((*path, "prior"), trouble)
        if parameter.neutral is not None and (trouble := parameter.trouble(parameter.neutral)):
            self._say((*path, "neutral"), trouble)
