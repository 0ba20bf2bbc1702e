"""The page of the hypotheses: what a reader sees first, and that every picture has its numbers."""

import json
import re
from typing import Any

import pytest

from sim.analysis.thesis.bench import TESTS, put_to_the_test
from sim.report.thesis import page
from sim.report.thesis_figures import sets
from sim.report.thesis_words import behind_words, counts_words, figure_words, hits_words
from tests.support.plausible_thesis import DRAWS, SETS, PlausibleRuns, small_thesis


@pytest.fixture(scope="session")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    thesis = small_thesis()
    runs = PlausibleRuns(tmp_path_factory.mktemp("runs"), thesis.seed)
    return put_to_the_test(thesis, list(TESTS), runs)


@pytest.fixture(scope="session")
def written(document: dict[str, Any]) -> str:
    return page(document)


def judged_of(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for hypothesis in document["hypotheses"] for one in hypothesis["judged"]]


def test_every_verdict_stands_first_with_figure_error_and_flips(
    document: dict[str, Any], written: str
) -> None:
    [first] = re.findall(r'<section id="summary".*?</section>', written, flags=re.S)
    rows = re.findall(r"<tr>(.*?)</tr>", first.partition("<tbody>")[2], flags=re.S)
    judged = judged_of(document)
    assert len(rows) == len(judged) == 9
    for row, one in zip(rows, judged, strict=True):
        words = " ".join(re.sub(r"<[^>]+>", " ", row).split())
        assert f"badge {one['verdict']}" in row
        assert ("within error" in words) == (not one["firm"])
        for told in (hits_words(one), figure_words(one), f"± {100 * one['error']:.1f}"):
            assert told in words
        assert one["flips"]["brief"].replace(">", "&gt;") in words


def test_what_a_verdict_does_not_tell_is_said_beside_it(document: dict[str, Any]) -> None:
    told = {one["name"]: behind_words(one) for one in judged_of(document)}
    assert all(told.values())
    [h2] = [one for one in judged_of(document) if one["name"] == "H2"]
    moved = h2["beside"]["effects"]["dependence.russia.belarus"]
    assert f"up in {moved['sets_up']} of {SETS} sets, down in {moved['sets_down']}" in told["H2"]
    [h6] = [one for one in judged_of(document) if one["name"] == "H6"]
    for best in h6["beside"]["best"].values():
        top = max(best, key=lambda scenario: best[scenario])
        assert f"“{top}” ({best[top]} of" in told["H6"]
    [h3] = [one for one in judged_of(document) if one["name"] == "H3.payoff.belarus"]
    for end, hardly in ((0.04, True), (0.06, False), (-0.06, False)):
        curve = h3["beside"]["variants"]["bargained"]["curve"]
        changed = [{**curve[0], "change": 0.0}, *curve[1:-1], {**curve[-1], "change": end}]
        variants = {"bargained": {"curve": changed}}
        beside = {**h3["beside"], "variants": variants, "smallest_effect": 0.05}
        assert ("length hardly matters" in behind_words({**h3, "beside": beside})) == hardly
    counts = h3["counts"]
    assert counts_words(h3) == f"{counts['hit']} / {counts['miss']} / {counts['undecided']}"


def test_refuted_is_said_as_plainly_as_supported(document: dict[str, Any]) -> None:
    """The same page but for the word: neither verdict is put away."""
    pages = {}
    for verdict in ("supported", "refuted"):
        changed = json.loads(json.dumps(document))
        for one in changed["hypotheses"]:
            one["verdict"] = one["verdict"] and verdict
            for judged in one["judged"]:
                judged["verdict"] = verdict
        pages[verdict] = page(changed)
    assert f"Of 9 verdicts: 9 {'refuted'}." in pages["refuted"]
    for one in document["hypotheses"]:
        assert f'id="{one["id"]}"' in pages["refuted"]
    mark = {"supported": "✓", "refuted": "✗"}
    [seen, other] = (
        re.sub(f"(?i){verdict}", "VERDICT", text).replace(mark[verdict], "MARK")
        for verdict, text in pages.items()
    )
    assert len(seen) == pytest.approx(len(other), rel=0.001)


def test_pictures_have_numbers_and_nothing_is_loaded(written: str) -> None:
    slots = set(re.findall(r'data-slot="([^"]+)"', written))
    data = re.search(r'<script type="application/json" id="numbers">(.*?)</script>', written)
    assert data is not None
    assert set(json.loads(data[1].replace("\\u003c", "<"))["charts"]) == slots
    markup = re.sub("<script.*?</script>", "", written, flags=re.S)
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', markup)


@pytest.mark.parametrize("mark", [(0.0, ""), (0.05, "hits beyond")])
def test_bars_hold_every_set_and_a_threshold_parts_them(mark: tuple[float, str]) -> None:
    figures = [-0.02, 0.0, 0.0, 0.0, 0.003, 0.05, 0.051, 0.08]
    judged = {
        "by_set": {"figure": figures, "state": ["hit"] * len(figures)},
        "figure": {"unit": "units"},
    }
    [bars] = sets(judged, [mark])["data"]
    assert sum(bars["y"]) == len(figures)
    where = [x for x, count in zip(bars["x"], bars["y"], strict=True) for _ in range(count)]
    for figure, middle in zip(figures, where, strict=True):
        assert abs(figure - middle) <= 0.51 * bars["width"]
    if mark[1]:
        beyond = [x > mark[0] for x in where]
        assert beyond == [figure >= mark[0] for figure in figures]
    else:
        assert where[1:4] == pytest.approx([0.0] * 3, abs=1e-9)


def test_h3_is_told_by_variant_and_by_kappa(document: dict[str, Any]) -> None:
    [three] = [one for one in document["hypotheses"] if one["id"] == "H3"]
    for judged in three["judged"]:
        variants = judged["beside"]["variants"]
        assert len(variants) == 6
        for name, found in variants.items():
            assert found["hit"] + found["miss"] + found["undecided"] == SETS == found["sets"]
            if name != "high_confrontation":  # there kappa is held
                assert sum(part["sets"] for part in found["by_kappa"]) == SETS


def test_h5_tells_early_indicators_beside_its_verdict(
    document: dict[str, Any], written: str
) -> None:
    [five] = [one for one in document["hypotheses"] if one["id"] == "H5"]
    found = five["judged"][0]["beside"]["indicators"]
    assert found["month"] == 6
    assert 0 < found["worlds"] <= SETS * DRAWS
    assert "What month 6 tells of the end" in written


def under(document: dict[str, Any], **verdicts: str) -> dict[str, Any]:
    """The document as another source might have it, some verdicts changed."""
    other: dict[str, Any] = json.loads(json.dumps(document)) | {"source": "posterior_2023"}
    for one in judged_of(other):
        one["verdict"] = verdicts.get(one["name"], one["verdict"])
    return other


def words_of(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def test_the_page_says_what_hypotheses_stand_on(document: dict[str, Any], written: str) -> None:
    assert "Hypotheses stand on the frozen priors" in written
    other = page(under(document), [document])
    assert "<h1>Six tests of the argument, under posterior_2023</h1>" in other
    assert "The hypotheses themselves stand on the frozen priors" in other
    assert "fulcrum thesis --source posterior_2023" in other


def test_verdicts_of_another_source_stand_beside(document: dict[str, Any]) -> None:
    [one] = [one for one in judged_of(document) if one["name"] == "H1"]
    turned = "refuted" if one["verdict"] == "supported" else "supported"
    text = page(document, [under(document, H1=turned)])
    assert f"Under posterior_2023, 1 of 9 would be another: H1 {turned}." in text
    [first] = re.findall(r'<section id="summary".*?</section>', text, flags=re.S)
    rows = re.findall(r"<tr>(.*?)</tr>", first.partition("<tbody>")[2], flags=re.S)
    cells = [re.findall(r"<td>(.*?)</td>", row, flags=re.S) for row in rows]
    assert turned in words_of(cells[0][2])
    for told, row in zip(judged_of(document)[1:], cells[1:], strict=True):
        assert words_of(row[2]).startswith(told["verdict"])
        assert hits_words(told) in words_of(row[2])
    # the verdict itself is untouched
    assert f"badge {one['verdict']}" in cells[0][0]
    assert len(re.findall('<p class="note">Under posterior_2023: ', text)) == 9
    [shown] = re.findall(r'"shares":\{"chart":\{"data":(\[.*?\]),"layout"', text)
    assert [trace["name"] for trace in json.loads(shown)] == ["", "posterior_2023"]


def test_what_another_source_has_not_judged_is_said(document: dict[str, Any]) -> None:
    less = under(document)
    less["hypotheses"] = [one for one in less["hypotheses"] if one["id"] == "H2"]
    text = page(document, [less], ["posterior_2024"])
    assert "Under posterior_2023, the verdict is the same in all 1." in text
    assert text.count(">not yet run<") == 8
    assert "fulcrum thesis --source posterior_2024 judges anew" in text
