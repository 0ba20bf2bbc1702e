"""The JSON documents of the commands."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.scenario.problems import Problem

if TYPE_CHECKING:
    from sim.analysis.compare import Comparison
    from sim.ensemble.manifest import Manifest
    from sim.ensemble.store import StoredRun
    from sim.scenario import Difference, Scenario


def run_document(stored: StoredRun, report: Path) -> dict[str, Any]:
    """What `run --json` prints.

    Args:
        stored: the run.
        report: a page that shows it.
    """
    from sim.analysis.outcomes import HEADLINE
    from sim.analysis.spread import summary

    dataset = stored.dataset
    return {
        "run": stored.id,
        "path": str(stored.path),
        "scenario": dataset.attrs["scenario"],
        "worlds": dataset.sizes["world"],
        "months": dataset.sizes["month"],
        "seed": dataset.attrs["seed"],
        "report": str(report),
        "dataset": str(stored.worlds_path),
        "outcomes": {name: summary(dataset, name) for name in HEADLINE},
    }


def compare_document(comparison: Comparison, runs: list[StoredRun], report: Path) -> dict[str, Any]:
    """What `compare --json` prints.

    Args:
        comparison: the runs brought together.
        runs: the runs as they are stored, in the same order.
        report: the comparison's page.
    """
    return {
        "report": str(report),
        "baseline": comparison.names[comparison.baseline],
        "scenarios": [run_document(stored, report) for stored in runs],
        "paired": comparison.paired_json(),
    }


def runs_document(runs: list[tuple[Path, Manifest]]) -> dict[str, Any]:
    """What `runs --json` prints."""
    return {
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
                "changed": manifest.changed,
                "report": str(path / "report.html") if (path / "report.html").is_file() else None,
            }
            for path, manifest in runs
        ]
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
