"""Libraries as functions load them: in part, and whole for who asks."""

import subprocess
import sys

import pytest

POWERTOOLS = "aws_lambda_powertools"
UNUSED = [
    "asyncio",
    f"{POWERTOOLS}.event_handler.appsync",
    f"{POWERTOOLS}.utilities.data_classes.kafka_event",
]
LOADED = f"import sys; print([each for each in {UNUSED} if each in sys.modules])"


def said(code: str) -> str:
    """What a fresh process prints."""
    command = [sys.executable, "-c", code]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout.strip()


def test_what_no_door_uses_is_not_loaded() -> None:
    assert said(f"import tiketz_common.http, tiketz_common.aws; {LOADED}") == "[]"


def test_what_no_door_uses_is_what_the_libraries_load() -> None:
    """Else there is nothing to leave out any more."""
    assert said(f"import {POWERTOOLS}.event_handler; {LOADED}") == str(UNUSED)


@pytest.mark.parametrize(
    ("package", "name"),
    [
        (f"{POWERTOOLS}.event_handler", "AppSyncResolver"),
        (f"{POWERTOOLS}.event_handler", "content_types"),
        (f"{POWERTOOLS}.utilities.data_classes", "SQSEvent"),
    ],
)
def test_whatever_else_is_asked_of_a_package_is_there(package: str, name: str) -> None:
    code = f"import tiketz_common.http, tiketz_common.aws; from {package} import {name} as found"
    assert said(f"{code}; print(found.__name__)").endswith(name)


def test_what_a_package_lacks_is_told_as_ever() -> None:
    code = (
        f"import {POWERTOOLS}.event_handler as package; print(getattr(package, 'nothing_like_it', 'lacking'))"
    )
    assert said(f"import tiketz_common.http; {code}") == "lacking"


def test_a_queue_door_beside_an_http_door_has_its_records() -> None:
    code = "import tiketz_common.http, tiketz_common.inbox as inbox"
    assert said(f"{code}; print(inbox.SQSRecord.__name__)") == "SQSRecord"
