"""Answers: a panel at once, pictures as worlds come, differences when all is there."""

import json
import re
import time
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from sim.explorer.answers import Answers, Ask
from sim.explorer.catalogue import Catalogue, open_catalogue
from sim.explorer.service import Service
from tests.sim.explorer.conftest import Pretender

RENTS = "actors.belarus.incentives.rents"
MOVED = f"?set={RENTS}:1.2&months=6&worlds=200"
HOSTILE = "<img src=x onerror=alert(1)><b>Bold</b> & $x$ %{y} </script>"


@pytest.fixture
def answers(catalogue: Catalogue, service: Service) -> Answers:
    return Answers(catalogue, service)


def final(answers: Answers, query: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """The last answer to a question, with what only the first one holds."""
    seen: dict[str, Any] = {}
    stamp = ""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        answer = answers.to(Ask("page", 1, query, stamp=stamp, **more))
        json.dumps(answer, allow_nan=False)
        seen |= answer
        stamp = answer.get("stamp", "")
        if answer["done"]:
            return seen
    raise AssertionError("no end of answers")


def test_the_panel_does_not_wait_for_worlds(answers: Answers, pretender: Pretender) -> None:
    pretender.pause = 0.2
    began = time.monotonic()
    answer = answers.to(Ask("page", 1, MOVED))
    assert time.monotonic() - began < 2
    assert "held at 1.2" in answer["panel"]
    assert answer["done"] is False


@pytest.mark.parametrize("shown", ["", "&show=entry"])
def test_a_setting_and_its_pinned_copy_are_told_once(answers: Answers, shown: str) -> None:
    once = final(answers, MOVED + shown)["words"]
    pinned = f"&vs=from%3Dstatus_quo%26set%3D{RENTS}%3A1.2%26title%3DPinned"
    found = final(answers, MOVED + shown + pinned)
    assert found["words"] == once
    assert len(found["fans"]) == 3
    other = final(answers, MOVED + shown + pinned.replace("1.2", "1.3"))["words"]
    assert "Pinned" in other["answer"]


def test_all_is_there_in_the_end(answers: Answers) -> None:
    found = final(answers, MOVED)
    assert len(found["fans"]) == 2
    assert [fan["mine"] for fan in found["fans"]] == [False, True]
    assert found["note"] == ""
    assert "Belarus’s rents 1.2, Status quo" in found["words"]["question"]
    assert (
        "200 worlds a scenario, 50 parameter sets × 4 draws of chance, seed 1."
        in (found["words"]["facts"])
    )
    assert found["forest"]["chart"]["data"]


def test_hues_stay_with_places(answers: Answers) -> None:
    def hues(query: str) -> list[str]:
        fans = final(answers, query)["fans"]
        return [fan["chart"]["data"][-1]["line"]["color"] for fan in fans]

    beside = "&vs=from%3Dprolonged_conflict"
    assert hues("?months=6&worlds=200" + beside) == ["#5F6B76", "#D55E00"]
    assert hues(MOVED + beside) == ["#5F6B76", "#0072B2", "#D55E00"]


def test_a_dragged_lever_is_previewed_in_few_worlds(answers: Answers) -> None:
    final(answers, "?months=6&worlds=200")
    answer = final(answers, "?months=6&worlds=200", drag=(RENTS, 0.7))
    assert answer["note"] == "Preview: 64 of 200 worlds"
    assert "panel" not in answer
    ghost = [trace for trace in answer["fans"][1]["chart"]["data"] if trace["meta"] == "before"]
    assert len(ghost) == 1  # the setting before it was dragged


def test_the_state_before_stays_as_a_ghost(answers: Answers) -> None:
    final(answers, MOVED)
    found = final(answers, MOVED.replace("1.2", "0.6"), before=MOVED)
    [ghost] = [trace for trace in found["fans"][1]["chart"]["data"] if trace["meta"] == "before"]
    median = found["fans"][1]["chart"]["data"][-1]["y"]
    assert ghost["y"][0] > median[0]  # what the pretender makes rises with rents
    assert "Dotted" in found["caption"]


def test_only_the_first_few_worlds_and_months_are_drawn_at_first(
    answers: Answers, pretender: Pretender
) -> None:
    pretender.pause = 0.05
    answer = answers.to(Ask("page", 1, "?months=24&worlds=200", stamp="-"), patience=5)
    while "fans" not in answer:
        answer = answers.to(Ask("page", 1, "?months=24", stamp=answer["stamp"]), patience=5)
    line = answer["fans"][0]["chart"]["data"][-1]["y"]
    assert len(line) == 24
    assert line[0] is not None
    assert line[-1] is None
    assert re.match(r"So far: \d+ of \d+ worlds, as far as [A-Z]\w+ 202\d", answer["note"])
    assert "words" not in answer


def test_stopping_keeps_what_is_there(answers: Answers, pretender: Pretender) -> None:
    pretender.pause = 0.05
    answers.to(Ask("page", 1, "?months=36"))
    time.sleep(0.4)
    answer = answers.to(Ask("page", 1, "?months=36", stamp="stopping", stop=True))
    assert answer["done"] is True
    assert answer["stopped"] is True
    assert answer["fans"][0]["chart"]["data"]
    deadline = time.monotonic() + 10
    while pretender.dropped < 2:
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize("tab", ["matrix", "why", "table"])
def test_every_tab_has_its_tables(answers: Answers, tab: str) -> None:
    found = final(answers, f"{MOVED}&tab={tab}")
    assert "<table" in found["tab"]["html"]


def test_worlds_are_pictures(answers: Answers) -> None:
    found = final(answers, f"{MOVED}&tab=worlds")
    assert len(found["tab"]["ends"]) == len(found["tab"]["dots"]) == 2


@pytest.mark.parametrize("outcome", ["front", "entry", "status.settled", "coleman.belarus"])
def test_every_kind_of_outcome_is_drawn(answers: Answers, outcome: str) -> None:
    found = final(answers, f"{MOVED}&show={outcome}")
    assert len(found["fans"]) == 2
    assert bool(found["forest"]["html"]) == (outcome in ("entry", "status.settled"))


def test_nothing_differs_at_first(answers: Answers) -> None:
    found = final(answers, "?months=6&worlds=200")
    assert len(found["fans"]) == 1
    assert "Nothing differs from the baseline yet" in found["forest"]["html"]


def test_a_setting_that_contradicts_itself_is_said(answers: Answers) -> None:
    answer = answers.to(Ask("page", 1, "?vs=from%3Dinvasion_2022"))
    assert answer["done"] is True
    assert "start in one month" in answer["problems"]


def test_what_a_link_gets_wrong_is_said_and_the_rest_is_shown(answers: Answers) -> None:
    found = final(answers, f"{MOVED}&set=world.nothing:1&tab=<script>")
    assert "no parameter" in found["problems"]
    assert "<script>" not in found["problems"]
    assert len(found["fans"]) == 2


def test_a_month_is_marked_and_its_reasons_are_told(answers: Answers) -> None:
    found = final(answers, f"{MOVED}&tab=why&month=2024-02")
    assert found["fans"][0]["chart"]["layout"]["shapes"][0]["x0"] == "2024-02-01"
    assert "in February 2024. The reasons are those of one world" in found["tab"]["html"]


def test_a_question_that_is_none_is_refused() -> None:
    for data in ({}, {"ticket": "x"}, {"ticket": "x", "number": "many", "query": ""}):
        with pytest.raises(ValueError, match=r"question|invalid literal"):
            Ask.read(data)


class _Controls(HTMLParser):
    """Collects form controls and what names them."""

    def __init__(self) -> None:
        super().__init__()
        self.controls: list[dict[str, str | None]] = []
        self.labelled: set[str] = set()
        self.ids: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.add(tag)
        if identifier := given.get("id"):
            self.ids.append(identifier)
        if tag == "label" and (target := given.get("for")):
            self.labelled.add(target)
        if tag in ("input", "select"):
            self.controls.append(given)


def test_every_control_has_a_label_and_an_id_of_its_own(answers: Answers) -> None:
    query = f"{MOVED}&shock=2024-03:attention:-0.2&vs=from%3Dnuclear_forward"
    seen = _Controls()
    seen.feed(answers.to(Ask("page", 1, query))["panel"])
    assert len(seen.controls) > 30
    assert {one["id"] for one in seen.controls} <= seen.labelled
    assert len(seen.ids) == len(set(seen.ids))


def test_markup_in_titles_is_text_everywhere(service: Service, tmp_path: Path) -> None:
    file = tmp_path / "hostile.yaml"
    file.write_text(f"extends: status_quo\ntitle: '{HOSTILE}'\nquestion: '{HOSTILE}'\nmonths: 6\n")
    answers = Answers(open_catalogue(file), service)
    for tab in ("matrix", "why", "table", "worlds"):
        found = final(answers, f"?set={RENTS}:1.2&worlds=200&tab={tab}&title=<b>x</b>")
        pieces = [found["panel"], found["forest"]["html"], found["tab"].get("html", "")]
        pieces += [fan["heading"] for fan in found["fans"]]
        for piece in pieces:
            seen = _Controls()
            seen.feed(piece)
            assert not seen.tags & {"img", "script"}
            assert "<b>Bold" not in piece
            assert "<b>x" not in piece
        notes = found["forest"]["chart"]["layout"]["annotations"]
        assert not any("<b>" in note["text"] or "%{" in note["text"] for note in notes)


def test_a_lever_shows_what_a_switched_claim_makes_of_it(answers: Answers) -> None:
    panel = answers.to(Ask("page", 1, "?claim=C15:off"))["panel"]
    about = re.search(rf'<output for="lever-{RENTS.replace(".", "-")}"[^>]*>([^<]*)<', panel)
    assert about is not None
    assert about[1] == "0"


def test_a_lever_on_an_aim_changes_the_yardstick_of_the_payoff(answers: Answers) -> None:
    found = final(answers, f"{MOVED}&show=payoff.belarus")
    assert "cannot be held against it (another yardstick" in found["words"]["answer"]
    assert "gives Belarus’s aims other weights" in found["forest"]["html"]
    assert "neither gain nor loss" in found["caption"]
    other = final(answers, f"{MOVED}&show=payoff.russia")
    assert "yardstick" not in json.dumps(other)
