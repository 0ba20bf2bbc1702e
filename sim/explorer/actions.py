"""What can be done to a view: a name and its values in, the next view out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from sim.explorer.address import read_address, write_address
from sim.explorer.catalogue import Catalogue
from sim.explorer.settings import describe
from sim.explorer.state import (
    FEWEST_MONTHS,
    HIGHEST_WORLD,
    LONGEST_TITLE,
    MOST_COMPARED,
    MOST_LEVERS,
    MOST_MONTHS,
    MOST_SHOCKS,
    TABS,
    WORLDS,
    Setting,
    Shock,
    View,
)
from sim.scenario.problems import did_you_mean
from sim.scenario.shocks import SHOCKS

type Given = Mapping[str, Any]


class ActionError(ValueError):
    """What was asked cannot be done; the message says why, for the one who asked."""


def act(view: View, action: Given, catalogue: Catalogue) -> View:
    """The view after an action.

    Args:
        view: before.
        action: `name` says which, the rest is its values as the page has them.
        catalogue: what there is to name.

    Raises:
        ActionError: no such action, or values that it cannot take.
    """
    known = _ACTIONS.get(str(action.get("name")))
    if known is None:
        raise ActionError(f"there is no action {action.get('name')!r}")
    after = known(view, action, catalogue)
    # whatever got in here has to pass where links are read
    again, problems = read_address(write_address(after, catalogue.first), catalogue)
    if problems:
        raise ActionError(problems[0].removeprefix("In the link, ").removesuffix("; left out."))
    return again


def _set(view: View, given: Given, catalogue: Catalogue) -> View:
    name, value = str(given.get("key")), given.get("value")
    if name not in catalogue.parameters or not isinstance(value, int | float):
        raise ActionError(f"{name} cannot be held at {value!r}")
    return replace(view, mine=view.mine.holding(name, float(value)))


def _unset(view: View, given: Given, catalogue: Catalogue) -> View:
    return replace(view, mine=view.mine.holding(str(given.get("value")), None))


def _hide(view: View, given: Given, catalogue: Catalogue) -> View:
    gone = str(given.get("value"))
    return replace(view, levers=tuple(name for name in view.levers if name != gone))


def _show_lever(view: View, given: Given, catalogue: Catalogue) -> View:
    asked = str(given.get("value")).strip()
    name = asked if asked in catalogue.parameters else _nearest(asked, catalogue)
    if name in view.levers:
        raise ActionError(f"{name} is in view already")
    if len(view.levers) >= MOST_LEVERS:
        raise ActionError(f"{MOST_LEVERS} levers are in view; take one out first")
    return replace(view, levers=(*view.levers, name))


def _nearest(asked: str, catalogue: Catalogue) -> str:
    """The one parameter whose name or meaning has these words in it."""
    words = asked.lower().split()
    found = [
        name
        for name, one in catalogue.parameters.items()
        if words and all(w in f"{name} {one.parameter.meaning}".lower() for w in words)
    ]
    if len(found) == 1:
        return found[0]
    if not found:
        hint = did_you_mean(asked, list(catalogue.parameters))
        raise ActionError(f"no parameter is called “{asked}”{hint}")
    listed = ", ".join(found[:3])
    raise ActionError(f"{len(found)} parameters fit “{asked}”: {listed}{', …' * (len(found) > 3)}")


def _claim(view: View, given: Given, catalogue: Catalogue) -> View:
    claim, on = str(given.get("value")), bool(given.get("on"))
    as_file = claim not in catalogue.loaded[view.mine.start].claims_off
    return replace(view, mine=view.mine.claiming(claim, None if on == as_file else on))


def _shock(view: View, given: Given, catalogue: Catalogue) -> View:
    if len(view.mine.shocks) >= MOST_SHOCKS:
        raise ActionError(f"{MOST_SHOCKS} shocks are the most")
    name, size = str(given.get("key")), given.get("size")
    if name not in SHOCKS or not isinstance(size, int | float):
        raise ActionError("give the shock a size")
    new = Shock(str(given.get("at")), name, float(size))
    if any(one.at == new.at and one.name == name for one in view.mine.shocks):
        raise ActionError(f"there is a shock to {name} in {new.at} already")
    return replace(view, mine=replace(view.mine, shocks=(*view.mine.shocks, new)))


def _unshock(view: View, given: Given, catalogue: Catalogue) -> View:
    kept = [one for k, one in enumerate(view.mine.shocks) if str(k) != str(given.get("value"))]
    return replace(view, mine=replace(view.mine, shocks=tuple(kept)))


def _baseline(view: View, given: Given, catalogue: Catalogue) -> View:
    name = _scenario(given, catalogue)
    follows = view.mine.start == view.baseline
    beside = catalogue.beside(name)
    start = name if follows or view.mine.start not in beside else view.mine.start
    kept = [one for one in view.compared if one.start in beside and one != Setting(name)]
    return replace(
        view, baseline=name, mine=replace(view.mine, start=start), compared=tuple(kept), month=""
    )


def _start(view: View, given: Given, catalogue: Catalogue) -> View:
    return replace(view, mine=replace(view.mine, start=_scenario(given, catalogue)))


def _compare(view: View, given: Given, catalogue: Catalogue) -> View:
    name = _scenario(given, catalogue)
    if len(view.compared) >= MOST_COMPARED:
        raise ActionError(f"{MOST_COMPARED} are compared already")
    if name not in catalogue.beside(view.baseline):
        raise ActionError("only scenarios that start in one month share their worlds")
    return replace(view, compared=(*view.compared, Setting(name)))


def _scenario(given: Given, catalogue: Catalogue) -> str:
    name = str(given.get("value"))
    if name not in catalogue.scenarios:
        raise ActionError(f"there is no scenario {name}")
    return name


def _drop(view: View, given: Given, catalogue: Catalogue) -> View:
    kept = [one for k, one in enumerate(view.compared) if str(k) != str(given.get("value"))]
    return replace(view, compared=tuple(kept))


def _pin(view: View, given: Given, catalogue: Catalogue) -> View:
    if not view.own:
        raise ActionError("the setting is the baseline; there is nothing to pin")
    if len(view.compared) >= MOST_COMPARED:
        raise ActionError(f"{MOST_COMPARED} are compared already")
    title = view.mine.title or describe(view.mine, catalogue.loaded[view.mine.start].title)
    title = f"Pinned: {title}"[:LONGEST_TITLE].strip()
    pinned = replace(view.mine, title=title) if view.mine.changed else view.mine
    if pinned in view.compared:
        raise ActionError("this setting is pinned already")
    return replace(view, compared=(*view.compared, pinned))


def _title(view: View, given: Given, catalogue: Catalogue) -> View:
    title = " ".join(str(given.get("value") or "").split())[:LONGEST_TITLE].strip()
    return replace(view, mine=replace(view.mine, title=title))


def _months(view: View, given: Given, catalogue: Catalogue) -> View:
    value = given.get("value")
    if not isinstance(value, int | float) or not FEWEST_MONTHS <= value <= MOST_MONTHS:
        raise ActionError(f"runs take {FEWEST_MONTHS} to {MOST_MONTHS} months here")
    usual = catalogue.loaded[view.baseline].months
    return replace(view, months=None if int(value) == usual else int(value), month="")


def _worlds(view: View, given: Given, catalogue: Catalogue) -> View:
    worlds = {str(number): number for number in WORLDS}.get(str(given.get("value")))
    if worlds is None:
        raise ActionError(f"worlds are {', '.join(map(str, WORLDS))}")
    return replace(view, worlds=worlds)


def _outcome(view: View, given: Given, catalogue: Catalogue) -> View:
    return replace(view, outcome=str(given.get("value")))


def _tab(view: View, given: Given, catalogue: Catalogue) -> View:
    tab = str(given.get("value"))
    if tab not in TABS:
        raise ActionError(f"there is no tab {tab}")
    return replace(view, tab=tab)


def _month(view: View, given: Given, catalogue: Catalogue) -> View:
    """A month clicked in a fan is read about under Why."""
    return replace(view, month=str(given.get("value"))[:7], tab="why")


def _world(view: View, given: Given, catalogue: Catalogue) -> View:
    """Whose reasons are read; the world most like all others where none is named."""
    text = str(given.get("value") or "").strip()
    if not text:
        return replace(view, world=None)
    if not text.isascii() or not text.isdigit() or int(text) > HIGHEST_WORLD:
        raise ActionError(f"worlds are numbered 0 to {HIGHEST_WORLD:,}")
    return replace(view, world=int(text))


def _reset(view: View, given: Given, catalogue: Catalogue) -> View:
    """The scenario as it is, with the same things in view."""
    return replace(
        catalogue.first,
        baseline=view.baseline,
        mine=Setting(view.baseline),
        levers=view.levers,
        outcome=view.outcome,
        tab=view.tab,
        worlds=view.worlds,
        seed=view.seed,
    )


_ACTIONS: Final[dict[str, Callable[[View, Given, Catalogue], View]]] = {
    "set": _set,
    "unset": _unset,
    "hide": _hide,
    "show_lever": _show_lever,
    "claim": _claim,
    "shock": _shock,
    "unshock": _unshock,
    "baseline": _baseline,
    "start": _start,
    "compare": _compare,
    "drop": _drop,
    "pin": _pin,
    "title": _title,
    "months": _months,
    "worlds": _worlds,
    "outcome": _outcome,
    "tab": _tab,
    "month": _month,
    "world": _world,
    "reset": _reset,
}
