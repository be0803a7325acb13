"""SQS consumer of the notifications service: events of orders, payments and accounts make mails due."""

from datetime import datetime
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from tiketz_common import clock, metrics, settings
from tiketz_common.events import occurred_at
from tiketz_common.inbox import Inbox

from notifications import service
from notifications.directory import Directory
from notifications.inbound import AccountChanged, LinkRequested, OrderChanged, PaymentChanged
from notifications.mailer import Mailer
from notifications.model import Mail, Role, Template
from notifications.repository import NotificationTable
from notifications.settings import ConsumerSettings

MESSAGE_SECONDS = 30.0  # a call to auth's directory and one to SES that give up, and the row

config = settings.read(ConsumerSettings)
inbox = Inbox(config.inbox_url, config.inbox_dead_url, message_seconds=MESSAGE_SECONDS)
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


@inbox.on(PaymentChanged, "PaymentVoided", "PaymentFailed", "PaymentRefunded", "PaymentRefundFailed")
def on_payment_changed(event: PaymentChanged) -> None:
    service.on_payment_changed(event.order_id, event.payment(_occurred_at()), mails=mails, now=clock.now())


@inbox.on(LinkRequested, "VerificationRequested")
def verify_address(event: LinkRequested) -> None:
    _send_of_request(event.request_id, Template.VERIFY, Role.OWNER)


@inbox.on(LinkRequested, "PasswordResetRequested")
def reset_password(event: LinkRequested) -> None:
    _send_of_request(event.request_id, Template.RESET, Role.OWNER)


@inbox.on(LinkRequested, "EmailChangeRequested")
def confirm_new_address(event: LinkRequested) -> None:
    _send_of_request(event.request_id, Template.CONFIRM_EMAIL, Role.NEW)
    _send_of_request(event.request_id, Template.EMAIL_CHANGE_REQUESTED, Role.OLD)


@inbox.on(AccountChanged, "EmailChanged")
def report_new_address(event: AccountChanged) -> None:
    _send_of_request(event.request_id, Template.EMAIL_CHANGED, Role.OLD)


@inbox.on(AccountChanged, "PasswordChanged")
def report_new_password(event: AccountChanged) -> None:
    mail = _mail(event.request_id, Template.PASSWORD_CHANGED, Role.OWNER)
    service.send_account_mail(mail, event.user_id, mails=mails, now=clock.now())


def _send_of_request(request_id: str, template: Template, role: Role) -> None:
    service.send_request_mail(_mail(request_id, template, role), mails=mails, now=clock.now())


def _mail(request_id: str, template: Template, role: Role) -> Mail:
    return Mail(template=template, subject_id=request_id, role=role, changed_at=_occurred_at())


def _occurred_at() -> datetime:
    return clock.from_wire(occurred_at.get())


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """A batch of SQS messages; returns those that failed."""
    return inbox.resolve(event, context)
