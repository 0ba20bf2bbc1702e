"""The test beside the six, as docs/thesis.md has it, runs and does what it is made for."""

import re
from pathlib import Path
from typing import Any

import pytest

PAGE = Path(__file__).resolve().parents[4] / "docs" / "thesis.md"


@pytest.mark.slow
def test_the_lever_moves_dependence(tmp_path: Path) -> None:
    block, _ = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    # few sets and draws, and fewer months, say as well whether it runs and moves what it should
    small = '{**design.plan, "sets": 32, "draws": 8, "months": 15, "arms": arms}'
    code = block.replace('{**design.plan, "arms": arms}', small)
    code = code.replace('Path("results/kappa")', repr(tmp_path)).replace("PosixPath", "Path")
    assert small in code
    names: dict[str, Any] = {}
    exec(code, names)
    found = names["found"]
    moved = found.beside["effects"]["dependence.russia.belarus"]
    assert found.states.size == 32
    assert moved["sets_up"] == 32
    assert moved["mean"] > 0.1


@pytest.mark.slow
def test_what_was_looked_at_afterwards_can_be_made_again() -> None:
    _, block = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    code = block.replace("SETS, DRAWS = 256, 16", "SETS, DRAWS = 32, 8")
    assert code != block
    names: dict[str, Any] = {}
    exec(code, names)
    payoff, influence = names["changes"].values()
    assert payoff.mean.size == influence.mean.size == 32
    assert payoff.mean.mean() > 0 > influence.mean.mean()
