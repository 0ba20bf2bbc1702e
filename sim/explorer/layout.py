"""What the page is made of before anything is shown: landmarks, places for pictures, stores."""

from __future__ import annotations

from typing import Any, Final

from dash import dcc, html

from sim.analysis.outcomes import HEADLINE, measure
from sim.explorer.state import MOST_COMPARED, TABS
from sim.report.theme import CONFIG, DARK, LIGHT, template

SIDES: Final = MOST_COMPARED + 2
"""Scenarios that can stand beside one another: baseline, setting, compared."""
TAB_WORDS: Final = {"matrix": "Matrix", "why": "Why", "worlds": "Worlds", "table": "Table"}
LOOKS: Final[dict[str, Any]] = {
    "templates": {"light": template(LIGHT), "dark": template(DARK)},
    "papers": {"light": LIGHT.paper, "dark": DARK.paper},
}


def layout() -> html.Div:
    """The page, the same for everybody."""
    return html.Div(
        [
            dcc.Location(id="address", refresh=False),
            dcc.Store(id="ask"),
            dcc.Store(id="answer"),
            dcc.Store(id="action"),
            dcc.Store(id="refusal"),
            dcc.Store(id="refused"),
            dcc.Store(id="near"),
            dcc.Store(id="nearby"),
            dcc.Store(id="nearest"),
            dcc.Store(id="clicked"),
            dcc.Store(id="drawn"),
            dcc.Store(id="looks", data=LOOKS),
            html.A("Skip to the pictures", href="#pictures", className="skip"),
            html.Div(
                [_aside(), _main()],
                className="page",
            ),
        ]
    )


def _aside() -> html.Aside:
    return html.Aside(
        [
            html.Header(
                [
                    html.Span("Fulcrum", className="brand"),
                    html.Div(id="themes"),
                    html.Button(
                        "Levers and scenarios",
                        id="fold",
                        type="button",
                        **_aria(expanded="false", controls="panel"),
                    ),
                ],
                className="top",
            ),
            html.Div(id="panel"),
            html.Div(id="suggestions"),
        ],
        className="side",
        **_aria(label="Setting"),
    )


def _main() -> html.Main:
    return html.Main(
        [
            html.Div(id="problems", role="alert"),
            html.Div(
                [
                    html.H1(id="title", children="Explorer"),
                    html.P(id="question", className="question"),
                    html.P(id="words", className="answer", **_aria(live="polite")),
                    html.P(id="caveat", className="caveat"),
                    html.P(id="facts", className="facts"),
                ],
                id="told",
            ),
            html.Div(
                [
                    html.Label("Outcome", htmlFor="outcome"),
                    html.Span(id="outcome-place"),
                    html.Span(id="note", role="status"),
                    html.Span(
                        html.Span(id="bar-part"), id="bar", className="progress", hidden=True
                    ),
                    html.Button("Stop", id="stop", type="button", hidden=True),
                ],
                className="picker",
            ),
            html.Section(
                [
                    html.H2("Over time", id="time-title"),
                    html.Div([_place("fan", k) for k in range(SIDES)], className="grid fans"),
                    html.P(id="fan-caption", className="caption"),
                ],
                id="time",
                **_aria(labelledby="time-title"),
            ),
            html.Section(
                [
                    html.H2("Differences", id="forest-title"),
                    html.P(id="forest-words", className="caption"),
                    _place("forest", 0),
                    html.Div(id="forest-html"),
                ],
                id="gains",
                **_aria(labelledby="forest-title"),
            ),
            html.Section(
                [
                    html.H2("More", id="more-title", className="sr"),
                    html.Div(
                        [
                            html.Button(
                                TAB_WORDS[tab],
                                id=f"tab-{tab}",
                                type="button",
                                role="tab",
                                **{"data-tab": tab},
                                **_aria(controls="tab-body", selected="false"),
                            )
                            for tab in TABS
                        ],
                        role="tablist",
                        className="tabs",
                        **_aria(label="More about these worlds"),
                    ),
                    html.Div(
                        [
                            html.Div(id="tab-html"),
                            html.Div(
                                [
                                    html.H3("State of the war in the last month"),
                                    html.P(
                                        "Fifty dots a scenario, each for two of 100 worlds.",
                                        className="caption",
                                    ),
                                    html.Div(
                                        [_place("end", k) for k in range(SIDES)], className="grid"
                                    ),
                                    html.H3("The outcome in the last month", id="dots-title"),
                                    html.P(
                                        "Each dot is two of 100 worlds; the dashed line is the "
                                        "baseline’s median.",
                                        id="dots-words",
                                        className="caption",
                                    ),
                                    html.Div(
                                        [_place("dots", k) for k in range(SIDES)], className="grid"
                                    ),
                                ],
                                id="tab-pictures",
                                hidden=True,
                            ),
                        ],
                        id="tab-body",
                        role="tabpanel",
                        tabIndex=0,
                    ),
                ],
                id="more",
                **_aria(labelledby="more-title"),
            ),
        ],
        id="pictures",
        tabIndex=-1,
    )


def _place(kind: str, index: int) -> html.Figure:
    """A place for a picture, with its heading; hidden until there is one."""
    name = f"{kind}-{index}"
    return html.Figure(
        [
            html.Figcaption(id=f"{name}-head"),
            html.Div(
                dcc.Graph(id=name, config=CONFIG, figure={"data": [], "layout": {}}),
                id=f"{name}-box",
                role="img",
                className="chart",
            ),
        ],
        id=f"{name}-figure",
        hidden=True,
    )


def outcomes() -> dict[str, str]:
    """Outcomes to choose from, by name."""
    return {name: measure(name).label for name in HEADLINE}


def _aria(**words: str) -> dict[str, Any]:
    return {f"aria-{key}": value for key, value in words.items()}
