"""Where it holds: the verdicts on the argument, and how the model did against the record.

Both come from elsewhere in the results folder and say nothing of the scenarios of the page; what
they were made with is said with them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from sim.analysis.thesis.kept import by_name
from sim.report import pieces
from sim.report.labels import month_words
from sim.report.markup import Content, Markup, el
from sim.report.numbers import NOTHING, listed, number, of_100, signed
from sim.report.pieces import Part
from sim.report.tables import table
from sim.report.thesis_page import MARKS, Other, badge, beside_cell
from sim.report.thesis_words import hits_words
from sim.scenario.posteriors import PRIORS

THESIS: Final = "fulcrum thesis"
BACKTEST: Final = "fulcrum backtest"
NAMED: Final = 2
"""Verdicts of a kind up to which the sentence names each."""
_NAIVE: Final = ("persistence", "drift")


@dataclass(frozen=True)
class Found:
    """A document of the results folder.

    Attributes:
        document: as it was written.
        on: the day.
        changed: what of all that it came from is another by now, in words.
        beside: documents of other sources on the same test.
    """

    document: Mapping[str, Any]
    on: date
    changed: Sequence[str] = ()
    beside: Sequence[Mapping[str, Any]] = field(default=())


def where_it_holds(verdicts: Found | None, backtest: Found | None) -> Part:
    """Section 9: verdicts and scores where there are any, and otherwise what makes them."""
    parts: list[Content] = []
    if verdicts is not None:
        parts += _verdicts(verdicts)
    if backtest is not None:
        parts += _scores(backtest)
    missing = [
        f"{command} {what}"
        for command, what, found in (
            (THESIS, "puts the argument to six tests", verdicts),
            (BACKTEST, "holds the model against the record", backtest),
        )
        if found is None
    ]
    if missing:
        none = "Nothing in this results folder says where the model holds: "
        begins = none if len(missing) == 2 else "Not in this results folder: "
        parts.append(el("p", f"{begins}{listed(missing)}.", class_="note"))
    return Part("holds", "Where it holds", pieces.section("holds", "Where it holds", *parts))


def _verdicts(found: Found) -> list[Content]:
    hypotheses = found.document["hypotheses"]
    others = [(str(other["source"]), by_name(other)) for other in found.beside]
    rows = [
        _row(f"{hypothesis['id']} {hypothesis['title']}", one, others)
        for hypothesis in hypotheses
        for one in hypothesis["judged"]
    ]
    head = ["", "verdict", "sets that hit", *(f"under {source}" for source, _ in others)]
    head.append("where it would flip")
    rule = hypotheses[0]["rule"]
    low, high = (f"{100 * rule[key]:.0f}" for key in ("refuted_share", "supported_share"))
    lines = (
        f"A set is one draw of everything unknown. Supported from {high} of 100 sets on, refuted "
        f"up to {low}; H3 also needs {_needed(hypotheses)} structural variants."
    )
    return [
        el("p", _answer(hypotheses), class_="answer"),
        el("p", _about_verdicts(found), class_="caption"),
        table("Verdicts on the article’s argument", head, rows, "verdicts holds"),
        el("p", lines, class_="note"),
    ]


def _row(title: str, one: Mapping[str, Any], others: Sequence[Other]) -> list[Content]:
    within = None if one["firm"] else el("span", "within error", class_="under")
    low, high = (of_100(end) for end in one["ci95"])
    open_sets = 0 if one["counts"] is None else one["counts"]["undecided"]
    undecided = f"; {open_sets} undecided" if open_sets else ""
    interval = el("span", f"95 %: {low} to {high} of 100{undecided}", class_="under")
    return [
        [el("b", title), el("span", one["label"].partition(",")[0], class_="under")],
        [badge(one["verdict"]), within],
        [_bar(one["share"]), hits_words(one), interval],
        *(beside_cell(source, seen.get(one["name"])) for source, seen in others),
        one["flips"]["brief"],
    ]


def _needed(hypotheses: Sequence[Mapping[str, Any]]) -> str:
    rules = [one["rule"] for one in hypotheses if "variants_needed" in one["rule"]]
    if not rules:
        return "four of six"
    return f"{rules[0]['variants_needed']} of {len(rules[0]['variants'])}"


def _answer(hypotheses: Sequence[Mapping[str, Any]]) -> str:
    judged = [(one, hypothesis) for hypothesis in hypotheses for one in hypothesis["judged"]]
    told = []
    for said in MARKS:
        mine = [_short(one, of) for one, of in judged if one["verdict"] == said]
        named = f" ({listed(mine)})" if len(mine) <= NAMED else ""
        told += [f"{len(mine)} {said}{named}"] if mine else []
    if len(judged) == 1:
        return f"One verdict on the argument: {listed(told).removeprefix('1 ')}."
    return f"Of {len(judged)} verdicts on the argument: {listed(told)}."


def _short(one: Mapping[str, Any], of: Mapping[str, Any]) -> str:
    alone = len(of["judged"]) == 1
    return f"{of['id']} {of['title'] if alone else one['label'].partition(',')[0]}"


def _about_verdicts(found: Found) -> str:
    document = found.document
    words = [
        "Of the model under its frozen priors, in runs of their own, not of the scenarios above.",
        _made(found, THESIS),
    ]
    if document["source"] != PRIORS:
        words.insert(0, f"Judged under {document['source']}.")
    words.append("The page thesis/thesis.html in the results folder has the figures behind them.")
    return " ".join(words)


def _made(found: Found, command: str) -> str:
    """When something was made and with what, and whether that is another by now."""
    version, code = found.document.get("fulcrum"), str(found.document.get("code") or "")[:12]
    made = f"Made on {found.on.day} {month_words(f'{found.on:%Y-%m}')}"
    made += f" by Fulcrum {version}, code {code}" if version and code else ""
    if not found.changed:
        return f"{made}; nothing that it rests on has changed since."
    has = "has" if len(found.changed) == 1 else "have"
    changed = listed(list(found.changed))
    return f"{made}; {changed} {has} changed since, so that it may no longer hold ({command})."


def _bar(share: float) -> Markup:
    inner = el("span", style=f"width:{100 * share:.0f}%")
    return el("span", inner, class_="bar", aria_hidden="true")


def _scores(found: Found) -> list[Content]:
    document = found.document
    window = " to ".join(month_words(document["window"][end]) for end in ("from", "to"))
    rows = [
        [
            _forecast_words(forecast),
            _percent(forecast["coverage"]["90"]["value"]),
            *(_skill(forecast["skill"][name]) for name in _NAIVE),
            _ahead(forecast),
        ]
        for forecast in sorted(document["forecasts"], key=lambda one: one["issued"] is None)
    ]
    head = [
        "Forecast",
        "figures in bands of 90 %",
        "skill to persistence",
        "skill to drift",
        "series ahead of persistence",
    ]
    low, high = (f"{100 * share:.0f}" for share in document["asked"]["coverage90"])
    words = (
        f"“{document['scenario']}” against what was observed, {window}. {_made(found, BACKTEST)} "
        "Skill is one less the ratio of the score (CRPS, over series) to the naive forecast’s, ± "
        f"Monte Carlo error: above 0 the model is better. Asked for beforehand: {low} to {high} % "
        "in the bands, half of the series ahead."
    )
    return [
        el("h3", "Against the record"),
        el("p", words, class_="caption"),
        table("Pooled scores of the back-test", head, rows, "holds"),
    ]


def _forecast_words(forecast: Mapping[str, Any]) -> str:
    if forecast["issued"] is None:
        return "The whole run, with its dated shocks"
    return f"Issued at the end of {month_words(forecast['issued'])}"


def _percent(share: float | None) -> str:
    return NOTHING if share is None else f"{100 * share:.0f} %"


def _skill(told: Mapping[str, Any]) -> str:
    if told["value"] is None:
        return NOTHING
    error = "" if told["error"] is None else f" ± {number(told['error'], 2)}"
    return f"{signed(told['value'], 2)}{error}"


def _ahead(forecast: Mapping[str, Any]) -> str:
    skills = [series["skill"]["persistence"]["value"] for series in forecast["series"]]
    known = [value for value in skills if value is not None]
    return f"{sum(value > 0 for value in known)} of {len(known)}" if known else NOTHING
