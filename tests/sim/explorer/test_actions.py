"""What can be done on the page: what a deed makes of a view, and what is refused in words."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.explorer.actions import ActionError, act
from sim.explorer.address import read_address, write_address
from sim.explorer.catalogue import Catalogue
from sim.explorer.state import MOST_COMPARED, MOST_LEVERS, Setting, Shock, View
from tests.sim.explorer.conftest import the_catalogue
from tests.sim.explorer.test_address import VIEWS

RENTS = "actors.belarus.incentives.rents"


def after(view: View, name: str, **values: Any) -> View:  # noqa: ANN401 - as a page sends them
    return act(view, {"name": name, **values}, the_catalogue())


def refused(view: View, name: str, **values: Any) -> str:  # noqa: ANN401 - as a page sends them
    with pytest.raises(ActionError) as caught:
        after(view, name, **values)
    return str(caught.value)


@pytest.fixture
def first(catalogue: Catalogue) -> View:
    return catalogue.first


def test_levers_hold_and_let_go(first: View) -> None:
    held = after(first, "set", key=RENTS, value=1.2)
    assert held.mine.value(RENTS) == 1.2
    assert after(held, "unset", value=RENTS) == first


def test_a_claim_is_switched_and_switched_back(first: View) -> None:
    off = after(first, "claim", value="C04", on=False)
    assert off.mine.claims == (("C04", False),)
    assert after(off, "claim", value="C04", on=True) == first


def test_shocks_come_and_go(first: View) -> None:
    shaken = after(first, "shock", key="attention", at="2024-03", size=-0.2)
    assert shaken.mine.shocks == (Shock("2024-03", "attention", -0.2),)
    assert "already" in refused(shaken, "shock", key="attention", at="2024-03", size=-0.1)
    assert after(shaken, "unshock", value="0") == first
    assert "outside" in refused(first, "shock", key="attention", at="2024-03", size=-9)
    assert "size" in refused(first, "shock", key="attention", at="2024-03", size=None)


def test_pinning_keeps_the_setting_beside_itself(first: View) -> None:
    held = after(first, "set", key=RENTS, value=1.2)
    pinned = after(held, "pin")
    assert pinned.compared == (replace(held.mine, title="Pinned: Belarus’s rents 1.2, Status quo"),)
    moved = after(pinned, "set", key=RENTS, value=0.5)
    assert moved.compared == pinned.compared
    assert "pinned already" in refused(pinned, "pin")
    assert "nothing to pin" in refused(first, "pin")


def test_a_new_baseline_takes_the_setting_along(first: View) -> None:
    view = after(
        after(first, "compare", value="negotiated_settlement"), "set", key=RENTS, value=1.0
    )
    moved = after(view, "baseline", value="prolonged_conflict")
    assert moved.mine.start == "prolonged_conflict"
    assert moved.mine.value(RENTS) == 1.0
    assert moved.compared == view.compared
    other = after(view, "baseline", value="invasion_2022")
    assert other.compared == ()


def test_only_scenarios_of_one_start_are_compared(first: View) -> None:
    assert "start in one month" in refused(first, "compare", value="invasion_2022")


def test_no_more_than_three_are_compared(first: View, catalogue: Catalogue) -> None:
    names = [name for name in catalogue.beside("status_quo") if name != "status_quo"]
    view = first
    for name in names[:MOST_COMPARED]:
        view = after(view, "compare", value=name)
    assert "3 are compared" in refused(view, "compare", value=names[MOST_COMPARED])


def test_any_parameter_can_be_put_in_view(first: View, catalogue: Catalogue) -> None:
    view = after(first, "show_lever", value="world.substitution")
    assert view.levers == (*first.levers, "world.substitution")
    assert after(view, "hide", value="world.substitution") == first
    assert "in view already" in refused(view, "show_lever", value="world.substitution")
    assert "no parameter" in refused(first, "show_lever", value="zzzz qqqq")
    assert "parameters fit" in refused(first, "show_lever", value="weight")
    more = [name for name in catalogue.parameters if name not in first.levers]
    for name in more[: MOST_LEVERS - len(first.levers)]:
        first = after(first, "show_lever", value=name)
    assert "take one out" in refused(first, "show_lever", value=more[-1])


def test_reset_leaves_the_levers_in_view(first: View) -> None:
    view = after(after(first, "hide", value=RENTS), "set", key="world.substitution", value=0.2)
    cleared = after(view, "reset")
    assert cleared.mine == Setting("status_quo")
    assert cleared.levers == view.levers


def test_a_month_is_read_about_under_why(first: View) -> None:
    view = after(first, "month", value="2024-05-01")
    assert (view.month, view.tab) == ("2024-05", "why")


@given(
    VIEWS,
    st.dictionaries(
        st.sampled_from(["name", "key", "value", "on", "at", "size"]),
        st.none()
        | st.booleans()
        | st.floats()
        | st.text(max_size=20)
        | st.sampled_from(["set", "claim", "shock", "months", "pin", "compare", "title", RENTS]),
    ),
)
@settings(deadline=None)
def test_whatever_is_sent_leaves_a_view_that_a_link_holds(
    view: View, action: dict[str, object]
) -> None:
    catalogue = the_catalogue()
    try:
        made = act(view, action, catalogue)
    except ActionError:
        return
    assert read_address(write_address(made, catalogue.first), catalogue) == (made, [])
