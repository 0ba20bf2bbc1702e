"""The page of a back-test: what was asked for, who is ahead and why, with every figure shown."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.analysis.backtest import Backtest
from sim.analysis.facts import met
from sim.analysis.forecasts import NAIVE, Forecast, Rolling
from sim.analysis.reasons import asked, fewest, hindsight, unscored, verdict, why, why_event
from sim.ensemble.manifest import write_whole
from sim.report import pieces
from sim.report.document import PLAIN, document
from sim.report.labels import month_words
from sim.report.markup import Content, Markup, el
from sim.report.numbers import NOTHING, number
from sim.report.record_figures import HEIGHT, LOOKS, alt, fan, first_days
from sim.report.record_words import (
    TRIAL_HEAD,
    answer_words,
    forecast_title,
    pattern_words,
    percent,
    score_words,
    skill_words,
    trial_rows,
    trial_words,
    unbroken,
)
from sim.report.tables import Row, folded, group_row, table
from sim.report.theme import CONFIG, DARK, LIGHT, colours, template

_KEY = (
    "Line and bands: the model’s median world, the middle 50 and 90 of 100 worlds. Dots: observed, "
    "with the error of measurement that holds 90 %; filled ones are scored, hollow ones lie "
    "outside the window. Dotted: persistence, its median and its band of 90 %, issued at the end "
    "of the month before the window. Scores add the error of measurement to the model’s bands."
)
_CRPS = (
    "CRPS is the distance of the whole forecast from the figure, in the unit given (log points "
    "where "
    "errors are relative: 0.1 is about 10 %); smaller is better. Skill is one less the ratio to "
    "the naive forecast’s: above 0 the model is better. ± is the Monte Carlo error, jackknifed "
    "over parameter sets; it says nothing of how few the figures are."
)

_TELL = (
    "A score that a wrong record does not raise would say nothing. Shuffled: each forecast meets "
    "every other figure of its series and lead. Exchanged: two figures so many months apart change "
    "places. Shifted: the record moves, and each score is divided by that of persistence on the "
    "same record, since another record may be an easier one. Ratios are geometric means over "
    "series, with twice their standard error between series; told is what lies above 1 by that "
    "much. A forecast that starts from what was observed is near to it for that alone, so the same "
    "is asked of changes. Beside it is a forecast that knows only the mean and spread of the past: "
    "what it reaches too, no model is needed for. Levels issued on the way also meet figures that "
    "were known on their date where figures are shuffled or exchanged, which counts against them."
)


def write_backtest(found: Backtest, path: str | os.PathLike[str], command: str) -> Path:
    """Write the page of a back-test; replaced whole or not at all."""
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    write_whole(target, page(found, command))
    return target


def page(found: Backtest, command: str) -> str:
    """The whole document as text."""
    # the forecast that knows no more than the naive ones do comes first
    forecasts = sorted(found.forecasts, key=lambda one: one.issued is None)
    heading = f"“{found.scenario.title}” against the record"
    main = el(
        "main",
        _summary(found, forecasts),
        [_section(found, forecast) for forecast in forecasts],
        _ahead(found),
        _events(forecasts),
        _patterns(found),
        _tell(found),
        _method(found, command),
        id="main",
    )
    return document(heading, _header(heading, found), main, _footer(), _numbers(found), PLAIN)


def _numbers(found: Backtest) -> dict[str, Any]:
    return {
        "months": first_days(found),
        "templates": {"light": template(LIGHT), "dark": template(DARK)},
        "colours": colours(),
        "config": CONFIG,
        "charts": {
            _slot(forecast, score.series.name): {
                "chart": fan(found, forecast, score),
                "alt": alt(forecast, score),
            }
            for forecast in found.forecasts
            for score in forecast.scores
        },
    }


def _slot(forecast: Forecast, series: str) -> str:
    return f"{forecast.kind}:{series}"


def _header(heading: str, found: Backtest) -> Markup:
    from sim import __version__

    window = f"{month_words(str(found.window.first))} to {month_words(str(found.window.last))}"
    facts = [
        f"scored {window}",
        f"{found.worlds:,} worlds a forecast",
        f"seed {found.seed}",
        f"Fulcrum {__version__}",
    ]
    theme = pieces.switch(
        "theme", "Theme", [("system", "System"), ("light", "Light"), ("dark", "Dark")]
    )
    links = [("summary", "Summary")]
    links += [(one.kind, one.kind.capitalize()) for one in found.forecasts[::-1]]
    links += [("ahead", "Months ahead"), ("events", "Events"), ("patterns", "Patterns")]
    links += [("tell", "Wrong records"), ("method", "How it is scored")]
    items = [el("li", el("a", words, href=f"#{target}")) for target, words in links]
    return el(
        "header",
        el("div", el("span", "Fulcrum", class_="brand"), theme, class_="row"),
        el("h1", heading),
        el("p", " · ".join(facts), class_="facts"),
        el("nav", el("ul", items), aria_label="Sections"),
    )


def _summary(found: Backtest, forecasts: Sequence[Forecast]) -> Markup:
    parts: list[Content] = []
    for forecast in forecasts:
        words = unbroken(" ".join(answer_words(forecast, *asked(forecast))))
        parts.append(el("p", el("b", f"{forecast_title(forecast)}. "), words, class_="caveat"))
    parts.append(el("p", hindsight(found.scenario), class_="caveat"))
    parts.append(el("p", trial_words(found.trials), class_="caveat"))
    parts += [el("p", words, class_="note") for words in _thin(found, forecasts[0])]
    return pieces.section("summary", "What was asked for, and what came out", *parts)


def _thin(found: Backtest, forecast: Forecast) -> list[str]:
    return [words for words in (fewest(forecast), unscored(found)) if words]


def _section(found: Backtest, forecast: Forecast) -> Markup:
    """One forecast: its scores, why they are so, and a picture a series."""
    knows = (
        "It starts where the scenario starts and holds every dated shock of it."
        if forecast.issued is None
        else "It starts over from what was observed by then and knows no dated shock after that."
    )
    rows: list[Row] = [
        [
            [score.series.title, " ", el("span", score.series.scored_in, class_="muted")],
            str(len(score.figures)),
            percent(score.coverage(0.5).value),
            percent(score.coverage(0.9).value),
            score_words(score.crps),
            *(skill_words(score.skill(name)) for name in NAIVE),
            verdict(score, "persistence"),
        ]
        for score in forecast.scores
    ]
    head = ["Series", "Figures", "In 50 %", "In 90 %", "CRPS", "Skill to persistence"]
    reasons: list[Row] = [[score.series.title, why(score)] for score in forecast.scores]
    panels = [
        pieces.panel(
            [
                pieces.swatch(LOOKS[forecast.kind]),
                el(
                    "span",
                    [score.series.title, ", ", el("span", score.series.unit, class_="muted")],
                    class_="name",
                ),
            ],
            pieces.chart(_slot(forecast, score.series.name), alt(forecast, score), HEIGHT),
        )
        for score in forecast.scores
    ]
    return pieces.section(
        forecast.kind,
        forecast_title(forecast),
        el("p", knows, class_="caption"),
        table("Scores by series", [*head, "to drift", "Against persistence"], rows, "scores"),
        el("p", _CRPS, class_="note"),
        el("h3", "Why"),
        table("What each score is made of", ["Series", "Why"], reasons, "text reasons"),
        el("h3", "Figure by figure"),
        el("p", _KEY, class_="caption"),
        el("div", panels, class_="grid n3"),
        folded("Every figure with its forecast", _points(forecast)),
    )


def _points(forecast: Forecast) -> Markup:
    head = ["Figure", "Observed", "Median", "90 % from", "to", "CRPS", "of persistence", "of drift"]
    body: list[Row] = []
    for score in forecast.scores:
        body.append(group_row(f"{score.series.title} ({score.series.unit})", len(head)))
        for one in score.figures:
            low, middle, high = one.quantiles[0], one.quantiles[2], one.quantiles[-1]
            cells = [_short(value) for value in (one.point.value, middle, low, high)]
            cells.append(number(float(one.crps[0]), 3))
            cells += [number(one.naive[n].crps, 3) if n in one.naive else NOTHING for n in NAIVE]
            body.append([one.point.date, *cells])
    return table("Figures of the window", head, body, "scores")


def _short(value: float) -> str:
    return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"


def _ahead(found: Backtest) -> Markup:
    """Forecasts issued on several dates, by how far ahead they looked."""
    if not any(one.scores for one in found.rolling):
        words = "No date of issue lies within the run and the record."
        return pieces.section("ahead", "Three to twelve months ahead", el("p", words))
    issued = ", ".join(month_words(str(origin), full=False) for origin in found.origins)
    head = ["Months ahead", "Figures", "In 90 %", "CRPS", "Skill to persistence", "to drift"]
    body: list[Row] = []
    for one in found.rolling:
        if one.scores:
            body += _lead_rows(one, len(head))
    return pieces.section(
        "ahead",
        "Three to twelve months ahead",
        el("p", f"Forecasts issued at the end of {issued}.", class_="caption"),
        table("Scores by months ahead", head, body, "scores"),
    )


def _lead_rows(one: Rolling, columns: int) -> list[Row]:
    figures = sum(len(score.figures) for score in one.scores)
    rows: list[Row] = [group_row(f"{one.lead} months ahead", columns)]
    for score in one.scores:
        cells = [str(len(score.figures)), percent(score.coverage(0.9).value)]
        cells += [score_words(score.crps), *(skill_words(score.skill(name)) for name in NAIVE)]
        rows.append([score.series.title, *cells])
    pooled = (skill_words(one.pooled(name)) for name in NAIVE)
    rows.append([el("b", "Over series"), str(figures), NOTHING, NOTHING, *pooled])
    return rows


def _events(forecasts: Sequence[Forecast]) -> Markup:
    head = ["Event", "Brier", "Log score", "Brier of the past rate", "In words"]
    body: list[Row] = []
    for forecast in forecasts:
        if forecast.events:
            body.append(group_row(forecast_title(forecast), len(head)))
        for event in forecast.events:
            cells = [score_words(event.brier), score_words(event.log), number(event.rate, 3)]
            body.append([event.title, *cells, why_event(event)])
    note = (
        "Brier is the squared distance of a probability from what came, the log score the surprise "
        "in nats; both are means over the months of the window, smaller is better. The past rate "
        "lets an event come as often as from the start of the run to the window; what has "
        "come stays."
    )
    return pieces.section(
        "events",
        "Dated events",
        table("Events, month by month", head, body, "text")
        if body
        else el("p", "The record tells of no event in this window."),
        el("p", note, class_="note"),
    )


def _patterns(found: Backtest) -> Markup:
    if not found.facts:
        words = "The run does not cover the months that the facts are about."
        return pieces.section("patterns", "Ten facts as patterns", el("p", words))
    rows: list[Row] = []
    told = 0
    for one in found.facts:
        if one.fact != told:
            rows.append(group_row(f"{one.fact}. {one.title}", 5))
        told = one.fact
        error = "" if one.error is None else f" ± {100 * one.error:.1f}"
        shown = one.shown + (", within error" if one.close else "")
        model = ", then ".join(f"{value:.3g}" for value in one.model)
        rows.append([one.check, model, one.record, f"{100 * one.share:.0f}{error}", shown])
    head = ["Check", "Model", "Record", "Worlds of 100", "Shown"]
    note = (
        "A check is shown if at least 60 of 100 worlds do as the record did, missed under 40, and "
        "in part in between (pattern-oriented modelling: Grimm et al. 2005). Signs and orders are "
        "asked for, not sizes. “Given” is set by the scenario and shows nothing."
    )
    return pieces.section(
        "patterns",
        "Ten facts as patterns",
        el("p", pattern_words(met(found.facts)), class_="caveat"),
        table("Facts of 2022-23 in the whole run", head, rows, "text patterns"),
        el("p", note, class_="note"),
    )


def _tell(found: Backtest) -> Markup:
    """Whether a wrong record scores worse."""
    body: list[Row] = []
    for trial in found.trials:
        body += [group_row(trial.title, len(TRIAL_HEAD)), *trial_rows(trial)]
    caption = "Scores against wrong records, over those against the right one"
    return pieces.section(
        "tell",
        "Can the score tell?",
        table(caption, TRIAL_HEAD, body, "scores") if body else el("p", trial_words(found.trials)),
        el("p", _TELL, class_="note"),
    )


def _method(found: Backtest, command: str) -> Markup:
    rows: list[Row] = [
        [
            [series.title, el("br"), el("span", series.observed, class_="muted")],
            f"{series.quantity}, {series.over} of the period",
            f"{series.sd:g} {series.scored_in}",
            series.reason,
        ]
        for series in found.record.series
    ]
    naive = (
        "Persistence: the last figure stays; variance = nugget + slope × months, fitted to squared "
        "differences of past figures, as a Student-t. Drift: the mean slope goes on, with what is "
        "not known of it added. With fewer than three past figures (four for drift) none is given. "
        "Interpolated figures do not count, a cumulative series does not stand beside its monthly "
        "twin, and rows of low confidence have twice the error."
    )
    return pieces.section(
        "method",
        "How it is scored",
        el("p", naive, class_="caveat"),
        table(
            "Series fixed before the first score (seeds/observed.yaml)",
            ["Series", "In the model", "Error", "Why"],
            rows,
            "text reasons",
        ),
        _left_out(found),
        el("h3", "Make it again"),
        el("pre", el("code", command), tabindex=0),
    )


def _left_out(found: Backtest) -> Content:
    """Series of a file of one's own that nothing answers."""
    notes = found.record.notes
    if not notes:
        return None
    return folded(
        f"Series of the file that do not count: {len(notes)}", [el("p", n) for n in notes]
    )


def _footer() -> Markup:
    from sim import __version__

    words = (
        f"Made by Fulcrum {__version__}. Nothing on this page is loaded from or sent to anywhere."
    )
    return el("footer", el("p", words))
