"""Event source mappings of DynamoDB streams: deliver each table's changes in order and in batches."""

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
from local.aws.engines import StreamReader
from local.aws.resources import EventSource, Function
from local.aws.runtime import InvocationResult, Invoke

Record = dict[str, Any]


class StreamPoller(threading.Thread):
    """Feeds one function from one stream."""

    def __init__(
        self,
        source: EventSource,
        function: Function,
        invoke: Invoke,
        dispatcher: FairQueue,
        reader: StreamReader,
        sqs: Any,
        stopping: threading.Event,
        report: Callable[[str], None],
    ) -> None:
        """`sqs`: a client for the on-failure queue. `report` gets a sentence when the stream fails."""
        super().__init__(name=f"stream {function.name}", daemon=True)
        self._source, self._function, self._invoke = source, function, invoke
        self._dispatcher, self._reader, self._sqs = dispatcher, reader, sqs
        self._stopping, self._report = stopping, report
        properties = source.properties
        self._batch_size = int(properties.get("BatchSize", 100))
        self._bisects = bool(properties.get("BisectBatchOnFunctionError"))
        self._max_retries = int(properties.get("MaximumRetryAttempts", -1))  # -1: no limit
        self._passes = record_filter(properties.get("FilterCriteria", {}))

    def run(self) -> None:
        """Until the application stops."""
        while not self._stopping.is_set():
            try:
                records = [self._record(each) for each in self._reader.read(self._batch_size)]
                batch = [each for each in records if self._passes(each)]
                if batch:
                    with self._dispatcher.slot(time.time()):  # a record's own time may be cut to the minute
                        self.deliver(batch)
            except (BotoCoreError, ClientError) as error:
                if not self._stopping.is_set():
                    self._report(f"{self._function.name} can't be fed from its stream: {error}")
                    self._stopping.wait(1)

    def deliver(self, batch: list[Record], attempts: int = 0) -> None:
        """Invoke the function until every record is processed or sent to the on-failure queue.

        After a failure the batch continues from its first failed record, in halves where it bisects.
        """
        while batch and not self._stopping.is_set():
            result = self._invoke(self._function.name, {"Records": batch})
            failed = self._first_failed(batch, result)
            if failed is None:
                return
            if not result.failed:
                batch = batch[failed:]
            attempts += 1
            if 0 <= self._max_retries < attempts:
                self._send_to_failure_queue(batch, result, attempts)
                return
            if self._bisects and len(batch) > 1:
                half = len(batch) // 2
                self.deliver(batch[:half], attempts)
                batch = batch[half:]
                continue
            self._stopping.wait(min(0.1 * 2**attempts, 5))

    def _first_failed(self, batch: list[Record], result: InvocationResult) -> int | None:
        """Position of the first failed record: 0 for a response that names one that isn't in the batch."""
        if result.failed:
            return 0
        response = json.loads(result.payload)
        failures: list[dict[str, str]] = []
        if self._source.reports_failures:
            failures = (response or {}).get("batchItemFailures") or []
        numbers = [each["dynamodb"]["SequenceNumber"] for each in batch]
        positions = [
            numbers.index(each["itemIdentifier"]) for each in failures if each["itemIdentifier"] in numbers
        ]
        return min(positions) if positions else 0 if failures else None

    def _send_to_failure_queue(self, batch: list[Record], result: InvocationResult, attempts: int) -> None:
        """Send a pointer to the records, as Lambda does: never the records themselves."""
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
                "approximateInvokeCount": attempts,
            },
            "responseContext": {
                "statusCode": 200,
                "executedVersion": "$LATEST",
                "functionError": "Unhandled" if result.failed else None,
            },
            "DDBStreamBatchInfo": {
                "streamArn": self._source.arn,
                "startSequenceNumber": first["SequenceNumber"],
                "endSequenceNumber": last["SequenceNumber"],
                "approximateArrivalOfFirstRecord": _arrival(first),
                "approximateArrivalOfLastRecord": _arrival(last),
                "batchSize": len(batch),
            },
        }
        self._sqs.send_message(QueueUrl=f"http://sqs/{queue}", MessageBody=json.dumps(pointer))

    def _record(self, record: Record) -> Record:
        """A record as Lambda passes it."""
        created = record["dynamodb"].get("ApproximateCreationDateTime", time.time())
        if isinstance(created, datetime):
            created = created.replace(tzinfo=created.tzinfo or UTC).timestamp()  # moto's has no zone: UTC
        return {
            **_plain(record),
            "eventSourceARN": self._source.arn,
            "dynamodb": {**_plain(record["dynamodb"]), "ApproximateCreationDateTime": float(created)},
        }


def record_filter(criteria: Mapping[str, Any]) -> Callable[[Record], bool]:
    """Whether a record passes the FilterCriteria of an event source mapping."""
    from moto.events.models import EventPattern

    patterns = [EventPattern.load(each["Pattern"]) for each in criteria.get("Filters", [])]
    return lambda record: not patterns or any(each.matches_event(record) for each in patterns)


def _arrival(record: Record) -> str:
    at: float = record["ApproximateCreationDateTime"]
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _plain(value: Any) -> Any:
    """Without datetimes, and with bytes as base64, as Lambda writes them into JSON."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items() if not isinstance(each, datetime)}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value
