"""Inbox: delivers the events of an SQS queue, fed by EventBridge, to one function per event type."""

import json
from collections.abc import Callable
from typing import Any, TypeVar

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.base import FailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.exceptions import BotoCoreError, ClientError
from pydantic import BaseModel

from tiketz_common import aws
from tiketz_common.events import correlation_id, occurred_at
from tiketz_common.log import logger

BACKOFF_SECONDS = 2

Model = TypeVar("Model", bound=BaseModel)
Handler = Callable[[Model], None]


class RetryLater(Exception):
    """Raised by a handler that is not done with a message: SQS delivers it again, as it does a failed one."""


class BackoffBatchProcessor(BatchProcessor):
    """Delays a failed message by two seconds for each time that it was received."""

    def __init__(self, queue_url: str) -> None:
        super().__init__(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
        self._queues = queue_url.rpartition("/")[0]

    def failure_handler(self, record: Any, exception: Any) -> FailureResponse:
        """Log the failure and delay the message."""
        received = int(record.attributes.approximate_receive_count)
        if issubclass(exception[0], RetryLater):
            logger.info("message not done yet", message_id=record.message_id, received=received)
        else:
            logger.warning(
                "message failed", message_id=record.message_id, received=received, exc_info=exception
            )
        try:
            aws.client("sqs").change_message_visibility(
                QueueUrl=f"{self._queues}/{record.event_source_arn.rpartition(':')[2]}",
                ReceiptHandle=record.receipt_handle,
                VisibilityTimeout=BACKOFF_SECONDS * received,
            )
        except (BotoCoreError, ClientError) as error:  # SQS delivers it after the queue's own timeout
            logger.warning("visibility timeout not changed", message_id=record.message_id, error=str(error))
        return super().failure_handler(record, exception)


class Inbox:
    """Routes messages by detail-type, and logs one line for each. A failed message is retried alone.

    Messages come from the queue at `queue_url`, and from others of the same account and region.
    """

    def __init__(self, queue_url: str) -> None:
        self._routes: dict[str, tuple[type[BaseModel], Callable[[Any], None]]] = {}
        self._processor = BackoffBatchProcessor(queue_url)

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
        """Deliver a batch; returns the messages that failed (ReportBatchItemFailures)."""
        return dict(process_partial_response(event, self._deliver, self._processor, context))

    def _deliver(self, record: SQSRecord) -> None:
        message = json.loads(record.body)
        name, detail = message["detail-type"], message["detail"]
        correlation_id.set(detail["correlationId"])
        occurred_at.set(detail["occurredAt"])
        logger.set_correlation_id(detail["correlationId"])
        model, handler = self._routes[name]
        handler(model.model_validate(detail["data"]))
        logger.info("handled", event=name, event_id=detail["eventId"])
