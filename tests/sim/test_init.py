"""The package's public names, loaded when they are first used."""

import subprocess
import sys
from pathlib import Path

import pytest

import sim

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", ["load_scenario", "simulate", "compare", "ConflictModel"])
def test_public_names(name: str) -> None:
    assert name in dir(sim)
    assert name in sim.__all__
    assert callable(getattr(sim, name))


def test_any_other_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        sim.nothing  # noqa: B018


def test_importing_the_package_loads_nothing_slow() -> None:
    code = (
        "import sim, sys; print(len([m for m in sys.modules if m.startswith(('sim.', 'numpy'))]))"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert said.stdout == "0\n"
