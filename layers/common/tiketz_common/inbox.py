"""Events in: from an SQS queue fed by EventBridge to one function per event type."""

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
from tiketz_common.events import correlation_id
from tiketz_common.log import logger

BACKOFF_SECONDS = 2

Model = TypeVar("Model", bound=BaseModel)
Handler = Callable[[Model], None]


class RetryLater(Exception):
    """There is more to do for a message, a little later: it comes again, as a failed one does."""


class BackoffBatchProcessor(BatchProcessor):
    """A failed message comes back after two seconds for each time it was received."""

    def __init__(self, queue_url: str) -> None:
        super().__init__(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
        self._queues = queue_url.rpartition("/")[0]

    def failure_handler(self, record: Any, exception: Any) -> FailureResponse:
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
        except (BotoCoreError, ClientError) as error:  # it comes back later, alone all the same
            logger.warning("message not put back", message_id=record.message_id, error=str(error))
        return super().failure_handler(record, exception)


class Inbox:
    """Routes by detail-type, and writes one line for each message. A failed one is retried alone.

    Messages come from the queue at `queue_url`, and from others of the same account and region.
    """

    def __init__(self, queue_url: str) -> None:
        self._routes: dict[str, tuple[type[BaseModel], Callable[[Any], None]]] = {}
        self._processor = BackoffBatchProcessor(queue_url)

    @property
    def types(self) -> frozenset[str]:
        """The detail-types that are listened to."""
        return frozenset(self._routes)

    def on(self, model: type[Model], *types: str) -> Callable[[Handler[Model]], Handler[Model]]:
        """Hand events of these detail-types to the function, their `data` as `model`."""

        def register(handler: Handler[Model]) -> Handler[Model]:
            self._routes |= dict.fromkeys(types, (model, handler))
            return handler

        return register

    def resolve(self, event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
        """Deliver a batch; answer the messages to bring again."""
        return dict(process_partial_response(event, self._deliver, self._processor, context))

    def _deliver(self, record: SQSRecord) -> None:
        message = json.loads(record.body)
        name, detail = message["detail-type"], message["detail"]
        correlation_id.set(detail["correlationId"])
        logger.set_correlation_id(detail["correlationId"])
        model, handler = self._routes[name]
        handler(model.model_validate(detail["data"]))
        logger.info("handled", event=name, event_id=detail["eventId"])
