"""Mails of an application at rest: each that is due was sent or suppressed with a reason, and none twice.

The one exception, which docs/reliability.md names: a consumer that fails after SES took a mail and before
that is stored sends it again. So a mail may be there once more for each fault of a call of the consumer.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from tiketz_common.rows import Row

from tests.fakes.mail import Mail

SUBJECTS = {
    "receipt": "Your ticket",
    "sold": "Sold: ",
    "sale_undone": "Sale undone: ",
    "not_charged": "You were not charged: ",
    "refunded": "Refunded: ",
}
REASONS = {"too_old", "superseded", "no_recipient"}
CONSUMER = "notifications.consumer ["


def broken_mail(
    rows: Sequence[Row],
    orders: Mapping[str, Row],
    sales: Mapping[str, Row],
    taken: Sequence[Mail],
    faults: Mapping[str, str],
) -> str | None:
    """The invariant that does not hold, with the mail; None where all do.

    `rows` are notifications', `taken` the messages that SES took, `faults` those that were injected, by call.
    """
    mails = {row["pk"].removeprefix("MAIL#"): row for row in rows if row["pk"].startswith("MAIL#")}
    for mail_id, row in mails.items():
        if row["state"] not in ("sent", "suppressed"):
            return f"every due mail is sent or suppressed: {mail_id} {row}"
        if row["state"] == "suppressed" and row["reason"] not in REASONS:
            return f"a mail is suppressed for a reason: {mail_id} {row}"
    for mail_id in _due(orders, sales):
        if mail_id not in mails:
            return f"every mail of an order is due: {mail_id}"
        if mails[mail_id].get("reason") == "superseded" and mail_id not in _superseded(orders):
            return f"only what is no longer so is superseded: {mail_id}"
    return _wrong_count(mails, taken, sum(each.startswith(CONSUMER) for each in faults))


def _due(orders: Mapping[str, Row], sales: Mapping[str, Row]) -> Iterator[str]:
    """The mails that an ended order must have led to."""
    for order_id, order in orders.items():
        payment = sales.get(order_id, {}).get("payment") or {}
        match order["status"]:
            case "completed":
                yield from (f"receipt#{order_id}#buyer", f"sold#{order_id}#seller")
            case "refunded":
                yield f"sale_undone#{order_id}#seller"
                yield f"refunded#{order_id}#buyer"
            case "cancelled" | "expired" if payment.get("status") in ("voided", "failed"):
                yield f"not_charged#{order_id}#buyer"


def _superseded(orders: Mapping[str, Row]) -> set[str]:
    """The mails that orders' later states made untrue."""
    return {
        f"{template}#{order_id}#{role}"
        for order_id, order in orders.items()
        if order["status"] != "completed"
        for template, role in (("receipt", "buyer"), ("sold", "seller"))
    }


def _wrong_count(mails: Mapping[str, Row], taken: Sequence[Mail], faults: int) -> str | None:
    """A mail that SES has too seldom or too often."""
    counts = Counter(
        (mail.to, mail.subject, mail.text) for mail in taken
    )  # orders and tokens are in the text
    again = sum(counts.values()) - len(counts)
    if again > faults:
        return f"no mail is sent twice: {[each for each, count in counts.items() if count > 1]}"
    for mail_id, row in mails.items():
        template, subject_id, _ = mail_id.split("#")
        if row["state"] == "sent" and template in SUBJECTS:
            having = [each for each in taken if _reports(each, template, subject_id)]
            if not having:
                return f"a mail that is stored as sent was sent: {mail_id}"
    return None


def _reports(mail: Mail, template: str, order_id: str) -> bool:
    return mail.subject.startswith(SUBJECTS[template]) and order_id in mail.text
