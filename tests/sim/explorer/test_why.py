"""Reasons of a month: what all worlds chose, and one world's choice in the numbers of `explain`."""

import re
import time
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest
import xarray as xr
from typer.testing import CliRunner

from sim.analysis.decision import Decision
from sim.cli import app
from sim.explorer.answers import Answers, Ask
from sim.explorer.catalogue import Catalogue
from sim.explorer.runs import Snapshot, Work
from sim.explorer.service import Service
from sim.explorer.settings import scenario_of
from sim.explorer.state import Setting
from sim.explorer.why import Level, Looked, chosen, otherwise, told
from sim.explorer.workers import Task
from tests.sim.explorer.conftest import Pretender, made_up, part_of, some_choices

RENTS = "actors.belarus.incentives.rents"
NOBODY = dict.fromkeys(("russia", "belarus", "ukraine", "nato"), ())


def run(catalogue: Catalogue, rents: float) -> xr.Dataset:
    """A run in which Belarus launches in every third world where rents are high, else in none."""
    scenario = scenario_of(Setting("status_quo", ((RENTS, rents),)), 6, catalogue)
    arrays = made_up(Task(1, scenario, 1, 4, 0, 100, "numpy"), 0, 6)
    found = Snapshot.of(Work.of(scenario, 1, 100), [part_of((0, 100), arrays)])
    assert found is not None
    ds = found.dataset()
    worlds = np.arange(100) % 3 == 0
    ds["choice"].loc[{"actor": "belarus", "lever": "access"}] = np.where(
        (rents > 1) & worlds, 2, 1
    )[:, None]
    return ds


def level(levels: tuple[Level, ...], name: str) -> Level:
    actor, lever, which = name.split(".")
    [one] = [x for x in levels if (x.actor, x.lever, x.level) == (actor, lever, which)]
    return one


def test_what_was_chosen_is_counted_and_held_against_the_baseline(catalogue: Catalogue) -> None:
    mine, base = run(catalogue, 1.2), run(catalogue, 0.8)
    launch = level(chosen(mine, "2024-02", base), "belarus.access.launch")
    assert launch.share == pytest.approx(0.34)
    assert launch.against is not None
    assert launch.against.mean == pytest.approx(0.34)
    assert launch.against.clear
    host = level(chosen(mine, "2024-02", base), "belarus.access.host")
    assert host.against is not None
    assert host.against.mean == pytest.approx(-0.34)
    assert level(chosen(base, "2024-02"), "belarus.access.host").against is None


def test_levers_that_left_no_world_a_choice_are_left_out(catalogue: Catalogue) -> None:
    ds = run(catalogue, 1.2)
    ds["choice"].loc[{"actor": "russia", "lever": "press_entry"}] = -1
    assert not [one for one in chosen(ds, "2024-02") if one.lever == "press_entry"]


def test_a_share_is_of_worlds_in_which_the_lever_is_open(catalogue: Catalogue) -> None:
    ds, base = run(catalogue, 1.2), run(catalogue, 0.8)
    closed = np.arange(100) % 2 == 0
    ds["choice"].loc[{"actor": "russia", "lever": "tempo"}] = np.where(closed, -1, 1)[:, None]
    grind = level(chosen(ds, "2024-02", base), "russia.tempo.grind")
    assert (grind.share, grind.open_in) == (1.0, 0.5)
    assert grind.against is not None
    assert grind.against.mean == 1.0  # where it was open in both, it was held there


def test_worlds_that_parted_are_named(catalogue: Catalogue) -> None:
    mine, base = run(catalogue, 1.2), run(catalogue, 0.8)
    mine["choice"].loc[{"actor": "russia", "lever": "tempo"}] = -1
    found = otherwise(mine, "2024-02", base)
    assert found["belarus"][:3] == (0, 3, 6)
    assert found["russia"] == ()  # a lever that was closed is no other choice


def test_a_month_outside_the_run_is_refused(catalogue: Catalogue) -> None:
    with pytest.raises(LookupError, match="from 2023-12 to 2024-05"):
        chosen(run(catalogue, 1.2), "2030-01")


def test_words_name_what_moved_most_and_worlds_to_look_into(catalogue: Catalogue) -> None:
    mine, base = run(catalogue, 1.2), run(catalogue, 0.8)
    levels, parted = chosen(mine, "2024-02", base), otherwise(mine, "2024-02", base)
    page = told(levels, parted, 100, None)
    assert "access “host” moves most: 66 of 100" in page
    assert "otherwise than in the baseline in 34 of 100 worlds, such as" in page
    assert 'data-act="world" data-value="3"' in page
    assert "In every world it chooses as in the baseline." in page


class _Tables(HTMLParser):
    """The rows of tables, by the caption of each."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self._caption = self._cell = ""
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("caption", "td", "th"):
            self._inside, self._cell = tag, ""
        if tag == "tr":
            self.tables.setdefault(self._caption, []).append([])

    def handle_data(self, data: str) -> None:
        self._cell += data if self._inside else ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "caption":
            self._caption = self._cell
        elif tag in ("td", "th"):
            self.tables[self._caption][-1].append(self._cell.strip())
        if tag == self._inside:
            self._inside = ""


def _rows(html: str, caption: str) -> list[list[str]]:
    seen = _Tables()
    seen.feed(html)
    [rows] = [rows for name, rows in seen.tables.items() if caption in name]
    return rows


def _lines(output: str) -> list[list[str]]:
    return [re.split(r"\s{2,}", line.strip()) for line in output.splitlines()]


@pytest.mark.slow
def test_a_number_here_is_the_number_that_explain_prints(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same world, month and actor, through the explorer's processes and on the terminal."""
    monkeypatch.setenv("COLUMNS", "200")
    query = f"?set={RENTS}:1.2&months=6&worlds=200&tab=why&month=2024-02&world=7"
    service = Service(1)
    try:
        html = _settled(Answers(catalogue, service), query)["tab"]["html"]
    finally:
        service.close()
    command = ["explain", "status_quo", "--set", f"{RENTS}=1.2", "--set", "months=6"]
    command += ["--world", "7", "--month", "2024-02", "--actor", "belarus"]
    printed = CliRunner().invoke(app, command)
    assert printed.exit_code == 0, printed.output
    lines = _lines(printed.output)
    worth = _rows(html, "Belarus: what the choice was worth")
    assert len(worth) > 8
    for row in worth[1:]:
        assert row[:-1] in lines  # the last cell is its bar
    for row in _rows(html, "Belarus: how each lever was drawn")[1:]:
        assert row in lines
    for row in _rows(html, "Belarus: likeliest options")[1:]:
        assert [cell for cell in row if cell] in lines
    margin = re.search(r"(by a margin of|an option worth) ([0-9.]+)", printed.output)
    assert margin is not None
    assert margin[0] in " ".join(re.sub("<[^>]*>", "", html).split())


def _settled(answers: Answers, query: str) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    stamp = ""
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline:
        answer = answers.to(Ask("page", 1, query, stamp=stamp))
        seen |= answer
        stamp = answer.get("stamp", "")
        if answer["done"]:
            return seen
    raise AssertionError("no end of answers")


def test_bars_add_up_to_the_margin(catalogue: Catalogue) -> None:
    found = some_choices()
    levels = chosen(run(catalogue, 1.2), "2023-12")
    page = told(levels, None, 100, Looked(3, found, {}, "Status quo"))
    decision: Decision = found["belarus"]
    rows = _rows(page, "Belarus: what the choice was worth")
    assert rows[-1][0] == "net"
    assert decision.margin is not None
    assert rows[-1][3] == f"{'+' if decision.margin > 0 else '−'}{abs(decision.margin):.2f}"
    start = page.index("Belarus: what the choice was worth")
    spans = re.findall(
        r"--zero:([\d.]+)%.*?left:([\d.]+)%;width:([\d.]+)%\"? class=\"(more|less)\"",
        page[start : page.index("</table>", start)],
    )
    assert len(spans) == len(rows) - 1
    at = zero = float(spans[0][0])
    for _, left, width, way in spans[: len(decision.chosen.terms)]:
        low, high = float(left), float(left) + float(width)
        assert at == pytest.approx(low if way == "more" else high, abs=0.15)
        at = high if way == "more" else low
    _, left, width, way = spans[-3]  # worth, the sum of the terms, stands on the ground
    end = float(left) + float(width) if way == "more" else float(left)
    assert end == pytest.approx(at, abs=0.15)
    assert (float(left) if way == "more" else float(left) + float(width)) == pytest.approx(
        zero, abs=0.15
    )


def test_the_baselines_choice_in_the_same_world_stands_beside(catalogue: Catalogue) -> None:
    found = some_choices()
    levels = chosen(run(catalogue, 1.2), "2023-12")
    page = told(levels, NOBODY, 100, Looked(3, found, found, "Status <quo>"))
    assert "In “Status &lt;quo&gt;” it chooses the same in this world." in page
    assert '<th scope="col">baseline</th>' in page


def test_the_world_asked_for_is_weighed_in_both_settings(
    catalogue: Catalogue, service: Service, pretender: Pretender
) -> None:
    answers = Answers(catalogue, service)
    query = f"?set={RENTS}:1.2&months=6&worlds=200&tab=why&month=2024-02"
    html = _settled(answers, f"{query}&world=17")["tab"]["html"]
    assert "In world 17: " in re.sub("<[^>]*>", "", html)
    assert sorted(pretender.questions) == [(17, "2024-02")] * 2
    _settled(answers, f"{query}&world=17")
    assert len(pretender.questions) == 2  # what was worked out is kept
    html = _settled(answers, query)["tab"]["html"]
    assert "most like the others of 200" in html
    assert len(pretender.questions) == 4


def test_what_cannot_be_explained_is_said(
    catalogue: Catalogue, service: Service, pretender: Pretender
) -> None:
    answers = Answers(catalogue, service)
    query = "?months=6&worlds=200&tab=matrix"
    _settled(answers, query)
    pretender.trouble = "ValueError: no such thing"
    answer = _settled(answers, query.replace("matrix", "why&world=3"))
    assert "no such thing" in answer["problems"]
    pretender.trouble = ""
    _settled(answers, query)  # somebody looks at something else, and comes back
    assert "In world 3" in re.sub(
        "<[^>]*>", "", _settled(answers, query.replace("matrix", "why&world=3"))["tab"]["html"]
    )
