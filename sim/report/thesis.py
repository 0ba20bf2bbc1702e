"""The page of the hypotheses: for each the claim, the rule, the verdict, the figures, the flips."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.report import pieces
from sim.report.document import PLAIN
from sim.report.document import document as offline
from sim.report.markup import Content, Markup, el
from sim.report.numbers import listed
from sim.report.sentences import NOT_A_FORECAST
from sim.report.tables import table
from sim.report.theme import CONFIG, DARK, LIGHT, template
from sim.report.thesis_figures import shares
from sim.report.thesis_sections import DETAILS, Page, counted, flips_of, rule_words
from sim.report.thesis_words import figure_words, hits_words, range_words, share_words


def page(document: Mapping[str, Any]) -> str:
    """The whole page as text.

    Args:
        document: what `fulcrum thesis --json` prints.
    """
    made = Page()
    hypotheses = document["hypotheses"]
    heading = "Six tests of the argument"
    main = el(
        "main",
        _summary(made, hypotheses),
        [_hypothesis(made, one) for one in hypotheses],
        _how(document),
        id="main",
    )
    footer = el(
        "footer",
        el(
            "p",
            f"Made by Fulcrum {document['fulcrum']}. {NOT_A_FORECAST} Nothing on this page "
            "is loaded from or sent to anywhere.",
        ),
    )
    numbers = {
        "charts": made.charts,
        "templates": {"light": template(LIGHT), "dark": template(DARK)},
        "config": CONFIG,
    }
    return offline(heading, _header(heading, document), main, footer, numbers, PLAIN)


def _header(heading: str, document: Mapping[str, Any]) -> Markup:
    theme = pieces.switch(
        "theme", "Theme", [("system", "System"), ("light", "Light"), ("dark", "Dark")]
    )
    facts = [
        "frozen priors of seeds/",
        "designs fixed before any run, in seeds/thesis.yaml",
        f"seed {document['seed']}",
        f"Fulcrum {document['fulcrum']}",
    ]
    links = [("summary", "Verdicts")]
    links += [(one["id"], f"{one['id']} {one['title']}") for one in document["hypotheses"]]
    links.append(("how", "How it was judged"))
    items = [el("li", el("a", words, href=f"#{target}")) for target, words in links]
    return el(
        "header",
        el("div", el("span", "Fulcrum", class_="brand"), theme, class_="row"),
        el("h1", heading),
        el("p", " · ".join(facts), class_="facts"),
        el("nav", el("ul", items), aria_label="Sections"),
    )


def _summary(made: Page, hypotheses: Sequence[Mapping[str, Any]]) -> Markup:
    judged = [one for hypothesis in hypotheses for one in hypothesis["judged"]]
    counts = {said: sum(one["verdict"] == said for one in judged) for said in _MARKS}
    told = listed([f"{count} {said}" for said, count in counts.items() if count])
    rows = [
        (_short(hypothesis, one), one) for hypothesis in hypotheses for one in hypothesis["judged"]
    ]
    return el(
        "section",
        el(
            "p",
            "Does the argument hold in a model that was not built to confirm it?",
            class_="question",
        ),
        el("p", f"Of {len(judged)} verdicts: {told}.", class_="answer"),
        table(
            "Each verdict goes by the share of sets of assumptions in which the claim holds, drawn "
            "from priors that were frozen before any run.",
            ("", "verdict", "sets that hit", "figure, median set", "where it would flip"),
            [_row(hypothesis, one) for hypothesis in hypotheses for one in hypothesis["judged"]],
            "verdicts",
        ),
        el("p", el("strong", NOT_A_FORECAST), class_="caveat verdicts-note"),
        made.picture(
            "shares",
            "Sets of assumptions that hit, with 95 % intervals",
            shares(rows, hypotheses[0]["rule"]),
            "; ".join(f"{label}: {hits_words(one)}, {one['verdict']}" for label, one in rows),
        ),
        el(
            "p",
            "H3 has a further condition: its verdicts also need four of six structural variants, "
            "so that the share shown, of the default, is not all of it. H5 counts each set by the "
            "share of a grid in which it hits."
            if any(one["id"] in ("H3", "H5") for one in hypotheses)
            else None,
            class_="caption",
        ),
        id="summary",
        aria_label="Verdicts",
    )


def _row(hypothesis: Mapping[str, Any], one: Mapping[str, Any]) -> list[Content]:
    error = f"{share_words(one)} ± {100 * one['error']:.1f}"
    beside = one["beside"]
    # where all ends of the war are nearly as good, that the best is early says little
    reach = (
        f"; best and worst end are {beside['reach']:.2g} apart, "
        f"{beside['smallest_effect']:g} counts"
        if "reach" in beside
        else ""
    )
    return [
        [
            el("b", f"{hypothesis['id']} {hypothesis['title']}"),
            el("span", one["label"], class_="under"),
        ],
        [
            badge(one["verdict"]),
            None if one["firm"] else el("span", "within error", class_="under"),
        ],
        [hits_words(one), el("span", error, class_="under")],
        [
            figure_words(one),
            el("span", f"90 of 100 sets: {range_words(one)}", class_="under"),
            el("span", one["figure"]["unit"] + reach, class_="under"),
        ],
        one["flips"]["brief"],
    ]


_MARKS = {"supported": "✓", "refuted": "✗", "undecided": "?"}


def badge(verdict: str) -> Markup:
    """A verdict, told apart by word, mark and frame; no verdict looks better than another."""
    mark = el("span", _MARKS[verdict], aria_hidden="true")
    return el("span", mark, " ", verdict, class_=f"badge {verdict}")


def _short(hypothesis: Mapping[str, Any], one: Mapping[str, Any]) -> str:
    alone = len(hypothesis["judged"]) == 1
    words = hypothesis["title"] if alone else one["label"].partition(",")[0]
    return f"{hypothesis['id']} {words}"


def _hypothesis(made: Page, one: Mapping[str, Any]) -> Markup:
    rule = one["rule"]
    body: list[Content] = [
        el("p", one["question"], class_="question"),
        el("p", f"{_verdict_words(one)}", class_="answer"),
        el("p", one["test"], class_="caption"),
        el("p", rule_words(one["id"], rule, one), class_="caption"),
    ]
    for judged in one["judged"]:
        if len(one["judged"]) > 1:
            body.append(el("h3", f"{judged['label']}: {judged['verdict']}"))
            body.append(el("p", counted(judged), class_="note"))
        body += DETAILS[one["id"]](made, one, judged)
        body.append(flips_of(made, judged, rule))
    claims = listed(list(one["claims"]))
    noun = "claim" if len(one["claims"]) == 1 else "claims"
    return pieces.section(one["id"], f"{one['id']} {one['title']} ({noun} {claims})", *body)


def _verdict_words(one: Mapping[str, Any]) -> str:
    judged = one["judged"]
    if len(judged) == 1:
        return f"{judged[0]['verdict'].capitalize()}: {counted(judged[0])}"
    each = listed([f"{j['label'].split(',')[0]} {j['verdict']}" for j in judged])
    if one["verdict"] is None:
        return f"Each curve by itself: {each}."
    return f"{one['verdict'].capitalize()}: {each}."


def _how(document: Mapping[str, Any]) -> Markup:
    lines = [
        "A set is one draw of everything unknown; draws of chance within a set are the same in "
        "all arms that are compared. Sets are the independent unit: errors and intervals of "
        "shares come from them alone (Wilson intervals).",
        "Undecided sets stay in the denominator. “Within error” says that the share’s interval "
        "reaches another verdict; the verdict itself goes by the share, as the rule does.",
        "For the flips the sets are cut into equal parts by each uncertain parameter in turn "
        "(thirds; fifths for κ), the shares compared (chi-square; analysis of variance for H5) and "
        "the tests corrected for their number (Holm). κ is always shown.",
        "Null results stay on the page.",
    ]
    return pieces.section(
        "how",
        "How it was judged",
        [el("p", line, class_="note") for line in lines],
        el("h3", "Make it again"),
        el("pre", "fulcrum thesis"),
        el(
            "p",
            f"Design {document['design'][:12]}, data {document['seeds'][:12]}, code "
            f"{document['code'][:12]}.",
            class_="note",
        ),
    )
