"""A run's name: the same for the same inputs anywhere, another for any other input."""

import hashlib
import json
import math
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.ensemble.identity import Json, canonical, code_digest, digest, files_digest, run_id
from sim.scenario.distributions import Distribution
from sim.scenario.fork import Fork
from sim.scenario.month import Month
from sim.scenario.scenario import Event, Move, Scenario

SCENARIO = Scenario(
    name="toy",
    title="Toy",
    question="",
    note="",
    start=Month(2023, 12),
    months=3,
    horizon=6,
    parameters={"world.oil": 80.0, "world.arms": Distribution("uniform", (0.0, 0.3))},
    claims_off=frozenset(),
    plays={"belarus": "itself"},
    events=(),
    moves=(),
)
INPUTS: dict[str, Any] = {"seed": 1, "draws": 4}

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)  # fmt: skip


@given(json_values)
def test_canonical_text_means_the_value(value: Json) -> None:
    assert json.loads(canonical(value)) == value


@given(st.dictionaries(st.text(), json_values))
def test_order_of_keys_does_not_matter(value: dict[str, Json]) -> None:
    assert canonical(dict(reversed(value.items()))) == canonical(value)


def test_equal_numbers_are_written_equally() -> None:
    assert canonical([1.0, 0.1, -0.0, 1e300, 2**60]) == "[1,0.1,0,1e+300,1152921504606846976]"
    assert canonical({"a": 2}) == canonical({"a": 2.0})
    assert canonical(True) != canonical(1)


def test_digest_is_sha256_of_the_canonical_text() -> None:
    text = '{"a":[1,"é"],"b":null}'
    assert digest({"b": None, "a": (1.0, "é")}) == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_numbers_without_a_json_form_are_refused(value: float) -> None:
    with pytest.raises(ValueError, match="no canonical form"):
        canonical({"x": [value]})


def test_values_without_a_json_form_are_refused() -> None:
    with pytest.raises(TypeError, match="Path has no canonical form"):
        canonical({"x": Path()})  # type: ignore[dict-item]
    with pytest.raises(TypeError, match="keys"):
        canonical({1: "x"})  # type: ignore[dict-item]


def test_line_ends_do_not_count_names_and_contents_do(tmp_path: Path) -> None:
    (tmp_path / "unix").mkdir()
    (tmp_path / "dos").mkdir()
    (tmp_path / "unix/a.csv").write_bytes(b"x,y\n1,2\n")
    (tmp_path / "dos/a.csv").write_bytes(b"x,y\r\n1,2\r\n")
    (tmp_path / "dos/b.csv").write_bytes(b"x,y\n1,2\n")
    unix = files_digest(tmp_path / "unix", [tmp_path / "unix/a.csv"])
    assert files_digest(tmp_path / "dos", [tmp_path / "dos/a.csv"]) == unix
    assert files_digest(tmp_path / "dos", [tmp_path / "dos/b.csv"]) != unix
    (tmp_path / "dos/a.csv").write_bytes(b"x,y\n1,3\n")
    assert files_digest(tmp_path / "dos", [tmp_path / "dos/a.csv"]) != unix


def test_model_code_has_a_fingerprint() -> None:
    assert len(code_digest()) == 64
    assert code_digest() == code_digest()


@pytest.mark.parametrize(
    "other",
    [
        {"seed": 2},
        {"draws": 8},
        {"engine": "numba"},
        {"keep": "headline"},
        {"vary": "unknown"},
        {"vary": "chance"},
    ],
)
def test_every_input_of_a_run_is_in_its_name(other: dict[str, Any]) -> None:
    assert run_id(SCENARIO, **(INPUTS | other)) != run_id(SCENARIO, **INPUTS)


@pytest.mark.parametrize(
    "other",
    [
        {"months": 4},
        {"horizon": 1},
        {"start": Month(2024, 1)},
        {"parameters": {**SCENARIO.parameters, "world.oil": 81.0}},
        {"parameters": {**SCENARIO.parameters, "world.arms": Distribution("uniform", (0.0, 0.4))}},
        {"claims_off": frozenset({"C01"})},
        {"plays": {"belarus": "puppet of russia"}},
        {"events": (Event(Month(2023, 12), {"oil": 5.0}),)},
        {"moves": (Move("ukraine", Month(2023, 12), Month(2024, 1), "talks", "open"),)},
    ],
)
def test_every_setting_of_a_scenario_is_in_the_runs_name(other: dict[str, Any]) -> None:
    assert run_id(replace(SCENARIO, **other), **INPUTS) != run_id(SCENARIO, **INPUTS)


def test_where_a_scenario_was_written_is_not_in_the_name() -> None:
    elsewhere = replace(SCENARIO, path=Path("elsewhere/toy.yaml"), notes=("said",))
    whole = replace(SCENARIO, parameters={**SCENARIO.parameters, "world.oil": 80})
    assert run_id(elsewhere, **INPUTS) == run_id(SCENARIO, **INPUTS)
    assert run_id(whole, **INPUTS) == run_id(SCENARIO, **INPUTS)


def test_the_seeds_are_in_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    before = run_id(SCENARIO, **INPUTS)
    monkeypatch.setattr("sim.ensemble.identity.seeds_digest", lambda: "other data")
    assert run_id(SCENARIO, **INPUTS) != before


def test_numpys_minor_version_is_in_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    names = set()
    for version in ("2.4.1", "2.5.0", "2.5.3"):
        monkeypatch.setattr("numpy.__version__", version)
        names.add(run_id(SCENARIO, **INPUTS))
    assert len(names) == 2


def test_the_name_does_not_depend_on_the_process() -> None:
    code = (
        "from sim.ensemble.identity import run_id\n"
        "from tests.sim.ensemble.test_identity import SCENARIO\n"
        "print(run_id(SCENARIO, seed=1, draws=4))\n"
    )
    root = Path(__file__).resolve().parents[3]
    said = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1")
    }
    assert said == {f"{run_id(SCENARIO, **INPUTS)}\n"}


def test_a_fork_is_another_run_for_each_world_month_and_path() -> None:
    plain = run_id(SCENARIO, **INPUTS)
    other = replace(SCENARIO, horizon=5)
    forks = [
        Fork(0, Month(2024, 1), SCENARIO),
        Fork(1, Month(2024, 1), SCENARIO),
        Fork(0, Month(2024, 2), SCENARIO),
        Fork(0, Month(2024, 1), other),
    ]
    ids = {plain, *(run_id(SCENARIO, **INPUTS, fork=fork) for fork in forks)}
    assert len(ids) == 5
    assert run_id(SCENARIO, **INPUTS, fork=forks[0]) == run_id(
        SCENARIO, **INPUTS, fork=replace(forks[0])
    )
