"""Single figures for a notebook or a slide, from the same parts as the page."""

from typing import TYPE_CHECKING

from sim.analysis.compare import Comparison
from sim.report.aggregates import digest
from sim.report.figures import complete, fan, medians
from sim.report.markup import chart_text
from sim.report.odds import forest
from sim.report.theme import LIGHT, Json, template

if TYPE_CHECKING:
    import plotly.graph_objects as go

VIEWS = ("fans", "medians", "forest")
PER_ROW = 3


def comparison_figure(comparison: Comparison, name: str, view: str = "fans") -> "go.Figure":
    """One outcome of a comparison as a Plotly figure.

    Args:
        comparison: runs that share their worlds.
        name: dotted outcome name.
        view: "fans", "medians" or "forest".

    Raises:
        OutcomeError: no such outcome.
        ValueError: no such view, or no world has a value of this outcome.
    """
    import plotly.graph_objects as go

    if view not in VIEWS:
        raise ValueError(f"no view {view!r}: choose one of {', '.join(VIEWS)}")
    numbers = digest(comparison, (name,))
    if name not in numbers.views:
        raise ValueError(f"no world has a value of {name}")
    shown = numbers.views[name]
    title = {"text": f"{chart_text(shown.measure.label)}, {chart_text(shown.measure.shown_units)}"}
    if view == "fans":
        figure = _fan_grid(
            comparison.titles,
            [fan(numbers, shown, i) for i in range(len(comparison.names))],
            numbers.months,
        )
    else:
        chart = medians(numbers, shown) if view == "medians" else forest(numbers, shown, "final")
        figure = go.Figure(**complete(chart, numbers.months))
    figure.update_layout(template=template(LIGHT), title=title)
    figure.update_layout(margin_t=int(figure.layout.margin.t or 0) + 56)
    figure.update_layout(height=int(figure.layout.height) + 56)
    return figure


def _fan_grid(titles: tuple[str, ...], charts: list[Json], months: tuple[str, ...]) -> "go.Figure":
    from plotly.subplots import make_subplots

    columns = min(PER_ROW, len(charts))
    rows = -(-len(charts) // columns)
    figure = make_subplots(
        rows,
        columns,
        shared_yaxes="all",
        subplot_titles=[chart_text(title) for title in titles],
        horizontal_spacing=0.04,
        vertical_spacing=0.24 / rows,
    )
    for place, chart in enumerate(charts):
        whole = complete(chart, months)
        row, column = divmod(place, columns)
        for trace in whole["data"]:
            figure.add_trace(trace, row=row + 1, col=column + 1)
        figure.update_xaxes(whole["layout"]["xaxis"], row=row + 1, col=column + 1)
        figure.update_yaxes(whole["layout"]["yaxis"], row=row + 1, col=column + 1)
    figure.update_layout(height=240 * rows + 60, margin={"l": 52, "r": 16, "t": 40, "b": 44})
    return figure
