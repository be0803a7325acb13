"""What was acknowledged survives the process, however it ends."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import requests

from local.aws import engines
from local.aws.process import ApplicationProcess
from local.aws.row_store import RowStore
from tests.local.aws.notes import notes_process, running_notes

COOKIE = {"Cookie": "user=ann"}


def write(notes: ApplicationProcess, note: str, **more: str) -> int:
    """Writes a note. Returns the status code."""
    body = {"id": note, **more}
    return requests.post(f"{notes.url}/api/notes", json=body, headers=COOKIE, timeout=30).status_code


def processes(notes: ApplicationProcess) -> list[int]:
    """The process and every worker that it has started."""
    ids = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            environment = (process / "environ").read_bytes()
        except OSError:
            continue
        is_worker = f"AWS_ENDPOINT_URL={notes.info['aws']}".encode() in environment
        if is_alive(int(process.name)) and (is_worker or process.name == str(notes.pid)):
            ids.append(int(process.name))
    return ids


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_a_kill_loses_no_acknowledged_note(tmp_path: Path, eventually: Callable[..., Any]) -> None:
    with running_notes(tmp_path / "data") as notes:
        written: list[str] = []
        ended = threading.Event()

        def keep_writing() -> None:
            for number in range(10_000):
                try:
                    if write(notes, f"note-{number}") == 201:
                        written.append(f"note-{number}")
                except requests.RequestException:
                    break
            ended.set()

        write(notes, "first")
        threading.Thread(target=keep_writing, daemon=True).start()
        eventually(lambda: len(written) > 20)
        before = processes(notes)
        notes.kill()
        assert ended.wait(10)
        eventually(lambda: not any(map(is_alive, before)), seconds=5)
        notes.start()
        for note in ["first", *written]:
            url = f"{notes.url}/api/notes/{note}"
            # Each stored row has a new stream record: its event is published again and consumed.
            eventually(lambda url=url: requests.get(url, timeout=30).json()["events"] >= 1, seconds=60)


def test_a_stop_leaves_no_process_and_keeps_rows(tmp_path: Path) -> None:
    with running_notes(tmp_path / "data") as notes:
        write(notes, "kept", remindAt="2099-01-01T00:00:00Z")  # a wait that must not delay the stop
        started = processes(notes)
        assert len(started) > 1
        assert notes.stop() == 0
        assert not any(map(is_alive, started))
        notes.start()
        assert requests.get(f"{notes.url}/api/notes/kept", timeout=30).json()["owner"] == "ann"


def test_a_data_folder_is_used_by_one_process(tmp_path: Path) -> None:
    with running_notes(tmp_path / "data") as first:
        with pytest.raises(RuntimeError, match="Another process is running on"):
            notes_process(tmp_path / "data").start()
        assert write(first, "unharmed") == 201


def test_it_ends_with_the_process_that_started_it(tmp_path: Path, eventually: Callable[..., Any]) -> None:
    script = (
        "import sys; from pathlib import Path; from tests.local.aws.notes import notes_process\n"
        "notes = notes_process(Path(sys.argv[1]))\n"
        "notes.start(); print(notes.pid, flush=True); sys.stdin.read()"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path / "data")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert parent.stdout
    pid = int(parent.stdout.readline())
    assert is_alive(pid)
    parent.kill()
    parent.wait()
    eventually(lambda: not is_alive(pid), seconds=30)


def test_loaded_rows_lose_the_attribute_that_a_filter_excludes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    restored: list[Any] = []
    monkeypatch.setattr("local.aws.engines.atomic_calls.on_commit", lambda listener: None)

    def restore(rows: Iterable[Any]) -> int:
        restored.extend(rows)
        return len(restored)

    monkeypatch.setattr(engines, "restore", restore)
    store = RowStore(tmp_path / "rows.sqlite")
    store.write([("notes", '["n1"]', {"pk": {"S": "n1"}, "silent": {"BOOL": True}})])
    store.close()
    engine = engines.EmbeddedEngine(tmp_path, threading.Event(), dropped_on_load=["silent"])
    assert engine.load([SimpleNamespace(tables={"Table": "notes"})]) == 1  # type: ignore[list-item]
    engine.close()
    assert restored == [("notes", {"pk": {"S": "n1"}})]
