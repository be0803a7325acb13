"""The README's walk-through, run as it stands."""

import os
import re
import subprocess
from pathlib import Path

from local.process import running_environment
from tests.support.templates import ROOT

HOLD_SECONDS = 12  # enough to pay on a slow machine


def walk_through() -> str:
    """The shell block that buys a ticket."""
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    [block] = [each for each in blocks if "signup" in each]
    return str(block)


def test_the_walk_through_sells_one_ticket_and_expires_another(tmp_path: Path) -> None:
    with running_environment(hold_seconds=HOLD_SECONDS, data=tmp_path / "data") as environment:
        process = subprocess.run(
            ["bash", "-eu", "-c", walk_through()],
            env={**os.environ, "T": environment.url},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=240,
        )
    assert process.returncode == 0, process.stdout + process.stderr
    statuses = [line.split(" is ")[1] for line in process.stdout.splitlines() if line.startswith("api/")]
    assert statuses == ["pending", "completed", "sold", "reserved", "expired", "available"]
