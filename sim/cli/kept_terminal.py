"""What lies in a results folder, on the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from sim.cli.terminal import print_names, print_words

if TYPE_CHECKING:
    from sim.ensemble.manifest import Manifest


def print_runs(
    runs: Sequence[tuple[Path, Manifest]],
    comparisons: Sequence[dict[str, Any]],
    width: int | None = None,
    beside: Path | None = None,
) -> None:
    """What is in a results folder.

    Args:
        runs: their folders and what these say of themselves.
        comparisons: as `read_comparisons` gives them.
        width: of the terminal, found out unless given.
        beside: folder of runs that are not listed.
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
    print_words(f"Runs: {len(runs):,}; in all {sum(sizes) / 1e6:,.1f} MB.{_beside_words(beside)}")
    if comparisons:
        typer.echo()
        rows = [
            [Path(told["path"]).name, ", ".join(told["scenarios"]), f"{told['worlds']:,}"]
            for told in comparisons
        ]
        print_names(["comparison", "of", "worlds"], rows, left=2, width=width)


def print_beside(beside: Path) -> None:
    """How large the runs are that are not listed, if there are any."""
    if words := _beside_words(beside):
        print_words(words.strip())


def _beside_words(beside: Path | None) -> str:
    from sim.cli.documents import bytes_in

    if beside is None or not beside.is_dir():
        return ""
    return f" Beside them {bytes_in(beside) / 1e6:,.1f} MB of hypotheses and claims in {beside}."


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
