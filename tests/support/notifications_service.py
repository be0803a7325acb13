"""The notifications service, with a directory, an SES that keeps what it takes, and a clock."""

from functools import cache
from typing import Any

import pytest
from tiketz_common import aws, clock

from tests.factories import NOON, money_data, order_data, payment_data
from tests.fakes.botocore_hook import hook
from tests.fakes.mail import DirectoryFunction, Mail, Ses
from tests.support.handlers import sqs_record
from tests.support.service import Service

SENDER, URL = "tickets@tiketz.test", "https://shop.tiketz.test"


class NotificationsService(Service):
    """A notifications service at noon that sent nothing yet. Ann buys what maren sells."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, sender: str = SENDER) -> None:
        arn = "arn:aws:lambda:eu-west-1:123456789012:function:directory"
        env = {"DIRECTORY_ARN": arn, "MAIL_FROM": sender, "PUBLIC_URL": URL}
        super().__init__("notifications", monkeypatch, **env)
        self.now = NOON
        self.ses = Ses()
        self.addresses = {"ann": "ann@tiketz.test", "maren": "maren@tiketz.test"}
        self.requests: dict[str, Any] = {}  # what the directory answers of each
        self.directory = DirectoryFunction(self._answer)
        monkeypatch.setattr(clock, "now", lambda: self.now)
        answering["lambda"], answering["sesv2"] = self.directory.handle, self.ses.handle
        monkeypatch.setattr("notifications.directory.aws", _Hooked)
        monkeypatch.setattr("notifications.mailer.aws", _Hooked)

    def _answer(self, question: dict[str, Any]) -> Any:
        """As functions/auth/README.md says."""
        if "requestId" in question:
            return self.requests.get(question["requestId"], {"to": [], "token": None})
        address = self.addresses.get(question["userId"])
        return {"email": address, "verified": address and True}

    def order(self, kind: str, occurred_at: str = "2026-07-01T12:00:00.000Z", **fields: Any) -> bool:
        """Whether the consumer accepts an order event."""
        return self.consume(sqs_record(kind, order_data(**fields), occurredAt=occurred_at)) == []

    def completed(self, **fields: Any) -> bool:
        """Whether the consumer accepts OrderCompleted of ann's order, which began a minute ago."""
        return self.order("OrderCompleted", **{"status": "completed", "version": 2, **fields})

    def account(self, kind: str, occurred_at: str = "2026-07-01T12:00:00.000Z", **fields: str) -> bool:
        """Whether the consumer accepts an event of auth."""
        return self.consume(sqs_record(kind, {"requestId": "r1", **fields}, occurredAt=occurred_at)) == []

    def open_request(self, token: str | None, **addresses: str) -> None:
        """The request `r1`, with addresses by role."""
        to = [{"email": address, "role": role} for role, address in addresses.items()]
        self.requests["r1"] = {"to": to, "token": token}

    def payment(self, kind: str, occurred_at: str = "2026-07-01T12:00:00.000Z", **fields: Any) -> bool:
        """Whether the consumer accepts a payment event."""
        money = money_data(refunded=4860 if kind == "PaymentRefunded" else 0)
        fields = {"status": kind.removeprefix("Payment").lower(), "version": 2, "money": money, **fields}
        return self.consume(sqs_record(kind, payment_data(**fields), occurredAt=occurred_at)) == []

    def mails(self) -> list[tuple[str, str]]:
        """Recipient and subject of each mail that SES took."""
        return [(each.to, each.subject) for each in self.ses.mails]

    def mail(self, to: str) -> Mail:
        """The one mail to a user."""
        [mail] = [each for each in self.ses.mails if each.to == self.addresses[to]]
        return mail

    def states(self) -> dict[str, str]:
        """The state of each mail by its id, of a suppressed one with the reason."""
        return {
            row["pk"].removeprefix("MAIL#"): " ".join(filter(None, (row["state"], row.get("reason"))))
            for row in self.rows("MAIL#")
        }


answering: dict[str, Any] = {}  # the services that tests answer themselves


class _Hooked:
    """In the place of `tiketz_common.aws`: its clients' calls are answered by `answering`."""

    @staticmethod
    @cache
    def client(service: str) -> Any:
        made = aws.client.__wrapped__(service)
        hook(made, lambda service, operation, params: answering[service](operation, params))
        return made
