"""`python -m local` starts with its own credentials, or says in one sentence why it can't."""

import json
import os
import random
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from local import containers
from local.credentials import load_or_create
from local.process import EnvironmentProcess, running_environment


def start(tmp_path: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "local"],
        env=os.environ | {"DATA": str(tmp_path / "data"), "PORT": "0", **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"PORT": "x"}, "PORT must be a whole number from 0 to 65535, not 'x'."),
        ({"PORT": "70000"}, "PORT must be a whole number from 0 to 65535, not '70000'."),
        ({"HOLD_SECONDS": "4"}, "HOLD_SECONDS must be a whole number from 5 to 3600, not '4'."),
        ({"CONTAINERS": "yes"}, "CONTAINERS must be 0 or 1, not 'yes'."),
        ({"DYNAMODB": "remote"}, "DYNAMODB must be 'embedded' or 'local', not 'remote'."),
        (
            {"DATA": "/proc/nowhere"},
            "The data folder /proc/nowhere can't be written: No such file or directory.",
        ),
    ],
)
def test_a_wrong_setting_is_exit_code_2(tmp_path: Path, variables: dict[str, str], sentence: str) -> None:
    ended = start(tmp_path, **variables)
    assert (ended.returncode, ended.stderr) == (2, f"{sentence}\n")


def test_missing_java_is_exit_code_1(tmp_path: Path) -> None:
    ended = start(tmp_path, DYNAMODB="local", PATH="/nowhere")
    sentence = "DynamoDB Local needs Java 17 or newer, and there is no java on the PATH.\n"
    assert (ended.returncode, ended.stderr) == (1, sentence)


def test_a_port_in_use_is_exit_code_1(local_env: EnvironmentProcess, tmp_path: Path) -> None:
    port = local_env.url.rsplit(":", 1)[1]
    ended = start(tmp_path, PORT=port)
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"Port {port} is in use: ")


@contextmanager
def taken(offset: int, host: str) -> Iterator[int]:
    """A port that is free, the one that is `offset` above it taken.

    Both below the ports of outgoing connections, of which a busy machine may use any.
    """
    for port in random.sample(range(20_000, 32_000), 100):
        with suppress(OSError), ExitStack() as sockets:
            sockets.enter_context(socket.create_server((host, port + offset)))
            socket.create_server(("127.0.0.1", port)).close()
            opened = sockets.pop_all()
            break
    else:
        raise AssertionError("no port was free")
    with opened:
        yield port


def test_the_second_port_in_use_is_said(tmp_path: Path) -> None:
    with (
        taken(1, "127.0.0.1") as port,
        running_environment(data=tmp_path / "data", port=port) as running,
    ):
        assert f"Port {port + 1} is in use: {running.info['aws']} is used instead." in running.logs()


def test_the_third_port_in_use_is_said_and_replaced_for_containers(tmp_path: Path) -> None:
    address = containers.interface(True)
    assert address
    with (
        taken(2, str(address.ip)) as port,
        running_environment(data=tmp_path / "data", port=port, containers=True) as running,
    ):
        message = re.search(rf"Port {port + 2} is in use: http://{address.ip}:(\d+) is used", running.logs())
        assert message
        variables = json.loads((running.data / containers.VARIABLES_FILE).read_text())["Orders/Api"]
        assert variables["AWS_ENDPOINT_URL"] == f"http://{containers.HOST}:{message[1]}/aws/orders/Api"


def test_a_data_folder_in_use_is_exit_code_1(local_env: EnvironmentProcess, tmp_path: Path) -> None:
    ended = start(tmp_path, DATA=str(local_env.data), FRESH="1")
    assert ended.returncode == 1
    assert ended.stderr.startswith("Another process is running on ")
    assert (local_env.data / "stripe.sqlite").exists()


def test_credentials_are_made_once_for_their_owner_alone(tmp_path: Path) -> None:
    first = load_or_create(tmp_path)
    assert (tmp_path / "keys.json").stat().st_mode & 0o077 == 0
    assert load_or_create(tmp_path) == first
    assert json.loads(first.signing_keys)["keys"]


def test_ready_json_is_readable_to_its_owner_alone(local_env: EnvironmentProcess) -> None:
    assert (local_env.data / "ready.json").stat().st_mode & 0o077 == 0
