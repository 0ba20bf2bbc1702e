"""The JSON documents of the commands."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.ensemble.levels import DEFAULT_KEEP
from sim.scenario.problems import Problem

if TYPE_CHECKING:
    from sim.analysis.compare import Comparison
    from sim.analysis.war_and_peace import Moves
    from sim.ensemble.manifest import Manifest
    from sim.ensemble.store import StoredRun
    from sim.scenario import Difference, Scenario

_NOTE = "comparison.json"


def run_document(stored: StoredRun, report: Path, moves: Moves) -> dict[str, Any]:
    """What `run --json` prints, as far as the run records it.

    The headline outcomes, influence in war and in peace lever by lever, and how the rounds of
    bargaining between Minsk and Moscow went.

    Args:
        stored: the run.
        report: a page that shows it.
        moves: influence in war and in peace, as the page has it.
    """
    from sim.analysis.outcomes import COUNTS, HEADLINE, available
    from sim.analysis.spread import summary, varied
    from sim.analysis.war_and_peace import document

    dataset = stored.dataset
    how = varied(dataset)
    recorded = set(available(dataset))
    return {
        "run": stored.id,
        "path": str(stored.path),
        "scenario": dataset.attrs["scenario"],
        "worlds": dataset.sizes["world"],
        "months": dataset.sizes["month"],
        "seed": dataset.attrs["seed"],
        "report": str(report),
        "dataset": str(stored.worlds_path),
        "outcomes": {name: summary(dataset, name) for name in HEADLINE if name in recorded},
        "vary": how.vary,
        "keep": dataset.attrs.get("keep", DEFAULT_KEEP),
        "influence": document(moves),
        "deal": {
            name.removeprefix("deal."): summary(dataset, name)
            for name in COUNTS
            if name in recorded
        },
    }


def compare_document(
    comparison: Comparison, runs: list[StoredRun], report: Path, moves: Sequence[Moves]
) -> dict[str, Any]:
    """What `compare --json` prints.

    Args:
        comparison: the runs brought together.
        runs: the runs as they are stored, in the same order.
        report: the comparison's page.
        moves: influence in war and in peace, a scenario each.
    """
    return {
        "report": str(report),
        "baseline": comparison.names[comparison.baseline],
        "scenarios": [
            run_document(stored, report, one) for stored, one in zip(runs, moves, strict=True)
        ],
        "paired": comparison.paired_json(),
    }


def keep_comparison(
    results: Path, comparison: Comparison, runs: Sequence[StoredRun], command: str
) -> Path:
    """Makes the folder of a comparison, with a note of what is compared in it.

    Args:
        results: folder of all results.
        comparison: the runs brought together.
        runs: the runs as they are stored, in the same order.
        command: the command line that makes the comparison again.

    Returns:
        The folder, named by what is compared.
    """
    from sim.ensemble.identity import digest
    from sim.ensemble.manifest import write_whole

    worlds = comparison.datasets[0].sizes["world"]
    identity = digest([[stored.id for stored in runs], comparison.baseline, worlds])
    folder = results / f"comparison-{identity[:12]}"
    folder.mkdir(parents=True, exist_ok=True)
    note = {
        "scenarios": list(comparison.names),
        "baseline": comparison.names[comparison.baseline],
        "worlds": worlds,
        "runs": [stored.id for stored in runs],
        "command": command,
    }
    write_whole(folder / _NOTE, json.dumps(note, indent=2, ensure_ascii=False) + "\n")
    return folder


def read_comparisons(results: Path) -> list[dict[str, Any]]:
    """The comparisons of a results folder whose report is there, latest first."""
    reports = sorted(
        results.glob("comparison-*/report.html"),
        key=lambda report: report.stat().st_mtime,
        reverse=True,
    )
    found = []
    for report in reports:
        try:
            note = json.loads((report.parent / _NOTE).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        found.append({"path": str(report.parent), "report": str(report), **note})
    return found


def runs_document(
    runs: list[tuple[Path, Manifest]],
    comparisons: list[dict[str, Any]],
    answers: list[dict[str, Any]],
) -> dict[str, Any]:
    """What `runs --json` prints."""
    sizes = {path: bytes_in(path) for path, _ in runs}
    return {
        "bytes": sum(sizes.values()),
        "runs": [
            {
                "run": manifest.run,
                "path": str(path),
                "scenario": manifest.scenario,
                "title": manifest.title,
                "worlds": manifest.worlds,
                "complete": manifest.complete,
                "months": manifest.months,
                "seed": manifest.seed,
                "draws": manifest.draws,
                "vary": manifest.vary,
                "keep": manifest.level,
                "engine": manifest.engine,
                "bytes": sizes[path],
                "changed": manifest.changed,
                "lineage": manifest.lineage,
                "report": str(path / "report.html") if (path / "report.html").is_file() else None,
            }
            for path, manifest in runs
        ],
        "comparisons": comparisons,
        "answers": answers,
    }


def bytes_in(folder: Path) -> int:
    """Bytes in all files of a folder; what vanishes while it is counted counts for nothing."""
    total = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):
            total += path.stat().st_size if path.is_file() else 0
    return total


def export_document(run: Path, manifest: Manifest, form: str, files: list[Path]) -> dict[str, Any]:
    """What `export --json` prints."""
    return {
        "run": manifest.run,
        "path": str(run),
        "worlds": manifest.worlds,
        "months": manifest.months,
        "to": form,
        "files": [str(file) for file in files],
    }


def validate_document(problems: Sequence[Problem | str]) -> dict[str, Any]:
    """What `validate --json` prints; no problem means that every file is good."""
    return {
        "valid": not problems,
        "problems": [
            {key: getattr(problem, key) for key in ("file", "line", "column", "where", "message")}
            if isinstance(problem, Problem)
            else {"message": problem}
            for problem in problems
        ],
    }


def diff_document(a: Scenario, b: Scenario, differences: Sequence[Difference]) -> dict[str, Any]:
    """What `diff --json` prints."""
    return {
        "a": a.name,
        "b": b.name,
        "differences": [
            {"where": found.where, "a": _plain(found.a), "b": _plain(found.b)}
            for found in differences
        ],
    }


def _plain(setting: object) -> Any:  # noqa: ANN401 - JSON
    """A setting as JSON: numbers and words as they are, distributions as in a scenario file."""
    from sim.scenario import Distribution

    if isinstance(setting, Distribution):
        return setting.as_yaml()
    return setting if isinstance(setting, str | int | float | None) else str(setting)
