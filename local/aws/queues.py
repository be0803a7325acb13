"""Event source mappings of SQS queues: deliver batches, and delete the messages that are acknowledged."""

import json
import threading
from typing import Any

from local.aws.config import ACCOUNT, REGION
from local.aws.dispatcher import FairQueue
from local.aws.moto_patches.serial_calls import LOCK
from local.aws.resources import EventSource
from local.aws.runtime import InvocationResult, Invoke

POLL_SECONDS = 0.025


class QueuePoller(threading.Thread):
    """Feeds one function from one queue. Reads moto's queue directly: polling over HTTP costs more."""

    def __init__(
        self, source: EventSource, invoke: Invoke, dispatcher: FairQueue, stopping: threading.Event
    ) -> None:
        super().__init__(name=f"queue {source.function}", daemon=True)
        self._source, self._invoke = source, invoke
        self._dispatcher, self._stopping = dispatcher, stopping
        self._queue = source.arn.rsplit(":", 1)[-1]
        self._batch_size = min(int(source.properties.get("BatchSize", 10)), 10)

    def run(self) -> None:
        """Until the application stops."""
        from moto.sqs.models import sqs_backends

        sqs = sqs_backends[ACCOUNT][REGION]
        queue = sqs.queues[self._queue]
        while not self._stopping.is_set():
            visible = queue.messages
            if not visible:
                self._stopping.wait(POLL_SECONDS)
                continue
            with self._dispatcher.slot(visible[0].sent_timestamp / 1000):
                with LOCK:
                    messages = sqs.receive_message(self._queue, self._batch_size, 0, queue.visibility_timeout)
                done = self.deliver(messages) if messages else []  # none where another poller took them
            with LOCK:
                for each in done:
                    sqs.delete_message(self._queue, each.receipt_handle)

    def deliver(self, messages: list[Any]) -> list[Any]:
        """Invoke the function with a batch. Returns the messages that it acknowledged."""
        records = [self._record(each) for each in messages]
        failed = self._failed(messages, self._invoke(self._source.function, {"Records": records}))
        return [each for each in messages if each.id not in failed]

    def _failed(self, messages: list[Any], result: InvocationResult) -> set[str]:
        """Ids of failed messages: all of them for a response that names one that isn't in the batch."""
        batch = {each.id for each in messages}
        if result.failed:
            return batch
        if not self._source.reports_failures:
            return set()
        response = json.loads(result.payload) or {}
        failed = {each["itemIdentifier"] for each in response.get("batchItemFailures") or []}
        return failed if failed <= batch else batch

    def _record(self, message: Any) -> dict[str, Any]:
        """A message as Lambda passes it."""
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
            "eventSourceARN": self._source.arn,
            "awsRegion": REGION,
        }
