"""Functions run as Lambda runs them."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from local.process import EnvironmentProcess, running_environment

FIXTURES = Path(__file__).parent / "fixtures"
Ask = Callable[..., requests.Response]


def test_a_worker_sees_its_own_environment_and_path_and_nothing_of_ours(
    ask: Ask, world: EnvironmentProcess
) -> None:
    seen = ask("GET", "/api/other/environment").json()
    assert seen["TABLE_NAME"] == world.info["tables"]["notes/Table"]
    assert seen["EVENT_BUS_NAME"] == "tiketz"
    assert seen["greeting"] == "hello"
    assert seen["AWS_EXECUTION_ENV"] == "AWS_Lambda_python3.13"
    assert not {"DATA", "HOME", "PORT"} & set(seen)
    assert str(FIXTURES / "functions/notes") in seen["path"]
    assert not any(each.endswith("/local") for each in seen["path"])


def test_secrets_come_from_ssm_by_name(ask: Ask) -> None:
    assert ask("GET", "/api/other/secret").json() == "SecureString"


def test_what_a_role_does_not_allow_is_refused_and_the_template_named(embedded: EnvironmentProcess) -> None:
    assert requests.get(f"{embedded.url}/api/other/forbidden", timeout=30).status_code == 500
    table = embedded.info["tables"]["notes/Table"]
    said = "functions/notes/template.yaml: ApiRole does not allow notes/Api dynamodb:Scan on "
    assert f"{said}arn:aws:dynamodb:eu-west-1:123456789012:table/{table}" in embedded.logs()


def test_an_edited_handler_is_picked_up(tmp_path: Path, eventually: Callable[..., Any]) -> None:
    root = tmp_path / "root"
    shutil.copytree(FIXTURES, root)
    with running_environment(root=root) as world:
        environment = f"{world.url}/api/other/environment"
        assert requests.get(environment, timeout=30).json()["version"] == "one"
        file = root / "functions/notes/notes/api.py"
        file.write_text(file.read_text().replace('VERSION = "one"', 'VERSION = "two"'))
        eventually(lambda: requests.get(environment, timeout=30).json()["version"] == "two", seconds=5)


def test_a_permission_taken_out_of_a_template_is_missed_by_name(tmp_path: Path) -> None:
    root = tmp_path / "root"
    shutil.copytree(FIXTURES, root)
    template = root / "functions/notes/template.yaml"
    whole = template.read_text()
    template.write_text(whole.replace('"dynamodb:PutItem", ', ""))
    with running_environment(root=root, engine="embedded") as world:
        cookie = {"Cookie": "user=ann"}
        answer = requests.post(f"{world.url}/api/notes", json={"id": "x"}, headers=cookie, timeout=30)
        assert answer.status_code == 500
        assert (
            "notes/template.yaml: ApiRole does not allow notes/Api dynamodb:PutItem on arn:" in world.logs()
        )
    template.write_text(whole.replace('"sqs:DeleteMessage", ', ""))
    refusal = "Lambda would not connect notes/Consumer to its source without sqs:DeleteMessage"
    with pytest.raises(RuntimeError, match=refusal), running_environment(root=root, engine="embedded"):
        pass
