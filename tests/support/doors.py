"""Events as AWS hands them to our functions."""

import json
import sys
from dataclasses import dataclass, field
from importlib import import_module
from types import ModuleType
from typing import Any
from uuid import uuid4

import pytest

ORIGIN = "tiketz.test"


@dataclass
class Context:
    """The Lambda context a handler sees."""

    function_name: str = "test"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:eu-west-1:123456789012:function:test"
    aws_request_id: str = field(default_factory=lambda: str(uuid4()))

    def get_remaining_time_in_millis(self) -> int:
        return 10_000


@dataclass
class Answer:
    """What an HTTP door answered."""

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
    """A request in API Gateway's payload format 2.0; `user` is whom the authorizer identified."""
    sent = json.dumps(body) if body is not None else raw
    given = {
        "host": ORIGIN,
        **({"content-type": "application/json"} if sent is not None else {}),
        **(headers or {}),
    }
    told = {"userId": user, "email": f"{user}@{ORIGIN}"} if user else {}
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": f"{method} {path}",
        "rawPath": path,
        "rawQueryString": query,
        "headers": {name: value for name, value in given.items() if value},
        "requestContext": {
            "requestId": str(uuid4()),
            "http": {"method": method, "path": path, "sourceIp": "192.0.2.1", "protocol": "HTTP/1.1"},
            "stage": "$default",
            "authorizer": {"lambda": told},
        },
        "body": sent,
        "isBase64Encoded": False,
    }
    if cookies:
        event["cookies"] = cookies
    return event


def call(handler: Any, method: str, path: str, body: Any = None, **how: Any) -> Answer:
    """Send one request through an HTTP door; `how` as `http_event` takes it."""
    reply = handler(http_event(method, path, body, **how), Context())
    headers = {name.lower(): value for name, value in reply["headers"].items()}
    return Answer(reply["statusCode"], headers, reply.get("body") or "", reply.get("cookies") or [])


def message(detail_type: str, data: dict[str, Any], *, received: int = 1, **envelope: Any) -> dict[str, Any]:
    """One SQS record holding an EventBridge event of ours."""
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
        "attributes": {"ApproximateReceiveCount": str(received)},
        "body": json.dumps({"detail-type": detail_type, "source": "tiketz.test", "detail": detail}),
    }


def deliver(handler: Any, *messages: dict[str, Any]) -> list[str]:
    """Give an event door a batch; answers the ids of the messages it failed."""
    reply = handler({"Records": list(messages)}, Context())
    return [failure["itemIdentifier"] for failure in reply["batchItemFailures"]]


def load(name: str, env: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The door `name` (`orders.api`), imported afresh under an environment, as a new Lambda process would."""
    for variable, value in {"ORIGIN_SECRET": "", **env}.items():
        monkeypatch.setenv(variable, value)
    monkeypatch.delitem(sys.modules, name, raising=False)
    return import_module(name)
