"""What the terminal, the page and the documents say of one verdict, each in the same words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.report.numbers import at_most_two_digits, decimals, interval, number


def name_words(one: Mapping[str, Any]) -> str:
    """`H3 payoff.belarus`."""
    return str(one["name"]).replace(".", " ", 1)


def share_words(one: Mapping[str, Any]) -> str:
    """The share of sets that hit, in per cent."""
    return f"{100 * one['share']:.0f} %"


def hits_words(one: Mapping[str, Any]) -> str:
    """Sets that hit, counted where each hits or does not."""
    if one["counts"] is None:
        return f"{share_words(one)} of {one['sets']}"
    return f"{one['counts']['hit']} of {one['sets']}"


def figure_words(one: Mapping[str, Any]) -> str:
    """The figure of the median set."""
    return _plain(one["figure"]["median"], _places(one))


def range_words(one: Mapping[str, Any]) -> str:
    """The figures between which 90 of 100 sets lie."""
    low, high = one["figure"]["q05"], one["figure"]["q95"]
    places = _places(one)
    if "0" in (_plain(low, places), _plain(high, places)):
        return f"{_plain(low, places)} to {_plain(high, places)}"
    return interval(low, high, places)


def _plain(value: float, places: int) -> str:
    """A number; nothing is written as 0, not 0.0000."""
    return number(value, places) if abs(value) >= 0.5 * 10.0**-places else "0"


def _places(one: Mapping[str, Any]) -> int:
    values = [one["figure"][key] for key in ("median", "q05", "q95")]
    return at_most_two_digits(decimals(None, *values), *values)
