"""A setting's value: a number, or a distribution of what we do not know."""

from __future__ import annotations

import math
import re

from sim.scenario.distributions import ARGUMENTS, Distribution
from sim.scenario.problems import echo, listing

_CALL = re.compile(r"([a-z]{1,20})\(([-0-9., ]{1,50})\)")
_DECIMAL = re.compile(r"-?[0-9]{1,10}([.,][0-9]{1,10})?")

type Value = float | Distribution


def read_value(written: object) -> Value | str:
    """A number or distribution as written in YAML.

    Args:
        written: plain YAML value: a number, or a mapping of one kind to its arguments.

    Returns:
        The value; or, as text, what is wrong with it.
    """
    if isinstance(written, (bool, str)) or written is None:
        hint = _meant(written) if isinstance(written, str) else ""
        return f"a number or a distribution is needed, not {echo(written)}{hint}"
    if isinstance(written, (int, float)):
        try:
            value = float(written)
        except OverflowError:
            value = math.inf
        return value if math.isfinite(value) else f"a finite number is needed, not {value:g}"
    if not isinstance(written, dict):
        return f"a number or a distribution is needed, not {echo(written)}"
    if len(written) != 1:
        return (
            "a distribution is one kind with its arguments in brackets, such as "
            f"{{uniform: [0, 1]}}; known are {listing(list(ARGUMENTS), 'and')}"
        )
    [(kind, args)] = written.items()
    return _read_distribution(str(kind), args)


def _read_distribution(kind: str, args: object) -> Distribution | str:
    if kind in ARGUMENTS and not isinstance(args, list):
        names = ", ".join(ARGUMENTS[kind]) or "value, value, …"
        return f"{kind} takes a list, [{names}]"
    numbers: list[float] = []
    for arg in args if isinstance(args, list) else []:
        number = read_value(arg)
        if not isinstance(number, float):
            return f"{kind} takes numbers, not {echo(arg)}"
        numbers.append(number)
    try:
        return Distribution(kind, tuple(numbers))
    except ValueError as error:
        return str(error)


def _meant(text: str) -> str:
    """What to write instead of some common slips."""
    if call := _CALL.fullmatch(text):
        return f"; write {{{call[1]}: [{call[2]}]}}"
    if _DECIMAL.fullmatch(text):
        return f"; write {text.replace(',', '.')}, without quotes"
    if _DECIMAL.fullmatch(text.removesuffix("%").rstrip()):
        return f"; write {float(text.removesuffix('%').replace(',', '.')) / 100:g}"
    return ""
