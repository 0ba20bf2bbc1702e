"""What a run folder says of itself."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import sys
import uuid
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from sim.ensemble.identity import ENGINE, code_digest, digest, run_id, seeds_digest
from sim.ensemble.levels import DEFAULT_KEEP, Keep

if TYPE_CHECKING:
    from sim.draws import Vary
    from sim.scenario import Scenario
    from sim.scenario.fork import Fork

FILE = "manifest.json"

_LIBRARIES = ("numpy", "scipy", "mesa", "xarray", "zarr")


@dataclass(frozen=True)
class Manifest:
    """What a run folder says of itself.

    Attributes:
        run: the run's identity, 64 hexadecimal digits.
        scenario: name of the scenario.
        title: its title.
        worlds: how many are there and can be trusted.
        complete: whether that is as many as were asked for.
        months: length of each world.
        seed: of all chance.
        draws: draws of chance per parameter set.
        format: version of the contract of draws and identity.
        engine: what computed the months; more than one if worlds were added by another.
        level: what is recorded.
        hashes: of the effective scenario, the data in `seeds/` and the model's code.
        versions: of Fulcrum, Python and the libraries that numbers pass through.
        environment: operating system, processor.
        command: as typed.
        created: when the run was begun, UTC.
        changed: when worlds were last added, UTC.
        seconds: spent on simulating, all told.
        vary: what differs between worlds.
        lineage: of a fork, where it comes from: the `run` and the `scenario` in which its world
            begins, its `world`, the month `at` which the path parts, and its `changes` in words;
            its worlds are then futures of that one. None for all other runs.
    """

    run: str
    scenario: str
    title: str
    worlds: int
    complete: bool
    months: int
    seed: int
    draws: int
    format: int
    engine: str
    level: Keep
    hashes: dict[str, str]
    versions: dict[str, str]
    environment: dict[str, str]
    command: list[str]
    created: str
    changed: str
    seconds: float = 0.0
    vary: Vary = "both"
    lineage: dict[str, Any] | None = None

    @classmethod
    def begin(
        cls,
        scenario: Scenario,
        run: str,
        seed: int,
        draws: int,
        vary: Vary = "both",
        keep: Keep = DEFAULT_KEEP,
        fork: Fork | None = None,
    ) -> Self:
        """The manifest of a run that has no worlds yet."""
        from sim.draws import FORMAT
        from sim.scenario import diff

        now = timestamp()
        told = scenario if fork is None else fork.scenario
        return cls(
            run=run,
            scenario=scenario.name,
            title=told.title,
            worlds=0,
            complete=False,
            months=scenario.months,
            seed=seed,
            draws=draws,
            format=FORMAT,
            engine=ENGINE,
            level=keep,
            hashes={
                "scenario": digest(told.effective()),
                "seeds": seeds_digest(),
                "code": code_digest(),
            },
            versions=_versions(),
            environment={
                "platform": platform.platform(),
                "machine": platform.machine(),
                "processor": _processor(),
                "processors": str(os.cpu_count()),
            },
            command=[Path(sys.argv[0]).name, *sys.argv[1:]],
            created=now,
            changed=now,
            vary=vary,
            lineage=None
            if fork is None
            else {
                "run": run_id(scenario, seed=seed, draws=draws, vary=vary, keep=keep),
                "scenario": scenario.name,
                "world": fork.world,
                "at": str(fork.at),
                "changes": [str(one) for one in diff(scenario, fork.scenario)],
            },
        )

    @classmethod
    def read(cls, folder: Path) -> Self | None:
        """The manifest in a folder, or None when there is none that can be understood."""
        try:
            kept = json.loads((folder / FILE).read_text(encoding="utf-8"))
            return cls(**kept)
        except (OSError, TypeError, ValueError):
            return None

    def write(self, folder: Path) -> None:
        """Replaces the manifest in a folder, all at once."""
        text = json.dumps(asdict(self), indent=2, ensure_ascii=False)
        write_whole(folder / FILE, text + "\n")


def write_whole(path: Path, text: str) -> None:
    """Writes a text file so that it is never seen half-written."""
    draft = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def timestamp() -> str:
    """Now, in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _versions() -> dict[str, str]:
    from sim import __version__

    versions = {"fulcrum": __version__, "python": platform.python_version()}
    for library in _LIBRARIES:
        with contextlib.suppress(PackageNotFoundError):
            versions[library] = version(library)
    return versions


def _processor() -> str:
    """Name of the processor: bits are promised for one class of them."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor()
