"""What the page shows of each hypothesis: its rule in words, its pictures and tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.report.markup import Content, el
from sim.report.pieces import Pictures
from sim.report.tables import table
from sim.report.thesis_entry import entry
from sim.report.thesis_page import by_figure
from sim.report.thesis_prolonged import prolonged


def rule_words(name: str, rule: Mapping[str, Any], one: Mapping[str, Any]) -> str:
    """The rule of a hypothesis in words, its numbers from the data."""
    high, low = (f"{100 * rule[key]:.0f} %" for key in ("supported_share", "refuted_share"))
    ends = f"Supported from {high} of all sets on, refuted up to {low}."
    size = f"{one['sets']} sets of {one['draws']} draws, {one['months']} months."
    return f"The rule. {_hit_words(name, rule)} {ends} {size}"


def _hit_words(name: str, rule: Mapping[str, Any]) -> str:
    hit = rule["hit"]
    match name:
        case "H1":
            return f"A set hits above {hit['above']:g}, over {rule['months']} months."
        case "H2":
            return _sure(hit, "more is agreed when Moscow has fewer others")
        case "H3":
            return (
                "A set hits if its best end lies in the longest third; it is undecided if an end "
                f"in another third lies within {hit['undecided_within_standard_errors']} standard "
                "errors. The same has to hold under the default and at least "
                f"{rule['variants_needed']} of {len(rule['variants'])} variants."
            )
        case "H4":
            return _sure(hit, "the shock moves it in the direction stated")
        case "H5":
            return (
                "A set hits at a point of the grid if the probability of entry within "
                f"{rule['months']} months lies between {100 * hit['above']:g} and "
                f"{100 * hit['below']:g} %."
            )
        case _:
            return "A set hits if the scenario that is best for one is not best for the other."


def _sure(hit: Mapping[str, Any], what: str) -> str:
    return (
        f"A set hits if {what}, with {100 * hit['confidence']:.0f} % confidence and by an amount "
        "that counts."
    )


def _no_puppet(made: Pictures, _: Mapping[str, Any], judged: Mapping[str, Any]) -> list[Content]:
    beside = judged["beside"]
    return [
        by_figure(made, judged, [(beside["threshold"], "hits beyond")]),
        el(
            "p",
            f"{beside['sets_within_error_of_threshold']} sets lie within chance of the threshold.",
            class_="note",
        ),
    ]


def _effects(made: Pictures, judged: Mapping[str, Any], rows: Mapping[str, Any]) -> list[Content]:
    cells = [
        [row["label"], f"{row['mean']:+.3g}".replace("-", "−"), row["sets_up"], row["sets_down"]]
        for row in rows.values()
    ]
    head = ("", "mean change over sets", "sets surely up", "sets surely down")
    return [
        by_figure(made, judged, [(0.0, "")]),
        table("Beside it: how other quantities moved", head, cells),
    ]


def _leverage(made: Pictures, _: Mapping[str, Any], judged: Mapping[str, Any]) -> list[Content]:
    risen = judged["beside"]["where_dependence_rises"]
    words = (
        f"With fewer others Russia’s dependence on Belarus surely rises in {risen['sets']} of "
        f"{judged['sets']} sets. Among these alone {risen['hit']} hit"
        + (f": by themselves {risen['verdict']}." if risen["verdict"] else ".")
    )
    return [*_effects(made, judged, judged["beside"]["effects"]), el("p", words, class_="note")]


def _distraction(made: Pictures, _: Mapping[str, Any], judged: Mapping[str, Any]) -> list[Content]:
    beside = judged["beside"]
    any_size = (
        f"by any amount {beside['sets_up_of_any_size']} up and {beside['sets_down_of_any_size']} "
        "down, surely."
    )
    words = (
        f"No set surely moves by an amount that counts; {any_size}"
        if beside["direction"] == "none"
        else f"Direction taken by more sets: {beside['direction']} ({beside['sets_up']} up, "
        f"{beside['sets_down']} down); {any_size}"
    )
    shown = _effects(made, judged, beside["without_verdict"])
    return [shown[0], el("p", words, class_="note"), shown[1]]


def _divergence(_: Pictures, __: Mapping[str, Any], judged: Mapping[str, Any]) -> list[Content]:
    beside = judged["beside"]
    rows = [
        [
            title,
            beside["best"]["russia"][title],
            beside["best"]["belarus"][title],
            f"{beside['mean']['russia'][title]:.2f}".replace("-", "−"),
            f"{beside['mean']['belarus'][title]:.2f}".replace("-", "−"),
        ]
        for title in beside["scenarios"]
    ]
    sure = beside["beyond_chance"]
    head = (
        "",
        "best for Russia, sets",
        "best for Belarus, sets",
        "Russia’s flow, mean",
        "Belarus’s flow, mean",
    )
    return [
        table("In how many sets each scenario is best", head, rows),
        el(
            "p",
            f"In {100 * sure['share']:.0f} % of sets the two best differ and each side prefers its "
            "own by more than chance leaves open.",
            class_="note",
        ),
    ]


DETAILS = {
    "H1": _no_puppet,
    "H2": _leverage,
    "H3": prolonged,
    "H4": _distraction,
    "H5": entry,
    "H6": _divergence,
}
