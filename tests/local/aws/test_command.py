"""`python -m local.aws` says what is wrong in one sentence."""

import subprocess
import sys

import pytest

from local.aws.process import ApplicationProcess
from tests.local.aws.notes import SAMPLE, TEMPLATE


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "local.aws", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "the following arguments are required: TEMPLATE, --data"),
        (["--port", "x", "--data", "d", "t.yaml"], "'x' is not a whole number from 0 to 65535"),
        (["--parameter", "x", "--data", "d", "t.yaml"], "'x' is not NAME=VALUE"),
        (["--dynamodb", "remote", "--data", "d", "t.yaml"], "invalid choice: 'remote'"),
        (["--data", "/proc/nowhere", "t.yaml"], "The data folder /proc/nowhere can't be written"),
    ],
)
def test_a_wrong_argument_is_exit_code_2(arguments: list[str], sentence: str) -> None:
    ended = run(*arguments)
    assert ended.returncode == 2
    assert sentence in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_port_in_use_is_exit_code_1(notes: ApplicationProcess, tmp_path: object) -> None:
    port = notes.url.rsplit(":", 1)[1]
    ended = run("--port", port, "--data", f"{tmp_path}/data", str(SAMPLE / TEMPLATE))
    assert (ended.returncode, ended.stderr) == (1, f"Port {port} is in use: choose another with --port.\n")
