"""Rendering: a mail's words and values as a message with a text part and an HTML part."""

import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

SYMBOLS = {"eur": "€", "usd": "$", "gbp": "£"}
SENDER = "Tiketz"
MAX_SUBJECT = 80  # characters
_DROPPED = {"Cc", "Cf", "Cs", "Co", "Cn"}  # controls, formatting with bidi, and what has no meaning
_SPACES = {"Zl", "Zp", "Zs"}


def plain_line(text: str) -> str:
    """A stranger's text as one harmless line: without control, format and bidi characters."""
    shown = (" " if _is_space(each) else each for each in text)
    return " ".join("".join(each for each in shown if unicodedata.category(each) not in _DROPPED).split())


def _is_space(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) in _SPACES


def subject_line(text: str) -> str:
    """One plain line of at most 80 characters, in which nothing reads as an encoded word (RFC 2047)."""
    line = plain_line(text).replace("=?", "= ?")
    return line if len(line) <= MAX_SUBJECT else line[: MAX_SUBJECT - 1].rstrip() + "…"


def money(amount: int, currency: str) -> str:
    """4860 eur is €48.60; `amount` in minor units."""
    return f"{SYMBOLS.get(currency, currency.upper() + ' ')}{amount / 100:,.2f}"


def moment(time: datetime, zone: str | None) -> str:
    """Friday 4 December 2026, 20:00 (Europe/Amsterdam): a time where the venue is; in UTC without a zone."""
    local = time.astimezone(ZoneInfo(zone)) if zone else time.astimezone(UTC)
    return f"{local:%A} {local.day} {local:%B %Y, %H:%M} {f'({zone})' if zone else 'UTC'}"


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=lambda name: name is not None and name.endswith(".html"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"line": plain_line, "money": money, "moment": moment}
    return environment


_TEMPLATES = _environment()


def render(name: str, values: Mapping[str, Any], sender: str, now: datetime) -> EmailMessage:
    """The message of a template, without its recipient. The first line of the text is the subject.

    Raises jinja2's UndefinedError where the template lacks a value.
    """
    values = {**values, "support": sender}
    first, _, text = _TEMPLATES.get_template(f"{name}.txt").render(values).partition("\n")
    subject = subject_line(first)
    html = _TEMPLATES.get_template(f"{name}.html").render({**values, "subject": subject})
    message = EmailMessage(policy=SMTP)
    message["From"] = f"{SENDER} <{sender}>"
    message["Subject"] = subject
    message["Date"] = format_datetime(now)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no vacation notice answers it
    message.set_content(text.strip() + "\n")
    message.add_alternative(html, subtype="html")
    return message


def attach_calendar(message: EmailMessage, calendar: str) -> None:
    """Add an iCalendar file."""
    message.add_attachment(calendar, subtype="calendar", filename="ticket.ics")
