"""What a world has answered for outlives it, however it ends."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import requests

from local.aws import engines
from local.aws.row_store import Store
from local.process import EnvironmentProcess, running_environment

FIXTURES = Path(__file__).parent / "fixtures"
COOKIE = {"Cookie": "user=ann"}


def write(world: EnvironmentProcess, note: str, **more: str) -> int:
    """Write a note; answers the status code."""
    answer = requests.post(f"{world.url}/api/notes", json={"id": note, **more}, headers=COOKIE, timeout=30)
    return answer.status_code


def workers(world: EnvironmentProcess) -> list[int]:
    """Every process that this world started, the world itself included."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            environment = (process / "environ").read_bytes()
            state = (process / "stat").read_text().rsplit(")", 1)[1].split()[0]
        except OSError:
            continue
        mine = f"AWS_ENDPOINT_URL={world.info['aws']}".encode() in environment
        if state != "Z" and (mine or process.name == str(world.pid)):
            found.append(int(process.name))
    return found


def test_a_killed_world_has_lost_nothing_it_answered_for(
    tmp_path: Path, eventually: Callable[..., Any]
) -> None:
    with running_environment(root=FIXTURES, data=tmp_path / "world") as world:
        written: list[str] = []
        gone = threading.Event()

        def keep_writing() -> None:
            for number in range(10_000):
                try:
                    if write(world, f"note-{number}") == 201:
                        written.append(f"note-{number}")
                except requests.RequestException:
                    break
            gone.set()

        write(world, "warm")
        threading.Thread(target=keep_writing, daemon=True).start()
        eventually(lambda: len(written) > 20)
        before = workers(world)
        world.kill()
        assert gone.wait(10)
        eventually(lambda: not [each for each in before if Path(f"/proc/{each}").exists()], seconds=5)
        world.start()
        for note in written:
            shown = requests.get(f"{world.url}/api/notes/{note}", timeout=30)
            assert shown.status_code == 200, note

        def heard() -> set[str]:
            events = requests.get(f"{world.url}/_local/events", timeout=30).json()
            return {each["detail"]["correlationId"] for each in events}

        eventually(lambda: heard() >= {"warm", *written}, seconds=60)


def test_a_stopped_world_leaves_no_process_and_its_rows(tmp_path: Path) -> None:
    with running_environment(root=FIXTURES, data=tmp_path / "world") as world:
        write(world, "kept", remindAt="2099-01-01T00:00:00Z")  # a wait that must not keep the world
        started = workers(world)
        assert len(started) > 1
        assert world.stop() == 0
        assert not [each for each in started if Path(f"/proc/{each}").exists()]
        world.start()
        assert requests.get(f"{world.url}/api/notes/kept", timeout=30).json()["owner"] == "ann"


def test_secrets_are_made_once_and_readable_to_their_owner_alone(tmp_path: Path) -> None:
    with running_environment(root=FIXTURES, data=tmp_path / "world") as world:
        first = world.info["keys"]
        for file in ("keys.json", "ready.json"):
            assert (world.data / file).stat().st_mode & 0o077 == 0
        world.stop()
        world.start()
        assert world.info["keys"] == first
        assert json.loads(first["signing_keys"])["keys"]


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"PORT": "x"}, "PORT must be a whole number from 0 to 65535, not 'x'."),
        ({"HOLD_SECONDS": "4"}, "HOLD_SECONDS must be a whole number from 5 to 3600, not '4'."),
        ({"DYNAMODB": "remote"}, "DYNAMODB must be 'embedded' or 'local', not 'remote'."),
        ({"DATA": "/proc/nowhere"}, "The data folder /proc/nowhere cannot be written: "),
        ({"ROOT": "/tmp"}, "No functions/*/template.yaml below /tmp."),
        (
            {"DYNAMODB": "local", "PATH": "/nowhere"},
            "needs Java 17 or newer, and there is no java on the PATH.",
        ),
    ],
)
def test_what_prevents_a_start_is_said_in_one_sentence(
    tmp_path: Path, environment: dict[str, str], sentence: str
) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "local"],
        env=os.environ | {"DATA": str(tmp_path / "world"), "PORT": "0", "ROOT": str(FIXTURES)} | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1
    assert sentence in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_folder_has_one_world_at_a_time(tmp_path: Path) -> None:
    data = tmp_path / "world"
    with running_environment(root=FIXTURES, data=data) as first:
        second = EnvironmentProcess(data, ROOT=str(FIXTURES), PORT="0", DEMO="0", FRESH="1")
        with pytest.raises(RuntimeError, match="Another world is running on"):
            second.start()
        assert write(first, "unharmed") == 201


def test_a_port_in_use_is_said_in_one_sentence(world: EnvironmentProcess, tmp_path: Path) -> None:
    port = world.url.rsplit(":", 1)[1]
    with pytest.raises(RuntimeError, match=f"Port {port} is in use"):  # noqa: SIM117
        with running_environment(root=FIXTURES, data=tmp_path / "world", port=int(port)):
            pass


def test_a_world_ends_with_the_tests_that_started_it(tmp_path: Path, eventually: Callable[..., Any]) -> None:
    script = (
        "import sys; from pathlib import Path; from local.process import EnvironmentProcess\n"
        "world = EnvironmentProcess(Path(sys.argv[1]), ROOT=sys.argv[2], PORT='0', DEMO='0')\n"
        "world.start(); print(world.pid, flush=True); sys.stdin.read()"
    )
    tests = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path / "world"), str(FIXTURES)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert tests.stdout
    pid = int(tests.stdout.readline())
    assert alive(pid)
    tests.kill()
    tests.wait()
    eventually(lambda: not alive(pid), seconds=30)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_a_row_that_was_silent_tells_of_itself_after_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Any] = []
    monkeypatch.setattr(engines.dynamodb, "on_change", lambda listener: None)
    monkeypatch.setattr(engines.dynamodb, "restore", lambda rows: told.extend(rows) or len(told))
    store = Store(tmp_path / "rows.sqlite")
    store.write([("notes", "n1", {"pk": {"S": "n1"}, "silent": {"BOOL": True}})])
    store.close()
    engine = engines.Embedded(tmp_path, threading.Event())
    assert engine.adopt([SimpleNamespace(tables={"Table": "notes"})]) == 1  # type: ignore[list-item]
    engine.close()
    assert told == [("notes", {"pk": {"S": "n1"}})]
