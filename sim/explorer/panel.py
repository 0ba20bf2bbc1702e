"""The left side: what is compared, levers, claims, shocks, horizon, and what to do with a setting.

Native form controls with labels. Each names in `data-act` what a change of it does to the view; the
page's script sends that to `actions.act`, and gets the panel of the view that came out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sim.analysis.inputs import plain
from sim.analysis.outcomes import ACTORS
from sim.explorer.address import write_address
from sim.explorer.catalogue import Catalogue, Lever, span
from sim.explorer.pictures import looks
from sim.explorer.priors import sketch
from sim.explorer.state import (
    FEWEST_MONTHS,
    LONGEST_TITLE,
    MOST_COMPARED,
    MOST_LEVERS,
    MOST_MONTHS,
    MOST_SHOCKS,
    WORLDS,
    Setting,
    View,
)
from sim.report.labels import LONG_MONTHS, month_words
from sim.report.markup import Content, Markup, el, render
from sim.report.pieces import swatch
from sim.scenario import Scenario
from sim.scenario.distributions import Distribution
from sim.scenario.shocks import SHOCKS

NOTE: Final = 130
"""Characters of a parameter's meaning that a lever shows; the whole is its title."""


def panel(view: View, catalogue: Catalogue, scenario: Scenario) -> Markup:
    """Everything on the left, for a view.

    Args:
        view: as the address has it.
        catalogue: what there is to choose from.
        scenario: what the view's setting amounts to.
    """
    levers = [catalogue.parameters[name] for name in view.levers]
    wants = [one for one in levers if not one.assumption]
    assumed = [one for one in levers if one.assumption]
    base = catalogue.loaded[view.mine.start]
    return render(
        [
            _scenarios(view, catalogue),
            _section(
                "levers",
                "Levers",
                [_lever(one, view, base, rank) for rank, one in enumerate(wants)]
                or el("p", "None in view.", class_="hint"),
                _search(view, catalogue),
            ),
            _fold("assumptions", "Assumptions", len(assumed), _assumptions(assumed, view, base)),
            _fold("claims", "Claims", len(view.mine.claims), _claims(view, catalogue, scenario)),
            _fold("shocks", "Shocks", len(view.mine.shocks), _shocks(view, scenario)),
            _length(view, scenario),
            _keep(view, catalogue, scenario),
        ]
    )


def _section(name: str, title: str, *content: Content) -> Markup:
    head = el("h2", title, id=f"{name}-title")
    return el("section", head, *content, id=name, aria_labelledby=f"{name}-title")


def _fold(name: str, title: str, count: int, content: Content) -> Markup:
    tally = el("span", f" {count} in use", class_="count") if count else None
    if name == "assumptions":
        tally = el("span", f" {count} in view", class_="count") if count else None
    return el("details", el("summary", title, tally), content, id=name, class_="fold")


def _scenarios(view: View, catalogue: Catalogue) -> Markup:
    beside = catalogue.beside(view.baseline)
    titles = {name: one.title for name, one in catalogue.loaded.items()}
    shown = looks(view)
    own = shown[1] if view.own else None
    rows: list[Content] = []
    for k, one in enumerate(view.compared):
        name = one.title or titles[one.start]
        rows.append(
            el(
                "li",
                swatch(shown[k + 1 + view.own]),
                el("span", name, class_="name"),
                _button("drop", f"Remove {name}", "×", value=str(k), small=True),
            )
        )
    more: Content = None
    if len(view.compared) < MOST_COMPARED:
        used = {one.start for one in view.compared if not one.changed} | {view.baseline}
        options = {"": "Compare with…", **{n: titles[n] for n in beside if n not in used}}
        more = _select("compare", "Compare with another scenario", options, "", hide=True)
    return _section(
        "scenarios",
        "Scenarios",
        el("div", swatch(shown[0]), _select("baseline", "Baseline", titles, view.baseline), class_="pick"),
        el(
            "div",
            swatch(own) if own else el("span", class_="noswatch"),
            _select(
                "start", "Your setting starts from", {n: titles[n] for n in beside}, view.mine.start
            ),
            class_="pick",
        ),
        el("ul", rows, class_="compared") if rows else None,
        more,
    )


def _select(
    act: str, label: str, options: dict[str, str], chosen: str, *, hide: bool = False
) -> Markup:
    choices = [
        el("option", words, value=value, selected=value == chosen)
        for value, words in options.items()
    ]
    identifier = f"pick-{act}"
    return el(
        "span",
        el("label", label, for_=identifier, class_="sr" if hide else "over"),
        el("select", choices, id=identifier, data_act=act),
        class_="field",
    )


def _button(act: str, label: str, words: str, *, value: str = "", small: bool = False) -> Markup:
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
    leaf = path[-1].replace("_", " ")
    if path[0] == "actors":
        return f"{ACTORS.get(path[1], path[1])}: {leaf}"
    if path[0] == "initial":
        return f"At the start: {' '.join(path[1:]).replace('_', ' ')}"
    return leaf[:1].upper() + leaf[1:]


def _lever(lever: Lever, view: View, base: Scenario, rank: int) -> Markup:
    """A slider over the prior's range, with the prior drawn behind it."""
    held = view.mine.value(lever.name)
    given = base.parameters[lever.name]
    low, high = span(lever.parameter, given)
    low, high = min(lever.low, low), max(lever.high, high)
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
            el("span", _short(lever.parameter.meaning), id=f"{identifier}-about", class_="hint",
               title=f"{lever.parameter.meaning} ({lever.parameter.unit}; {lever.name})"),
            el(
                "span",
                _button("unset", f"Leave {lever_words(lever)} as the scenario has it", "↺",
                        value=lever.name, small=True) if held is not None else None,
                _button("hide", f"Take {lever_words(lever)} out of view", "×",
                        value=lever.name, small=True),
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
    return f"uncertain, {plain(float(low))} to {plain(float(high))}"


def _search(view: View, catalogue: Catalogue) -> Content:
    if len(view.levers) >= MOST_LEVERS:
        return el("p", f"{MOST_LEVERS} are in view, which is the most. Take one out to add another.",
                  class_="hint")
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


def _assumptions(assumed: Sequence[Lever], view: View, base: Scenario) -> Content:
    if not assumed:
        return el(
            "p",
            "How the world works and how it starts. Add one by the search above; it appears here.",
            class_="hint",
        )
    return [_lever(one, view, base, rank) for rank, one in enumerate(assumed)]


def _claims(view: View, catalogue: Catalogue, scenario: Scenario) -> Content:
    switched = dict(view.mine.claims)
    rows = []
    for claim in catalogue.claims:
        identifier = f"claim-{claim.id}"
        on = claim.id not in scenario.claims_off
        words = claim.words if claim.carries else f"{claim.words} (no number rests on it)"
        rows.append(
            el(
                "li",
                el(
                    "input",
                    type="checkbox",
                    role="switch",
                    id=identifier,
                    checked=on,
                    disabled=not claim.carries,
                    data_act="claim",
                    data_value=claim.id,
                ),
                el("label", el("b", claim.id), " ", words, for_=identifier),
                class_="switched" if claim.id in switched else None,
            )
        )
    note = "What the article claims. Switched off, the numbers that rest on a claim become neutral."
    return [el("p", note, class_="hint"), el("ul", rows, class_="claims")]


def _shocks(view: View, scenario: Scenario) -> Content:
    rows = [
        el(
            "li",
            el("span", f"{month_words(one.at + '-01', full=False)}: {one.name} {signed(one.size)}",
               class_="name"),
            _button("unshock", f"Remove the shock to {one.name} in {one.at}", "×", value=str(k),
                    small=True),
        )
        for k, one in enumerate(view.mine.shocks)
    ]
    own = [
        el("li", el("span", f"{month_words(str(event.at) + '-01', full=False)}: "
                    + ", ".join(f"{n} {signed(size)}" for n, size in event.shock.items())),
           el("span", "of the scenario", class_="hint"))
        for event in scenario.events
        if not any(str(event.at) == one.at and dict(event.shock) == {one.name: one.size}
                   for one in view.mine.shocks)
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
        el("span", el("label", "What", for_="shock-name", class_="over"),
           el("select", kinds, id="shock-name"), class_="field"),
        el(
            "div",
            el("span", el("label", "Month", for_="shock-at", class_="over"),
               el("select", dates, id="shock-at"), class_="field"),
            el("span", el("label", "Size", for_="shock-size", class_="over"),
               el("input", type="number", id="shock-size", step="any", value="-0.2",
                  min=f"{first.low:g}", max=f"{first.high:g}"), class_="field"),
            _button("shock", "Add this shock", "Add"),
            class_="together",
        ),
        el("p", f"{first.low:g} to {first.high:g} {first.unit}".replace("-", "−", 1), id="shock-hint",
           class_="hint"),
        class_="form",
    )


def _length(view: View, scenario: Scenario) -> Markup:
    options = [
        el("option", f"{n:,}", value=str(n), selected=n == view.worlds) for n in WORLDS
    ]
    return _section(
        "horizon",
        "Horizon",
        el(
            "div",
            el(
                "div",
                el("label", "Months of all runs", for_="months"),
                el("output", f"{scenario.months}, to {month_words(f'{scenario.end}-01', full=False)}",
                   for_="months", id="months-out"),
                class_="head",
            ),
            el("input", type="range", id="months", min=str(FEWEST_MONTHS),
               max=str(max(MOST_MONTHS, scenario.months)), step="1", value=str(scenario.months),
               data_act="months", data_start=str(scenario.start)),
            class_="lever plainly",
        ),
        el("div", el("label", "Worlds of a full answer", for_="pick-worlds"),
           el("select", options, id="pick-worlds", data_act="worlds"), class_="head"),
    )


def _keep(view: View, catalogue: Catalogue, scenario: Scenario) -> Markup:
    address = write_address(view, catalogue.first)
    can_pin = view.own and len(view.compared) < MOST_COMPARED and view.mine not in view.compared
    pin = "Pin this setting" if len(view.compared) < MOST_COMPARED else "Three are compared already"
    return _section(
        "keep",
        "Keep",
        el("span", el("label", "Name of your setting", for_="setting-title", class_="over"),
           el("input", type="text", id="setting-title", maxlength=LONGEST_TITLE, value=view.mine.title,
              placeholder=scenario.title, data_act="title", autocomplete="off",
              disabled=not view.mine.changed), class_="field"),
        el(
            "div",
            el("button", pin, type="button", id="do-pin-", data_act="pin", disabled=not can_pin),
            el("button", "Undo", type="button", id="do-undo", data_here="undo", disabled=True),
            _button("reset", "Reset", "Reset"),
            el("button", "Copy link", type="button", id="do-copy", data_here="copy"),
            el("a", "Save YAML", href=f"/setting.yaml{address}", download=True, id="save",
               class_="button"),
            class_="buttons",
        ),
        el("p", "", id="said", class_="hint", role="status"),
    )


def said_of(setting: Setting) -> str:
    """How many things a setting changes, in words."""
    count = len(setting.values) + len(setting.claims) + len(setting.shocks)
    return "nothing changed" if count == 0 else f"{count} changed"
