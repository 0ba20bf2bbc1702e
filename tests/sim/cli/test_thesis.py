"""`fulcrum thesis` as a user types it, on plausible numbers."""

import json
from pathlib import Path

import pytest
import xarray as xr

from sim.analysis.thesis import design, kept, runs
from sim.cli.documents import bytes_in
from sim.draws import Vary
from sim.ensemble.levels import Keep
from sim.ensemble.store import Progress
from sim.scenario import Scenario, load_scenario
from sim.scenario.without import switchable
from tests.sim.cli.conftest import Fulcrum
from tests.support.plausible_thesis import PlausibleRuns, small_thesis
from tests.support.synthetic import make_run


@pytest.fixture
def plausible(monkeypatch: pytest.MonkeyPatch) -> None:
    small = small_thesis()
    monkeypatch.setattr(runs, "Runs", PlausibleRuns)
    monkeypatch.setattr(design, "load_thesis", lambda path=None: small)


@pytest.mark.usefixtures("plausible")
def test_run_twice_it_prints_the_same_and_parts_stand(fulcrum: Fulcrum) -> None:
    first = fulcrum("thesis", "--only", "H1,H2")
    assert (first.status, first.err) == (0, "")
    assert fulcrum("thesis", "--only", "h2, h1").out == first.out
    assert first.out.split()[:2] == ["verdict", "sets"]
    for line in first.out.splitlines()[1:3]:
        assert {"supported", "refuted", "undecided"} & {*line.split()}
    told = fulcrum("thesis", "--only", "H6", "--json").document
    assert [one["id"] for one in told["hypotheses"]] == ["H6"]
    kept = json.loads(Path("results/thesis/thesis.json").read_text(encoding="utf-8"))
    assert [one["id"] for one in kept["hypotheses"]] == ["H1", "H2", "H6"]
    assert Path(told["report"]).read_text(encoding="utf-8").startswith("<!doctype html>")
    [claim] = fulcrum("claims", "C15", "--json").document["claims"]
    assert claim["hypotheses"][0]["verdict"] == kept["hypotheses"][0]["verdict"]
    assert 'href="thesis/thesis.html"' in Path("results/index.html").read_text(encoding="utf-8")
    [note] = fulcrum("runs", "--json").document["answers"]
    assert (note["kind"], note["about"]) == ("verdicts", "H1, H2, H6")
    assert note["command"] == "fulcrum thesis --source priors"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--only", "H9"], "--only: H9: there are H1, H2, H3, H4, H5, H6"),
        (["--only", "H1,,"], "--only: nothing: there are"),
        (["--design", "none.yaml"], "--design: none.yaml: cannot be read"),
        (["--workers", "0"], "--workers"),
        (["--source", "posterior_2032"], "posterior_2032: there is priors and posterior_2023; did"),
        (["status_quo"], "SCENARIO: goes with --claims; hypotheses have their own"),
        (["--worlds", "10"], "--worlds: goes with --claims"),
        (["--seed", "3"], "--seed: goes with --claims"),
        (["--claims", "--only", "H1"], "--only: does not go with --claims"),
        (["--claims", "--open"], "--open: does not go with --claims"),
        (["--claims", "--source", "x"], "--source: x: there is priors"),
        (["--claims", "nowhere"], "nowhere"),
        (["--claims", "--worlds", "0"], "--worlds: must be at least 1, not 0"),
    ],
)
def test_bad_input_is_one_line_each(fulcrum: Fulcrum, words: list[str], said: str) -> None:
    found = fulcrum("thesis", *words)
    assert found.status == 2
    assert said in found.problems[0]
    assert not Path("results").exists()


def test_a_design_that_does_not_fit_is_refused(fulcrum: Fulcrum) -> None:
    text = Path(design.__file__).parents[3] / "seeds" / "thesis.yaml"
    broken = text.read_text(encoding="utf-8").replace("months: 54", "months: 50")
    Path("mine.yaml").write_text(broken, encoding="utf-8")
    found = fulcrum("thesis", "--design", "mine.yaml")
    assert found.status == 2
    assert found.problems == ["--design: H3: the horizon is too short for the longest end"]


@pytest.mark.usefixtures("plausible")
def test_another_source_is_judged_apart_and_stands_beside(fulcrum: Fulcrum) -> None:
    alone = fulcrum("thesis", "--only", "H1,H2", "--json").document
    assert (alone["source"], alone["beside"]) == ("priors", [])
    other = fulcrum("thesis", "--only", "H1", "--source", "posterior_2023")
    assert (other.status, other.err) == (0, "")
    assert "Judged under posterior_2023" in other.out
    assert "themselves stand on the frozen priors" in other.out
    assert "under priors" in other.out.splitlines()[0]
    ours = fulcrum("thesis", "--only", "H1,H2")
    assert "under posterior_2023" in ours.out.splitlines()[0]
    assert "not yet run" in ours.out.splitlines()[2]  # H2 under the posterior
    told = fulcrum("thesis", "--only", "H1,H2", "--json").document
    [beside] = told["beside"]
    assert beside["source"] == "posterior_2023"
    assert [one["name"] for one in beside["judged"]] == ["H1"]
    assert told["hypotheses"] == alone["hypotheses"]
    folder = Path("results/thesis")
    for source in ("priors", "posterior_2023"):
        kept_there = json.loads((folder / kept.document_name(source)).read_text(encoding="utf-8"))
        assert kept_there["source"] == source
        page = (folder / kept.page_name(source)).read_text(encoding="utf-8")
        assert "frozen priors" in page
    # the chain of a claim knows verdicts on the priors alone
    [claim] = fulcrum("claims", "C15", "--json").document["claims"]
    assert claim["hypotheses"][0]["verdict"] == told["hypotheses"][0]["verdict"]


@pytest.mark.usefixtures("plausible")
def test_verdicts_of_another_making_are_left_out_and_it_is_said(fulcrum: Fulcrum) -> None:
    fulcrum("thesis", "--only", "H1", "--source", "posterior_2023")
    file = Path("results/thesis/thesis-posterior_2023.json")
    old = json.loads(file.read_text(encoding="utf-8")) | {"code": "another"}
    file.write_text(json.dumps(old), encoding="utf-8")
    said = fulcrum("thesis", "--only", "H1").out
    assert "under posterior_2023" not in said.splitlines()[0]
    assert "fulcrum thesis --source posterior_2023 judges anew" in said


class Engine:
    """Runs whose outcomes a claim that is off pulls by a known amount."""

    def __init__(self) -> None:
        self.asked: list[Scenario] = []
        self.stop_at = -1

    def __call__(
        self,
        scenario: Scenario,
        worlds: int,
        seed: int,
        *,
        draws: int,
        first: int,
        vary: Vary,
        keep: Keep,
        progress: Progress | None,
    ) -> xr.Dataset:
        if len(self.asked) == self.stop_at:
            raise KeyboardInterrupt
        self.asked.append(scenario)
        pull = {"C16": 0.6, "C17": 0.3}.get(next(iter(scenario.claims_off), ""), 0.0)
        made = make_run(
            scenario.name,
            pull=pull,
            worlds=worlds,
            months=scenario.months,
            draws=draws,
            seed=seed,
            first=first,
        )
        return made.assign_attrs(vary=vary, keep=keep)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    made = Engine()
    monkeypatch.setattr("sim.ensemble.store._engine", lambda: made)
    return made


FEW = ("C09", "C16", "C17")


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three claims stand for all, to be quick."""
    for place in ("sim.scenario.without", "sim.analysis.claim_effects"):
        monkeypatch.setattr(f"{place}.switchable", lambda _: FEW)


class TestClaims:
    """`fulcrum thesis --claims`."""

    def test_claims_are_ranked_for_all_outcomes_and_each(
        self, fulcrum: Fulcrum, engine: Engine
    ) -> None:
        found = fulcrum("thesis", "--claims", "--worlds", "128")
        assert (found.status, found.err) == (0, "")
        lines = found.out.splitlines()
        assert [line.split()[0] for line in lines[1:3]] == ["C16", "C17"]
        assert "nothing beyond its error" in lines[3]
        [row] = [line for line in lines if line.startswith("Russia’s dependence on Belarus")]
        assert row.index("C16 −") < row.index("C17 −")
        assert "128 worlds" in found.out
        switched = [next(iter(s.claims_off), "") for s in engine.asked]
        assert switched == ["", *switchable(load_scenario("status_quo"))]
        # linkage goes with its claim
        assert [s.linkage for s in engine.asked] == [claim != "C17" for claim in switched]

    @pytest.mark.usefixtures("engine", "few")
    def test_it_is_said_where_runs_lie_and_how_large_they_are(self, fulcrum: Fulcrum) -> None:
        lines = fulcrum("thesis", "--claims", "--worlds", "128").out.splitlines()
        place = Path("results/thesis/runs")
        size = f"{bytes_in(place) / 1e6:,.1f} MB"
        assert lines[-1].startswith(f"Runs ({size}")
        assert lines[-1].endswith(str(place))
        listed = fulcrum("runs").out
        assert f"{size} of hypotheses and claims in {place}." in listed
        fulcrum("run", "status_quo", "--worlds", "8")
        [closing] = [one for one in fulcrum("runs").out.splitlines() if one.startswith("Runs: 1")]
        assert f"{size} of hypotheses and claims in {place}." in closing

    @pytest.mark.usefixtures("few")
    def test_a_second_time_nothing_is_simulated_and_the_list_of_runs_stays_short(
        self, fulcrum: Fulcrum, engine: Engine
    ) -> None:
        first = fulcrum("thesis", "--claims", "western_distraction", "--worlds", "64", "--json")
        told = first.document
        assert (told["scenario"], told["worlds"], told["seed"]) == ("western_distraction", 64, 1)
        assert [one["claim"] for one in told["claims"]][:2] == ["C16", "C17"]
        count = len(engine.asked)
        again = fulcrum("thesis", "--claims", "western_distraction", "--worlds", "64", "--json")
        assert (again.out, len(engine.asked)) == (first.out, count)
        assert fulcrum("runs", "--json").document["runs"] == []

    @pytest.mark.usefixtures("few")
    def test_stopped_it_goes_on_where_it_stood(self, fulcrum: Fulcrum, engine: Engine) -> None:
        engine.stop_at = 2
        stopped = fulcrum("thesis", "--claims", "--worlds", "64")
        assert stopped.status == 130
        assert "the same command starts this run over" in stopped.err  # those before it are kept
        engine.stop_at = -1
        assert fulcrum("thesis", "--claims", "--worlds", "64").status == 0
        assert len(engine.asked) == 1 + len(FEW)

    @pytest.mark.usefixtures("few")
    def test_parameters_may_come_from_a_posterior(self, fulcrum: Fulcrum, engine: Engine) -> None:
        found = fulcrum("thesis", "--claims", "--worlds", "64", "--source", "posterior_2023")
        assert found.status == 0
        assert "4 of 329 parameters are as posterior_2023 has them" in found.err
        priors = load_scenario("status_quo").parameters
        assert all(
            s.parameters["world.lanchester"] != priors["world.lanchester"] for s in engine.asked
        )
