"""Results as tables in a terminal, in the same words and digits as the page."""

from typing import TYPE_CHECKING, Final

import xarray as xr

from sim.analysis.compare import Comparison
from sim.analysis.differences import Change
from sim.analysis.outcomes import Measure, headline, measure, outcome
from sim.analysis.spread import decompose, quantiles, sets_of
from sim.report.aggregates import scaled
from sim.report.labels import month_words
from sim.report.numbers import NOTHING, decimals, interval, number, of_worlds, percent
from sim.report.phrases import (
    event_change,
    higher_in,
    mean_change,
    mean_interval_words,
    median_change,
    places_of,
    same_in,
)

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

MANY: Final = 3
SHORT: Final = (
    "influence.belarus.russia",
    "dependence.russia.belarus",
    "payoff.belarus",
    "payoff.russia",
    "transfers.total",
    "front",
)
"""What is shown of more than three scenarios; the report has the rest."""


def paired_table(comparison: Comparison) -> "Table":
    """Paired differences in the last month as a table for the terminal.

    Args:
        comparison: runs that share their worlds.

    Returns:
        A rich table: a heading an outcome, a row a scenario.
    """
    from rich.text import Text

    names = headline(comparison.datasets[comparison.baseline])
    if len(comparison.others) > MANY:
        names = tuple(name for name in names if name in SHORT)
    base = comparison.titles[comparison.baseline]
    table = _table(f"Change from “{base}” within each world, {_last(comparison.datasets[0])}")
    table.add_column("Outcome and scenario", overflow="fold")
    for word in ("Mean", "95 % interval", "Median", "Higher in", "Same in"):
        table.add_column(word, justify="right", no_wrap=True)
    for name in names:
        read = measure(name, comparison.datasets[0])
        changes = {
            i: scaled(change, read.scale)
            for i in comparison.others
            if (change := comparison.change(i, name)) is not None
        }
        rows = _change_rows(read, changes)
        if rows:
            table.add_row(_label(read, "bold"))
        for i, cells in rows.items():
            table.add_row(Text(f"  {comparison.titles[i]}"), *cells)
    return table


def levels_table(ds: xr.Dataset) -> "Table":
    """One run's last month as a table for the terminal: a row an outcome."""
    title = str(ds.attrs.get("title") or ds.attrs.get("scenario"))
    table = _table(f"{title}, {_last(ds)}")
    table.add_column("Outcome", overflow="fold")
    for word in ("Median", "90 of 100 worlds", "Spread not known, %"):
        table.add_column(word, justify="right", no_wrap=True)
    for name in headline(ds):
        read = measure(name, ds)
        values = outcome(ds, name).isel(month=-1).values * read.scale
        found, spread = quantiles(values, sets_of(ds)), decompose(values, sets_of(ds))
        unknown = percent(spread.unknown, spread.error)
        if read.event:
            cells = (of_worlds(float(values.mean()), values.size), NOTHING, unknown)
        else:
            low, middle, high = (found.values[key] for key in ("q05", "median", "q95"))
            if low is None or middle is None or high is None:
                continue
            ends = [e for key in ("q05", "q95") if (e := found.errors[key]) is not None]
            wide = decimals(max(ends, default=None), low, high)
            median = number(middle, decimals(found.errors["median"], middle))
            cells = (median, interval(low, high, wide), unknown)
        table.add_row(_label(read), *cells)
    return table


def _change_rows(read: Measure, changes: dict[int, Change]) -> dict[int, tuple[str, ...]]:
    places = places_of(changes.values())
    rows: dict[int, tuple[str, ...]] = {}
    for i, change in changes.items():
        if read.event:
            rows[i] = (*event_change(change), NOTHING, higher_in(change), same_in(change))
        else:
            mean = (mean_change(change, places), mean_interval_words(change, places))
            rows[i] = (*mean, median_change(change, places), higher_in(change), same_in(change))
    return rows


def _label(read: Measure, style: str = "") -> "Text":
    from rich.text import Text

    units = "of 100 worlds" if read.event else read.shown_units
    return Text.assemble((read.label, style), "" if "0 to 1" in units else f" ({units})")


def _last(ds: xr.Dataset) -> str:
    return month_words(str(ds["month"].values[-1])[:10])


def _table(title: str) -> "Table":
    from rich import box
    from rich.table import Table
    from rich.text import Text

    return Table(
        title=Text(title),
        title_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        caption=Text("A model’s output, not a forecast."),
        caption_justify="left",
    )
