"""Options put together from parts, against the exact rollout of each."""

import numpy as np
import pytest

from agents.response import total_variation
from sim.deliberation.answers import PAIRS, expected_answers
from sim.deliberation.options import Weighed, design, request, respond, weigh
from sim.deliberation.rollouts import roll_out
from sim.deliberation.table import Table
from sim.influence.behavioural import HEADLINE_PAIRS, belief_swaps
from sim.model import ConflictModel


def table_of(model: ConflictModel, *, exact: bool) -> Table:
    """The table of the month to come, at the model's present state."""
    return Table(
        model.state,
        model.parameters,
        model.light,
        model.actors,
        model.what_if.plays,
        model.open,
        model.what_if.horizon,
        exact=exact,
    )


def weighed_by_all(table: Table) -> dict[str, Weighed]:
    answers = expected_answers(table)
    asked = []
    for actor in table.actors.values():
        rows = design(table, actor)
        asked.append((rows, request(table, actor, rows, table.believed_play(actor), answers)))
    return {weighed.actor.name: weighed for weighed in weigh(table, asked)}


@pytest.fixture(scope="module")
def model() -> ConflictModel:
    model = ConflictModel("status_quo", worlds=64, rng=9)
    for _ in range(3):
        model.step()
    return model


@pytest.mark.slow
@pytest.mark.parametrize("scenario", ["negotiated_settlement", "invasion_2022", "puppet_belarus"])
def test_parts_agree_with_the_exact_rollout_on_a_thousand_states(scenario: str) -> None:
    """States of 128 worlds over ten months, war and peace, as the play reaches them."""
    model = ConflictModel(scenario, worlds=128, rng=4)
    apart: dict[str, list[np.ndarray]] = {}
    influence: list[np.ndarray] = []
    for _ in range(10):
        model.step()
        exact, parts = table_of(model, exact=True), table_of(model, exact=False)
        one, two = weighed_by_all(exact), weighed_by_all(parts)
        for name in model.actors:
            found = total_variation(respond(exact, one[name]), respond(parts, two[name]))
            apart.setdefault(name, []).append(found)
        for pair, own in belief_swaps(exact, HEADLINE_PAIRS, one).items():
            influence.append(np.abs(own.joint - belief_swaps(parts, [pair], two)[pair].joint))
    for name, months in apart.items():
        values = np.concatenate(months)
        assert values.size >= 1000
        assert values.max() < 0.02, name
        assert values.mean() < 0.001, name
    assert np.concatenate(influence).max() < 0.01
    assert np.concatenate(influence).mean() < 1e-4


def test_parts_are_fewer_rows(model: ConflictModel) -> None:
    exact, parts = table_of(model, exact=True), table_of(model, exact=False)
    for name, most in (("russia", 0.4), ("belarus", 0.6), ("nato", 0.4)):
        actor = model.actors[name]
        count = design(parts, actor).rows
        assert count <= most * design(exact, actor).rows


def test_an_option_one_change_away_is_exact(model: ConflictModel) -> None:
    exact, parts = table_of(model, exact=True), table_of(model, exact=False)
    actor = model.actors["russia"]
    near = actor.distance() == np.abs(
        np.array(actor.menu.options)[:, :, None] - actor.levels[None]
    ).max(axis=1)
    one = weighed_by_all(exact)["russia"].values(actor)
    two = weighed_by_all(parts)["russia"].values(actor)
    allowed = near & exact.feasible(actor)
    assert allowed.sum() > 64 * 5
    assert two[allowed] == pytest.approx(one[allowed], rel=1e-5)  # single precision


def test_rows_of_several_actors_are_the_same_rolled_out_together_or_alone(
    model: ConflictModel,
) -> None:
    table = table_of(model, exact=False)
    answers = expected_answers(table)
    asked = [
        request(table, actor, design(table, actor), table.believed_play(actor), answers)
        for actor in model.actors.values()
    ]
    together = roll_out(table, asked)
    for request_, seen in zip(asked, together, strict=True):
        [alone] = roll_out(table, [request_])
        assert set(seen) == set(model.actors)
        for name, rows in seen.items():
            assert np.array_equal(rows, alone[name])


def test_answers_are_probabilities_of_open_levels(model: ConflictModel) -> None:
    table = table_of(model, exact=False)
    answers = expected_answers(table)
    assert set(answers) == set(PAIRS)
    for pair, found in answers.items():
        assert found.sum(axis=1) == pytest.approx(1.0)
        closed = ~table.open[pair.other][pair.answer]
        assert (found[:, closed] == 0.0).all()


def test_support_is_answered_with_more_access_than_its_refusal(model: ConflictModel) -> None:
    """Inducement has to be worth something to the one who pays, or nobody would."""
    table = table_of(model, exact=False)
    pair = next(p for p in PAIRS if p.lever == "support_minsk" and p.answer == "access")
    given = expected_answers(table)[pair]
    bargained = model.state.deal_scale > 0
    denied = given[:, 0][:, bargained]
    assert denied[1].mean() < denied[0].mean()
