"""What notifications does: one function per use case."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from functools import partial
from typing import NamedTuple

from tiketz_common import retry

from notifications import messages
from notifications.directory import Directory, DirectoryFailed
from notifications.mailer import Mailer, MailNotSent, MailRefused
from notifications.model import Mail, Order, Payment, Purchase, Reason
from notifications.repository import NotificationTable


@dataclass(frozen=True, slots=True, kw_only=True)
class MailService:
    """What sending needs.

    `sender` is empty where the stage sends no mails. `count` counts one event under the name of a metric.
    """

    table: NotificationTable
    directory: Directory
    mailer: Mailer
    sender: str
    public_url: str
    count: Callable[[str], None]


class Addressed(NamedTuple):
    """A message, and who gets it."""

    address: str
    message: EmailMessage


def on_order_changed(order: Order, *, mails: MailService, now: datetime) -> None:
    """Store an order's copy if it is newer than ours, and send what is due, newer or not."""
    purchase = _store(order.id, lambda known: known.with_order(order), mails.table, now)
    send_due(purchase, mails=mails, now=now)


def on_payment_changed(order_id: str, payment: Payment, *, mails: MailService, now: datetime) -> None:
    """Store a payment's copy if it is newer than ours, and send what is due, newer or not."""
    purchase = _store(order_id, lambda known: known.with_payment(payment), mails.table, now)
    send_due(purchase, mails=mails, now=now)


@retry.optimistic()
def _store(
    order_id: str, change: Callable[[Purchase], Purchase], table: NotificationTable, now: datetime
) -> Purchase:
    known = table.purchase(order_id)
    changed = change(known)
    if changed is not known:
        table.save(changed, now)
    return changed


def send_due(purchase: Purchase, *, mails: MailService, now: datetime) -> None:
    """Send every mail of a purchase that is due and was not sent. Idempotent.

    Raises MailTaken where another process sends it, MailNotSent, DirectoryFailed.
    """
    for mail in purchase.mails():
        _send_once(mail, partial(_of_purchase, mail, purchase, mails, now), mails=mails, now=now)


def send_request_mail(mail: Mail, *, mails: MailService, now: datetime) -> None:
    """Send a mail about a request to the address in its role. Idempotent. Raises as `send_due`."""
    _send_once(mail, partial(_of_request, mail, mails, now), mails=mails, now=now)


def send_account_mail(mail: Mail, user_id: str, *, mails: MailService, now: datetime) -> None:
    """Send a mail about an account to its user. Idempotent. Raises as `send_due`."""
    _send_once(mail, partial(_of_user, mail, user_id, mails, now), mails=mails, now=now)


def _of_purchase(mail: Mail, purchase: Purchase, mails: MailService, now: datetime) -> Addressed | None:
    user_id = purchase.user_id(mail.role)
    address = mails.directory.address(user_id) if user_id else None
    message = messages.of_purchase(mail, purchase, sender=mails.sender, public_url=mails.public_url, now=now)
    return Addressed(address, message) if address else None


def _of_request(mail: Mail, mails: MailService, now: datetime) -> Addressed | None:
    to = mails.directory.of_request(mail.subject_id)
    address = to.addresses.get(mail.role)
    return _about_account(mail, address, to.token, mails, now)


def _of_user(mail: Mail, user_id: str, mails: MailService, now: datetime) -> Addressed | None:
    return _about_account(mail, mails.directory.address(user_id), None, mails, now)


def _about_account(
    mail: Mail, address: str | None, token: str | None, mails: MailService, now: datetime
) -> Addressed | None:
    message = messages.of_account(mail, token, sender=mails.sender, public_url=mails.public_url, now=now)
    return Addressed(address, message) if address and message else None


def _send_once(
    mail: Mail, write: Callable[[], Addressed | None], *, mails: MailService, now: datetime
) -> None:
    """Send a mail or suppress it, unless that was done before; `write` gives nothing where nobody gets it.

    A process that dies after SES took the mail, and before that is stored, leaves a mail that is sent again.
    """
    if not mails.table.take(mail, now):
        return
    reason = mail.suppressed(now) or (None if mails.sender else Reason.NO_SENDER)
    if reason is None:
        try:
            reason = _send(write(), mails)
        except (DirectoryFailed, MailNotSent):
            mails.count("MailsFailed")
            mails.table.give_back(mail)
            raise
    if reason:
        mails.table.suppress(mail, reason)
    else:
        mails.table.mark_sent(mail)
        mails.count("MailsSent")


def _send(written: Addressed | None, mails: MailService) -> Reason | None:
    """Why the mail is not sent; None where it is."""
    if written is None:
        return Reason.NO_RECIPIENT
    try:
        mails.mailer.send(written.message, mails.sender, written.address)
    except MailRefused:
        mails.count("MailsFailed")
        return Reason.REFUSED
    return None
