"""Parts of the left side: levers with their priors, shocks, buttons."""

from __future__ import annotations

from typing import Final

from sim.analysis.inputs import plain
from sim.analysis.outcomes import ACTORS
from sim.explorer.catalogue import Catalogue, Lever, reach
from sim.explorer.priors import sketch
from sim.explorer.state import MOST_LEVERS, MOST_SHOCKS, View
from sim.report.deeds import words
from sim.report.labels import LONG_MONTHS, month_words
from sim.report.markup import Content, Markup, el
from sim.scenario import Scenario
from sim.scenario.distributions import Distribution
from sim.scenario.shocks import SHOCKS

NOTE: Final = 130
"""Characters of a parameter's meaning that a lever shows; the whole is its title."""


def button(act: str, label: str, words: str, *, value: str = "", small: bool = False) -> Markup:
    """A button that does `act`, with a value; a small one shows a sign in place of its label."""
    return el(
        "button",
        words,
        type="button",
        id=f"do-{act}-{value}".replace(".", "-"),
        data_act=act,
        data_value=value,
        aria_label=label if label != words else None,
        title=label if small else None,
        class_="small" if small else None,
    )


def lever_words(lever: Lever) -> str:
    """A lever's name for people: whose it is, and what."""
    path = lever.name.split(".")
    leaf = words(path[-1])
    if path[0] == "actors":
        return f"{ACTORS.get(path[1], path[1])}: {leaf}"
    if path[0] == "initial":
        return f"At the start: {' '.join(path[1:]).replace('_', ' ')}"
    return leaf[:1].upper() + leaf[1:]


def lever_block(lever: Lever, view: View, base: Scenario, rank: int) -> Markup:
    """A slider over the prior's range, with the prior drawn behind it."""
    held = view.mine.value(lever.name)
    given = base.parameters[lever.name]
    low, high = reach(lever, given)
    middle = given.median if isinstance(given, Distribution) else given
    at = middle if held is None else held
    identifier = f"lever-{lever.name}".replace(".", "-")
    said = _said(held, given)
    return el(
        "div",
        el(
            "div",
            el("label", lever_words(lever), for_=identifier),
            el("output", said, for_=identifier, id=f"{identifier}-out"),
            class_="head",
        ),
        el(
            "div",
            sketch(given, low, high, middle),
            el(
                "input",
                type="range",
                id=identifier,
                min=f"{min(low, at):.12g}",
                max=f"{max(high, at):.12g}",
                step=f"{lever.step:.12g}",
                value=f"{at:.12g}",
                data_act="set",
                data_name=lever.name,
                data_step=f"{lever.step:.12g}",
                data_middle=f"{middle:.12g}",
                aria_describedby=f"{identifier}-about",
                aria_valuetext=said,
            ),
            class_="track",
        ),
        el(
            "div",
            el(
                "span",
                _short(lever.parameter.meaning),
                id=f"{identifier}-about",
                class_="hint",
                title=f"{lever.parameter.meaning} ({lever.parameter.unit}; {lever.name})",
            ),
            el(
                "span",
                button(
                    "unset",
                    f"Leave {lever_words(lever)} as the scenario has it",
                    "↺",
                    value=lever.name,
                    small=True,
                )
                if held is not None
                else None,
                button(
                    "hide",
                    f"Take {lever_words(lever)} out of view",
                    "×",
                    value=lever.name,
                    small=True,
                ),
                class_="tools",
            ),
            class_="foot",
        ),
        class_="lever held" if held is not None else "lever",
        data_rank=rank,
    )


def _short(meaning: str) -> str:
    return meaning if len(meaning) <= NOTE else f"{meaning[: NOTE - 1].rsplit(' ', 1)[0]}…"


def _said(held: float | None, given: float | Distribution) -> str:
    if held is not None:
        return f"held at {plain(held)}"
    if not isinstance(given, Distribution):
        return plain(float(given))
    low, high = given.support
    if given.kind in ("normal", "lognormal"):
        return f"uncertain, about {plain(given.median)}"
    return f"uncertain, {plain(float(low))}–{plain(float(high))}"


def search(view: View, catalogue: Catalogue) -> Content:
    """A field in which any parameter of the registry can be found and put in view."""
    if len(view.levers) >= MOST_LEVERS:
        return el(
            "p",
            f"{MOST_LEVERS} are in view, which is the most. Take one out to add another.",
            class_="hint",
        )
    return el(
        "div",
        el("label", "Add any parameter", for_="lever-search", class_="over"),
        el(
            "input",
            type="search",
            id="lever-search",
            list="parameters",
            autocomplete="off",
            placeholder="sanctions, memory, kappa …",
            data_act="show_lever",
        ),
        class_="field",
    )


def parameters(catalogue: Catalogue) -> Markup:
    """Suggestions for the search, said once a page."""
    return el(
        "datalist",
        [
            el("option", one.parameter.meaning, value=name)
            for name, one in catalogue.parameters.items()
        ],
        id="parameters",
    )


def shocks(view: View, scenario: Scenario) -> Content:
    """Shocks of the scenario, those that are added, and a form for one more."""
    rows = [
        el(
            "li",
            el(
                "span",
                f"{month_words(one.at + '-01', full=False)}: {SHOCKS[one.name].meaning} "
                f"{signed(one.size)}",
                class_="name",
            ),
            button(
                "unshock",
                f"Remove the shock to {one.name} in {one.at}",
                "×",
                value=str(k),
                small=True,
            ),
        )
        for k, one in enumerate(view.mine.shocks)
    ]
    own = [
        el(
            "li",
            el(
                "span",
                f"{month_words(str(event.at) + '-01', full=False)}: "
                + ", ".join(
                    f"{SHOCKS[n].meaning} {signed(size)}" for n, size in event.shock.items()
                ),
            ),
            el("span", "of the scenario", class_="hint"),
        )
        for event in scenario.events
        if not any(
            str(event.at) == one.at and dict(event.shock) == {one.name: one.size}
            for one in view.mine.shocks
        )
    ]
    if len(view.mine.shocks) >= MOST_SHOCKS:
        form: Content = el("p", f"{MOST_SHOCKS} shocks are the most.", class_="hint")
    else:
        form = _shock_form(scenario)
    return [el("ul", [*own, *rows], class_="compared") if own or rows else None, form]


def signed(size: float) -> str:
    """A shock's size with its sign."""
    return f"{size:+.4g}".replace("-", "−")


def _shock_form(scenario: Scenario) -> Markup:
    kinds = [
        el(
            "option",
            f"{about.meaning} ({about.unit})",
            value=name,
            data_low=f"{about.low:g}",
            data_high=f"{about.high:g}",
            data_unit=about.unit,
        )
        for name, about in SHOCKS.items()
    ]
    months = [scenario.start + k for k in range(scenario.months)]
    dates = [
        el("option", f"{LONG_MONTHS[m.month - 1][:3]} {m.year}", value=str(m), selected=k == 3)
        for k, m in enumerate(months)
    ]
    first = next(iter(SHOCKS.values()))
    return el(
        "div",
        el(
            "span",
            el("label", "What", for_="shock-name", class_="over"),
            el("select", kinds, id="shock-name"),
            class_="field",
        ),
        el(
            "div",
            el(
                "span",
                el("label", "Month", for_="shock-at", class_="over"),
                el("select", dates, id="shock-at"),
                class_="field",
            ),
            el(
                "span",
                el("label", "Size", for_="shock-size", class_="over"),
                el(
                    "input",
                    type="number",
                    id="shock-size",
                    step="any",
                    value="-0.2",
                    min=f"{first.low:g}",
                    max=f"{first.high:g}",
                ),
                class_="field",
            ),
            button("shock", "Add this shock", "Add"),
            class_="together",
        ),
        el(
            "p",
            f"{first.low:g} to {first.high:g}, in {first.unit}".replace("-", "−", 1),
            id="shock-hint",
            class_="hint",
        ),
        class_="form",
    )
