"""The mailbox: every message that SES was given, in a file that outlives the process.

https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
"""

import base64
import email
import json
import re
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any
from uuid import uuid4

from werkzeug.wrappers import Response

from local.aws.answered_calls import Call, Operation, error

BOUNCING = "bounce@simulator.amazonses.com"
"""What is sent here bounces: https://docs.aws.amazon.com/ses/latest/dg/send-an-email-from-console.html"""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in a message."""

    name: str
    type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """One message to its recipients."""

    id: str
    to: str
    at: str  # RFC 3339
    raw: bytes

    @property
    def bounced(self) -> bool:
        return BOUNCING in self.to.lower().split(", ")

    @property
    def subject(self) -> str:
        return str(self._message["Subject"])

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    @property
    def attachments(self) -> list[Attachment]:
        return [
            Attachment(part.get_filename() or "", part.get_content_type(), part.get_payload(decode=True))  # type: ignore[arg-type]
            for part in self._message.iter_attachments()
        ]

    def described(self) -> dict[str, Any]:
        """The message as JSON values."""
        attachments = [{"name": each.name, "type": each.type} for each in self.attachments]
        return {
            "to": self.to,
            "subject": self.subject,
            "text": self.text,
            "html": self.html,
            "attachments": attachments,
            "at": self.at,
        }

    @property
    def _message(self) -> EmailMessage:
        message = email.message_from_bytes(self.raw, policy=default)
        assert isinstance(message, EmailMessage)
        return message

    def _part(self, kind: str) -> str:
        part = self._message.get_body((kind,))
        return str(part.get_content()).replace("\r\n", "\n") if part else ""


class Mailbox:
    """The messages in a file, one JSON object a line."""

    def __init__(self, file: Path) -> None:
        self._file, self._lock = file, threading.Lock()
        kept = file.read_text() if file.exists() else ""
        self._mails = [*_read(kept)]
        if kept and not kept.endswith("\n"):  # the process was killed within a line
            file.write_text(f"{kept}\n")

    def operation(self) -> Operation:
        """SendEmail of a raw message, the only kind that is taken."""
        return Operation("ses", "SendEmail", re.compile(r"/v2/email/outbound-emails"), self._send)

    def mails(self, to: str = "") -> list[Mail]:
        """The messages, newest first; those to one address where it is given."""
        with self._lock:
            mails = self._mails[::-1]
        return [each for each in mails if not to or to.lower() in each.to.lower().split(", ")]

    def mail(self, mail_id: str) -> Mail | None:
        return next((each for each in self.mails() if each.id == mail_id), None)

    def _send(self, call: Call) -> Response:
        raw = call.parameters.get("Content", {}).get("Raw", {}).get("Data")
        to = call.parameters.get("Destination", {}).get("ToAddresses")
        if not raw or not to:
            return error(400, "BadRequestException", "A raw message and ToAddresses are needed.")
        at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        line = {"id": str(uuid4()), "to": ", ".join(to), "at": at, "raw": raw}
        with self._lock:
            with self._file.open("a") as file:
                file.write(json.dumps(line) + "\n")
            self._mails.append(_mail(line))
        return Response(json.dumps({"MessageId": line["id"]}), content_type="application/json")


def _read(lines: str) -> Iterator[Mail]:
    """The messages of whole lines."""
    for line in lines.splitlines():
        with suppress(ValueError):
            yield _mail(json.loads(line))


def _mail(line: dict[str, str]) -> Mail:
    return Mail(line["id"], line["to"], line["at"], base64.b64decode(line["raw"]))
