"""Inbox: delivers the events of an SQS queue, fed by EventBridge, to one function per event type."""

import json
from collections.abc import Callable
from typing import Any, TypeVar

from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.exceptions import BotoCoreError, ClientError
from pydantic import BaseModel

from tiketz_common import aws, clock, failures, metrics
from tiketz_common.events import correlation_id, occurred_at
from tiketz_common.failures import RetryLater
from tiketz_common.log import logger

__all__ = ["Inbox", "RetryLater"]

MESSAGE_SECONDS = 15.0  # one call to AWS that gives up after all its attempts, and some that succeed
REPORTED_AGE_SECONDS = 60.0  # from which the age of a message that is retried is a metric

Model = TypeVar("Model", bound=BaseModel)
Handler = Callable[[Model], None]
SqsRecord = dict[str, Any]


class Inbox:
    """Routes messages by detail-type, and logs one line for each. A failed message is retried alone.

    Messages come from the queue at `queue_url`, and from others of the same account and region. Poison (a
    message that fails by its content or by our code) goes to the queue at `dead_letter_url`; an outage sends
    none there. `message_seconds` is the longest that one message may take: it is not begun with less time.
    """

    def __init__(
        self, queue_url: str, dead_letter_url: str, *, message_seconds: float = MESSAGE_SECONDS
    ) -> None:
        self._routes: dict[str, tuple[type[BaseModel], Callable[[Any], None]]] = {}
        self._queues = queue_url.rpartition("/")[0]
        self._dead_letters = dead_letter_url
        self._message_ms = message_seconds * 1000

    @property
    def types(self) -> frozenset[str]:
        """The detail-types that are routed."""
        return frozenset(self._routes)

    def on(self, model: type[Model], *types: str) -> Callable[[Handler[Model]], Handler[Model]]:
        """Register a function for events of these detail-types; it gets their `data` as `model`."""

        def register(handler: Handler[Model]) -> Handler[Model]:
            self._routes |= dict.fromkeys(types, (model, handler))
            return handler

        return register

    def resolve(self, event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
        """Deliver a batch; returns the messages that are to come again (ReportBatchItemFailures).

        What was received most often is delivered first, so that none is handed back time after time. What
        no longer fits into the remaining time is handed back at once, untouched.
        """
        failed: list[SqsRecord] = []
        for record in sorted(event["Records"], key=_receives, reverse=True):
            if context.get_remaining_time_in_millis() < self._message_ms:
                logger.info("message handed back for lack of time", message_id=record["messageId"])
                self._hide(record, 0)
                failed.append(record)
            elif not self._acknowledges(record):
                failed.append(record)
        return {"batchItemFailures": [{"itemIdentifier": each["messageId"]} for each in failed]}

    def _acknowledges(self, record: SqsRecord) -> bool:
        """Deliver a message; whether it may be deleted."""
        try:
            self._deliver(record)
        except Exception as error:  # noqa: BLE001  # whatever it is, the rest of the batch goes on
            return self._failed(record, error)
        return True

    def _deliver(self, record: SqsRecord) -> None:
        message = json.loads(record["body"])
        name, detail = message["detail-type"], message["detail"]
        correlation_id.set(detail["correlationId"])
        occurred_at.set(detail["occurredAt"])
        logger.set_correlation_id(detail["correlationId"])
        model, handler = self._routes[name]
        handler(model.model_validate(detail["data"]))
        logger.info("handled", event=name, event_id=detail["eventId"])

    def _failed(self, record: SqsRecord, error: Exception) -> bool:
        """Log a failure, and hide the message for a while; True where it is a dead letter instead.

        SQS counts receives, not failures (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/
        SQSDeveloperGuide/sqs-dead-letter-queues.html): a message that was handed back is dead sooner.
        """
        receives, message_id = _receives(record), record["messageId"]
        if isinstance(error, RetryLater):
            logger.info("message not done yet", message_id=message_id, received=receives)
        else:
            logger.warning("message failed", message_id=message_id, received=receives, exc_info=error)
        if receives >= failures.POISON_RECEIVES and failures.is_poison(error):
            return self._dead_letter(record)
        _report_age(record)
        self._hide(record, failures.retry_seconds(error, receives))
        return False

    def _dead_letter(self, record: SqsRecord) -> bool:
        """Send a message to the dead letter queue; False, and hide it, where SQS fails."""
        try:
            aws.client("sqs").send_message(QueueUrl=self._dead_letters, MessageBody=record["body"])
        except (BotoCoreError, ClientError) as error:
            logger.warning("not dead-lettered", message_id=record["messageId"], error=str(error))
            self._hide(record, failures.retry_seconds(error, _receives(record)))
            return False
        logger.error("message dead-lettered", message_id=record["messageId"])
        return True

    def _hide(self, record: SqsRecord, seconds: int) -> None:
        """Have SQS deliver a message again after so many seconds; the queue's own timeout if that fails."""
        try:
            aws.client("sqs").change_message_visibility(
                QueueUrl=f"{self._queues}/{_queue(record)}",
                ReceiptHandle=record["receiptHandle"],
                VisibilityTimeout=seconds,
            )
        except (BotoCoreError, ClientError) as error:
            logger.warning("visibility timeout not changed", message_id=record["messageId"], error=str(error))


def _receives(record: SqsRecord) -> int:
    return int(record["attributes"]["ApproximateReceiveCount"])


def _queue(record: SqsRecord) -> str:
    return str(record["eventSourceARN"].rpartition(":")[2])


def _report_age(record: SqsRecord) -> None:
    """Emit how long ago a message that is retried was sent, in seconds.

    SQS's own ApproximateAgeOfOldestMessage leaves out a message that was received three times
    (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html).
    """
    age = clock.now().timestamp() - int(record["attributes"]["SentTimestamp"]) / 1000
    if age >= REPORTED_AGE_SECONDS:
        metrics.emit(_queue(record), {"RetriedMessageAge": [age]}, dimension="QueueName")
