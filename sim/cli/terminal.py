"""What people see in a terminal: progress, tables, short answers."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rich.table import Table

    from sim.report.aggregates import Digest

type Progress = Callable[[int, int], None]
type Row = Sequence[str]

_GAP = 2
"""Columns between two columns of a table."""
_ENDLESS = 10_000
"""Columns of a terminal that cuts nothing."""


class Bars:
    """Progress of one or more runs on the terminal; silent anywhere else."""

    def __init__(self) -> None:
        import rich.progress
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            ProgressColumn,
            Task,
            TextColumn,
            TimeRemainingColumn,
        )
        from rich.text import Text

        class Throughput(ProgressColumn):
            """Worlds a second."""

            def render(self, task: Task) -> Text:
                speed = None if task.total is None else task.finished_speed or task.speed
                return Text(f"{speed:,.0f} worlds/s" if speed else "")

        self.progress = rich.progress.Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            Throughput(),
            TimeRemainingColumn(compact=True),
            console=Console(stderr=True),
            disable=not sys.stderr.isatty(),
            transient=True,
        )

    def of(self, title: str) -> Progress:
        """A bar of its own for one run; what was kept from earlier does not count as speed."""
        task = self.progress.add_task(title, total=None)
        started = False

        def tell(done: int, total: int) -> None:
            nonlocal started
            if started:
                self.progress.update(task, completed=done, total=total)
            else:
                self.progress.reset(task, completed=done, total=total)
                started = True

        return tell

    def count(self, title: str) -> Callable[[int], None]:
        """A line of its own that counts something of which nobody knows how many there will be."""
        task = self.progress.add_task(title, total=None)
        return lambda number: self.progress.update(task, completed=number)

    def say(self, text: str) -> None:
        """A sentence on stderr, above the bars."""
        if self.progress.disable:
            typer.echo(text, err=True)
        else:
            self.progress.console.print(text, markup=False, highlight=False)


@contextmanager
def progress_bars() -> Iterator[Bars]:
    """Bars that live while the block runs and vanish after it."""
    bars = Bars()
    with bars.progress:
        yield bars


def print_table(head: Row, rows: Iterable[Row], *, left: int = 1) -> None:
    """A table on stdout, folded where it is too wide; nothing is cut.

    Args:
        head: of the columns.
        rows: a cell a column; a row of one cell is a heading.
        left: columns that hold words, not numbers.
    """
    from rich.console import Console

    rows = list(rows)
    least, most = _widths(head, rows, left)
    width = _width()
    if width is None:
        width = max(Console().width, sum(least))
    if sum(least) > width:
        _print_beneath(head, rows, width)
        return
    table = _table(head, rows, left)
    if sum(most) > width:  # words give way to one another, but none is broken
        for column, columns in zip(table.columns, _shared(least, most, width), strict=True):
            column.width = columns - _GAP
    Console(highlight=False, width=width).print(table)


def _widths(head: Row, rows: Sequence[Row], left: int) -> tuple[list[int], list[int]]:
    """The least columns that each column of a table can do with, and the most that it can use."""
    from rich.cells import cell_len

    least, most = [], []
    for number, title in enumerate(head):
        cells = [title, *(row[number] for row in rows if len(row) > number)]
        whole = max(map(cell_len, cells))
        longest = max((cell_len(word) for cell in cells for word in cell.split()), default=0)
        most.append(whole + _GAP)
        least.append((longest if number < left else whole) + _GAP)
    return least, most


def _shared(least: Sequence[int], most: Sequence[int], width: int) -> list[int]:
    """Columns for each column of a table: those that want little get it, the others share alike."""
    given = list(least)
    while sum(given) < width:
        wanting = [k for k, columns in enumerate(given) if columns < most[k]]
        if not wanting:
            break
        given[min(wanting, key=given.__getitem__)] += 1
    return given


def print_names(head: Row, rows: Sequence[Row], *, left: int, width: int | None = None) -> None:
    """A table whose first column holds names to be copied, so that they have to stay whole.

    A file or a pipe gets it as wide as it is. Where a terminal is too narrow for it, each name has
    a line of its own and the rest stands beneath it.

    Args:
        head: of the columns.
        rows: a cell a column.
        left: columns that hold words, not numbers.
        width: of the terminal, found out unless given.
    """
    from rich.console import Console
    from rich.measure import Measurement

    table = _table(head, rows, left)
    console = Console(highlight=False)
    needed = Measurement.get(console, console.options.update(max_width=_ENDLESS), table).maximum
    if width is None:
        width = _width() or needed
    if needed <= width:
        Console(highlight=False, width=width).print(table)
    else:
        _print_beneath(head, rows, width)


def _width() -> int | None:
    """Columns to keep to: of the terminal, or as COLUMNS has it; None for a file or a pipe."""
    if sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdigit():
        return shutil.get_terminal_size().columns
    return None


def _print_beneath(head: Row, rows: Iterable[Row], width: int) -> None:
    """A table too wide for its place: each name on a line of its own, the rest beneath it."""
    for name, *cells in rows:
        typer.echo(name)
        pairs = zip(head[1:], cells, strict=False)  # a heading has no cells
        told = (f"{title} {cell}".strip() for title, cell in pairs if cell)
        if text := textwrap.fill(", ".join(told), max(width, 20) - 2, break_long_words=False):
            typer.echo(textwrap.indent(text, "  "))


def _table(head: Row, rows: Iterable[Row], left: int) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0), header_style="bold")
    for number, title in enumerate(head):
        words = number < left
        table.add_column(title, justify="left" if words else "right", no_wrap=not words)
    for row in rows:
        style = "bold" if len(row) == 1 else ""
        table.add_row(*(Text(cell, style=style) for cell in row))
    return table


def print_words(text: str, *, indent: int = 0, first: str = "") -> None:
    """A paragraph on stdout: filled for a terminal, one line for a file or a pipe.

    Args:
        text: what to print.
        indent: of every line.
        first: stands in the indent of the first line.
    """
    columns = _width()
    if columns is not None:
        width = max(columns, 2 * indent)
        text = textwrap.fill(
            text, width - indent, break_long_words=False, break_on_hyphens=False
        ).replace("\n", "\n" + " " * indent)
    typer.echo(f"{first:<{indent}}{text}")


def print_run(digest: Digest, question: str) -> None:
    """One run: the answer in words, then the outcomes of the last month."""
    from sim.report import phrases
    from sim.report.labels import month_words
    from sim.report.numbers import worlds_words

    print_words(f"{digest.titles[0]}, {worlds_words(digest.worlds)}")
    _print_opening(digest, [question])
    rows: list[Row] = []
    for view in digest.views.values():
        course = view.courses[0]
        if view.measure.event:
            label = view.measure.label
            rows.append([label, phrases.event_words(course), "", "", phrases.unknown_words(course)])
            continue
        inner, outer = (
            phrases.level_words(course, "q25", "q75"),
            phrases.level_words(course, "q05", "q95"),
        )
        rows.append(
            [
                phrases.label_words(view),
                phrases.median_words(course),
                inner,
                outer,
                phrases.unknown_words(course),
            ]
        )
    head = [f"In {month_words(digest.months[-1])}", "median", "50 of 100", "90 of 100"]
    head.append("unknown, %")
    shown = len(head) - bool(digest.varied.cannot_tell)
    if digest.lone:
        shown, head[1] = 2, "value"
    print_table(head[:shown], [row[:shown] for row in rows])
    split = "Unknown is the share of the spread that comes from what we do not know; the rest is"
    few = phrases.untold_note(view.courses[0] for view in digest.views.values())
    words = digest.varied.cannot_tell or f"{split} chance. {few}".strip()
    if not digest.lone:
        print_words(f"50 and 90 of 100 worlds lie in the intervals. {words}")
    _print_moves(digest)
    _print_deals(digest)


def _print_moves(digest: Digest) -> None:
    """Who moves which lever, in war and in peace."""
    from sim.analysis.war_and_peace import KINDS
    from sim.report.deeds import lever_words
    from sim.report.moves import WHOLE, choices, pair_words, shift

    rows: list[Row] = []
    for pair, kinds in digest.moves[0].items():
        rows += [[""], [pair_words(pair)]]
        months = [kinds[kind] for kind in KINDS]
        for lever in months[0].levers:
            cells = [(choices(m.levers[lever]), shift(m.shifts[lever])) for m in months]
            rows.append([lever_words(lever), *chain.from_iterable(cells)])
        for key, words in WHOLE:
            rows.append(
                [words, *chain.from_iterable((choices(getattr(m, key)), "") for m in months)]
            )
    if not rows:
        return
    typer.echo()
    print_table(["Choices of 100 moved", "in war", "levels", "in peace", "levels"], rows)
    means = "means of its months" if digest.lone else "means over worlds of their months"
    sure = "" if digest.lone else "; an arrow where the sign is sure"
    print_words(
        f"So many choices would be others if the first actor only served the second: {means} of "
        f"war, and of peace. Levels: how far 100 choices move the lever in all{sure}."
    )


def _print_deals(digest: Digest) -> None:
    """How bargaining between Minsk and Moscow went."""
    from sim.report.moves import count_label, count_words

    counts = [[count_label(name), count_words(one)] for name, one in digest.deals[0].items()]
    if counts:
        typer.echo()
        print_table(["In a world, over the run", "" if digest.lone else "mean"], counts)


def print_comparison(digest: Digest, questions: Sequence[str]) -> None:
    """Paired differences: the answer in words, then each scenario against the baseline."""
    from sim.report import phrases
    from sim.report.labels import month_words

    _print_opening(digest, questions)
    within = "" if digest.lone else " within each world,"
    typer.echo(f"Change from “{digest.titles[digest.baseline]}”{within} ", nl=False)
    typer.echo(f"in {month_words(digest.months[-1])}")
    rows: list[Row] = []
    for i in digest.others:
        rows += [[""], [digest.titles[i]]]
        for name, view in digest.views.items():
            changes = digest.changes_of(name, "final")
            if i not in changes:
                continue
            change = changes[i]
            places = phrases.places_beside(change, phrases.places_of(changes.values()))
            if view.measure.event:
                comes = phrases.comes_about(change) if digest.lone else ""
                label = view.measure.label if digest.lone else phrases.label_words(view)
                rows.append([label, comes, *phrases.event_change(change), "", ""])
                continue
            middle, mean = (
                phrases.median_change(change, places),
                phrases.mean_change(change, places),
            )
            bounds = phrases.mean_interval_words(change, places)
            label = phrases.marked(digest, i, name, phrases.label_words(view))
            rows.append(
                [label, middle, mean, bounds, phrases.higher_in(change), phrases.same_in(change)]
            )
    head = ["", "median", "mean", "95 % interval", "higher in", "same in"]
    if digest.lone:
        head, rows = ["", "change"], [row[:2] for row in rows]
    print_table(head, rows)
    if note := phrases.yardstick_note(digest, *digest.views):
        print_words(note)


def _print_opening(digest: Digest, questions: Sequence[str]) -> None:
    from sim.report.page import LEAD
    from sim.report.sentences import opening

    lead = digest.views.get(LEAD) or next(iter(digest.views.values()))
    for sentence in opening(digest, lead, questions):
        print_words(sentence)
    typer.echo()


def print_places(places: Sequence[tuple[str, Path]]) -> None:
    """Where things lie, one line each, so that they can be clicked or copied whole."""
    typer.echo()
    for what, path in places:
        typer.echo(f"{what}  {path}")
