"""What the terminal, the page and the documents say of one verdict, each in the same words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from sim.report.numbers import (
    at_most_two_digits,
    decimals,
    interval,
    number,
    of_100,
    signed,
)
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


def counts_words(one: Mapping[str, Any]) -> str:
    """Sets that hit, miss and stay undecided, where each does one of them."""
    counts = one["counts"]
    if counts is None:
        return "–"
    return f"{counts['hit']} / {counts['miss']} / {counts['undecided']}"


def behind_words(one: Mapping[str, Any]) -> str:
    """What a reader has to know beside a verdict: how large what was found is, and by what means.

    A verdict tells whether sets hit. It does not tell whether the intervention moved what it was
    to move, whether a difference is of a size that matters, or what else would have hit.
    """
    beside = one["beside"]
    for key, words in _BEHIND.items():
        if key in beside:
            return words(beside, one["sets"])
    return ""


def _threshold(beside: Mapping[str, Any], sets: int) -> str:
    near = beside["sets_within_error_of_threshold"]
    return f"{beside['threshold']:g} was asked for; {near} of {sets} sets lie within error of it"


def _effects(beside: Mapping[str, Any], sets: int) -> str:
    moved, rises = beside["effects"]["dependence.russia.belarus"], beside["where_dependence_rises"]
    return (
        f"the intervention moves Russia’s dependence by {signed(moved['mean'], 4)} (0 to 1): "
        f"surely up in {moved['sets_up']} of {sets} sets, down in {moved['sets_down']}; where it "
        f"goes up, {rises['hit']} hit"
    )


def _variants(beside: Mapping[str, Any], sets: int) -> str:
    curve, least = beside["variants"][beside["default"]]["curve"], beside["smallest_effect"]
    gap = curve[-1]["change"] - curve[0]["change"]
    held = f"{least:g} was fixed as the least that counts"
    size = f"{held}, so length hardly matters" if abs(gap) < least else held
    return (
        f"from {beside['ends'][0]} to {beside['ends'][-1]} months of war the mean over {sets} sets "
        f"moves by {signed(gap, decimals(None, gap))}; {size}"
    )


def _direction(beside: Mapping[str, Any], sets: int) -> str:
    up, down = beside["sets_up_of_any_size"], beside["sets_down_of_any_size"]
    return f"by any amount at all, surely up in {up} of {sets} sets and down in {down}"


def _as_drawn(beside: Mapping[str, Any], sets: int) -> str:
    free = beside["as_drawn"]
    return (
        f"with nothing held, {of_100(free['share'])} of 100 sets lie in the band, "
        f"{of_100(free['below'])} below it"
    )


def _best(beside: Mapping[str, Any], sets: int) -> str:
    tops = []
    for actor, name in (("russia", "Russia"), ("belarus", "Belarus")):
        best = beside["best"][actor]
        top = max(best, key=lambda scenario: best[scenario])
        tops.append(f"for {name} “{top}” ({best[top]} of {sets} sets)")
    many = len(beside["scenarios"])
    return (
        f"best {' and '.join(tops)}; they differ beyond chance in "
        f"{of_100(beside['beyond_chance']['share'])} of 100 sets. Two of {many} picked blindly "
        f"differ in {of_100(1.0 - 1.0 / many)} of 100"
    )


_BEHIND: Final[Mapping[str, Callable[[Mapping[str, Any], int], str]]] = {
    "threshold": _threshold,
    "effects": _effects,
    "variants": _variants,
    "direction": _direction,
    "as_drawn": _as_drawn,
    "best": _best,
}
"""Key that one hypothesis alone has beside its verdict -> what is said of it."""


def _plain(value: float, places: int) -> str:
    """A number; nothing is written as 0, not 0.0000."""
    return number(value, places) if abs(value) >= 0.5 * 10.0**-places else "0"


def _places(one: Mapping[str, Any]) -> int:
    values = [one["figure"][key] for key in ("median", "q05", "q95")]
    return at_most_two_digits(decimals(None, *values), *values)
