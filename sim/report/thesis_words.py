"""What the terminal, the page and the documents say of one verdict, each in the same words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.report.numbers import at_most_two_digits, decimals, interval, number
from sim.scenario.posteriors import PRIORS


def name_words(one: Mapping[str, Any]) -> str:
    """`H3 payoff.belarus`."""
    return str(one["name"]).replace(".", " ", 1)


def verdict_words(one: Mapping[str, Any]) -> str:
    """The verdict, with a mark where the interval of its share reaches another."""
    return str(one["verdict"]) + ("" if one["firm"] else " *")


def stand_words(source: str) -> str:
    """On which parameters hypotheses stand, said with whatever source they were judged under."""
    if source == PRIORS:
        return "Hypotheses stand on the frozen priors; what other sources say is shown beside them."
    return (
        f"Judged under {source}, with designs and rules as they are. The hypotheses themselves "
        "stand on the frozen priors."
    )


def other_words(source: str) -> str:
    """That what another source says is not of the same making, and what to do."""
    option = "" if source == PRIORS else f" --source {source}"
    under = "on the frozen priors" if source == PRIORS else f"under {source}"
    return (
        f"The verdicts {under} were judged with other code or data and are left out: "
        f"fulcrum thesis{option} judges anew."
    )


def share_words(one: Mapping[str, Any]) -> str:
    """The share of sets that hit, in per cent."""
    if 0 < one["share"] < 0.005:
        return "<1 %"
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
