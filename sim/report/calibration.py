"""The page of a calibration: what was learned, what the model misses, and whether it helps."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from sim.analysis.backtest import Backtest
from sim.analysis.calibration import PLACEBOS, Calibration, Posterior, Statistic
from sim.analysis.forecasts import Forecast
from sim.analysis.observed import Record
from sim.ensemble.manifest import write_whole
from sim.report import pieces
from sim.report.document import PLAIN, document
from sim.report.labels import month_words
from sim.report.markup import Content, Markup, el
from sim.report.numbers import NOTHING, number, signed
from sim.report.record_words import forecast_title, percent, skill_words
from sim.report.tables import Row, folded, group_row, table
from sim.report.theme import CONFIG, DARK, HUES, LIGHT, Json, template

SHOWN: Final = 24
"""Parameters in the picture: those about which most was learned."""
ROW: Final = 22
_PLACE = (
    "Where each parameter’s posterior lies within its prior, which reaches from 0 to 1: the bar "
    "holds 90 of 100, the dot is the median. A bar from 0.05 to 0.95 has learned nothing. Filled "
    "dots are informed; the others could be chance."
)
_HOW = (
    "Worlds are drawn from the priors and summed up by a level and a trend for each series, "
    "measured with its error, and by the checks of the ten facts. The nearest to the record count, "
    "the nearer the more, and are moved along a local regression (approximate Bayesian "
    "computation: Beaumont, Zhang & Balding 2002). A parameter is informed where its width or its "
    "place differs from the prior’s by more than chance allows for any of all of them."
)
_SEEN = (
    "The months after the fit were not learned from. They are no blind test either: their scores "
    "were in sight whenever the method was tried while it was being made."
)


def write_calibration(
    found: Calibration,
    checks: Mapping[str, Backtest],
    record: Record,
    path: str | os.PathLike[str],
    command: str,
) -> Path:
    """Write the page of a calibration; replaced whole or not at all."""
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    write_whole(target, page(found, checks, record, command))
    return target


def page(found: Calibration, checks: Mapping[str, Backtest], record: Record, command: str) -> str:
    """The whole document as text."""
    main = el(
        "main",
        _summary(found, record),
        _learned(found),
        _statistics(found),
        _checked(checks),
        pieces.section(
            "method",
            "How it is learned",
            el("p", _HOW, class_="caveat"),
            el("h3", "Make it again"),
            el("pre", el("code", command), tabindex=0),
        ),
        id="main",
    )
    heading = f"What the record teaches “{found.scenario.title}”"
    numbers: dict[str, Any] = {
        "months": [],
        "templates": {"light": template(LIGHT), "dark": template(DARK)},
        "colours": {
            palette.name: {"ink": palette.ink, "muted": palette.muted, "paper": palette.paper}
            for palette in (LIGHT, DARK)
        },
        "config": CONFIG,
        "charts": {"places": {"chart": places(_most(found)), "alt": _alt(found)}},
    }
    return document(heading, _header(heading, found, record), main, _footer(), numbers, PLAIN)


def _header(heading: str, found: Calibration, record: Record) -> Markup:
    first, last = (month_words(str(month)) for month in (record.fit.first, record.fit.last))
    facts = f"{first} to {last} · {found.worlds:,} worlds of the priors · seed {found.seed}"
    theme = pieces.switch(
        "theme", "Theme", [("system", "System"), ("light", "Light"), ("dark", "Dark")]
    )
    links = [("summary", "Summary"), ("learned", "Parameters"), ("statistics", "Record")]
    links += [("check", "Check"), ("method", "How it is learned")]
    items = [el("li", el("a", words, href=f"#{target}")) for target, words in links]
    return el(
        "header",
        el("div", el("span", "Fulcrum", class_="brand"), theme, class_="row"),
        el("h1", heading),
        el("p", facts, class_="facts"),
        el("nav", el("ul", items), aria_label="Sections"),
    )


def _summary(found: Calibration, record: Record) -> Markup:
    silent = len(found.parameters) - len(found.informed)
    missed = [one.name for one in found.statistics if not one.used]
    words = (
        f"The {len(found.accepted.worlds):,} worlds nearest to the record of {record.fit} count as "
        f"much as {found.accepted.effective:,.0f} equal ones. The record says something about "
        f"{len(found.informed)} of {len(found.parameters)} parameters that are not known, and "
        f"nothing that could be told from chance about {silent}. Of {PLACEBOS} made-up parameters "
        f"that nothing reads, {found.placebos} would be called informed."
    )
    reach = (
        f"Out of the model’s reach, whatever its parameters are, and not learned from: "
        f"{'; '.join(missed)}."
        if missed
        else "No statistic of the record is out of the model’s reach."
    )
    return pieces.section(
        "summary",
        "What the record says",
        el("p", words, class_="caveat"),
        el("p", reach, class_="caveat"),
        el(
            "p",
            "Hypotheses stand on the priors. The posterior is a source of parameters that a "
            "scenario may name.",
            class_="note",
        ),
    )


def _most(found: Calibration) -> list[Posterior]:
    """Parameters about which most was learned, the most first."""

    def told(one: Posterior) -> tuple[bool, float]:
        learned = one.learned
        errors = (learned.width_error or 1.0, learned.shift_error or 1.0)
        return learned.informed, max(
            abs(learned.width - 1.0) / errors[0], abs(learned.shift) / errors[1]
        )

    return sorted(found.parameters, key=told, reverse=True)[:SHOWN]


def places(shown: Sequence[Posterior]) -> Json:
    """Posteriors within their priors, one row a parameter."""
    names = [one.learned.name for one in shown]
    marks = [HUES[0] if one.learned.informed else "$paper" for one in shown]
    lows = [one.place[1] - one.place[0] for one in shown]
    highs = [one.place[2] - one.place[1] for one in shown]
    trace = {
        "type": "scatter",
        "mode": "markers",
        "x": [round(one.place[1], 4) for one in shown],
        "y": names,
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [round(high, 4) for high in highs],
            "arrayminus": [round(low, 4) for low in lows],
            "color": HUES[0],
            "thickness": 2,
            "width": 0,
        },
        "marker": {"color": marks, "size": 9, "line": {"color": HUES[0], "width": 1.4}},
        "hovertemplate": "%{y}: median at %{x:.2f} of the prior<extra></extra>",
        "cliponaxis": False,
    }
    layout: Json = {
        "height": 70 + ROW * len(shown),
        "xaxis": {
            "range": [-0.02, 1.02],
            "tickvals": [0.05, 0.25, 0.5, 0.75, 0.95],
            "showgrid": True,
        },
        "yaxis": {"type": "category", "autorange": "reversed", "showgrid": False},
        "margin": {"l": 300, "r": 20, "t": 10, "b": 40},
    }
    short = [name.rpartition(".")[2] for name in names]
    axis = {"tickvals": names, "ticktext": short, "tickfont": {"size": 10}}
    narrow = {"margin": {"l": 130, "r": 12, "t": 10, "b": 40}, "yaxis": {**layout["yaxis"], **axis}}
    return {"data": [trace], "layout": layout, "narrow": narrow}


def _alt(found: Calibration) -> str:
    told = [
        f"{one.learned.name} from {one.place[0]:.2f} to {one.place[2]:.2f}"
        for one in found.informed
    ]
    return f"Posteriors within their priors, 90 of 100. {'; '.join(told) or 'None is informed'}."


def _learned(found: Calibration) -> Markup:
    head = ["Parameter", "Prior: 5 %, median, 95 %", "Posterior", "Width to prior’s", "Shift"]
    rest = [one for one in found.parameters if not one.learned.informed]
    height = 70 + ROW * min(SHOWN, len(found.parameters))
    return pieces.section(
        "learned",
        "Parameters before and after",
        table("Informed by the record", head, [_row(one) for one in found.informed])
        if found.informed
        else el("p", "No parameter is informed."),
        el("p", _PLACE, class_="caption"),
        pieces.panel(
            el("span", "Posterior within the prior", class_="name"),
            pieces.chart("places", _alt(found), height),
        ),
        folded(
            f"Parameters about which the record says nothing: {len(rest)}",
            table("Not told from chance", head, [_row(one) for one in rest]),
        ),
    )


def _row(one: Posterior) -> list[Content]:
    told = one.learned
    name = [el("code", told.name), el("br"), el("span", one.unit, class_="muted")]
    return [
        name,
        _band(one.prior),
        _band(one.posterior),
        f"{told.width:.2f} ± {told.width_error:.2f}",
        f"{signed(told.shift, 2)} ± {told.shift_error:.2f}",
    ]


def _statistics(found: Calibration) -> Markup:
    rows: list[Row] = [_statistic(one) for one in found.statistics]
    head = ["Statistic", "Record", "Priors: 5 %, median, 95 %", "Accepted", "Priors below, %"]
    note = (
        "Relative series are on the logarithm. A record above nearly all worlds, or below, is one "
        "that the model does not reach; the accepted worlds then miss it too (posterior "
        "predictive check)."
    )
    return pieces.section(
        "statistics",
        "The record among the worlds",
        table(
            "Summaries of March 2022 to June 2023",
            [*head, "Accepted below, %", "Used"],
            rows,
            "scores",
        ),
        el("p", note, class_="note"),
    )


def _statistic(one: Statistic) -> list[Content]:
    return [
        one.name,
        _band((one.observed,)),
        _band(one.prior),
        _band(one.posterior),
        number(100 * one.reach, 1),
        number(100 * one.after, 1),
        "yes" if one.used else "out of reach",
    ]


def _checked(checks: Mapping[str, Backtest]) -> Markup:
    """Priors and posterior against the record, within the fit and after it."""
    windows = list(dict.fromkeys(words.partition(" ")[2] for words in checks))
    head = ["Series", "CRPS of the priors", "CRPS of the posterior", "Ratio"]
    body: list[Row] = []
    for window in windows:
        before, after = checks[f"priors {window}"], checks[f"posterior {window}"]
        for one, other in zip(before.forecasts, after.forecasts, strict=True):
            body.append(group_row(f"{forecast_title(one)}, scored {window}", len(head)))
            body += _ratios(one, other)
    return pieces.section(
        "check",
        "Does it help?",
        table("Below a ratio of 1 the posterior is better", head, body, "scores"),
        el("p", _SEEN, class_="note"),
    )


def _ratios(one: Forecast, other: Forecast) -> list[Row]:
    rows: list[Row] = [
        [
            before.series.title,
            number(before.crps.value, 3),
            number(after.crps.value, 3),
            number(after.crps.value / before.crps.value, 2),
        ]
        for before, after in zip(one.scores, other.scores, strict=True)
    ]
    held = [forecast.coverage(0.9) for forecast in (one, other)]
    told = [percent(None if share is None else share.value) for share in held]
    rows.append([el("b", "In bands of 90 %"), *told, NOTHING])
    skills = [skill_words(forecast.pooled("persistence")) for forecast in (one, other)]
    rows.append([el("b", "Skill to persistence"), *skills, NOTHING])
    return rows


def _band(values: Sequence[float]) -> str:
    return ", ".join(f"{value:.3g}" for value in values).replace("-", "−")


def _footer() -> Markup:
    from sim import __version__

    made = f"Made by Fulcrum {__version__}."
    return el("footer", el("p", f"{made} Nothing on this page is loaded from or sent to anywhere."))
