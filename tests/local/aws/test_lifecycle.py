"""A program stops once, whatever signals it gets and however many."""

import subprocess
import sys

import pytest

PROGRAM = """
import os, signal, sys
from local.aws.lifecycle import run_until_stopped

class Running:
    def stop(self):
        print("stopped", flush=True)

more = 20

def signal_again(frame, event, argument):
    global more
    if more:
        more -= 1
        signal.raise_signal(signal.SIGINT)
    return signal_again

def start():
    if sys.argv[1] == "signals":
        sys.settrace(signal_again)  # at each line of what handles the first one
        signal.raise_signal(signal.SIGTERM)
    return Running()

sys.exit(run_until_stopped(start, until_stdin_closes=sys.argv[1] == "stdin"))
"""


@pytest.mark.parametrize("by", ["signals", "stdin"])
def test_a_program_stops_once(by: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, by],
        stdin=subprocess.DEVNULL if by == "stdin" else None,
        stdout=subprocess.PIPE,
        text=True,
        timeout=60,
        check=True,
    )
    assert ended.stdout == "stopped\n"
