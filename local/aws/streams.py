"""DynamoDB streams: each table's changes, in order and in batches, to its relay."""

import base64
import json
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from botocore.exceptions import BotoCoreError, ClientError

from local.aws.dispatcher import FairQueue
from local.aws.engines import Reader
from local.aws.runtime import InvocationResult
from local.aws.stack import EventSource, Function

Record = dict[str, Any]


class StreamPoller(threading.Thread):
    """Feeds one function from one stream, as an event source mapping would, with the function's rights."""

    def __init__(
        self,
        source: EventSource,
        function: Function,
        invoke: Callable[[str, Mapping[str, Any]], InvocationResult],
        turns: FairQueue,
        reader: Reader,
        sqs: Any,
        stopped: threading.Event,
        problem: Callable[[str], None],
    ) -> None:
        super().__init__(name=f"stream {function.name}", daemon=True)
        self._source, self._function, self._invoke, self._turns = source, function, invoke, turns
        self._reader, self._sqs, self._stopped, self._problem = reader, sqs, stopped, problem
        properties = source.properties
        self._size = int(properties.get("BatchSize", 100))
        self._bisects = bool(properties.get("BisectBatchOnFunctionError"))
        self._partial = "ReportBatchItemFailures" in properties.get("FunctionResponseTypes", [])
        self._retries = int(properties.get("MaximumRetryAttempts", -1))  # -1: for ever
        self._wanted = filtered(properties.get("FilterCriteria", {}))

    def run(self) -> None:
        """Until the world stops."""
        while not self._stopped.is_set():
            try:
                records = [self._as_lambda_sees(each) for each in self._reader.read(self._size)]
                wanted = [each for each in records if self._wanted(each)]
                if wanted:
                    with self._turns.turn(time.time()):  # a record's own time may be cut to the minute
                        self.deliver(wanted)
            except (BotoCoreError, ClientError) as error:
                if not self._stopped.is_set():
                    self._problem(f"{self._function.name} cannot be fed from its stream: {error}")
                    self._stopped.wait(1)

    def deliver(self, batch: list[Record], tries: int = 0) -> None:
        """See a batch through: again, in halves, from where it failed, or to the on-failure queue."""
        while batch and not self._stopped.is_set():
            answer = self._invoke(self._function.name, {"Records": batch})
            failed = self._first_failed(batch, answer)
            if failed is None:
                return
            if not answer.failed:
                batch = batch[failed:]
            tries += 1
            if 0 <= self._retries < tries:
                self._give_up(batch, answer, tries)
                return
            if self._bisects and len(batch) > 1:
                half = len(batch) // 2
                self.deliver(batch[:half], tries)
                batch = batch[half:]
                continue
            self._stopped.wait(min(0.1 * 2**tries, 5))

    def _first_failed(self, batch: list[Record], answer: InvocationResult) -> int | None:
        if answer.failed:
            return 0
        said = json.loads(answer.payload)
        failures = (said or {}).get("batchItemFailures") or [] if self._partial else []
        numbers = [each["dynamodb"]["SequenceNumber"] for each in batch]
        at = [numbers.index(each["itemIdentifier"]) for each in failures if each["itemIdentifier"] in numbers]
        return min(at) if at else 0 if failures else None

    def _give_up(self, batch: list[Record], answer: InvocationResult, tries: int) -> None:
        """Leave a pointer to the records, as Lambda does: never the records themselves."""
        if self._source.on_failure is None:
            return
        first, last = batch[0]["dynamodb"], batch[-1]["dynamodb"]
        queue = self._source.on_failure.rsplit(":", 1)[-1]
        pointer = {
            "version": "1.0",
            "timestamp": datetime.now().astimezone().isoformat(),
            "requestContext": {
                "requestId": str(uuid4()),
                "functionArn": f"{self._function.arn}:$LATEST",
                "condition": "RetryAttemptsExhausted",
                "approximateInvokeCount": tries,
            },
            "responseContext": {
                "statusCode": 200,
                "executedVersion": "$LATEST",
                "functionError": "Unhandled" if answer.failed else None,
            },
            "DDBStreamBatchInfo": {
                "streamArn": self._source.source,
                "startSequenceNumber": first["SequenceNumber"],
                "endSequenceNumber": last["SequenceNumber"],
                "approximateArrivalOfFirstRecord": _arrival(first),
                "approximateArrivalOfLastRecord": _arrival(last),
                "batchSize": len(batch),
            },
        }
        self._sqs.send_message(QueueUrl=f"http://sqs/{queue}", MessageBody=json.dumps(pointer))

    def _as_lambda_sees(self, record: Record) -> Record:
        created = record["dynamodb"].get("ApproximateCreationDateTime", time.time())
        if isinstance(created, datetime):
            created = created.replace(tzinfo=created.tzinfo or UTC).timestamp()  # moto's says no zone: UTC
        return {
            **_plain(record),
            "eventSourceARN": self._source.source,
            "dynamodb": {**_plain(record["dynamodb"]), "ApproximateCreationDateTime": float(created)},
        }


def _arrival(record: Record) -> str:
    at: float = record["ApproximateCreationDateTime"]
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _plain(value: Any) -> Any:
    """Bytes as base64, the way Lambda writes them into JSON."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items() if not isinstance(each, datetime)}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def filtered(criteria: Mapping[str, Any]) -> Callable[[Record], bool]:
    """Whether a record passes an event source mapping's filters."""
    from moto.events.models import EventPattern

    patterns = [EventPattern.load(each["Pattern"]) for each in criteria.get("Filters", [])]
    return lambda record: not patterns or any(each.matches_event(record) for each in patterns)
