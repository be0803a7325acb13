"""SQS consumer of the notifications service: events of orders and payments make mails due."""

from datetime import datetime
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from tiketz_common import clock, metrics, settings
from tiketz_common.events import occurred_at
from tiketz_common.inbox import Inbox

from notifications import service
from notifications.directory import Directory
from notifications.inbound import OrderChanged, PaymentChanged
from notifications.mailer import Mailer
from notifications.repository import NotificationTable
from notifications.settings import ConsumerSettings

config = settings.read(ConsumerSettings)
inbox = Inbox(config.inbox_url)
mails = service.MailService(
    table=NotificationTable(config.table_name),
    directory=Directory(config.directory_arn),
    mailer=Mailer(),
    sender=config.mail_from,
    public_url=config.public_url,
    count=lambda metric: metrics.emit(config.event_bus_name, {metric: [1]}),
)


@inbox.on(OrderChanged, "OrderCompleted", "OrderCancelled", "OrderExpired", "OrderRefunded")
def on_order_changed(event: OrderChanged) -> None:
    service.on_order_changed(event.order(_occurred_at()), mails=mails, now=clock.now())


@inbox.on(PaymentChanged, "PaymentVoided", "PaymentFailed", "PaymentRefunded")
def on_payment_changed(event: PaymentChanged) -> None:
    service.on_payment_changed(event.order_id, event.payment(_occurred_at()), mails=mails, now=clock.now())


def _occurred_at() -> datetime:
    return clock.from_wire(occurred_at.get())


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """A batch of SQS messages; returns those that failed."""
    return inbox.resolve(event, context)
