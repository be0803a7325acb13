"""Libraries as functions load them: in part, and whole where another name is read."""

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


def output(code: str) -> str:
    """What a fresh process prints."""
    command = [sys.executable, "-c", code]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout.strip()


def test_modules_that_no_handler_uses_are_not_loaded() -> None:
    assert output(f"import tiketz_common.http, tiketz_common.aws; {LOADED}") == "[]"


def test_the_libraries_would_load_those_modules() -> None:
    """Else the partial import is no longer needed."""
    assert output(f"import {POWERTOOLS}.event_handler; {LOADED}") == str(UNUSED)


@pytest.mark.parametrize(
    ("package", "name"),
    [
        (f"{POWERTOOLS}.event_handler", "AppSyncResolver"),
        (f"{POWERTOOLS}.event_handler", "content_types"),
        (f"{POWERTOOLS}.utilities.data_classes", "SQSEvent"),
    ],
)
def test_other_names_of_a_package_are_available(package: str, name: str) -> None:
    code = f"import tiketz_common.http, tiketz_common.aws; from {package} import {name} as found"
    assert output(f"{code}; print(found.__name__)").endswith(name)


def test_a_name_that_a_package_lacks_raises_as_usual() -> None:
    code = (
        f"import {POWERTOOLS}.event_handler as package; print(getattr(package, 'nothing_like_it', 'lacking'))"
    )
    assert output(f"import tiketz_common.http; {code}") == "lacking"
