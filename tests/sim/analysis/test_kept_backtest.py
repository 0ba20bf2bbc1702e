"""The latest back-test of a results folder, and what of its making has changed."""

import json
import os
from pathlib import Path

from sim.analysis import making
from sim.analysis.kept_backtest import SCORES, folder_name, latest_backtest


def put(results: Path, name: str, text: str, written: int) -> Path:
    file = results / folder_name(name) / SCORES
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    os.utime(file, (written, written))
    return file


def test_the_latest_that_can_be_read_counts(tmp_path: Path) -> None:
    assert latest_backtest(tmp_path / "none") is None
    good = [json.dumps({"forecasts": [], "seed": seed}) for seed in (1, 2)]
    put(tmp_path, "a" * 64, good[0], 1_000_000)
    second = put(tmp_path, "b" * 64, good[1], 1_700_000_000)
    put(tmp_path, "c" * 64, "{", 1_800_000_000)
    put(tmp_path, "d" * 64, json.dumps({"forecasts": 7}), 1_800_000_001)
    found = latest_backtest(tmp_path)
    assert found is not None
    assert (found[0]["seed"], found[1]) == (2, second)
    assert str(making.written_on(found[1])) == "2023-11-14"


def test_what_changed_is_named() -> None:
    now = making.made_by()
    assert making.differing(now, now) == []
    assert making.differing(now | {"code": "x"}, now) == ["the model’s code"]
    assert making.differing({}, now) == [making.WORDS[key] for key in now]
    assert making.written_on(Path("nowhere")) is None
