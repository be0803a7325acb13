"""Calls of DynamoDB, its streams, SQS and EventBridge run one at a time.

Upstream: getmoto/moto, moto/core/responses.py, `BaseResponse.call_action`. moto's server has a thread per
connection, and its backends take no lock: concurrent increments of one row lose updates, and two conditional
writes of one row may both succeed.
"""

import threading
from typing import Any

LOCK = threading.RLock()
"""Held during every such call. Whoever reads moto's tables or queues directly takes it too."""


def apply() -> None:
    from moto.dynamodb.responses import DynamoHandler
    from moto.dynamodbstreams.responses import DynamoDBStreamsHandler
    from moto.events.responses import EventsHandler
    from moto.sqs.responses import SQSResponse

    for handler in (DynamoHandler, DynamoDBStreamsHandler, SQSResponse, EventsHandler):
        handler.call_action = _locked(handler.call_action)


def _locked(call_action: Any) -> Any:
    def locked_call(self: Any) -> Any:
        with LOCK:
            return call_action(self)

    return locked_call
