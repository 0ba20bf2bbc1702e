"""Words for what an outcome hinges on, shared by the pages and the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.analysis.discovery import threshold_units
from sim.analysis.outcomes import ACTORS
from sim.report.labels import month_words
from sim.report.numbers import MINUS, of_100
from sim.report.sentences import lower_first

type Told = Mapping[str, Any]

_WIDE = 0.15
"""Half width of a total share's interval from which it is called wide."""
_RISES = 0.1
"""Rank correlation from which an outcome is said to rise or fall with a parameter."""
_WEAK = "less than half of what the box gains stands there"
NOT_ALLOWED_FOR = (
    "Quasi-p takes each limit by itself and does not allow for the search that found it, so a "
    "small one is no sign that the box is more than chance; the shuffles above are."
)
"""Stands under a table of quasi-p; least to be missed where the box could be chance."""


def parameter_words(name: str) -> str:
    """A parameter in a few words: what it stands for, and whose it is."""
    from sim.scenario.registry import load_registry

    meaning = next((p.meaning for p in load_registry() if p.name == name), name)
    short = meaning.partition(";")[0].strip()
    group, _, rest = name.partition(".")
    actor = rest.partition(".")[0]
    return f"{ACTORS[actor]}: {short}" if group == "actors" and actor in ACTORS else short


def unit_words(name: str) -> str:
    """A parameter's unit."""
    from sim.scenario.registry import load_registry

    return next((p.unit for p in load_registry() if p.name == name), "")


def outcome_words(told: Told, when: str, month: str) -> str:
    """An outcome as it is read, inside a sentence."""
    label = lower_first(told["label"])
    span = "its mean over the run" if when == "mean" else f"in {month_words(month)}"
    return f"{label}, {span}"


def shown(told: Told, value: float, *, sign: bool = False, digits: int = 3) -> str:
    """A value of the outcome with so many digits, in the units that people are shown."""
    return plain(value * told["shown_scale"], digits, sign=sign)


def plain(value: float, digits: int = 3, *, sign: bool = False) -> str:
    """A number with so many digits, a true minus, and its sign in front where it is a change."""
    text = f"{abs(value):,.{digits}g}" if abs(value) < 1000 else f"{abs(value):,.0f}"
    if "e" in text:
        text = f"{abs(value):.{digits + 4}f}".rstrip("0").rstrip(".")
    if float(text.replace(",", "")) == 0.0:
        return "0"
    return f"{MINUS}{text}" if value < 0 else f"+{text}" if sign else text


def percent(share: float) -> str:
    """A share in percent, tenths below ten."""
    value = 100.0 * share
    text = f"{abs(value):.1f}" if abs(value) < 9.95 else f"{abs(value):.0f}"
    return f"{MINUS}{text}" if value < 0 and float(text) else text


def way_words(direction: float) -> str:
    """Whether an outcome rises or falls with a parameter."""
    if abs(direction) < _RISES:
        return "bends"
    return "rises with it" if direction > 0 else "falls with it"


def limit_words(limit: Told) -> str:
    """A restriction in words: "above 0.33", "between 0.2 and 0.4"."""
    low, high = limit["low"], limit["high"]
    if low is None:
        return f"below {plain(high)}"
    if high is None:
        return f"above {plain(low)}"
    return f"between {plain(low)} and {plain(high)}"


def interest_words(told: Told) -> str:
    """Which sets are of interest, in words."""
    bound = f"{told['side']} {shown(told, told['threshold'], sign=told['difference'])}"
    if told["top"] is None:
        return bound
    end = "highest" if told["side"] == "above" else "lowest"
    return f"{bound}, the {end} {percent(told['top'])} % of sets"


def typed_words(told: Told) -> str:
    """The threshold as it is typed, where the units that people are shown are others."""
    if told["shown_scale"] == 1:
        return ""
    return f"To be typed as --{told['side']} {told['threshold']:.4g} ({threshold_units(told)})."


def hinge_sentences(told: Told, when: str) -> list[str]:
    """What stands out, how much it tells, and what chance leaves."""
    standing = [one for one in told["parameters"] if one["stands_out"]]
    many = len(told["parameters"])
    if not standing:
        first = (
            f"None of {many} uncertain parameters stands out: nothing here exceeds what idle "
            "parameters would show."
        )
    else:
        first = (
            f"{len(standing)} of {many} uncertain parameters stand out; by themselves they "
            f"go with {percent(told['told'])} % of the spread between sets of assumptions."
            if len(standing) > 1
            else f"One of {many} uncertain parameters stands out; by itself it goes with "
            f"{percent(told['told'])} % of the spread between sets of assumptions."
        )
    return [first, chance_words(told, when)]


def factor_words(one: Told) -> str:
    """A factor in words."""
    if one["parameters"] == [one["factor"]]:
        return parameter_words(one["factor"])
    many = len(one["parameters"])
    return f"{one['factor']} ({many})" if many else str(one["factor"])


def factor_sentence(told: Told) -> str:
    """Which factor does most in all, and whether that is known well enough."""
    lead = told["factors"][0]
    low, high = lead["total_ci95"]
    words = (
        f"The largest share in all is that of {factor_words(lead)}: {percent(lead['total'])} % of "
        f"the spread between worlds ({percent(low)} to {percent(high)}), "
        f"{percent(lead['first'])} % by itself."
    )
    widest = max(one["total_ci95"][1] - one["total"] for one in told["factors"])
    if widest < _WIDE:
        return words
    return f"{words} Intervals are wide: more points (--points) would narrow them."


def chance_words(told: Told, when: str) -> str:
    """What chance leaves in the means of sets, and what to do where that is most."""
    left = told["chance_left"]
    if left is None:
        return (
            "What of that spread is chance cannot be told here: it needs two draws of chance a "
            "set or more, which differ between sets."
        )
    words = f"Of that spread, {percent(left)} % is chance that a mean over {told['draws']} "
    words += "draws leaves"
    if left < 0.5:
        return f"{words}."
    mean = "" if when == "mean" else ", or the mean over months (--when mean),"
    return f"{words}: more draws a set (--draws){mean} would leave less."


def box_sentences(told: Told, when: str) -> list[str]:
    """What the box says, and how far it is to be trusted."""
    box, sets = told["box"], told["sets"]
    rate = told["sets_of_interest"] / sets
    if not box["limits"]:
        return [
            "No box: no limit on any parameter makes these cases denser than chance would. They "
            f"are {percent(rate)} % of all sets, wherever one looks.",
            chance_words(told, when),
        ]
    clauses = [f"{parameter_words(one['parameter'])}, {limit_words(one)}" for one in box["limits"]]
    other = told["elsewhere"]
    weak = other["density"] - rate < 0.5 * (box["density"] - rate)
    where = (
        f"where all of this holds ({'; '.join(clauses)}), {_count(box['density'])} sets of "
        f"assumptions are cases of this kind; of all sets, {_count(rate)} are. The box holds "
        f"{_count(box['coverage'])} of all such cases."
    )
    against = (
        f"how well the box tells such cases from the rest is {box['agreement']:.2f} (phi: 0 no "
        "better than a guess, 1 without a mistake), and the same search, with outcomes dealt to "
        f"the sets at random, stays below {told['nothing']:.2f} in 95 of 100 tries."
    )
    held = (
        "Put to the test on sets that had no part in finding them, boxes fare so: "
        f"{_count(other['density'])} sets inside are cases of this kind, and "
        f"{_count(other['coverage'])} of all such cases are inside"
    )
    held += f": {_WEAK}." if weak else "."
    if told["more_than_nothing"]:
        opening = [
            "A hint, no more: " + where if weak else where[:1].upper() + where[1:],
            f"It is more than chance: {against}",
        ]
    else:
        opening = [f"No box that could be told from chance: {against}", f"The best of all: {where}"]
    return [*opening, held, chance_words(told, when)]


def _count(share: float) -> str:
    return f"{of_100(share)} of 100"
