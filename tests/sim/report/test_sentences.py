import re
from dataclasses import replace

import numpy as np
import pytest

from sim.analysis.compare import compare
from sim.report.aggregates import Digest, digest
from sim.report.numbers import MINUS
from sim.report.sentences import alt_fan, alt_forest, alt_medians, opening, verdict
from tests.sim.report.conftest import digest_of
from tests.support.synthetic import make_many, make_run, make_three

LEAD = "influence.belarus.russia"


def opened(numbers: Digest, name: str = LEAD) -> tuple[str, str, str]:
    """The three sentences on an outcome."""
    return opening(numbers, numbers.views[name], [""] * len(numbers.titles))


def shown(text: str) -> float:
    """A number as it was written; what is told as less than the last digit counts as nothing."""
    if "<" in text:
        return 0.0
    return float(text.replace(MINUS, "-").replace("+", "").replace(",", ""))


def test_question_answer_caveat(three_digest: Digest) -> None:
    question, answer, caveat = opened(three_digest)
    assert caveat.startswith("Influence tells how many of 100 choices of Russia’s would be others")
    assert question == (
        "Against “Status quo”, how do “Prolonged conflict” and “Negotiated settlement” change "
        "Belarus’s influence over Russia?"
    )
    assert re.match(r"In November 2026, against a median of 1\d of 100 choices, ", answer)
    assert re.search(r"\d+ ± \d+ % of the spread between worlds in “Status quo”", caveat)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("name", [LEAD, "front", "payoff.russia", "attention"])
def test_the_answer_agrees_with_the_data(seed: int, name: str) -> None:
    runs = [
        make_run("a", title="Base", worlds=120, months=4, seed=seed),
        make_run("b", title="Other", pull=0.3, worlds=120, months=4, seed=seed),
    ]
    comparison = compare(runs)
    numbers = digest(comparison)
    change = numbers.changes[1, name, "final"]
    row = comparison.paired.query("outcome == @name").iloc[0]
    _, answer, _ = opened(numbers, name)
    found = re.search(r"95 % interval (\S+) to (\S+);", answer)
    assert found is not None
    scale = numbers.views[name].measure.scale
    for words, value in ((found[1], row["lo"]), (found[2], row["hi"])):
        last_digit = 10.0 ** -len(words.partition(".")[2])
        assert shown(words) == pytest.approx(value * scale, abs=0.5001 * last_digit)
    way = re.search(r"it is ([\d.,]+) (higher|lower) on average in “Other”", answer)
    if row["lo"] > 0 or row["hi"] < 0:
        assert way is not None
        assert way[2] == ("higher" if row["difference"] > 0 else "lower")
        assert shown(way[1]) > 0
        assert verdict(change) == way[2]
    else:
        assert way is None
        assert "“Other” makes no clear difference" in answer
    assert f"higher in {row['p_greater'] * 100:.0f}" in answer
    middle = re.search(r"; median (?:near )?(\S+); higher in", answer)
    assert middle is not None
    last_digit = 10.0 ** -len(middle[1].partition(".")[2])
    assert shown(middle[1]) == pytest.approx(row["median"] * scale, abs=0.5001 * last_digit)


def test_a_mean_that_few_worlds_make_stands_beside_its_median() -> None:
    few = make_run("b", title="Other", worlds=200, months=2)
    few["transfers"][:8] += 10
    numbers = digest(compare([make_run("a", title="Base", worlds=200, months=2), few]))
    _, answer, _ = opened(numbers, "transfers.total")
    assert "higher on average" in answer or "+1" in answer
    assert "median 0; higher in 4, the same in 96 of 100 worlds" in answer


def test_what_does_not_change_is_said_to_be_the_same() -> None:
    runs = [
        make_run("a", title="A", worlds=120, months=2),
        make_run("b", title="B", worlds=120, months=2),
    ]
    _, answer, _ = opened(digest(compare(runs)))
    assert "“B” leaves it exactly as it is in every world" in answer


def test_many_scenarios_are_counted(twelve_digest: Digest) -> None:
    question, answer, _ = opened(twelve_digest)
    assert "how do 11 other scenarios change" in question
    ways = [verdict(c) for c in twelve_digest.changes_of(LEAD).values()]
    for way, verb in (("higher", "raise"), ("lower", "lower")):
        count = ways.count(way)
        assert f"{count} {verb}{'s' if count == 1 else ''} it" in answer
    changes = twelve_digest.changes_of(LEAD)
    largest = max(changes, key=lambda i: abs(changes[i].difference))
    assert f"the largest change is “{twelve_digest.titles[largest]}”" in answer


def test_one_run_is_told_in_levels(one_digest: Digest) -> None:
    view = one_digest.views[LEAD]
    question, answer, caveat = opening(one_digest, view, ["Where to?"])
    assert question == "Where to?"
    assert "in the median world" in answer
    assert "in 90 of 100 worlds" in answer
    most = max(one_digest.ends[0], key=lambda end: end.share)
    assert f"in {most.share * 100:.0f} of 100 worlds" in answer
    assert "against" not in answer.lower()
    assert "what the model leaves out is in no interval" in caveat


def test_few_worlds_are_owned_up_to() -> None:
    numbers = digest(compare(make_three(worlds=12, months=3)))
    _, answer, caveat = opened(numbers)
    assert re.search(r"higher in \d+ of 12 worlds", answer)
    assert "With 12 worlds the Monte Carlo error cannot be told" in caveat
    lone = digest(compare(make_three(worlds=4, months=3)))
    assert "with too few worlds for an interval" in opened(lone)[1]


def test_one_world_is_told_as_one() -> None:
    numbers = digest(compare(make_three(worlds=1, months=3)))
    _, answer, caveat = opened(numbers)
    assert answer.count("moves it by") == 2
    assert not re.search(r"average|median|higher in|too few|of 1 ", answer)
    assert "One world cannot tell how much of this is chance: run at least 100." in caveat
    fork = replace(numbers, varied=replace(numbers.varied, fork_of=7, fork_at="2024-02-01"))
    assert "--futures 100 follows a hundred" in opened(fork)[2]
    same = digest(compare([make_run("a", worlds=1, months=3), make_run("a", worlds=1, months=3)]))
    assert "leaves it exactly as it is." in opened(same)[1]
    many = digest(compare(make_many([f"T{i}" for i in range(6)], worlds=1, months=3)))
    changes = [change.difference for change in many.changes_of(LEAD).values()]
    up, down = sum(c > 0 for c in changes), sum(c < 0 for c in changes)
    answer = opened(many)[1]
    assert not re.search(r"average|median|clear|95 %", answer)
    for count, verb in ((up, "raise"), (down, "lower")):
        assert (f"{count} {verb}" in answer) == (count > 0)


def test_a_clipped_share_is_not_called_a_finding() -> None:
    run = make_run(worlds=400, months=2)
    run["influence"][:] = np.tile([0.1, 0.3], 200)[:, None, None, None]
    _, _, caveat = opened(digest(compare([run])))
    assert (
        "all of the spread between worlds that can be told apart comes from chance"
        in caveat.lower()
    )


@pytest.mark.parametrize("count", [2, 3, 12])
def test_pictures_have_words_with_numbers(count: int) -> None:
    numbers = digest_of(count)
    for view in numbers.views.values():
        words = alt_medians(numbers, view)
        assert all(title in words for title in numbers.titles)
        assert re.search(r"\d", alt_fan(numbers, view, 1))
        if not view.measure.event:
            assert "higher in" in alt_forest(numbers, view, "final")


def test_no_sentence_shows_a_signed_zero_or_a_hyphen_for_a_minus() -> None:
    numbers = digest(compare(make_many([f"T{i}" for i in range(4)], worlds=120, months=3)))
    for name in numbers.views:
        for sentence in opened(numbers, name):
            assert not re.search(r"[+−]0(\.0+)?(?![\d.])", sentence), sentence
            assert not re.search(r"(?<![\w])-\d", sentence), sentence


def test_the_answer_names_no_gain_on_another_yardstick(three_digest: Digest) -> None:
    name = "payoff.belarus"
    one = replace(three_digest, yardsticks=frozenset({(1, name)}))
    _, answer, _ = opened(one, name)
    assert "“Prolonged conflict” cannot be held against it (another yardstick" in answer
    assert "“Negotiated settlement”" in answer
    assert answer.count("on average") == 1
    assert "Prolonged conflict (another yardstick" in alt_forest(one, one.views[name], "final")


def test_of_many_those_on_another_yardstick_are_left_out(twelve_digest: Digest) -> None:
    name = "payoff.russia"
    changes = twelve_digest.changes_of(name)
    largest = max(changes, key=lambda i: abs(changes[i].difference))
    one = replace(twelve_digest, yardsticks=frozenset({(largest, name)}))
    _, answer, _ = opened(one, name)
    title = twelve_digest.titles[largest]
    assert f"the largest change is “{title}”" not in answer
    assert f"Left out: “{title}” (another yardstick" in answer
    none = replace(one, yardsticks=frozenset((i, name) for i in one.others))
    assert opened(none, name)[1].startswith("No scenario can be held against the baseline.")
