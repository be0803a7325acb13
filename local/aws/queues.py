"""SQS queues: each one's messages, in batches, to its consumer; what it does not acknowledge comes back."""

import json
import threading
from collections.abc import Callable, Mapping
from typing import Any

from local.aws.config import ACCOUNT, REGION
from local.aws.dispatcher import FairQueue
from local.aws.moto_patches.dynamodb import LOCK
from local.aws.runtime import InvocationResult
from local.aws.stack import EventSource, Function

LOOK_SECONDS = 0.025


class QueuePoller(threading.Thread):
    """Feeds one function from one queue, as an event source mapping would, with the function's own rights."""

    def __init__(
        self,
        source: EventSource,
        function: Function,
        invoke: Callable[[str, Mapping[str, Any]], InvocationResult],
        turns: FairQueue,
        stopped: threading.Event,
    ) -> None:
        super().__init__(name=f"queue {function.name}", daemon=True)
        self._source, self._function, self._invoke = source, function, invoke
        self._turns, self._stopped = turns, stopped
        self._queue = source.source.rsplit(":", 1)[-1]
        self._size = min(int(source.properties.get("BatchSize", 10)), 10)
        self._partial = "ReportBatchItemFailures" in source.properties.get("FunctionResponseTypes", [])

    def run(self) -> None:
        """Until the world stops. Looks into moto itself: asking it over HTTP all the time is work."""
        from moto.sqs.models import sqs_backends

        sqs = sqs_backends[ACCOUNT][REGION]
        queue = sqs.queues[self._queue]
        while not self._stopped.is_set():
            visible = queue.messages
            if not visible:
                self._stopped.wait(LOOK_SECONDS)
                continue
            with self._turns.turn(visible[0].sent_timestamp / 1000):
                with LOCK:
                    messages = sqs.receive_message(self._queue, self._size, 0, queue.visibility_timeout)
                done = self.deliver(messages) if messages else []  # none if another poller was quicker
            with LOCK:
                for each in done:
                    sqs.delete_message(self._queue, each.receipt_handle)

    def deliver(self, messages: list[Any]) -> list[Any]:
        """Hand a batch over; answers what was acknowledged. The rest becomes visible again in its time."""
        records = [self._as_lambda_sees(each) for each in messages]
        failed = self._failed(messages, self._invoke(self._function.name, {"Records": records}))
        return [each for each in messages if each.id not in failed]

    def _failed(self, messages: list[Any], answer: InvocationResult) -> set[str]:
        everything = {each.id for each in messages}
        if answer.failed:
            return everything
        if not self._partial:
            return set()
        said = json.loads(answer.payload) or {}
        named = {each["itemIdentifier"] for each in said.get("batchItemFailures") or []}
        return named if named <= everything else everything

    def _as_lambda_sees(self, message: Any) -> dict[str, Any]:
        return {
            "messageId": message.id,
            "receiptHandle": message.receipt_handle,
            "body": message.body,
            "attributes": {
                "ApproximateReceiveCount": str(message.approximate_receive_count),
                "ApproximateFirstReceiveTimestamp": str(message.approximate_first_receive_timestamp),
                "SentTimestamp": str(message.sent_timestamp),
                "SenderId": message.sender_id,
            },
            "messageAttributes": {},
            "md5OfBody": message.body_md5,
            "eventSource": "aws:sqs",
            "eventSourceARN": self._source.source,
            "awsRegion": REGION,
        }
