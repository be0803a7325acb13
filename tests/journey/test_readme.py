"""The README's walk-through, pasted as it stands."""

import os
import re
import subprocess
from pathlib import Path

from local.process import running_environment

HOLD_SECONDS = 20  # a slow machine, too, has paid by then
README = Path(__file__).parents[2] / "README.md"


def walk_through() -> str:
    """The shell block that buys a ticket."""
    [block] = [each for each in re.findall(r"```sh\n(.*?)```", README.read_text(), re.S) if "signup" in each]
    return str(block)


def test_the_walk_through_buys_a_ticket_and_lets_another_expire(tmp_path: Path) -> None:
    with running_environment(hold_seconds=HOLD_SECONDS, data=tmp_path / "world") as world:
        done = subprocess.run(
            ["bash", "-eu", "-c", walk_through()],
            env={**os.environ, "T": world.url},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=240,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    told = [line.split(" is ")[1] for line in done.stdout.splitlines() if line.startswith("api/")]
    assert told == ["pending", "completed", "sold", "reserved", "expired", "available"]
