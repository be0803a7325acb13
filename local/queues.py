"""SQS queues: each one's messages, in batches, to its consumer; what it does not acknowledge comes back."""

import json
import threading
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from local.runtime import Answer
from local.settings import ACCOUNT, REGION
from local.stack import EventSource, Function

LOOK_SECONDS = 0.025


class QueuePoller(threading.Thread):
    """Feeds one function from one queue, as an event source mapping would, with the function's own rights."""

    def __init__(
        self,
        source: EventSource,
        function: Function,
        invoke: Callable[[str, Mapping[str, Any]], Answer],
        clients: Callable[[str], Any],
        stopped: threading.Event,
        problem: Callable[[str], None],
    ) -> None:
        super().__init__(name=f"queue {function.name}", daemon=True)
        self._source, self._function, self._invoke = source, function, invoke
        self._sqs, self._stopped, self._problem = clients("sqs"), stopped, problem
        self._queue = source.source.rsplit(":", 1)[-1]
        self._url = f"http://sqs/{ACCOUNT}/{self._queue}"
        self._size = min(int(source.properties.get("BatchSize", 10)), 10)
        self._partial = "ReportBatchItemFailures" in source.properties.get("FunctionResponseTypes", [])

    def run(self) -> None:
        """Until the world stops. Looks into moto itself first: asking it over HTTP all the time is work."""
        from moto.sqs.models import sqs_backends

        queue = sqs_backends[ACCOUNT][REGION].queues[self._queue]
        while not self._stopped.is_set():
            if not queue.messages:
                self._stopped.wait(LOOK_SECONDS)
                continue
            try:
                messages = self._sqs.receive_message(
                    QueueUrl=self._url, MaxNumberOfMessages=self._size, MessageSystemAttributeNames=["All"]
                ).get("Messages", [])
                if messages:
                    self.deliver(messages)
            except (BotoCoreError, ClientError) as error:
                self._problem(f"{self._function.name} cannot be fed from {self._queue}: {error}")
                self._stopped.wait(1)

    def deliver(self, messages: list[dict[str, Any]]) -> None:
        """Hand a batch over and delete what was acknowledged; the rest becomes visible again in its time."""
        answer = self._invoke(
            self._function.name, {"Records": [self._as_lambda_sees(each) for each in messages]}
        )
        failed = self._failed(messages, answer)
        done = [each for each in messages if each["MessageId"] not in failed]
        if done:
            self._sqs.delete_message_batch(
                QueueUrl=self._url,
                Entries=[
                    {"Id": str(i), "ReceiptHandle": each["ReceiptHandle"]} for i, each in enumerate(done)
                ],
            )

    def _failed(self, messages: list[dict[str, Any]], answer: Answer) -> set[str]:
        everything = {each["MessageId"] for each in messages}
        if answer.failed:
            return everything
        if not self._partial:
            return set()
        named = {
            each["itemIdentifier"]
            for each in (json.loads(answer.payload) or {}).get("batchItemFailures") or []
        }
        return named if named <= everything else everything

    def _as_lambda_sees(self, message: dict[str, Any]) -> dict[str, Any]:
        return {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": message.get("Attributes", {}),
            "messageAttributes": {},
            "md5OfBody": message["MD5OfBody"],
            "eventSource": "aws:sqs",
            "eventSourceARN": self._source.source,
            "awsRegion": REGION,
        }
