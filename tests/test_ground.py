"""What the project stands on: locks, packaging, versions, and finding a Python."""

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCKS = ["requirements.lock", "requirements-dev.lock"]
PINNED = re.compile(r"(?P<name>[a-z0-9-]+)==(?P<version>[0-9][0-9a-z.]*)(?: ; (?P<marker>[^\\]+))?")
HASHED = re.compile(r"(--hash=sha256:[0-9a-f]{64} ?)+")


def requirement_lines(lock: str) -> list[str]:
    """One string per requirement, continuation lines joined, comments left out."""
    text = (ROOT / lock).read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return [re.sub(r"\s+", " ", line).strip() for line in lines if line.strip()]


def pins(lock: str) -> dict[str, str]:
    """Package name to version, as `lock` has them."""
    found = [PINNED.match(line) for line in requirement_lines(lock)]
    return {match["name"]: match["version"] for match in found if match}


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_names_versions_and_hashes_and_no_place(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert "/" not in text, "an address or a path"
    assert "@" not in text, "a direct reference"
    lines = requirement_lines(lock)
    assert len(lines) > 20
    for line in lines:
        requirement, hashes = line.split(" --hash", 1)
        assert PINNED.fullmatch(requirement), line
        assert HASHED.fullmatch("--hash" + hashes), line


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_covers_what_the_project_asks_for(lock: str) -> None:
    locked = pins(lock)
    groups = PROJECT["dependency-groups"]
    asked = PROJECT["project"]["dependencies"] + groups["build"]
    if lock == "requirements-dev.lock":
        asked = asked + [entry for entry in groups["dev"] if isinstance(entry, str)]
    for requirement in map(Requirement, asked):
        version = locked[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), f"{requirement} locked at {version}"


def test_both_locks_agree() -> None:
    run, develop = pins(LOCKS[0]), pins(LOCKS[1])
    assert {name: develop.get(name) for name in run} == run


def test_versions_agree() -> None:
    import sim

    version = PROJECT["project"]["version"]
    citation = (ROOT / "CITATION.cff").read_text()
    newest = re.search(r"^## \[(\d[^\]]*)\] - (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.M)
    assert sim.__version__ == version
    assert f"\nversion: {version}\n" in citation
    assert newest is not None
    assert newest[1] == version
    assert f"\ndate-released: {newest[2]}\n" in citation


def test_preferred_python_is_an_allowed_one() -> None:
    preferred = (ROOT / ".python-version").read_text().strip()
    allowed = Requirement("python" + PROJECT["project"]["requires-python"]).specifier
    assert allowed.contains(preferred)


def find_python(path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `.ci/find-python` on a machine that has only what lies in `path`."""
    return subprocess.run(
        [ROOT / ".ci" / "find-python"],
        env={"PATH": str(path), "HOME": str(path)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def put_command(folder: Path, name: str, body: str) -> Path:
    """Write an executable shell script called `name`."""
    script = folder / name
    script.write_text(f"#!/bin/sh\n{body}\n")
    script.chmod(0o755)
    return script


def test_a_shim_that_does_not_run_is_passed_over(tmp_path: Path) -> None:
    put_command(tmp_path, "python3.13", "echo 'pyenv: python3.13: command not found' >&2; exit 127")
    put_command(tmp_path, "python3", f'exec "{sys.executable}" "$@"')
    found = find_python(tmp_path)
    assert found.returncode == 0, found.stderr
    assert os.path.samefile(found.stdout.strip(), sys.executable)


def test_without_a_python_one_line_says_what_to_do(tmp_path: Path) -> None:
    put_command(tmp_path, "python3", "exit 1")
    found = find_python(tmp_path)
    assert found.returncode == 1
    assert found.stdout == ""
    assert found.stderr.count("\n") == 1
    assert "3.12" in found.stderr


def test_a_named_python_that_is_too_old_is_refused(tmp_path: Path) -> None:
    old = put_command(tmp_path, "old", "exit 1")
    found = find_python(tmp_path, PYTHON=str(old))
    assert found.returncode == 1
    assert str(old) in found.stderr


def test_wheel_carries_the_data_and_nothing_of_the_workshop(tmp_path: Path) -> None:
    from hatchling.builders.wheel import WheelBuilder

    [wheel] = WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        points = archive.read(
            next(name for name in names if name.endswith("entry_points.txt"))
        ).decode()
    tracked = [path for path in (ROOT / "seeds").iterdir() if path.is_file()]
    assert {f"sim/_seeds/{path.name}" for path in tracked} <= names
    scenarios = {f"sim/_scenarios/{path.name}" for path in (ROOT / "scenarios").glob("*.yaml")}
    assert scenarios
    assert scenarios <= names
    tops = {name.split("/")[0] for name in names}
    metadata = {name for name in tops if name.endswith(".dist-info")}
    assert tops - metadata == {"sim", "agents"}
    assert "fulcrum = sim.cli:" in points


def test_demo_compares_scenarios_that_exist() -> None:
    compared = re.search(r"^COMPARED := (.+)$", (ROOT / "Makefile").read_text(), re.M)
    assert compared is not None
    for name in compared[1].split():
        assert (ROOT / "scenarios" / f"{name}.yaml").is_file(), name
