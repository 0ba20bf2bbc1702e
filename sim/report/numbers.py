"""Numbers as people read them: few digits, a true minus, counts out of a hundred.

No digit is finer than the Monte Carlo error of the number that it belongs to. The one exception
keeps a statement whole: where such rounding would turn a change into 0 or an interval into a point,
one more digit is shown. What rounds to zero and is not zero keeps its sign, as "−<0.001": below
nothing, by less than the last digit shown.
"""

import math
from typing import Final

MINUS: Final = "−"
NOTHING: Final = "–"


def decimals(error: float | None, *values: float) -> int:
    """Decimals to show, negative for tens and hundreds.

    Args:
        error: Monte Carlo standard error. Without one, two significant digits of the largest value
            are kept; with an error of 0, three.
        *values: the numbers to be shown. The leading digit of the largest always is.
    """
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    leading = -math.floor(math.log10(largest)) if largest > 0 else None
    if error is not None and error > 0 and math.isfinite(error):
        allowed = -math.ceil(math.log10(error) - 1e-9)
        return allowed if leading is None else max(allowed, leading)
    if leading is None:
        return 0
    return leading + (1 if error is None else 2)


def number(value: float | None, places: int) -> str:
    """A number with so many decimals and a true minus; "0" if exactly so, a dash if none."""
    if value is None or math.isnan(value):
        return NOTHING
    if value == 0:
        return "0"
    rounded = round(value, places)
    if rounded == 0 and value < 0:
        return f"{MINUS}<{_last_digit(places)}"
    text = f"{abs(rounded):,.{max(places, 0)}f}"
    return f"{MINUS}{text}" if rounded < 0 else text


def _last_digit(places: int) -> str:
    """One of the last digit that is shown: "0.001", "1", "100"."""
    return f"{10.0**-places:,.{max(places, 0)}f}"


def significant(value: float, digits: int = 5) -> float:
    """A number cut to so many significant digits, which is more than a picture can show."""
    return float(f"{value:.{digits - 1}e}")


def signed(value: float | None, places: int) -> str:
    """A change: its sign always in front, none on an exact zero."""
    if value is None or math.isnan(value) or value <= 0:
        return number(value, places)
    if round(value, places) == 0:
        return f"+<{_last_digit(places)}"
    return f"+{number(value, places)}"


def interval(low: float | None, high: float | None, places: int, *, sign: bool = False) -> str:
    """An interval in words: "0.05 to 0.31"."""
    if low is None or high is None or math.isnan(low) or math.isnan(high):
        return NOTHING
    show = signed if sign else number
    return f"{show(low, places)} to {show(high, places)}"


def at_most_two_digits(places: int, *values: float) -> int:
    """Decimals, cut to two significant digits of the largest of the values."""
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    return places if largest == 0 else min(places, 1 - math.floor(math.log10(largest)))


def change_decimals(error: float | None, value: float, low: float, high: float) -> int:
    """Decimals for a change and its interval: one more where rounding would hide either."""
    places = decimals(error, value, low, high)
    vanished = low != high and round(low, places) == round(high, places)
    excluded = low > 0 or high < 0
    touching = excluded and 0 in (round(value, places), round(low, places), round(high, places))
    return places + 1 if vanished or touching else places


def of_100(share: float | None) -> str:
    """A share as a count out of a hundred: "29", "<1", ">99"; "0" and "100" only if exact."""
    if share is None or math.isnan(share):
        return NOTHING
    if 0 < share < 0.01:
        return "<1"
    if 0.99 < share < 1:
        return ">99"
    return f"{share * 100:.0f}"


def worlds_words(count: int) -> str:
    """So many worlds: "1 world", "1,024 worlds"."""
    return f"{count:,} world{'' if count == 1 else 's'}"


def of_worlds(share: float | None, worlds: int) -> str:
    """A share of worlds in words: "29 of 100", or the bare count of fewer than a hundred."""
    if share is None or math.isnan(share):
        return NOTHING
    if worlds < 100:
        return f"{round(share * worlds)} of {worlds}"
    return f"{of_100(share)} of 100"


def percent(share: float | None, error: float | None) -> str:
    """A share as a percentage: whole percents, or tens where its error is above ten percent."""
    if share is None:
        return NOTHING
    return f"{round(share * 100, -1 if error is not None and error > 0.1 else 0):.0f}"


def listed(words: list[str]) -> str:
    """Words in a row: "a", "a and b", "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
