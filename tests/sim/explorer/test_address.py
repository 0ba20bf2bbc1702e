"""A link holds the whole view, and whatever stands in one is read or refused in words."""

import string
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.explorer.address import read_address, write_address
from sim.explorer.catalogue import Catalogue
from sim.explorer.state import (
    MOST_COMPARED,
    MOST_LEVERS,
    TABS,
    WORLDS,
    Setting,
    Shock,
    View,
    slug,
)
from sim.scenario.registry import CLAIMS
from sim.scenario.shocks import SHOCKS
from tests.sim.explorer.conftest import the_catalogue

CATALOGUE = the_catalogue()
BESIDE = CATALOGUE.beside("status_quo")
TITLES = st.text(string.ascii_letters + string.digits + "<>&\"'%:;=+ #?é…", max_size=80).map(
    str.strip
)


@st.composite
def held(draw: st.DrawFn) -> tuple[str, float]:
    one = CATALOGUE.parameters[draw(st.sampled_from(sorted(CATALOGUE.parameters)))]
    low, high = one.parameter.low, one.parameter.high
    value = draw(st.floats(low, high))
    return one.name, float(round(value)) if one.whole else value


@st.composite
def shocks(draw: st.DrawFn) -> Shock:
    name = draw(st.sampled_from(sorted(SHOCKS)))
    size = draw(st.floats(SHOCKS[name].low, SHOCKS[name].high).filter(lambda size: size != 0))
    return Shock(f"{draw(st.integers(2023, 2026))}-{draw(st.integers(1, 12)):02d}", name, size)


SETTINGS = st.builds(
    Setting,
    start=st.sampled_from(BESIDE),
    values=st.lists(held(), max_size=5).map(tuple),
    claims=st.lists(st.tuples(st.sampled_from(CLAIMS), st.booleans()), max_size=4).map(tuple),
    shocks=st.lists(shocks(), max_size=4).map(tuple),
    title=TITLES,
)
COMPARED = st.lists(SETTINGS, max_size=MOST_COMPARED, unique=True)
LEVERS = st.lists(st.sampled_from(sorted(CATALOGUE.parameters)), max_size=MOST_LEVERS, unique=True)
VIEWS = st.builds(
    View,
    baseline=st.sampled_from(BESIDE),
    mine=SETTINGS,
    compared=COMPARED.map(tuple),
    levers=LEVERS.map(tuple),
    months=st.none() | st.integers(6, 60),
    outcome=st.sampled_from(CATALOGUE.outcomes),
    tab=st.sampled_from(TABS),
    month=st.sampled_from(("", "2024-03", "2026-11")),
    worlds=st.sampled_from(WORLDS),
    seed=st.integers(0, 2**63 - 1),
).filter(lambda view: Setting(view.baseline) not in view.compared)


@given(VIEWS)
@settings(deadline=None)
def test_a_link_restores_the_view_entirely(view: View) -> None:
    read, problems = read_address(write_address(view, CATALOGUE.first), CATALOGUE)
    assert problems == []
    assert read == view


def test_the_first_view_needs_no_link(catalogue: Catalogue) -> None:
    assert write_address(catalogue.first, catalogue.first) == ""
    assert read_address("", catalogue) == (catalogue.first, [])


@given(st.text(max_size=300))
@settings(deadline=None)
def test_no_text_stops_the_page(text: str) -> None:
    view, _ = read_address(text, CATALOGUE)
    again, problems = read_address(write_address(view, CATALOGUE.first), CATALOGUE)
    assert (again, problems) == (view, [])


@given(st.lists(st.tuples(st.sampled_from(["set", "shock", "vs", "claim", "base"]), st.text())))
@settings(deadline=None)
def test_no_value_stops_the_page(pairs: list[tuple[str, str]]) -> None:
    view, problems = read_address(urlencode(pairs), CATALOGUE)
    assert isinstance(view, View)
    assert all("\n" not in line for line in problems)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("base=status_qou", 'no scenario "status_qou"; did you mean "status_quo"?'),
        ("base=../../etc/passwd", "no scenario"),
        ("set=world.oil:x", "no parameter"),
        ("set=actors.belarus.incentives.rents:lots", "is no number for actors.belarus.incentives"),
        ("set=actors.belarus.incentives.rents:99", "99 lies outside 0 to 10"),
        ("set=actors.belarus.incentives.rents:nan", "is no number"),
        ("claim=C99:off", "should read as C04:off"),
        ("shock=2024-13:attention:-0.2", "should read as 2024-03:attention:-0.2"),
        ("shock=2024-03:atention:-0.2", 'did you mean "attention"?'),
        ("shock=2024-03:attention:-7", "lies outside -1 to 1"),
        ("months=2000", "from 6 to 60"),
        ("worlds=100000000", "worlds should be"),
        ("tab=cellar", "there is no"),
        ("show=influense", "there is no"),
        ("month=soon", "month should read as"),
        ("seed=-1", "whole number"),
        ("vs=from%3Dnowhere", "no scenario"),
        ("lever=world.nothing", "no parameter"),
        ("colour=red", "means nothing"),
        ("tab=why&tab=table", "given twice"),
        ("x" * 9000, "longer than"),
    ],
)
def test_what_cannot_be_read_is_said_and_left_out(query: str, said: str) -> None:
    view, problems = read_address(f"?{query}", CATALOGUE)
    assert len(problems) == 1
    assert said in problems[0]
    if not query.startswith(("tab=why", "lever=")):
        assert view == CATALOGUE.first


def test_too_many_of_a_kind_are_cut_and_said() -> None:
    names = sorted(CATALOGUE.parameters)[: MOST_LEVERS + 1]
    view, problems = read_address(urlencode([("lever", name) for name in names]), CATALOGUE)
    assert view.levers == tuple(names[:MOST_LEVERS])
    assert "more than 8" in problems[0]


@given(st.text(max_size=100))
def test_a_name_for_a_file_is_plain(title: str) -> None:
    assert set(slug(title)) <= set(string.ascii_lowercase + string.digits + "_")
    assert slug(title)[0] in string.ascii_lowercase
