import base64
import hashlib
import json
import os
import re
import zlib
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from sim.analysis.compare import Comparison, compare, pair
from sim.report import write_report
from sim.scenario import load_scenario
from tests.sim.report.conftest import HOSTILE
from tests.support.synthetic import make_run, make_three

COUNTS = [1, 2, 3, 6, 12]
LANDMARKS = {"header", "nav", "main", "footer"}
VOID = {"meta", "input", "br", "hr", "col", "wbr", "path"}


class Page(HTMLParser):
    """A document taken apart: elements with their attributes, scripts, and words outside them."""

    def __init__(self, path: Path) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.text = path.read_text(encoding="utf-8")
        self.feed(self.text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag == "script":
            self.scripts.append((dict(attrs), ""))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "script":
            self.scripts[-1] = (self.scripts[-1][0], self.scripts[-1][1] + data)
        elif not self.open or self.open[-1] != "style":
            self.words.append(data)

    def having(self, tag: str) -> list[dict[str, str | None]]:
        """Attributes of every element of this kind."""
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def numbers(self) -> dict[str, Any]:
        """The page's data."""
        [block] = [text for attributes, text in self.scripts if attributes.get("id") == "numbers"]
        found: dict[str, Any] = json.loads(block)
        return found

    @property
    def own_text(self) -> str:
        """The document without Plotly."""
        return self.text.replace(self.script("plotly"), "")

    def script(self, identifier: str) -> str:
        """The text of the script element with this id."""
        [found] = [text for attributes, text in self.scripts if attributes.get("id") == identifier]
        return found

    @property
    def plotly(self) -> str:
        """Plotly as the page's script unpacks it."""
        return zlib.decompress(base64.b64decode(self.script("plotly"))).decode()


@pytest.fixture(scope="module")
def pages(reports: dict[int, Path]) -> dict[int, Page]:
    return {count: Page(path) for count, path in reports.items()}


@pytest.mark.parametrize("count", COUNTS)
def test_nothing_is_fetched_from_anywhere(pages: dict[int, Page], count: int) -> None:
    page = pages[count]
    assert not re.search(r"https?:|//[a-z]+\.", page.own_text)
    for tag in ("link", "img", "iframe", "object", "embed", "form", "base"):
        assert page.having(tag) == []
    assert all("src" not in attributes for attributes in page.having("script"))
    assert all(str(a["href"]).startswith("#") for a in page.having("a"))
    assert "@import" not in page.own_text
    assert "url(" not in page.own_text


@pytest.mark.parametrize("count", COUNTS)
def test_plotly_is_there_once_and_the_page_is_small(pages: dict[int, Page], count: int) -> None:
    page = pages[count]
    assert len(re.findall(r"plotly\.js v\d", page.plotly)) == 1
    assert "plotly.js v" not in page.text
    assert len(page.text.encode()) < 7_000_000
    kinds = [attributes.get("type") for attributes, _ in page.scripts]
    assert kinds == ["application/json", "application/octet-stream", None]


@pytest.mark.parametrize("count", COUNTS)
def test_only_the_pages_own_scripts_may_run(pages: dict[int, Page], count: int) -> None:
    page = pages[count]
    policies = [
        str(meta["content"])
        for meta in page.having("meta")
        if meta.get("http-equiv") == "Content-Security-Policy"
    ]
    [policy] = policies
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["img-src"] == "data: blob:"
    assert "unsafe" not in rules["script-src"]
    [own] = [text for attributes, text in page.scripts if "type" not in attributes]
    for text in (own, page.plotly):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in rules["script-src"]
    assert rules["script-src"].count("sha256-") == 2
    assert not any(key.startswith("on") for _, attrs in page.elements for key in attrs)


@pytest.mark.parametrize("count", [1, 6, 12])
def test_a_title_with_markup_is_a_title(pages: dict[int, Page], count: int) -> None:
    page = pages[count]
    assert HOSTILE in page.numbers["titles"]
    assert "<b>Bold" not in page.own_text
    assert HOSTILE in "".join(page.words)


@pytest.mark.parametrize("count", COUNTS)
def test_the_page_can_be_read_without_seeing_it(pages: dict[int, Page], count: int) -> None:
    page = pages[count]
    tags = [tag for tag, _ in page.elements]
    assert all(tags.count(tag) == 1 for tag in LANDMARKS)
    assert tags.count("h1") == 1
    assert page.having("html")[0]["lang"] == "en"
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    for section in page.having("section"):
        assert section.get("aria-label") or section["aria-labelledby"] in ids
    slots = [attrs for _, attrs in page.elements if "data-slot" in attrs]
    assert slots
    assert all(slot["role"] == "img" and slot["aria-label"] for slot in slots)
    targets = {str(label.get("for")) for label in page.having("label") if "for" in label}
    assert targets <= set(ids)
    for link in page.having("a"):
        assert str(link["href"])[1:] in ids
    assert tags.count("caption") == tags.count("table")
    assert all(cell.get("scope") for cell in page.having("th"))


@pytest.mark.parametrize("count", COUNTS)
def test_every_picture_has_data_and_words(pages: dict[int, Page], count: int) -> None:
    page = pages[count]
    numbers = page.numbers
    slots = {str(attrs["data-slot"]) for _, attrs in page.elements if "data-slot" in attrs}
    wanted = {f"{kind}:{i}" for kind in ("fan", "end", "dots") for i in range(count)}
    assert wanted <= slots
    assert ("medians" in slots) == (count > 1)
    for slot in slots - wanted - {"medians"}:
        kind, name = slot.split(":")
        if kind == "forest":
            assert {"final", "mean"} == set(numbers["forests"][name])
            assert all(one["alt"] for one in numbers["forests"][name].values())
        elif kind == "gap":
            assert all(view["gaps"][int(name)] for view in numbers["views"].values())
            assert all(view["gapsAlt"][int(name)] for view in numbers["views"].values())
        elif kind in ("family", "rents"):
            found = numbers["families"][name] if kind == "family" else numbers["rents"][int(name)]
            assert found["chart"]["data"]
            assert found["alt"]
        else:
            assert kind in ("matrix", "network")
            steps = numbers["pairs"]["months"][int(name)]["steps"]
            assert len(steps) == len(numbers["months"]) + 1
    kinds = {slot.split(":")[0] for slot in slots}
    assert {"matrix", "network", "family", "rents"} <= kinds
    assert ("gap" in kinds) == (count > 1)
    for view in numbers["views"].values():
        assert len(view["fans"]) == len(view["fansAlt"]) == count
        assert all(view["fansAlt"])
        assert set(view["captions"]) == {"bands", "paths", "middle"} | (
            {"gaps"} if count > 1 else set()
        )


def test_bands_and_the_source_of_spread_are_named(pages: dict[int, Page]) -> None:
    view = pages[3].numbers["views"]["front"]
    for words in ("50 of 100", "90", "what we do not know and chance", "dashed"):
        assert words in view["captions"]["bands"]
    assert "whole worlds" in view["captions"]["paths"]
    text = " ".join(pages[3].words)
    assert "they are no error bars" in text
    assert "A model’s output, not a forecast." in text


def test_one_run_gets_a_page_made_for_one(pages: dict[int, Page]) -> None:
    page = pages[1]
    ids = {str(attrs.get("id")) for _, attrs in page.elements}
    assert {"time", "ends", "levels", "spread", "origins"} <= ids
    assert not {"inputs", "differences"} & ids
    text = " ".join(page.words).lower()
    assert "baseline" not in text
    assert "paired" not in text


def test_twelve_scenarios_begin_with_a_table_and_fold_the_rest(pages: dict[int, Page]) -> None:
    page = pages[12]
    kinds = [table.get("class") for table in page.having("table")]
    assert kinds.count("heat outcomes") == 1
    rows = re.search(r'<table class="heat outcomes">.*?</table>', page.text, re.S)
    assert rows is not None
    assert rows[0].count('scope="row"') == 11
    text = " ".join(page.words)
    assert text.count("8 more scenarios") == 7
    assert "Open: the baseline, the scenario that changes" in text
    assert len([attrs for _, attrs in page.elements if "data-choose" in attrs]) == 6


@pytest.mark.parametrize("count", COUNTS)
def test_who_moves_what_is_told_for_war_and_peace(pages: dict[int, Page], count: int) -> None:
    page = pages[count]
    tables = [table for table in page.having("table") if table.get("class") == "heat moves"]
    assert len(tables) == 2 * -(-count // 4)  # two pairs, four scenarios side by side
    words = [word.strip() for word in page.words]
    assert words.count("in war") == words.count("in peace") == 2 * count
    assert any(word.startswith("▲ +") for word in words)
    assert any(word.startswith("▼ −") for word in words)
    assert "Rounds of bargaining between Minsk and Moscow" in words
    assert "nan" not in " ".join(words).lower().replace("finance", "").split()


def test_a_run_that_does_not_record_moves_has_no_such_section(tmp_path: Path) -> None:
    run = make_run(worlds=40, months=6).drop_vars(["influence_lever", "deal_round", "breach"])
    page = Page(write_report(run, tmp_path / "r.html"))
    assert "moves" not in {str(attrs.get("id")) for _, attrs in page.elements}
    assert "Who moves what" not in page.words


def test_one_world_has_neither_plurals_nor_odds(tmp_path: Path) -> None:
    path = write_report(compare(make_three(worlds=1, months=6)), tmp_path / "one.html")
    text = path.read_text(encoding="utf-8")
    seen = "".join(Page(path).words)
    assert "1 world a scenario" in seen
    assert not re.search(r"\b1 (whole )?(worlds|paths)\b", seen)
    # nor is anything told of a spread, in pictures, on hovering or to those who do not see them
    numbers = text.partition('id="numbers"')[2].partition("</script>")[0]
    spread = (
        r"of 100 worlds|\bof 1\b|95 %|[Mm]edian (world|change)|: median|Monte Carlo|quantiles"
        r"|mean counts|over worlds|\b1 worlds|within worlds|every world|share of worlds|mean diff"
    )
    for told in (seen, numbers, *re.findall(r'aria-label="([^"]*)"', text)):
        assert not re.search(spread, told)
    assert "rents" not in {str(attrs.get("id")) for _, attrs in Page(path).elements}


def test_a_page_weighs_the_same_for_ten_times_the_worlds(tmp_path: Path) -> None:
    sizes = []
    for worlds in (200, 2000):
        path = write_report(compare(make_three(worlds=worlds, months=6)), tmp_path / "r.html")
        sizes.append(path.stat().st_size)
    assert abs(sizes[1] - sizes[0]) < 20_000


def test_long_runs_of_many_scenarios_stay_small(tmp_path: Path) -> None:
    runs = [make_run(f"s{i}", worlds=40, months=120, pull=0.1 * i) for i in range(12)]
    assert write_report(compare(runs), tmp_path / "long.html").stat().st_size < 8_000_000


def test_a_report_is_replaced_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "report.html"
    path.write_text("old")

    def refuse(*_: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", refuse)
        with pytest.raises(OSError, match="disk full"):
            write_report(make_run(worlds=8, months=2), path)
    assert [one.name for one in tmp_path.iterdir()] == ["report.html"]
    assert path.read_text() == "old"
    assert write_report(make_run(worlds=8, months=2), path) == path
    assert path.read_text().startswith("<!doctype html>")


@pytest.fixture
def scenario_comparison(tmp_path: Path) -> Comparison:
    (tmp_path / "base.yaml").write_text("title: Base\nmonths: 6\n")
    (tmp_path / "other.yaml").write_text(
        "extends: base.yaml\ntitle: Other\nclaims: {C01: off}\n"
        "events: [{at: 2024-01, shock: {attention: -0.2}, note: a <deadlock>}, "
        "{at: 2024-02, shock: {attention: -0.1}, note: afar, claim: C01}, "
        "{at: 2024-03, shock: {outside_arms: 0.1}, note: shells, claim: C19}]\n"
    )
    scenarios = [load_scenario(tmp_path / f"{name}.yaml") for name in ("base", "other")]
    runs = [make_run("base", worlds=40, months=6), make_run("other", worlds=40, months=6)]
    return pair(runs, scenarios)


def test_known_scenarios_are_traced_to_claims_and_command(
    scenario_comparison: Comparison, tmp_path: Path
) -> None:
    from sim.scenario.registry import load_registry

    page = Page(write_report(scenario_comparison, tmp_path / "r.html"))
    text = " ".join(page.words)
    assert "fulcrum compare base.yaml other.yaml --worlds 40 --seed 1" in text
    assert str(tmp_path) not in page.text
    assert "attention −0.2 (a <deadlock>)" in text
    assert (
        "off in Other" in text or "off in Status quo (2)" in text or "off in other" in text.lower()
    )
    # what claims do through events: those that happen, and those that do not
    assert "event 2024-03 outside_arms +0.1 (shells) in Other" in text
    assert "claims.C01: off, so an event that carries it does not happen: 2024-02" in text
    for parameter in load_registry():
        assert parameter.name in text
        assert parameter.meaning in text


def test_a_command_given_is_the_command_shown(
    scenario_comparison: Comparison, tmp_path: Path
) -> None:
    line = "fulcrum compare a b --set 'world.x=\"<1>\"'"
    page = Page(write_report(scenario_comparison, tmp_path / "r.html", command=line))
    assert line in page.words


def test_scenarios_that_are_not_those_of_the_runs_are_refused(
    scenario_comparison: Comparison, tmp_path: Path
) -> None:
    known = [one for one in scenario_comparison.scenarios if one is not None]
    with pytest.raises(ValueError, match="2 scenarios for 1 runs"):
        write_report(scenario_comparison.datasets[0], tmp_path / "r.html", scenarios=known)
    assert not (tmp_path / "r.html").exists()
