"""`fulcrum calibrate` as a user types it, on worlds that cost nothing."""

import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from agents.outlook import Array
from sim.analysis.trajectories import Paths
from sim.draws import parameter_points
from sim.scenario import Scenario
from sim.scenario.posteriors import read_posterior
from sim.scenario.source import read_file
from tests.sim.cli.conftest import Fulcrum

LEARNED = "world.support_russia"


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Worlds in which one parameter decides Russian support and nothing else hangs on any."""

    def values(months: int, worlds: range, seed: int, names: Iterable[str]) -> dict[str, Array]:
        rng = np.random.default_rng([seed, worlds.start])
        shape = (months + 1, len(worlds))
        made = {n: np.exp(rng.normal(0.0, 0.5, shape).cumsum(axis=0) * 0.4) for n in sorted(names)}
        u = parameter_points(seed, [LEARNED], worlds.start, len(worlds))[:, 0]
        made["support_russia"] = 0.65 + 0.25 * u + rng.normal(0.0, 0.01, shape)
        return made

    def observe_batch(
        scenario: Scenario, worlds: range, seed: int, names: Iterable[str], *_: object
    ) -> list[Array]:
        made = values(scenario.months, worlds, seed, names)
        return [made[name] for name in sorted(names)]

    def observe(
        scenario: Scenario, worlds: int, seed: int, names: Iterable[str], **_: object
    ) -> Paths:
        return Paths(scenario.start, values(scenario.months, range(worlds), seed, names), 4)

    monkeypatch.setattr("sim.analysis.prior_worlds.observe_batch", observe_batch)
    monkeypatch.setattr("sim.analysis.backtest.observe", observe)
    monkeypatch.setattr("sim.cli.calibrating.CHECKED", 32)


@pytest.mark.usefixtures("cheap")
def test_what_was_learned_is_printed_and_kept(fulcrum: Fulcrum) -> None:
    words = ("calibrate", "--worlds", 4096, "--accept", 0.1, "--name", "mine")
    said = fulcrum(*words)
    assert said.status == 0, said.err
    assert "informed" in said.out
    assert LEARNED in said.out
    assert "The record says nothing about the other" in said.out
    [folder] = Path("results").glob("calibration-*")
    held = read_posterior(read_file(folder / "mine.yaml", "mine.yaml"))
    assert list(held) == [LEARNED]
    weights = (folder / "weights.csv").read_text().splitlines()
    assert weights[0] == "world,weight"
    assert sum(float(line.split(",")[1]) for line in weights[1:]) == pytest.approx(1.0, abs=1e-6)
    assert f'href="{folder.name}/report.html"' in (Path("results") / "index.html").read_text()
    kept = json.loads((folder / "calibration.json").read_text())
    again = fulcrum(*words, "--json").document
    assert {key: value for key, value in again.items() if key != "folder"} == kept
    assert len(kept["checks"]) == 4
    assert LEARNED not in kept["silent"]
    assert len(kept["silent"]) == len(kept["parameters"]) - 1


@pytest.mark.usefixtures("cheap")
@pytest.mark.parametrize(
    ("words", "begins"),
    [
        (["--worlds", "1000"], "--worlds: must be a multiple of 512"),
        (["--accept", "0"], "--accept: must be above 0"),
        (["--name", "../x"], "--name: ../x: write a word"),
        (["status_quo"], "status_quo: runs 2023-12 to"),
        (["--set", "months=12"], "invasion_2022: runs 2022-03 to 2023-02"),
    ],
)
def test_bad_input_is_told_and_nothing_is_run(
    fulcrum: Fulcrum, words: list[str], begins: str
) -> None:
    said = fulcrum("calibrate", *words)
    assert said.status == 2
    assert said.problems[-1].startswith(begins)
    assert not Path("results").exists()
