"""A view as the query of an address, and back.

An address may be typed, cut or out of date. What cannot be read in it is left out and said, one
line per problem; nothing in it is taken for a path or for markup.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import Final
from urllib.parse import parse_qsl, urlencode

from sim.explorer.catalogue import Catalogue
from sim.explorer.state import (
    DEFAULT_WORLDS,
    FEWEST_MONTHS,
    HIGHEST_WORLD,
    LEAD,
    LONGEST_TITLE,
    MOST_CLAIMS,
    MOST_COMPARED,
    MOST_LEVERS,
    MOST_MONTHS,
    MOST_SHOCKS,
    MOST_VALUES,
    TABS,
    WORLDS,
    Setting,
    Shock,
    View,
)
from sim.scenario.problems import did_you_mean, echo
from sim.scenario.registry import CLAIMS
from sim.scenario.shocks import SHOCKS

LONGEST: Final = 8000
"""Characters of a query."""
_SETTING = ("from", "set", "claim", "shock", "title")
_ONCE = ("base", "months", "show", "tab", "month", "world", "worlds", "seed", "from", "title")
_KNOWN = frozenset({*_ONCE, *_SETTING, "vs", "lever", "levers"})
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")

type Say = Callable[[str], None]
type Pairs = list[tuple[str, str]]


def write_address(view: View, first: View) -> str:
    """The query that stands for a view, without what is as at first; "" if all is."""
    pairs: Pairs = []
    if view.baseline != first.baseline:
        pairs.append(("base", view.baseline))
    pairs += _setting_pairs(view.mine, view.baseline)
    pairs += [("vs", urlencode(_setting_pairs(one, ""))) for one in view.compared]
    if view.levers != first.levers:
        pairs += [("lever", name) for name in view.levers] or [("levers", "none")]
    if view.months is not None:
        pairs.append(("months", str(view.months)))
    for key, value, usual in (
        ("show", view.outcome, LEAD),
        ("tab", view.tab, TABS[0]),
        ("month", view.month, ""),
        ("world", view.world, None),
        ("worlds", view.worlds, DEFAULT_WORLDS),
        ("seed", view.seed, 1),
    ):
        if value != usual:
            pairs.append((key, str(value)))
    return "?" + urlencode(pairs, safe=":,") if pairs else ""


def _setting_pairs(setting: Setting, usual_start: str) -> Pairs:
    pairs = [("from", setting.start)] if setting.start != usual_start else []
    pairs += [("set", f"{name}:{value!r}") for name, value in setting.values]
    pairs += [("claim", f"{claim}:{'on' if on else 'off'}") for claim, on in setting.claims]
    pairs += [("shock", f"{one.at}:{one.name}:{one.size!r}") for one in setting.shocks]
    if setting.title:
        pairs.append(("title", setting.title))
    return pairs


def read_address(query: str, catalogue: Catalogue) -> tuple[View, list[str]]:
    """The view that a query stands for, and what of it could not be read.

    Args:
        query: with or without its question mark.
        catalogue: what there is to name.
    """
    problems: list[str] = []
    first = catalogue.first
    if len(query) > LONGEST:
        return first, [f"The link is longer than {LONGEST:,} characters and was left out."]
    try:
        pairs = parse_qsl(query.removeprefix("?"), keep_blank_values=True, max_num_fields=400)
    except ValueError:
        return first, ["The link could not be read as one and was left out."]

    def say(text: str) -> None:
        problems.append(f"In the link, {text}; left out.")

    for key in dict.fromkeys(key for key, _ in pairs if key not in _KNOWN):
        say(f"{echo(key)} means nothing{did_you_mean(key, sorted(_KNOWN))}")
    once = _once(pairs, say)
    baseline = _scenario(once.get("base"), first.baseline, catalogue, say)
    mine = _setting(pairs, once, baseline, catalogue, say)
    seed = _whole(once, "seed", 0, 2**63 - 1, say)
    return (
        View(
            baseline=baseline,
            mine=mine,
            compared=_compared(pairs, baseline, catalogue, say),
            levers=_levers(pairs, first.levers, catalogue, say),
            months=_whole(once, "months", FEWEST_MONTHS, MOST_MONTHS, say),
            outcome=_one_of(once, "show", catalogue.outcomes, LEAD, say),
            tab=_one_of(once, "tab", TABS, TABS[0], say),
            month=_month(once, say),
            world=_whole(once, "world", 0, HIGHEST_WORLD, say),
            worlds=_worlds(once, say),
            seed=1 if seed is None else seed,
        ),
        problems,
    )


def _once(pairs: Pairs, say: Say) -> dict[str, str]:
    once: dict[str, str] = {}
    for key, value in pairs:
        if key in _ONCE and key in once:
            say(f"{key} is given twice")
        elif key in _ONCE:
            once[key] = value
    return once


def _scenario(name: str | None, usual: str, catalogue: Catalogue, say: Say) -> str:
    if name is None or name in catalogue.scenarios:
        return usual if name is None else name
    say(f"there is no scenario {echo(name)}{did_you_mean(name, list(catalogue.scenarios))}")
    return usual


def _setting(
    pairs: Pairs, once: dict[str, str], usual: str, catalogue: Catalogue, say: Say
) -> Setting:
    start = _scenario(once.get("from"), usual, catalogue, say)
    values: dict[str, float] = {}
    for text in _some(pairs, "set", MOST_VALUES, say):
        name, _, written = text.partition(":")
        number = _number(written)
        if name not in catalogue.parameters:
            hint = did_you_mean(name, list(catalogue.parameters))
            say(f"there is no parameter {echo(name)}{hint}")
        elif number is None:
            say(f"{echo(written)} is no number for {name}")
        elif trouble := catalogue.parameters[name].trouble(number):
            say(f"{name}: {trouble}")
        elif catalogue.parameters[name].whole and not number.is_integer():
            say(f"{name}: {number:g} is no level")
        else:
            values[name] = number
    claims: dict[str, bool] = {}
    for text in _some(pairs, "claim", MOST_CLAIMS, say):
        claim, _, switch = text.partition(":")
        if claim in CLAIMS and switch in ("on", "off"):
            claims[claim] = switch == "on"
        else:
            say(f"claim {echo(text)} should read as C04:off")
    shocks = [one for t in _some(pairs, "shock", MOST_SHOCKS, say) if (one := _shock(t, say))]
    title = once.get("title", "")
    kept = "".join(c for c in title if c.isprintable()).strip()[:LONGEST_TITLE].strip()
    if kept != title:
        say(f"the title was cut to {LONGEST_TITLE} characters that print")
    return Setting(start, tuple(values.items()), tuple(claims.items()), tuple(shocks), kept)


def _some(pairs: Pairs, key: str, most: int, say: Say) -> list[str]:
    found = [value for name, value in pairs if name == key]
    if len(found) > most:
        say(f"{key} is given {len(found)} times, more than {most}")
    return found[:most]


def _number(written: str) -> float | None:
    try:
        number = float(written)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _shock(text: str, say: Say) -> Shock | None:
    at, _, rest = text.partition(":")
    name, _, written = rest.partition(":")
    number = _number(written)
    if not _MONTH.fullmatch(at) or number is None:
        say(f"shock {echo(text)} should read as 2024-03:attention:-0.2")
    elif name not in SHOCKS:
        say(f"there is no shock {echo(name)}{did_you_mean(name, list(SHOCKS))}")
    elif number == 0 or not SHOCKS[name].low <= number <= SHOCKS[name].high:
        about = SHOCKS[name]
        say(f"shock {name}: {number:g} lies outside {about.low:g} to {about.high:g} or is nothing")
    else:
        return Shock(at, name, number)
    return None


def _compared(pairs: Pairs, baseline: str, catalogue: Catalogue, say: Say) -> tuple[Setting, ...]:
    found: list[Setting] = []
    for text in _some(pairs, "vs", MOST_COMPARED, say):
        inner = parse_qsl(text, keep_blank_values=True)
        once = _once([pair for pair in inner if pair[0] in _SETTING], say)
        if once.get("from") not in catalogue.scenarios:
            _scenario(once.get("from", ""), "", catalogue, say)
            continue
        one = _setting(inner, once, "", catalogue, say)
        if one == Setting(baseline) or one in found:
            say(f"{echo(one.title or one.start)} stands beside itself")
        else:
            found.append(one)
    return tuple(found)


def _levers(
    pairs: Pairs, usual: tuple[str, ...], catalogue: Catalogue, say: Say
) -> tuple[str, ...]:
    if not any(key in ("lever", "levers") for key, _ in pairs):
        return usual
    names = []
    for name in dict.fromkeys(_some(pairs, "lever", MOST_LEVERS, say)):
        if name in catalogue.parameters:
            names.append(name)
        else:
            hint = did_you_mean(name, list(catalogue.parameters))
            say(f"there is no parameter {echo(name)}{hint}")
    return tuple(names)


def _whole(once: dict[str, str], key: str, low: int, high: int, say: Say) -> int | None:
    text = once.get(key)
    if text is None:
        return None
    if re.fullmatch(r"[0-9]{1,19}", text) and low <= int(text) <= high:
        return int(text)
    say(f"{key} should be a whole number from {low} to {high:,}, not {echo(text)}")
    return None


def _worlds(once: dict[str, str], say: Say) -> int:
    text = once.get("worlds")
    if text is None or text in map(str, WORLDS):
        return int(text or DEFAULT_WORLDS)
    say(f"worlds should be {', '.join(map(str, WORLDS))}, not {echo(text)}")
    return DEFAULT_WORLDS


def _one_of(once: dict[str, str], key: str, known: Sequence[str], usual: str, say: Say) -> str:
    word = once.get(key, usual)
    if word in known:
        return word
    say(f"{key}: there is no {echo(word)}{did_you_mean(word, list(known))}")
    return usual


def _month(once: dict[str, str], say: Say) -> str:
    month = once.get("month", "")
    if month and not _MONTH.fullmatch(month):
        say(f"month should read as 2024-03, not {echo(month)}")
        return ""
    return month
