"""How long a person waits: `fulcrum run` from a cold process to a written report."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

WORLDS = 200


def seconds() -> float:
    """Wall time of one whole process that has nothing to reuse.

    Raises:
        subprocess.CalledProcessError: the command failed; what it said is on stderr.
    """
    command = str(Path(sys.executable).with_name("fulcrum"))
    with tempfile.TemporaryDirectory() as empty:
        began = time.perf_counter()
        subprocess.run(
            [command, "run", "status_quo", "--worlds", str(WORLDS), "--results", empty],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        return time.perf_counter() - began
