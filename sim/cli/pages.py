"""What commands write for people to look at beside reports: the list of results, figures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

from sim.ensemble.store import Store
from sim.ensemble.trouble import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.analysis.compare import Comparison
    from sim.cli.inputs import Numbers
    from sim.report.aggregates import Digest
    from sim.report.pieces import Part
    from sim.report.static import Format

FORM = "svg"


def list_results(results: Path) -> Path:
    """Writes the page that lists what is in a results folder; each command that adds to it does."""
    from sim.cli.answers import read_answers
    from sim.cli.documents import read_comparisons
    from sim.report.index import write_index

    runs, comparisons = Store(results).runs(), read_comparisons(results)
    return write_index(results, runs, comparisons, read_answers(results))


def reasons_of(
    comparison: Comparison, shown: Digest, numbers: Numbers, say: Callable[[str], object]
) -> Part | None:
    """The section that says why scenarios part; a run's says what happens in one of its worlds."""
    from sim.cli.engines import engine_of
    from sim.report.page import lead_of
    from sim.report.why import reasons

    engine = engine_of(numbers, say)
    if shown.single:
        from sim.report.one_world import one_world

        [run], [scenario] = comparison.datasets, comparison.scenarios
        return None if scenario is None else one_world(run, scenario, shown.titles[0], engine)
    return reasons(comparison, shown, lead_of(shown), engine)


def where_it_holds(results: Path) -> Part:
    """Section 9 of a report, from the latest verdicts and the latest back-test in the folder."""
    from sim.analysis import making
    from sim.analysis.kept_backtest import latest_backtest
    from sim.analysis.thesis import kept
    from sim.report.holds import Found
    from sim.report.holds import where_it_holds as section

    verdicts, day = kept.read_document(results), kept.judged_on(results)
    judged = faced = None
    if verdicts is not None and day is not None and kept.counts(verdicts):
        beside, _ = kept.beside(results, verdicts)
        judged = Found(verdicts, day, kept.changed_since(verdicts), beside)
    if (latest := latest_backtest(results)) is not None:
        document, file = latest
        on = making.written_on(file)
        changed = making.differing(document, making.made_by())
        faced = None if on is None else Found(document, on, changed)
    return section(judged, faced)


def check_figures(folder: Path | None, form: str | None) -> list[str]:
    """What is wrong with the figures that are asked for, one line each."""
    from sim.report.static import FORMATS, missing

    if folder is None:
        return [] if form is None else ["--format: goes with --figures DIR"]
    problems = []
    if form is not None and form not in FORMATS:
        problems.append(f"--format: {form}: there are {', '.join(FORMATS)}")
    if folder.exists() and not folder.is_dir():
        problems.append(f"--figures: {folder} is not a folder")
    if lacking := missing():
        problems.append(f"--figures: {lacking}")
    return problems


def draw_figures(
    shown: Digest, folder: Path, form: str | None, command: str, parts: Sequence[Part | None] = ()
) -> list[Path]:
    """Writes the figures of a comparison.

    Args:
        shown: the report's numbers.
        folder: where.
        form: kind of file; SVG unless given.
        command: that makes the same figures again.
        parts: sections that are made elsewhere, their pictures too.

    Raises:
        StoreError: they cannot be drawn or written.
    """
    from sim.report.page import lead_of
    from sim.report.static import FiguresError, write_figures

    source = f"{shown.worlds:,} worlds. A model’s output, not a forecast. Made by: {command}"
    try:
        with writing(folder):
            kind = cast("Format", form or FORM)
            made = [part for part in parts if part is not None]
            return write_figures(shown, lead_of(shown), folder, kind, source, made)
    except FiguresError as error:
        raise StoreError(f"--figures: {error}") from error


@contextmanager
def writing(place: Path) -> Iterator[None]:
    """Says what could not be written."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise StoreError(f"{error.filename or place}: cannot be written: {reason}") from error
