"""`make invoke` exits by what a function answers, not by what SAM does."""

import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from local.containers import VARIABLES_FILE
from local.settings import READY_FILE
from tools import invoke

Sam = Callable[..., None]


@pytest.fixture
def sam(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sam:
    """A running environment and a build, and a `sam` that answers as a test says."""
    data = tmp_path / "data"
    data.mkdir()
    (data / READY_FILE).write_text(json.dumps({"url": "http://127.0.0.1:1", "accounts": {}}))
    (data / VARIABLES_FILE).write_text("{}")
    (tmp_path / "event.json").write_text("{}")
    monkeypatch.setenv("DATA", str(data))
    monkeypatch.setattr(invoke, "SAM", tmp_path / "sam")
    monkeypatch.setattr(invoke, "BUILT", tmp_path / "event.json")
    monkeypatch.setattr(requests, "get", lambda url, timeout: None)

    def answer(text: str, log: str = "", code: int = 0) -> None:
        script = f"#!/bin/sh\necho '{log}' >&2\nprintf '%s' '{text}'\nexit {code}\n"
        (tmp_path / "sam").write_text(script)
        (tmp_path / "sam").chmod(stat.S_IRWXU)

    answer("null")
    return answer


def run(tmp_path: Path) -> int:
    return invoke.main(["Orders/Api", "--event", str(tmp_path / "event.json")])


def test_an_answer_is_printed(sam: Sam, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sam('{"statusCode": 200}')
    assert run(tmp_path) == 0
    assert capsys.readouterr().out == '{"statusCode": 200}\n'


@pytest.mark.parametrize("text", ['{"statusCode": 503}', '{"errorType": "KeyError"}', ""])
def test_an_error_is_exit_code_1(
    sam: Sam, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    sam(text)
    assert run(tmp_path) == 1
    assert "FAILED  Orders/Api" in capsys.readouterr().err


def test_sams_own_failure_is_exit_code_1_with_its_reason(
    sam: Sam, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sam("", log="Error: no container runtime", code=1)
    assert run(tmp_path) == 1
    last = capsys.readouterr().err.splitlines()[-1]
    assert last == "sam could not invoke Orders/Api: Error: no container runtime"


@pytest.mark.parametrize("arguments", [[], ["Orders/Nothing"], ["Orders/Api", "--event", "/nowhere"]])
def test_a_wrong_argument_is_exit_code_2(sam: Sam, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        invoke.main(arguments)
    assert ended.value.code == 2


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        (READY_FILE, "No local environment is running: start one with 'make dev'."),
        (VARIABLES_FILE, "The local environment serves no containers: "),
    ],
)
def test_what_is_not_there_is_said(
    sam: Sam, tmp_path: Path, capsys: pytest.CaptureFixture[str], missing: str, sentence: str
) -> None:
    (tmp_path / "data" / missing).unlink()
    assert run(tmp_path) == 1
    assert capsys.readouterr().err.startswith(sentence)
