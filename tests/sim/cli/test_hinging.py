"""`fulcrum sensitivity` and `fulcrum discover` as a user types them, on made-up worlds."""

import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from sim.analysis import designed as design
from sim.analysis import outcomes
from sim.scenario import Scenario
from sim.scenario.registry import load_registry
from tests.sim.cli.conftest import Fulcrum
from tests.support.synthetic import make_run

PLANTED = "world.third_party_arms"
NAMES = [PLANTED, "world.kappa", *(p.name for p in load_registry() if "incentives" in p.name)]


@pytest.fixture
def planted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Worlds whose front follows one parameter of two dozen; lists the scenarios asked for."""
    asked: list[str] = []

    def simulate(
        scenario: Scenario, worlds: int, seed: int, *, draws: int, first: int, **options: object
    ) -> xr.Dataset:
        asked.append(scenario.name)
        other = scenario.name != "status_quo"
        ds = make_run(
            scenario.name,
            title=scenario.title,
            worlds=worlds,
            months=scenario.months,
            draws=draws,
            seed=seed,
            first=first,
        ).assign_attrs(vary=options["vary"], keep=options["keep"])
        rng = np.random.default_rng(seed)
        table = rng.random((first + worlds, len(NAMES)))[::draws].repeat(draws, 0)
        luck = rng.normal(0.0, 0.1, (first + worlds, 1))
        front = 0.2 + 0.3 * table[:, :1] * (1 + other) + 0.1 * luck
        ds = ds.drop_vars("parameter").drop_dims("name").assign_coords(name=NAMES)
        ds["parameter"] = (("world", "name"), table[first : first + worlds])
        ds["front"] = (("world", "month"), front[first : first + worlds].repeat(scenario.months, 1))
        return ds

    monkeypatch.setattr("sim.ensemble.store._engine", lambda: simulate)
    return asked


@pytest.mark.usefixtures("planted")
def test_what_an_outcome_hinges_on_is_printed_and_kept(fulcrum: Fulcrum) -> None:
    said = fulcrum("sensitivity", "status_quo", "--outcome", "front", "--worlds", 800)
    assert said.status == 0, said.err
    assert "One of" in said.out
    lines = [line for line in said.out.splitlines() if line.startswith(PLANTED)]
    assert len(lines) == 1
    assert "rises with it" in lines[0]
    assert "could be nothing" in said.out
    assert "A model's output, not a forecast." in said.out
    [folder] = Path("results").glob("sensitivity-*")
    kept = json.loads((folder / "sensitivity.json").read_text(encoding="utf-8"))
    assert kept["command"] == (
        "fulcrum sensitivity status_quo --outcome front --when final --worlds 800 --seed 1"
    )
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "hinges on" in page
    assert page.startswith("<!doctype html>")
    assert fulcrum("sensitivity", "status_quo", "--outcome", "front", "--worlds", 800) == said
    listed = (Path("results") / "index.html").read_text(encoding="utf-8")
    assert f'href="{folder.name}/report.html"' in listed
    [note] = fulcrum("runs", "--json").document["answers"]
    assert (note["kind"], note["about"], note["worlds"]) == ("sensitivity", "front", 800)
    assert note["command"] == kept["command"]


@pytest.mark.usefixtures("planted")
def test_the_document_has_every_parameter_and_the_baseline_of_nothing(fulcrum: Fulcrum) -> None:
    words = ("--outcome", "front", "--outcome", "payoff.belarus", "--worlds", 800, "--json")
    told = fulcrum("sensitivity", "status_quo", *words).document
    front, payoff = told["outcomes"]
    assert (front["outcome"], payoff["outcome"]) == ("front", "payoff.belarus")
    assert len(front["parameters"]) == len(NAMES)
    lead = front["parameters"][0]
    assert lead["parameter"] == PLANTED
    assert lead["share"] > 0.9 > front["baseline_of_nothing"] > 0
    assert [p["stands_out"] for p in payoff["parameters"]].count(True) <= 1
    assert front["shown_units"] == "% of Ukraine’s territory"
    assert Path(told["report"]).exists()


def test_a_difference_between_two_scenarios_is_an_outcome(
    fulcrum: Fulcrum, planted: list[str]
) -> None:
    words = ("--against", "status_quo", "--outcome", "front", "--worlds", 800, "--json")
    told = fulcrum("sensitivity", "prolonged_conflict", *words).document
    assert planted == ["prolonged_conflict", "status_quo"]
    [one] = told["outcomes"]
    assert one["difference"]
    assert told["against"] == "status_quo"
    assert one["mean"] == pytest.approx(0.15, abs=0.02)
    assert one["parameters"][0]["parameter"] == PLANTED


@pytest.mark.usefixtures("planted")
def test_a_box_is_found_printed_and_kept(fulcrum: Fulcrum) -> None:
    words = ("--outcome", "front", "--above", 0.41, "--worlds", 1200)
    said = fulcrum("discover", "status_quo", *words)
    assert said.status == 0, said.err
    assert "It is more than chance" in said.out
    assert "To be typed as --above 0.41 (a share of territory, 0 to 1)." in said.out
    assert PLANTED in said.out
    told = fulcrum("discover", "status_quo", *words, "--json").document
    [note] = fulcrum("runs", "--json").document["answers"]
    assert (note["kind"], note["report"]) == ("discovery", told["report"])
    [one] = told["outcomes"]
    [limit] = one["box"]["limits"]
    assert limit["parameter"] == PLANTED
    assert limit["low"] == pytest.approx(0.7, abs=0.03)
    assert limit["high"] is None
    assert one["more_than_nothing"]
    assert one["elsewhere"]["density"] > 0.8
    assert told["command"].startswith("fulcrum discover status_quo --outcome front --above 0.41")
    page = Path(told["report"]).read_text(encoding="utf-8")
    assert "Limits of the box" in page


def test_the_help_says_the_units_of_every_outcome_that_is_shown_in_others(
    fulcrum: Fulcrum,
) -> None:
    help_ = " ".join(fulcrum("discover", "--help").out.split())
    for name, read in outcomes._VARIABLES.items():
        if read.scale != 1:
            assert name.partition("_")[0] in ("influence", "front")
    for words in ("influence is a total variation from 0 to 1", "front a share", "an event a"):
        assert words in help_


@pytest.mark.usefixtures("planted")
def test_a_box_in_nothing_is_said_to_be_no_more_than_nothing(fulcrum: Fulcrum) -> None:
    said = fulcrum("discover", "status_quo", "--outcome", "payoff.belarus", "--worlds", 800)
    assert said.status == 0
    assert "No box" in said.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["discover", "--above", "1", "--top", "3"], "--top: give it or --above, not both"),
        (["discover", "--top", "120"], "--top: must be a percentage between 0 and 100, not 120"),
        (["discover", "--density", "2"], "--density: must lie between 0 and 1, not 2"),
        (["discover", "--outcome", "frond"], '--outcome: unknown outcome "frond"; did you mean'),
        (["discover", "--above", "9", "--outcome", "front"], "--above: 0 of 250 sets lie above 9"),
        (["sensitivity", "--when", "late"], "--when: late: there are final, mean"),
        (["sensitivity", "--points", "64"], "--points: goes with --of"),
        (["sensitivity", "--of", "world.kapa"], "--of: world.kapa: no parameter"),
        (
            ["sensitivity", "--of", "world.kappa", "--points", "100"],
            "--points: must be a power of two, 16 to 131,072, not 100",
        ),
        (["sensitivity", "--of", "C05", "--worlds", "100"], "--worlds: with --of"),
        (["sensitivity", "--worlds", "80"], "20 sets of assumptions are too few"),
        (
            ["sensitivity", "--against", "status_quo"],
            "--against: status_quo is the scenario",
        ),
        (["sensitivity", "--against", "invasion_2022"], "--against: invasion_2022 runs from 2022"),
        (["sensitivity", "--worlds", "0"], "--worlds: must be at least 1"),
    ],
)
@pytest.mark.usefixtures("planted")
def test_bad_input_is_a_line_each(fulcrum: Fulcrum, words: list[str], said: str) -> None:
    verb, *rest = words
    found = fulcrum(verb, "status_quo", *rest)
    assert found.status == 2
    assert said in found.err
    assert len(found.problems) == 1
    assert not [*Path(".").glob("results/sensitivity-*"), *Path(".").glob("results/discover-*")]


def test_without_the_library_a_design_is_refused_with_the_command_that_gets_it(
    fulcrum: Fulcrum, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(design, "find_spec", lambda name: None)
    found = fulcrum("sensitivity", "status_quo", "--of", "world.kappa")
    assert (found.status, len(found.problems)) == (2, 1)
    assert "pip install 'fulcrum-sim[hinge]'" in found.err


@pytest.mark.slow
def test_a_design_of_the_model_itself(fulcrum: Fulcrum) -> None:
    words = ("--of", "world.kappa", "--points", 16, "--set", "months=1")
    outcome = ("--outcome", "dependence.russia.belarus")
    told = fulcrum("sensitivity", "status_quo", *outcome, *words, "--json").document
    assert told["method"] == "designed"
    assert told["worlds"] == 16 * 5
    [one] = told["outcomes"]
    assert {f["factor"] for f in one["factors"]} == {
        "world.kappa",
        "all other parameters",
        "chance",
    }
    said = fulcrum("sensitivity", "status_quo", *outcome, *words)
    assert "in a design of 16 points" in said.out
    page = Path(told["report"]).read_text(encoding="utf-8")
    assert "in concert with" in page
