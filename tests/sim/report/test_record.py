"""The page of a back-test: it says who loses and why, and nothing in it can break out."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.analysis.backtest import Backtest, backtest
from sim.analysis.observed import load_record
from sim.analysis.trajectories import Paths
from sim.report.record import page, write_backtest
from sim.scenario import Scenario, load_scenario
from sim.scenario.scenario import Event


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> Backtest:
    def observe(scenario: Scenario, worlds: int, seed: int, names: list[str], **_: object) -> Paths:
        rng = np.random.default_rng(seed)
        shape = (scenario.months + 1, worlds)
        values = {name: 0.5 + 0.2 * rng.random(shape).cumsum(axis=0) for name in names}
        return Paths(scenario.start, values, 4)

    monkeypatch.setattr("sim.analysis.backtest.observe", observe)
    record = load_record()
    return backtest(load_scenario("invasion_2022"), record, record.check, 32, 1, 4)


def numbers(text: str) -> dict[str, Any]:
    """The data of the page's script."""
    block = re.search(r'<script type="application/json" id="numbers">(.*?)</script>', text)
    assert block is not None
    told: dict[str, Any] = json.loads(block[1])
    return told


def test_every_series_has_its_score_its_reason_and_its_picture(found: Backtest) -> None:
    text = page(found, "fulcrum backtest invasion_2022")
    charts = numbers(text)["charts"]
    for forecast in found.forecasts:
        for score in forecast.scores:
            slot = f"{forecast.kind}:{score.series.name}"
            assert f'data-slot="{slot}"' in text
            assert charts[slot]["alt"] in text.replace("&#x27;", "'")
    for words in ("Why", "Dated events", "Ten facts as patterns", "Can the score tell?"):
        assert words in text
    assert "known only in hindsight" in text
    assert "Few figures stand behind some rows" in text


def test_a_forecast_shows_nothing_before_its_date(found: Backtest) -> None:
    charts = numbers(page(found, ""))["charts"]
    chart = charts["issued:territory"]["chart"]
    median = next(trace for trace in chart["data"] if "hovertemplate" in trace)
    shown = [k for k, value in enumerate(median["y"]) if value is not None]
    assert shown == list(range(16, 22))  # June to November 2023, the axis begins in February 2022
    losses = charts["issued:losses_russia"]["chart"]
    median = next(trace for trace in losses["data"] if "hovertemplate" in trace)
    assert median["y"][16] is None


def test_words_from_a_scenario_are_text(found: Backtest, tmp_path: Path) -> None:
    event = Event(found.scenario.start, {"oil": 1.0}, "<script>alert(1)</script>")
    nasty = replace(found.scenario, title="</title><b>", events=(event,))
    path = write_backtest(replace(found, scenario=nasty), tmp_path / "page.html", "x </pre>")
    text = path.read_text()
    assert "<script>alert" not in text
    assert "</title><b>" not in text
    assert "x &lt;/pre&gt;" in text
    assert "http-equiv" in text
