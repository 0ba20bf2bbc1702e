"""What lies beside reports: the list of results, and figures for papers."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from sim.analysis.thesis import kept
from sim.analysis.thesis.design import load_thesis
from sim.ensemble.manifest import Manifest
from sim.report import static
from sim.report.aggregates import digest
from sim.report.document import worlds_shown
from sim.report.index import index_page
from tests.sim.cli.conftest import Fulcrum
from tests.support.browser import CHROMIUM

pytestmark = pytest.mark.usefixtures("quick")

HOSTILE = "<script>alert(1)</script> & <b>bold</b>"


class Links(HTMLParser):
    """Where a page links to, and what it says."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.to: list[str] = []
        self.tags: list[str] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.to += [str(value) for key, value in attrs if key == "href"]

    def handle_data(self, data: str) -> None:
        self.words += data


def test_the_list_grows_with_runs_and_comparisons(fulcrum: Fulcrum, tmp_path: Path) -> None:
    page = tmp_path / "results" / "index.html"
    run = fulcrum("run", "status_quo", "--worlds", 24, "--json").document
    first = Links(page.read_text())
    assert len(first.to) == 1
    assert (page.parent / first.to[0]).resolve() == Path(run["report"]).resolve()
    two = ("status_quo", "prolonged_conflict")
    told = fulcrum("compare", *two, "--worlds", 24, "--json").document
    found = Links(page.read_text())
    places = [(page.parent / link).resolve() for link in found.to]
    assert places == [Path(told["report"]).resolve(), Path(run["report"]).resolve()]
    for words in ("Status quo", "Prolonged conflict", "A model’s output, not a forecast."):
        assert words in found.words


def test_the_list_is_written_on_demand(fulcrum: Fulcrum, tmp_path: Path) -> None:
    assert fulcrum("runs", "--html").status == 0
    assert not (tmp_path / "results").exists()
    fulcrum("run", "status_quo", "--worlds", 8, "--json")
    page = tmp_path / "results" / "index.html"
    page.unlink()
    said = fulcrum("runs", "--html")
    assert said.status == 0
    assert "results/index.html" in said.out
    assert page.is_file()
    assert [path.name for path in page.parent.glob(".index*")] == []


def test_a_title_with_markup_is_text_in_the_list(fulcrum: Fulcrum, tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(f"extends: status_quo\ntitle: {json.dumps(HOSTILE)}\n")
    fulcrum("run", file, "--worlds", 8, "--json")
    text = (tmp_path / "results" / "index.html").read_text()
    page = Links(text)
    assert HOSTILE in page.words
    assert not {"script", "b"} & set(page.tags)
    assert "default-src 'none'" in text
    assert not re.search(r"https?:", text)


def test_a_run_in_the_making_is_no_link(tmp_path: Path) -> None:
    from sim.scenario import load_scenario

    manifest = Manifest.begin(load_scenario("status_quo"), "0" * 64, 1, 4)
    folder = tmp_path / ".staging" / "status_quo-000000000000"
    page = Links(index_page(tmp_path, [(folder, manifest)], []))
    assert page.to == []
    assert "0 so far" in page.words


def test_stored_runs_are_compared_without_a_simulation(
    fulcrum: Fulcrum, quick: list[tuple[str, int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    two = ("status_quo", "prolonged_conflict")
    for name in two:
        fulcrum("run", name, "--worlds", 24, "--json")
    asked = list(quick)
    digests = []

    def counted(*args: object) -> object:
        digests.append(args)
        return digest(*args)  # type: ignore[arg-type]

    monkeypatch.setattr("sim.report.aggregates.digest", counted)
    monkeypatch.setattr("sim.report.page.digest", counted)
    first = fulcrum("compare", *two, "--worlds", 24, "--json").document
    again = fulcrum("compare", *two, "--worlds", 24, "--json").document
    assert quick == asked
    assert again == first
    assert len(digests) == 2  # one a command


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["--format", "png"], "--format: goes with --figures DIR"),
        (["--figures", "out", "--format", "gif"], "--format: gif: there are png, svg, pdf"),
        (["--figures", "taken"], "--figures: taken is not a folder"),
    ],
)
def test_figures_that_cannot_be_are_refused_before_anything_is_run(
    fulcrum: Fulcrum,
    quick: list[tuple[str, int, int]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    problem: str,
) -> None:
    monkeypatch.setattr(static, "missing", lambda: "")
    (tmp_path / "taken").write_text("")
    said = fulcrum("compare", "status_quo", "prolonged_conflict", *words)
    assert said.status == 2
    assert said.problems == [problem]
    assert quick == []


def test_figures_without_a_browser_say_what_to_do(
    fulcrum: Fulcrum, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(static, "find_spec", lambda _: None)
    said = fulcrum("compare", "status_quo", "prolonged_conflict", "--figures", "out")
    assert said.status == 2
    assert said.problems == [
        "--figures: needs Kaleido: install the extra, as in pip install 'fulcrum-sim[figures]'"
    ]


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium or Chrome on the PATH to draw figures")
@pytest.mark.parametrize(
    ("form", "starts"), [("svg", b"<svg"), ("pdf", b"%PDF-"), ("png", b"\x89PNG")]
)
def test_every_open_picture_becomes_a_file(
    fulcrum: Fulcrum, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str, starts: bytes
) -> None:
    every = static.pictures
    if form != "svg":  # one format draws them all, the others a few
        monkeypatch.setattr(static, "pictures", lambda *of: [*every(*of)][:2])
    two = ("status_quo", "prolonged_conflict")
    words = ("--worlds", 120, "--figures", "out", "--format", form, "--json")
    told = fulcrum("compare", *two, *words).document
    *files, captions = (tmp_path / file for file in told["figures"])
    assert all(file.read_bytes().startswith(starts) for file in files)
    text = captions.read_text()
    assert "A model’s output, not a forecast. Made by: fulcrum compare" in text
    assert all(file.name in text for file in files)
    if form == "svg":
        names = {file.name.split("-")[0] for file in files}
        assert names >= {"medians", "forest", "fan", "parting", "ends", "matrix", "network"}
        assert names >= {"rents", "measure"}
        [parting] = [file for file in files if file.name.startswith("parting")]
        assert "Prolonged" in parting.read_text()
        assert not re.search(r"(href|src)=.https?:", parting.read_text())


class TestWhereItHolds:
    """Section 9 of reports, from what lies in the results folder."""

    def section(self, report: str) -> str:
        [found] = re.findall(
            r'<section id="holds".*?</section>',
            Path(report).read_text(encoding="utf-8"),
            flags=re.S,
        )
        return str(found)

    def keep_verdict(self, **about: str) -> None:
        rule = {"supported_share": 0.6, "refuted_share": 0.4}
        judged = {
            **{"name": "H1", "label": "Influence", "verdict": "refuted", "firm": True},
            **{"share": 0.0, "error": 0.1, "ci95": [0.0, 0.2], "sets": 16},
            "counts": {"hit": 0, "miss": 16, "undecided": 0},
            "flips": {"brief": "nowhere"},
        }
        hypothesis = {"id": "H1", "title": "No puppet", "rule": rule, "judged": [judged]}
        made = kept.made_by() | {"design": load_thesis().digest, "seed": 1} | about
        folder = Path("results") / kept.FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps({**made, "hypotheses": [hypothesis]})
        (folder / kept.document_name()).write_text(text, encoding="utf-8")

    def test_where_nothing_is_the_commands_are_named(self, fulcrum: Fulcrum) -> None:
        told = fulcrum("compare", "status_quo", "western_distraction", "--worlds", 16, "--json")
        section = self.section(told.document["report"])
        assert "fulcrum thesis puts the argument to six tests" in section
        assert "<table" not in section

    def test_the_latest_verdicts_are_shown(self, fulcrum: Fulcrum) -> None:
        self.keep_verdict()
        section = self.section(
            fulcrum("run", "status_quo", "--worlds", 16, "--json").document["report"]
        )
        assert "Of 1 verdicts" not in section
        assert "One verdict on the argument: refuted (H1 No puppet)." in section
        assert "nothing that it rests on has changed since" in section
        assert "fulcrum backtest holds the model against the record" in section

    def test_it_says_if_the_code_changed(self, fulcrum: Fulcrum) -> None:
        self.keep_verdict(code="another")
        told = fulcrum("run", "status_quo", "--worlds", 16, "--json").document
        assert "the model’s code has changed since" in self.section(told["report"])

    def test_verdicts_of_another_design_are_none(self, fulcrum: Fulcrum) -> None:
        self.keep_verdict(design="toy")
        told = fulcrum("run", "status_quo", "--worlds", 16, "--json").document
        assert "<table" not in self.section(told["report"])


def test_the_list_says_how_many_worlds_a_report_shows(fulcrum: Fulcrum, tmp_path: Path) -> None:
    page = tmp_path / "results" / "index.html"
    run = fulcrum("run", "status_quo", "--worlds", 24, "--json").document
    assert worlds_shown(Path(run["report"])) == 24
    assert "; report of" not in page.read_text()
    fulcrum("compare", "status_quo", "prolonged_conflict", "--worlds", 40, "--json")
    assert "40; report of 24" in page.read_text()
    fulcrum("run", "status_quo", "--worlds", 40, "--json")
    assert "; report of" not in page.read_text()
    assert worlds_shown(tmp_path / "none.html") is None
