"""Messages: the values that each mail's template gets."""

from datetime import datetime
from email.message import EmailMessage
from typing import Any

from notifications import calendar_file, rendering
from notifications.model import Mail, Order, Purchase, Template


def of_purchase(
    mail: Mail, purchase: Purchase, *, sender: str, public_url: str, now: datetime
) -> EmailMessage:
    """The message of a mail about a purchase whose order is known. A receipt has a calendar file."""
    order = purchase.order
    assert order is not None
    url = f"{public_url}/orders/{order.id}"
    values = {
        "order": _order(order),
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
        "place": place,
        "quantity": order.quantity,
        "price": order.total // order.quantity,
        "total": order.total,
        "currency": order.currency,
        "status": order.status.value,
        "reason": order.reason,
    }
