"""The walk-through of docs/mail.md, run as it stands, and a restart that keeps its mails."""

import os
import re
import subprocess
from pathlib import Path

import requests

from local.process import running_environment
from tests.support.templates import ROOT


def walk_through() -> str:
    """The one shell block of the page."""
    [block] = re.findall(r"```sh\n(.*?)```", (ROOT / "docs/mail.md").read_text(), re.DOTALL)
    return str(block)


def test_the_walk_through_reads_its_mails(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running_environment(data=data) as environment:
        process = subprocess.run(
            ["bash", "-eu", "-o", "pipefail", "-c", walk_through()],
            env={**os.environ, "T": environment.url},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=240,
        )
        mails = requests.get(f"{environment.url}/_local/mail.json", timeout=30).json()
    assert process.returncode == 0, process.stdout + process.stderr
    output = process.stdout.splitlines()
    for line in (
        '{"verified":true}',
        "True",
        "Your password was changed",
        "requires_capture",
        "Marble Arcade",
        "Total: €48.60",
        "[{'name': 'ticket.ics', 'type': 'text/calendar'}]",
        "Sold: Marble Arcade",
    ):
        assert line in output, process.stdout
    with running_environment(data=data) as environment:
        kept = requests.get(f"{environment.url}/_local/mail.json", timeout=30).json()
    assert [each["at"] for each in kept][-len(mails) :] == [each["at"] for each in mails]
