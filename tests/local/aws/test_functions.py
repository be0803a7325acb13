"""Functions run as Lambda runs them."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from local.aws.process import ApplicationProcess
from tests.local.aws.notes import SAMPLE, TEMPLATE, running_notes

Call = Callable[..., requests.Response]


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the sample, to be changed."""
    return Path(shutil.copytree(SAMPLE, tmp_path / "root"))


def test_a_worker_has_its_own_environment_and_path_alone(call: Call, notes: ApplicationProcess) -> None:
    environment = call("GET", "/api/other/environment").json()
    assert environment["TABLE_NAME"] == notes.info["tables"]["notes/Table"]
    assert environment["EVENT_BUS_NAME"] == "notes"
    assert environment["greeting"] == "hello"
    assert environment["AWS_EXECUTION_ENV"] == "AWS_Lambda_python3.13"
    assert not {"DATA", "HOME", "PORT"} & set(environment)
    assert str(SAMPLE / "functions/notes") in environment["path"]
    assert not any(each.endswith("/local") for each in environment["path"])


def test_secrets_are_in_ssm(call: Call) -> None:
    assert call("GET", "/api/other/secret").json() == {"type": "SecureString", "value": "hush"}


def test_a_denied_call_names_the_template_and_the_role(embedded_notes: ApplicationProcess) -> None:
    assert requests.get(f"{embedded_notes.url}/api/other/scan", timeout=30).status_code == 500
    table = embedded_notes.info["tables"]["notes/Table"]
    denied = "functions/notes/template.yaml: ApiRole does not allow notes/Api dynamodb:Scan on "
    assert f"{denied}arn:aws:dynamodb:eu-west-1:123456789012:table/{table}" in embedded_notes.logs()


def test_an_edited_handler_is_reloaded(copied: Path, eventually: Callable[..., Any]) -> None:
    with running_notes(root=copied) as process:
        environment = f"{process.url}/api/other/environment"
        assert requests.get(environment, timeout=30).json()["version"] == "one"
        file = copied / "functions/notes/notes/api.py"
        file.write_text(file.read_text().replace('VERSION = "one"', 'VERSION = "two"'))
        eventually(lambda: requests.get(environment, timeout=30).json()["version"] == "two", seconds=5)


def test_a_permission_missing_in_a_template_is_named(copied: Path) -> None:
    template = copied / TEMPLATE
    complete = template.read_text()
    template.write_text(complete.replace('"dynamodb:PutItem", ', ""))
    with running_notes(root=copied) as process:
        cookie = {"Cookie": "user=ann"}
        response = requests.post(f"{process.url}/api/notes", json={"id": "x"}, headers=cookie, timeout=30)
        assert response.status_code == 500
        denied = "notes/template.yaml: ApiRole does not allow notes/Api dynamodb:PutItem on arn:"
        assert denied in process.logs()
    template.write_text(complete.replace('"sqs:DeleteMessage", ', ""))
    refused = "Lambda would not connect notes/Consumer to its source without sqs:DeleteMessage"
    with pytest.raises(RuntimeError, match=refused), running_notes(root=copied):
        pass
