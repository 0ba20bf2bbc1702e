"""Pages in a real browser: they draw, they say nothing on the console, and markup stays text."""

import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from sim.analysis.backtest import backtest
from sim.analysis.observed import load_record
from sim.analysis.trajectories import Paths
from sim.report.record import write_backtest
from sim.scenario import Scenario, load_scenario

BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(BROWSER is None, reason="no Chromium or Chrome on the PATH to open pages"),
]


def opened(page: Path, profile: Path, state: str = "") -> tuple[str, str]:
    """The document after its script ran, without the script, and what the console said."""
    assert BROWSER is not None
    done = subprocess.run(
        [
            BROWSER,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--enable-logging=stderr",
            f"--user-data-dir={profile}",
            "--window-size=1440,1200",
            "--virtual-time-budget=20000",
            "--dump-dom",
            f"{page.as_uri()}#{state}",
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    seen = re.sub(r"<script.*?</script>", "", done.stdout, flags=re.S)
    said = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    return seen, "\n".join(said)


@pytest.mark.parametrize("count", [1, 3, 12])
def test_pictures_are_drawn_and_nothing_is_refused(
    reports: dict[int, Path], tmp_path: Path, count: int
) -> None:
    dom, said = opened(reports[count], tmp_path)
    assert 'data-drawn="yes"' in dom
    assert said == ""
    drawn = set(re.findall(r'<div class="chart js-plotly-plot" data-slot="([^"]+)"', dom))
    assert "fan:0" in drawn
    assert "end:0" in drawn
    assert "dots:0" in drawn
    if count > 1:
        assert {"medians", "forest:influence.belarus.russia"} <= drawn
    assert dom.count('class="main-svg"') >= len(drawn)
    assert len(re.findall(r'class="js-line"|class="js-fill"|class="point', dom)) > 50
    assert "Share chart" not in dom
    assert "modebar-btn" not in dom
    assert 'id="noscript"' not in dom


def test_markup_in_a_title_is_seen_as_text(reports: dict[int, Path], tmp_path: Path) -> None:
    dom, _ = opened(reports[6], tmp_path)
    words = [re.sub(r"<[^>]+>", "", text) for text in re.findall(r"<text[^>]*>(.*?)</text>", dom)]
    assert any("&lt;b&gt;Bold&lt;/b&gt; &amp; $x$" in text for text in words)
    assert "<b>Bold</b>" not in dom


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_charts_follow_the_theme(reports: dict[int, Path], tmp_path: Path, theme: str) -> None:
    dom, _ = opened(reports[3], tmp_path, f"theme={theme}")
    assert f'data-theme="{theme}"' in dom
    paper = {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 23, 26)"}
    other = {"light": "rgb(20, 23, 26)", "dark": "rgb(255, 255, 255)"}
    grounds = set(re.findall(r'class="main-svg"[^>]*background: ([^;]+);', dom))
    assert paper[theme] in grounds
    assert other[theme] not in grounds


def test_the_address_holds_what_is_shown(reports: dict[int, Path], tmp_path: Path) -> None:
    dom, said = opened(reports[3], tmp_path, "outcome=front&show=paths&when=mean")
    assert said == ""
    assert re.search(r'data-text="label">Ukraine’s territory held by Russia<', dom)
    assert "whole worlds, picked evenly over all" in dom
    assert "mean over all months" in dom


def made_up(scenario: Scenario, worlds: int, seed: int, names: list[str], **_: object) -> Paths:
    """Worlds that cost nothing."""
    rng = np.random.default_rng(seed)
    shape = (scenario.months + 1, worlds)
    return Paths(scenario.start, {name: 0.5 + rng.random(shape) for name in names}, 4)


def test_pictures_of_a_back_test_are_drawn(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("sim.analysis.backtest.observe", made_up)
    record = load_record()
    found = backtest(load_scenario("invasion_2022"), record, record.check, 32, 1, 4)
    page = write_backtest(found, tmp_path / "report.html", "fulcrum backtest")
    dom, said = opened(page, tmp_path / "profile")
    assert said == ""
    assert 'data-drawn="yes"' in dom
    drawn = set(re.findall(r'<div class="chart js-plotly-plot" data-slot="([^"]+)"', dom))
    assert drawn == {
        f"{forecast.kind}:{score.series.name}"
        for forecast in found.forecasts
        for score in forecast.scores
    }
    assert 'id="noscript"' not in dom
    assert "$ink" not in dom
    assert "$months" not in dom
