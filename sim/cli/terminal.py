"""What people see in a terminal: progress, tables, short answers."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from sim.ensemble.manifest import Manifest
    from sim.report.aggregates import Digest

type Progress = Callable[[int, int], None]
type Row = Sequence[str]


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
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for number, title in enumerate(head):
        words = number < left
        table.add_column(
            title, justify="left" if words else "right", no_wrap=not words, overflow="fold"
        )
    for row in rows:
        style = "bold" if len(row) == 1 else ""
        table.add_row(*(Text(cell, style=style) for cell in row))
    Console(highlight=False).print(table)


def print_run(digest: Digest, question: str) -> None:
    """One run: the answer in words, then the outcomes of the last month."""
    from sim.report.phrases import event_words, level_words, median_words, unknown_words

    _print_opening(digest, [question])
    rows: list[Row] = []
    for view in digest.views.values():
        course = view.courses[0]
        if view.measure.event:
            rows.append([view.measure.label, event_words(course), "", "", unknown_words(course)])
            continue
        rows.append(
            [
                f"{view.measure.label}, {view.measure.shown_units}",
                median_words(course),
                level_words(course, "q25", "q75"),
                level_words(course, "q05", "q95"),
                unknown_words(course),
            ]
        )
    last = digest.months[-1]
    head = [f"In {last}", "median", "50 of 100 worlds", "90 of 100 worlds", "not known, %"]
    print_table(head, rows)


def print_comparison(digest: Digest, questions: Sequence[str]) -> None:
    """Paired differences: the answer in words, then each scenario against the baseline."""
    from sim.report.phrases import (
        event_change,
        higher_in,
        mean_change,
        mean_interval_words,
        places_of,
    )

    _print_opening(digest, questions)
    rows: list[Row] = []
    for i in digest.others:
        rows.append([digest.titles[i]])
        for name, view in digest.views.items():
            changes = digest.changes_of(name, "final")
            if i not in changes:
                continue
            change, places = changes[i], places_of(changes.values())
            if view.measure.event:
                size, bounds = event_change(change)
                rows.append([f"  {view.measure.label}, of 100 worlds", size, bounds, ""])
                continue
            label = f"  {view.measure.label}, {view.measure.shown_units}"
            mean, bounds = mean_change(change, places), mean_interval_words(change, places)
            rows.append([label, mean, bounds, higher_in(change)])
    head = [f"Change from {digest.titles[digest.baseline]} in {digest.months[-1]}"]
    print_table([*head, "mean", "95 % interval", "higher in"], rows)


def _print_opening(digest: Digest, questions: Sequence[str]) -> None:
    from sim.report.page import LEAD
    from sim.report.sentences import opening

    lead = digest.views.get(LEAD) or next(iter(digest.views.values()))
    for sentence in opening(digest, lead, questions):
        typer.echo(sentence)
    typer.echo()


def print_places(places: Sequence[tuple[str, Path]]) -> None:
    """Where things lie, one line each, so that they can be clicked or copied whole."""
    typer.echo()
    for what, path in places:
        typer.echo(f"{what}  {path}")


def print_runs(runs: Sequence[tuple[Path, Manifest]]) -> None:
    """What is in a results folder."""
    rows = [
        [
            path.name,
            manifest.title,
            f"{manifest.worlds:,}" if manifest.complete else f"{manifest.worlds:,} so far",
            str(manifest.months),
            str(manifest.seed),
            manifest.changed.replace("T", " ").removesuffix("+00:00"),
        ]
        for path, manifest in runs
    ]
    print_table(["run", "title", "worlds", "months", "seed", "changed (UTC)"], rows, left=2)


def print_chains(claims: Sequence[dict[str, Any]]) -> None:
    """Claims with all that hangs on them."""
    for number, claim in enumerate(claims):
        if number:
            typer.echo()
        typer.echo(f"{claim['id']}  {claim['paraphrase']}")
        typer.echo(f"    where       {claim['where']} of the article, on {claim['actor']}")
        typer.echo(f"    becomes     {claim['becomes']}")
        _print_list("levers", claim["levers"])
        numbers = [f"{p['name']} = {_prior(p['prior'])} {p['unit']}" for p in claim["parameters"]]
        _print_list("parameters", numbers or ["none: no number rests on it"])
        _print_list("mechanism", claim["mechanism"])
        tests = [f"{test['id']} {test['title']}: {test['verdict']}" for test in claim["hypotheses"]]
        _print_list("hypotheses", tests or ["none"])


def print_claims(claims: Sequence[dict[str, Any]]) -> None:
    """All claims, a few lines each."""
    rows: list[Row] = []
    for claim in claims:
        tests = [f"{test['id']} {test['verdict']}" for test in claim["hypotheses"]]
        rows.append(
            [
                claim["id"],
                claim["paraphrase"],
                "\n".join(parameter["name"] for parameter in claim["parameters"]) or "–",
                "\n".join(claim["mechanism"]) or "–",
                "\n".join(tests) or "–",
            ]
        )
        rows.append([""] * 5)
    print_table(["", "claim", "parameters", "mechanism", "hypothesis"], rows[:-1], left=5)


def print_trace(told: dict[str, Any]) -> None:
    """One parameter back to where its number comes from."""
    low, high = told["bounds"]
    typer.echo(f"{told['name']} = {_prior(told['prior'])} {told['unit']}")
    typer.echo(f"    meaning     {told['meaning']}")
    typer.echo(f"    bounds      {low:g} to {high:g}")
    typer.echo(f"    used by     {told['used_by']}")
    if told["assumption"]:
        typer.echo(f"    assumed     {told['assumption']}")
    for row in told["figures"]:
        figure = f"{row['name']} {row['value']} {row['unit']} ({row['actor']}, {row['as_of']})"
        typer.echo(f"    figure      {figure}: {row['source']}; confidence {row['confidence']}")
    if told["neutral"] is not None:
        claims = " or ".join(claim["id"] for claim in told["claims"])
        typer.echo(f"    neutral     {told['neutral']:g}, when {claims} is switched off")
    if told["reference"]:
        typer.echo(f"    reference   {told['reference']}")
    if told["claims"]:
        typer.echo()
        print_chains(told["claims"])


def _print_list(name: str, items: Sequence[str]) -> None:
    for number, item in enumerate(items):
        typer.echo(f"    {name if number == 0 else '':<12}{item}")


def _prior(prior: float | dict[str, list[float]]) -> str:
    if not isinstance(prior, dict):
        return f"{prior:g}"
    [(kind, arguments)] = prior.items()
    return f"{kind}({', '.join(f'{value:g}' for value in arguments)})"
