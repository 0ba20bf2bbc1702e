"""What people see in a terminal: progress, tables, short answers."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from rich.table import Table

    from sim.ensemble.manifest import Manifest
    from sim.report.aggregates import Digest

type Progress = Callable[[int, int], None]
type Row = Sequence[str]

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
                speed = task.finished_speed or task.speed
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
    """A table on stdout. A row of one cell is a heading; `left` columns hold words, not numbers."""
    from rich.console import Console

    Console(highlight=False).print(_table(head, rows, left))


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
        width = console.width if sys.stdout.isatty() else needed
    if needed <= width:
        Console(highlight=False, width=width).print(table)
        return
    for name, *cells in rows:
        typer.echo(name)
        told = (f"{title} {cell}" for title, cell in zip(head[1:], cells, strict=True) if cell)
        text = textwrap.fill(", ".join(told), max(width, 20) - 2, break_long_words=False)
        typer.echo(textwrap.indent(text, "  "))


def _table(head: Row, rows: Iterable[Row], left: int) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
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
    if sys.stdout.isatty():
        width = max(shutil.get_terminal_size().columns, 2 * indent)
        text = textwrap.fill(
            text, width - indent, break_long_words=False, break_on_hyphens=False
        ).replace("\n", "\n" + " " * indent)
    typer.echo(f"{first:<{indent}}{text}")


def print_run(digest: Digest, question: str) -> None:
    """One run: the answer in words, then the outcomes of the last month."""
    from sim.report import phrases
    from sim.report.labels import month_words

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
    print_table(head[:shown], [row[:shown] for row in rows])
    split = "Unknown is the share of the spread that comes from what we do not know; the rest is"
    few = phrases.untold_note(view.courses[0] for view in digest.views.values())
    words = digest.varied.cannot_tell or f"{split} chance. {few}".strip()
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
    print_words(
        "So many choices would be others if the first actor only served the second: means over "
        "worlds of their months of war, and of peace. Levels: how far 100 choices move the lever "
        "in all; an arrow where the sign is sure."
    )


def _print_deals(digest: Digest) -> None:
    """How bargaining between Minsk and Moscow went."""
    from sim.report.moves import count_label, count_words

    counts = [[count_label(name), count_words(one)] for name, one in digest.deals[0].items()]
    if counts:
        typer.echo()
        print_table(["In a world, over the run", "mean"], counts)


def print_comparison(digest: Digest, questions: Sequence[str]) -> None:
    """Paired differences: the answer in words, then each scenario against the baseline."""
    from sim.report import phrases
    from sim.report.labels import month_words

    _print_opening(digest, questions)
    typer.echo(f"Change from “{digest.titles[digest.baseline]}” within each world, ", nl=False)
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
                rows.append([phrases.label_words(view), "", *phrases.event_change(change), "", ""])
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
    print_table(["", "median", "mean", "95 % interval", "higher in", "same in"], rows)
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


def print_runs(
    runs: Sequence[tuple[Path, Manifest]],
    comparisons: Sequence[dict[str, Any]],
    width: int | None = None,
) -> None:
    """What is in a results folder.

    Args:
        runs: their folders and what these say of themselves.
        comparisons: as `read_comparisons` gives them.
        width: of the terminal, found out unless given.
    """
    from sim.cli.documents import bytes_in

    sizes = [bytes_in(path) for path, _ in runs]
    columns: dict[str, list[str]] = {
        "run": [path.name for path, _ in runs],
        "title": [manifest.title for _, manifest in runs],
        "worlds": [
            f"{manifest.worlds:,}" if manifest.complete else f"{manifest.worlds:,} so far"
            for _, manifest in runs
        ],
        "months": [str(manifest.months) for _, manifest in runs],
        "seed": [str(manifest.seed) for _, manifest in runs],
        "varied": [manifest.vary for _, manifest in runs],
        "kept": [manifest.level for _, manifest in runs],
        "engine": [manifest.engine for _, manifest in runs],
        "MB": [f"{size / 1e6:,.1f}" for size in sizes],
        "changed (UTC)": [m.changed.replace("T", " ").removesuffix("+00:00") for _, m in runs],
    }
    # lines are short: what is the same for everybody and the rule is not worth a column
    for name, rule in (("varied", "both"), ("kept", "all"), ("engine", "numpy")):
        if set(columns[name]) == {rule}:
            del columns[name]
    print_names(list(columns), list(zip(*columns.values(), strict=True)), left=2, width=width)
    print_words(f"Runs: {len(runs):,}; in all {sum(sizes) / 1e6:,.1f} MB.")
    if comparisons:
        typer.echo()
        rows = [
            [Path(told["path"]).name, ", ".join(told["scenarios"]), f"{told['worlds']:,}"]
            for told in comparisons
        ]
        print_names(["comparison", "of", "worlds"], rows, left=2, width=width)


def print_answers(answers: Sequence[dict[str, Any]], width: int | None = None) -> None:
    """What else was asked, as `read_answers` gives it; nothing where nothing was."""
    if not answers:
        return
    typer.echo()
    rows = [
        [one["kind"], one["title"], one["about"], f"{one['worlds']:,}", Path(one["path"]).name]
        for one in answers
    ]
    print_names(["answer", "title", "of", "worlds", "folder"], rows, left=3, width=width)


def print_claims(claims: Sequence[dict[str, Any]]) -> None:
    """All claims, a line for each step of the chain."""
    for claim in claims:
        print_words(claim["paraphrase"], indent=5, first=claim["id"])
        names = [parameter["name"] for parameter in claim["parameters"]]
        _print_step("parameters", ", ".join(names) or "none: no number rests on it")
        _print_switch(claim)
        _print_step("mechanism", ", ".join(claim["mechanism"]))
        _print_step("hypotheses", ", ".join(_verdicts(claim)) or "none")
        typer.echo()


def print_chains(claims: Sequence[dict[str, Any]]) -> None:
    """Claims at length, with all that hangs on them."""
    for number, claim in enumerate(claims):
        if number:
            typer.echo()
        print_words(claim["paraphrase"], indent=5, first=claim["id"])
        _print_step("where", f"{claim['where']} of the article, on {claim['actor']}")
        _print_step("becomes", claim["becomes"])
        numbers = [f"{p['name']} = {_prior(p['prior'])} {p['unit']}" for p in claim["parameters"]]
        _print_step("levers", *(claim["levers"] or ["none"]))
        _print_step("parameters", *(numbers or ["none: no number rests on it"]))
        _print_switch(claim)
        _print_step("mechanism", *claim["mechanism"])
        _print_step("hypotheses", *(_verdicts(claim) or ["none"]))


def _print_switch(claim: dict[str, Any]) -> None:
    """What holds while a claim is off."""
    structure = [f"{key}: {word} while it is off" for key, word in claim["structure"].items()]
    _print_step("structure", *structure)
    rests = claim["parameters"] or structure
    _print_step("without" if rests else "no switch", claim["without"])


def _verdicts(claim: dict[str, Any]) -> list[str]:
    return [f"{test['id']} {test['title']}: {test['verdict']}" for test in claim["hypotheses"]]


def _print_step(name: str, *items: str) -> None:
    """A step of a chain: its name once, its items below one another."""
    for number, item in enumerate(items):
        print_words(item, indent=17, first=f"     {name if number == 0 else ''}")


def print_trace(told: dict[str, Any]) -> None:
    """One parameter back to where its number comes from."""
    low, high = told["bounds"]
    typer.echo(f"{told['name']} = {_prior(told['prior'])} {told['unit']}")
    _print_step("meaning", told["meaning"])
    _print_step("bounds", f"{low:g} to {high:g}")
    _print_step("used by", told["used_by"])
    if told["assumption"]:
        _print_step("assumed", told["assumption"])
    figures = [
        f"{row['name']} {row['value']} {row['unit']} ({row['actor']}, {row['as_of']}): "
        f"{row['source']}; confidence {row['confidence']}"
        for row in told["figures"]
    ]
    _print_step("figures", *figures)
    if told["neutral"] is not None:
        claims = " or ".join(claim["id"] for claim in told["claims"])
        _print_step("neutral", f"{told['neutral']:g}, when {claims} is switched off")
    if told["reference"]:
        _print_step("reference", told["reference"])
    if told["claims"]:
        typer.echo()
        print_chains(told["claims"])


def _prior(prior: float | dict[str, list[float]]) -> str:
    if not isinstance(prior, dict):
        return f"{prior:g}"
    [(kind, arguments)] = prior.items()
    return f"{kind}({', '.join(f'{value:g}' for value in arguments)})"
