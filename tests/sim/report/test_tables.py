"""Tables: what stands beside what, and with how many digits."""

from dataclasses import replace

from sim.report.aggregates import Digest
from sim.report.markup import render
from sim.report.odds import forest
from sim.report.origins import input_label
from sim.report.page import LEAD
from sim.report.pieces import featured
from sim.report.sections import where_spread_comes_from
from sim.report.sentences import opening
from sim.report.tables import heat, levels, paired, spread


def row_of(page: str, title: str, rank: int = 0) -> str:
    """One row of a table, by its heading."""
    return page.split(f'<th scope="row">{title}')[rank + 1].partition("</tr>")[0]


def test_a_payoff_on_another_yardstick_has_no_colour_and_a_note(twelve_digest: Digest) -> None:
    title = twelve_digest.titles[3]
    free = replace(twelve_digest, yardsticks=frozenset())
    one = replace(twelve_digest, yardsticks=frozenset({(3, "payoff.russia")}))
    assert "†" not in heat(free) + paired(free, "final")
    assert "†" in row_of(heat(one), title)
    assert row_of(heat(one), title).count("background") + 1 == row_of(heat(free), title).count(
        "background"
    )
    note = f"“{title}” gives Russia’s aims other weights"
    assert note in heat(one)
    assert note in paired(one, "final")
    assert paired(one, "final").count(f"{title} †") == 1


def test_the_roughest_scenario_does_not_hide_the_others(twelve_digest: Digest) -> None:
    title = twelve_digest.titles[3]
    change = twelve_digest.changes[3, LEAD, "final"]
    small = replace(
        change,
        difference=0.031,
        quantiles={name: 0.0314 + step / 100 for step, name in enumerate(change.quantiles)},
        errors=dict.fromkeys(change.errors, 0.004),
    )
    rough = replace(twelve_digest.changes[5, LEAD, "final"], se=3.0)
    rough = replace(rough, errors=dict.fromkeys(rough.errors, 3.0))
    one = replace(
        twelve_digest,
        changes={**twelve_digest.changes, (3, LEAD, "final"): small, (5, LEAD, "final"): rough},
        views={LEAD: twelve_digest.views[LEAD]},
    )
    told = f"+{small.quantiles['median']:.2f}"
    assert f">{told}<" in row_of(heat(one), title)
    assert f">{told}<" in row_of(paired(one, "final"), title)
    words = [
        note["text"] for note in forest(one, one.views[LEAD], "final")["layout"]["annotations"]
    ]
    assert told in words


def test_what_stands_open_changes_most_by_the_mean_that_the_headline_names(
    twelve_digest: Digest,
) -> None:
    flat = twelve_digest.changes[4, LEAD, "final"]
    zero = dict.fromkeys(flat.quantiles, 0.0)
    few = replace(flat, difference=99.0, quantiles=zero)
    one = replace(twelve_digest, changes=twelve_digest.changes | {(4, LEAD, "final"): few})
    assert 4 in featured(one, LEAD)[0]
    assert f"the largest change is “{one.titles[4]}”" in opening(one, one.views[LEAD], [""] * 12)[1]
    assert 4 not in featured(replace(one, yardsticks=frozenset({(4, LEAD)})), LEAD)[0]


def with_error(digest: Digest, error: float) -> Digest:
    """The same, the shares of the leading outcome's spread with another error."""
    view = digest.views[LEAD]
    courses = tuple(
        replace(one, spread=replace(one.spread, unknown=0.5, clipped=False, error=error))
        for one in view.courses
    )
    return replace(digest, views={LEAD: replace(view, courses=courses)})


def test_a_share_with_too_wide_an_error_is_not_told(three_digest: Digest) -> None:
    clear, wide = with_error(three_digest, 0.249), with_error(three_digest, 0.25)
    assert "50 ± 25 %" in spread(clear)
    assert "±" not in spread(wide)
    assert 'class="bar"' not in spread(wide)
    for page in (levels(wide), where_spread_comes_from(wide)):
        assert "–: not told, as its error is 25 points or more" in page
        assert "±" not in page.replace("± one standard error", "")
    assert "not told" not in levels(clear) + where_spread_comes_from(clear)
    for one, words in ((clear, "50 ± 25 % of the spread"), (wide, "too few sets to tell how much")):
        assert words in opening(one, one.views[LEAD], [""] * 3)[2]


def test_an_order_of_the_scenario_is_told_in_words() -> None:
    assert "Belarus’s entry into the war" in render(input_label("moves belarus.entry"))
    assert "Russia’s support for Minsk" in render(input_label("moves russia.support_minsk (2)"))
