"""What mails look like: subjects, parts, escaping, the calendar file."""

from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from itertools import product

import pytest
from jinja2 import UndefinedError
from notifications import calendar_file, messages, rendering
from notifications.model import Mail, Order, OrderStatus, Payment, Purchase, Role, Template

from tests.factories import NOON

SENDER, URL = "tickets@tiketz.test", "https://tiketz.test"
ORDER = Order(
    id="o1",
    user_id="ann",
    seller_id="maren",
    status=OrderStatus.COMPLETED,
    reason=None,
    quantity=1,
    total=4860,
    currency="eur",
    title="Marble Arcade",
    starts_at=datetime(2026, 12, 4, 19, tzinfo=UTC),
    venue="Halcyon Hall",
    city="Rotterdam",
    version=2,
    changed_at=NOON,
)
BARE = replace(ORDER, starts_at=None, venue=None, city=None, quantity=3, total=12_345_600, currency="gbp")
ACCOUNT = (
    Template.VERIFY,
    Template.RESET,
    Template.CONFIRM_EMAIL,
    Template.EMAIL_CHANGE_REQUESTED,
    Template.EMAIL_CHANGED,
    Template.PASSWORD_CHANGED,
)
ROLES = {Template.SOLD: Role.SELLER, Template.SALE_UNDONE: Role.SELLER}


def message(template: Template, order: Order = ORDER, completed: bool = True) -> EmailMessage:
    """A mail about an order."""
    mail = Mail(template=template, subject_id=order.id, role=ROLES.get(template, Role.BUYER), changed_at=NOON)
    payment = Payment(status="refunded", version=1, changed_at=NOON)
    purchase = Purchase(order_id=order.id, order=order, payment=payment, completed=completed)
    return messages.of_purchase(mail, purchase, sender=SENDER, public_url=URL, now=NOON)


def part(of: EmailMessage, kind: str) -> str:
    body = of.get_body((kind,))
    assert body is not None
    return str(body.get_content())


@pytest.mark.parametrize(
    ("template", "order", "completed"),
    list(product([each for each in Template if each not in ACCOUNT], (ORDER, BARE), (True, False))),
)
def test_every_mail_has_two_parts_that_say_the_same(
    template: Template, order: Order, completed: bool
) -> None:
    mail = message(template, order, completed)
    text, html = part(mail, "plain"), part(mail, "html")
    for each in (text, html):
        assert order.title in each
        assert ("Halcyon Hall, Rotterdam" in each) == (order.venue is not None)
        assert ("Friday 4 December 2026, 19:00 UTC" in each) == (order.starts_at is not None)
        assert SENDER in each
        assert f"{URL}/" in each
        assert "None" not in each
    assert "\n\n\n" not in text
    assert "<script" not in html
    assert len(mail.as_bytes()) < 40_000


@pytest.mark.parametrize("order", [ORDER, BARE])
@pytest.mark.parametrize("reason", ["hold", "buyer", "amount", "payment", None, "of next year"])
def test_every_reason_of_an_end_has_a_sentence(order: Order, reason: str | None) -> None:
    ended = replace(order, status=OrderStatus.CANCELLED, reason=reason)
    assert part(message(Template.NOT_CHARGED, ended), "plain").splitlines()[0].endswith(".")


def test_amounts_are_written_with_their_currency() -> None:
    assert "£123,456.00" in part(message(Template.RECEIPT, BARE), "plain")
    assert "3 x £41,152.00" in part(message(Template.RECEIPT, BARE), "plain")
    assert rendering.money(5, "usd") == "$0.05"
    assert rendering.money(100, "chf") == "CHF 1.00"


@pytest.mark.parametrize("template", ACCOUNT)
def test_every_mail_about_an_account_has_two_parts(template: Template) -> None:
    mail = Mail(template=template, subject_id="r1", role=Role.OWNER, changed_at=NOON)
    written = messages.of_account(mail, "r1.mac", sender=SENDER, public_url=URL, now=NOON)
    assert written
    for each in (part(written, "plain"), part(written, "html")):
        assert SENDER in each
        assert ("#r1.mac" in each) == (template in messages.LINKS)
        assert (URL in each) == (template is not Template.EMAIL_CHANGED)


@pytest.mark.parametrize("template", messages.LINKS)
def test_a_mail_with_a_link_is_not_written_without_its_token(template: Template) -> None:
    mail = Mail(template=template, subject_id="r1", role=Role.OWNER, changed_at=NOON)
    assert messages.of_account(mail, None, sender=SENDER, public_url=URL, now=NOON) is None


def test_a_template_that_lacks_a_value_fails() -> None:
    with pytest.raises(UndefinedError, match="order"):
        rendering.render(Template.RECEIPT, {"url": URL, "completed": True}, SENDER, NOON)


def test_a_strangers_title_is_text_and_nothing_else() -> None:
    title = 'A\r\nBcc: all@tiketz.test <img src=x onerror="1">\u202e\u200bgpj.exe'
    mail = message(Template.RECEIPT, replace(ORDER, title=title))
    assert mail["Bcc"] is None
    assert mail["Subject"] == 'Your ticket: A Bcc: all@tiketz.test <img src=x onerror="1">gpj.exe'
    assert "<img" not in part(mail, "html")
    assert "&lt;img src=x" in part(mail, "html")
    for each in (part(mail, "html"), part(mail, "plain")):
        assert not {"\u202e", "\u200b"} & set(each)


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Sold: x", "Sold: x"),
        ("Sold: a\u2028b\u2029c\td", "Sold: a b c d"),
        ("Sold: \u2066\u202eabc\u2069\x00\x1b[31m", "Sold: abc[31m"),
        ("Sold: =?utf-8?q?Invoice?=", "Sold: = ?utf-8?q?Invoice?="),
        ("Sold: " + "x" * 100, "Sold: " + "x" * 73 + "…"),
        ("Sold: " + "x" * 74, "Sold: " + "x" * 74),
        ("Sold: コンサート", "Sold: コンサート"),
    ],
)
def test_a_subject_is_one_harmless_line(text: str, subject: str) -> None:
    assert rendering.subject_line(text) == subject


def test_a_receipt_has_a_calendar_file() -> None:
    mail = message(Template.RECEIPT)
    [attachment] = mail.iter_attachments()
    assert (attachment.get_filename(), attachment.get_content_type()) == ("ticket.ics", "text/calendar")
    calendar = calendar_file.of(ORDER, f"{URL}/orders/o1", NOON)
    assert calendar
    assert calendar.encode() in mail.as_bytes()
    assert list(message(Template.SOLD).iter_attachments()) == []
    assert list(message(Template.RECEIPT, BARE).iter_attachments()) == []


def test_a_venue_with_a_time_zone_has_its_own_time() -> None:
    local = replace(ORDER, time_zone="Europe/Amsterdam")
    for kind in ("plain", "html"):
        assert "Friday 4 December 2026, 20:00 (Europe/Amsterdam)" in part(
            message(Template.RECEIPT, local), kind
        )
    lines = (calendar_file.of(local, f"{URL}/orders/o1", NOON) or "").split("\r\n")
    assert "DTSTART;TZID=Europe/Amsterdam:20261204T200000" in lines
    zone = lines[lines.index("BEGIN:VTIMEZONE") : lines.index("END:VTIMEZONE")]
    assert {"TZID:Europe/Amsterdam", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0100"} <= set(zone)
    summer = replace(local, starts_at=datetime(2026, 7, 4, 18, tzinfo=UTC))
    assert "TZOFFSETTO:+0200" in (calendar_file.of(summer, URL, NOON) or "")
    assert rendering.moment(datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "Asia/Tokyo").startswith("Friday 1")


def test_a_calendar_file_escapes_and_folds() -> None:
    order = replace(ORDER, title="Bread; butter, and \\ " + "ü" * 60)
    lines = (calendar_file.of(order, f"{URL}/orders/o1", NOON) or "").split("\r\n")
    assert "DTSTART:20261204T190000Z" in lines
    assert "DTSTAMP:20260701T120000Z" in lines
    assert "LOCATION:Halcyon Hall\\, Rotterdam" in lines
    assert all(len(line.encode()) <= 75 for line in lines)
    unfolded = "\r\n".join(lines).replace("\r\n ", "").split("\r\n")
    assert "SUMMARY:Bread\\; butter\\, and \\\\ " + "ü" * 60 in unfolded
    assert lines[-1] == ""
