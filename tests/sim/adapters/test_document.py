"""What the page on other tools shows runs as it stands."""

import re
import warnings
from pathlib import Path
from typing import Any

import pytest
from gymnasium.utils.env_checker import check_env

PAGE = Path(__file__).resolve().parents[3] / "docs" / "other_tools.md"
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def test_the_page_has_examples() -> None:
    assert len(BLOCKS) == 4


@pytest.mark.slow
@pytest.mark.parametrize("block", BLOCKS, ids=["mesa", "ema", "pettingzoo", "gymnasium"])
def test_the_examples_run(block: str, capsys: pytest.CaptureFixture[str]) -> None:
    # fewer worlds say as well whether it runs
    names: dict[str, Any] = {}
    exec(block.replace("WORLDS = 24", "WORLDS = 2").replace(", 40)", ", 4)"), names)
    if "found" in names:
        assert 0 < float(capsys.readouterr().out.splitlines()[-1]) < 1
    elif "high" in names:
        assert names["factors"].shape[0] == names["high"].size == 8
    elif "seat" in names:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            warnings.filterwarnings(
                "ignore", message=".*infinity"
            )  # the model's units have no ends
            check_env(names["seat"], skip_render_check=True)
        assert names["seat"].observation_space.contains(names["shown"])
    else:
        assert len(names["gain"]) == 2
