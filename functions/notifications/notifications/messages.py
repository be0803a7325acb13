"""Messages: the values that each mail's template gets."""

from collections.abc import Mapping
from datetime import datetime
from email.message import EmailMessage
from typing import Any

from notifications import calendar_file, rendering
from notifications.model import Mail, Order, Purchase, Template

LINKS: Mapping[Template, str] = {
    Template.VERIFY: "verify",
    Template.RESET: "reset",
    Template.CONFIRM_EMAIL: "confirm",
}
"""Pages of the web client that fulfil a request; the token is the fragment, which no server gets."""


def of_account(
    mail: Mail, token: str | None, *, sender: str, public_url: str, now: datetime
) -> EmailMessage | None:
    """The message of a mail about an account; None where it needs a token and there is none."""
    url = f"{public_url}/forgot"
    if page := LINKS.get(mail.template):
        if token is None:
            return None
        url = f"{public_url}/{page}#{token}"
    return rendering.render(mail.template, {"url": url}, sender, now)


def of_purchase(
    mail: Mail, purchase: Purchase, *, sender: str, public_url: str, now: datetime
) -> EmailMessage:
    """The message of a mail about a purchase whose order is known. A receipt has a calendar file."""
    order, payment = purchase.order, purchase.payment
    assert order is not None
    url = f"{public_url}/orders/{order.id}"
    values = {
        "order": _order(order),
        "refunded": (payment and payment.refunded) or order.total,
        "owed": (payment and payment.refund_failed) or order.total,
        "completed": purchase.completed,
        "url": f"{public_url}/selling" if mail.role == "seller" else url,
    }
    message = rendering.render(mail.template, values, sender, now)
    if mail.template is Template.RECEIPT and (calendar := calendar_file.of(order, url, now)):
        rendering.attach_calendar(message, calendar)
    return message


def _order(order: Order) -> dict[str, Any]:
    """What templates may say of an order; text of strangers is one harmless line each."""
    place = ", ".join(rendering.plain_line(each) for each in (order.venue, order.city) if each)
    return {
        "id": order.id,
        "title": rendering.plain_line(order.title),
        "starts_at": order.starts_at,
        "time_zone": order.time_zone,
        "place": place,
        "quantity": order.quantity,
        "price": order.total // order.quantity,
        "total": order.total,
        "currency": order.currency,
        "status": order.status.value,
        "reason": order.reason,
    }
