"""A scenario may name where its parameters come from when it does not write them."""

from pathlib import Path

import pytest

from sim.scenario import Distribution, ScenarioError, load_scenario
from sim.scenario.posteriors import PRIORS, load_posterior, read_posterior, sources
from sim.scenario.registry import load_registry
from sim.scenario.source import read_text

SOURCE = "posterior_2023"
HELD = "world.support_russia"


def test_every_source_is_well_formed_and_narrower_than_nothing() -> None:
    assert sources()[0] == PRIORS
    assert load_posterior(PRIORS) == {}
    priors = {parameter.name: parameter.prior for parameter in load_registry()}
    for name in sources()[1:]:
        held = load_posterior(name)
        assert held
        for parameter, value in held.items():
            prior = priors[parameter]
            assert isinstance(value, Distribution)
            assert isinstance(prior, Distribution)
            assert prior.support[0] <= value.support[0] < value.support[1] <= prior.support[1]
            assert not parameter.startswith("initial.")


def test_what_nobody_writes_comes_from_the_source() -> None:
    plain = load_scenario("status_quo")
    taken = load_scenario("status_quo", {"parameters.source": SOURCE})
    held = load_posterior(SOURCE)
    for name, value in taken.parameters.items():
        assert value == held.get(name, plain.parameters[name])
    assert taken.notes[0].startswith(f"parameters.source: {len(held)} of ")
    assert plain.notes == ()


def test_what_is_written_wins_over_the_source() -> None:
    overrides = {"parameters.source": SOURCE, HELD: "0.76"}
    assert load_scenario("status_quo", overrides).parameters[HELD] == 0.76


def test_a_file_may_go_back_to_the_priors(tmp_path: Path) -> None:
    (tmp_path / "parent.yaml").write_text(f"title: A\nparameters: {{source: {SOURCE}}}\n")
    child = tmp_path / "child.yaml"
    child.write_text("extends: parent\nparameters: {source: priors}\n")
    assert load_scenario(child).parameters == load_scenario("status_quo").parameters
    child.write_text("extends: parent\nmonths: 12\n")
    assert load_scenario(child).parameters[HELD] == load_posterior(SOURCE)[HELD]


def test_written_out_in_full_it_is_the_same_scenario(tmp_path: Path) -> None:
    taken = load_scenario("status_quo", {"parameters.source": SOURCE})
    path = tmp_path / "whole.yaml"
    path.write_text(taken.as_yaml(), encoding="utf-8")
    assert load_scenario(path) == taken


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("parameters: posterior_2023\n", "1:13: parameters: write {source: posterior_2023}"),
        ("parameters: {source: posterior_23}\n", 'did you mean "posterior_2023"?'),
        ("parameters: {sauce: priors}\n", '1:14: parameters.sauce: unknown key; did you mean "sou'),
        ("parameters: {source: priors}\n", "repeats the priors, which hold until another"),
    ],
)
def test_a_source_that_is_none(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(text)
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("parameters: 3\n", "a mapping is needed"),
        ("parameters:\n  world.nothing: 0.3\n", "2:18: parameters.world.nothing: no parameter"),
        ("parameters:\n  world.support_russia: x\n", "a number or a distribution is needed"),
        ("parameters:\n  world.support_russia: 7\n", "7 lies outside"),
    ],
)
def test_a_file_that_is_no_posterior(text: str, message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        read_posterior(read_text(text, "posterior.yaml"))
    assert message in str(caught.value)
