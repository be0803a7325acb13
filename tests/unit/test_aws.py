"""AWS clients: made by public interfaces, and a first call that never stops a function from starting."""

import ast
import re
import time
from pathlib import Path

import pytest
from botocore.exceptions import EndpointConnectionError
from tiketz_common import aws

ROOT = Path(__file__).parents[2]
PRODUCT = [*ROOT.glob("functions/*/*/*.py"), *ROOT.glob("layers/common/tiketz_common/*.py")]
PRIVATE = re.compile(r"_[^_]")
NAMED_TUPLES = ("_asdict", "_fields", "_make", "_replace")  # documented names of the standard library
open_connection = aws.open_connection  # before the tests' own fixture replaces it


def test_no_private_name_of_the_sdk_is_read() -> None:
    """A private name may be gone in the next version: `client._endpoint` and its like."""
    for path in PRODUCT:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and PRIVATE.match(node.attr) and node.attr not in NAMED_TUPLES:
                assert ast.unparse(node.value) in ("self", "cls"), f"{path.name}: {ast.unparse(node)}"


@pytest.mark.parametrize(
    "error", [EndpointConnectionError(endpoint_url="https://dynamodb"), AttributeError("_endpoint")]
)
def test_a_function_starts_whatever_its_first_call_raises(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    def call() -> None:
        raise error

    open_connection(call)
    [record] = caplog.records
    assert (record.message, record.error) == ("not connected in advance", repr(error))  # type: ignore[attr-defined]


def test_a_function_starts_though_its_first_call_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aws, "CONNECT_SECONDS", 0.05)
    began = time.monotonic()
    open_connection(lambda: time.sleep(1))
    assert time.monotonic() - began < 0.9


def test_the_first_call_is_made_before_the_function_has_started() -> None:
    calls = []
    open_connection(lambda: calls.append(1))
    assert calls == [1]
