"""A repeated ClientRequestToken gets the first response again, and changes nothing.

Upstream: getmoto/moto, moto/dynamodb/responses.py, `DynamoHandler.transact_write_items` ignores the token: a
transaction that an SDK retries takes effect twice.
https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
"""

import json
import time
from collections import OrderedDict
from typing import Any

TOKEN_SECONDS = 600
MAX_TOKENS = 10_000

_responses: OrderedDict[str, tuple[float, str, Any]] = OrderedDict()
"""Token → when, the request's body, the response."""


def apply() -> None:
    from moto.dynamodb.responses import DynamoHandler

    call_action = DynamoHandler.call_action

    def idempotent_call(self: Any) -> Any:
        token = getattr(self, "params", {}).get("ClientRequestToken")
        if not token:
            return call_action(self)
        body = json.dumps(self.params, sort_keys=True, default=str)
        stored = _stored(token, body)
        if stored is not None:
            return stored
        response = call_action(self)
        if int(response[0]) < 400:
            _store(token, body, response)
        return response

    DynamoHandler.call_action = idempotent_call


def _stored(token: str, body: str) -> Any | None:
    if token not in _responses:
        return None
    at, first_body, response = _responses[token]
    if time.monotonic() - at > TOKEN_SECONDS:
        return None
    if body != first_body:
        error = {
            "__type": "com.amazonaws.dynamodb.v20120810#IdempotentParameterMismatchException",
            "message": "The request token was used with other parameters",
        }
        return 400, {"content-type": "application/x-amz-json-1.0"}, json.dumps(error)
    return response


def _store(token: str, body: str, response: Any) -> None:
    _responses[token] = (time.monotonic(), body, response)
    while len(_responses) > MAX_TOKENS:
        _responses.popitem(last=False)
