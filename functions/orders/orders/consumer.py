"""SQS consumer of the orders service: listings, elapsed holds, payments and deleted accounts."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from tiketz_common import clock, settings
from tiketz_common.inbox import Inbox

from orders import service
from orders.inbound import DeliveryEnded, HoldElapsed, PaymentChanged, TicketChanged, UserDeleted
from orders.repository import OrderTable
from orders.settings import ConsumerSettings

config = settings.read(ConsumerSettings)
inbox = Inbox(config.inbox_url, config.inbox_dead_url)
orders = OrderTable(config.table_name)
orders.connect()


@inbox.on(TicketChanged, "TicketCreated", "TicketUpdated", "TicketWithdrawn")
def upsert_listing(event: TicketChanged) -> None:
    service.upsert_listing(event.ticket(), orders=orders, now=clock.now())


@inbox.on(HoldElapsed, "HoldElapsed")
def expire_order(event: HoldElapsed) -> None:
    service.expire_order(event.order_id, orders=orders, now=clock.now())


@inbox.on(PaymentChanged, "PaymentAuthorized")
def pay_order(event: PaymentChanged) -> None:
    service.pay_order(event.order_id, event.amount, event.currency, orders=orders, now=clock.now())


@inbox.on(PaymentChanged, "PaymentFailed")
def fail_payment(event: PaymentChanged) -> None:
    service.fail_payment(event.order_id, event.declined, orders=orders, now=clock.now())


@inbox.on(PaymentChanged, "PaymentRefunded", "PaymentRefundFailed")
def refund_order(event: PaymentChanged) -> None:
    """A refund that failed had ended the order; its own event may have been lost."""
    service.refund_order(event.order_id, orders=orders, now=clock.now())


@inbox.on(UserDeleted, "UserDeleted")
def block_buyer(event: UserDeleted) -> None:
    service.block_buyer(event.user_id, orders=orders, now=clock.now())


@inbox.on(DeliveryEnded, "DeliveryFailed")
def fail_delivery(event: DeliveryEnded) -> None:
    service.fail_delivery(event.order_id, orders=orders, now=clock.now())


@inbox.on(DeliveryEnded, "UnitsReturned")
def return_units(event: DeliveryEnded) -> None:
    service.return_units(event.order_id, orders=orders, now=clock.now())


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """A batch of SQS messages; returns those that failed."""
    return inbox.resolve(event, context)
