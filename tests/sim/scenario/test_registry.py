import csv
from pathlib import Path

import numpy as np
import pytest

from sim.scenario import Distribution, ScenarioError
from sim.scenario.registry import CLAIMS, Parameter, load_registry, scenarios_path, seeds_path

GOOD = """\
  - name: world.oil
    prior: 80
    unit: USD a barrel
    bounds: [0, 200]
    meaning: price of oil
    origin: {claim: C01}
    neutral: 70
    used_by: sim.world.economy
    reference: IEA 2023
"""


def read(tmp_path: Path, entries: str) -> tuple[Parameter, ...]:
    path = tmp_path / "priors.yaml"
    path.write_text(f"parameters:\n{entries}")
    return load_registry(path)


def test_an_entry_becomes_a_parameter(tmp_path: Path) -> None:
    [oil] = read(tmp_path, GOOD)
    assert (oil.name, oil.prior, oil.unit) == ("world.oil", 80.0, "USD a barrel")
    assert (oil.low, oil.high, oil.neutral) == (0.0, 200.0, 70.0)
    assert (oil.origin.kind, oil.claims, str(oil.origin)) == ("claim", ("C01",), "C01")
    assert (oil.used_by, oil.reference) == ("sim.world.economy", "IEA 2023")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("prior: 80", "prior: 300", "3:12: parameters[0] (world.oil).prior: 300 lies outside 0 to"),
        ("prior: 80", "prior: {uniform: [0, 300]}", "uniform(0, 300) reaches outside 0 to 200"),
        ("prior: 80", "prior: {normal: [-1, 5]}", "the median -1 of normal(-1, 5) lies outside"),
        ("prior: 80", "prior: high", 'a number or a distribution is needed, not "high"'),
        ("prior: 80", "prior: .nan", "a finite number is needed"),
        (
            "    meaning",
            "    priro: 80\n    meaning",
            '6:5: parameters[0] (world.oil).priro: unknown key; did you mean "prior"',
        ),
        ("    prior: 80\n", "", "2:5: parameters[0] (world.oil): prior is missing"),
        ("world.oil", "world.oil price", "2:11: parameters[0] (world.oil price).name: a name is"),
        ("world.oil", "actors.russia.plays", "a name is actors.ACTOR"),
        ("[0, 200]", "[200, 0]", "5:13: parameters[0] (world.oil).bounds: two numbers are needed"),
        ("[0, 200]", "[false, true]", "5:13: parameters[0] (world.oil).bounds: two numbers are"),
        ("{claim: C01}", "{claim: C24}", '"C24" is no claim; they are C01 to C23'),
        ("{claim: C01}", "{claim: C01, figure: x}", "exactly one of claim, figure or assumption"),
        ("{claim: C01}", "{hunch: yes}", "exactly one of claim, figure or assumption"),
        ("{claim: C01}", "{claim: []}", "text is needed, or a list of names"),
        ("{claim: C01}", "{figure: gdp}", "only a parameter that rests on a claim has one"),
        ("    neutral: 70\n", "", "neutral is missing: the value when the claim is switched off"),
        ("neutral: 70", "neutral: -1", "8:14: parameters[0] (world.oil).neutral: -1 lies outside"),
        ("neutral: 70", "neutral: {uniform: [0, 1]}", "neutral: a number is needed"),
        ("sim.world.economy", "economy", "a dotted module is needed, such as sim.world.war"),
        ("price of oil", "''", 'meaning: text is needed, not ""'),
        ("price of oil", "7", "meaning: text is needed, not 7"),
    ],
)
def test_a_bad_entry_is_one_line(tmp_path: Path, old: str, new: str, expected: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        read(tmp_path, GOOD.replace(old, new, 1))
    [problem] = caught.value.problems
    assert expected in str(problem)


def test_names_are_unique_and_no_name_holds_another(tmp_path: Path) -> None:
    inner = GOOD.replace("world.oil", "world.oil.brent")
    with pytest.raises(ScenarioError) as caught:
        read(tmp_path, GOOD + GOOD + inner)
    assert [str(problem).partition("priors.yaml:")[2] for problem in caught.value.problems] == [
        "2:11: parameters[0] (world.oil).name: cannot hold a value and also world.oil.brent",
        "11:11: parameters[1] (world.oil).name: already in the registry, line 2",
    ]


@pytest.mark.parametrize("text", ["", "[]", "parameters:", "parameters: []", "params: [1]", "x: {"])
def test_a_file_that_is_no_registry(tmp_path: Path, text: str) -> None:
    path = tmp_path / "priors.yaml"
    path.write_text(text)
    with pytest.raises(ScenarioError):
        load_registry(path)


def test_draws_beyond_the_bounds_are_moved_to_them(tmp_path: Path) -> None:
    [oil] = read(tmp_path, GOOD)
    u = np.array([[1e-9, 0.5], [0.6, 1 - 1e-9]])
    drawn = oil.quantile(Distribution("normal", (100, 40)), u)
    assert drawn.shape == (2, 2)
    assert drawn[0, 0] == 0.0
    assert drawn[0, 1] == 100.0
    assert drawn[1, 1] == 200.0
    assert oil.quantile(7.0, u).tolist() == [[7.0, 7.0], [7.0, 7.0]]


# The project's own registry.


def test_every_parameter_has_one_origin_and_a_prior_within_bounds() -> None:
    parameters = load_registry()
    assert len(parameters) > 100
    for parameter in parameters:
        given = (parameter.origin.claims, parameter.origin.figures, parameter.origin.assumption)
        assert sum(map(bool, given)) == 1, parameter.name
        assert parameter.trouble(parameter.prior) == "", parameter.name
        assert set(parameter.claims) <= set(CLAIMS), parameter.name


def test_figures_that_parameters_name_exist() -> None:
    with (seeds_path() / "figures.csv").open(newline="", encoding="utf-8") as stream:
        known = {row["name"] for row in csv.DictReader(stream)}
    named = {figure for parameter in load_registry() for figure in parameter.origin.figures}
    assert named
    assert named <= known


def test_every_parameter_is_read_by_the_module_it_names() -> None:
    root = seeds_path().parent
    missing = []
    for parameter in load_registry():
        file = root / f"{parameter.used_by.replace('.', '/')}.py"
        if not file.is_file() and not file.with_suffix("").is_dir():
            missing.append(f"{parameter.name}: {parameter.used_by}")
    assert missing == []


def test_incentives_are_those_of_the_actors() -> None:
    from agents import roster

    declared = {
        f"actors.{name}.incentives.{incentive.name}"
        for name, actor in roster().items()
        for incentive in actor.incentives
    }
    assert declared == {p.name for p in load_registry() if ".incentives." in p.name}


def test_seeds_and_scenarios_are_found() -> None:
    assert (seeds_path() / "priors.yaml").is_file()
    assert scenarios_path().is_dir()
