"""Imports Lambda handlers and invokes them with events as AWS sends them."""

import json
import sys
from dataclasses import dataclass, field
from importlib import import_module
from types import ModuleType
from typing import Any
from uuid import uuid4

import pytest

ORIGIN = "tiketz.test"
DEFAULTS = {  # of variables that most tests don't care about
    "ORIGIN_SECRET": "",
    "PREVIOUS_ORIGIN_SECRET": "",
    "ORIGIN_SECRET_REQUIRED": "false",
    "REPEAT_HOLD_SECONDS": "120",
    "FILE_DELIVERY": "on",
    "MAX_MARKUP_PERCENT": "",
    "MAX_UNPAID_UNITS": "20",
    "MAX_DECLINED_CARDS": "5",
}


@dataclass
class LambdaContext:
    """The context that a handler gets, with so much time left."""

    function_name: str = "test"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:eu-west-1:123456789012:function:test"
    aws_request_id: str = field(default_factory=lambda: str(uuid4()))
    remaining_ms: int = 60_000

    def get_remaining_time_in_millis(self) -> int:
        return self.remaining_ms


@dataclass
class HttpResponse:
    """The response of an HTTP handler."""

    status: int
    headers: dict[str, str]
    text: str
    cookies: list[str]

    @property
    def json(self) -> Any:
        return json.loads(self.text)


def http_event(
    method: str,
    path: str,
    body: Any = None,
    *,
    user: str | None = None,
    query: str = "",
    headers: dict[str, str] | None = None,
    cookies: list[str] | None = None,
    raw: str | None = None,
) -> dict[str, Any]:
    """A request in API Gateway's payload format 2.0; `user` is the id from the authorizer."""
    text = json.dumps(body) if body is not None else raw
    all_headers = {
        "host": ORIGIN,
        **({"content-type": "application/json"} if text is not None else {}),
        **(headers or {}),
    }
    identity = {"userId": user, "email": f"{user}@{ORIGIN}"} if user else {}
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": f"{method} {path}",
        "rawPath": path,
        "rawQueryString": query,
        "headers": {name: value for name, value in all_headers.items() if value},
        "requestContext": {
            "requestId": str(uuid4()),
            "http": {"method": method, "path": path, "sourceIp": "192.0.2.1", "protocol": "HTTP/1.1"},
            "stage": "$default",
            "authorizer": {"lambda": identity},
        },
        "body": text,
        "isBase64Encoded": False,
    }
    if cookies:
        event["cookies"] = cookies
    return event


def send_request(handler: Any, method: str, path: str, body: Any = None, **options: Any) -> HttpResponse:
    """Invoke an HTTP handler with one request; `options` as `http_event` takes them."""
    response = handler(http_event(method, path, body, **options), LambdaContext())
    headers = {name.lower(): value for name, value in response["headers"].items()}
    cookies = response.get("cookies") or []
    return HttpResponse(response["statusCode"], headers, response.get("body") or "", cookies)


def sqs_record(
    detail_type: str, data: dict[str, Any], *, received: int = 1, **envelope: Any
) -> dict[str, Any]:
    """One SQS record that holds an EventBridge event of a service."""
    detail = {
        "eventId": str(uuid4()),
        "schemaVersion": 1,
        "occurredAt": "2026-07-01T12:00:00.000Z",
        "correlationId": "test",
        **envelope,
        "data": data,
    }
    return {
        "messageId": str(uuid4()),
        "receiptHandle": "receipt",
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:eu-west-1:123456789012:inbox",
        "attributes": {"ApproximateReceiveCount": str(received), "SentTimestamp": "1782907200000"},
        "body": json.dumps({"detail-type": detail_type, "source": "tiketz.test", "detail": detail}),
    }


def deliver_batch(handler: Any, *records: dict[str, Any]) -> list[str]:
    """Invoke an SQS consumer with a batch; returns the ids of the messages that failed."""
    response = handler({"Records": list(records)}, LambdaContext())
    return [failure["itemIdentifier"] for failure in response["batchItemFailures"]]


def import_function(name: str, env: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The handler module `name` (`orders.api`), imported anew under `env`, as a new Lambda process does."""
    for variable, value in {**DEFAULTS, **env}.items():
        monkeypatch.setenv(variable, value)
    monkeypatch.delitem(sys.modules, name, raising=False)
    return import_module(name)
