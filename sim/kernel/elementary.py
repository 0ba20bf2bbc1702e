"""Logarithm, exponential and power from the four operations, for every engine the same.

Libraries differ in the last digit of these, and between processors. Spelt out in additions,
multiplications and a division, which are exact everywhere, they have the same bits in NumPy and in
compiled code. Method and coefficients are those of fdlibm (Sun Microsystems, 1993) and of its
single-precision descendant; errors stay below two units in the last place for a logarithm or an
exponential, and grow with the logarithm of the result for a power.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np


class Arithmetic[V](Protocol):
    """What an engine offers: exact operations on its own kind of value.

    Integers have the width of the numbers. `into` names a value that is no longer needed and may be
    written over.
    """

    def constant(self, value: float) -> V:
        """A number, everywhere the same."""

    def integer(self, value: int) -> V:
        """A whole number, everywhere the same."""

    def add(self, a: V, b: V, into: V | None = None) -> V:
        """Sum of numbers."""

    def subtract(self, a: V, b: V, into: V | None = None) -> V:
        """Difference of numbers."""

    def multiply(self, a: V, b: V, into: V | None = None) -> V:
        """Product of numbers."""

    def divide(self, a: V, b: V, into: V | None = None) -> V:
        """Quotient of numbers."""

    def clip(self, a: V, low: V, high: V, into: V | None = None) -> V:
        """A number within bounds."""

    def positive(self, a: V, value: V, into: V | None = None) -> V:
        """The value where a > 0, otherwise 0."""

    def bits(self, a: V) -> V:
        """The same bits as an integer."""

    def from_bits(self, a: V) -> V:
        """The same bits as a number."""

    def add_integers(self, a: V, b: V, into: V | None = None) -> V:
        """Sum of integers, overflow dropped."""

    def subtract_integers(self, a: V, b: V, into: V | None = None) -> V:
        """Difference of integers, overflow dropped."""

    def both_bits(self, a: V, b: V, into: V | None = None) -> V:
        """Bits set in both integers."""

    def shift_left(self, a: V, by: V, into: V | None = None) -> V:
        """An integer moved towards its high end."""

    def shift_right(self, a: V, by: V, into: V | None = None) -> V:
        """An integer moved towards its low end, its sign kept."""

    def to_number(self, a: V, into: V | None = None) -> V:
        """An integer as the number it stands for."""


@dataclass(frozen=True)
class _Format:
    """A precision: where the bits are, and coefficients good enough for it."""

    mantissa: int  # bits of the fraction
    root_half: int  # bits of sqrt(1/2)
    exponent: int  # mask of sign and exponent
    smallest: float  # smallest normal number
    widest: float  # largest argument of an exponential
    ln2: tuple[float, float]  # in two parts, the first short enough to be multiplied exactly
    logarithm: tuple[float, ...]
    exponential: tuple[float, ...]


_SINGLE = _Format(
    mantissa=23,
    root_half=0x3F3504F3,
    exponent=-(1 << 23),
    smallest=float(np.finfo(np.float32).tiny),
    widest=86.0,
    ln2=(6.9313812256e-01, 9.0580006145e-06),
    logarithm=(0.66666662693, 0.40000972152, 0.28498786688, 0.24279078841),
    exponential=(1.6666625440e-1, -2.7667332906e-3),
)
_DOUBLE = _Format(
    mantissa=52,
    root_half=0x3FE6A09E667F3BCD,
    exponent=-(1 << 52),
    smallest=float(np.finfo(np.float64).tiny),
    widest=700.0,
    ln2=(6.93147180369123816490e-01, 1.90821492927058770002e-10),
    logarithm=(
        6.666666666666735130e-01,
        3.999999999940941908e-01,
        2.857142874366239149e-01,
        2.222219843214978396e-01,
        1.818357216161805012e-01,
        1.531383769920937332e-01,
        1.479819860511658591e-01,
    ),
    exponential=(
        1.66666666666666019037e-01,
        -2.77777777770155933842e-03,
        6.61375632143793436117e-05,
        -1.65339022054652515390e-06,
        4.13813679705723846039e-08,
    ),
)


def _format(precision: type[np.floating[Any]]) -> _Format:
    return _SINGLE if precision is np.float32 else _DOUBLE


def logarithm[V](do: Arithmetic[V], x: V, precision: type[np.floating[Any]]) -> V:
    """Natural logarithm of a normal number above 0."""
    f = _format(precision)
    bits = do.bits(x)
    above = do.subtract_integers(bits, do.integer(f.root_half))
    scale = do.both_bits(above, do.integer(f.exponent))
    reduced = do.from_bits(do.subtract_integers(bits, scale, into=scale))
    power = do.to_number(do.shift_right(above, do.integer(f.mantissa), into=above), into=above)
    rest = do.subtract(reduced, do.constant(1.0), into=reduced)  # x = 2^power (1 + rest)
    s = do.add(rest, do.constant(2.0))
    s = do.divide(rest, s, into=s)
    z = do.multiply(s, s)
    series = _horner(do, z, f.logarithm)
    series = do.multiply(series, z, into=series)
    half = do.multiply(rest, rest, into=z)
    half = do.multiply(half, do.constant(0.5), into=half)
    series = do.add(series, half, into=series)
    series = do.multiply(series, s, into=series)
    low = do.multiply(power, do.constant(f.ln2[1]), into=s)
    series = do.add(series, low, into=series)
    series = do.subtract(half, series, into=series)
    series = do.subtract(rest, series, into=series)
    high = do.multiply(power, do.constant(f.ln2[0]), into=half)
    return do.add(series, high, into=series)


def exponential[V](do: Arithmetic[V], x: V, precision: type[np.floating[Any]]) -> V:
    """E to the power x; arguments beyond what can be written are taken to the edge."""
    f = _format(precision)
    x = do.clip(x, do.constant(-f.widest), do.constant(f.widest))
    magic = do.constant(1.5 * 2.0**f.mantissa)  # adding it rounds to a whole number
    whole = do.multiply(x, do.constant(1.0 / np.log(2.0)))
    whole = do.add(whole, magic, into=whole)
    power = do.subtract(whole, magic)
    high = do.multiply(power, do.constant(f.ln2[0]))
    r = do.subtract(x, high, into=x)
    low = do.multiply(power, do.constant(f.ln2[1]), into=power)
    r = do.subtract(r, low, into=r)
    t = do.multiply(r, r, into=high)
    c = _horner(do, t, f.exponential)
    c = do.multiply(c, t, into=c)
    c = do.subtract(r, c, into=c)
    two = do.subtract(do.constant(2.0), c, into=t)
    c = do.multiply(c, r, into=c)
    c = do.divide(c, two, into=c)
    c = do.add(c, r, into=c)
    c = do.add(c, do.constant(1.0), into=c)
    shifted = do.shift_left(do.bits(whole), do.integer(f.mantissa), into=whole)
    return do.from_bits(do.add_integers(do.bits(c), shifted, into=c))


def power[V](do: Arithmetic[V], x: V, y: V, precision: type[np.floating[Any]]) -> V:
    """X to the power y for x >= 0 and y > 0, or x > 0."""
    f = _format(precision)
    base = do.clip(x, do.constant(f.smallest), do.constant(np.inf))
    log = logarithm(do, base, precision)
    log = do.multiply(log, y, into=log)
    return do.positive(x, exponential(do, log, precision))


def log_of_one_more[V](do: Arithmetic[V], x: V, precision: type[np.floating[Any]]) -> V:
    """log(1 + x) for x > -1, its absolute error that of 1 + x."""
    return logarithm(do, do.add(x, do.constant(1.0)), precision)


def _horner[V](do: Arithmetic[V], x: V, coefficients: tuple[float, ...]) -> V:
    """Polynomial with the lowest coefficient first."""
    *rest, last = coefficients
    total = do.multiply(x, do.constant(last))
    total = do.add(total, do.constant(rest[-1]), into=total)
    for coefficient in reversed(rest[:-1]):
        total = do.multiply(total, x, into=total)
        total = do.add(total, do.constant(coefficient), into=total)
    return total
