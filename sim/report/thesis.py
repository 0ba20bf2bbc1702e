"""The page of the hypotheses: for each the claim, the rule, the verdict, the figures, the flips."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sim.analysis.thesis.kept import by_name
from sim.report import pieces
from sim.report.document import PLAIN
from sim.report.document import document as offline
from sim.report.markup import Content, Markup, el
from sim.report.numbers import listed
from sim.report.pieces import Pictures
from sim.report.sentences import NOT_A_FORECAST
from sim.report.tables import table
from sim.report.theme import CONFIG, DARK, LIGHT, colours, template
from sim.report.thesis_figures import shares
from sim.report.thesis_page import (
    MARKS,
    Other,
    badge,
    beside_cell,
    counted,
    flips_of,
    under_words,
)
from sim.report.thesis_sections import DETAILS, rule_words
from sim.report.thesis_words import (
    figure_words,
    hits_words,
    name_words,
    other_words,
    range_words,
    share_words,
    stand_words,
)
from sim.scenario.posteriors import PRIORS

HEADING: Final = "Six tests of the argument"


def page(
    document: Mapping[str, Any],
    beside: Sequence[Mapping[str, Any]] = (),
    outdated: Sequence[str] = (),
) -> str:
    """The whole page as text.

    Args:
        document: of one source of parameters, as `fulcrum thesis --json` prints it.
        beside: documents of other sources on the same test.
        outdated: other sources whose verdicts are of another making.
    """
    made = Pictures()
    hypotheses, source = document["hypotheses"], document["source"]
    others = [(other["source"], by_name(other)) for other in beside]
    heading = HEADING if source == PRIORS else f"{HEADING}, under {source}"
    stands = [stand_words(source), *map(other_words, outdated)]
    main = el(
        "main",
        _summary(made, hypotheses, others, stands),
        [_hypothesis(made, one, others) for one in hypotheses],
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
        "colours": colours(),
        "config": CONFIG,
    }
    return offline(heading, _header(heading, document), main, footer, numbers, PLAIN)


def _header(heading: str, document: Mapping[str, Any]) -> Markup:
    theme = pieces.switch(
        "theme", "Theme", [("system", "System"), ("light", "Light"), ("dark", "Dark")]
    )
    facts = [
        "frozen priors of seeds/" if document["source"] == PRIORS else document["source"],
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


def _summary(
    made: Pictures,
    hypotheses: Sequence[Mapping[str, Any]],
    others: Sequence[Other],
    stands: Sequence[str],
) -> Markup:
    judged = [one for hypothesis in hypotheses for one in hypothesis["judged"]]
    counts = {said: sum(one["verdict"] == said for one in judged) for said in MARKS}
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
        el("p", " ".join([*stands, *(_same_words(judged, o) for o in others)]), class_="caveat"),
        table(
            "Each verdict goes by the share of sets of assumptions in which the claim holds.",
            (
                "",
                "verdict",
                "sets that hit",
                *(f"under {name}" for name, _ in others),
                "figure, median set",
                "where it would flip",
            ),
            [
                _row(hypothesis, one, others)
                for hypothesis in hypotheses
                for one in hypothesis["judged"]
            ],
            "verdicts",
        ),
        el("p", el("strong", NOT_A_FORECAST), class_="caveat verdicts-note"),
        made.picture(
            "shares",
            "Sets of assumptions that hit, with 95 % intervals",
            shares(
                rows,
                hypotheses[0]["rule"],
                beside=[
                    (name, [found.get(one["name"]) for _, one in rows]) for name, found in others
                ],
            ),
            "; ".join(f"{label}: {hits_words(one)}, {one['verdict']}" for label, one in rows),
        ),
        el("p", _key_words(others), class_="caption") if others else None,
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


def _same_words(judged: Sequence[Mapping[str, Any]], other: Other) -> str:
    """In how many verdicts another source agrees, and which it would change."""
    source, found = other
    both = [(one, found[one["name"]]) for one in judged if one["name"] in found]
    if not both:
        return ""
    differ = [other for one, other in both if other["verdict"] != one["verdict"]]
    changed = [f"{name_words(other)} {other['verdict']}" for other in differ]
    under = under_words(source)
    if not changed:
        return f"{under}, the verdict is the same in all {len(both)}."
    return f"{under}, {len(changed)} of {len(both)} would be another: {listed(changed)}."


def _key_words(others: Sequence[Other]) -> str:
    return f"Filled: this page’s verdicts. Hollow: {listed([name for name, _ in others])}."


def _row(
    hypothesis: Mapping[str, Any], one: Mapping[str, Any], others: Sequence[Other]
) -> list[Content]:
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
        *(beside_cell(name, found.get(one["name"])) for name, found in others),
        [
            figure_words(one),
            el("span", f"90 of 100 sets: {range_words(one)}", class_="under"),
            el("span", one["figure"]["unit"] + reach, class_="under"),
        ],
        one["flips"]["brief"],
    ]


def _short(hypothesis: Mapping[str, Any], one: Mapping[str, Any]) -> str:
    alone = len(hypothesis["judged"]) == 1
    words = hypothesis["title"] if alone else one["label"].partition(",")[0]
    return f"{hypothesis['id']} {words}"


def _hypothesis(made: Pictures, one: Mapping[str, Any], others: Sequence[Other]) -> Markup:
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
        for source, found in others:
            if (other := found.get(judged["name"])) is not None:
                words = f"{under_words(source)}: {other['verdict']}; {counted(other)}"
                body.append(el("p", words, class_="note"))
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
        "Null results stay on the page. Rules and designs are the same whatever parameters come "
        "from; only the frozen priors decide.",
    ]
    return pieces.section(
        "how",
        "How it was judged",
        [el("p", line, class_="note") for line in lines],
        el("h3", "Make it again"),
        el("pre", _command(document["source"])),
        el(
            "p",
            f"Design {document['design'][:12]}, data {document['seeds'][:12]}, code "
            f"{document['code'][:12]}.",
            class_="note",
        ),
    )


def _command(source: str) -> str:
    return "fulcrum thesis" if source == PRIORS else f"fulcrum thesis --source {source}"
