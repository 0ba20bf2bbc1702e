"""What a scenario may write in place of a number: a distribution of what we do not know.

Draws are made from uniforms through our own inverse transforms (`sim.scenario.quantiles`), since
generators promise nothing across versions (docs/format.md, "Draws"). A quantile function also keeps
worlds paired: the same uniform under a wider distribution stays on the same side of the median.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.scenario.problems import did_you_mean, echo, listing

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ARGUMENTS: dict[str, tuple[str, ...]] = {
    "normal": ("mean", "sd"),
    "lognormal": ("median", "sigma"),
    "uniform": ("low", "high"),
    "triangular": ("low", "mode", "high"),
    "beta": ("a", "b"),
    "choice": (),
    "quantiles": (),
}
"""Kind -> names of its arguments, in order; `choice` and `quantiles` take two or more values."""

POSITIVE = ("sd", "sigma", "median", "a", "b")
"""Arguments that must be above 0."""

# Beyond these the transforms would overflow.
_LARGEST = 1e100
_WIDEST_SIGMA = 10.0


@dataclass(frozen=True)
class Distribution:
    """A distribution over numbers.

    Attributes:
        kind: one of `ARGUMENTS`.
        args: its arguments in that order. `sigma` of a log-normal is the standard deviation of the
            logarithm. The values of a choice are equally likely, one written twice counts twice;
            they are kept sorted. Those of quantiles stand at equal steps of probability, from the
            lowest value to the highest, and it is linear in between.

    Raises:
        ValueError: an unknown kind, or arguments that define no distribution.
    """

    kind: str
    args: tuple[float, ...]

    def __post_init__(self) -> None:
        if self.kind not in ARGUMENTS:
            known = f"; known are {listing(list(ARGUMENTS), 'and')}"
            hint = did_you_mean(self.kind, ARGUMENTS) or known
            raise ValueError(f"unknown distribution {echo(self.kind)}{hint}")
        args = tuple(float(a) for a in self.args)
        if self.kind == "choice":
            args = tuple(sorted(args))
        object.__setattr__(self, "args", args)
        _check(self.kind, args)

    @property
    def support(self) -> tuple[float, float]:
        """Lowest and highest value it can take; infinite for a normal."""
        if self.kind == "normal":
            return (-math.inf, math.inf)
        if self.kind == "lognormal":
            return (0.0, math.inf)
        if self.kind == "beta":
            return (0.0, 1.0)
        return (self.args[0], self.args[-1])

    @property
    def median(self) -> float:
        """The value at probability one half."""
        import numpy as np

        return float(self.ppf(np.array([0.5]))[0])

    def mean(self) -> float:
        """The expected value."""
        a = self.args
        match self.kind:
            case "normal":
                return a[0]
            case "lognormal":
                return a[0] * math.exp(a[1] ** 2 / 2)
            case "beta":
                return a[0] / (a[0] + a[1])
            case "quantiles":
                return math.fsum(a + a[1:-1]) / (2 * len(a) - 2)
            case _:  # uniform and triangular alike are symmetric in their arguments
                return math.fsum(a) / len(a)

    def ppf(self, u: NDArray[np.float64]) -> NDArray[np.float64]:
        """The quantile function, never falling in `u`.

        Args:
            u: probabilities strictly between 0 and 1, any shape.

        Returns:
            The values at these probabilities, in the shape of `u`.

        Raises:
            ValueError: a probability outside (0, 1).
        """
        from sim.scenario import quantiles

        return quantiles.ppf(self.kind, self.args, u)

    def describe(self) -> str:
        """In words, such as `between 0.2 and 0.9, most likely 0.5`."""
        a = [f"{x:g}" for x in self.args]
        match self.kind:
            case "normal":
                return f"normal around {a[0]}, standard deviation {a[1]}"
            case "lognormal":
                return f"log-normal, median {a[0]}, sigma {a[1]}"
            case "uniform":
                return f"between {a[0]} and {a[1]}, all equally likely"
            case "triangular":
                return f"between {a[0]} and {a[2]}, most likely {a[1]}"
            case "beta":
                return f"beta on 0 to 1 with a = {a[0]}, b = {a[1]}"
            case "quantiles":
                middle = f"{self.median:g}"
                return f"between {a[0]} and {a[-1]}, median {middle}, by quantiles"
            case _:
                return f"one of {listing(a)}"

    def as_yaml(self) -> dict[str, list[float]]:
        """As it is written in a scenario: `{kind: [arguments]}`."""
        return {self.kind: list(self.args)}

    def __str__(self) -> str:
        return f"{self.kind}({', '.join(f'{x:g}' for x in self.args)})"


def _check(kind: str, args: tuple[float, ...]) -> None:
    """Raises ValueError unless the arguments define a distribution of this kind."""
    names = ARGUMENTS[kind]
    if not names:
        if len(args) < 2:
            raise ValueError(f"{kind} takes two or more values")
    elif len(args) != len(names):
        raise ValueError(f"{kind} takes [{', '.join(names)}], {len(args)} given")
    for name, value in zip(names or ("a value",) * len(args), args, strict=True):
        if not abs(value) <= _LARGEST:
            raise ValueError(f"{name} of {kind} must be a finite number, not {value:g}")
    given = dict(zip(names, args, strict=False))
    for name in POSITIVE:
        if given.get(name, 1.0) <= 0:
            raise ValueError(f"{name} of {kind} must be above 0, {given[name]:g} is not")
    if given.get("sigma", 0.0) > _WIDEST_SIGMA:
        raise ValueError(
            f"sigma of lognormal is the standard deviation of the logarithm; {given['sigma']:g} "
            f"is more than {_WIDEST_SIGMA:g}, beyond anything measurable"
        )
    if "low" in given:
        low, high = given["low"], given["high"]
        if low >= high:
            hint = "for a fixed value write the number" if low == high else "swap them"
            raise ValueError(f"low {low:g} of {kind} is not below high {high:g}; {hint}")
        if not low <= given.get("mode", low) <= high:
            raise ValueError(f"mode {given['mode']:g} lies outside {low:g} to {high:g}")
    elif not names and args[0] == args[-1]:
        raise ValueError(f"all values of {kind} are the same; write the number")
    if kind == "quantiles" and list(args) != sorted(args):
        raise ValueError("the values of quantiles must not fall; write them from low to high")
