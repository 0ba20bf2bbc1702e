import json

import numpy as np
import pytest

from sim.analysis.compare import ComparisonError, compare, pair
from sim.analysis.outcomes import HEADLINE, OutcomeError, outcome
from tests.support.synthetic import make_run, make_three


def test_the_table_has_a_row_for_each_scenario_and_outcome() -> None:
    found = compare(make_three(worlds=120, months=6))
    columns = ["scenario", "outcome", "difference", "lo", "hi", "q05", "q25", "median", "q75"]
    assert list(found.paired.columns[:12]) == [*columns, "q95", "p_greater", "p_equal"]
    assert len(found.paired) == 2 * len(HEADLINE)
    assert set(found.paired["scenario"]) == {"prolonged_conflict", "negotiated_settlement"}
    assert np.all(found.paired["lo"] <= found.paired["difference"])
    assert np.all(found.paired["q05"] <= found.paired["q95"])


def test_rows_are_paired_world_by_world_in_the_last_month() -> None:
    runs = make_three(worlds=120, months=6)
    found = compare(runs)
    row = found.paired.query("scenario == 'prolonged_conflict' and outcome == 'payoff.belarus'")
    last = [outcome(run, "payoff.belarus").values[:, -1] for run in runs]
    difference = last[1] - last[0]
    assert row["difference"].item() == pytest.approx(difference.mean())
    assert row["q75"].item() == pytest.approx(np.quantile(difference, 0.75))
    assert row["p_greater"].item() == pytest.approx((difference > 0).mean())


def test_the_mean_over_months_is_another_question() -> None:
    runs = make_three(worlds=40, months=6)
    row = compare(runs).differences(["front"], when="mean").iloc[0]
    means = [outcome(run, "front").values.mean(axis=1) for run in runs]
    assert row["difference"] == pytest.approx((means[1] - means[0]).mean())


def test_the_document_is_json_even_where_nothing_can_be_told() -> None:
    found = compare(make_three(worlds=4, months=2))
    document = json.loads(json.dumps(found.paired_json(), allow_nan=False))
    assert list(document[0]) == ["scenario", "outcome", "difference", "ci95", "p_greater"]
    assert document[0]["ci95"] == [None, None]
    assert isinstance(document[0]["difference"], float)


def test_the_last_month_does_not_keep_all_months_in_memory() -> None:
    comparison = pair([make_run(worlds=40, months=3), make_run("other", worlds=40, months=3)])
    held = comparison.months(0, "front")
    assert comparison.values(0, "front").base is None
    assert (comparison.values(0, "front") == list(held)[-1]).all()


def test_a_baseline_by_index_or_by_name() -> None:
    runs = make_three(worlds=8, months=2)
    assert compare(runs, 2).baseline == compare(runs, "negotiated_settlement").baseline == 2
    assert compare(runs, -1).others == (0, 1)
    with pytest.raises(ComparisonError, match="no baseline 'peace' among status_quo"):
        compare(runs, "peace")
    with pytest.raises(ComparisonError, match="nothing to compare"):
        compare([])


def test_a_scenario_against_itself_changes_nothing() -> None:
    found = compare([make_run(worlds=40, months=3), make_run(worlds=40, months=3)])
    assert found.names == ("status_quo", "status_quo (2)")
    assert np.all(found.paired["p_equal"] == 1)
    assert np.all(found.paired["difference"] == 0)
    assert found.inputs_that_differ() == []


def test_runs_with_other_draws_are_refused() -> None:
    with pytest.raises(ComparisonError, match="runs with seed 1 and 2 do not share their worlds"):
        compare([make_run(worlds=8, months=2), make_run(worlds=8, months=2, seed=2)])
    with pytest.raises(ComparisonError, match="runs with draws 2 and 4"):
        compare([make_run(worlds=8, months=2), make_run(worlds=8, months=2, draws=2)])


def test_runs_of_unequal_length_are_compared_where_they_meet() -> None:
    short, long = make_run(worlds=8, months=2), make_run("other", worlds=12, months=5)
    found = compare([long, short])
    assert {ds.sizes["world"] for ds in found.datasets} == {8}
    assert {ds.sizes["month"] for ds in found.datasets} == {2}
    assert found.notes == (
        "Only the 8 worlds that all runs share are compared, of 12.",
        "Only the 2 months that all runs share are compared, of 5.",
    )


def test_runs_that_share_no_world_are_refused() -> None:
    with pytest.raises(ComparisonError, match="no worlds in common"):
        compare([make_run(worlds=4, months=2), make_run(worlds=4, months=2, first=4)])


def test_inputs_come_from_the_sampled_parameters_where_scenarios_are_unknown() -> None:
    rows = compare(make_three(worlds=8, months=2)).inputs_that_differ()
    assert rows == [("actors.belarus.incentives.rents", ("1", "1.5", "0.4"))]


@pytest.mark.parametrize("view", ["fans", "medians", "forest"])
def test_a_figure_is_plotlys_own_and_complete(view: str) -> None:
    import plotly.graph_objects as go

    figure = compare(make_three(worlds=40, months=6)).figure("front", view)
    assert isinstance(figure, go.Figure)
    text = figure.to_json()
    assert '"$' not in text
    assert "Ukraine’s territory held by Russia" in figure.layout.title.text


def test_a_figure_of_nothing_is_refused() -> None:
    runs = make_three(worlds=4, months=2)
    for run in runs:
        run["influence"][:] = float("nan")
    found = compare(runs)
    with pytest.raises(OutcomeError):
        found.figure("fornt")
    with pytest.raises(ValueError, match="no view 'pie'"):
        found.figure("front", "pie")
    with pytest.raises(ValueError, match="no world has a value"):
        found.figure("influence.ukraine.nato")
