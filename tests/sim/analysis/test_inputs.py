from pathlib import Path

import pytest

from sim.analysis.compare import pair
from sim.analysis.inputs import flatten, plain
from sim.scenario import load_scenario
from tests.support.synthetic import make_run


def test_values_read_as_words() -> None:
    assert plain(-0.25) == "−0.25"
    assert plain({"triangular": [0.2, 0.5, 0.9]}) == "between 0.2 and 0.9, most likely 0.5"
    assert plain("itself") == "itself"


def test_events_and_moves_are_one_row_each() -> None:
    rows = flatten(
        {
            "title": "left out",
            "months": 6,
            "events": [
                {"at": "2024-03", "shock": {"attention": -0.2, "oil": 5.0}, "note": "deadlock"},
                {"at": "2024-03", "shock": {"oil": -5.0}, "note": ""},
            ],
            "moves": [
                {
                    "actor": "ukraine",
                    "from": "2024-06",
                    "to": "2024-12",
                    "lever": "talks",
                    "level": "open",
                }
            ],
        }
    )
    assert rows == {
        "months": "6",
        "events 2024-03": "attention −0.2, oil +5 (deadlock)",
        "events 2024-03 (2)": "oil −5",
        "moves ukraine.talks": "open, 2024-06 to 2024-12",
    }


def test_only_what_differs_is_told(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text("title: Base\nmonths: 6\n")
    (tmp_path / "other.yaml").write_text(
        "extends: base.yaml\ntitle: Other\nclaims: {C01: off}\n"
        "actors: {belarus: {plays: random, incentives: {rents: {uniform: [2, 3]}}}}\n"
    )
    scenarios = [load_scenario(tmp_path / f"{name}.yaml") for name in ("base", "other")]
    runs = [make_run(worlds=4, months=2), make_run("other", worlds=4, months=2)]
    rows = dict(pair(runs, scenarios).inputs_that_differ())
    assert rows["claims.C01"] == ("on", "off")
    assert rows["actors.belarus.plays"] == ("itself", "random")
    assert rows["actors.belarus.incentives.rents"][1] == "between 2 and 3, all equally likely"
    assert "title" not in rows
    assert all(base != other for base, other in rows.values())
    with pytest.raises(KeyError):
        _ = rows["months"]
