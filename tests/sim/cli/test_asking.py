"""Commands that only tell: help, validate, show, diff, schema, claims."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sim import draws
from sim.cli.options import DRAWS, SEED
from sim.scenario import load_scenario
from tests.sim.cli.conftest import Fulcrum

ROOT = Path(__file__).resolve().parents[3]
SLOW = ["mesa", "xarray", "plotly", "scipy", "pandas", "zarr", "numpy"]
COMMANDS = [
    *[
        "run",
        "compare",
        "validate",
        "show",
        "diff",
        "schema",
        "claims",
        "influence",
        "runs",
        "export",
    ],
]

WHERE_RUN = (
    "Not run here: not run in this results folder; docs/thesis.md has the verdicts that ship."
)


@pytest.mark.parametrize("words", [["--help"], ["run", "--help"], ["--version"], []])
def test_help_comes_at_once(words: list[str]) -> None:
    code = (
        "import sys\n"
        "from sim.cli import app\n"
        "try:\n"
        f"    app({words!r})\n"
        "except SystemExit as end:\n"
        "    assert end.code == 0, end.code\n"
        f"print([name for name in {SLOW} if name in sys.modules])\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert said.stdout.splitlines()[-1] == "[]"
    assert len(said.stdout.splitlines()) > 1
    assert said.stderr == ""


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(fulcrum: Fulcrum, command: str) -> None:
    said = fulcrum(command, "--help")
    assert said.status == 0
    assert f"Usage: fulcrum {command}" in said.out
    assert f"  {command} " in fulcrum().out


def test_defaults_that_help_shows_are_the_formats() -> None:
    assert (SEED, DRAWS) == (draws.DEFAULT_SEED, draws.DEFAULT_DRAWS)


def test_the_scenarios_that_come_with_the_project_are_good(fulcrum: Fulcrum) -> None:
    names = sorted(path.stem for path in (ROOT / "scenarios").glob("*.yaml"))
    assert names
    said = fulcrum("validate", *names)
    assert said.status == 0
    assert said.out.splitlines() == [f"{name}: good" for name in names]
    assert fulcrum("validate", *names, "--json").document == {"valid": True, "problems": []}


def test_what_show_prints_is_a_scenario(fulcrum: Fulcrum, tmp_path: Path) -> None:
    settings = ["--set", "months=7", "--set", "world.kappa={uniform: [0, 1]}"]
    said = fulcrum("show", "status_quo", *settings)
    assert said.status == 0
    (tmp_path / "shown.yaml").write_text(said.out)
    overrides = {"months": 7, "world.kappa": {"uniform": [0, 1]}}
    assert load_scenario(tmp_path / "shown.yaml") == load_scenario("status_quo", overrides)
    assert fulcrum("diff", "status_quo", "shown.yaml").out.startswith("months: ")
    told = fulcrum("show", "status_quo", *settings, "--json").document
    assert told["months"] == 7
    assert told["world"]["kappa"] == {"uniform": [0, 1]}


def test_diff_names_what_differs(fulcrum: Fulcrum, tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text(
        "extends: status_quo\nclaims: {C12: off}\nactors: {belarus: {plays: puppet of russia}}\n"
    )
    lines = fulcrum("diff", "status_quo", "other.yaml").out.splitlines()
    assert "claims.C12: on -> off" in lines
    assert "actors.belarus.plays: itself -> puppet of russia" in lines
    told = fulcrum("diff", "status_quo", "other.yaml", "--json").document
    assert (told["a"], told["b"]) == ("status_quo", "other")
    assert {"where": "claims.C12", "a": "on", "b": "off"} in told["differences"]
    assert fulcrum("diff", "status_quo", "status_quo").out == "no setting differs\n"


def test_schema_is_a_json_schema(fulcrum: Fulcrum) -> None:
    told = fulcrum("schema").document
    assert "json-schema.org" in told["$schema"]
    assert "months" in told["properties"]


def test_claims_tell_the_whole_chain(fulcrum: Fulcrum) -> None:
    told = fulcrum("claims", "--json").document["claims"]
    assert [claim["id"] for claim in told] == [f"C{n:02d}" for n in range(1, 24)]
    printed = fulcrum("claims").out
    for claim in told:
        assert claim["id"] in printed
    assert "H2 Leverage: not run here" in printed
    assert printed.splitlines()[-1] == WHERE_RUN
    assert printed.count(WHERE_RUN) == 1
    assert told[0]["hypotheses"][0]["verdict"] == "not yet run"  # as machines know it


def test_where_all_have_been_run_nothing_is_said_of_it(
    fulcrum: Fulcrum, monkeypatch: pytest.MonkeyPatch
) -> None:
    verdicts = {f"H{n}": "supported" for n in range(1, 7)}
    monkeypatch.setattr("sim.analysis.thesis.kept.latest_verdicts", lambda results: verdicts)
    for words in ((), ("C16",)):
        printed = fulcrum("claims", *words).out
        assert "supported" in printed
        assert "not run" not in printed


def test_one_claim_at_length(fulcrum: Fulcrum) -> None:
    said = fulcrum("claims", "c14", "C16")
    assert said.status == 0
    for word in ("C14", "C16", "world.kappa", "sim.influence.emerson", "H2 Leverage: not run here"):
        assert word in said.out
    assert said.out.splitlines()[-1] == WHERE_RUN
    told = fulcrum("claims", "C16", "--json").document["claims"]
    assert [claim["id"] for claim in told] == ["C16"]


@pytest.mark.parametrize("kind", ["claim", "figure", "assumption"])
def test_a_parameter_goes_back_to_its_origin(fulcrum: Fulcrum, kind: str) -> None:
    from sim.scenario.registry import load_registry

    parameter = next(p for p in load_registry() if p.origin.kind == kind)
    said = fulcrum("claims", "--parameter", parameter.name)
    assert said.status == 0
    assert said.out.startswith(parameter.name)
    for source in parameter.origin.claims or parameter.origin.figures:
        assert source in said.out
    told = fulcrum("claims", "--parameter", parameter.name, "--json").document["parameter"]
    assert told["name"] == parameter.name
    assert told["origin"] == kind
    assert json.dumps(told)
