"""Inverse transforms: from a uniform to a value, the same in every version of every library.

Only additions, multiplications, divisions, square roots, logarithms and exponentials of NumPy are
used, and SciPy's `betaincinv` for the beta distribution.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

type Array = NDArray[np.float64]

# Algorithm AS 241, routine PPND16 (Wichura 1988, Applied Statistics 37:477): rational
# approximations of the normal quantile to about one part in 10^16. Coefficients from the constant
# term upwards, numerator and denominator, for three regions of the probability.
_CENTRE = (
    (
        3.3871328727963666080,
        1.3314166789178437745e2,
        1.9715909503065514427e3,
        1.3731693765509461125e4,
        4.5921953931549871457e4,
        6.7265770927008700853e4,
        3.3430575583588128105e4,
        2.5090809287301226727e3,
    ),
    (
        1.0,
        4.2313330701600911252e1,
        6.8718700749205790830e2,
        5.3941960214247511077e3,
        2.1213794301586595867e4,
        3.9307895800092710610e4,
        2.8729085735721942674e4,
        5.2264952788528545610e3,
    ),
)
_NEAR_TAIL = (
    (
        1.42343711074968357734,
        4.63033784615654529590,
        5.76949722146069140550,
        3.64784832476320460504,
        1.27045825245236838258,
        2.41780725177450611770e-1,
        2.27238449892691845833e-2,
        7.74545014278341407640e-4,
    ),
    (
        1.0,
        2.05319162663775882187,
        1.67638483018380384940,
        6.89767334985100004550e-1,
        1.48103976427480074590e-1,
        1.51986665636164571966e-2,
        5.47593808499534494600e-4,
        1.05075007164441684324e-9,
    ),
)
_FAR_TAIL = (
    (
        6.65790464350110377720,
        5.46378491116411436990,
        1.78482653991729133580,
        2.96560571828504891230e-1,
        2.65321895265761230930e-2,
        1.24266094738807843860e-3,
        2.71155556874348757815e-5,
        2.01033439929228813265e-7,
    ),
    (
        1.0,
        5.99832206555887937690e-1,
        1.36929880922735805310e-1,
        1.48753612908506148525e-2,
        7.86869131145613259100e-4,
        1.84631831751005468180e-5,
        1.42151175831644588870e-7,
        2.04426310338993978564e-15,
    ),
)
# SciPy 1.18's `betaincinv` is NaN for some smaller probabilities; 53 random bits hardly give any.
_SMALLEST_BETA = 2.0**-53

_SPLIT_CENTRE = 0.425
_SPLIT_TAIL = 5.0


def _ratio(coefficients: tuple[tuple[float, ...], tuple[float, ...]], x: Array) -> Array:
    """Numerator over denominator, both by Horner's rule."""
    top, bottom = (np.full_like(x, c[-1]) for c in coefficients)
    for a, b in zip(coefficients[0][-2::-1], coefficients[1][-2::-1], strict=True):
        top = top * x + a
        bottom = bottom * x + b
    return top / bottom


def standard_normal(u: Array) -> Array:
    """Quantiles of the standard normal.

    Args:
        u: probabilities strictly between 0 and 1, any shape.

    Returns:
        Standard scores, in the shape of `u`, to about 1e-15.
    """
    q = u - 0.5
    centre = q * _ratio(_CENTRE, _SPLIT_CENTRE**2 - np.minimum(np.abs(q), _SPLIT_CENTRE) ** 2)
    r = np.sqrt(-np.log(np.minimum(u, 1.0 - u)))
    near = _ratio(_NEAR_TAIL, np.minimum(r, _SPLIT_TAIL) - 1.6)
    far = _ratio(_FAR_TAIL, np.maximum(r, _SPLIT_TAIL) - _SPLIT_TAIL)
    tail = np.copysign(np.where(r <= _SPLIT_TAIL, near, far), q)
    return np.where(np.abs(q) <= _SPLIT_CENTRE, centre, tail)


def ppf(kind: str, args: tuple[float, ...], u: Array) -> Array:
    """Quantiles of a distribution; see `sim.scenario.distributions.Distribution.ppf`."""
    u = np.asarray(u, dtype=np.float64)
    if not np.all((u > 0.0) & (u < 1.0)):
        raise ValueError("probabilities must lie strictly between 0 and 1")
    match kind:
        case "normal":
            mean, sd = args
            return mean + sd * standard_normal(u)
        case "lognormal":
            median, sigma = args
            return median * np.exp(sigma * standard_normal(u))
        case "uniform":
            low, high = args
            return np.minimum(low + u * (high - low), high)
        case "triangular":
            low, mode, high = args
            return _triangular(low, mode, high, u)
        case "beta":
            from scipy.special import betaincinv

            a, b = args
            return np.asarray(betaincinv(a, b, np.maximum(u, _SMALLEST_BETA)), dtype=np.float64)
        case "choice":
            values = np.asarray(args)
            return values[np.minimum((u * len(args)).astype(np.int64), len(args) - 1)]
        case "quantiles":
            return _between(np.asarray(args), u)
        case _:
            raise ValueError(f"unknown distribution {kind!r}")


def _between(values: Array, u: Array) -> Array:
    """Linear between values at equal steps of probability."""
    steps = u * (len(values) - 1)
    below = np.minimum(steps.astype(np.int64), len(values) - 2)
    low, high = values[below], values[below + 1]
    # rounding must not carry a draw beyond the next value
    return np.clip(low + (steps - below) * (high - low), low, high)


def _triangular(low: float, mode: float, high: float, u: Array) -> Array:
    """Square-root law on either side of the mode."""
    width = high - low
    rising = low + np.sqrt(u * width * (mode - low))
    falling = high - np.sqrt((1.0 - u) * width * (high - mode))
    # Rounding must not carry a draw across the mode or an end.
    rising = np.clip(rising, low, mode)
    falling = np.clip(falling, mode, high)
    return np.where(u * width <= mode - low, rising, falling)
