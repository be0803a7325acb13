"""Every mail of notifications, as HTML, for screenshots: about a purchase with long words, and an account."""

from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage

from notifications import messages
from notifications.model import Mail, Order, OrderStatus, Payment, Purchase, Role, Template

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
SENDER, URL = "tickets@tiketz.test", "https://tiketz.test"
SELLERS = (Template.SOLD, Template.SALE_UNDONE)
PURCHASES = (
    *SELLERS,
    Template.RECEIPT,
    Template.NOT_CHARGED,
    Template.REFUNDED,
    Template.REFUND_FAILED,
    Template.REFUNDED_AT_LAST,
)
UNDONE = {Template.NOT_CHARGED: "cancelled", Template.SALE_UNDONE: "refunded", Template.REFUNDED: "refunded"}
ORDER = Order(
    id="8c5e0f4e-2f1c-4c9a-9d3e-6a1b7c2d3e4f",
    user_id="ann",
    seller_id="maren",
    status=OrderStatus.COMPLETED,
    reason="hold",
    quantity=2,
    total=9720,
    currency="eur",
    title="Quiet Storms & the Marble Arcade: Donaudampfschifffahrtsgesellschaft live, row 4",
    starts_at=datetime(2026, 12, 4, 19, tzinfo=UTC),
    venue="Halcyon Hall",
    city="Rotterdam",
    version=2,
    changed_at=NOW,
    time_zone="Europe/Amsterdam",
)


def samples() -> dict[str, str]:
    """The HTML of each mail, by its template's name."""
    return {template.value: _html(_message(template)) for template in Template}


def _message(template: Template) -> EmailMessage:
    role = Role.SELLER if template in SELLERS else Role.BUYER
    mail = Mail(template=template, subject_id=ORDER.id, role=role, changed_at=NOW)
    if template not in PURCHASES:
        message = messages.of_account(mail, "r1.mac", sender=SENDER, public_url=URL, now=NOW)
        assert message
        return message
    order = replace(ORDER, status=OrderStatus(UNDONE.get(template, "completed")))
    payment = Payment(status="refunded", refunded=9720, refund_failed=9720, version=1, changed_at=NOW)
    purchase = Purchase(order_id=order.id, order=order, payment=payment)
    return messages.of_purchase(mail, purchase, sender=SENDER, public_url=URL, now=NOW)


def _html(message: EmailMessage) -> str:
    part = message.get_body(("html",))
    assert part is not None
    return str(part.get_content())
