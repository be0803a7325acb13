"""SQS consumer of the payments service: each change of an order settles its money."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from tiketz_common import clock, settings
from tiketz_common.inbox import Inbox, RetryLater

from payments import service
from payments.gateway import Gateway
from payments.inbound import OrderChanged, TicketsDelivered
from payments.repository import SaleTable
from payments.settings import ConsumerSettings, StripeSettings

MESSAGE_SECONDS = 30.0  # three calls to Stripe that each time out, and the row

config = settings.read(ConsumerSettings)
inbox = Inbox(config.inbox_url, config.inbox_dead_url, message_seconds=MESSAGE_SECONDS)
sales = SaleTable(config.table_name)
sales.connect()
stripe = Gateway.from_settings(settings.read(StripeSettings))


@inbox.on(
    OrderChanged,
    "OrderCreated",
    "OrderExtended",
    "OrderCompleted",
    "OrderCancelled",
    "OrderExpired",
    "OrderRefunded",
)
def on_order_changed(event: OrderChanged) -> None:
    service.on_order_changed(event.order(), sales=sales, gateway=stripe, now=clock.now())


@inbox.on(TicketsDelivered, "TicketsDelivered")
def on_tickets_delivered(event: TicketsDelivered) -> None:
    known = service.on_tickets_delivered(
        event.order_id, event.delivery(), sales=sales, gateway=stripe, now=clock.now()
    )
    if not known:
        raise RetryLater


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """A batch of SQS messages; returns those that failed."""
    return inbox.resolve(event, context)
