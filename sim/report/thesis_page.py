"""What sections of the hypotheses' page are made with: pictures, counts, where verdicts flip."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sim.report.markup import Content, Markup, el
from sim.report.pieces import Pictures
from sim.report.tables import folded
from sim.report.thesis_figures import sets, shares
from sim.report.thesis_words import hits_words
from sim.scenario.posteriors import PRIORS

KAPPA: Final = "world.kappa"
MARKS: Final = {"supported": "✓", "refuted": "✗", "undecided": "?"}
"""What stands before each verdict."""


type Other = tuple[str, Mapping[str, Mapping[str, Any]]]
"""Another source of parameters, and by its name everything judged under it."""


def badge(verdict: str) -> Markup:
    """A verdict, told apart by word, mark and frame; no verdict looks better than another."""
    mark = el("span", MARKS[verdict], aria_hidden="true")
    return el("span", mark, " ", verdict, class_=f"badge {verdict}")


def under_words(source: str) -> str:
    """Where a verdict comes from, at the beginning of a sentence."""
    return "On the frozen priors" if source == PRIORS else f"Under {source}"


def beside_cell(source: str, one: Mapping[str, Any] | None) -> Content:
    """What another source says of the same."""
    if one is None:
        return el("span", "not yet run", class_="beside muted", data_under=under_words(source))
    said = el("span", one["verdict"], class_="beside", data_under=under_words(source))
    counted = el("span", f"{hits_words(one)} ± {100 * one['error']:.1f} points", class_="under")
    within = None if one["firm"] else el("span", "within error", class_="under")
    return [said, counted, within]


def counted(judged: Mapping[str, Any]) -> str:
    """How sets count, with the error of the share."""
    counts = judged["counts"]
    error = f"error of the share {100 * judged['error']:.1f} points"
    if counts is None:
        return (
            f"the average set hits at {100 * judged['share']:.0f} % of the points of the grid, "
            f"{error}."
        )
    return (
        f"{counts['hit']} of {judged['sets']} sets hit, {counts['miss']} miss, "
        f"{counts['undecided']} are undecided; {error}."
    )


def by_figure(made: Pictures, judged: Mapping[str, Any], marks: list[tuple[float, str]]) -> Markup:
    """How many sets have which figure, by how they count."""
    slot = f"{judged['name']}-sets"
    chart = sets(judged, marks)
    return made.picture(slot, f"Sets by their figure: {judged['label']}", chart, counted(judged))


def flips_of(made: Pictures, judged: Mapping[str, Any], rule: Mapping[str, Any]) -> Content:
    """Where a verdict flips: the sentence, and the parameters behind it."""
    flips = judged["flips"]
    body: list[Content] = [el("h3", "Where it flips"), el("p", flips["sentence"], class_="note")]
    panels: list[Content] = []
    beside: list[Content] = []
    shown = [
        one
        for one in flips["parameters"]
        if not (one["parameter"] == KAPPA and "variants" in judged["beside"])  # shown above
    ]
    for parameter in shown:
        rows = [(f"{part['from']:.3g} to {part['to']:.3g}", part) for part in parameter["parts"]]
        name = parameter["parameter"]
        p = parameter["p_corrected"]
        said = "p < 0.001" if p < 0.001 else f"p = {p:.2g}"
        (panels if parameter["moves"] else beside).append(
            made.picture(
                f"{judged['name']}-{name}",
                f"{name} ({said}, corrected for {flips['looked_at']})",
                shares(rows, rule),
                "; ".join(f"{label}: {100 * part['share']:.0f} %" for label, part in rows),
            )
        )
    if panels:
        body.append(el("div", panels, class_="grid wide"))
    if beside:
        body.append(folded("By κ, which does not move it", el("div", beside, class_="grid wide")))
    return body
