"""The left side: what is compared, levers, claims, shocks, horizon, and what to do with a setting.

Native form controls with labels. Each names in `data-act` what a change of it does to the view; the
page's script sends that to `actions.act`, and gets the panel of the view that came out.
"""

from __future__ import annotations

from collections.abc import Sequence

from sim.explorer.address import write_address
from sim.explorer.catalogue import Catalogue, Lever
from sim.explorer.controls import button, lever_block, search, shocks
from sim.explorer.pictures import looks
from sim.explorer.state import (
    FEWEST_MONTHS,
    LONGEST_TITLE,
    MOST_COMPARED,
    MOST_MONTHS,
    WORLDS,
    View,
)
from sim.report.labels import month_words
from sim.report.markup import Content, Markup, el, render
from sim.report.pieces import swatch
from sim.scenario import Scenario
from sim.scenario.ledger import switches
from sim.scenario.without import switchable


def panel(
    view: View, catalogue: Catalogue, scenario: Scenario, free: Scenario, unswitched: Scenario
) -> Markup:
    """Everything on the left, for a view.

    Args:
        view: as the address has it.
        catalogue: what there is to choose from.
        scenario: what the view's setting amounts to.
        free: the same with no parameter held.
        unswitched: the same with no claim switched by hand.
    """
    levers = [catalogue.parameters[name] for name in view.levers]
    wants = [one for one in levers if not one.assumption]
    assumed = [one for one in levers if one.assumption]
    return render(
        [
            _scenarios(view, catalogue),
            _section(
                "levers",
                "Levers",
                [lever_block(one, view, free, rank) for rank, one in enumerate(wants)]
                or el("p", "None in view.", class_="hint"),
                search(view, catalogue),
            ),
            _fold(
                "assumptions",
                "Assumptions",
                len(assumed),
                "in view",
                _assumptions(assumed, view, free),
            ),
            _fold(
                "claims",
                "Claims",
                len(view.mine.claims),
                "switched",
                _claims(view, scenario, unswitched),
            ),
            _fold("shocks", "Shocks", len(view.mine.shocks), "added", shocks(view, scenario)),
            _length(view, scenario),
            _keep(view, catalogue, scenario),
        ]
    )


def _section(name: str, title: str, *content: Content) -> Markup:
    head = el("h2", title, id=f"{name}-title")
    return el("section", head, *content, id=name, aria_labelledby=f"{name}-title")


def _fold(name: str, title: str, count: int, word: str, content: Content) -> Markup:
    tally = el("span", f" {count} {word}", class_="count") if count else None
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
                button("drop", f"Remove {name}", "×", value=str(k), small=True),
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
        el(
            "div",
            swatch(shown[0]),
            _select("baseline", "Baseline", titles, view.baseline),
            class_="pick",
        ),
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


def _assumptions(assumed: Sequence[Lever], view: View, base: Scenario) -> Content:
    if not assumed:
        return el(
            "p",
            "How the world works and how it starts. Add one by the search above; it appears here.",
            class_="hint",
        )
    return [lever_block(one, view, base, rank) for rank, one in enumerate(assumed)]


def _claims(view: View, scenario: Scenario, unswitched: Scenario) -> Content:
    """Every claim with its switch, and what the switch does or why there is none."""
    switched = dict(view.mine.claims)
    can_be = {*switchable(unswitched), *unswitched.claims_off}
    rows = []
    for claim, switch in switches().items():
        identifier = f"claim-{claim}"
        rows.append(
            el(
                "li",
                el(
                    "input",
                    type="checkbox",
                    role="switch",
                    id=identifier,
                    checked=claim not in scenario.claims_off,
                    disabled=claim not in can_be,
                    data_act="claim",
                    data_value=claim,
                    aria_describedby=f"{identifier}-without",
                ),
                el(
                    "div",
                    el("label", el("b", claim), " ", _one_line(switch.paraphrase), for_=identifier),
                    el(
                        "p",
                        el("b", "Off: " if claim in can_be else "No switch: "),
                        _one_line(switch.without),
                        id=f"{identifier}-without",
                        class_="hint",
                    ),
                ),
                class_="switched" if claim in switched else None,
            )
        )
    note = (
        "What the article claims, and what the model is without it: numbers that rest on a claim "
        "become neutral, events that carry it do not happen."
    )
    return [el("p", note, class_="hint"), el("ul", rows, class_="claims")]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _length(view: View, scenario: Scenario) -> Markup:
    options = [el("option", f"{n:,}", value=str(n), selected=n == view.worlds) for n in WORLDS]
    return _section(
        "horizon",
        "Horizon",
        el(
            "div",
            el(
                "div",
                el("label", "Months of all runs", for_="months"),
                el(
                    "output",
                    f"{scenario.months}, to {month_words(f'{scenario.end}-01', full=False)}",
                    for_="months",
                    id="months-out",
                ),
                class_="head",
            ),
            el(
                "input",
                type="range",
                id="months",
                min=str(FEWEST_MONTHS),
                max=str(max(MOST_MONTHS, scenario.months)),
                step="1",
                value=str(scenario.months),
                data_act="months",
                data_start=str(scenario.start),
            ),
            class_="lever plainly",
        ),
        el(
            "div",
            el("label", "Worlds", for_="pick-worlds"),
            el("select", options, id="pick-worlds", data_act="worlds"),
            class_="head",
        ),
    )


def _keep(view: View, catalogue: Catalogue, scenario: Scenario) -> Markup:
    address = write_address(view, catalogue.first)
    can_pin = view.own and len(view.compared) < MOST_COMPARED and view.mine not in view.compared
    pin = "Pin this setting" if len(view.compared) < MOST_COMPARED else "Three are compared already"
    return _section(
        "keep",
        "Keep",
        el(
            "span",
            el("label", "Name of your setting", for_="setting-title", class_="over"),
            el(
                "input",
                type="text",
                id="setting-title",
                maxlength=LONGEST_TITLE,
                value=view.mine.title,
                placeholder=scenario.title,
                data_act="title",
                autocomplete="off",
                disabled=not view.mine.changed,
            ),
            class_="field",
        ),
        el(
            "div",
            el("button", pin, type="button", id="do-pin-", data_act="pin", disabled=not can_pin),
            el("button", "Undo", type="button", id="do-undo", data_here="undo", disabled=True),
            button("reset", "Reset", "Reset"),
            el("button", "Copy link", type="button", id="do-copy", data_here="copy"),
            el(
                "a",
                "Save YAML",
                href=f"/setting.yaml{address}",
                download=True,
                id="save",
                class_="button",
            ),
            class_="buttons",
        ),
        el("p", "", id="said", class_="hint", role="status"),
    )
