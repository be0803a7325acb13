"""SES, and auth's directory of addresses, as far as notifications uses them."""

import email
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from io import BytesIO
from typing import Any

from tests.fakes.aws_errors import AwsError


@dataclass
class DirectoryFunction:
    """Answers Lambda's Invoke with `answer`, which gets the question; a Python error is the function's."""

    answer: Callable[[dict[str, Any]], Any]
    questions: list[dict[str, Any]] = field(default_factory=list)

    def handle(self, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        """Invoke, the only call."""
        assert operation == "Invoke", operation
        question = json.loads(params["Payload"])
        self.questions.append(question)
        try:
            return _invocation(self.answer(question))
        except LookupError as error:
            return {**_invocation({"errorType": type(error).__name__}), "FunctionError": "Unhandled"}


def _invocation(payload: Any) -> dict[str, Any]:
    return {"StatusCode": 200, "Payload": BytesIO(json.dumps(payload).encode())}


@dataclass(frozen=True)
class Mail:
    """A message that SES took."""

    recipients: list[str]
    sender: str
    message: EmailMessage

    @property
    def to(self) -> str:
        [recipient] = self.recipients
        return recipient

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def text(self) -> str:
        return self._body("plain")

    @property
    def html(self) -> str:
        return self._body("html")

    def _body(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        assert part is not None
        return str(part.get_content())


@dataclass
class Ses:
    """Takes messages; `errors` are raised instead, the first first."""

    mails: list[Mail] = field(default_factory=list)
    errors: list[AwsError] = field(default_factory=list)

    def handle(self, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        """SendEmail, the only call."""
        assert operation == "SendEmail", operation
        if self.errors:
            raise self.errors.pop(0)
        raw = params["Content"]["Raw"]["Data"]
        message = email.message_from_bytes(raw, policy=default)
        assert isinstance(message, EmailMessage)
        self.mails.append(Mail(params["Destination"]["ToAddresses"], params["FromEmailAddress"], message))
        return {"MessageId": f"m{len(self.mails)}"}
