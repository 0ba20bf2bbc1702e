from functools import cache
from pathlib import Path

import pytest

from sim.analysis.compare import Comparison, compare
from sim.report import write_report
from sim.report.aggregates import Digest, digest
from tests.support.browser import browser_page, chromium
from tests.support.synthetic import make_many, make_run, make_three

__all__ = ["browser_page", "chromium"]

HOSTILE = "<b>Bold</b> & $x$ %{y} </script>"
TITLES = (
    "Status quo",
    "A prolonged conflict with fading attention in the West",
    HOSTILE,
    *(f"Scenario {i}" for i in range(4, 13)),
)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "browser: opens pages in a headless Chromium")


@cache
def comparison_of(count: int) -> Comparison:
    """A comparison of so many scenarios: three as in the demonstration, else hostile titles."""
    if count == 1:
        return compare([make_run(title=HOSTILE, question="Where to?", worlds=200)])
    if count == 3:
        return compare(make_three(worlds=200))
    return compare(make_many(TITLES[:count], worlds=200))


@cache
def digest_of(count: int) -> Digest:
    """Its aggregates."""
    return digest(comparison_of(count))


@pytest.fixture(scope="session")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """A written report of 1, 2, 3, 6 and 12 scenarios."""
    folder = tmp_path_factory.mktemp("reports")
    counts = (1, 2, 3, 6, 12)
    return {n: write_report(comparison_of(n), folder / f"{n}.html") for n in counts}


@pytest.fixture
def three() -> Comparison:
    return comparison_of(3)


@pytest.fixture
def three_digest() -> Digest:
    return digest_of(3)


@pytest.fixture
def twelve_digest() -> Digest:
    return digest_of(12)


@pytest.fixture
def one_digest() -> Digest:
    return digest_of(1)
