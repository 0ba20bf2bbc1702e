"""The command line as a user types it, on an engine that costs nothing."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import xarray as xr
from typer.testing import CliRunner

from sim.cli import app
from sim.draws import Vary
from sim.ensemble.levels import Keep
from sim.ensemble.store import Progress
from sim.scenario import Scenario
from tests.support.synthetic import make_run


@dataclass(frozen=True)
class Said:
    """What a command left behind."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> Any:  # noqa: ANN401 - JSON
        """The one JSON document on stdout."""
        return json.loads(self.out)

    @property
    def problems(self) -> list[str]:
        """Lines on stderr."""
        return self.err.splitlines()


type Fulcrum = Callable[..., Said]


@pytest.fixture(autouse=True)
def _pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    """Output goes into a pipe that asks for no width, whatever those who run the tests set."""
    monkeypatch.delenv("COLUMNS", raising=False)


@pytest.fixture
def fulcrum(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fulcrum:
    """Runs `fulcrum WORDS` in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def say(*words: object) -> Said:
        result = CliRunner().invoke(app, [str(word) for word in words], prog_name="fulcrum")
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Said(result.exit_code, result.stdout, result.stderr)

    return say


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int, int]]:
    """Puts an arithmetic engine in place of the model; lists (scenario, first, worlds) asked."""
    asked: list[tuple[str, int, int]] = []

    def simulate(
        scenario: Scenario,
        worlds: int,
        seed: int,
        *,
        draws: int,
        first: int,
        vary: Vary,
        keep: Keep,
        progress: Progress | None,
    ) -> xr.Dataset:
        asked.append((scenario.name, first, worlds))
        if progress is not None:
            progress(worlds, worlds)
        return make_run(
            scenario.name,
            title=scenario.title,
            question=scenario.question,
            pull=0.5 * (scenario.name != "status_quo"),
            worlds=worlds,
            months=scenario.months,
            draws=draws,
            seed=seed,
            first=first,
        ).assign_attrs(vary=vary, keep=keep)

    monkeypatch.setattr("sim.ensemble.store._engine", lambda: simulate)
    return asked
